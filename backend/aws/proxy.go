package aws

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/sfnx/sfnx/internal/secret"
	"golang.org/x/net/http/httpproxy"
)

// ProxyType is the kind of a proxy connection.
type ProxyType string

// The proxy types. Whether TLS is spoken with the proxy follows from the scheme of its URL; the type says whether
// credentials are sent.
const (
	ProxyHTTP                 ProxyType = "HTTP"
	ProxyHTTPS                ProxyType = "HTTPS"
	ProxyHTTPSWithCredentials ProxyType = "HTTPS With Credentials"
)

// Proxy is the way to AWS. The zero Proxy follows HTTPS_PROXY, HTTP_PROXY and NO_PROXY. The instance metadata services
// are never asked through a proxy.
type Proxy struct {
	Type ProxyType // "" = HTTP

	// URLs has the proxy for endpoints of each scheme, "https" and "http"; ParseProxies reads the usual list. A scheme
	// without a proxy takes the other's. Empty = the environment. NO_PROXY does not apply to URLs given here.
	URLs map[string]string

	// CABundleFile is a PEM file whose certificates are trusted beside the system's, from the proxy and from AWS.
	CABundleFile string

	// User and Password are sent with CONNECT only, so to https endpoints only, and only with ProxyHTTPSWithCredentials.
	User     secret.String
	Password secret.String
}

// ParseProxies reads a comma list of one or two proxies: "http://host:port" serves every endpoint,
// "http://host:port,https://host:port" has one for the endpoints of each scheme.
func ParseProxies(list string) (map[string]string, error) {
	urls := map[string]string{}
	for _, text := range strings.Split(list, ",") {
		u, err := parseURL(strings.TrimSpace(text))
		if err != nil {
			return nil, err
		}
		if urls[u.Scheme] != "" {
			return nil, fmt.Errorf("there are two proxies for %s endpoints, want one per scheme", u.Scheme)
		}
		urls[u.Scheme] = u.String()
	}
	return urls, nil
}

func (p Proxy) problems() []error {
	var problems []error
	add := func(field, format string, args ...any) {
		problems = append(problems, Problem{Field: "Proxy." + field, Rule: fmt.Sprintf(format, args...)})
	}
	switch p.Type {
	case "", ProxyHTTP, ProxyHTTPS:
	case ProxyHTTPSWithCredentials:
		if !p.User.IsSet() || !p.Password.IsSet() {
			add("User", "the type %q needs User and Password", p.Type)
		}
	default:
		add("Type", "%q is no proxy type, want %q, %q or %q", p.Type, ProxyHTTP, ProxyHTTPS, ProxyHTTPSWithCredentials)
	}
	for _, scheme := range []string{"http", "https"} {
		if text := p.URLs[scheme]; text != "" {
			if _, err := parseURL(text); err != nil {
				add("URLs", "%v", err)
			}
		}
	}
	if len(p.URLs) > 0 && p.URLs["http"] == "" && p.URLs["https"] == "" {
		add("URLs", "there is none for the scheme http or https")
	}
	if p.CABundleFile != "" {
		if _, err := readPEM(p.CABundleFile); err != nil {
			add("CABundleFile", "%v", err)
		}
	}
	return problems
}

// maxHeader bounds the header of an answer. AWS's have a few hundred bytes.
const maxHeader = 1 << 20

// newClient makes the SDK's own kind of client, with the proxy in it. The Config has been checked.
func newClient(p Proxy, hidden *masks) (*awshttp.BuildableClient, error) {
	choose, err := p.choose()
	if err != nil {
		return nil, err
	}
	var roots *x509.CertPool
	if p.CABundleFile != "" {
		if roots, err = rootsWith(p.CABundleFile); err != nil {
			return nil, err
		}
	}
	return awshttp.NewBuildableClient().WithReadTimeout(0).WithTransportOptions(func(t *http.Transport) {
		t.Proxy = func(r *http.Request) (*url.URL, error) {
			if isMetadata(r.URL) {
				return nil, nil
			}
			u := choose(r.URL)
			if u != nil {
				hidden.learnUserinfo(u.User)
			}
			attemptOf(r.Context()).goesBy(u)
			return u, nil
		}
		t.OnProxyConnectResponse = onConnect
		t.MaxResponseHeaderBytes = maxHeader
		// Go writes CONNECT in HTTP/1.1 even after it has agreed on HTTP/2 with a TLS proxy: so it must not offer it.
		t.ForceAttemptHTTP2 = false
		t.TLSClientConfig.NextProtos = []string{"http/1.1"}
		t.TLSClientConfig.RootCAs = roots
		if p.Type == ProxyHTTPSWithCredentials {
			userinfo := p.User.Reveal() + ":" + p.Password.Reveal()
			hidden.learnUserinfo(url.UserPassword(p.User.Reveal(), p.Password.Reveal()))
			t.ProxyConnectHeader = http.Header{
				"Proxy-Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(userinfo))},
			}
		}
	}), nil
}

// choose gives the function that finds the proxy for a URL, nil for none.
func (p Proxy) choose() (func(*url.URL) *url.URL, error) {
	if len(p.URLs) == 0 {
		return proxyOfEnvironment()
	}
	proxies := map[string]*url.URL{}
	for scheme, other := range map[string]string{"http": "https", "https": "http"} {
		text := p.URLs[scheme]
		fill(&text, p.URLs[other])
		u, err := parseURL(text)
		if err != nil {
			return nil, fmt.Errorf("Proxy.URLs: %w", err)
		}
		proxies[scheme] = u
	}
	return func(target *url.URL) *url.URL {
		return proxies[target.Scheme]
	}, nil
}

// proxyOfEnvironment reads the environment anew, which http.ProxyFromEnvironment does only once per process, and
// refuses a proxy that it cannot read, which httpproxy passes over in silence.
func proxyOfEnvironment() (func(*url.URL) *url.URL, error) {
	env := httpproxy.FromEnvironment()
	for name, text := range map[string]string{"HTTPS_PROXY": env.HTTPSProxy, "HTTP_PROXY": env.HTTPProxy} {
		if !strings.Contains(text, "://") {
			text = "http://" + text
		}
		u, err := url.Parse(text)
		switch {
		case err != nil:
			return nil, fmt.Errorf("%s of the environment cannot be read as a URL", name)
		case !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme): // Go would take it for http
			return nil, fmt.Errorf("%s of the environment has the scheme %q, want http, https or socks5", name, u.Scheme)
		}
	}
	find := env.ProxyFunc()
	return func(target *url.URL) *url.URL {
		u, err := find(target)
		if err != nil { // only for HTTP_PROXY inside a CGI script
			return nil
		}
		return u
	}, nil
}

// isMetadata reports whether u is a credential source of the machine itself: link-local addresses and those of EC2 in IPv6.
func isMetadata(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return err == nil && (ip.IsLinkLocalUnicast() || netip.MustParsePrefix("fd00:ec2::/32").Contains(ip))
}

func rootsWith(file string) (*x509.CertPool, error) {
	pem, err := readPEM(file)
	if err != nil {
		return nil, fmt.Errorf("Proxy.CABundleFile: %w", err)
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("read the system's certificates: %w", err)
	}
	roots.AppendCertsFromPEM(pem)
	return roots, nil
}

// connectError is a proxy's refusal to open a way to AWS.
type connectError struct {
	proxy  string // without userinfo
	status string // "407 Proxy Authentication Required"
	hint   string // what the proxy says about it
}

func (e *connectError) Error() string {
	s := "it answered CONNECT with " + e.status
	if e.hint != "" {
		s += " (" + e.hint + ")"
	}
	return s
}

func onConnect(ctx context.Context, proxy *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		attemptOf(ctx).isThrough()
		return nil
	}
	e := &connectError{proxy: withoutUserinfo(proxy), status: answer.Status}
	for _, name := range []string{"Proxy-Authenticate", "X-Squid-Error"} {
		if v := answer.Header.Get(name); v != "" {
			if e.hint != "" {
				e.hint += ", "
			}
			e.hint += name + ": " + v
		}
	}
	return e
}

func withoutUserinfo(u *url.URL) string {
	return (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
}
