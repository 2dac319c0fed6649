// Package cut cuts connections at a byte: a relay on the loopback interface that stands between a client and a server and
// breaks the connection off after exactly so many bytes of one call.
//
//	r, err := cut.Start(server.Address)
//	defer r.Close()
//	r.Arm(cut.Cut{Way: cut.Response, At: 17, How: cut.Reset})
//
// Arm is called while the server handles the call before, so that the next bytes of a client are the beginning of the one
// that is meant. The relay counts bytes and understands none of them: with TLS it counts those of the records. All other
// calls pass. Its own tests sweep over StartExecution. It does not delay, garble or reorder anything.
package cut

import (
	"fmt"
	"net"
	"sync"
)

// Way is the direction whose bytes are counted.
type Way string

// The two ways.
const (
	Request  Way = "request"  // from the client to the server
	Response Way = "response" // from the server to the client
)

// How is the way in which a connection is cut, on both its sides.
type How string

// The two forms.
const (
	Reset  How = "RST" // at once, as of a machine that knows nothing of the connection
	Finish How = "FIN" // in order, as of a peer that has said everything
)

// Cut says where a connection is cut. The zero Cut cuts nothing.
type Cut struct {
	Way     Way
	At      int // bytes that get through; a connection that has fewer of them is not cut
	How     How
	Anew    bool // the call begins with a connection: what comes in on those that are open already is not meant
	Whole   bool // counted to the end of the connection: a handshake goes back and forth before the call itself
	Forever bool // every connection from now on, not only the first one
}

// Call is what passed of the call that was met last.
type Call struct {
	Request  []byte // as the client sent it, also what did not get through
	Response int    // bytes
	Anew     bool   // it began its connection
	Cut      bool
}

// Relay is a running relay.
type Relay struct {
	Address string // 127.0.0.1:port

	target   string
	listener net.Listener
	running  sync.WaitGroup

	mu     sync.Mutex
	armed  *Cut
	met    *link // the connection of the last call that was met
	open   map[*link]bool
	closed bool
}

// Start starts a relay to host:port.
func Start(target string) (*Relay, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the relay: %w", err)
	}
	r := &Relay{Address: listener.Addr().String(), target: target, listener: listener, open: map[*link]bool{}}
	r.running.Go(r.accept)
	return r, nil
}

// Close ends every connection and waits for the goroutines.
func (r *Relay) Close() {
	_ = r.listener.Close()
	r.mu.Lock()
	r.closed = true
	for l := range r.open {
		l.close()
	}
	r.mu.Unlock()
	r.running.Wait()
}

// Arm lets the next byte that a client sends begin the call that is cut, in place of what was armed before.
func (r *Relay) Arm(c Cut) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.armed, r.met = &c, nil
}

// Call is what passed of the call that was met since Arm, the zero Call if none was.
func (r *Relay) Call() Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.met == nil {
		return Call{}
	}
	return r.met.call
}

func (r *Relay) accept() {
	for {
		client, err := r.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", r.target)
		if err != nil {
			_ = client.Close()
			continue
		}
		l := &link{relay: r, client: client.(*net.TCPConn), server: server.(*net.TCPConn)}
		if !r.keep(l) {
			return
		}
		r.running.Go(func() {
			var back sync.WaitGroup
			back.Go(func() { pump(l.client, l.server, l.response) })
			pump(l.server, l.client, l.request)
			back.Wait()
			r.drop(l)
		})
	}
}

func (r *Relay) keep(l *link) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		l.close()
		return false
	}
	r.open[l] = true
	return true
}

func (r *Relay) drop(l *link) {
	l.close()
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.open, l)
}

// pump passes on what may pass, until one side ends.
func pump(to, from *net.TCPConn, pass func([]byte) (through []byte, sever func())) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			through, sever := pass(buffer[:n])
			if len(through) > 0 {
				_, _ = to.Write(through) // whoever has gone is noticed by the next read
			}
			sever()
		}
		if err != nil {
			_ = to.CloseWrite()
			return
		}
	}
}

// link is one connection through the relay.
type link struct {
	relay  *Relay
	client *net.TCPConn
	server *net.TCPConn

	// Guarded by relay.mu.
	used  bool // the client has sent something
	cut   *Cut // nil until the call that is meant has begun
	call  Call
	taken int // bytes of the way that is counted
}

// request is told of bytes from the client.
func (l *link) request(b []byte) ([]byte, func()) {
	r := l.relay
	r.mu.Lock()
	defer r.mu.Unlock()
	if l.cut != nil && !l.cut.Whole && l.call.Response > 0 && !l.call.Cut {
		l.cut = nil // the call is over, this is the next one
	}
	if l.cut == nil && r.armed != nil && !(r.armed.Anew && l.used) {
		l.cut, l.call, l.taken, r.met = r.armed, Call{Anew: !l.used}, 0, l
		if !r.armed.Forever {
			r.armed = nil
		}
	}
	l.used = true
	if l.cut != nil {
		l.call.Request = append(l.call.Request, b...)
	}
	return l.take(Request, b)
}

// response is told of bytes from the server.
func (l *link) response(b []byte) ([]byte, func()) {
	l.relay.mu.Lock()
	defer l.relay.mu.Unlock()
	if l.cut != nil {
		l.call.Response += len(b)
	}
	return l.take(Response, b)
}

// take gives the bytes that get through, and what to do when they have.
func (l *link) take(way Way, b []byte) (through []byte, sever func()) {
	nothing := func() {}
	switch {
	case l.call.Cut:
		return nil, nothing
	case l.cut == nil || l.cut.Way != way:
		return b, nothing
	}
	rest := l.cut.At - l.taken
	if len(b) < rest {
		l.taken += len(b)
		return b, nothing
	}
	l.taken, l.call.Cut = l.cut.At, true
	return b[:rest], l.sever
}

// sever cuts the connection. What comes in on one that was finished is read and dropped: closed with bytes unread it would
// be reset after all.
func (l *link) sever() {
	if l.cut.How == Finish {
		_ = l.client.CloseWrite()
		_ = l.server.CloseWrite()
		return
	}
	_ = l.client.SetLinger(0)
	_ = l.server.SetLinger(0)
	l.close()
}

func (l *link) close() {
	_ = l.client.Close()
	_ = l.server.Close()
}
