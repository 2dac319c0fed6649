package aws

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
	"github.com/sfnx/sfnx/internal/secret"
)

func startProxy(t *testing.T, o fakeaws.ProxyOptions) *fakeaws.Proxy {
	t.Helper()
	p, err := fakeaws.StartProxy(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func authority(t *testing.T) (*fakeaws.Authority, string) {
	t.Helper()
	ca, err := fakeaws.NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := ca.WritePEM(file); err != nil {
		t.Fatal(err)
	}
	return ca, file
}

// region is AWS as it is seen through a proxy: the real names, which only the proxy resolves, and a certificate for them.
func region(t *testing.T) (s *fakeaws.Server, caFile string) {
	t.Helper()
	ca, file := authority(t)
	return serve(t, world(), fakeaws.Options{TLS: ca, Hosts: []string{
		"states.eu-west-1.amazonaws.com", "sync-states.eu-west-1.amazonaws.com", "sts.eu-west-1.amazonaws.com",
	}}), file
}

func through(s *fakeaws.Server, p Proxy) Config {
	c := account(s)
	c.EndpointURL = ""
	c.Proxy = p
	return c
}

func TestProxies(t *testing.T) {
	user, password := secret.New("pröxy user"), secret.New("p@ss:word/%")
	for name, c := range map[string]struct {
		tls   bool
		proxy fakeaws.ProxyOptions
		use   Proxy
	}{
		"HTTP":                               {use: Proxy{Type: ProxyHTTP}},
		"HTTPS":                              {tls: true, use: Proxy{Type: ProxyHTTPS}},
		"HTTPS that offers HTTP/2":           {tls: true, proxy: fakeaws.ProxyOptions{OfferHTTP2: true}, use: Proxy{Type: ProxyHTTPS}},
		"HTTPS with credentials":             {tls: true, proxy: fakeaws.ProxyOptions{User: user, Password: password}, use: Proxy{Type: ProxyHTTPSWithCredentials, User: user, Password: password}},
		"credentials over a plain connexion": {proxy: fakeaws.ProxyOptions{User: user, Password: password}, use: Proxy{Type: ProxyHTTPSWithCredentials, User: user, Password: password}},
	} {
		t.Run(name, func(t *testing.T) {
			isolate(t)
			s, caFile := region(t)
			c.proxy.Forward = s.Address
			pems, err := os.ReadFile(caFile)
			if err != nil {
				t.Fatal(err)
			}
			if c.tls {
				var file string
				c.proxy.TLS, file = authority(t)
				more, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				pems = append(pems, more...)
			}
			c.use.CABundleFile = filepath.Join(t.TempDir(), "both.pem")
			if err := os.WriteFile(c.use.CABundleFile, pems, 0o600); err != nil {
				t.Fatal(err)
			}
			p := startProxy(t, c.proxy)
			if c.use.URLs, err = ParseProxies(p.URL); err != nil {
				t.Fatal(err)
			}
			b := open(t, through(s, c.use))
			if _, err := b.Authenticate(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := b.StartExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: machineArn, Name: "a"}); err != nil {
				t.Fatal(err)
			}
			_, err = b.StartSyncExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: machineArn, Name: "a"})
			wantCode(t, err, backend.Unsupported)
			want := []string{"sts.eu-west-1.amazonaws.com:443", "states.eu-west-1.amazonaws.com:443", "sync-states.eu-west-1.amazonaws.com:443"}
			if diff := cmp.Diff(want, p.Asked()); diff != "" || p.Passed() != 3 {
				t.Errorf("%d requests passed (-want +asked for):\n%s", p.Passed(), diff)
			}
			for _, r := range s.Requests() {
				if r.Header.Get("Proxy-Authorization") != "" {
					t.Error("the proxy's credentials went on to AWS")
				}
			}
		})
	}
}

// The bundle of the proxy and AWS_CA_BUNDLE are trusted together.
func TestTwoBundles(t *testing.T) {
	isolate(t)
	s, caFile := region(t)
	ca, proxyFile := authority(t)
	p := startProxy(t, fakeaws.ProxyOptions{TLS: ca, Forward: s.Address})
	t.Setenv("AWS_CA_BUNDLE", caFile)
	if _, err := open(t, through(s, Proxy{URLs: map[string]string{"https": p.URL}, CABundleFile: proxyFile})).Authenticate(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestProxyFailures(t *testing.T) {
	refusing := refusingAddress(t)
	user, password := secret.New("someone"), secret.New("canary-proxy-password")
	with := func(o fakeaws.ProxyOptions) func(*testing.T, *fakeaws.Server) string {
		return func(t *testing.T, s *fakeaws.Server) string {
			o.Forward = s.Address
			return startProxy(t, o).URL
		}
	}
	for name, c := range map[string]struct {
		url     func(*testing.T, *fakeaws.Server) string
		use     Proxy
		message string
	}{
		"refused": {url: func(*testing.T, *fakeaws.Server) string { return "http://" + refusing }, message: "connection refused"},
		"TLS with a plain one": {url: func(t *testing.T, s *fakeaws.Server) string {
			return strings.Replace(startProxy(t, fakeaws.ProxyOptions{Forward: s.Address}).URL, "http:", "https:", 1)
		}, message: "TLS handshake"},
		"certificate not trusted": {url: func(t *testing.T, s *fakeaws.Server) string {
			ca, _ := authority(t)
			return startProxy(t, fakeaws.ProxyOptions{TLS: ca}).URL
		}, message: "certificate"},
		"hangs up":            {url: with(fakeaws.ProxyOptions{HangUp: true}), message: "cannot connect to the proxy"},
		"asks for a password": {url: with(fakeaws.ProxyOptions{User: user, Password: password}), message: `407 Proxy Authentication Required (Proxy-Authenticate: Basic realm="fakeaws")`},
		"wrong password": {url: with(fakeaws.ProxyOptions{User: user, Password: secret.New("another")}),
			use: Proxy{Type: ProxyHTTPSWithCredentials, User: user, Password: password}, message: "407 Proxy Authentication Required"},
		"forbids":             {url: with(fakeaws.ProxyOptions{Answer: 403}), message: "403 Forbidden"},
		"bad gateway":         {url: with(fakeaws.ProxyOptions{Answer: 502}), message: "502 Bad Gateway"},
		"service unavailable": {url: with(fakeaws.ProxyOptions{Answer: 503}), message: "503 Service Unavailable"},
		"another success":     {url: with(fakeaws.ProxyOptions{Answer: 204}), message: "204 No Content"},
	} {
		t.Run(name, func(t *testing.T) {
			isolate(t)
			s, caFile := region(t)
			u := c.url(t, s)
			c.use.URLs = map[string]string{"https": u}
			c.use.CABundleFile = caFile
			b := open(t, through(s, c.use))
			for op, call := range map[string]func() error{
				"GetCallerIdentity": func() error { _, err := b.Authenticate(t.Context()); return err },
				"StartExecution": func() error {
					_, err := b.StartExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: machineArn, Name: "a"})
					return err
				},
			} {
				e := wantCode(t, call(), backend.Proxy)
				if e.Proxy != u || e.Op != op || !strings.Contains(e.Message, c.message) || e.Ambiguous {
					t.Errorf("proxy %q, want %q; ambiguous %t; message %q, want %q in it", e.Proxy, u, e.Ambiguous, e.Message, c.message)
				}
				wantNoSecret(t, e, password.Reveal())
			}
			if n := len(s.Requests()); n != 0 {
				t.Errorf("%d requests reached AWS", n)
			}
		})
	}
}

// What fails beyond the proxy is no failure of the proxy.
func TestFailuresBeyondTheProxy(t *testing.T) {
	isolate(t)
	s, caFile := region(t)
	p := startProxy(t, fakeaws.ProxyOptions{Forward: s.Address})
	b := open(t, through(s, Proxy{URLs: map[string]string{"https": p.URL}}))
	_, err := b.Authenticate(t.Context())
	wantCode(t, err, backend.Connection) // the certificate of AWS is not trusted
	if len(p.Asked()) != 1 {
		t.Errorf("a certificate that is not trusted was tried %d times", len(p.Asked()))
	}

	b = open(t, through(s, Proxy{URLs: map[string]string{"https": p.URL}, CABundleFile: caFile}))
	if _, err := b.Authenticate(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Script("DescribeExecution", fakeaws.Fault{Reset: fakeaws.BeforeHandling, Times: 3})
	_, err = b.DescribeExecution(t.Context(), machineArn)
	wantCode(t, err, backend.Connection)
	s.Script("DescribeExecution", fakeaws.Fault{Code: "ServiceUnavailable", Status: 503, Times: 3})
	_, err = b.DescribeExecution(t.Context(), machineArn)
	wantCode(t, err, backend.Unavailable)
	s.Script(fakeaws.Any, fakeaws.Fault{Body: "<html>Service unavailable</html>", Status: 503, Times: 2})
	_, err = b.DescribeExecution(t.Context(), machineArn)
	if e := wantCode(t, err, backend.Proxy); e.Proxy != p.URL {
		t.Errorf("the page of a gateway names the proxy %q, want %q", e.Proxy, p.URL)
	}
	_, err = b.Authenticate(t.Context())
	wantCode(t, err, backend.Proxy)

	p.Cut() // a way that was open is closed: the next attempt opens another
	if _, err := b.Authenticate(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestPlainEndpointByWayOfAProxy(t *testing.T) {
	isolate(t)
	s := serve(t, world(), fakeaws.Options{})
	p := startProxy(t, fakeaws.ProxyOptions{})
	c := account(s)
	c.Proxy = Proxy{URLs: map[string]string{"https": p.URL}}
	if _, err := open(t, c).Authenticate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{s.Address}, p.Asked()); diff != "" {
		t.Errorf("hosts asked for (-want +got):\n%s", diff)
	}
	closed := startProxy(t, fakeaws.ProxyOptions{User: secret.New("u"), Password: secret.New("p")})
	c.Proxy = Proxy{URLs: map[string]string{"http": closed.URL}}
	_, err := open(t, c).StartExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: machineArn, Name: "a"})
	e := wantCode(t, err, backend.Proxy)
	if e.Proxy != closed.URL || e.Ambiguous || !strings.Contains(e.Message, "407") {
		t.Errorf("a 407 in place of an answer gave proxy %q, ambiguous %t, %q", e.Proxy, e.Ambiguous, e.Message)
	}
	if len(closed.Asked()) != 1 {
		t.Errorf("the proxy was asked %d times", len(closed.Asked()))
	}
}

func TestProxyOfTheEnvironment(t *testing.T) {
	isolate(t)
	s, caFile := region(t)
	p := startProxy(t, fakeaws.ProxyOptions{Forward: s.Address})
	t.Setenv("HTTPS_PROXY", p.URL)
	t.Setenv("AWS_CA_BUNDLE", caFile)
	if _, err := open(t, through(s, Proxy{})).Authenticate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(p.Asked()) != 1 {
		t.Errorf("HTTPS_PROXY was asked %d times, want once", len(p.Asked()))
	}

	// The environment is read anew by each Open, and a Config goes before it.
	other := startProxy(t, fakeaws.ProxyOptions{Forward: s.Address})
	t.Setenv("HTTPS_PROXY", "http://user:canary-password@"+strings.TrimPrefix(startProxy(t, fakeaws.ProxyOptions{Answer: 407}).URL, "http://"))
	_, err := open(t, through(s, Proxy{})).Authenticate(t.Context())
	wantNoSecret(t, wantCode(t, err, backend.Proxy), "canary-password")
	if _, err := open(t, through(s, Proxy{URLs: map[string]string{"https": other.URL}})).Authenticate(t.Context()); err != nil {
		t.Fatal(err)
	}

	t.Setenv("NO_PROXY", "127.0.0.1")
	c := account(s)
	c.Proxy.CABundleFile = caFile
	if _, err := open(t, c).Authenticate(t.Context()); err != nil {
		t.Fatalf("NO_PROXY: %v", err)
	}

	for _, unusable := range []string{"http://user:canary-password@[broken", "ftp://user:canary-password@proxy:21", "user:canary-password@[broken"} {
		t.Setenv("HTTPS_PROXY", unusable)
		_, err = Open(t.Context(), through(s, Proxy{}))
		wantNoSecret(t, wantCode(t, err, backend.Validation), "canary-password")
	}
}

func TestParseProxies(t *testing.T) {
	for list, want := range map[string]map[string]string{
		"http://p:3128":                      {"http": "http://p:3128"},
		"https://p:3129":                     {"https": "https://p:3129"},
		"http://p:3128,https://[::1]:3129":   {"http": "http://p:3128", "https": "https://[::1]:3129"},
		"http://p:3128 , https://q.example/": {"http": "http://p:3128", "https": "https://q.example/"},
		"":                                   nil,
		"p:3128":                             nil,
		"http://":                            nil,
		"socks5://p:1080":                    nil,
		"http://p:1,http://q:1":              nil,
		"http://p:1,":                        nil,
		"HTTP://p:1":                         {"http": "http://p:1"},
		"http://u:canary@p:1":                nil,
		"http://u:canary@[p:1":               nil,
	} {
		got, err := ParseProxies(list)
		if diff := cmp.Diff(want, got); diff != "" || (err == nil) != (want != nil) {
			t.Errorf("%q gave %v (-want +got):\n%s", list, err, diff)
		}
		if err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("%q gave %v, which repeats the password", list, err)
		}
	}
}

// A proxy has no business with the credentials of the machine itself.
func TestMetadataIsNotAskedThroughAProxy(t *testing.T) {
	isolate(t)
	t.Setenv("HTTP_PROXY", "http://env:1")
	for name, p := range map[string]Proxy{"Config": {URLs: map[string]string{"http": "http://p:1"}}, "environment": {}} {
		client, err := newClient(p, &masks{})
		if err != nil {
			t.Fatal(err)
		}
		for text, want := range map[string]bool{
			"http://169.254.169.254/latest": false, "http://169.254.170.2/": false, "http://[fd00:ec2::254]/": false,
			"http://states.eu-west-1.amazonaws.com/": true,
		} {
			got, err := client.GetTransport().Proxy(&http.Request{URL: mustURL(t, text)})
			if err != nil || (got != nil) != want {
				t.Errorf("%s: %s goes by the proxy %v, %v", name, text, got, err)
			}
		}
	}
}

func TestHangingProxy(t *testing.T) {
	isolate(t)
	s, _ := region(t)
	hole := startProxy(t, fakeaws.ProxyOptions{Hang: true})
	c := through(s, Proxy{URLs: map[string]string{"https": hole.URL}})
	c.AttemptTimeout = 50 * time.Millisecond
	_, err := open(t, c).Authenticate(t.Context())
	if e := wantCode(t, err, backend.Proxy); !strings.Contains(e.Message, "no answer within 50ms") {
		t.Errorf("the message is %q", e.Message)
	}
}

// No list makes a proxy with a user in its URL, and no error repeats one.
func FuzzParseProxies(f *testing.F) {
	for _, list := range []string{"http://@p:3128", "http://p:1,https://@q:2", "http://@[p", "http://%zz@p", "//@p", "http://@p@q:1"} {
		f.Add(list)
	}
	f.Fuzz(func(t *testing.T, list string) {
		list = strings.ReplaceAll(list, "@", "u:canarypassword@")
		proxies, err := ParseProxies(list)
		if err != nil && strings.Contains(err.Error(), "canarypassword") {
			t.Errorf("%q gave the error %v", list, err)
		}
		for scheme, text := range proxies {
			if u := mustURL(t, text); u.User != nil || u.Scheme != scheme || u.Hostname() == "" {
				t.Errorf("%q gave the proxy %q for %s", list, text, scheme)
			}
		}
	})
}
