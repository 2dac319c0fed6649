package aws

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/sfnx/sfnx/backend"
)

// failure makes the error that a Backend returns.
func (c *call) failure(ctx context.Context, err error) error {
	e := &backend.Error{Code: classify(err), Op: c.op, Ambiguous: c.ambiguous, RetryAfter: retryAfter(err), Err: err}
	if ctx.Err() != nil {
		e.Code = backend.Canceled
	}
	e.Message = c.message(err, e.Code)
	if e.Code == backend.Authentication {
		e.Message += clockSkew(err)
	}
	if src := deepest[*sourceError](err); src != nil {
		if op := src.operation(); op != nil {
			e.Op = op.OperationName
		} else {
			e.Err = errors.New(src.text()) // the SDK's own chain may hold what a credential_process has printed
		}
	}
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorCode() != noCode {
		e.AWSCode = api.ErrorCode()
	}
	var answer *awshttp.ResponseError
	if errors.As(err, &answer) {
		e.RequestID = answer.ServiceRequestID()
	}
	var last *notRepeatedError
	if errors.As(err, &last) {
		e.Message += "; " + last.Error()
	}
	if e.Code == backend.Proxy {
		e.Proxy = proxyOf(err)
	}
	for _, text := range []*string{&e.Message, &e.AWSCode, &e.RequestID} {
		*text = c.masks.hide(*text)
	}
	return e
}

// message is for people: the service's own text where it gave one.
func (c *call) message(err error, code backend.Code) string {
	var api smithy.APIError
	var refused *connectError
	var network *url.Error
	var answer *awshttp.ResponseError
	var garbled *smithy.DeserializationError
	var a *attemptError
	src := deepest[*sourceError](err)
	switch {
	case code == backend.Canceled:
		return "stopped by the caller before the answer came"
	case errors.As(err, &refused):
		return fmt.Sprintf("the proxy %s opens no way to AWS: %v", refused.proxy, refused)
	case code == backend.Proxy && statusOf(err) != 0:
		return fmt.Sprintf("the proxy %s answered with %d %s in place of AWS", proxyOf(err), statusOf(err), http.StatusText(statusOf(err)))
	case code == backend.Proxy && errors.As(err, &network):
		return fmt.Sprintf("cannot connect to the proxy %s: %v", proxyOf(err), c.reason(network))
	case src != nil && src.operation() == nil:
		return "no usable credentials: " + src.text()
	case errors.As(err, &api):
		if api.ErrorMessage() == "" || api.ErrorCode() == noCode {
			return fmt.Sprintf("the service answered with status %d %s", statusOf(err), http.StatusText(statusOf(err)))
		}
		return api.ErrorMessage()
	case errors.As(err, &network) && errors.As(err, &a) && a.sent:
		return fmt.Sprintf("lost the connection to %s: %v", hostOf(network.URL), c.reason(network))
	case errors.As(err, &network):
		return fmt.Sprintf("cannot reach %s: %v", hostOf(network.URL), c.reason(network))
	case errors.As(err, &garbled) && errors.As(err, &answer):
		return fmt.Sprintf("cannot read the answer of status %d %s and type %q: %v", statusOf(err), http.StatusText(statusOf(err)),
			answer.Response.Header.Get("Content-Type"), garbled.Err)
	case errors.As(err, &garbled):
		return garbled.Err.Error()
	}
	return err.Error()
}

// clockSkew says how far this machine's clock is off, by the Date of the answer, if that is more than a signature bears.
func clockSkew(err error) string {
	const tolerance = 4 * time.Minute
	var answer *smithyhttp.ResponseError
	if statusOf(err) == 0 || !errors.As(err, &answer) {
		return ""
	}
	date, unreadable := http.ParseTime(answer.Response.Header.Get("Date"))
	behind := time.Until(date)
	switch {
	case unreadable != nil || behind.Abs() <= tolerance:
		return ""
	case behind > 0:
		return fmt.Sprintf("; this machine's clock is %.0f min slow", behind.Minutes())
	}
	return fmt.Sprintf("; this machine's clock is %.0f min fast", -behind.Minutes())
}

func (c *call) reason(e *url.Error) error {
	if e.Timeout() && errors.Is(e, context.DeadlineExceeded) {
		return fmt.Errorf("no answer within %s", c.timeout)
	}
	return e.Err
}

func hostOf(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "AWS"
	}
	return u.Host
}

func proxyOf(err error) string {
	var refused *connectError
	var a *attemptError
	switch {
	case errors.As(err, &refused):
		return refused.proxy
	case errors.As(err, &a):
		return a.proxy
	}
	return ""
}

// statusOf is the status of the HTTP answer, 0 if there was none.
func statusOf(err error) int {
	var answer *smithyhttp.ResponseError
	if errors.As(err, &answer) && answer.Response != nil && answer.Response.Response != nil {
		return answer.Response.StatusCode
	}
	return 0
}

// longestRetryAfter is how long a pause an answer may ask for. What asks for more means something else.
const longestRetryAfter = time.Hour

// retryAfter is the pause that the answer asks for: x-amz-retry-after in milliseconds, or Retry-After in seconds or
// as a date, by the clock of the answer.
func retryAfter(err error) time.Duration {
	var answer *smithyhttp.ResponseError
	if statusOf(err) == 0 || !errors.As(err, &answer) {
		return 0
	}
	header := answer.Response.Header
	text := header.Get("Retry-After")
	var pause time.Duration
	if ms, err := strconv.ParseUint(header.Get("X-Amz-Retry-After"), 10, 31); err == nil {
		pause = time.Duration(ms) * time.Millisecond
	} else if s, err := strconv.ParseUint(text, 10, 31); err == nil {
		pause = time.Duration(s) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		now, err := http.ParseTime(header.Get("Date"))
		if err != nil {
			now = time.Now()
		}
		pause = at.Sub(now)
	}
	return min(max(pause, 0), longestRetryAfter)
}
