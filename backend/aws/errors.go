package aws

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/sfnx/sfnx/backend"
)

// codes gives the service's own error codes their class. A code that is not here is decided by its HTTP status.
var codes = map[string]backend.Code{
	"AuthFailure":                         backend.Authentication,
	"ExpiredToken":                        backend.Authentication,
	"ExpiredTokenException":               backend.Authentication,
	"IDPRejectedClaim":                    backend.Authentication,
	"IncompleteSignature":                 backend.Authentication,
	"IncompleteSignatureException":        backend.Authentication,
	"InvalidAccessKeyId":                  backend.Authentication,
	"InvalidClientTokenId":                backend.Authentication,
	"InvalidIdentityToken":                backend.Authentication,
	"InvalidSignatureException":           backend.Authentication,
	"MissingAuthenticationToken":          backend.Authentication,
	"MissingAuthenticationTokenException": backend.Authentication,
	"NotSignedInException":                backend.Authentication,
	"RequestExpired":                      backend.Authentication,
	"RequestTimeTooSkewed":                backend.Authentication,
	"SignatureDoesNotMatch":               backend.Authentication,
	"UnrecognizedClientException":         backend.Authentication,

	"AccessDenied":             backend.Authorization,
	"AccessDeniedException":    backend.Authorization,
	"KmsAccessDeniedException": backend.Authorization,
	"NotAuthorized":            backend.Authorization,
	"OptInRequired":            backend.Authorization,
	"RegionDisabledException":  backend.Authorization,
	"UnauthorizedException":    backend.Authorization,
	"UnauthorizedOperation":    backend.Authorization,

	"InvalidArn":               backend.Validation,
	"InvalidDefinition":        backend.Validation,
	"InvalidExecutionInput":    backend.Validation,
	"InvalidName":              backend.Validation,
	"InvalidOutput":            backend.Validation,
	"InvalidToken":             backend.Validation,
	"MissingRequiredParameter": backend.Validation,
	"SerializationException":   backend.Validation,
	"ValidationError":          backend.Validation,
	"ValidationException":      backend.Validation,

	"StateMachineTypeNotSupported": backend.Unsupported,
	"UnknownOperationException":    backend.Unsupported, // of an endpoint that is not AWS

	"ExecutionAlreadyExists":   backend.ExecutionAlreadyExists,
	"ExecutionDoesNotExist":    backend.ExecutionDoesNotExist,
	"ExecutionLimitExceeded":   backend.ExecutionLimitExceeded,
	"ExecutionNotRedrivable":   backend.ExecutionNotRedrivable,
	"StateMachineDoesNotExist": backend.StateMachineDoesNotExist,
	"StateMachineDeleting":     backend.StateMachineDeleting,

	"BandwidthLimitExceeded":    backend.Throttled,
	"KmsThrottlingException":    backend.Throttled,
	"PriorRequestNotComplete":   backend.Throttled,
	"RequestLimitExceeded":      backend.Throttled,
	"RequestThrottled":          backend.Throttled,
	"RequestThrottledException": backend.Throttled,
	"SlowDown":                  backend.Throttled,
	"ThrottledException":        backend.Throttled,
	"Throttling":                backend.Throttled,
	"ThrottlingException":       backend.Throttled,
	"TooManyRequestsException":  backend.Throttled,

	"InternalError":               backend.Unavailable,
	"InternalFailure":             backend.Unavailable,
	"InternalServerError":         backend.Unavailable,
	"InternalServerException":     backend.Unavailable,
	"RequestTimeout":              backend.Unavailable,
	"RequestTimeoutException":     backend.Unavailable,
	"ServiceUnavailable":          backend.Unavailable,
	"ServiceUnavailableException": backend.Unavailable,
}

// noCode is what the SDK reports for an error without a code; from STS also for a page of HTML.
const noCode = "UnknownError"

// classify gives an error of the SDK its code, by type and service code alone. The order matters: a proxy's failure
// and a credential source's look like a network's.
func classify(err error) backend.Code {
	switch {
	case errors.Is(err, context.Canceled):
		return backend.Canceled
	case isProxy(err):
		return backend.Proxy
	case isParse(err):
		return backend.Validation
	}
	if e := deepest[*sourceError](err); e != nil {
		return classifySource(e)
	}
	return classifyAnswer(err)
}

// classifySource: whatever keeps a source from giving credentials is a lack of credentials, but for the network on
// the way to a remote one. STS says why it refuses a role; of the other services each refusal is a lack of credentials.
func classifySource(e *sourceError) backend.Code {
	op := e.operation()
	if op == nil {
		return backend.Authentication
	}
	code := classifyAnswer(op)
	var api smithy.APIError
	switch {
	case op.ServiceID != sts.ServiceID && errors.As(op, &api) && code != backend.Throttled && code != backend.Unavailable,
		code == backend.Unexpected:
		return backend.Authentication
	}
	return code
}

func classifyAnswer(err error) backend.Code {
	status := statusOf(err)
	var api smithy.APIError
	if errors.As(err, &api) {
		if code, known := codes[api.ErrorCode()]; known {
			return code
		}
		code := classifyStatus(status)
		if api.ErrorCode() == noCode && status < 500 && (code == backend.Unexpected || isPage(err)) {
			return backend.Connection // somebody else answered: an error of AWS has a code, and is no page
		}
		return code
	}
	var invalid smithy.InvalidParamsError
	var garbled *smithy.DeserializationError
	var unsent *smithyhttp.RequestSendError
	var senseless senselessError
	switch {
	case errors.As(err, &invalid):
		return backend.Validation
	case isNetwork(err):
		return backend.Connection
	case errors.As(err, &garbled) && status >= 500:
		return backend.Unavailable
	case errors.As(err, &senseless):
		return backend.Unexpected
	case errors.As(err, &garbled), errors.As(err, &unsent): // somebody else answered, a captive portal for one
		return backend.Connection
	}
	return backend.Unexpected
}

// isPage reports whether the answer is a page for people.
func isPage(err error) bool {
	var answer *smithyhttp.ResponseError
	return errors.As(err, &answer) && answer.Response != nil && answer.Response.Response != nil &&
		strings.HasPrefix(answer.Response.Header.Get("Content-Type"), "text/html")
}

func classifyStatus(status int) backend.Code {
	switch {
	case status == http.StatusUnauthorized:
		return backend.Authentication
	case status == http.StatusForbidden:
		return backend.Authorization
	case status == http.StatusTooManyRequests:
		return backend.Throttled
	case status >= 500:
		return backend.Unavailable
	}
	return backend.Unexpected
}

// isProxy reports whether the attempt ended at the proxy.
func isProxy(err error) bool {
	var op *net.OpError
	var a *attemptError
	stranded := errors.As(err, &a) && a.stranded
	return stranded || errors.As(err, &op) && op.Op == "proxyconnect" || isProxyAnswer(err)
}

// isProxyAnswer reports whether the proxy answered in the place of AWS.
func isProxyAnswer(err error) bool {
	var refused *connectError
	var a *attemptError
	switch {
	case errors.As(err, &refused), statusOf(err) == http.StatusProxyAuthRequired:
		return true
	case !errors.As(err, &a) || a.proxy == "":
		return false
	}
	// A proxy that speaks for a dead gateway sends a page of its own, where the service would send an error with a code.
	switch statusOf(err) {
	case http.StatusForbidden, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		var garbled *smithy.DeserializationError
		var syntax *json.SyntaxError
		var api smithy.APIError
		return errors.As(err, &garbled) && errors.As(err, &syntax) || errors.As(err, &api) && api.ErrorCode() == noCode
	}
	return false
}

func isParse(err error) bool {
	var u *url.Error
	for e := err; errors.As(e, &u); e = u.Err {
		if u.Op == "parse" {
			return true
		}
	}
	return false
}

// isNetwork reports whether a connection failed or broke off, in an answer's body too.
func isNetwork(err error) bool {
	var network net.Error
	var record tls.RecordHeaderError
	return errors.As(err, &network) || errors.As(err, &record) || isDistrust(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded)
}

// isDistrust reports whether the certificate of the other side was refused.
func isDistrust(err error) bool {
	var cert *tls.CertificateVerificationError
	return errors.As(err, &cert)
}

// isRetryable reports whether the same request may do better a little later. Whether it may be made twice is another question.
func isRetryable(err error) bool {
	// The SDK found this clock to be off by the answer's Date and has set it right for the next attempt.
	var skew interface{ RetryableError() bool }
	if errors.As(err, &skew) && skew.RetryableError() {
		return true
	}
	if deepest[*sourceError](err) != nil {
		return false // the call to the source has had attempts of its own
	}
	switch classify(err) {
	case backend.Throttled, backend.Unavailable, backend.ExecutionLimitExceeded:
		return true
	case backend.Connection, backend.Proxy:
		var dns *net.DNSError
		unknown := errors.As(err, &dns) && dns.IsNotFound
		return !unknown && !isDistrust(err) && !isProxyAnswer(err)
	case backend.Unexpected:
		var garbled *smithy.DeserializationError
		return errors.As(err, &garbled)
	}
	return false
}

// maybeCarriedOut reports whether the service may have done what the failed attempt asked for: the request may have
// left, and no answer says that it was refused.
func maybeCarriedOut(err error) bool {
	var a *attemptError
	if !errors.As(err, &a) || !a.sent || deepest[*sourceError](err) != nil {
		return false
	}
	status := statusOf(err)
	if status == http.StatusProxyAuthRequired {
		return false
	}
	// An error code, be it one of tomorrow, is the service's own; 4xx alone may be anybody's on the way.
	var api smithy.APIError
	code := classify(err)
	refused := errors.As(err, &api) && status >= 400 && status < 500 && (api.ErrorCode() != noCode || code != backend.Unexpected && code != backend.Connection)
	return !refused
}
