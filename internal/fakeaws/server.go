// Package fakeaws is an AWS endpoint and proxies on the loopback interface, for tests that want a real SDK to talk real
// HTTP, TLS and SigV4.
//
//	s, err := fakeaws.Start(world, fakeaws.Options{})
//	defer s.Close()
//	s.Script("DescribeExecution", fakeaws.Fault{Code: "ThrottlingException"}, fakeaws.Fault{Reset: fakeaws.AfterHandling})
//
// The server knows the wire: awsJson1_0 of Step Functions, the query protocol of STS, signatures, faults. What the
// calls of Step Functions mean is left to the backend.Backend behind it: the simulator, or Canned. Clock is the time of a
// run and of that world at once; Bucket is a quota. It is test support, no server for users: it listens on 127.0.0.1
// only, and forgets everything when it is closed.
package fakeaws

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/secret"
)

// The account and the keys that a Server accepts unless its Options say otherwise.
const (
	Account     = "123456789012"
	Region      = "eu-west-1"
	AccessKeyID = "AKIAFAKEAWSEXAMPLE00"
)

// SecretAccessKey belongs to AccessKeyID.
var SecretAccessKey = secret.New("fake/secret/key/EXAMPLE+of+forty+letters")

// Options describe a Server. The zero Options make a plain http server with one known key.
type Options struct {
	TLS             *Authority                      // nil = plain http
	Hosts           []string                        // names in the certificate beside 127.0.0.1
	Secure          func(*tls.Config)               // with TLS: changes how it is spoken, its certificate for one; nil = not
	Listen          func(net.Listener) net.Listener // wraps the listener below TLS; nil = not
	Keys            map[string]secret.String        // access key -> secret key; nil = AccessKeyID
	Region          string                          // of the signatures; "" = Region
	SessionLifetime time.Duration                   // of the keys that AssumeRole gives; 0 = as asked for
	Now             func() time.Time                // nil = time.Now
}

// Server is a running endpoint for Step Functions and STS.
type Server struct {
	URL     string // http(s)://127.0.0.1:port
	Address string // 127.0.0.1:port

	options Options
	backend backend.Backend
	http    *http.Server
	done    chan struct{}
	serving sync.WaitGroup
	gate    gate

	mu       sync.Mutex
	keys     map[string]key
	faults   map[string][]Fault
	requests []Request
	names    int
}

// Request is a request as it came in. Credentials are left out.
type Request struct {
	Service   string // "states" or "sts"
	Operation string
	Host      string
	Header    http.Header // without Authorization and X-Amz-Security-Token
	Body      []byte
}

// Start serves b on a free port of 127.0.0.1.
func Start(b backend.Backend, o Options) (*Server, error) {
	if o.Keys == nil {
		o.Keys = map[string]secret.String{AccessKeyID: SecretAccessKey}
	}
	if o.Region == "" {
		o.Region = Region
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{options: o, backend: b, done: make(chan struct{}), keys: map[string]key{}, faults: map[string][]Fault{}}
	for id, text := range o.Keys {
		s.keys[id] = key{secret: text}
	}
	listener, url, err := listen(o.TLS, o.Hosts, o.Listen, o.Secure)
	if err != nil {
		return nil, fmt.Errorf("start the AWS endpoint: %w", err)
	}
	s.URL, s.Address = url, listener.Addr().String()
	s.http = &http.Server{Handler: s, ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: time.Minute}
	s.serving.Go(func() { _ = s.http.Serve(listener) })
	return s, nil
}

// listen opens a free port of 127.0.0.1, for TLS if there is an authority.
func listen(ca *Authority, hosts []string, wrap func(net.Listener) net.Listener, change func(*tls.Config)) (net.Listener, string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	if wrap != nil {
		listener = wrap(listener)
	}
	if ca == nil {
		return listener, "http://" + listener.Addr().String(), nil
	}
	cert, err := ca.Issue(append([]string{"127.0.0.1", "localhost"}, hosts...), nil)
	if err != nil {
		_ = listener.Close()
		return nil, "", err
	}
	config := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	if change != nil {
		change(config)
	}
	return tls.NewListener(listener, config), "https://" + listener.Addr().String(), nil
}

// Close stops the server, cuts its connections and waits for its goroutines.
func (s *Server) Close() {
	s.gate.shut()
	close(s.done)
	_ = s.http.Close()
	s.gate.wait()
	s.serving.Wait()
}

// ExpireSessions makes an end of every session that AssumeRole has given, before its time.
func (s *Server) ExpireSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, k := range s.keys {
		if k.role != "" {
			k.expires = s.options.Now()
			s.keys[id] = k
		}
	}
}

// Requests are the requests so far, in order: all, or those of the operations named.
func (s *Server) Requests(operations ...string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Request
	for _, r := range s.requests {
		if len(operations) == 0 || slices.Contains(operations, r.Operation) {
			found = append(found, r)
		}
	}
	return found
}

// answer is what goes back to the client.
type answer struct {
	status int
	kind   string // content type
	body   []byte
}

// ServeHTTP handles one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.gate.enter() {
		return
	}
	defer s.gate.leave()
	body, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	if err != nil {
		return
	}
	p := protocolOf(r, body)
	op := p.operation()
	s.record(p, r, body)
	fault := s.next(op)
	if fault.Met != nil {
		fault.Met()
	}
	if !s.wait(r.Context(), fault) || fault.Reset == BeforeHandling {
		reset(w)
		return
	}
	a := s.handle(p, r, body, fault)
	if a == nil || fault.Reset == AfterHandling {
		reset(w)
		return
	}
	w.Header().Set("Date", s.options.Now().UTC().Format(http.TimeFormat))
	for name, values := range fault.Header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("X-Amzn-Requestid", fmt.Sprintf("00000000-0000-4000-8000-%012d", s.count()))
	w.Header().Set("Content-Length", fmt.Sprint(len(a.body)))
	if fault.Write != nil {
		write(w, a, fault.Write)
		return
	}
	w.WriteHeader(a.status)
	if fault.Reset == MidAnswer {
		_, _ = w.Write(a.body[:len(a.body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(a.body)
}

// handle gives the answer, nil to cut the connection.
func (s *Server) handle(p protocol, r *http.Request, body []byte, fault Fault) (a *answer) {
	defer func() {
		if v := recover(); v != nil {
			a = p.fail(wireError{name: "InternalFailure", status: http.StatusInternalServerError, message: fmt.Sprint("panic: ", v)})
		}
	}()
	if fault.replaces() && !fault.Handled {
		return fault.answer(p)
	}
	principal, failed := s.authenticate(r, body, p.service())
	var result any
	if failed == nil {
		result, failed = p.call(r.Context(), s, principal)
	}
	switch {
	case failed != nil && failed.name == "":
		return nil
	case fault.replaces():
		return fault.answer(p)
	case failed != nil:
		return p.fail(*failed)
	}
	return p.succeed(fault.edited(result))
}

func (s *Server) record(p protocol, r *http.Request, body []byte) {
	header := r.Header.Clone()
	header.Del("Authorization")
	header.Del("X-Amz-Security-Token")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, Request{Service: p.service(), Operation: p.operation(), Host: r.Host, Header: header, Body: body})
}

func (s *Server) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

// wait reports whether there is anybody left to answer.
func (s *Server) wait(ctx context.Context, f Fault) bool {
	var timer <-chan time.Time
	switch {
	case f.Hang:
	case f.Delay > 0:
		t := time.NewTimer(f.Delay)
		defer t.Stop()
		timer = t.C
	default:
		return true
	}
	select {
	case <-timer:
		return true
	case <-ctx.Done():
	case <-s.done:
	}
	return false
}

// write lets somebody else send the answer.
func write(w http.ResponseWriter, a *answer, send func(net.Conn, []byte)) {
	conn := takeOver(w)
	defer func() { _ = conn.Close() }()
	text := http.Response{StatusCode: a.status, ProtoMajor: 1, ProtoMinor: 1, Header: w.Header(), ContentLength: int64(len(a.body)), Body: io.NopCloser(bytes.NewReader(a.body))}
	var b bytes.Buffer
	_ = text.Write(&b)
	send(conn, b.Bytes())
}

// takeOver gives the connection of a request.
func takeOver(w http.ResponseWriter) net.Conn {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return conn
}

// reset cuts the connection with a TCP reset.
func reset(w http.ResponseWriter) {
	conn := takeOver(w)
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// protocolOf decides by the header of Step Functions' protocol; everything else is the query protocol of STS.
func protocolOf(r *http.Request, body []byte) protocol {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return &sfnCall{op: strings.TrimPrefix(target, "AWSStepFunctions."), body: body}
	}
	form, _ := url.ParseQuery(string(body))
	return &stsCall{form: form}
}

// protocol is one request in the wire protocol of its service.
type protocol interface {
	service() string
	operation() string
	call(ctx context.Context, s *Server, who principal) (result any, failed *wireError)
	succeed(result any) *answer
	fail(e wireError) *answer
}

// wireError is an error as it goes over the wire. One without a name cuts the connection.
type wireError struct {
	name    string
	status  int
	message string
}
