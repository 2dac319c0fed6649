package fakeaws

import (
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/sfnx/sfnx/internal/secret"
)

// ProxyOptions describe a Proxy. The zero ProxyOptions make a plain proxy that lets everybody through.
type ProxyOptions struct {
	TLS        *Authority        // clients speak TLS with the proxy; nil = plain
	Hosts      []string          // names in its certificate beside 127.0.0.1
	Secure     func(*tls.Config) // with TLS: changes how it is spoken; nil = not
	OfferHTTP2 bool              // with TLS: the proxy agrees to HTTP/2, and breaks off when it is taken at its word
	User       secret.String     // with Password: Basic credentials that are asked for with 407
	Password   secret.String
	Answer     int    // the status of every answer to CONNECT; 0 = open the way
	Challenge  string // what a 407 asks for; "" = Basic. Without User and Password nobody meets it
	HangUp     bool   // the connection is cut at CONNECT, without an answer
	Hang       bool   // CONNECT is never answered
	Forward    string // host:port where every way leads, whatever host was asked for; "" = where it was asked for
}

// Proxy is a running HTTP proxy on the loopback interface: CONNECT for https, forwarding for http.
type Proxy struct {
	URL string

	options ProxyOptions
	http    *http.Server
	direct  *http.Transport
	done    chan struct{}
	serving sync.WaitGroup
	gate    gate

	mu     sync.Mutex
	closed bool
	asked  []string
	open   int
	conns  map[net.Conn]bool
}

// StartProxy starts a proxy on a free port of 127.0.0.1.
func StartProxy(o ProxyOptions) (*Proxy, error) {
	protocols := []string{"http/1.1"}
	if o.OfferHTTP2 {
		protocols = []string{"h2", "http/1.1"}
	}
	listener, url, err := listen(o.TLS, o.Hosts, nil, func(c *tls.Config) {
		c.NextProtos = protocols
		if o.Secure != nil {
			o.Secure(c)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("start the proxy: %w", err)
	}
	p := &Proxy{URL: url, options: o, direct: &http.Transport{}, done: make(chan struct{}), conns: map[net.Conn]bool{}}
	p.http = &http.Server{Handler: p, ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: time.Minute}
	p.serving.Go(func() { _ = p.http.Serve(listener) })
	return p, nil
}

// Close stops the proxy, cuts its connections and waits for its goroutines. From then on its address refuses.
func (p *Proxy) Close() {
	p.mu.Lock()
	closed := p.closed
	p.closed = true
	p.mu.Unlock()
	if closed {
		return
	}
	p.gate.shut()
	close(p.done)
	_ = p.http.Close()
	p.Cut()
	p.gate.wait()
	p.direct.CloseIdleConnections()
	p.serving.Wait()
}

// Cut closes every way that is open now.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		_ = conn.Close()
	}
}

// Change gives the proxy other options, as far as they are not about its listener, and closes every way that is open.
func (p *Proxy) Change(change func(*ProxyOptions)) {
	p.mu.Lock()
	change(&p.options)
	p.mu.Unlock()
	p.Cut()
}

// Asked are the hosts of the requests so far, refused ones too: host:port for CONNECT.
func (p *Proxy) Asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

// Passed is the number of requests that were let through.
func (p *Proxy) Passed() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open
}

// ServeHTTP handles one request of a client.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !p.gate.enter() {
		return
	}
	defer p.gate.leave()
	p.mu.Lock()
	p.asked = append(p.asked, r.Host)
	o := p.options
	p.mu.Unlock()
	switch {
	case o.Hang:
		select {
		case <-r.Context().Done():
		case <-p.done:
		}
	case o.HangUp:
		reset(w)
	case !o.admits(r):
		challenge := o.Challenge
		if challenge == "" {
			challenge = `Basic realm="fakeaws"`
		}
		w.Header().Set("Proxy-Authenticate", challenge)
		http.Error(w, "<html>Proxy Authentication Required</html>", http.StatusProxyAuthRequired)
	case o.Answer != 0:
		http.Error(w, "<html>"+http.StatusText(o.Answer)+"</html>", o.Answer)
	case r.Method == http.MethodConnect:
		p.tunnel(w, r)
	default:
		p.forward(w, r)
	}
}

func (o ProxyOptions) admits(r *http.Request) bool {
	if !o.User.IsSet() {
		return o.Challenge == ""
	}
	want := base64.StdEncoding.EncodeToString([]byte(o.User.Reveal() + ":" + o.Password.Reveal()))
	return r.Header.Get("Proxy-Authorization") == "Basic "+want
}

func (p *Proxy) target(host string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.options.Forward != "" {
		return p.options.Forward
	}
	return host
}

func (p *Proxy) tunnel(w http.ResponseWriter, r *http.Request) {
	server, err := net.Dial("tcp", p.target(r.Host))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer func() { _ = server.Close() }()
	client, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer func() { _ = client.Close() }()
	p.keep(client, server)
	defer p.drop(client, server)
	if _, err := client.Write([]byte("HTTP/1.1 200 Connection established\r\n\r\n")); err != nil {
		return
	}
	var back sync.WaitGroup
	back.Go(func() {
		pass(client, server)
		_ = client.Close()
	})
	pass(server, buffered)
	_ = server.Close()
	back.Wait()
}

// pass copies without the system's help, for which Go would keep pipes open until its next garbage collection.
func pass(to io.Writer, from io.Reader) {
	_, _ = io.Copy(struct{ io.Writer }{to}, struct{ io.Reader }{from})
}

func (p *Proxy) forward(w http.ResponseWriter, r *http.Request) {
	out := r.Clone(r.Context())
	out.RequestURI = ""
	out.Header.Del("Proxy-Authorization")
	out.Header.Del("Proxy-Connection")
	out.URL.Host = p.target(r.URL.Host)
	in, err := p.direct.RoundTrip(out)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer func() { _ = in.Body.Close() }()
	p.mu.Lock()
	p.open++
	p.mu.Unlock()
	for name, values := range in.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(in.StatusCode)
	_, _ = io.Copy(w, in.Body)
}

func (p *Proxy) keep(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open++
	for _, c := range conns {
		p.conns[c] = true
	}
}

func (p *Proxy) drop(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		delete(p.conns, c)
	}
}
