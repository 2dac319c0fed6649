package fsm

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/benbjohnson/clock"

	"github.com/sfnx/sfnx/backend"
)

func TestWhatAnInterruptLeavesBehind(t *testing.T) {
	whileWaiting := interruptedAt("SIGTERM", "poll")
	ends := func(s backend.Status, n int) func(*stage) {
		return func(x *stage) {
			whileWaiting(x)
			x.account.describe = func(i int) (backend.Execution, error) {
				if i < n {
					return execution(backend.Running), nil
				}
				return ended(s), nil
			}
		}
	}
	for _, c := range []struct {
		name  string
		on    OnLeave
		given func(*stage)
		want  Left
		stops int
	}{
		{"left on purpose", LeaveExecution, whileWaiting, LeftRunning, 0},
		{"stopped", StopExecution, ends(backend.Aborted, 2), LeftStopped, 1},
		{"stopped after a moment", StopExecution, ends(backend.Aborted, 8), LeftStopped, 1},
		{"ended by itself meanwhile", StopExecution, ends(backend.Succeeded, 2), LeftEnded, 1},
		{"the end is not seen", StopExecution, whileWaiting, LeftStopping, 1},
		{"the stop is denied", StopExecution, func(s *stage) {
			whileWaiting(s)
			s.account.stop = func(backend.StopExecutionInput) error { return failure(backend.Authorization) }
		}, LeftRunning, 1},
		{"nothing was started", StopExecution, interruptedAt("SIGTERM", "authenticate"), LeftNothing, 0},
		{"a start on its way, left", LeaveExecution, interruptedAt("SIGTERM", "start"), LeftUnknown, 0},
		{"a start on its way that arrived", StopExecution, func(s *stage) {
			interruptedAt("SIGTERM", "start")(s)
			s.account.describe = statuses(backend.Running, backend.Aborted)
		}, LeftStopped, 1},
		{"a start on its way, nowhere to be seen", StopExecution, func(s *stage) {
			interruptedAt("SIGTERM", "start")(s)
			pollFails(backend.ExecutionDoesNotExist)(s)
		}, LeftUnknown, 0},
		{"a start on its way, but that one is not ours", StopExecution, func(s *stage) {
			interruptedAt("SIGTERM", "start")(s)
			s.req.Input = ptr(`{"mine":true}`)
		}, LeftUnknown, 0},
		{"a start on its way that has ended", StopExecution, interruptedAt("SIGTERM", "start"), LeftEnded, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := job(t)
			s.req.OnInterrupt = c.on
			c.given(s)
			out := s.run()
			if out.Ending != TerminatedBySignal || out.Signal != "SIGTERM" || out.Left != c.want {
				t.Errorf("ended as %s by %q and left %q (%v), want %s and %q", out.Ending, out.Signal, out.Left, out.StopErr, TerminatedBySignal, c.want)
			}
			if n := s.account.count("StopExecution"); n != c.stops {
				t.Errorf("stopped %d times, want %d", n, c.stops)
			}
			if c.stops > 0 && s.account.count("StopExecution sfnx: SIGTERM") != 1 {
				t.Errorf("calls %v, want the cause to name the signal", s.account.log)
			}
			if mended := c.want == LeftStopped || c.want == LeftNothing || c.on == LeaveExecution; mended && out.StopErr != nil {
				t.Errorf("error %v", out.StopErr)
			}
		})
	}
}

func TestWhatAWaitTimeoutLeavesBehind(t *testing.T) {
	theirs, ours := "sfnx: SIGTERM", "sfnx: wait timeout"
	abortedWith := func(cause *string) func(*stage) {
		return func(s *stage) {
			s.account.describe = func(int) (backend.Execution, error) {
				if s.account.count("StopExecution") == 0 {
					return execution(backend.Running), nil
				}
				ex := ended(backend.Aborted)
				ex.Cause = cause
				return ex, nil
			}
		}
	}
	endsMeanwhile := func(status backend.Status) func(*stage) {
		return func(s *stage) {
			s.account.describe = func(int) (backend.Execution, error) {
				if s.account.count("StopExecution") == 0 {
					return execution(backend.Running), nil
				}
				return ended(status), nil
			}
		}
	}
	runs := func(s *stage) { s.account.describe = statuses(backend.Running) }
	for _, c := range []struct {
		name  string
		on    OnLeave
		given func(*stage)
		want  State
		left  Left
		stops int
	}{
		{"left on purpose", LeaveExecution, runs, WaitTimeout, LeftRunning, 0},
		{"stopped", StopExecution, abortedWith(&ours), WaitTimeout, LeftStopped, 1},
		{"stopped, and the cause could not be encrypted", StopExecution, abortedWith(nil), WaitTimeout, LeftStopped, 1},
		{"stopped by somebody else first", StopExecution, abortedWith(&theirs), Aborted, LeftNothing, 1},
		{"succeeded meanwhile", StopExecution, endsMeanwhile(backend.Succeeded), Succeeded, LeftNothing, 1},
		{"failed meanwhile", StopExecution, endsMeanwhile(backend.Failed), Failed, LeftNothing, 1},
		{"the end is not seen", StopExecution, runs, WaitTimeout, LeftStopping, 1},
		{"the stop is denied", StopExecution, func(s *stage) {
			runs(s)
			s.account.stop = func(backend.StopExecutionInput) error { return failure(backend.Authorization) }
		}, WaitTimeout, LeftRunning, 1},
		{"the service is out of reach, but for the stop", StopExecution, func(s *stage) {
			s.account.describe = func(int) (backend.Execution, error) {
				if s.account.count("StopExecution") == 0 {
					return backend.Execution{}, failure(backend.Connection)
				}
				return ended(backend.Succeeded), nil
			}
		}, Succeeded, LeftNothing, 1},
		{"a signal comes during the stop", StopExecution, func(s *stage) {
			runs(s)
			s.account.stop = func(backend.StopExecutionInput) error { s.cancel(Interrupted{"SIGTERM"}); return nil }
		}, TerminatedBySignal, LeftStopping, 1},
		{"an EXPRESS execution, which nobody can stop", StopExecution, func(s *stage) {
			s.req.WaitTimeout = time.Millisecond
			express(s, func(ctx context.Context) (backend.Execution, error) {
				<-ctx.Done()
				return backend.Execution{}, failure(backend.Canceled)
			})
		}, WaitTimeout, LeftUnknown, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := job(t)
			s.req.WaitTimeout, s.req.OnWaitTimeout = time.Minute, c.on
			c.given(s)
			out := s.run()
			if out.Ending != c.want || out.Left != c.left {
				t.Errorf("ended as %s (%v) and left %q (%v), want %s and %q", out.Ending, out.Err, out.Left, out.StopErr, c.want, c.left)
			}
			if n := s.account.count("StopExecution"); n != c.stops || n != s.account.count("StopExecution "+ours) {
				t.Errorf("calls %v, want %d stops that name the reason", s.account.log, c.stops)
			}
			if failed := c.left == LeftRunning && c.stops > 0 || c.left == LeftUnknown; failed != (out.StopErr != nil) {
				t.Errorf("error of the stop: %v", out.StopErr)
			}
		})
	}
}

func TestStopWithoutTheCapability(t *testing.T) {
	s := job(t)
	s.req.OnInterrupt = StopExecution
	s.backend = bare{s.account}
	interruptedAt("SIGINT", "poll")(s)
	if out := s.run(); out.Left != LeftRunning || backend.CodeOf(out.StopErr) != backend.Unsupported {
		t.Errorf("left %q: %v", out.Left, out.StopErr)
	}
}

func TestStartThatSucceedsDuringASignal(t *testing.T) {
	s := job(t)
	s.account.start = func(backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
		s.cancel(Interrupted{"SIGINT"})
		return backend.StartExecutionOutput{ExecutionArn: executionArn, StartDate: epoch}, nil
	}
	out := s.run()
	if out.Ending != InterruptedBySignal || out.Stage != Poll || out.Execution == nil || out.Left != LeftRunning || out.Polls != 0 {
		t.Errorf("ended as %s in %s, execution %v, left %q, %d polls", out.Ending, out.Stage, out.Execution, out.Left, out.Polls)
	}
}

// A signal during a real pause ends it at once.
func TestSignalDuringAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := job(t)
		s.req.PollingInterval = 3600
		s.account.describe = statuses(backend.Running)
		r := Runner{Clock: clock.New(), Open: func(context.Context, Request) (backend.Backend, error) { return s.account, nil }}
		time.AfterFunc(90*time.Second, func() { s.cancel(Interrupted{"SIGTERM"}) })
		out := r.Run(s.ctx, s.req)
		if took := out.Ended.Sub(out.Began); out.Ending != TerminatedBySignal || took != 90*time.Second {
			t.Errorf("ended as %s after %v, want %s after 90s", out.Ending, took, TerminatedBySignal)
		}
	})
}

// A poll that hangs is cut soon after the limit of the wait.
func TestPollThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := job(t)
		s.req.WaitTimeout = time.Minute
		r := Runner{Clock: clock.New(), Open: func(context.Context, Request) (backend.Backend, error) { return hanging{s.account}, nil }}
		out := r.Run(s.ctx, s.req)
		if took := out.Ended.Sub(out.Began); out.Ending != WaitTimeout || took > time.Minute+5*time.Second {
			t.Errorf("ended as %s (%v) after %v, want %s within 65s", out.Ending, out.Err, took, WaitTimeout)
		}
	})
}

// One that has to be stopped first is no later.
func TestStopThatHangsAfterAPollThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := job(t)
		s.req.WaitTimeout, s.req.OnWaitTimeout = time.Minute, StopExecution
		r := Runner{Clock: clock.New(), Open: func(context.Context, Request) (backend.Backend, error) { return stuck{hanging{s.account}}, nil }}
		out := r.Run(s.ctx, s.req)
		if took := out.Ended.Sub(out.Began); out.Ending != WaitTimeout || out.Left != LeftRunning || took != time.Minute+5*time.Second {
			t.Errorf("ended as %s (%v) after %v, left %q, want %s after 65s", out.Ending, out.Err, took, out.Left, WaitTimeout)
		}
	})
}

// stuck answers no StopExecution, either.
type stuck struct{ hanging }

func (stuck) StopExecution(ctx context.Context, _ backend.StopExecutionInput) (backend.StopExecutionOutput, error) {
	<-ctx.Done()
	return backend.StopExecutionOutput{}, &backend.Error{Code: backend.Canceled, Err: ctx.Err()}
}

// hanging answers no DescribeExecution.
type hanging struct{ *account }

func (hanging) DescribeExecution(ctx context.Context, _ string) (backend.Execution, error) {
	<-ctx.Done()
	return backend.Execution{}, &backend.Error{Code: backend.Canceled, Err: ctx.Err()}
}

func TestCancelledForAnotherReason(t *testing.T) {
	s := job(t)
	s.account.describe = statuses(backend.Running)
	reason := errors.New("the parent gave up")
	s.world.at = func(time.Time) { s.cancel(reason) }
	if out := s.run(); out.Ending != UnexpectedError || !errors.Is(out.Err, reason) || out.Left != LeftRunning {
		t.Errorf("ended as %s (%v), left %q", out.Ending, out.Err, out.Left)
	}
}
