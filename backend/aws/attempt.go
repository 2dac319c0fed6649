package aws

import (
	"context"
	"net/http/httptrace"
	"net/url"
	"sync"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
)

// attempt is what becomes known of one attempt of a request on its way: Go's transport tells neither that a proxy
// broke off before it opened the way, nor whether bytes have left. A nil attempt takes notes of nothing.
type attempt struct {
	mu      sync.Mutex // a dial may outlive its request
	proxy   string     // without userinfo; "" = direct
	through bool       // the proxy has answered CONNECT with 200
	sent    bool       // there was a connection to write to
}

type attemptKey struct{}

func attemptOf(ctx context.Context) *attempt {
	a, _ := ctx.Value(attemptKey{}).(*attempt)
	return a
}

func (a *attempt) note(f func()) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	f()
}

func (a *attempt) goesBy(proxy *url.URL) {
	if proxy != nil {
		a.note(func() { a.proxy = withoutUserinfo(proxy) })
	}
}

func (a *attempt) isThrough() { a.note(func() { a.through = true }) }

// attemptError is the failure of one attempt.
type attemptError struct {
	proxy    string // without userinfo; "" = direct
	stranded bool   // the attempt did not get past the proxy
	sent     bool   // the request, or a part of it, may have left
	err      error
}

func (e *attemptError) Error() string { return e.err.Error() }
func (e *attemptError) Unwrap() error { return e.err }

func (a *attempt) failed(err error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return &attemptError{proxy: a.proxy, stranded: a.proxy != "" && !a.through && !a.sent, sent: a.sent, err: err}
}

// watchAttempts takes notes of each attempt of every client. It stands innermost, where each attempt passes and where
// the credentials of the call, which may need requests of their own, are settled already.
func watchAttempts(stack *middleware.Stack) error {
	return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("sfnxAttempt",
		func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			a := &attempt{}
			ctx = context.WithValue(ctx, attemptKey{}, a)
			ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
				GotConn: func(httptrace.GotConnInfo) { a.note(func() { a.sent = true }) },
			})
			out, metadata, err := next.HandleDeserialize(ctx, in)
			if err == nil {
				if hollow := lack(out.Result); hollow != nil {
					err = &smithy.DeserializationError{Err: hollow}
				}
			}
			if err != nil {
				err = a.failed(err)
			}
			return out, metadata, err
		}), middleware.Before)
}
