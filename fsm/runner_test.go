package fsm

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/secret"
)

// ending is one way through the life cycle.
type ending struct {
	name  string
	given func(*stage)
	want  State
	stage State // where it ended
	calls string
}

func failing(code backend.Code) func() error { return func() error { return failure(code) } }

func startFails(e *backend.Error) func(*stage) {
	return func(s *stage) {
		s.account.start = func(backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
			return backend.StartExecutionOutput{}, e
		}
	}
}

func pollFails(code backend.Code) func(*stage) {
	return func(s *stage) {
		s.account.describe = func(int) (backend.Execution, error) { return backend.Execution{}, failure(code) }
	}
}

func interruptedAt(signal, op string) func(*stage) {
	return func(s *stage) {
		stop := func() { s.cancel(Interrupted{signal}) }
		switch op {
		case "validate":
			stop()
		case "authenticate":
			s.account.authenticate = func() error { stop(); return failure(backend.Canceled) }
		case "start":
			s.account.start = func(backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
				stop()
				return backend.StartExecutionOutput{}, failure(backend.Canceled)
			}
		case "poll":
			s.account.describe = statuses(backend.Running)
			s.world.at = func(time.Time) { stop() }
		}
	}
}

const waited = "Authenticate, DescribeStateMachine, StartExecution nightly-1, "

var endings = []ending{
	{"waited, succeeded", func(*stage) {}, Succeeded, Poll, waited + "DescribeExecution nightly-1"},
	{"waited, failed", func(s *stage) { s.account.describe = statuses(backend.Running, backend.Failed) }, Failed, Poll,
		waited + "DescribeExecution nightly-1, DescribeExecution nightly-1, GetExecutionHistory"},
	{"waited, aborted", func(s *stage) { s.account.describe = statuses(backend.Aborted) }, Aborted, Poll,
		waited + "DescribeExecution nightly-1, GetExecutionHistory"},
	{"waited, timed out", func(s *stage) { s.account.describe = statuses(backend.PendingRedrive, backend.TimedOut) }, TimedOut, Poll,
		waited + "DescribeExecution nightly-1, DescribeExecution nightly-1, GetExecutionHistory"},
	{"not waited", func(s *stage) { s.req.WaitForSuccessOrFailure = false }, Started, Start, "Authenticate, StartExecution nightly-1"},
	{"the wait is over", func(s *stage) {
		s.req.WaitTimeout = time.Minute
		s.account.describe = statuses(backend.Running)
	}, WaitTimeout, Poll, ""},
	{"the wait for an EXPRESS execution is over", func(s *stage) {
		s.req.WaitTimeout = time.Millisecond
		express(s, func(ctx context.Context) (backend.Execution, error) {
			<-ctx.Done()
			return backend.Execution{}, failure(backend.Canceled)
		})
	}, WaitTimeout, Start, ""},

	{"a broken rule", func(s *stage) { s.req.Attempt = 0 }, DataValidationError, Validate, ""},
	{"a profile that is none", func(s *stage) { s.account.open = failing(backend.Validation) }, DataValidationError, Authenticate, ""},
	{"no such machine", startFails(failure(backend.StateMachineDoesNotExist)), DataValidationError, Start, ""},
	{"a machine being deleted", startFails(failure(backend.StateMachineDeleting)), DataValidationError, Start, ""},
	{"an input the service refuses", startFails(failure(backend.Validation)), DataValidationError, Start, ""},
	{"an ARN the service refuses later", pollFails(backend.Validation), DataValidationError, Poll, ""},

	{"no credentials", func(s *stage) { s.account.open = failing(backend.Authentication) }, AuthenticationError, Authenticate, ""},
	{"wrong credentials", func(s *stage) { s.account.authenticate = failing(backend.Authentication) }, AuthenticationError, Authenticate, "Authenticate"},
	{"credentials that expired before the start", startFails(failure(backend.Authentication)), AuthenticationError, Start, ""},
	{"credentials that expired during the wait", pollFails(backend.Authentication), AuthenticationError, Poll, ""},
	{"AssumeRole denied", func(s *stage) { s.account.authenticate = failing(backend.Authorization) }, AuthorizationError, Authenticate, "Authenticate"},
	{"StartExecution denied", startFails(failure(backend.Authorization)), AuthorizationError, Start, ""},
	{"DescribeExecution denied", pollFails(backend.Authorization), AuthorizationError, Poll, ""},

	{"STS cannot be reached", func(s *stage) { s.account.authenticate = failing(backend.Connection) }, ConnectionError, Authenticate, "Authenticate"},
	{"STS is down", func(s *stage) { s.account.authenticate = failing(backend.Unavailable) }, ConnectionError, Authenticate, ""},
	{"the start is throttled", startFails(failure(backend.Throttled)), ConnectionError, Start, ""},
	{"too many executions", startFails(failure(backend.ExecutionLimitExceeded)), ConnectionError, Start, ""},
	{"the service cannot be reached any more", pollFails(backend.Connection), ConnectionError, Poll, ""},
	{"the service is down for good", pollFails(backend.Unavailable), ConnectionError, Poll, ""},
	{"the proxy refuses", func(s *stage) { s.account.authenticate = failing(backend.Proxy) }, ProxyError, Authenticate, "Authenticate"},
	{"the proxy refuses the start", startFails(failure(backend.Proxy)), ProxyError, Start, ""},
	{"the proxy is gone for good", pollFails(backend.Proxy), ProxyError, Poll, ""},

	{"cancelled without a signal", func(s *stage) { s.cancel(errors.New("shutdown")) }, UnexpectedError, Validate, ""},
	{"an unknown failure to open", func(s *stage) { s.account.open = failing(backend.Unexpected) }, UnexpectedError, Authenticate, ""},
	{"an unknown failure to start", startFails(failure(backend.Unexpected)), UnexpectedError, Start, ""},
	{"an unknown failure to poll", pollFails(backend.Unexpected), UnexpectedError, Poll, ""},
	{"an unknown status", func(s *stage) { s.account.describe = statuses("PAUSED") }, UnexpectedError, Poll, ""},
	{"the execution is nowhere to be found", pollFails(backend.ExecutionDoesNotExist), UnexpectedError, Poll, ""},

	{"SIGINT at once", interruptedAt("SIGINT", "validate"), InterruptedBySignal, Validate, ""},
	{"SIGINT while authenticating", interruptedAt("SIGINT", "authenticate"), InterruptedBySignal, Authenticate, "Authenticate"},
	{"SIGINT while starting", interruptedAt("SIGINT", "start"), InterruptedBySignal, Start, ""},
	{"SIGINT while waiting", interruptedAt("SIGINT", "poll"), InterruptedBySignal, Poll, waited + "DescribeExecution nightly-1"},
	{"SIGTERM at once", interruptedAt("SIGTERM", "validate"), TerminatedBySignal, Validate, ""},
	{"SIGTERM while authenticating", interruptedAt("SIGTERM", "authenticate"), TerminatedBySignal, Authenticate, "Authenticate"},
	{"SIGTERM while starting", interruptedAt("SIGTERM", "start"), TerminatedBySignal, Start, ""},
	{"SIGTERM while waiting", interruptedAt("SIGTERM", "poll"), TerminatedBySignal, Poll, waited + "DescribeExecution nightly-1"},
}

func TestEndings(t *testing.T) {
	for _, e := range endings {
		t.Run(e.name, func(t *testing.T) {
			s := job(t)
			e.given(s)
			out := s.run()
			if out.Ending != e.want || out.Stage != e.stage {
				t.Errorf("ended as %s in stage %s (%v), want %s in stage %s", out.Ending, out.Stage, out.Err, e.want, e.stage)
			}
			if calls := strings.Join(s.account.log, ", "); e.calls != "" && calls != e.calls {
				t.Errorf("called %s\n  want %s", calls, e.calls)
			}
			if n := s.account.count("StartExecution"); n != s.account.count("StartExecution nightly-1") {
				t.Errorf("started something else, too: %v", s.account.log)
			}
			last, _ := s.events[len(s.events)-1].News.(RunEnded)
			if last.Outcome.Ending != e.want {
				t.Errorf("the last event is %#v, want RunEnded with %s", last, e.want)
			}
		})
	}
}

func TestEveryTransitionIsTaken(t *testing.T) {
	taken := map[Transition]bool{{From: Poll, To: Poll, Event: string(running)}: true} // see TestEndings: RUNNING, then FAILED
	adoptable := ending{given: func(s *stage) { startFails(failure(backend.ExecutionAlreadyExists))(s) }}
	redrivable := ending{given: func(s *stage) {
		s.req.RetryMode, s.req.Attempt = RetryRedrive, 2
		newHistorical(s).has("nightly-1", ended(backend.Failed))
	}}
	for _, e := range append(slices.Clone(endings), adoptable, redrivable) {
		s := job(t)
		e.given(s)
		for _, step := range s.run().Transitions {
			step.At = time.Time{}
			taken[step] = true
		}
	}
	for _, row := range lifeCycle {
		for _, from := range row.from {
			if step := (Transition{From: from, To: row.to, Event: string(row.event)}); !taken[step] {
				t.Errorf("no test goes from %s by %s to %s", from, row.event, row.to)
			}
		}
	}
	for _, end := range Endings() {
		if !slices.ContainsFunc(endings, func(e ending) bool { return e.want == end }) {
			t.Errorf("no test ends as %s", end)
		}
	}
}

func TestValidationComesBeforeAnyCall(t *testing.T) {
	s := job(t)
	s.req.StateMachineArn, s.req.Attempt, s.req.Input = "", 0, ptr("{")
	s.account.open = func() error { t.Error("opened a backend"); return nil }
	out := s.run()
	if len(s.account.log) != 0 || len(out.FieldErrors) != 3 || out.Name != "" {
		t.Errorf("calls %v, field errors %v, name %q", s.account.log, out.FieldErrors, out.Name)
	}
}

func TestExecutionName(t *testing.T) {
	for _, c := range []struct {
		given   *string
		attempt int
		want    string
	}{
		{ptr("nightly"), 1, "nightly-1"}, {ptr("nightly"), 12, "nightly-12"}, {nil, 1, "sfnx-id1-1"}, {ptr(""), 3, "sfnx-id1-3"},
	} {
		s := job(t)
		s.req.ExecutionName, s.req.Attempt = c.given, c.attempt
		out := s.run()
		named, _ := s.events[0].News.(RunNamed)
		if out.Name != c.want || named.Name != c.want || s.account.log[2] != "StartExecution "+c.want {
			t.Errorf("name %q, event %q, call %q, want %q", out.Name, named.Name, s.account.log[2], c.want)
		}
	}
}

func TestInputIsSentByteForByte(t *testing.T) {
	for _, input := range []*string{nil, ptr(`{}`), ptr(" {\"n\": 12345678901234567890,\n\"f\":1.0,\"f\":2,\"<\":\"\\u00e9é\"}\n")} {
		s := job(t)
		s.req.Input = input
		var sent *string
		s.account.start = func(in backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
			sent = in.Input
			return backend.StartExecutionOutput{ExecutionArn: executionArn}, nil
		}
		s.run()
		if (sent == nil) != (input == nil) || text(sent) != text(input) {
			t.Errorf("sent %q, want %q", text(sent), text(input))
		}
	}
}

func TestNothingIsSentTwiceWhenTheAnswerNamesNoExecution(t *testing.T) {
	s := job(t)
	s.account.start = func(backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
		return backend.StartExecutionOutput{}, nil
	}
	if out := s.run(); out.Ending != ConnectionError || !out.Ambiguous || out.Left != LeftUnknown || s.account.count("StartExecution") != 1 {
		t.Errorf("ended as %s, ambiguous %v, left %q after %v", out.Ending, out.Ambiguous, out.Left, s.account.log)
	}
}

func TestPanicInABackendEndsTheRun(t *testing.T) {
	const canary = "AKIACANARY"
	for _, c := range []struct {
		name, want string
		panics     func()
	}{
		{"a text", "panic: a string at fsm.TestPanicInABackendEndsTheRun", func() { panic("key " + canary) }},
		{"an error", "panic: a *errors.errorString at fsm.", func() { panic(errors.New(canary)) }},
		{"the runtime", "integer divide by zero at fsm.", func() { zero := 0; _ = 1 / zero }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := job(t)
			s.req.CredentialsUser, s.req.CredentialsPassword = secret.New(canary), secret.New(canary)
			s.account.start = func(backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
				c.panics()
				return backend.StartExecutionOutput{}, nil
			}
			out := s.run()
			if out.Ending != UnexpectedError || !out.Ambiguous {
				t.Fatalf("ended as %s, ambiguous %v, want %s and true", out.Ending, out.Ambiguous, UnexpectedError)
			}
			if msg := out.Err.Error(); !strings.Contains(msg, c.want) || strings.Contains(msg, canary) {
				t.Errorf("error %q, want it to hold %q and no secret", msg, c.want)
			}
		})
	}
}

func TestBackendThatIsNone(t *testing.T) {
	r := Runner{Clock: &world{now: epoch}, Open: func(context.Context, Request) (backend.Backend, error) { return nil, nil }}
	if out := r.Run(t.Context(), job(t).req); out.Ending != UnexpectedError || out.Stage != Authenticate {
		t.Errorf("ended as %s in %s", out.Ending, out.Stage)
	}
}

func TestEventsInOrder(t *testing.T) {
	s := job(t)
	s.account.describe = statuses(backend.Running, backend.Succeeded)
	s.run()
	var got []string
	for i, e := range s.events {
		if e.Seq != i+1 {
			t.Errorf("event %d has seq %d", i+1, e.Seq)
		}
		switch n := e.News.(type) {
		case RunNamed:
			got = append(got, "named "+n.Name)
		case RunAuthenticated:
			got = append(got, "authenticated "+n.Identity.Account)
		case RunStarted:
			got = append(got, "started "+n.ExecutionArn+" "+string(n.Status))
		case RunPolled:
			got = append(got, "polled "+string(n.Status))
		case RunEnded:
			got = append(got, "ended "+string(n.Outcome.Ending))
		default:
			t.Errorf("unexpected %#v", n)
		}
	}
	want := "named nightly-1, authenticated 123456789012, started " + executionArn + " RUNNING, polled RUNNING, polled SUCCEEDED, ended SUCCEEDED"
	if strings.Join(got, ", ") != want {
		t.Errorf("events %s\n  want %s", strings.Join(got, ", "), want)
	}
}

// express makes the machine of the test an EXPRESS one.
func express(s *stage, sync func(context.Context) (backend.Execution, error)) {
	s.account.machine = func() (backend.StateMachine, error) { return backend.StateMachine{Type: backend.Express}, nil }
	s.account.start = func(backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
		return backend.StartExecutionOutput{ExecutionArn: expressArn, StartDate: epoch}, nil
	}
	s.account.startSync = func(ctx context.Context, _ backend.StartExecutionInput) (backend.Execution, error) { return sync(ctx) }
}
