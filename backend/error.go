package backend

import (
	"errors"
	"strings"
	"time"
)

// Code classifies a failure of a backend. The list is closed; package fsm folds each into an ending of a run.
type Code string

// The codes. The second half keeps AWS's own exception names.
const (
	Unexpected     Code = "Unexpected"
	Authentication Code = "Authentication" // no, wrong or expired credentials; bad signature; clock skew
	Authorization  Code = "Authorization"  // the credentials are good, the action is denied
	Connection     Code = "Connection"     // DNS, refused, reset, TLS, time-out beyond the proxy if there is one
	Proxy          Code = "Proxy"          // the proxy itself: dial, TLS to it, its answer to CONNECT
	Validation     Code = "Validation"     // the request breaks a rule: InvalidArn, InvalidName, InvalidExecutionInput, ValidationException ...
	Throttled      Code = "Throttled"      // throttling past the retry budget
	Unavailable    Code = "Unavailable"    // 5xx past the retry budget
	Canceled       Code = "Canceled"       // the caller's context ended
	Unsupported    Code = "Unsupported"    // this backend, or this type of machine, cannot do it

	ExecutionAlreadyExists   Code = "ExecutionAlreadyExists"
	ExecutionDoesNotExist    Code = "ExecutionDoesNotExist"
	ExecutionLimitExceeded   Code = "ExecutionLimitExceeded"
	ExecutionNotRedrivable   Code = "ExecutionNotRedrivable"
	StateMachineDoesNotExist Code = "StateMachineDoesNotExist"
	StateMachineDeleting     Code = "StateMachineDeleting"
)

// Codes is every code, in the order above.
func Codes() []Code {
	return []Code{Unexpected, Authentication, Authorization, Connection, Proxy, Validation, Throttled, Unavailable, Canceled, Unsupported,
		ExecutionAlreadyExists, ExecutionDoesNotExist, ExecutionLimitExceeded, ExecutionNotRedrivable, StateMachineDoesNotExist, StateMachineDeleting}
}

// Error is a failure of a backend. It never holds a secret: URLs are without userinfo.
type Error struct {
	Code       Code
	Op         string        // API operation: "StartExecution", "AssumeRole" ...; empty before any call
	AWSCode    string        // the service's own code, e.g. "UnrecognizedClientException"
	Message    string        // for people; the service's own text where it gave one
	Ambiguous  bool          // this or an earlier attempt of the call may have been carried out all the same
	RetryAfter time.Duration // what the service asked for; 0 if nothing
	Proxy      string        // URL of the proxy without userinfo (Code Proxy)
	RequestID  string
	Err        error // what caused it, for errors.As; may be nil
}

// Error is the text for people: operation, message, service code.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Op != "" {
		b.WriteString(e.Op)
		b.WriteString(": ")
	}
	switch {
	case e.Message != "":
		b.WriteString(e.Message)
	case e.Err != nil:
		b.WriteString(e.Err.Error())
	default:
		b.WriteString(string(e.Code))
	}
	if e.AWSCode != "" {
		b.WriteString(" (" + e.AWSCode + ")")
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf is the code of any error: "" for nil, Unexpected for an error that is none of a backend's.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Unexpected
}

// RetryAfterOf is the pause that the service asked for with an error, 0 if it asked for none.
func RetryAfterOf(err error) time.Duration {
	var e *Error
	if errors.As(err, &e) {
		return e.RetryAfter
	}
	return 0
}
