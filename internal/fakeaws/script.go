package fakeaws

import (
	"encoding/json"
	"net"
	"net/http"
	"time"
)

// Moment is when a connection is cut.
type Moment int

// The moments of a reset.
const (
	Never Moment = iota
	BeforeHandling
	AfterHandling // the request was carried out, no answer comes
	MidAnswer     // the answer breaks off in the middle of its body
)

// Forever is a Fault's Times that never runs out.
const Forever = -1

// Any is the operation of faults that meet every request.
const Any = "*"

// Fault is what goes wrong with a request.
type Fault struct {
	Times int    // how many requests it meets in a row; 0 = one, Forever = all
	Met   func() // called as it meets a request, before anything else happens

	Delay time.Duration // before the request is handled
	Hang  bool          // it is not handled, and no answer comes until the client or the server goes
	Reset Moment

	// Code is answered in place of the true answer, in the error shape of the protocol, with Status (0 = 400) and Message.
	Code    string
	Message string
	Status  int
	Header  http.Header // added to the answer

	// Body is answered in place of the true answer, as it is, with Status (0 = 200) and ContentType.
	Body        string
	ContentType string

	// Handled lets the backend carry out the request before Code or Body is answered.
	Handled bool

	// Edit changes the members of the true answer before it is written.
	Edit func(answer map[string]any)

	// Write sends the answer, which it is given as HTTP/1.1, in a way of its own. The connection is closed afterwards.
	Write func(conn net.Conn, answer []byte)
}

// Script queues faults for the requests of one operation (or Any): each meets its number of requests, then the next
// has its turn, then all is well.
func (s *Server) Script(operation string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[operation] = append(s.faults[operation], faults...)
}

// Heal drops every fault that is still queued.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.faults)
}

func (s *Server) next(operation string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, op := range []string{operation, Any} {
		queue := s.faults[op]
		if len(queue) == 0 {
			continue
		}
		f := queue[0]
		switch {
		case f.Times == Forever:
		case f.Times > 1:
			queue[0].Times--
		default:
			s.faults[op] = queue[1:]
		}
		return f
	}
	return Fault{}
}

// replaces reports whether the true answer is not what the client gets.
func (f Fault) replaces() bool { return f.Code != "" || f.Body != "" || f.Status != 0 }

func (f Fault) answer(p protocol) *answer {
	status := f.Status
	if f.Code != "" {
		if status == 0 {
			status = http.StatusBadRequest
		}
		return p.fail(wireError{name: f.Code, status: status, message: f.Message})
	}
	if status == 0 {
		status = http.StatusOK
	}
	return &answer{status: status, kind: f.ContentType, body: []byte(f.Body)}
}

// edited applies Edit to the members of result.
func (f Fault) edited(result any) any {
	if f.Edit == nil {
		return result
	}
	members := map[string]any{}
	text, err := json.Marshal(result)
	if err == nil {
		err = json.Unmarshal(text, &members)
	}
	if err != nil {
		panic(err)
	}
	f.Edit(members)
	return members
}
