package aws

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

func TestDelay(t *testing.T) {
	p := policy{Retry{BaseDelay: 100 * time.Millisecond, MaxDelay: time.Second}}
	for _, c := range []struct {
		attempt int
		chance  float64
		asked   time.Duration
		want    time.Duration
	}{
		{1, 0, 0, 50 * time.Millisecond},
		{1, 0.5, 0, 75 * time.Millisecond},
		{2, 0, 0, 100 * time.Millisecond},
		{4, 0, 0, 400 * time.Millisecond},
		{5, 0, 0, 500 * time.Millisecond}, // half of MaxDelay
		{5, 1, 0, time.Second},
		{1000, 1, 0, time.Second},
		{0, 0, 0, 50 * time.Millisecond},
		{1, 0, 700 * time.Millisecond, 700 * time.Millisecond},
		{5, 1, 700 * time.Millisecond, time.Second},
	} {
		if got := p.delay(c.attempt, c.chance, c.asked); got != c.want {
			t.Errorf("delay(%d, %g, %s) = %s, want %s", c.attempt, c.chance, c.asked, got, c.want)
		}
	}
}

// The SDK counts attempts in one way or another, depending on a variable. The policy does not.
func TestPolicyIsPinned(t *testing.T) {
	for name, env := range map[string]map[string]string{
		"no variables": {},
		"old retries":  {"AWS_NEW_RETRIES_2026": "false", "AWS_MAX_ATTEMPTS": "9", "AWS_RETRY_MODE": "adaptive"},
		"new retries":  {"AWS_NEW_RETRIES_2026": "true", "AWS_MAX_ATTEMPTS": "1"},
	} {
		t.Run(name, func(t *testing.T) {
			isolate(t)
			for k, v := range env {
				t.Setenv(k, v)
			}
			s := serve(t, world(), fakeaws.Options{})
			b := open(t, account(s))
			for _, fault := range []fakeaws.Fault{
				{Code: "ThrottlingException"}, {Code: "ServiceUnavailable", Status: 503}, {Reset: fakeaws.BeforeHandling},
				{Reset: fakeaws.MidAnswer}, {Body: "<html>"}, {Code: "ThrottlingException", Header: http.Header{"X-Amz-Retry-After": {"1"}}},
			} {
				fault.Times = fakeaws.Forever
				s.Script("DescribeExecution", fault)
				before := len(s.Requests())
				if _, err := b.DescribeExecution(t.Context(), machineArn); err == nil {
					t.Fatalf("%+v: no error", fault)
				}
				if n := len(s.Requests()) - before; n != 3 {
					t.Errorf("%+v: %d attempts, want 3", fault, n)
				}
				s.Heal()
			}
			for _, code := range []string{"UnrecognizedClientException", "ExpiredTokenException", "AccessDeniedException", "InvalidArn", "ExecutionDoesNotExist"} {
				s.Script("DescribeExecution", fakeaws.Fault{Code: code})
				before := len(s.Requests())
				if _, err := b.DescribeExecution(t.Context(), machineArn); err == nil {
					t.Fatalf("%s: no error", code)
				}
				if n := len(s.Requests()) - before; n != 1 {
					t.Errorf("%s: %d attempts, want 1", code, n)
				}
			}
			// The count starts anew with each call, and the second attempt succeeds.
			s.Script("GetCallerIdentity", fakeaws.Fault{Code: "Throttling"})
			if _, err := b.Authenticate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// Whatever becomes of the first request and its answer, there is one execution, and the same bytes go out again.
func TestStartIsRepeatedWithTheSameBytes(t *testing.T) {
	const input = `{"a":1.0, "a":12345678901234567890}`
	for name, c := range map[string]struct {
		fault     fakeaws.Fault
		took      time.Duration // until the second attempt
		duplicate bool
	}{
		"reset before handling":          {fault: fakeaws.Fault{Reset: fakeaws.BeforeHandling}},
		"reset after handling":           {fault: fakeaws.Fault{Reset: fakeaws.AfterHandling}},
		"cut in the middle":              {fault: fakeaws.Fault{Reset: fakeaws.MidAnswer}},
		"500 after handling":             {fault: fakeaws.Fault{Code: "InternalFailure", Status: 500, Handled: true}},
		"page after handling":            {fault: fakeaws.Fault{Body: "<html>", Status: 502, Handled: true}},
		"no ARN":                         {fault: fakeaws.Fault{Edit: func(a map[string]any) { delete(a, "executionArn") }}},
		"throttled":                      {fault: fakeaws.Fault{Code: "ThrottlingException"}},
		"too many executions":            {fault: fakeaws.Fault{Code: "ExecutionLimitExceeded"}},
		"ended before the second one":    {fault: fakeaws.Fault{Code: "InternalFailure", Status: 500, Handled: true}, took: time.Hour, duplicate: true},
		"ended before the second, reset": {fault: fakeaws.Fault{Reset: fakeaws.AfterHandling}, took: time.Hour, duplicate: true},
	} {
		t.Run(name, func(t *testing.T) {
			isolate(t)
			w := world()
			s := serve(t, w, fakeaws.Options{})
			b := open(t, account(s))
			s.Script("StartExecution", c.fault)
			if c.took != 0 {
				// The type of the machine is asked for between the attempts: there the time passes.
				s.Script("DescribeStateMachine", fakeaws.Fault{Edit: func(map[string]any) { w.Advance(c.took) }})
			}
			out, err := b.StartExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: machineArn, Name: "once", Input: ptr(input)})
			switch {
			case c.duplicate:
				if e := wantCode(t, err, backend.ExecutionAlreadyExists); !e.Ambiguous {
					t.Error("the execution of the first attempt is not marked ambiguous")
				}
			case err != nil:
				t.Fatal(err)
			case !strings.HasSuffix(out.ExecutionArn, ":execution:order:once"):
				t.Errorf("started %s", out.ExecutionArn)
			}
			starts := s.Requests("StartExecution")
			if len(starts) != 2 {
				t.Fatalf("%d requests, want 2", len(starts))
			}
			if !bytes.Equal(starts[0].Body, starts[1].Body) {
				t.Errorf("the first request had %s, the second %s", starts[0].Body, starts[1].Body)
			}
			e, err := b.DescribeExecution(t.Context(), "arn:aws:states:eu-west-1:123456789012:execution:order:once")
			if err != nil || *e.Input != input {
				t.Errorf("the execution has %+v, %v", e, err)
			}
		})
	}
}

func TestAnotherExecutionOfTheNameIsNotOurs(t *testing.T) {
	isolate(t)
	s := serve(t, world(), fakeaws.Options{})
	b := open(t, account(s))
	in := backend.StartExecutionInput{StateMachineArn: machineArn, Name: "taken", Input: ptr(`1`)}
	if _, err := b.StartExecution(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	in.Input = ptr(`2`)
	s.Script("StartExecution", fakeaws.Fault{Code: "ThrottlingException"}) // the first attempt was refused for certain
	_, err := b.StartExecution(t.Context(), in)
	if e := wantCode(t, err, backend.ExecutionAlreadyExists); e.Ambiguous {
		t.Error("an execution that others have started is marked ambiguous")
	}
}

// An EXPRESS machine has no idempotent start: what may have been carried out is not asked for again.
func TestExpressIsNotStartedTwice(t *testing.T) {
	isolate(t)
	express := fakeaws.NewCanned(time.Unix(1750000000, 0), map[string]fakeaws.Machine{machineArn: {Type: backend.Express}})
	s := serve(t, express, fakeaws.Options{})
	in := backend.StartExecutionInput{StateMachineArn: machineArn, Name: "once"}
	for op, start := range map[string]func(*Backend) error{
		"StartExecution":     func(b *Backend) error { _, err := b.StartExecution(t.Context(), in); return err },
		"StartSyncExecution": func(b *Backend) error { _, err := b.StartSyncExecution(t.Context(), in); return err },
	} {
		for name, fault := range map[string]fakeaws.Fault{
			"reset": {Reset: fakeaws.AfterHandling}, "500": {Code: "InternalFailure", Status: 500, Handled: true},
		} {
			before := len(s.Requests(op))
			s.Script(op, fault)
			err := start(open(t, account(s)))
			var e *backend.Error
			if !errors.As(err, &e) || !e.Ambiguous || (e.Code != backend.Connection && e.Code != backend.Unavailable) || !strings.Contains(e.Message, "twice") {
				t.Errorf("%s after %s gave %+v, want an ambiguous error that says why it was not repeated", op, name, err)
			}
			if n := len(s.Requests(op)) - before; n != 1 {
				t.Errorf("%s after %s: %d requests, want 1", op, name, n)
			}
		}
		before := len(s.Requests(op))
		s.Script(op, fakeaws.Fault{Code: "ThrottlingException"}) // certainly not carried out
		if err := start(open(t, account(s))); err != nil {
			t.Errorf("%s after throttling: %v", op, err)
		}
		if n := len(s.Requests(op)) - before; n != 2 {
			t.Errorf("%s after throttling: %d requests, want 2", op, n)
		}
	}
}

func TestStartOfUnknownTypeIsNotRepeated(t *testing.T) {
	isolate(t)
	s := serve(t, world(), fakeaws.Options{})
	b := open(t, account(s))
	in := backend.StartExecutionInput{StateMachineArn: machineArn, Name: "a"}
	s.Script("DescribeStateMachine", fakeaws.Fault{Code: "AccessDeniedException", Message: "no"})
	s.Script("StartExecution", fakeaws.Fault{Reset: fakeaws.BeforeHandling})
	_, err := b.StartExecution(t.Context(), in)
	if e := wantCode(t, err, backend.Connection); !e.Ambiguous || !strings.Contains(e.Message, "the type of the state machine is not known") {
		t.Errorf("got %+v", e)
	}

	// Once DescribeStateMachine has told, nobody asks again.
	if _, err := b.DescribeStateMachine(t.Context(), machineArn); err != nil {
		t.Fatal(err)
	}
	before := len(s.Requests("DescribeStateMachine"))
	s.Script("StartExecution", fakeaws.Fault{Reset: fakeaws.BeforeHandling})
	if _, err := b.StartExecution(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if n := len(s.Requests("DescribeStateMachine")) - before; n != 0 {
		t.Errorf("DescribeStateMachine was called %d times more", n)
	}
}

func TestReadsAreNeverAmbiguous(t *testing.T) {
	isolate(t)
	s := serve(t, world(), fakeaws.Options{})
	s.Script("DescribeExecution", fakeaws.Fault{Code: "InternalFailure", Status: 500, Times: fakeaws.Forever})
	_, err := open(t, account(s)).DescribeExecution(t.Context(), machineArn)
	if e := wantCode(t, err, backend.Unavailable); e.Ambiguous {
		t.Error("a DescribeExecution is marked ambiguous")
	}
}

func TestAnswerAboutAnotherExecution(t *testing.T) {
	isolate(t)
	s := serve(t, world(), fakeaws.Options{})
	b := open(t, account(s))
	started, err := b.StartExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: machineArn, Name: "a"})
	if err != nil {
		t.Fatal(err)
	}
	stray := fakeaws.Fault{Times: 2, Edit: func(answer map[string]any) { answer["executionArn"] = "arn:another" }}
	s.Script("DescribeExecution", stray)
	ex, err := b.DescribeExecution(t.Context(), started.ExecutionArn)
	if err != nil || ex.ExecutionArn != started.ExecutionArn || len(s.Requests("DescribeExecution")) != 3 {
		t.Errorf("got %q (%v) after %d requests, want the execution after 3", ex.ExecutionArn, err, len(s.Requests("DescribeExecution")))
	}
	stray.Times = fakeaws.Forever
	s.Script("DescribeExecution", stray)
	_, err = b.DescribeExecution(t.Context(), started.ExecutionArn)
	if e := wantCode(t, err, backend.Unexpected); !strings.Contains(e.Message, "the answer is about arn:another, want "+started.ExecutionArn) {
		t.Errorf("message %q", e.Message)
	}
}

// A clock that is off is set right by the Date of the answer; only a signature that is still refused ends the call.
func TestClockSkewIsCorrected(t *testing.T) {
	isolate(t)
	for _, off := range []time.Duration{17 * time.Minute, -17 * time.Minute} {
		s := serve(t, world(), fakeaws.Options{Now: func() time.Time { return time.Now().Add(off) }})
		c := account(s)
		c.RoleARNs = []string{"arn:aws:iam::123456789012:role/a"}
		b := open(t, c)
		for range 2 {
			if _, err := b.Authenticate(t.Context()); err != nil {
				t.Errorf("off by %s: %v", off, err)
			}
			if _, err := b.DescribeStateMachine(t.Context(), machineArn); err != nil {
				t.Errorf("off by %s: %v", off, err)
			}
		}
		// AssumeRole, GetCallerIdentity and DescribeStateMachine have a client each, which learns its lesson once.
		if n := len(s.Requests()); n != 3+5 {
			t.Errorf("off by %s: %d requests, want 8", off, n)
		}
		s.Script("DescribeStateMachine", fakeaws.Fault{Header: http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)}}})
		_, err := open(t, account(s)).DescribeStateMachine(t.Context(), machineArn) // this answer has the Date of this machine
		wantCode(t, err, backend.Authentication)
	}
}

// The data of a state machine may be encrypted with a key that is not there any more. A stop needs it for its error and
// cause alone.
func TestStopWithoutTheKey(t *testing.T) {
	isolate(t)
	for _, code := range []string{"KmsAccessDeniedException", "KmsInvalidStateException", "KmsThrottlingException"} {
		s := serve(t, world(), fakeaws.Options{})
		b := open(t, account(s))
		started, err := b.StartExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: machineArn, Name: "a"})
		if err != nil {
			t.Fatal(err)
		}
		s.Script("StopExecution", fakeaws.Fault{Code: code, Message: "no key"})
		in := backend.StopExecutionInput{ExecutionArn: started.ExecutionArn, Error: ptr("e"), Cause: ptr("c")}
		if _, err := b.StopExecution(t.Context(), in); err != nil {
			t.Errorf("%s: %v", code, err)
		}
		stops := s.Requests("StopExecution")
		if len(stops) != 2 || bytes.Contains(stops[1].Body, []byte("cause")) || bytes.Contains(stops[1].Body, []byte("error")) {
			t.Errorf("%s: stops %s, want the second of two to have neither error nor cause", code, stops)
		}
		s.Script("StopExecution", fakeaws.Fault{Times: fakeaws.Forever, Code: code, Message: "no key"})
		_, err = b.StopExecution(t.Context(), in)
		var e *backend.Error
		if !errors.As(err, &e) || e.AWSCode != code || e.Message != "no key" {
			t.Errorf("%s for good: %v", code, err)
		}
	}
}

func TestClockSkewIsTold(t *testing.T) {
	isolate(t)
	for off, want := range map[time.Duration]string{
		17*time.Minute + 5*time.Second: "no; this machine's clock is 17 min slow",
		-61 * time.Minute:              "no; this machine's clock is 61 min fast",
		-400 * 24 * time.Hour:          "no; this machine's clock is 576000 min fast",
		2 * time.Minute:                "no",
	} {
		s := serve(t, world(), fakeaws.Options{Now: func() time.Time { return time.Now().Add(off) }})
		s.Script("DescribeStateMachine", fakeaws.Fault{Times: fakeaws.Forever, Code: "InvalidSignatureException", Message: "no"})
		_, err := open(t, account(s)).DescribeStateMachine(t.Context(), machineArn)
		if e := wantCode(t, err, backend.Authentication); e.Message != want {
			t.Errorf("off by %s: message %q, want %q", off, e.Message, want)
		}
	}
}
