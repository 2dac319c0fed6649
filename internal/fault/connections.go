package fault

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

// unreached is the end of a run that never got to AWS.
var unreached = Want{Code: 10, Silent: true}

// connections are the way to AWS itself.
var connections = slices.Concat(nameFaults, tlsFaults, strangers)

// nameFaults are names, addresses and ports.
var nameFaults = []Fault{
	{Stage: Connect, Name: "unknown-host", About: "the name of the endpoint does not exist", Want: unreached,
		Arrange: func(s *Scene) { s.named(func(int) answer { return answer{} }) }},
	{Stage: Connect, Name: "failing-name-service", About: "the name service fails", Want: unreached,
		Arrange: func(s *Scene) { s.named(func(int) answer { return answer{failure: true} }) }},
	{Stage: Connect, Name: "silent-name-service", About: "the name service never answers", Want: unreached,
		Arrange: func(s *Scene) {
			s.AttemptTimeout = time.Duration(s.N(30, 60)) * time.Millisecond
			s.named(func(int) answer { return answer{silent: true} })
		}},
	{Stage: Connect, Name: "name-service-recovers", About: "the name service fails at first", Want: itsOwn,
		Arrange: func(s *Scene) {
			n := s.N(1, 3)
			s.named(func(asked int) answer {
				if asked <= n {
					return answer{failure: true}
				}
				return answer{addresses: []string{"127.0.0.1"}}
			})
		}},
	{Stage: Connect, Name: "no-ipv6", About: "the endpoint has an IPv6 address that refuses and an IPv4 address that answers", Want: itsOwn,
		Arrange: func(s *Scene) { s.named(func(int) answer { return answer{addresses: []string{"::1", "127.0.0.1"}} }) }},
	{Stage: Connect, Name: "ipv6-black-hole", About: "the endpoint has an IPv6 address that nobody answers at and an IPv4 address that answers", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.named(func(int) answer { return answer{addresses: []string{"::1", "127.0.0.1"}} })
			s.blackHole(s.AWS().Address)
		}},
	{Stage: Connect, Name: "refused-at-first", About: "nobody listens where the name service sends the first connections", Want: itsOwn,
		Arrange: func(s *Scene) {
			n := s.N(1, 4)
			s.named(func(asked int) answer {
				if asked <= n {
					return answer{addresses: []string{"127.0.0.2"}}
				}
				return answer{addresses: []string{"127.0.0.1"}}
			})
		}},
	{Stage: Connect, Name: "one-of-two-addresses", About: "the endpoint has two addresses, and one of them refuses", Want: itsOwn,
		Arrange: func(s *Scene) {
			both := Among(s, []string{"127.0.0.2", "127.0.0.1"}, []string{"127.0.0.1", "127.0.0.2"})
			s.named(func(int) answer { return answer{addresses: both} })
		}},
	{Stage: Connect, Name: "refused", About: "nobody listens at the endpoint", Want: unreached, Process: true,
		Arrange: func(s *Scene) { s.Endpoint(Among(s, "https://", "http://") + s.Refusing()) }},
	{Stage: Connect, Name: "cut-at-first", About: "the first connections are cut as soon as they are open", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			n := s.N(1, 4)
			s.Options.Listen = func(l net.Listener) net.Listener { return &cutter{Listener: l, first: int64(n)} }
		}},
	{Stage: Connect, Name: "cut-always", About: "every connection is cut as soon as it is open", Want: unreached, Process: true,
		Arrange: func(s *Scene) {
			s.Options.Listen = func(l net.Listener) net.Listener { return &cutter{Listener: l, first: 1 << 40} }
		}},
	{Stage: Connect, Name: "unanswered", About: "the endpoint does not answer when a connection is to be opened", Want: unreached,
		Arrange: func(s *Scene) {
			s.AttemptTimeout = time.Duration(s.N(30, 60)) * time.Millisecond
			s.Endpoint("https://" + s.Unanswered())
		}},
}

// tlsFaults are certificates, versions and handshakes.
var tlsFaults = []Fault{
	{Stage: Connect, Name: "expired-certificate", About: "the endpoint's certificate has expired", Want: unreached, Process: true,
		Arrange: func(s *Scene) { s.Options.Secure = s.certificate([]string{"127.0.0.1"}, expired(s)) }},
	{Stage: Connect, Name: "certificate-not-yet-valid", About: "the endpoint's certificate is not valid yet", Want: unreached, Process: true,
		Arrange: func(s *Scene) { s.Options.Secure = s.certificate([]string{"127.0.0.1"}, notYetValid(s)) }},
	{Stage: Connect, Name: "certificate-of-another-host", About: "the endpoint's certificate is that of another host", Want: unreached, Process: true,
		Arrange: func(s *Scene) {
			s.Options.Secure = s.certificate([]string{Among(s, "states.eu-west-1.amazonaws.com", "127.0.0.2", "evil.example")}, nil)
		}},
	{Stage: Connect, Name: "unknown-authority", About: "nobody here trusts whoever signed the endpoint's certificate", Want: unreached, Process: true,
		Arrange: func(s *Scene) {
			other, err := fakeaws.NewAuthority()
			s.check(err)
			s.Options.TLS = other
		}},
	{Stage: Connect, Name: "authority-not-given", About: "the private authority of the endpoint is not given", Want: unreached, Process: true,
		Arrange: func(s *Scene) { delete(s.Env, "AWS_CA_BUNDLE") }},
	{Stage: Connect, Name: "self-signed-certificate", About: "the endpoint signed its certificate itself", Want: unreached, Process: true,
		Arrange: func(s *Scene) {
			cert, err := fakeaws.SelfSigned("127.0.0.1")
			s.check(err)
			s.Options.Secure = func(c *tls.Config) { c.Certificates = []tls.Certificate{cert} }
		}},
	{Stage: Connect, Name: "old-tls", About: "the endpoint speaks TLS of a version that is not safe", Want: unreached, Process: true,
		Arrange: func(s *Scene) { s.Options.Secure = Among(s, upTo(tls.VersionTLS10), upTo(tls.VersionTLS11)) }},
	{Stage: Connect, Name: "certificate-wanted", About: "the endpoint wants a certificate of sfnx, which has none", Want: unreached, Process: true,
		Arrange: func(s *Scene) {
			s.Options.Secure = func(c *tls.Config) { c.ClientAuth = tls.RequireAnyClientCert }
		}},
	{Stage: Connect, Name: "handshake-stalls", About: "the endpoint takes the connection and never says a word of TLS", Want: unreached,
		Arrange: func(s *Scene) {
			s.AttemptTimeout = time.Duration(s.N(30, 60)) * time.Millisecond
			s.Endpoint("https://" + s.Listener(listen))
		}},
	{Stage: Connect, Name: "handshake-is-cut", About: "the connection is cut during the handshake", Want: unreached, Process: true,
		Arrange: func(s *Scene) {
			after := int64(s.N(0, 200))
			s.Endpoint("https://" + s.Listener(func(c net.Conn) { _, _ = io.CopyN(io.Discard, c, after) }))
		}},
	{Stage: Connect, Name: "garbled-handshake", About: "the endpoint answers the handshake with garbage", Want: unreached, Process: true,
		Arrange: func(s *Scene) {
			garbage := Among(s, "\x16\x03\x01\xff\xff"+s.text(upper, 100), "\x15\x03\x03\x00\x02\x02\x28", "SSH-2.0-OpenSSH_9.7\r\n", "\x00", "\x16\x03\x03\x00\x04\x02\x00\x00\x00")
			s.Endpoint("https://" + s.Listener(func(c net.Conn) {
				_, _ = c.Read(make([]byte, 4096))
				_, _ = io.WriteString(c, garbage)
			}))
		}},
	{Stage: Connect, Name: "http-on-the-tls-port", About: "an endpoint without TLS, given as https", Want: unreached, Process: true,
		Arrange: func(s *Scene) {
			s.Options.TLS = nil
			s.Endpoint("https://" + s.AWS().Address)
		}},
	{Stage: Connect, Name: "tls-on-the-plain-port", About: "an endpoint with TLS, given as http", Want: unreached, Process: true,
		Arrange: func(s *Scene) { s.Endpoint("http://" + s.AWS().Address) }},
}

// strangers answer in place of AWS.
var strangers = []Fault{
	{Stage: Connect, Name: "captive-portal", About: "somebody answers everything with a page and status 200", Want: unreached, Process: true,
		Arrange: func(s *Scene) {
			s.Endpoint(s.Page(200, Among(s, "text/html", "text/html; charset=utf-8", "text/plain", ""), Among(s, "<html><title>Welcome to our hotel</title></html>", "<!DOCTYPE html><html><p>Log in<br></html>", "welcome")))
		}},
	{Stage: Connect, Name: "page-of-an-error", About: "somebody answers everything with a page and an error", Want: unreached, Process: true,
		Arrange: func(s *Scene) {
			s.Endpoint(s.Page(Among(s, 400, 401, 403, 404, 405, 410, 418, 429, 451, 500, 502, 503, 504, 511), "text/html", "<html><body>sorry</body></html>"))
		}},
	{Stage: Connect, Name: "page-during-the-wait", About: "somebody answers with pages for a while, as the execution runs", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.fromPoll(fakeaws.Fault{Times: s.N(1, 4), Status: Among(s, 200, 302, 400, 403, 404, 502, 511), ContentType: "text/html", Body: "<html><body>sorry</body></html>"})
		}},
	{Stage: Connect, Name: "redirect", About: "somebody sends every request elsewhere, where it must not go", Want: unreached, Process: true,
		Arrange: func(s *Scene) {
			var visits atomic.Int64
			elsewhere := s.Listener(func(net.Conn) { visits.Add(1) })
			s.Also(func(performance) string {
				if n := visits.Load(); n > 0 {
					return fmt.Sprintf("%d signed requests went where the redirect sent them", n)
				}
				return ""
			})
			status := Among(s, 301, 302, 303, 307, 308)
			s.Endpoint("http://" + s.Listener(saying(fmt.Sprintf("HTTP/1.1 %d %s\r\nLocation: http://%s/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status, http.StatusText(status), elsewhere))))
		}},
	{Stage: Connect, Name: "empty-reply", About: "the endpoint hangs up when it has read the request", Want: unreached, Process: true,
		Arrange: func(s *Scene) { s.Endpoint("http://" + s.Listener(saying(Among(s, "", "\r\n", "HTTP/1.1 ")))) }},
	{Stage: Connect, Name: "garbage", About: "the endpoint answers with something that is no HTTP", Want: unreached, Process: true,
		Arrange: func(s *Scene) {
			s.Endpoint("http://" + s.Listener(saying(Among(s, "220 mail.example ESMTP\r\n\r\n", "HTTP/9.9 what\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "\x00\x01\x02\r\n\r\n",
				"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx"))))
		}},
	{Stage: Connect, Name: "header-without-end", About: "the endpoint answers with a header of megabytes", Want: unreached, Process: true,
		Arrange: func(s *Scene) {
			lines := s.N(1100, 15_000)
			s.Endpoint("http://" + s.Listener(saying("HTTP/1.1 200 OK\r\n"+strings.Repeat("X-Filler: "+strings.Repeat("x", 1000)+"\r\n", lines)+"Content-Length: 2\r\n\r\n{}")))
		}},
	{Stage: Connect, Name: "slow-header", About: "the endpoint answers a letter at a time, and never comes to the end of the header", Want: unreached,
		Arrange: func(s *Scene) {
			s.AttemptTimeout = time.Duration(s.N(40, 80)) * time.Millisecond
			s.Endpoint("http://" + s.Listener(dripping("HTTP/1.1 200 OK\r\nX-Filler: ")))
		}},
	{Stage: Connect, Name: "slow-body", About: "the endpoint answers a letter at a time, and never comes to the end of the answer", Want: unreached,
		Arrange: func(s *Scene) {
			s.AttemptTimeout = time.Duration(s.N(40, 80)) * time.Millisecond
			s.Endpoint("http://" + s.Listener(dripping("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 100000\r\n\r\n<GetCallerIdentityResponse>")))
		}},
	{Stage: Connect, Name: "body-without-end", About: "the endpoint answers with more than anybody wants to read", Want: unreached,
		Arrange: func(s *Scene) {
			s.Endpoint("http://" + s.Listener(saying("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n<GetCallerIdentityResponse>"+strings.Repeat("<a>"+strings.Repeat("x", 1000)+"</a>", s.N(10_000, 20_000)))))
		}},
}

// named gives the endpoint a name, and this process a name service for it.
func (s *Scene) named(say func(n int) answer) {
	const host = "states." + testDomain
	s.Options.Hosts = []string{host}
	s.Resolve(say)
	_, port, err := net.SplitHostPort(s.AWS().Address)
	s.check(err)
	s.Endpoint("https://" + net.JoinHostPort(host, port))
}

// cutter is a listener that cuts its first connections.
type cutter struct {
	net.Listener
	first int64
	seen  atomic.Int64
}

// Accept accepts, and cuts.
func (c *cutter) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		if err != nil || c.seen.Add(1) > c.first {
			return conn, err
		}
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = conn.Close()
	}
}

// dripping answers with a text, and then a letter at a time until nobody listens any more.
func dripping(text string) func(net.Conn) {
	return func(c net.Conn) {
		saying(text)(c)
		for {
			if _, err := io.WriteString(c, "x"); err != nil {
				return
			}
			<-time.After(time.Millisecond)
		}
	}
}
