package fault

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
	"github.com/sfnx/sfnx/internal/secret"
)

// noWay is the end of a run that the proxy lets nowhere.
var noWay = Want{Code: 11, Silent: true}

// proxies stand between sfnx and AWS, and in its way.
var proxies = slices.Concat(refusingProxies, speakingProxies, changingProxies)

// refusingProxies say no, or nothing.
var refusingProxies = []Fault{
	{Stage: Proxy, Name: "refused", About: "nobody listens where the proxy should be", Want: noWay, Process: true,
		Arrange: func(s *Scene) { s.by(Among(s, "http://", "https://") + s.Refusing()) }},
	{Stage: Proxy, Name: "unknown-host", About: "the name of the proxy does not exist", Want: noWay,
		Arrange: func(s *Scene) {
			s.Resolve(func(int) answer { return answer{} })
			s.by(Among(s, "http://", "https://") + "proxy." + testDomain + ":3128")
		}},
	{Stage: Proxy, Name: "failing-name-service", About: "the name service does not say where the proxy is", Want: noWay,
		Arrange: func(s *Scene) {
			s.Resolve(func(int) answer { return answer{failure: true} })
			s.by("http://proxy." + testDomain + ":3128")
		}},
	{Stage: Proxy, Name: "silent-name-service", About: "the name service never answers where the proxy is", Want: noWay,
		Arrange: func(s *Scene) {
			s.AttemptTimeout = time.Duration(s.N(30, 60)) * time.Millisecond
			s.Resolve(func(int) answer { return answer{silent: true} })
			s.by("http://proxy." + testDomain + ":3128")
		}},
	{Stage: Proxy, Name: "no-credentials", About: "407: the proxy wants credentials and gets none", Want: noWay, Process: true,
		Arrange: func(s *Scene) {
			s.Proxy(fakeaws.ProxyOptions{User: secret.New(s.Secret(12)), Password: secret.New(s.Secret(20))})
		}},
	{Stage: Proxy, Name: "wrong-password", About: "407: the proxy does not take the password", Want: noWay, Process: true,
		Arrange: func(s *Scene) {
			user, password := s.proxyCredentials()
			s.Proxy(fakeaws.ProxyOptions{User: secret.New(user), Password: secret.New(password + "!")})
		}},
	{Stage: Proxy, Name: "digest-only", About: "407: the proxy wants credentials in a way that sfnx does not know", Want: noWay, Process: true,
		Arrange: func(s *Scene) {
			s.proxyCredentials()
			s.Proxy(fakeaws.ProxyOptions{Challenge: Among(s, `Digest realm="proxy", nonce="`+s.text(lower, 16)+`"`, "NTLM", "Negotiate", `Bearer realm="proxy"`)})
		}},
	{Stage: Proxy, Name: "refuses-connect", About: "the proxy answers CONNECT with a refusal", Want: noWay, Process: true,
		Arrange: func(s *Scene) {
			s.proxyCredentials()
			s.Proxy(fakeaws.ProxyOptions{Answer: Among(s, 400, 401, 403, 404, 405, 429, 451)})
		}},
	{Stage: Proxy, Name: "status-502", About: "the proxy answers CONNECT with 502", Want: noWay, Process: true,
		Arrange: func(s *Scene) { s.Proxy(fakeaws.ProxyOptions{Answer: 502}) }},
	{Stage: Proxy, Name: "status-503", About: "the proxy answers CONNECT with 503, 500 or 504", Want: noWay, Process: true,
		Arrange: func(s *Scene) { s.Proxy(fakeaws.ProxyOptions{Answer: Among(s, 503, 500, 504)}) }},
	{Stage: Proxy, Name: "redirect", About: "the proxy answers CONNECT with a redirect", Want: noWay, Process: true,
		Arrange: func(s *Scene) { s.Proxy(fakeaws.ProxyOptions{Answer: Among(s, 301, 302, 303, 307, 308)}) }},
	{Stage: Proxy, Name: "hangs-up", About: "the proxy hangs up at CONNECT", Want: noWay, Process: true,
		Arrange: func(s *Scene) { s.Proxy(fakeaws.ProxyOptions{HangUp: true}) }},
	{Stage: Proxy, Name: "says-nothing", About: "the proxy never answers CONNECT", Want: noWay,
		Arrange: func(s *Scene) {
			s.AttemptTimeout = time.Duration(s.N(30, 60)) * time.Millisecond
			s.Proxy(fakeaws.ProxyOptions{Hang: true})
		}},
	{Stage: Proxy, Name: "mute", About: "the proxy takes the connection and never says a word", Want: noWay,
		Arrange: func(s *Scene) {
			s.AttemptTimeout = time.Duration(s.N(30, 60)) * time.Millisecond
			s.by(Among(s, "http://", "https://") + s.Listener(listen))
		}},
	{Stage: Proxy, Name: "garbage", About: "the proxy answers CONNECT with something that is no HTTP", Want: noWay, Process: true,
		Arrange: func(s *Scene) {
			s.by("http://" + s.Listener(saying(Among(s, "SSH-2.0-OpenSSH_9.7\r\n", "220 mail.example ESMTP\r\n\r\n", "\x00\x01\x02\x03\r\n\r\n", "HTTP/1.1 200", "HTTP/1.1 abc\r\n\r\n", "\r\n"))))
		}},
	{Stage: Proxy, Name: "shows-what-it-was-sent", About: "the proxy shows the credentials that it was sent in what it answers to CONNECT", Want: noWay, Process: true,
		Arrange: func(s *Scene) {
			user, password := s.proxyCredentials()
			sent := Among(s, user+":"+password, "Basic "+base64.StdEncoding.EncodeToString([]byte(user+":"+password)), url.UserPassword(user, password).String())
			s.by("http://" + s.Listener(saying(Among(s, "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\""+sent+"\"\r\n\r\n",
				"HTTP/1.1 503 No\r\nX-Squid-Error: "+sent+"\r\n\r\n", "HTTP/1.1 407 "+sent+"\r\n\r\n", sent+"\r\n\r\n", "HTTP/1.1 407 No\r\n"+sent+"\r\n\r\n"))))
		}},
	{Stage: Proxy, Name: "header-without-end", About: "the proxy answers CONNECT with a header of megabytes", Want: noWay,
		Arrange: func(s *Scene) {
			s.by("http://" + s.Listener(saying("HTTP/1.1 200 OK\r\n"+strings.Repeat("X-Filler: "+strings.Repeat("x", 1000)+"\r\n", s.N(1100, 12_000))+"\r\n")))
		}},
}

// speakingProxies have their own ideas of TLS and HTTP.
var speakingProxies = []Fault{
	{Stage: Proxy, Name: "untrusted", About: "nobody here trusts whoever signed the proxy's certificate", Want: noWay, Process: true,
		Arrange: func(s *Scene) {
			other, err := fakeaws.NewAuthority()
			s.check(err)
			s.proxyCredentials()
			s.Proxy(fakeaws.ProxyOptions{TLS: other})
		}},
	{Stage: Proxy, Name: "expired-certificate", About: "the proxy's certificate has expired, or is not valid yet", Want: noWay, Process: true,
		Arrange: func(s *Scene) {
			s.proxyCredentials()
			s.Proxy(fakeaws.ProxyOptions{TLS: authority(), Secure: s.certificate([]string{"127.0.0.1"}, Among(s, expired, notYetValid)(s))})
		}},
	{Stage: Proxy, Name: "certificate-of-another-host", About: "the proxy's certificate is that of another host", Want: noWay, Process: true,
		Arrange: func(s *Scene) {
			s.proxyCredentials()
			s.Proxy(fakeaws.ProxyOptions{TLS: authority(), Secure: s.certificate([]string{Among(s, "proxy.example", "127.0.0.2", "*.example")}, nil)})
		}},
	{Stage: Proxy, Name: "old-tls", About: "the proxy speaks TLS of a version that is not safe", Want: noWay, Process: true,
		Arrange: func(s *Scene) {
			s.Proxy(fakeaws.ProxyOptions{TLS: authority(), Secure: Among(s, upTo(tls.VersionTLS10), upTo(tls.VersionTLS11))})
		}},
	{Stage: Proxy, Name: "http-given-as-https", About: "a proxy without TLS, given as https", Want: noWay, Process: true,
		Arrange: func(s *Scene) {
			p := s.proxy(fakeaws.ProxyOptions{})
			s.by(strings.Replace(p.URL, "http://", "https://", 1))
		}},
	{Stage: Proxy, Name: "https-given-as-http", About: "a proxy with TLS, given as http", Want: noWay, Process: true,
		Arrange: func(s *Scene) {
			p := s.proxy(fakeaws.ProxyOptions{TLS: authority()})
			s.by(strings.Replace(p.URL, "https://", "http://", 1))
		}},
	{Stage: Proxy, Name: "offers-http-2", About: "a proxy that would rather speak HTTP/2", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) { s.Proxy(fakeaws.ProxyOptions{TLS: authority(), OfferHTTP2: true}) }},
	{Stage: Proxy, Name: "private-authority-and-password", About: "a proxy with a certificate of a private authority and a password, both given", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			delete(s.Env, "AWS_CA_BUNDLE")
			user, password := s.proxyCredentials()
			s.Proxy(fakeaws.ProxyOptions{TLS: authority(), User: secret.New(user), Password: secret.New(password)})
			s.Flags("--proxy-ca-bundle", s.CABundle())
		}},
	{Stage: Proxy, Name: "proxy-of-the-environment", About: "HTTPS_PROXY with user and password, which the proxy takes", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			user, password := s.Secret(12), s.Hide(s.text(upper, 10)+"@:/ "+s.text(lower, 10))
			s.ofEnvironment(fakeaws.ProxyOptions{User: secret.New(user), Password: secret.New(password)}, s.hiddenUserinfo(user, password))
		}},
	{Stage: Proxy, Name: "wrong-password-of-the-environment", About: "HTTPS_PROXY with user and password, which the proxy does not take", Want: noWay, Process: true,
		Arrange: func(s *Scene) {
			s.ofEnvironment(fakeaws.ProxyOptions{User: secret.New(s.Secret(12)), Password: secret.New(s.Secret(20))}, s.userinfo())
		}},
	{Stage: Proxy, Name: "refused-of-the-environment", About: "HTTPS_PROXY with user and password, where nobody listens", Want: noWay, Process: true,
		Arrange: func(s *Scene) {
			s.amazon()
			s.Env[Among(s, "HTTPS_PROXY", "https_proxy")] = Among(s, "http://", "https://", "") + s.userinfo() + "@" + s.Refusing()
		}},
	{Stage: Proxy, Name: "no-proxy", About: "a dead HTTPS_PROXY that NO_PROXY says not to use", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Env["HTTPS_PROXY"] = "http://" + s.userinfo() + "@" + s.Refusing()
			s.Env["NO_PROXY"] = Among(s, "*", "127.0.0.0/8", "localhost,127.0.0.1")
		}},
}

// changingProxies are good at first, or not to blame.
var changingProxies = []Fault{
	{Stage: Proxy, Name: "target-refused", About: "a good proxy that finds nobody where AWS should be", Want: noWay, Process: true,
		Arrange: func(s *Scene) {
			s.proxyCredentials()
			s.Proxy(fakeaws.ProxyOptions{Forward: s.Refusing()})
		}},
	{Stage: Proxy, Name: "target-untrusted", About: "a good proxy, and behind it somebody who is not AWS", Want: Want{Code: 10, Silent: true}, Process: true,
		Arrange: func(s *Scene) {
			other, err := fakeaws.NewAuthority()
			s.check(err)
			s.Options.TLS = other
			s.Proxy(fakeaws.ProxyOptions{})
		}},
	{Stage: Proxy, Name: "target-hangs-up", About: "a good proxy, and behind it somebody who hangs up", Want: Want{Code: 10, Silent: true}, Process: true,
		Arrange: func(s *Scene) {
			after := int64(s.N(1, 100))
			s.Proxy(fakeaws.ProxyOptions{Forward: s.Listener(func(c net.Conn) { _, _ = io.CopyN(io.Discard, c, after) })})
		}},
	{Stage: Proxy, Name: "restarted", About: "the proxy is restarted while the execution runs", Want: itsOwn,
		Arrange: func(s *Scene) {
			p := s.Proxy(fakeaws.ProxyOptions{})
			gone := Among(s, refusing, hangingUp, cutting)
			s.Flags("--polling-interval", "1")
			away, back := s.N(1, 4), s.N(1, 10)
			s.Clock.OnPause = func(n int) {
				switch n {
				case away:
					p.Change(gone)
				case away + back:
					p.Change(well)
				}
			}
		}},
	{Stage: Proxy, Name: "stays-away", About: "the proxy goes away while the execution runs, and does not come back", Want: left(11, backend.Running),
		Arrange: func(s *Scene) {
			p := s.Proxy(fakeaws.ProxyOptions{})
			gone := Among(s, func() { p.Close() }, func() { p.Change(refusing) }, func() { p.Change(hangingUp) })
			s.Flags("--retry-budget", fmt.Sprintf("%dm", s.N(1, 15)))
			s.atPause(s.N(1, 6), gone)
		}},
	{Stage: Proxy, Name: "asks-for-a-password-at-last", About: "the proxy wants credentials from some moment of the wait on", Want: left(11, backend.Running),
		Arrange: func(s *Scene) {
			p := s.Proxy(fakeaws.ProxyOptions{})
			s.atPause(s.N(1, 6), func() { p.Change(func(o *fakeaws.ProxyOptions) { o.Challenge = "Basic" }) })
		}},
	{Stage: Proxy, Name: "cuts-every-poll", About: "the proxy closes its connections after each poll", Want: itsOwn,
		Arrange: func(s *Scene) {
			p := s.Proxy(fakeaws.ProxyOptions{})
			s.Flags("--polling-interval", "1")
			s.Clock.OnPause = func(int) { p.Cut() }
		}},
}

// What a proxy can do from some moment on.
func refusing(o *fakeaws.ProxyOptions)  { o.Answer = http.StatusBadGateway }
func hangingUp(o *fakeaws.ProxyOptions) { o.HangUp = true }
func cutting(*fakeaws.ProxyOptions)     {}
func well(o *fakeaws.ProxyOptions)      { *o = fakeaws.ProxyOptions{} }

// by makes sfnx use a proxy.
func (s *Scene) by(url string) { s.Flags("--proxy", url) }

// proxy starts one that nobody is told of.
func (s *Scene) proxy(o fakeaws.ProxyOptions) *fakeaws.Proxy {
	p := s.Proxy(o)
	s.Extra = s.Extra[:len(s.Extra)-2]
	return p
}

// proxyCredentials are given, for a proxy that wants them.
func (s *Scene) proxyCredentials() (user, password string) {
	user, password = s.Secret(12), s.Hide(s.text(upper+lower, 12)+":@% "+s.text(digits, 8))
	s.Flags("--proxy-type", "HTTPS With Credentials")
	if s.N(0, 1) == 0 {
		s.Env["SFNX_PROXY_USER"], s.Env["SFNX_PROXY_PASSWORD"] = user, password
	} else {
		s.Flags("--proxy-credentials", s.File("proxy-credentials", user+":"+password+"\n"))
	}
	return user, password
}

// amazon lets sfnx look for AWS under its real names, which only a proxy knows.
func (s *Scene) amazon() {
	s.Options.Hosts = []string{"states." + fakeaws.Region + ".amazonaws.com", "sts." + fakeaws.Region + ".amazonaws.com"}
	s.AWS()
	delete(s.Env, "AWS_ENDPOINT_URL")
}

// ofEnvironment makes a proxy the way to AWS's real names, with a user and a password in HTTPS_PROXY.
func (s *Scene) ofEnvironment(o fakeaws.ProxyOptions, userinfo string) {
	s.amazon()
	o.Forward = s.AWS().Address
	p := s.proxy(o)
	s.Env[Among(s, "HTTPS_PROXY", "https_proxy")] = "http://" + userinfo + "@" + strings.TrimPrefix(p.URL, "http://")
}

// saying answers the first request with a text, and hangs up.
func saying(text string) func(net.Conn) {
	return func(c net.Conn) {
		if _, err := http.ReadRequest(bufio.NewReader(c)); err != nil {
			return
		}
		_, _ = io.WriteString(c, text)
	}
}
