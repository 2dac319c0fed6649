package tasks

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/value"
)

// invokePath is where a function is invoked.
const invokePath = "/2015-03-31/functions/"

// endpoint answers tasks by calling functions at an address that speaks the Lambda invoke API, such as SAM's
// `sam local start-lambda`, LocalStack or the Lambda runtime interface emulator. Nothing but this address is called: no
// proxy, no redirect. A request is given up when the task's timeout has passed.
type endpoint struct {
	base   *url.URL
	client *http.Client
	now    func() time.Time
}

func newEndpoint(address string) (*endpoint, error) {
	base, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	client := &http.Client{
		Transport:     &http.Transport{}, // whose Proxy is nil
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &endpoint{base: base, client: client, now: time.Now}, nil
}

// Answer invokes the function once.
func (e *endpoint) Answer(c sim.Call) (sim.Answer, error) {
	inv, refused, err := newInvocation(c)
	if err != nil {
		return sim.Answer{}, err
	}
	if refused != nil {
		return *refused, nil
	}
	if inv.function.name == "" {
		return sim.Answer{}, fmt.Errorf("%s calls no function, and %s answers functions only: use exec:COMMAND or --mock", c.Resource, e.base)
	}
	ctx := context.Background()
	if c.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.Timeout)
		defer cancel()
	}
	start := e.now()
	a, err := e.invoke(ctx, &inv)
	took := e.now().Sub(start)
	var failed *unreachable
	if errors.As(err, &failed) {
		if ctx.Err() != nil {
			return sim.Never(), nil
		}
		a, err = throw("Lambda.SdkClientException", "Unable to execute HTTP request: "+failed.Error()), nil
	}
	return after(a, took), err
}

// unreachable says that a request or its response got lost.
type unreachable struct{ err error }

func (u *unreachable) Error() string {
	var wrapped *url.Error
	if errors.As(u.err, &wrapped) {
		return wrapped.Err.Error()
	}
	return u.err.Error()
}

func (e *endpoint) invoke(ctx context.Context, inv *invocation) (sim.Answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.address(inv).String(), strings.NewReader(inv.payload))
	if err != nil {
		return sim.Answer{}, fmt.Errorf("invoke %s: %w", inv.function.name, err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Amz-Invocation-Type", "RequestResponse")
	if inv.logs {
		req.Header.Set("X-Amz-Log-Type", "Tail")
	}
	if v, ok := inv.call.Parameters.Get("ClientContext"); ok && inv.invoke {
		req.Header.Set("X-Amz-Client-Context", v.Str())
	}
	resp, err := e.client.Do(req)
	if err != nil {
		return sim.Answer{}, &unreachable{err}
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxResponse+1))
	if err != nil {
		return sim.Answer{}, &unreachable{err}
	}
	switch {
	case resp.StatusCode >= 300:
		return inv.serviceError(resp, string(body)), nil
	case resp.Header.Get("X-Amz-Function-Error") != "":
		return inv.failed(string(body)), nil
	}
	return inv.succeeded(response{text: string(body), status: resp.StatusCode, version: resp.Header.Get("X-Amz-Executed-Version"), log: resp.Header.Get("X-Amz-Log-Result")})
}

// address is that of a function; one that ends in /invocations is taken as it is.
func (e *endpoint) address(inv *invocation) *url.URL {
	u := *e.base
	if !strings.HasSuffix(u.Path, "/invocations") {
		u = *u.JoinPath(invokePath, url.PathEscape(inv.function.name), "invocations")
	}
	if q := inv.function.qualifier; q != "" {
		u.RawQuery = url.Values{"Qualifier": {q}}.Encode()
	}
	return &u
}

// serviceError is the answer to an error of the service, not of the function.
func (inv *invocation) serviceError(resp *http.Response, body string) sim.Answer {
	code, _, _ := strings.Cut(resp.Header.Get("X-Amzn-Errortype"), ":")
	if code == "" {
		code = "AWSLambdaException"
	}
	message := resp.Status
	v, _ := value.Parse(body)
	for _, key := range []string{"Message", "message"} {
		if m, ok := v.Get(key); ok && m.Kind() == value.StringKind {
			message = m.Str()
			break
		}
	}
	return throw("Lambda."+code, inv.serviceCause(message, resp.StatusCode, code))
}
