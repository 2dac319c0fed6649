package fsm

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
)

func TestRedriveIsRepeatedWithTheSameToken(t *testing.T) {
	tokens := map[string]bool{}
	for range 2 {
		s := job(t)
		s.req.RetryMode, s.req.Attempt = RetryRedrive, 2
		h := newHistorical(s).has("nightly-1", redrivable(backend.Failed))
		answers := []error{lost(backend.Connection), failure(backend.Throttled), lost(backend.Unavailable), failure(backend.ExecutionLimitExceeded), failure(backend.Connection)}
		h.redrive = func(n int, _ string) (out backend.RedriveExecutionOutput, err error) {
			if n <= len(answers) {
				err = answers[n-1]
			}
			return out, err
		}
		out := s.run()
		if out.Ending != Succeeded || !out.Redriven || out.Ambiguous || len(h.redriven) != 6 {
			t.Errorf("ended as %s (%v), redriven %v, ambiguous %v, %d calls", out.Ending, out.Err, out.Redriven, out.Ambiguous, len(h.redriven))
		}
		for _, token := range h.redriven {
			tokens[token] = true
			if clientTokenRule(token) != "" {
				t.Errorf("token %q", token)
			}
		}
	}
	if len(tokens) != 1 {
		t.Errorf("tokens %v, want one and the same", tokens)
	}
}

func TestRedriveOfWhichNobodyKnows(t *testing.T) {
	s := job(t)
	s.req.RetryMode, s.req.Attempt = RetryRedrive, 2
	h := newHistorical(s).has("nightly-1", redrivable(backend.Failed))
	h.redrive = func(int, string) (backend.RedriveExecutionOutput, error) {
		return backend.RedriveExecutionOutput{}, lost(backend.Connection)
	}
	out := s.run()
	if out.Ending != ConnectionError || !out.Ambiguous || out.Left != LeftUnknown || out.Name != "nightly-1" || !strings.HasPrefix(out.Err.Error(), "the execution may have been redriven: ") {
		t.Errorf("ended as %s (%v), ambiguous %v, left %q, name %s", out.Ending, out.Err, out.Ambiguous, out.Left, out.Name)
	}
}

// An end that was reached before the redrive is none, for a minute.
func TestStaleStatusAfterARedrive(t *testing.T) {
	for _, c := range []struct {
		stale  int
		want   State
		status backend.Status
		after  time.Duration
	}{
		{0, Succeeded, backend.Succeeded, 0},
		{5, Succeeded, backend.Succeeded, 50 * time.Second},
		{100, UnexpectedError, backend.Running, time.Minute},
	} {
		s := job(t)
		s.req.RetryMode, s.req.Attempt = RetryRedrive, 2
		h := newHistorical(s).has("nightly-1", redrivable(backend.Failed))
		s.world.now = epoch.Add(time.Hour)
		h.stale = c.stale
		out := s.run()
		if took := out.Ended.Sub(out.Began); out.Ending != c.want || out.Execution.Status != c.status || took != c.after {
			t.Errorf("%d stale answers: ended as %s (%v), %s after %s, want %s, %s after %s", c.stale, out.Ending, out.Err, out.Execution.Status, took, c.want, c.status, c.after)
		}
		for _, e := range s.events {
			if polled, ok := e.News.(RunPolled); ok && polled.Status == backend.Failed {
				t.Error("a poll told of the end before the redrive")
			}
		}
	}
}

// A token that was used before answers with the redrive of then. The end after that one counts, though redriveCount
// does not grow any more.
func TestRedriveOfARestartedAttempt(t *testing.T) {
	s := job(t)
	s.req.RetryMode, s.req.Attempt = RetryRedrive, 2
	ex := redrivable(backend.Failed)
	ex.RedriveCount = 1
	h := newHistorical(s).has("nightly-1", ex)
	s.backend = replaying{h, ex.StopDate.Add(-time.Second)}
	if out := s.run(); out.Ending != Failed || !out.Redriven || out.Polls != 3 {
		t.Errorf("ended as %s (%v), redriven %v after %v", out.Ending, out.Err, out.Redriven, s.account.log)
	}
}

// replaying answers a redrive as it did before.
type replaying struct {
	*historical
	date time.Time
}

func (r replaying) RedriveExecution(context.Context, backend.RedriveExecutionInput) (backend.RedriveExecutionOutput, error) {
	return backend.RedriveExecutionOutput{RedriveDate: r.date}, nil
}

func TestRedriveOfANamedExecution(t *testing.T) {
	named := func(s *stage) *historical {
		s.req = Defaults()
		s.req.StateMachineArn, s.req.RedriveArn, s.req.WaitForSuccessOrFailure = machineArn, executionArn, true
		return newHistorical(s).has("nightly-1", func() backend.Execution {
			ex := redrivable(backend.Failed)
			ex.Input = ptr(`{"whatever":1}`)
			return ex
		}())
	}
	for _, c := range []struct {
		name   string
		given  func(*stage, *historical)
		want   State
		tokens string
	}{
		{"waited for", func(*stage, *historical) {}, Succeeded, "sfnx-id1"},
		{"with a token", func(s *stage, _ *historical) { s.req.ClientToken = "mine" }, Succeeded, "mine"},
		{"not waited for", func(s *stage, _ *historical) { s.req.WaitForSuccessOrFailure = false }, Started, "sfnx-id1"},
		{"refused", func(_ *stage, h *historical) {
			h.redrive = func(int, string) (backend.RedriveExecutionOutput, error) {
				return backend.RedriveExecutionOutput{}, failure(backend.ExecutionNotRedrivable)
			}
		}, DataValidationError, "sfnx-id1"},
		{"lost once", func(_ *stage, h *historical) {
			h.redrive = func(n int, _ string) (out backend.RedriveExecutionOutput, err error) {
				if n == 1 {
					err = lost(backend.Connection)
				}
				return out, err
			}
		}, Succeeded, "sfnx-id1 sfnx-id1"},
		{"nowhere to be found", func(_ *stage, h *historical) { delete(h.executions, "nightly-1") }, DataValidationError, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := job(t)
			h := named(s)
			c.given(s, h)
			out := s.run()
			if tokens := strings.Join(h.redriven, " "); out.Ending != c.want || tokens != c.tokens || out.Name != "nightly-1" || s.account.count("StartExecution") != 0 {
				t.Errorf("ended as %s (%v), tokens %q, name %q, calls %v, want %s, %q", out.Ending, out.Err, tokens, out.Name, s.account.log, c.want, c.tokens)
			}
		})
	}
}

func TestSignalWhileARedriveIsRepeated(t *testing.T) {
	s := job(t)
	s.req.RetryMode, s.req.Attempt, s.req.OnInterrupt = RetryRedrive, 2, StopExecution
	h := newHistorical(s).has("nightly-1", redrivable(backend.Failed))
	h.redrive = func(int, string) (backend.RedriveExecutionOutput, error) {
		h.has("nightly-1", execution(backend.Running))
		return backend.RedriveExecutionOutput{}, lost(backend.Connection)
	}
	s.account.stop = func(backend.StopExecutionInput) error { h.has("nightly-1", ended(backend.Aborted)); return nil }
	s.world.at = func(time.Time) { s.cancel(Interrupted{"SIGINT"}) }
	if out := s.run(); out.Ending != InterruptedBySignal || out.Left != LeftStopped {
		t.Errorf("ended as %s, left %q (%v) after %v", out.Ending, out.Left, out.StopErr, s.account.log)
	}
}
