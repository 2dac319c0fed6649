package fakeaws

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/secret"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const arn = "arn:aws:states:" + Region + ":" + Account + ":stateMachine:order"

// backendOf gives every answer of a backend.Backend and no capability.
type backendOf struct{ err error }

func (b backendOf) Authenticate(context.Context) (backend.Identity, error) {
	return backend.Identity{Account: Account, Arn: "arn", UserID: "u"}, b.err
}

func (b backendOf) StartExecution(context.Context, backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
	return backend.StartExecutionOutput{}, b.err
}

func (b backendOf) DescribeExecution(context.Context, string) (backend.Execution, error) {
	if b.err == nil {
		panic("on purpose")
	}
	return backend.Execution{}, b.err
}

type client struct {
	t     *testing.T
	s     *Server
	creds aws.Credentials
	at    time.Time
	http  *http.Client
}

func dial(t *testing.T, b backend.Backend, o Options) *client {
	t.Helper()
	s, err := Start(b, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &client{t: t, s: s, at: time.Now(), http: &http.Client{Transport: transport},
		creds: aws.Credentials{AccessKeyID: AccessKeyID, SecretAccessKey: SecretAccessKey.Reveal()}}
}

// call signs a request with the SDK's own signer and gives the status and the answer.
func (c *client) call(service, operation, body string, change ...func(*http.Request)) (int, string, error) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.s.URL+"/", strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if service == "states" {
		r.Header.Set("Content-Type", "application/x-amz-json-1.0")
		r.Header.Set("X-Amz-Target", "AWSStepFunctions."+operation)
	}
	sum := sha256.Sum256([]byte(body))
	if err := v4.NewSigner().SignHTTP(c.t.Context(), c.creds, r, hex.EncodeToString(sum[:]), service, Region, c.at); err != nil {
		c.t.Fatal(err)
	}
	for _, f := range change {
		f(r)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text), err
}

func (c *client) want(status int, code, service, operation, body string, change ...func(*http.Request)) string {
	c.t.Helper()
	got, text, err := c.call(service, operation, body, change...)
	if err != nil || got != status || !strings.Contains(text, code) {
		c.t.Errorf("%s answered %d %s, %v; want %d and %q in it", operation, got, text, err, status, code)
	}
	return text
}

func cannedOrder() *Canned {
	return NewCanned(time.UnixMilli(1750000000123), map[string]Machine{arn: {After: time.Minute}})
}

const caller = "Action=GetCallerIdentity&Version=2011-06-15"

func TestSignatures(t *testing.T) {
	c := dial(t, cannedOrder(), Options{})
	const start = `{"stateMachineArn":"` + arn + `","name":"a b"}`
	for name, change := range map[string]struct {
		client  func(*client)
		request func(*http.Request)
		states  string
		sts     string
	}{
		"good":          {states: "InvalidName", sts: "user/canned"},
		"unknown key":   {client: func(c *client) { c.creds.AccessKeyID = "AKIANOBODY" }, states: "UnrecognizedClientException", sts: "InvalidClientTokenId"},
		"wrong secret":  {client: func(c *client) { c.creds.SecretAccessKey = "x" }, states: "InvalidSignatureException", sts: "SignatureDoesNotMatch"},
		"foreign token": {client: func(c *client) { c.creds.SessionToken = "x" }, states: "UnrecognizedClientException", sts: "InvalidClientTokenId"},
		"clock ahead":   {client: func(c *client) { c.at = c.at.Add(10 * time.Minute) }, states: "InvalidSignatureException", sts: "SignatureDoesNotMatch"},
		"clock behind":  {client: func(c *client) { c.at = c.at.Add(-10 * time.Minute) }, states: "InvalidSignatureException", sts: "SignatureDoesNotMatch"},
		"no signature":  {request: func(r *http.Request) { r.Header.Del("Authorization") }, states: "MissingAuthenticationTokenException", sts: "MissingAuthenticationToken"},
		"another body": {request: func(r *http.Request) {
			body := "Action=GetCallerIdentity&x=1"
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		}, states: "InvalidSignatureException", sts: "SignatureDoesNotMatch"},
		"a header changed": {request: func(r *http.Request) { r.Header.Set("X-Amz-Date", c.at.Add(time.Second).UTC().Format(sigDate)) },
			states: "InvalidSignatureException", sts: "SignatureDoesNotMatch"},
	} {
		t.Run(name, func(t *testing.T) {
			c := *c
			c.t = t
			if change.client != nil {
				change.client(&c)
			}
			if change.request == nil {
				change.request = func(*http.Request) {}
			}
			status := http.StatusForbidden
			if name == "good" {
				status = http.StatusOK
			}
			c.want(http.StatusBadRequest, change.states, "states", "StartExecution", start, change.request)
			c.want(status, change.sts, "sts", "GetCallerIdentity", caller, change.request)
		})
	}
}

func TestSessions(t *testing.T) {
	now := time.Now()
	c := dial(t, cannedOrder(), Options{Now: func() time.Time { return now }})
	text := c.want(200, "assumed-role/r/nightly", "sts", "AssumeRole", "Action=AssumeRole&RoleArn=arn:aws:iam::123456789012:role/p/r&RoleSessionName=nightly&DurationSeconds=900")
	member := func(name string) string {
		_, rest, _ := strings.Cut(text, "<"+name+">")
		value, _, _ := strings.Cut(rest, "<")
		return value
	}
	c.creds = aws.Credentials{AccessKeyID: member("AccessKeyId"), SecretAccessKey: member("SecretAccessKey"), SessionToken: member("SessionToken")}
	c.want(200, "arn:aws:sts::123456789012:assumed-role/r/nightly", "sts", "GetCallerIdentity", caller)
	now = now.Add(15 * time.Minute)
	c.at = now
	c.want(403, "ExpiredToken", "sts", "GetCallerIdentity", caller)
	c.want(400, "ExpiredTokenException", "states", "DescribeExecution", "{}")

	c.creds = aws.Credentials{AccessKeyID: AccessKeyID, SecretAccessKey: SecretAccessKey.Reveal()}
	for name, form := range map[string]string{
		"no role":      "RoleSessionName=nightly",
		"a user":       "RoleArn=arn:aws:iam::123456789012:user/u&RoleSessionName=nightly",
		"short name":   "RoleArn=arn:aws:iam::123456789012:role/r&RoleSessionName=n",
		"short time":   "RoleArn=arn:aws:iam::123456789012:role/r&RoleSessionName=nn&DurationSeconds=899",
		"time as text": "RoleArn=arn:aws:iam::123456789012:role/r&RoleSessionName=nn&DurationSeconds=hour",
	} {
		t.Run(name, func(*testing.T) { c.want(400, "ValidationError", "sts", "AssumeRole", "Action=AssumeRole&"+form) })
	}
	c.want(400, "InvalidAction", "sts", "GetSessionToken", "Action=GetSessionToken")
}

func TestWireErrors(t *testing.T) {
	for _, code := range backend.Codes() {
		e, known := wire[code]
		if !known {
			t.Errorf("the code %s has no form on the wire", code)
			continue
		}
		c := dial(t, backendOf{&backend.Error{Code: code, Message: "because"}}, Options{})
		status, text, err := c.call("states", "StartExecution", "{}")
		if e.name == "" {
			if err == nil {
				t.Errorf("%s answered %d %s, want the connection cut", code, status, text)
			}
			continue
		}
		var body struct{ Type, Message string }
		if err := json.Unmarshal([]byte(strings.Replace(text, "__type", "type", 1)), &body); err != nil {
			t.Fatalf("%s answered %s: %v", code, text, err)
		}
		if _, name, _ := strings.Cut(body.Type, "#"); status != e.status || name != e.name || body.Message != "because" {
			t.Errorf("%s answered %d %s", code, status, text)
		}
	}
	c := dial(t, backendOf{&backend.Error{Code: backend.Validation, AWSCode: "InvalidArn"}}, Options{})
	c.want(400, "#InvalidArn", "states", "StartExecution", "{}")
	c.want(400, "<Code>InvalidArn</Code>", "sts", "GetCallerIdentity", caller)
	c = dial(t, backendOf{&backend.Error{Code: backend.Authentication}}, Options{})
	c.want(400, "<Code>InvalidClientTokenId</Code>", "sts", "GetCallerIdentity", caller)
	c = dial(t, backendOf{errors.New("of no kind")}, Options{})
	c.want(500, "InternalFailure", "states", "StartExecution", "{}")
	c = dial(t, backendOf{}, Options{})
	c.want(500, "on purpose", "states", "DescribeExecution", "{}")
	c.want(400, "UnknownOperationException", "states", "StopExecution", "{}")
	c.want(400, "UnknownOperationException", "states", "ListExecutions", "{}")
	c.want(400, "SerializationException", "states", "StartExecution", "{")
}

func TestFaults(t *testing.T) {
	c := dial(t, cannedOrder(), Options{})
	const start = `{"stateMachineArn":"` + arn + `","name":"a","input":"{}"}`
	const describe = `{"executionArn":"arn:aws:states:eu-west-1:123456789012:execution:order:a"}`

	c.s.Script("StartExecution", Fault{Times: 2, Code: "ThrottlingException", Message: "slow", Header: http.Header{"Retry-After": {"3"}}})
	c.want(400, "ThrottlingException", "states", "StartExecution", start)
	c.want(400, "slow", "states", "StartExecution", start)
	c.want(400, "ExecutionDoesNotExist", "states", "DescribeExecution", describe) // neither was carried out

	c.s.Script("StartExecution", Fault{Code: "InternalFailure", Status: 500, Handled: true})
	c.want(500, "InternalFailure", "states", "StartExecution", start)
	c.want(200, "RUNNING", "states", "DescribeExecution", describe)

	for _, moment := range []Moment{BeforeHandling, AfterHandling, MidAnswer} {
		c.s.Script("DescribeExecution", Fault{Reset: moment})
		if status, text, err := c.call("states", "DescribeExecution", describe); err == nil {
			t.Errorf("moment %d answered %d %s", moment, status, text)
		}
	}
	c.s.Script(Any, Fault{Body: "<html>", Status: 502, ContentType: "text/html"})
	c.want(502, "<html>", "sts", "GetCallerIdentity", caller)
	c.s.Script("DescribeExecution", Fault{Edit: func(a map[string]any) { a["status"] = "PAUSED" }})
	c.want(200, "PAUSED", "states", "DescribeExecution", describe)

	c.s.Script("DescribeExecution", Fault{Times: Forever, Code: "AccessDeniedException"})
	for range 3 {
		c.want(400, "AccessDeniedException", "states", "DescribeExecution", describe)
	}
	c.s.Heal()
	c.want(200, "RUNNING", "states", "DescribeExecution", describe)

	c.s.Script("DescribeExecution", Fault{Hang: true})
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() {
		_, _, err := c.call("states", "DescribeExecution", describe, func(r *http.Request) { *r = *r.WithContext(ctx) })
		gone <- err
	}()
	cancel()
	if err := <-gone; err == nil {
		t.Error("a request that hangs was answered")
	}
}

func TestRequestsAreRecordedWithoutSecrets(t *testing.T) {
	c := dial(t, cannedOrder(), Options{})
	c.creds.SessionToken = "canary-token"
	c.want(400, "UnrecognizedClientException", "states", "DescribeExecution", `{"executionArn":"x"}`)
	c.want(403, "InvalidClientTokenId", "sts", "GetCallerIdentity", caller)
	all := c.s.Requests()
	if len(all) != 2 || all[0].Service != "states" || all[1].Operation != "GetCallerIdentity" {
		t.Fatalf("recorded %+v", all)
	}
	one := c.s.Requests("DescribeExecution")
	if len(one) != 1 || !bytes.Equal(one[0].Body, []byte(`{"executionArn":"x"}`)) {
		t.Errorf("recorded %+v", one)
	}
	for _, r := range all {
		for name, values := range r.Header {
			if text := strings.Join(values, " "); strings.Contains(text, "canary-token") || strings.Contains(text, "Signature=") {
				t.Errorf("the header %s was recorded: %s", name, text)
			}
		}
	}
}

func TestTLSAndProxies(t *testing.T) {
	ca, err := NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca.PEM()) {
		t.Fatal("the authority's PEM cannot be read")
	}
	c := dial(t, cannedOrder(), Options{TLS: ca, Hosts: []string{"states.example.test"}})
	if _, _, err := c.call("sts", "GetCallerIdentity", caller); err == nil {
		t.Error("the authority is trusted by default")
	}
	transport := c.http.Transport.(*http.Transport).Clone()
	t.Cleanup(transport.CloseIdleConnections)
	transport.TLSClientConfig.RootCAs = roots
	c.http.Transport = transport
	c.want(200, "user/canned", "sts", "GetCallerIdentity", caller)

	p, err := StartProxy(ProxyOptions{TLS: ca, User: secret.New("u"), Password: secret.New("p:w"), Forward: c.s.Address})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	t.Cleanup(transport.CloseIdleConnections)
	where, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	where.User = url.UserPassword("u", "p:w")
	transport.Proxy = http.ProxyURL(where)
	c.s.URL = "https://states.example.test"
	c.want(200, "user/canned", "sts", "GetCallerIdentity", caller)
	transport.CloseIdleConnections()
	where.User = nil
	if _, _, err := c.call("sts", "GetCallerIdentity", caller); err == nil || !strings.Contains(err.Error(), "Proxy Authentication Required") {
		t.Errorf("without credentials the proxy gives %v", err)
	}
	if asked := p.Asked(); len(asked) != 2 || asked[0] != "states.example.test:443" || p.Passed() != 1 {
		t.Errorf("the proxy was asked for %v and let %d pass", asked, p.Passed())
	}
}

// Closing ends what hangs, and leaves no goroutine (TestMain).
func TestCloseEndsEverything(t *testing.T) {
	s, err := Start(cannedOrder(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.Script(Any, Fault{Hang: true})
	written, answered := make(chan struct{}), make(chan error)
	go func() {
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { close(written) }})
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, strings.NewReader(caller))
		if err != nil {
			answered <- err
			return
		}
		answer, err := http.DefaultClient.Do(r)
		if err == nil {
			_ = answer.Body.Close()
		}
		answered <- err
	}()
	<-written
	s.Close()
	if err := <-answered; err == nil {
		t.Error("a request that hangs was answered")
	}
}
