package aws

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// sent is the failure of an attempt as the SDK reports it when no answer came.
func sent(err error) error {
	return &smithy.OperationError{ServiceID: "SFN", OperationName: "DescribeExecution",
		Err: &smithyhttp.RequestSendError{Err: &url.Error{Op: "Post", URL: "https://states.eu-west-1.amazonaws.com/", Err: err}}}
}

// answered is the failure of an attempt whose answer had this status.
func answered(status int, err error) error {
	return &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status, Header: http.Header{}}}, Err: err}
}

func dial(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }

// The types that the SDK was seen to report, one by one.
func TestClassifyByType(t *testing.T) {
	html := &smithy.DeserializationError{Err: fmt.Errorf("failed to decode response body, %w", json.Unmarshal([]byte("<html>"), new(any)))}
	byProxy := func(err error) error { return &attemptError{proxy: "http://proxy:3128", sent: true, err: err} }
	source := func(service string, err error) error {
		return &smithy.OperationError{ServiceID: "SFN", OperationName: "StartExecution", Err: fmt.Errorf("get identity: get credentials: %w",
			&sourceError{&smithy.OperationError{ServiceID: service, OperationName: "X", Err: err}})}
	}
	for name, c := range map[string]struct {
		err  error
		want backend.Code
	}{
		"canceled":                             {&smithy.CanceledError{Err: context.Canceled}, backend.Canceled},
		"CONNECT refused":                      {sent(&connectError{status: "403 Forbidden"}), backend.Proxy},
		"proxy dial":                           {sent(&net.OpError{Op: "proxyconnect", Err: dial(syscall.ECONNREFUSED)}), backend.Proxy},
		"proxy name":                           {sent(&net.OpError{Op: "proxyconnect", Err: dial(&net.DNSError{IsNotFound: true})}), backend.Proxy},
		"proxy certificate":                    {sent(&net.OpError{Op: "proxyconnect", Err: &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}}), backend.Proxy},
		"proxy without TLS":                    {sent(&net.OpError{Op: "proxyconnect", Err: tls.RecordHeaderError{}}), backend.Proxy},
		"cut before the proxy opened":          {sent(&attemptError{proxy: "http://p", stranded: true, err: io.ErrUnexpectedEOF}), backend.Proxy},
		"status 407":                           {answered(407, html), backend.Proxy},
		"URL that cannot be read":              {sent(&url.Error{Op: "parse", Err: errors.New("invalid port")}), backend.Validation},
		"name not found":                       {sent(dial(&net.DNSError{IsNotFound: true})), backend.Connection},
		"refused":                              {sent(dial(os.NewSyscallError("connect", syscall.ECONNREFUSED))), backend.Connection},
		"reset":                                {sent(&net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}), backend.Connection},
		"end of file":                          {sent(io.EOF), backend.Connection},
		"unexpected end of file":               {sent(io.ErrUnexpectedEOF), backend.Connection},
		"time-out":                             {sent(context.DeadlineExceeded), backend.Connection},
		"deadline of a context":                {&smithy.CanceledError{Err: context.DeadlineExceeded}, backend.Connection},
		"no TLS on the other side":             {sent(tls.RecordHeaderError{}), backend.Connection},
		"certificate not trusted":              {sent(&tls.CertificateVerificationError{Err: x509.HostnameError{}}), backend.Connection},
		"anything else on the way":             {sent(errors.New("http: server gave HTTP response to HTTPS client")), backend.Connection},
		"no credentials given":                 {&sourceError{&credentials.StaticCredentialsEmptyError{}}, backend.Authentication},
		"no instance metadata":                 {source("ec2imds", dial(syscall.EHOSTUNREACH)), backend.Authentication},
		"SSO session expired":                  {source("SSO", answered(401, &smithy.GenericAPIError{Code: "UnauthorizedException"})), backend.Authentication},
		"SSO denies the role":                  {source("SSO", answered(403, &smithy.GenericAPIError{Code: "ForbiddenException"})), backend.Authentication},
		"SSO throttled":                        {source("SSO", answered(429, &smithy.GenericAPIError{Code: "TooManyRequestsException"})), backend.Throttled},
		"SSO not reached":                      {source("SSO", dial(syscall.ECONNREFUSED)), backend.Connection},
		"STS not reached":                      {source("STS", dial(syscall.ECONNREFUSED)), backend.Connection},
		"STS behind a refusing proxy":          {source("STS", &connectError{status: "407"}), backend.Proxy},
		"AssumeRole denied":                    {source("STS", answered(403, &smithy.GenericAPIError{Code: "AccessDenied"})), backend.Authorization},
		"AssumeRole with a bad token":          {source("STS", answered(403, &smithy.GenericAPIError{Code: "ExpiredToken"})), backend.Authentication},
		"AssumeRole answers nonsense":          {source("STS", errors.New("validate credentials, missing")), backend.Authentication},
		"parameters that the SDK refuses":      {smithy.InvalidParamsError{Context: "StartExecutionInput"}, backend.Validation},
		"a page of 403 by way of a proxy":      {byProxy(answered(403, html)), backend.Proxy},
		"a page of 502 by way of a proxy":      {byProxy(answered(502, html)), backend.Proxy},
		"a page of 503 by way of a proxy":      {byProxy(answered(503, html)), backend.Proxy},
		"a page of 504 by way of a proxy":      {byProxy(answered(504, html)), backend.Proxy},
		"a page of 500 by way of a proxy":      {byProxy(answered(500, html)), backend.Unavailable},
		"a page of 200 by way of a proxy":      {byProxy(answered(200, html)), backend.Connection},
		"a page of 200":                        {answered(200, html), backend.Connection},
		"a page of 403":                        {answered(403, html), backend.Connection},
		"a page of 503":                        {answered(503, html), backend.Unavailable},
		"an answer cut off":                    {answered(200, &smithy.DeserializationError{Err: io.ErrUnexpectedEOF}), backend.Connection},
		"a refusal of 503 by way of a proxy":   {byProxy(answered(503, &smithy.GenericAPIError{Code: "ServiceUnavailable"})), backend.Unavailable},
		"an unknown code of status 400":        {answered(400, &smithy.GenericAPIError{Code: "ConflictException"}), backend.Unexpected},
		"no code at all of status 302":         {answered(302, &smithy.GenericAPIError{Code: "UnknownError"}), backend.Connection},
		"no code at all of status 404":         {answered(404, &smithy.GenericAPIError{Code: "UnknownError"}), backend.Connection},
		"an unknown code of status 401":        {answered(401, &smithy.GenericAPIError{Code: "UnknownError"}), backend.Authentication},
		"an unknown code of status 403":        {answered(403, &smithy.GenericAPIError{Code: "UnknownError"}), backend.Authorization},
		"an unknown code of status 429":        {answered(429, &smithy.GenericAPIError{Code: "UnknownError"}), backend.Throttled},
		"an unknown code of status 500":        {answered(500, &smithy.GenericAPIError{Code: "UnknownError"}), backend.Unavailable},
		"an error of no kind that we know":     {errors.New("what"), backend.Unexpected},
		"an attempt that did pass the proxy":   {&attemptError{proxy: "http://p", sent: true, err: sent(io.EOF)}, backend.Connection},
		"TLS beyond the proxy that is refused": {&attemptError{proxy: "http://p", err: sent(&tls.CertificateVerificationError{})}, backend.Connection},
	} {
		if got := classify(c.err); got != c.want {
			t.Errorf("%s is %s, want %s (%v)", name, got, c.want, c.err)
		}
	}
}

// Each code goes over the wire, in the protocol of both services.
func TestClassifyByServiceCode(t *testing.T) {
	isolate(t)
	s := serve(t, world(), fakeaws.Options{})
	c := account(s)
	c.Retry.MaxAttempts = 1
	b := open(t, c)
	check := func(op string, fault fakeaws.Fault, want backend.Code, call func() error) {
		t.Helper()
		s.Script(op, fault)
		e := wantCode(t, call(), want)
		if e.Op != op || e.AWSCode != fault.Code || e.Message != fault.Message {
			t.Errorf("%s answered %s as op %q, code %q, message %q", op, fault.Code, e.Op, e.AWSCode, e.Message)
		}
	}
	for code, want := range codes {
		fault := fakeaws.Fault{Code: code, Message: "because of " + code}
		check("DescribeExecution", fault, want, func() error {
			_, err := b.DescribeExecution(t.Context(), machineArn)
			return err
		})
		check("GetCallerIdentity", fault, want, func() error {
			_, err := b.Authenticate(t.Context())
			return err
		})
	}
	for body, want := range map[string]backend.Code{"<html>Welcome</html>": backend.Connection, "<GetCallerIdentityResp": backend.Connection, "": backend.Connection, "welcome": backend.Connection} {
		s.Script("GetCallerIdentity", fakeaws.Fault{Body: body, Status: 200, ContentType: "text/html"})
		_, err := b.Authenticate(t.Context())
		wantCode(t, err, want)
	}
	for status, want := range map[int]backend.Code{302: backend.Connection, 403: backend.Connection, 404: backend.Connection, 503: backend.Unavailable} {
		s.Script("GetCallerIdentity", fakeaws.Fault{Body: "<html>Welcome</html>", Status: status, ContentType: "text/html; charset=utf-8"})
		_, err := b.Authenticate(t.Context())
		wantCode(t, err, want)
	}
	check("DescribeExecution", fakeaws.Fault{Code: "SomethingNew", Message: "m"}, backend.Unexpected, func() error {
		_, err := b.DescribeExecution(t.Context(), machineArn)
		return err
	})
	check("DescribeExecution", fakeaws.Fault{Code: "SomethingNew", Status: 503, Message: "m"}, backend.Unavailable, func() error {
		_, err := b.DescribeExecution(t.Context(), machineArn)
		return err
	})
}

// The classes of the contract, spelled out again: a table that is only compared with itself proves nothing.
func TestContractCodes(t *testing.T) {
	for want, list := range map[backend.Code][]string{
		backend.Authentication: {"UnrecognizedClientException", "InvalidClientTokenId", "InvalidSignatureException", "SignatureDoesNotMatch",
			"ExpiredToken", "ExpiredTokenException", "IncompleteSignature", "MissingAuthenticationToken", "MissingAuthenticationTokenException",
			"InvalidAccessKeyId", "AuthFailure", "RequestExpired"},
		backend.Authorization: {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedException", "KmsAccessDeniedException", "OptInRequired"},
		backend.Validation:    {"InvalidArn", "InvalidName", "InvalidExecutionInput", "ValidationException"},
		backend.Throttled:     {"ThrottlingException", "Throttling", "TooManyRequestsException"},
	} {
		for _, code := range list {
			if codes[code] != want {
				t.Errorf("%s is %q, want %s", code, codes[code], want)
			}
		}
	}
}

// A way to the proxy that broke off may hold the next time; what the proxy answers stands.
func TestWhatIsTriedAgainAtAProxy(t *testing.T) {
	proxied := func(err error) error { return sent(&net.OpError{Op: "proxyconnect", Err: err}) }
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"refused":                     {proxied(dial(syscall.ECONNREFUSED)), true},
		"cut before the proxy opened": {sent(&attemptError{proxy: "http://p", stranded: true, err: io.ErrUnexpectedEOF}), true},
		"no such name":                {proxied(dial(&net.DNSError{IsNotFound: true})), false},
		"certificate":                 {proxied(&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}), false},
		"CONNECT refused":             {sent(&connectError{status: "403 Forbidden"}), false},
		"password asked for":          {answered(407, errors.New("no JSON")), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := isRetryable(c.err); got != c.want || classify(c.err) != backend.Proxy {
				t.Errorf("tried again: %t, want %t; class %s", got, c.want, classify(c.err))
			}
		})
	}
}

func TestBrokenConnections(t *testing.T) {
	refusing := refusingAddress(t)
	for name, c := range map[string]struct {
		fault     fakeaws.Fault
		change    func(*Config, *fakeaws.Server)
		want      backend.Code
		ambiguous bool
	}{
		"refused": {want: backend.Connection, change: func(c *Config, _ *fakeaws.Server) { c.EndpointURL = "http://" + refusing }},
		"TLS with a plain server": {want: backend.Connection, change: func(c *Config, s *fakeaws.Server) {
			c.EndpointURL = "https://" + s.Address
		}},
		"reset before the request was handled": {fault: fakeaws.Fault{Reset: fakeaws.BeforeHandling}, want: backend.Connection, ambiguous: true},
		"reset after the request was handled":  {fault: fakeaws.Fault{Reset: fakeaws.AfterHandling}, want: backend.Connection, ambiguous: true},
		"cut in the middle of the answer":      {fault: fakeaws.Fault{Reset: fakeaws.MidAnswer}, want: backend.Connection, ambiguous: true},
		"no answer in time": {fault: fakeaws.Fault{Hang: true}, want: backend.Connection, ambiguous: true, change: func(c *Config, _ *fakeaws.Server) {
			c.AttemptTimeout = 500 * time.Millisecond
		}},
		"JSON cut off":           {fault: fakeaws.Fault{Body: `{"executionArn":"arn:`, ContentType: "application/x-amz-json-1.0"}, want: backend.Connection, ambiguous: true},
		"empty object":           {fault: fakeaws.Fault{Body: `{}`}, want: backend.Connection, ambiguous: true},
		"empty body":             {fault: fakeaws.Fault{Status: 200}, want: backend.Connection, ambiguous: true},
		"a page in place of AWS": {fault: fakeaws.Fault{Body: "<html>Welcome</html>", ContentType: "text/html"}, want: backend.Connection, ambiguous: true},
		"a page of 502":          {fault: fakeaws.Fault{Body: "<html>Bad gateway</html>", Status: 502}, want: backend.Unavailable, ambiguous: true},
		"a redirection":          {fault: fakeaws.Fault{Status: 302, Body: "<html>", Header: http.Header{"Location": {"http://127.0.0.1:1/"}}}, want: backend.Connection, ambiguous: true},
		"500":                    {fault: fakeaws.Fault{Code: "InternalFailure", Status: 500}, want: backend.Unavailable, ambiguous: true},
		"500 without a text":     {fault: fakeaws.Fault{Status: 500, Body: "{}"}, want: backend.Unavailable, ambiguous: true},
		"throttled":              {fault: fakeaws.Fault{Code: "ThrottlingException"}, want: backend.Throttled},
		"limit of executions":    {fault: fakeaws.Fault{Code: "ExecutionLimitExceeded"}, want: backend.ExecutionLimitExceeded},
		"400 of tomorrow":        {fault: fakeaws.Fault{Code: "SomethingNew"}, want: backend.Unexpected},
		"413":                    {fault: fakeaws.Fault{Code: "RequestEntityTooLarge", Status: 413}, want: backend.Unexpected},
		"400 of nobody":          {fault: fakeaws.Fault{Status: 400}, want: backend.Connection, ambiguous: true},
	} {
		t.Run(name, func(t *testing.T) {
			isolate(t)
			s := serve(t, world(), fakeaws.Options{})
			cfg := account(s)
			cfg.Retry.MaxAttempts = 1
			if c.change != nil {
				c.change(&cfg, s)
			}
			b := open(t, cfg)
			if _, err := b.Authenticate(t.Context()); err != nil && cfg.EndpointURL == s.URL {
				t.Fatal(err) // the connection is made now, not within the time of the attempt
			}
			s.Script("StartExecution", c.fault)
			_, err := b.StartExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: machineArn, Name: "a"})
			if e := wantCode(t, err, c.want); e.Ambiguous != c.ambiguous {
				t.Errorf("Ambiguous is %t, want %t (%v)", e.Ambiguous, c.ambiguous, e)
			}
		})
	}
}

func TestRequestIDAndRetryAfter(t *testing.T) {
	isolate(t)
	s := serve(t, world(), fakeaws.Options{})
	b := open(t, account(s))
	for name, header := range map[string]http.Header{
		"seconds":      {"Retry-After": {"90"}},
		"milliseconds": {"X-Amz-Retry-After": {"90000"}, "Retry-After": {"1"}},
		"a date":       {"Date": {"Thu, 01 Jan 2032 00:00:00 GMT"}, "Retry-After": {"Thu, 01 Jan 2032 00:01:30 GMT"}},
	} {
		before := len(s.Requests())
		s.Script("DescribeExecution", fakeaws.Fault{Code: "ThrottlingException", Header: header})
		_, err := b.DescribeExecution(t.Context(), machineArn)
		e := wantCode(t, err, backend.Throttled)
		if e.RetryAfter != 90*time.Second || e.RequestID == "" {
			t.Errorf("%s: retry after %s, request ID %q, want 1m30s and an ID", name, e.RetryAfter, e.RequestID)
		}
		if n := len(s.Requests()) - before; n != 1 {
			t.Errorf("%s: %d attempts, want 1: the pause is beyond MaxDelay", name, n)
		}
	}
}

func TestRetryAfterHasALimit(t *testing.T) {
	isolate(t)
	s := serve(t, world(), fakeaws.Options{})
	b := open(t, account(s))
	s.Script("DescribeExecution", fakeaws.Fault{Code: "ThrottlingException", Header: http.Header{"Retry-After": {"99999999"}}})
	_, err := b.DescribeExecution(t.Context(), machineArn)
	if e := wantCode(t, err, backend.Throttled); e.RetryAfter != time.Hour {
		t.Errorf("retry after %s, want an hour", e.RetryAfter)
	}
}

func TestCanceledByTheCaller(t *testing.T) {
	isolate(t)
	s := serve(t, world(), fakeaws.Options{})
	b := open(t, account(s))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s.Script("StartExecution", fakeaws.Fault{Hang: true, Met: cancel})
	_, err := b.StartExecution(ctx, backend.StartExecutionInput{StateMachineArn: machineArn, Name: "a"})
	if e := wantCode(t, err, backend.Canceled); !e.Ambiguous {
		t.Error("a start that was on its way is not marked ambiguous")
	}
}
