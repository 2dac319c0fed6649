package fsm

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
)

// historical is an account with executions from before, and with redrives.
type historical struct {
	*account
	world      *world
	executions map[string]backend.Execution                                      // by name
	redrive    func(n int, token string) (backend.RedriveExecutionOutput, error) // n-th call, from 1; nil: accepted, and SUCCEEDED
	stale      int                                                               // answers of DescribeExecution that know of no redrive
	redriven   []string                                                          // client tokens
	before     map[string]backend.Execution
}

func newHistorical(s *stage) *historical {
	h := &historical{account: s.account, world: s.world, executions: map[string]backend.Execution{}, before: map[string]backend.Execution{}}
	s.backend = h
	return h
}

// has gives the account an execution of the test's machine and input.
func (h *historical) has(name string, ex backend.Execution) *historical {
	ex.Name, ex.ExecutionArn = name, strings.TrimSuffix(executionArn, "nightly-1")+name
	h.executions[name] = ex
	return h
}

func (h *historical) DescribeExecution(_ context.Context, arn string) (backend.Execution, error) {
	name := arn[strings.LastIndex(arn, ":")+1:]
	h.called("DescribeExecution %s", name)
	if old, ok := h.before[name]; ok && h.stale > 0 {
		h.stale--
		return old, nil
	}
	ex, known := h.executions[name]
	if !known {
		return ex, &backend.Error{Code: backend.ExecutionDoesNotExist, Op: "DescribeExecution", Message: "no such execution"}
	}
	return ex, nil
}

func (h *historical) StartExecution(ctx context.Context, in backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
	out, err := h.account.StartExecution(ctx, in)
	if _, exists := h.executions[in.Name]; exists {
		return out, failure(backend.ExecutionAlreadyExists)
	}
	h.has(in.Name, ended(backend.Succeeded))
	out.ExecutionArn = h.executions[in.Name].ExecutionArn
	return out, err
}

func (h *historical) RedriveExecution(_ context.Context, in backend.RedriveExecutionInput) (backend.RedriveExecutionOutput, error) {
	name := in.ExecutionArn[strings.LastIndex(in.ExecutionArn, ":")+1:]
	h.called("RedriveExecution %s", name)
	h.redriven = append(h.redriven, in.ClientToken)
	ex := h.executions[name]
	if h.redrive != nil {
		if out, err := h.redrive(len(h.redriven), in.ClientToken); err != nil {
			return out, err
		}
	}
	h.before[name] = ex
	ex.Status, ex.RedriveCount, ex.StopDate = backend.Succeeded, ex.RedriveCount+1, h.world.now.Add(time.Second)
	ex.Output, ex.OutputIncluded = ptr(`{"ok":true}`), ptr(true)
	h.executions[name] = ex
	return backend.RedriveExecutionOutput{RedriveDate: h.world.now}, nil
}

// redrivable is an execution that failed, as AWS describes it.
func redrivable(s backend.Status) backend.Execution {
	ex := ended(s)
	ex.RedriveStatus = "REDRIVABLE"
	return ex
}

func TestRetryModes(t *testing.T) {
	unlike := func(change func(*backend.Execution)) backend.Execution {
		ex := redrivable(backend.Failed)
		change(&ex)
		return ex
	}
	const redriven, adopted, fresh = "redriven", "adopted", "new"
	for _, c := range []struct {
		name    string
		mode    RetryMode
		attempt int
		given   func(*stage, *historical)
		want    State
		result  string // name of the execution
		how     string
		says    string
	}{
		{"new looks at nothing", RetryNew, 3, func(_ *stage, h *historical) { h.has("nightly-2", execution(backend.Running)) }, Succeeded, "nightly-3", fresh, ""},
		{"the first attempt", RetryRedrive, 1, nil, Succeeded, "nightly-1", fresh, ""},
		{"no earlier execution", RetryRedrive, 3, nil, Succeeded, "nightly-3", fresh, ""},

		{"adopt: succeeded", RetryAdopt, 2, func(_ *stage, h *historical) { h.has("nightly-1", ended(backend.Succeeded)) }, Succeeded, "nightly-1", adopted, ""},
		{"adopt: failed", RetryAdopt, 2, func(_ *stage, h *historical) { h.has("nightly-1", ended(backend.Failed)) }, Succeeded, "nightly-2", fresh, ""},
		{"adopt: the newest decides", RetryAdopt, 4, func(_ *stage, h *historical) {
			h.has("nightly-1", ended(backend.Succeeded)).has("nightly-2", ended(backend.TimedOut))
		}, Succeeded, "nightly-4", fresh, ""},
		{"adopt: not the attempts before the tenth", RetryAdopt, 12, func(_ *stage, h *historical) { h.has("nightly-1", ended(backend.Succeeded)) }, Succeeded, "nightly-12", fresh, ""},
		{"adopt: ten attempts before", RetryAdopt, 12, func(_ *stage, h *historical) { h.has("nightly-2", ended(backend.Succeeded)) }, Succeeded, "nightly-2", adopted, ""},
		{"adopt: another input", RetryAdopt, 2, func(_ *stage, h *historical) {
			h.has("nightly-1", unlike(func(x *backend.Execution) { x.Input = ptr("[]") }))
		}, DataValidationError, "", "", "nightly-1 exists already and has another input"},
		{"adopt: a denied look", RetryAdopt, 2, func(s *stage, _ *historical) {
			s.backend = describesNothing{s.account}
		}, AuthorizationError, "", "", "no luck"},
		{"adopt: this attempt has an execution from before a restart", RetryAdopt, 2, func(_ *stage, h *historical) {
			h.has("nightly-1", ended(backend.Succeeded)).has("nightly-2", ended(backend.Failed))
		}, Failed, "nightly-2", adopted, ""},

		{"redrive: failed", RetryRedrive, 2, func(_ *stage, h *historical) { h.has("nightly-1", redrivable(backend.Failed)) }, Succeeded, "nightly-1", redriven, ""},
		{"redrive: aborted", RetryRedrive, 2, func(_ *stage, h *historical) { h.has("nightly-1", redrivable(backend.Aborted)) }, Succeeded, "nightly-1", redriven, ""},
		{"redrive: timed out", RetryRedrive, 3, func(_ *stage, h *historical) { h.has("nightly-1", redrivable(backend.TimedOut)) }, Succeeded, "nightly-1", redriven, ""},
		{"redrive: succeeded", RetryRedrive, 2, func(_ *stage, h *historical) { h.has("nightly-1", ended(backend.Succeeded)) }, Succeeded, "nightly-1", adopted, ""},
		{"redrive: not waited for", RetryRedrive, 2, func(s *stage, h *historical) {
			s.req.WaitForSuccessOrFailure = false
			h.has("nightly-1", redrivable(backend.Failed))
		}, Started, "nightly-1", redriven, ""},
		{"redrive: AWS says no", RetryRedrive, 2, func(_ *stage, h *historical) {
			h.has("nightly-1", unlike(func(x *backend.Execution) {
				x.RedriveStatus, x.RedriveStatusReason = "NOT_REDRIVABLE", "Execution history event count has exceeded the limit"
			}))
		}, DataValidationError, "", "", "nightly-1 cannot be redriven: Execution history event count has exceeded the limit"},
		{"redrive: a child of a Map Run", RetryRedrive, 2, func(_ *stage, h *historical) {
			h.has("nightly-1", unlike(func(x *backend.Execution) { x.RedriveStatus = "REDRIVABLE_BY_MAP_RUN" }))
		}, DataValidationError, "", "", "it belongs to a Map Run"},
		{"redrive: after 14 days", RetryRedrive, 2, func(s *stage, h *historical) {
			h.has("nightly-1", redrivable(backend.Failed))
			s.world.now = epoch.Add(15 * 24 * time.Hour)
		}, DataValidationError, "", "", "nightly-1 cannot be redriven: it ended at 2026-11-20T04:42:12Z, and AWS redrives within 14 days"},
		{"redrive: AWS says no only when asked", RetryRedrive, 2, func(_ *stage, h *historical) {
			h.has("nightly-1", ended(backend.Failed))
			h.redrive = func(int, string) (backend.RedriveExecutionOutput, error) {
				return backend.RedriveExecutionOutput{}, &backend.Error{Code: backend.ExecutionNotRedrivable, Op: "RedriveExecution", Message: "because"}
			}
		}, DataValidationError, "", "", "because"},
		{"redrive: or else a new one", RetryRedrive, 2, func(s *stage, h *historical) {
			s.req.RedriveFallback = FallbackNew
			h.has("nightly-1", unlike(func(x *backend.Execution) { x.RedriveStatus = "NOT_REDRIVABLE" }))
		}, Succeeded, "nightly-2", fresh, ""},
		{"redrive: or else a new one, once asked", RetryRedrive, 2, func(s *stage, h *historical) {
			s.req.RedriveFallback = FallbackNew
			h.has("nightly-1", redrivable(backend.Failed))
			h.redrive = func(int, string) (backend.RedriveExecutionOutput, error) {
				return backend.RedriveExecutionOutput{}, failure(backend.ExecutionNotRedrivable)
			}
		}, Succeeded, "nightly-2", fresh, ""},
		{"redrive: no new one where the first may have been redriven", RetryRedrive, 2, func(s *stage, h *historical) {
			s.req.RedriveFallback = FallbackNew
			h.has("nightly-1", redrivable(backend.Failed))
			h.redrive = func(n int, _ string) (out backend.RedriveExecutionOutput, err error) {
				if n == 1 {
					ex := redrivable(backend.Failed)
					ex.Status, ex.RedriveCount = backend.Succeeded, 1
					ex.Output, ex.OutputIncluded = ptr(`{"ok":true}`), ptr(true)
					h.has("nightly-1", ex)
					return out, &backend.Error{Code: backend.Connection, Ambiguous: true}
				}
				return out, failure(backend.ExecutionNotRedrivable)
			}
		}, Succeeded, "nightly-1", redriven, ""},
		{"redrive: nor where nobody can tell", RetryRedrive, 2, func(s *stage, h *historical) {
			s.req.RedriveFallback = FallbackNew
			h.has("nightly-1", redrivable(backend.Failed))
			h.redrive = func(n int, _ string) (out backend.RedriveExecutionOutput, err error) {
				if n == 1 {
					return out, &backend.Error{Code: backend.Connection, Ambiguous: true}
				}
				return out, failure(backend.ExecutionNotRedrivable)
			}
		}, DataValidationError, "", "", "may have been redriven"},
		{"redrive: denied, which is no reason for a new one", RetryRedrive, 2, func(s *stage, h *historical) {
			s.req.RedriveFallback = FallbackNew
			h.has("nightly-1", redrivable(backend.Failed))
			h.redrive = func(int, string) (backend.RedriveExecutionOutput, error) {
				return backend.RedriveExecutionOutput{}, failure(backend.Authorization)
			}
		}, AuthorizationError, "", "", "no luck"},
		{"redrive: a backend that cannot", RetryRedrive, 2, func(s *stage, h *historical) {
			s.backend = bare{h.has("nightly-1", redrivable(backend.Failed))}
		}, DataValidationError, "", "", "cannot redrive"},
		{"redrive: EXPRESS", RetryRedrive, 1, func(s *stage, _ *historical) {
			s.account.machine = func() (backend.StateMachine, error) { return backend.StateMachine{Type: backend.Express}, nil }
		}, DataValidationError, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := job(t)
			s.req.RetryMode, s.req.Attempt = c.mode, c.attempt
			h := newHistorical(s)
			if c.given != nil {
				c.given(s, h)
			}
			out := s.run()
			name, how := "", ""
			if out.Execution != nil {
				name, how = out.Execution.Name, fresh
			}
			if out.Adopted {
				how = adopted
			}
			if out.Redriven {
				how = redriven
			}
			if out.Ending != c.want || name != c.result || how != c.how {
				t.Errorf("ended as %s (%v) with %q, %s, want %s with %q, %s; calls %v", out.Ending, out.Err, name, how, c.want, c.result, c.how, s.account.log)
			}
			if c.says != "" && !strings.Contains(fmt.Sprint(out.Err), c.says) {
				t.Errorf("error %v, want it to say %q", out.Err, c.says)
			}
			if starts := s.account.count("StartExecution"); (how == fresh) != (starts == 1) && out.Ending != Failed {
				t.Errorf("%d starts of a %s execution", starts, how)
			}
			if name != "" && out.Name != name {
				t.Errorf("the name is %q, that of the execution %q", out.Name, name)
			}
		})
	}
}

// describesNothing is an account where DescribeExecution is denied.
type describesNothing struct{ *account }

func (describesNothing) DescribeExecution(context.Context, string) (backend.Execution, error) {
	return backend.Execution{}, failure(backend.Authorization)
}

func TestRunningExecutionOfAnEarlierAttemptIsAdopted(t *testing.T) {
	for _, mode := range []RetryMode{RetryAdopt, RetryRedrive} {
		for _, status := range []backend.Status{backend.Running, backend.PendingRedrive} {
			s := job(t)
			s.req.RetryMode, s.req.Attempt = mode, 2
			h := newHistorical(s).has("nightly-1", execution(status))
			s.world.at = func(time.Time) { h.has("nightly-1", ended(backend.TimedOut)) }
			if out := s.run(); out.Ending != TimedOut || !out.Adopted || out.Execution.Name != "nightly-1" || len(h.redriven) != 0 {
				t.Errorf("%s, %s: ended as %s, adopted %v, calls %v", mode, status, out.Ending, out.Adopted, s.account.log)
			}
		}
	}
}
