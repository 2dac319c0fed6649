package fsm

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
)

func existing(ambiguous bool) func(*stage) {
	return startFails(&backend.Error{Code: backend.ExecutionAlreadyExists, Op: "StartExecution", Message: "Execution Already Exists", Ambiguous: ambiguous})
}

func TestExecutionThatExistsAlready(t *testing.T) {
	other := func(change func(*backend.Execution)) func(*stage) {
		return func(s *stage) {
			s.account.describe = func(int) (backend.Execution, error) {
				ex := ended(backend.Succeeded)
				change(&ex)
				return ex, nil
			}
		}
	}
	for _, c := range []struct {
		name      string
		onExists  OnExists
		ambiguous bool
		given     func(*stage)
		want      State
		says      string
	}{
		{"same input, finished", AdoptExecution, false, func(*stage) {}, Succeeded, ""},
		{"same input, running", AdoptExecution, false, func(s *stage) {
			s.account.describe = statuses(backend.Running, backend.Running, backend.Failed)
		}, Failed, ""},
		{"same input in other words", AdoptExecution, false, func(s *stage) { s.req.Input = ptr("{ }") }, DataValidationError, executionArn + " exists already and has another input"},
		{"another input", AdoptExecution, false, other(func(x *backend.Execution) { x.Input = ptr(`{"a":1}`) }), DataValidationError, "has another input"},
		{"an input that is withheld", AdoptExecution, false, other(func(x *backend.Execution) { x.Input = nil }), DataValidationError, "has another input"},
		{"another name", AdoptExecution, false, other(func(x *backend.Execution) { x.Name = "daily-1" }), DataValidationError, `has the name "daily-1"`},
		{"another machine", AdoptExecution, false, other(func(x *backend.Execution) { x.StateMachineArn = machineArn + "s" }), DataValidationError, "belongs to the state machine " + machineArn + "s"},
		{"an answer that names no machine", AdoptExecution, false, other(func(x *backend.Execution) { x.StateMachineArn = "" }), DataValidationError, "belongs to the state machine"},
		{"the machine is named by its alias", AdoptExecution, false, func(s *stage) { s.req.StateMachineArn += ":prod" }, Succeeded, ""},
		{"the answer names a version", AdoptExecution, false, other(func(x *backend.Execution) { x.StateMachineArn += ":3" }), Succeeded, ""},
		{"it may not exist", FailIfExists, false, func(*stage) {}, DataValidationError, "Execution Already Exists"},
		{"it may not exist, but is ours", FailIfExists, true, func(*stage) {}, Succeeded, ""},
		{"it may not exist, but is ours, and older than our call by a clock that differs", FailIfExists, true, other(func(x *backend.Execution) { x.StartDate = epoch.Add(-time.Hour) }), Succeeded, ""},
		{"ours by the flag, not by the input", AdoptExecution, true, func(s *stage) { s.req.Input = ptr("[]") }, DataValidationError, "has another input"},
		{"it cannot be described", AdoptExecution, true, pollFails(backend.Authorization), AuthorizationError, "no luck"},
		{"it shows up late", AdoptExecution, false, func(s *stage) {
			s.account.describe = func(n int) (backend.Execution, error) {
				if n < 3 {
					return backend.Execution{}, failure(backend.ExecutionDoesNotExist)
				}
				return ended(backend.Succeeded), nil
			}
		}, Succeeded, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := job(t)
			existing(c.ambiguous)(s)
			s.req.OnExists = c.onExists
			c.given(s)
			if c.onExists == FailIfExists {
				mustBeNew(s)
			}
			out := s.run()
			if out.Ending != c.want {
				t.Fatalf("ended as %s (%v), want %s", out.Ending, out.Err, c.want)
			}
			if accepted := c.says == ""; out.Adopted != accepted || (out.Execution != nil) != accepted {
				t.Errorf("adopted %v, execution %v", out.Adopted, out.Execution)
			}
			if c.says != "" && !strings.Contains(out.Err.Error(), c.says) {
				t.Errorf("error %q, want it to say %q", out.Err, c.says)
			}
			if n := s.account.count("StartExecution"); n != 1 {
				t.Errorf("started %d times", n)
			}
			for _, line := range s.account.log {
				if strings.HasPrefix(line, "DescribeExecution") && line != "DescribeExecution nightly-1" {
					t.Errorf("asked for %q", line)
				}
			}
		})
	}
}

func TestAdoptedAndNotWaitedFor(t *testing.T) {
	s := job(t)
	existing(false)(s)
	s.req.WaitForSuccessOrFailure = false
	out := s.run()
	if out.Ending != Started || !out.Adopted || strings.Join(s.account.log, ", ") != "Authenticate, StartExecution nightly-1, DescribeExecution nightly-1" {
		t.Errorf("ended as %s, adopted %v, calls %v", out.Ending, out.Adopted, s.account.log)
	}
}

func TestAmbiguousStartIsSaidToBeUnknown(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want Left
		end  State
	}{
		{"may have left", &backend.Error{Code: backend.Connection, Ambiguous: true}, LeftUnknown, ConnectionError},
		{"never left", &backend.Error{Code: backend.Connection}, LeftNothing, ConnectionError},
		{"an answer that makes no sense", &backend.Error{Code: backend.Unexpected, Ambiguous: true}, LeftUnknown, ConnectionError},
		{"denied in the end", &backend.Error{Code: backend.Authorization, Ambiguous: true}, LeftUnknown, AuthorizationError},
		{"no error of a backend", errors.New("eh"), LeftUnknown, UnexpectedError},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := job(t)
			s.account.start = func(backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
				return backend.StartExecutionOutput{}, c.err
			}
			out := s.run()
			if out.Ending != c.end || out.Left != c.want || out.Ambiguous != (c.want == LeftUnknown) {
				t.Errorf("ended as %s, left %q, ambiguous %v, want %s, %q", out.Ending, out.Left, out.Ambiguous, c.end, c.want)
			}
			if said := strings.Contains(out.Err.Error(), "an execution may have been started: "); said != ambiguous(c.err) {
				t.Errorf("error %q", out.Err)
			}
		})
	}
}

func TestExpressIsRunInOneCall(t *testing.T) {
	s := job(t)
	express(s, func(context.Context) (backend.Execution, error) {
		ex := ended(backend.Succeeded)
		ex.ExecutionArn = expressArn
		return ex, nil
	})
	out := s.run()
	if out.Ending != Succeeded || strings.Join(s.account.log, ", ") != "Authenticate, DescribeStateMachine, StartSyncExecution nightly-1" {
		t.Errorf("ended as %s after %v", out.Ending, s.account.log)
	}
	if started, ok := s.events[2].News.(RunStarted); !ok || started.ExecutionArn != expressArn || started.Status != backend.Succeeded {
		t.Errorf("event %#v", s.events[2])
	}
}

func TestExpressThatFails(t *testing.T) {
	s := job(t)
	express(s, func(context.Context) (backend.Execution, error) {
		ex := ended(backend.Failed)
		ex.ExecutionArn = expressArn
		return ex, nil
	})
	if out := s.run(); out.Ending != Failed || s.account.count("GetExecutionHistory") != 0 {
		t.Errorf("ended as %s after %v; the history of an EXPRESS execution cannot be read", out.Ending, s.account.log)
	}
}

func TestExpressNotWaitedForIsStartedLikeAnyOther(t *testing.T) {
	s := job(t)
	express(s, nil)
	s.req.WaitForSuccessOrFailure = false
	if out := s.run(); out.Ending != Started || strings.Join(s.account.log, ", ") != "Authenticate, StartExecution nightly-1" {
		t.Errorf("ended as %s after %v", out.Ending, s.account.log)
	}
}

func TestAmbiguousExpressStart(t *testing.T) {
	s := job(t)
	express(s, func(context.Context) (backend.Execution, error) {
		return backend.Execution{}, &backend.Error{Code: backend.Unavailable, Op: "StartSyncExecution", Message: "502", Ambiguous: true}
	})
	out := s.run()
	if out.Ending != ConnectionError || !out.Ambiguous || out.Left != LeftUnknown || !strings.Contains(out.Err.Error(), "EXPRESS execution may have been started") {
		t.Errorf("ended as %s, ambiguous %v, left %q: %v", out.Ending, out.Ambiguous, out.Left, out.Err)
	}
}

func TestPanicInStartSync(t *testing.T) {
	s := job(t)
	express(s, func(context.Context) (backend.Execution, error) { panic("eh") })
	if out := s.run(); out.Ending != UnexpectedError || !out.Ambiguous {
		t.Errorf("ended as %s, ambiguous %v", out.Ending, out.Ambiguous)
	}
}

func TestSignalDuringStartSync(t *testing.T) {
	for _, ended := range []bool{false, true} {
		s := job(t)
		s.req.OnInterrupt = StopExecution
		express(s, func(context.Context) (backend.Execution, error) {
			s.cancel(Interrupted{"SIGINT"})
			if ended {
				return execution(backend.Succeeded), nil
			}
			return backend.Execution{}, failure(backend.Canceled)
		})
		s.account.describe = func(int) (backend.Execution, error) {
			return backend.Execution{}, failure(backend.ExecutionDoesNotExist)
		}
		out := s.run()
		want, left := InterruptedBySignal, LeftUnknown
		if ended {
			want, left = Succeeded, LeftNothing // an end that was read counts before the signal
		}
		if out.Ending != want || out.Left != left {
			t.Errorf("ended as %s, left %q, want %s, %q", out.Ending, out.Left, want, left)
		}
	}
}

func TestTypeOfTheMachineThatCannotBeAsked(t *testing.T) {
	denied := func(s *stage) {
		s.account.machine = func() (backend.StateMachine, error) { return backend.StateMachine{}, failure(backend.Authorization) }
	}
	for _, c := range []struct {
		name  string
		given func(*stage)
		arn   string
		want  State
		says  string
	}{
		{"denied, STANDARD", denied, executionArn, Succeeded, ""},
		{"denied, EXPRESS", denied, expressArn, AuthorizationError, "states:DescribeStateMachine and states:StartSyncExecution"},
		{"unsupported", func(s *stage) {
			s.account.machine = func() (backend.StateMachine, error) { return backend.StateMachine{}, failure(backend.Unsupported) }
		}, executionArn, Succeeded, ""},
		{"no such machine", func(s *stage) {
			s.account.machine = func() (backend.StateMachine, error) {
				return backend.StateMachine{}, failure(backend.StateMachineDoesNotExist)
			}
		}, executionArn, DataValidationError, "no luck"},
		{"a backend without the capability", func(s *stage) { s.backend = bare{s.account} }, executionArn, Succeeded, ""},
		{"a backend without the capability, EXPRESS", func(s *stage) { s.backend = bare{s.account} }, expressArn, DataValidationError, "this backend cannot wait"},
		{"EXPRESS without StartSyncExecution", func(s *stage) {
			express(s, nil)
			s.backend = struct {
				backend.Backend
				backend.MachineDescriber
			}{s.account, s.account}
		}, expressArn, DataValidationError, "this backend cannot wait"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := job(t)
			s.account.start = func(backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
				return backend.StartExecutionOutput{ExecutionArn: c.arn, StartDate: epoch}, nil
			}
			c.given(s)
			out := s.run()
			if out.Ending != c.want || c.says != "" && !strings.Contains(out.Err.Error(), c.says) {
				t.Errorf("ended as %s (%v), want %s (%s)", out.Ending, out.Err, c.want, c.says)
			}
			if started := s.account.count("StartExecution") > 0; c.arn == expressArn && started && out.Left != LeftRunning {
				t.Errorf("left %q, want %q", out.Left, LeftRunning)
			}
		})
	}
}

// mustBeNew is a run that adopts nothing. The first look finds no execution.
func mustBeNew(s *stage) {
	s.req.OnExists = FailIfExists
	later := s.account.describe
	s.account.describe = func(n int) (backend.Execution, error) {
		switch {
		case n == 1:
			return backend.Execution{}, failure(backend.ExecutionDoesNotExist)
		case later != nil:
			return later(n - 1)
		}
		return ended(backend.Succeeded), nil
	}
}

func TestAnExecutionThatMustBeNew(t *testing.T) {
	for _, c := range []struct {
		name   string
		look   func(int) (backend.Execution, error)
		want   State
		starts int
	}{
		{"there is one that runs, with the same input", statuses(backend.Running), DataValidationError, 0},
		{"there is one that has ended", statuses(backend.Failed), DataValidationError, 0},
		{"nobody may look", answers(failure(backend.Authorization)), Succeeded, 1},
		{"AWS cannot be reached", answers(failure(backend.Connection)), ConnectionError, 0},
	} {
		s := job(t)
		s.req.OnExists = FailIfExists
		s.account.describe = c.look
		if out := s.run(); out.Ending != c.want || s.account.count("StartExecution") != c.starts {
			t.Errorf("%s: ended as %s (%v), calls %v", c.name, out.Ending, out.Err, s.account.log)
		}
	}
}

func TestFreeze(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want State
	}{
		{"kept", nil, Succeeded},
		{"the field is to blame", fmt.Errorf("write: %w", FieldError{"state_file", "x", "no such directory"}), DataValidationError},
		{"the disk is full", fmt.Errorf("no space left on device"), UnexpectedError},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := job(t)
			r := s.runner()
			var frozen []string
			r.Freeze = func(name string) error {
				frozen = append(frozen, name)
				if n := s.account.count("StartExecution"); n > 0 {
					t.Errorf("started %d times before", n)
				}
				return c.err
			}
			out := r.Run(s.ctx, s.req)
			if out.Ending != c.want || strings.Join(frozen, " ") != "nightly-1" || (out.Execution != nil) != (c.err == nil) {
				t.Errorf("ended as %s (%v), frozen %v, execution %v", out.Ending, out.Err, frozen, out.Execution)
			}
			if blamed := len(out.FieldErrors) == 1; blamed != (c.want == DataValidationError) || out.Ambiguous {
				t.Errorf("field errors %v, ambiguous %v", out.FieldErrors, out.Ambiguous)
			}
		})
	}
}
