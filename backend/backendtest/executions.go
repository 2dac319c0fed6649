package backendtest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
)

func authenticate(t *testing.T, f Fixture) {
	who, err := f.Backend.Authenticate(t.Context())
	if err != nil {
		t.Fatalf("Authenticate: %v", err)
	}
	if len(who.Account) != 12 || !strings.Contains(who.Arn, ":"+who.Account+":") || who.UserID == "" {
		t.Errorf("Authenticate answered %+v, want an account of 12 digits, an ARN in it and a user ID", who)
	}
}

func startAndSucceed(t *testing.T, f Fixture) {
	const input = `{"order":17}`
	out := start(t, f, Succeeds, "first", input)
	e := settle(t, f, out.ExecutionArn)
	wantStatus(t, e, backend.Succeeded)
	if e.ExecutionArn != out.ExecutionArn || e.StateMachineArn != f.Arn(Succeeds) || e.Name != "first" {
		t.Errorf("the execution calls itself %s of %s, name %q", e.ExecutionArn, e.StateMachineArn, e.Name)
	}
	if a, err := backend.ParseARN(out.ExecutionArn); err != nil || a.Kind != "execution" || a.Name != Succeeds || a.Qualifier != "first" {
		t.Errorf("the ARN of the execution is %q (%v)", out.ExecutionArn, err)
	}
	if !e.StartDate.Equal(out.StartDate) || e.StopDate.Before(e.StartDate) {
		t.Errorf("started %s (StartExecution said %s), stopped %s", e.StartDate, out.StartDate, e.StopDate)
	}
	wantText(t, "input", e.Input, input)
	wantText(t, "output", e.Output, input)
	wantIncluded(t, "inputDetails", e.InputIncluded)
	wantIncluded(t, "outputDetails", e.OutputIncluded)
	wantAbsent(t, "error", e.Error)
	wantAbsent(t, "cause", e.Cause)
	if e.RedriveStatus != "NOT_REDRIVABLE" || e.RedriveStatusReason != "Execution is SUCCEEDED and cannot be redriven" {
		t.Errorf("redriveStatus is %q, reason %q", e.RedriveStatus, e.RedriveStatusReason)
	}
}

func fail(t *testing.T, f Fixture) {
	e := settle(t, f, start(t, f, Fails, "failing", `{}`).ExecutionArn)
	wantStatus(t, e, backend.Failed)
	wantText(t, "error", e.Error, FailError)
	wantText(t, "cause", e.Cause, FailCause)
	wantAbsent(t, "output", e.Output)
	if e.StopDate.IsZero() {
		t.Error("a failed execution has no stopDate")
	}
	if e.RedriveStatus != "REDRIVABLE" {
		t.Errorf("redriveStatus is %q, want REDRIVABLE", e.RedriveStatus)
	}
}

func wait(t *testing.T, f Fixture) {
	arn := start(t, f, Waits, "waiting", `{"a":1}`).ExecutionArn
	e := describe(t, f, arn)
	wantStatus(t, e, backend.Running)
	wantText(t, "input", e.Input, `{"a":1}`)
	wantAbsent(t, "output", e.Output)
	if !e.StopDate.IsZero() {
		t.Errorf("a running execution has stopDate %s", e.StopDate)
	}
	f.Advance(WaitFor - time.Second)
	wantStatus(t, describe(t, f, arn), backend.Running)
	f.Advance(time.Second)
	e = settle(t, f, arn)
	wantStatus(t, e, backend.Succeeded)
	if took := e.StopDate.Sub(e.StartDate); took < WaitFor {
		t.Errorf("it took %s, want at least %s", took, WaitFor)
	}
}

// Measured: a machine that times out has neither error nor cause nor output, and stops exactly at its deadline.
func timeOut(t *testing.T, f Fixture) {
	arn := start(t, f, TimesOut, "late", `{}`).ExecutionArn
	f.Advance(TimeoutAfter)
	e := settle(t, f, arn)
	wantStatus(t, e, backend.TimedOut)
	wantAbsent(t, "error", e.Error)
	wantAbsent(t, "cause", e.Cause)
	wantAbsent(t, "output", e.Output)
	if took := e.StopDate.Sub(e.StartDate); took != TimeoutAfter {
		t.Errorf("it took %s, want %s", took, TimeoutAfter)
	}
}

func withoutInput(t *testing.T, f Fixture) {
	out, err := f.Backend.StartExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: f.Arn(Succeeds), Name: "empty"})
	if err != nil {
		t.Fatalf("StartExecution: %v", err)
	}
	e := settle(t, f, out.ExecutionArn)
	wantText(t, "input", e.Input, "{}")
	wantText(t, "output", e.Output, "{}")
}

func inputIsKept(t *testing.T, f Fixture) {
	for name, input := range map[string]string{
		"duplicate-keys": `{"a":1,"a":2}`,
		"numbers":        `[1.0,1,1e2,-0,12345678901234567890,0.1000]`,
		"spaces":         " {\n\t\"a\" : [ 1 , 2 ] }\r\n",
		"escapes":        `{"s":"\u003c\/\ud83d\ude00\u0000\"é<>&"}`,
		"separators":     "\"\u2028\u2029\u007f\"",
		"scalar":         `"text"`,
		"null":           `null`,
	} {
		e := describe(t, f, start(t, f, Waits, name, input).ExecutionArn)
		wantText(t, "input of "+name, e.Input, input)
	}
}

// The service writes an output anew, compact. What is compact already must come through.
func outputIsKept(t *testing.T, f Fixture) {
	for name, text := range map[string]string{
		"big-number": `{"n":12345678901234567890}`,
		"fraction":   `{"n":1.0}`,
		"key-order":  `{"z":1,"a":{"y":2,"b":3}}`,
		"plain-text": `{"s":"<a href='x'>&é\u2028😀\"\\"}`,
		"scalar":     `"text"`,
		"null":       `null`,
		"list":       `[1,"2",null,true]`,
	} {
		text = strings.ReplaceAll(text, `\u2028`, "\u2028")
		e := settle(t, f, start(t, f, Succeeds, name, text).ExecutionArn)
		wantText(t, "output of "+name, e.Output, text)
	}
}

// Recorded: while the first is running, a second start of the same name and input gives the first one's answer.
func startIsIdempotent(t *testing.T, f Fixture) {
	first := start(t, f, Waits, "twice", `{"a":1}`)
	f.Advance(time.Second)
	second := start(t, f, Waits, "twice", `{"a":1}`)
	if second.ExecutionArn != first.ExecutionArn || !second.StartDate.Equal(first.StartDate) {
		t.Errorf("the second start gave %+v, the first %+v", second, first)
	}
}

func startRefusesATakenName(t *testing.T, f Fixture) {
	start(t, f, Waits, "taken", `{"a":1}`)
	wantStartError(t, f, backend.ExecutionAlreadyExists, backend.StartExecutionInput{StateMachineArn: f.Arn(Waits), Name: "taken", Input: ptr(`{"a":2}`)})
	wantStartError(t, f, backend.ExecutionAlreadyExists, backend.StartExecutionInput{StateMachineArn: f.Arn(Waits), Name: "taken", Input: ptr(`{"a": 1}`)})

	settle(t, f, start(t, f, Succeeds, "closed", `{"a":1}`).ExecutionArn)
	wantStartError(t, f, backend.ExecutionAlreadyExists, backend.StartExecutionInput{StateMachineArn: f.Arn(Succeeds), Name: "closed", Input: ptr(`{"a":1}`)})
}

func startRefuses(t *testing.T, f Fixture) {
	for name, c := range map[string]struct{ execution, input string }{
		"no name":            {"", `{}`},
		"a space":            {"a b", `{}`},
		"a slash":            {"a/b", `{}`},
		"81 characters":      {strings.Repeat("n", 81), `{}`},
		"input not JSON":     {"a", `{'a':1}`},
		"input cut off":      {"a", `{"a":`},
		"empty input":        {"a", ``},
		"input of 262,145 B": {"a", `"` + strings.Repeat("x", 262143) + `"`},
	} {
		t.Run(name, func(t *testing.T) {
			wantStartError(t, f, backend.Validation, backend.StartExecutionInput{StateMachineArn: f.Arn(Succeeds), Name: c.execution, Input: &c.input})
		})
	}
	wantStartError(t, f, backend.Validation, backend.StartExecutionInput{StateMachineArn: "no arn at all", Name: "a"})
	out := start(t, f, Waits, strings.Repeat("n", 80), `"`+strings.Repeat("x", 262142)+`"`)
	if e := describe(t, f, out.ExecutionArn); len(*e.Input) != 262144 {
		t.Errorf("an input of 262,144 bytes came back with %d", len(*e.Input))
	}
}

func unknownARNs(t *testing.T, f Fixture) {
	machine, err := backend.ParseARN(f.Arn(Succeeds))
	if err != nil {
		t.Fatal(err)
	}
	machine.Name = "backendtest-unknown"
	wantStartError(t, f, backend.StateMachineDoesNotExist, backend.StartExecutionInput{StateMachineArn: machine.String(), Name: "a"})
	if _, err := f.Backend.DescribeExecution(t.Context(), machine.Execution("a").String()); backend.CodeOf(err) != backend.ExecutionDoesNotExist {
		t.Errorf("describing an unknown execution gave %v, want %s", err, backend.ExecutionDoesNotExist)
	}
	if _, err := f.Backend.DescribeExecution(t.Context(), machine.String()); backend.CodeOf(err) != backend.Validation {
		t.Errorf("describing a state machine as an execution gave %v, want %s", err, backend.Validation)
	}
}

// A backend that answers at once may answer in spite of it.
func canceledContext(t *testing.T, f Fixture) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Backend.DescribeExecution(ctx, start(t, f, Waits, "canceled", `{}`).ExecutionArn); err != nil && backend.CodeOf(err) != backend.Canceled {
		t.Errorf("describing with a canceled context gave %v, want %s", err, backend.Canceled)
	}
}
