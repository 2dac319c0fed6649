package fsm

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
)

// starts answers the n-th start with the n-th error, nil being a success, and with the last one from then on.
func starts(s *stage, answers ...error) {
	n := 0
	s.account.start = func(backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
		n++
		return backend.StartExecutionOutput{ExecutionArn: executionArn, StartDate: epoch}, answers[min(n, len(answers))-1]
	}
}

func lost(code backend.Code) error {
	return &backend.Error{Code: code, Op: "StartExecution", Message: "no luck", Ambiguous: true}
}

func TestStartIsRepeated(t *testing.T) {
	exists := failure(backend.ExecutionAlreadyExists)
	for _, c := range []struct {
		name    string
		given   func(*stage)
		answers []error
		calls   int
		want    State
		adopted bool
	}{
		{"throttled", nil, []error{failure(backend.Throttled), failure(backend.Throttled), nil}, 3, Succeeded, false},
		{"too many executions", nil, []error{failure(backend.ExecutionLimitExceeded), nil}, 2, Succeeded, false},
		{"out of order", nil, []error{lost(backend.Unavailable), nil}, 2, Succeeded, false},
		{"connection lost", nil, []error{lost(backend.Connection), nil}, 2, Succeeded, false},
		{"connection lost, then refused", nil, []error{lost(backend.Connection), failure(backend.Connection), nil}, 3, Succeeded, false},
		{"proxy lost", nil, []error{lost(backend.Proxy), nil}, 2, Succeeded, false},
		{"garbled", nil, []error{lost(backend.Unexpected), nil}, 2, Succeeded, false},
		{"lost, and ended meanwhile", nil, []error{lost(backend.Connection), exists}, 2, Succeeded, true},
		{"lost, throttled, ended meanwhile", nil, []error{lost(backend.Connection), failure(backend.Throttled), exists}, 3, Succeeded, true},
		{"lost, and may not be adopted from others", mustBeNew, []error{lost(backend.Connection), exists}, 2, Succeeded, true},
		{"not lost, and may not be adopted", mustBeNew, []error{failure(backend.Throttled), exists}, 2, DataValidationError, false},
		{"lost, not waited for: the type is asked then", func(s *stage) { s.req.WaitForSuccessOrFailure = false }, []error{lost(backend.Connection), nil}, 2, Started, false},
		{"refused connection", nil, []error{failure(backend.Connection)}, 1, ConnectionError, false},
		{"garbled, but never sent", nil, []error{failure(backend.Unexpected)}, 1, UnexpectedError, false},
		{"no budget", func(s *stage) { s.req.RetryBudget = 0 }, []error{failure(backend.Throttled)}, 1, ConnectionError, false},
		{"EXPRESS, throttled", notWaitedForExpress, []error{failure(backend.Throttled), nil}, 2, Started, false},
		{"EXPRESS, lost", notWaitedForExpress, []error{lost(backend.Connection)}, 1, ConnectionError, false},
		{"EXPRESS, throttled, lost", notWaitedForExpress, []error{failure(backend.Throttled), lost(backend.Unavailable)}, 2, ConnectionError, false},
		{"type denied, lost", func(s *stage) {
			s.account.machine = func() (backend.StateMachine, error) { return backend.StateMachine{}, failure(backend.Authorization) }
		}, []error{lost(backend.Connection)}, 1, ConnectionError, false},
		{"type unknown, lost", func(s *stage) { s.backend = bare{s.account} }, []error{lost(backend.Connection)}, 1, ConnectionError, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := job(t)
			starts(s, c.answers...)
			if c.given != nil {
				c.given(s)
			}
			out := s.run()
			if n := s.account.count("StartExecution nightly-1"); out.Ending != c.want || n != c.calls || out.Adopted != c.adopted {
				t.Errorf("ended as %s (%v), %d starts, adopted %v, want %s, %d, %v", out.Ending, out.Err, n, out.Adopted, c.want, c.calls, c.adopted)
			}
			if known := out.Ending == Succeeded || out.Ending == Started; known && (out.Ambiguous || out.Execution == nil) {
				t.Errorf("ambiguous %v, execution %v", out.Ambiguous, out.Execution)
			}
		})
	}
}

func notWaitedForExpress(s *stage) {
	s.req.WaitForSuccessOrFailure = false
	s.account.machine = func() (backend.StateMachine, error) { return backend.StateMachine{Type: backend.Express}, nil }
}

func TestStartIsGivenUpAfterAMinute(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		budget time.Duration
		want   time.Duration
	}{
		{"throttled", failure(backend.Throttled), time.Hour, time.Minute},
		{"lost", lost(backend.Connection), time.Hour, time.Minute},
		{"a smaller budget", failure(backend.Throttled), 20 * time.Second, 20 * time.Second},
		{"a pause nobody waits for", &backend.Error{Code: backend.Throttled, RetryAfter: 61 * time.Second}, time.Hour, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := job(t)
			s.req.RetryBudget = c.budget
			starts(s, c.err)
			out := s.run()
			if took := out.Ended.Sub(out.Began); took != c.want || out.Ending != ConnectionError || out.Ambiguous != ambiguous(c.err) {
				t.Errorf("ended as %s after %s, ambiguous %v, want %s after %s", out.Ending, took, out.Ambiguous, ConnectionError, c.want)
			}
		})
	}
}

func TestStartPausesAreJitteredAndToldAndObeyTheService(t *testing.T) {
	s := job(t)
	s.jitter = func() float64 { return 0.25 }
	slow := &backend.Error{Code: backend.Throttled, Message: "slow down", RetryAfter: 7 * time.Second}
	starts(s, failure(backend.Throttled), failure(backend.Throttled), failure(backend.Throttled), failure(backend.Throttled), slow, lost(backend.Unavailable), nil)
	out := s.run()
	want := []time.Duration{750 * time.Millisecond, 1500 * time.Millisecond, 3 * time.Second, 3750 * time.Millisecond, 7 * time.Second, 3750 * time.Millisecond}
	for i, pause := range want {
		if i >= len(s.world.pauses) || s.world.pauses[i] != pause {
			t.Fatalf("pauses %v, want %v", s.world.pauses, want)
		}
	}
	if out.Throttled != 5 || out.Unreachable != 1 {
		t.Errorf("%d throttled, %d unreachable", out.Throttled, out.Unreachable)
	}
	if told, ok := s.events[2].News.(RunThrottled); !ok || told != (RunThrottled{"StartExecution", want[0]}) {
		t.Errorf("event %#v", s.events[2])
	}
	if told, ok := s.events[7].News.(RunUnreachable); !ok || told.Call != "StartExecution" || told.Code != backend.Unavailable || told.Wait != want[5] {
		t.Errorf("event %#v", s.events[7])
	}
}

func TestCallsBeforeTheStartAreRepeated(t *testing.T) {
	s := job(t)
	asked := 0
	s.account.authenticate = func() error {
		if asked++; asked < 3 {
			return failure(backend.Throttled)
		}
		return nil
	}
	types := 0
	s.account.machine = func() (backend.StateMachine, error) {
		if types++; types < 3 {
			return backend.StateMachine{}, failure(backend.Unavailable)
		}
		return backend.StateMachine{Type: backend.Standard}, nil
	}
	if out := s.run(); out.Ending != Succeeded || asked != 3 || types != 3 {
		t.Errorf("ended as %s (%v) after %v", out.Ending, out.Err, s.account.log)
	}
}

func TestSyncStartIsRepeatedOnlyIfRefused(t *testing.T) {
	for _, c := range []struct {
		first error
		calls int
		want  State
	}{
		{failure(backend.Throttled), 2, Succeeded},
		{failure(backend.ExecutionLimitExceeded), 2, Succeeded},
		{lost(backend.Unavailable), 1, ConnectionError},
		{failure(backend.Connection), 1, ConnectionError},
	} {
		s := job(t)
		n := 0
		express(s, func(context.Context) (backend.Execution, error) {
			if n++; n == 1 {
				return backend.Execution{}, c.first
			}
			return ended(backend.Succeeded), nil
		})
		if out := s.run(); out.Ending != c.want || n != c.calls {
			t.Errorf("%v: ended as %s after %d calls, want %s after %d", c.first, out.Ending, n, c.want, c.calls)
		}
	}
}

func TestSignalWhileTheStartIsRepeated(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		on   OnLeave
		want Left
	}{
		{"throttled", failure(backend.Throttled), StopExecution, LeftNothing},
		{"lost, left", lost(backend.Connection), LeaveExecution, LeftUnknown},
		{"lost, stopped", lost(backend.Connection), StopExecution, LeftStopped},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := job(t)
			s.req.OnInterrupt = c.on
			starts(s, c.err)
			s.account.describe = statuses(backend.Running, backend.Aborted)
			s.world.at = func(time.Time) { s.cancel(Interrupted{"SIGTERM"}) }
			out := s.run()
			if out.Ending != TerminatedBySignal || out.Stage != Start || out.Left != c.want || s.account.count("StartExecution") != 1 {
				t.Errorf("ended as %s in %s, left %q after %v, want %q", out.Ending, out.Stage, out.Left, s.account.log, c.want)
			}
		})
	}
}

func TestErrorOfAStartThatWasRepeated(t *testing.T) {
	s := job(t)
	starts(s, lost(backend.Connection), failure(backend.Throttled))
	out := s.run()
	if text := out.Err.Error(); !out.Ambiguous || !strings.HasPrefix(text, "an execution may have been started: Op: no luck; it failed ") || !strings.HasSuffix(text, " times in 1m0s") {
		t.Errorf("ambiguous %v, error %q", out.Ambiguous, text)
	}
}
