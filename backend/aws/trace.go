package aws

import (
	"context"
	"net/http"
	"net/url"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Exchange is one request of the SDK and what came of it, without anything that could be secret: bodies, queries and all
// headers but a few are left out.
type Exchange struct {
	Service   string // "SFN", "STS", "SSO" ...
	Operation string
	Method    string
	URL       string // without userinfo and query
	Proxy     string // the proxy that it went by, without userinfo; "" = none
	Status    int    // 0 = no answer
	Took      time.Duration
	Headers   http.Header // of the answer, those of shownHeaders
	Err       error       // why there is no answer, or no good one
}

// shownHeaders say something about an answer and nothing about the caller.
var shownHeaders = []string{"Content-Type", "Content-Length", "Date", "Retry-After", "X-Amz-Retry-After", "X-Amzn-Errortype", "X-Amzn-Requestid", "Server", "Via"}

// tracing tells each attempt of every client. It stands outside of watchAttempts, whose notes it passes on.
func tracing(tell func(Exchange), hidden *masks) func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("sfnxTrace",
			func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
				began := time.Now()
				out, metadata, err := next.HandleDeserialize(ctx, in)
				e := Exchange{Service: awsmiddleware.GetServiceID(ctx), Operation: awsmiddleware.GetOperationName(ctx), Took: time.Since(began), Proxy: proxyOf(err)}
				if err != nil {
					e.Err = hiddenError{err, hidden.hide(err.Error())}
				}
				if r, ok := in.Request.(*smithyhttp.Request); ok {
					e.Method, e.URL = r.Method, (&url.URL{Scheme: r.URL.Scheme, Host: r.URL.Host, Path: r.URL.Path}).String()
				}
				if answer, ok := out.RawResponse.(*smithyhttp.Response); ok && answer.Response != nil {
					e.Status, e.Headers = answer.StatusCode, http.Header{}
					for _, name := range shownHeaders {
						for _, v := range answer.Header.Values(name) {
							e.Headers[name] = append(e.Headers[name], hidden.hide(v))
						}
					}
				}
				tell(e)
				return out, metadata, err
			}), middleware.Before)
	}
}
