package output

import (
	"errors"
	"strings"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
)

// Row is one row of the exit-code table. Codes 0 to 25, their classes and their status descriptions are those of the
// Universal Extension ue-aws-stepfunctions 2.0.0, byte for byte.
type Row struct {
	Code              int       `json:"code"`
	Class             string    `json:"class"`
	StatusDescription string    `json:"status_description"` // with <error description> or <url> where a run fills one in
	When              string    `json:"when"`
	Retry             string    `json:"retry"`  // whether to run the same command again
	Ending            fsm.State `json:"ending"` // the ending of a run with this row; empty for a crash, which no run ends in
}

// What a status description holds until a run fills it in.
const (
	errorDescription = "<error description>"
	proxyURL         = "<url>"
)

// Table is every exit code of a run, in ascending order. Each ending of the life cycle has exactly one row.
func Table() []Row {
	return []Row{
		{0, "SUCCESS", "SUCCESS: AWS Step Functions workflow executed successfully.",
			"waited for, and it SUCCEEDED", "not needed", fsm.Succeeded},
		{0, "SUCCESS", "SUCCESS: AWS Step Functions workflow started successfully",
			"started and not waited for", "not needed; sfnx wait ARN tells how it ends", fsm.Started},
		{1, "FAIL", "FAIL: Unexpected error. Execute in Debug for more information.",
			"anything else; also: the result could not be written", "look first", fsm.UnexpectedError},
		{2, "AUTHENTICATION_ERROR", "AUTHENTICATION_ERROR: Account cannot be authenticated.",
			"no, wrong or expired credentials; bad signature; clock skew", "no: mend the credentials", fsm.AuthenticationError},
		{3, "AUTHORIZATION_ERROR", "AUTHORIZATION_ERROR: Account is not authorized to perform the requested action.",
			"access denied on any call, AssumeRole and KMS included", "no: mend the permissions", fsm.AuthorizationError},
		{10, "CONNECTION_ERROR", "CONNECTION_ERROR: " + errorDescription,
			"DNS, refused, reset, TLS, time-out; 5xx, throttling or ExecutionLimitExceeded past the retry budget",
			"yes, with the same --name and --attempt; for an EXPRESS machine look first", fsm.ConnectionError},
		{11, "CONNECTION_ERROR", "CONNECTION_ERROR: ProxyConnectionError: Failed to connect to proxy URL " + proxyURL,
			"the proxy itself: refused, DNS, TLS to the proxy, 407, any non-2xx answer to CONNECT",
			"after mending the proxy, with the same --name and --attempt", fsm.ProxyError},
		{20, "DATA_VALIDATION_ERROR", "DATA_VALIDATION_ERROR: Some of the input fields cannot be validated. See STDOUT for more details",
			"usage errors, field rules, an ARN, name or input that the service refuses, no such state machine, an execution of that name with another input",
			"no: mend the request", fsm.DataValidationError},
		{23, "FAIL", "FAILED: Step Function is in FAILED state.",
			"waited for, and it FAILED", "the workflow decides; a new execution needs the next --attempt", fsm.Failed},
		{24, "FAIL", "FAILED: Step Function is in ABORTED state.",
			"waited for, and somebody stopped it", "no: somebody wanted it stopped", fsm.Aborted},
		{25, "FAIL", "FAILED: Step Function is in TIMEOUT state.",
			"waited for, and it TIMED_OUT", "the workflow decides; a new execution needs the next --attempt", fsm.TimedOut},
		{124, "WAIT_TIMEOUT", "WAIT_TIMEOUT: Step Function did not end within the wait timeout.",
			"--wait-timeout passed; the document says what became of the execution", "wait on: sfnx wait ARN", fsm.WaitTimeout},
		{130, "INTERRUPTED", "INTERRUPTED: The run was interrupted by SIGINT.",
			"SIGINT; the document says what became of the execution", "wait on: sfnx wait ARN", fsm.InterruptedBySignal},
		{134, "crash", "crash: Internal fault. Please report it.",
			"an internal fault that could not be turned into code 1; there is no document", "report it", ""},
		{143, "INTERRUPTED", "INTERRUPTED: The run was interrupted by SIGTERM.",
			"SIGTERM; the document says what became of the execution", "wait on: sfnx wait ARN", fsm.TerminatedBySignal},
	}
}

// RowOf is the row of an ending. What is no ending gets that of an unexpected error.
func RowOf(ending fsm.State) Row {
	var unexpected Row
	for _, row := range Table() {
		switch row.Ending {
		case ending:
			return row
		case fsm.UnexpectedError:
			unexpected = row
		}
	}
	return unexpected
}

// StatusDescription is the status description of a run, filled in.
func StatusDescription(o fsm.Outcome) string {
	text := RowOf(o.Ending).StatusDescription
	switch o.Ending {
	case fsm.ConnectionError:
		return strings.Replace(text, errorDescription, describe(o.Err), 1)
	case fsm.ProxyError:
		return strings.Replace(text, proxyURL, failedProxy(o), 1)
	}
	return text
}

// describe is the text of an error on one line.
func describe(err error) string {
	if err == nil {
		return "no details"
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}

// failedProxy is the URL of the proxy that failed, without userinfo.
func failedProxy(o fsm.Outcome) string {
	var e *backend.Error
	if errors.As(o.Err, &e) && e.Proxy != "" {
		return e.Proxy
	}
	return o.Request.ShownProxy()
}
