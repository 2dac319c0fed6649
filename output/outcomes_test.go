package output

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/secret"
)

var rewrite = flag.Bool("rewrite", false, "write the golden files anew")

const (
	canary       = "s3cr3t-canary"
	machineArn   = "arn:aws:states:eu-west-1:123456789012:stateMachine:order"
	executionArn = "arn:aws:states:eu-west-1:123456789012:execution:order:nightly-1"
	expressArn   = "arn:aws:states:eu-west-1:123456789012:express:order:nightly-1:7f"
)

func ptr[T any](v T) *T { return &v }

// golden compares a text with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *rewrite {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s differs, got\n%s", path, got)
	}
}

// waited is the outcome of a job that was waited for until a status.
func waited(ending fsm.State, status backend.Status) fsm.Outcome {
	req := fsm.Defaults()
	req.StateMachineArn, req.WaitForSuccessOrFailure, req.ExecutionName = machineArn, true, ptr("nightly")
	start := time.Date(2023, 8, 15, 13, 27, 58, 977_000_000, time.UTC)
	return fsm.Outcome{Request: req, Ending: ending, Stage: fsm.Poll, Name: "nightly-1", Polls: 3, Execution: &backend.Execution{
		ExecutionArn: executionArn, StateMachineArn: machineArn, Name: "nightly-1", Status: status,
		StartDate: start, StopDate: start.Add(38_500 * time.Millisecond), Input: ptr("{}"),
	}}
}

// notStarted is the outcome of a job that started nothing.
func notStarted(ending, stage fsm.State, err error) fsm.Outcome {
	o := waited(ending, "")
	o.Stage, o.Err, o.Execution, o.Polls = stage, err, nil, 0
	return o
}

// stillRunning is the outcome of a job that left its execution running.
func stillRunning(ending fsm.State) fsm.Outcome {
	o := waited(ending, backend.Running)
	o.Execution.StopDate, o.Left = time.Time{}, fsm.LeftRunning
	return o
}

// outcomes has one outcome and more for each ending. The name is that of the golden files.
func outcomes() map[string]fsm.Outcome {
	all := map[string]fsm.Outcome{}

	// The example of the seed.
	o := waited(fsm.Succeeded, backend.Succeeded)
	o.Request.CredentialsUser, o.Request.CredentialsPassword = secret.New(canary), secret.New(canary)
	o.Request.Region, o.Request.PollingInterval, o.Request.ExecutionName = "eu-west-1", 2, ptr("")
	o.Execution.Output, o.Execution.OutputIncluded = ptr("null"), ptr(true)
	all["succeeded"] = o

	o = waited(fsm.Succeeded, backend.Succeeded)
	o.Request.Input = ptr("{\"n\": 12345678901234567890, \"f\": 1.0,\n\"<&>\": \"\\u00e9é\u2028\"}")
	o.Execution.Output = ptr("{\"n\":12345678901234567890,\"f\":1.0,\"f\":2}\n")
	o.Adopted = true
	all["succeeded-bytes"] = o

	o = waited(fsm.Succeeded, backend.Succeeded)
	o.Request.RetryMode, o.Request.Attempt, o.Redriven = fsm.RetryRedrive, 2, true
	o.Execution.RedriveCount = 1
	all["succeeded-redriven"] = o

	o = waited(fsm.Succeeded, backend.Succeeded)
	o.Request.Simulated, o.Request.StateMachineArn, o.Request.MachineArn = true, "order.asl.json", machineArn
	o.Request.ExecutionName = nil
	o.Execution.OutputIncluded = ptr(false)
	all["succeeded-sim"] = o

	o = stillRunning(fsm.Started)
	o.Request.WaitForSuccessOrFailure, o.Left, o.Stage, o.Polls = false, fsm.LeftNothing, fsm.Start, 0
	all["started"] = o

	o = waited(fsm.Started, backend.Failed)
	o.Request.WaitForSuccessOrFailure, o.Adopted, o.Stage = false, true, fsm.Start
	all["started-adopted"] = o

	o = waited(fsm.Failed, backend.Failed)
	o.Request.UseProxy, o.Request.ProxyType, o.Request.Proxy = true, fsm.ProxyHTTPSWithCredentials, "https://u:"+canary+"@proxy.corp:3128"
	o.Request.ProxyCredentialsUser, o.Request.ProxyCredentialsPassword = secret.New(canary), secret.New(canary)
	o.Request.ProxyCABundleFile = "/etc/ssl/corp.pem"
	o.Request.RoleBasedAccess = true
	o.Request.RoleArn = []string{"arn:aws:iam::123456789012:role/a", "arn:aws:iam::210987654321:role/b"}
	o.Request.Profile, o.Request.EndpointURL = "night shift", "http://localhost:8083"
	o.Execution.Error, o.Execution.Cause = ptr("CardDeclined"), ptr(`{"errorMessage":"do not honour","trace":["a:1","b:2"],"child":"{\"Cause\":\"[12345678901234567890,1.0]\"}"}`)
	o.FailedState, o.FailedEventID, o.Retries = "Charge card", 27, ptr(2)
	o.LastEvents = []fsm.PastEvent{
		{ID: 9, Timestamp: o.Execution.StartDate.Add(3 * time.Second), Type: history.TaskStateEntered, State: "Charge card"},
		{ID: 26, Timestamp: o.Execution.StartDate.Add(31 * time.Second), Type: history.LambdaFunctionStarted, State: "Charge card"},
		{ID: 27, Timestamp: o.Execution.StopDate, Type: history.LambdaFunctionFailed, State: "Charge card", Error: "CardDeclined"},
		{ID: 28, Timestamp: o.Execution.StopDate, Type: history.ExecutionFailed, Error: "CardDeclined"},
	}
	o.Execution.RedriveStatus = "REDRIVABLE"
	all["failed"] = o

	o = waited(fsm.Aborted, backend.Aborted)
	o.Execution.Cause = ptr("by hand \x1b[31m")
	o.Execution.RedriveStatus, o.Execution.RedriveStatusReason = "NOT_REDRIVABLE", "older than 14 days"
	all["aborted"] = o

	all["timed-out"] = waited(fsm.TimedOut, backend.TimedOut)

	all["unexpected"] = notStarted(fsm.UnexpectedError, fsm.Start, errors.New("call: panic"))
	all["unexpected"] = func(o fsm.Outcome) fsm.Outcome { o.Ambiguous, o.Left = true, fsm.LeftUnknown; return o }(all["unexpected"])

	all["authentication"] = notStarted(fsm.AuthenticationError, fsm.Authenticate, &backend.Error{Code: backend.Authentication,
		Op: "GetCallerIdentity", AWSCode: "InvalidClientTokenId", Message: "The security token included in the request is invalid.", RequestID: "7a62c49f"})
	o = stillRunning(fsm.AuthorizationError)
	o.Err = &backend.Error{Code: backend.Authorization, Op: "DescribeExecution", AWSCode: "AccessDeniedException", Message: "User is not authorized"}
	all["authorization-while-waiting"] = o

	all["connection"] = notStarted(fsm.ConnectionError, fsm.Authenticate, &backend.Error{Code: backend.Connection, Op: "GetCallerIdentity",
		Message: "dial tcp: lookup sts.eu-west-1.amazonaws.com:\n  no such host"})
	o = notStarted(fsm.ConnectionError, fsm.Start, &backend.Error{Code: backend.Unavailable, Op: "StartExecution", Message: "502 Bad Gateway", Ambiguous: true})
	o.Request.StateMachineArn += ":prod"
	o.Ambiguous, o.Left = true, fsm.LeftUnknown
	all["connection-ambiguous"] = o

	o = notStarted(fsm.ProxyError, fsm.Authenticate, &backend.Error{Code: backend.Proxy, Op: "GetCallerIdentity", Message: "CONNECT answered 407", Proxy: "http://proxy.corp:3128"})
	all["proxy"] = o
	o = notStarted(fsm.ProxyError, fsm.Authenticate, &backend.Error{Code: backend.Proxy, Op: "GetCallerIdentity", Message: "refused"})
	o.Request.UseProxy, o.Request.Proxy = true, "http://proxy.corp:3128"
	all["proxy-of-the-request"] = o

	req := fsm.Request{CredentialsPassword: secret.New(canary), UseProxy: true, Proxy: "u:" + canary + "@proxy", Input: ptr("{\"a\":\xff")}
	all["validation"] = fsm.Outcome{Request: req, Ending: fsm.DataValidationError, Stage: fsm.Validate, FieldErrors: req.Validate(nil)}
	all["validation-by-the-service"] = notStarted(fsm.DataValidationError, fsm.Start, &backend.Error{Code: backend.StateMachineDoesNotExist,
		Op: "StartExecution", AWSCode: "StateMachineDoesNotExist", Message: "State Machine Does Not Exist: '" + machineArn + "'"})

	o = stillRunning(fsm.WaitTimeout)
	o.Request.WaitTimeout, o.Throttled, o.Unreachable = 90*time.Second, 2, 1
	all["wait-timeout"] = o

	o = stillRunning(fsm.InterruptedBySignal)
	o.Signal = "SIGINT"
	all["interrupted"] = o
	o = waited(fsm.TerminatedBySignal, backend.Aborted)
	o.Signal, o.Left, o.Execution.Cause = "SIGTERM", fsm.LeftStopped, ptr("sfnx: SIGTERM")
	all["terminated-stopped"] = o
	o = stillRunning(fsm.TerminatedBySignal)
	o.Signal, o.StopErr = "SIGTERM", &backend.Error{Code: backend.Authorization, Op: "StopExecution", Message: "denied"}
	all["terminated-stop-denied"] = o
	o = notStarted(fsm.TerminatedBySignal, fsm.Start, nil)
	o.Signal, o.Left, o.Ambiguous = "SIGTERM", fsm.LeftUnknown, true
	all["terminated-unknown"] = o

	o = waited(fsm.Failed, backend.Failed)
	o.Execution.ExecutionArn, o.Polls = expressArn, 0
	all["failed-express"] = o
	return all
}
