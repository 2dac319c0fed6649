package fsm

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/benbjohnson/clock"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/history"
)

const (
	machineArn   = "arn:aws:states:eu-west-1:123456789012:stateMachine:order"
	executionArn = "arn:aws:states:eu-west-1:123456789012:execution:order:nightly-1"
	expressArn   = "arn:aws:states:eu-west-1:123456789012:express:order:nightly-1:7f"
)

var epoch = time.Date(2026, 11, 20, 4, 41, 34, 0, time.UTC)

// world is a clock whose After advances it at once, as the simulator's does.
type world struct {
	clock.Clock // only Now and After may be used
	now         time.Time
	pauses      []time.Duration
	at          func(now time.Time) // told after each pause
}

func (w *world) Now() time.Time { return w.now }

func (w *world) After(d time.Duration) <-chan time.Time {
	w.now = w.now.Add(d)
	w.pauses = append(w.pauses, d)
	if w.at != nil {
		w.at(w.now)
	}
	c := make(chan time.Time, 1)
	c <- w.now
	return c
}

// account is a scripted backend: a function per operation, each with a well-behaved default. It has every capability.
type account struct {
	log           []string
	open          func() error
	authenticate  func() error
	machine       func() (backend.StateMachine, error)
	start         func(backend.StartExecutionInput) (backend.StartExecutionOutput, error)
	startSync     func(context.Context, backend.StartExecutionInput) (backend.Execution, error)
	describe      func(n int) (backend.Execution, error) // n-th call, from 1
	stop          func(backend.StopExecutionInput) error
	events        func() ([]history.Event, error)
	nextChange    func() (time.Time, bool, error)
	describeCalls int
}

func (a *account) called(format string, args ...any) {
	a.log = append(a.log, strings.TrimSpace(fmt.Sprintf(format, args...)))
}

func (a *account) Authenticate(context.Context) (backend.Identity, error) {
	a.called("Authenticate")
	id := backend.Identity{Account: "123456789012", Arn: "arn:aws:iam::123456789012:user/scheduler", UserID: "AIDA"}
	if a.authenticate != nil {
		return id, a.authenticate()
	}
	return id, nil
}

func (a *account) DescribeStateMachine(context.Context, string) (backend.StateMachine, error) {
	a.called("DescribeStateMachine")
	if a.machine != nil {
		return a.machine()
	}
	return backend.StateMachine{Type: backend.Standard}, nil
}

func (a *account) StartExecution(_ context.Context, in backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
	a.called("StartExecution %s %s", in.Name, text(in.Input))
	if a.start != nil {
		return a.start(in)
	}
	return backend.StartExecutionOutput{ExecutionArn: executionArn, StartDate: epoch}, nil
}

func (a *account) StartSyncExecution(ctx context.Context, in backend.StartExecutionInput) (backend.Execution, error) {
	a.called("StartSyncExecution %s %s", in.Name, text(in.Input))
	return a.startSync(ctx, in)
}

func (a *account) DescribeExecution(_ context.Context, arn string) (backend.Execution, error) {
	a.called("DescribeExecution %s", arn[strings.LastIndex(arn, ":")+1:])
	a.describeCalls++
	if a.describe != nil {
		return a.describe(a.describeCalls)
	}
	return ended(backend.Succeeded), nil
}

func (a *account) StopExecution(_ context.Context, in backend.StopExecutionInput) (backend.StopExecutionOutput, error) {
	a.called("StopExecution %s", text(in.Cause))
	if a.stop != nil {
		return backend.StopExecutionOutput{}, a.stop(in)
	}
	return backend.StopExecutionOutput{}, nil
}

func (a *account) GetExecutionHistory(_ context.Context, in backend.GetExecutionHistoryInput) (backend.GetExecutionHistoryOutput, error) {
	a.called("GetExecutionHistory")
	if a.events == nil {
		return backend.GetExecutionHistoryOutput{}, &backend.Error{Code: backend.Authorization}
	}
	events, err := a.events()
	from, _ := strconv.Atoi(in.NextToken)
	to := min(from+in.MaxResults, len(events))
	page := backend.GetExecutionHistoryOutput{Events: events[from:to]}
	if to < len(events) {
		page.NextToken = strconv.Itoa(to)
	}
	return page, err
}

func (a *account) NextChange(context.Context, string) (time.Time, bool, error) {
	if a.nextChange != nil {
		return a.nextChange()
	}
	return time.Time{}, false, nil
}

// bare hides every capability of a backend.
type bare struct{ backend.Backend }

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func ptr[T any](v T) *T { return &v }

// execution is an execution of the test's machine, name and input.
func execution(s backend.Status) backend.Execution {
	return backend.Execution{ExecutionArn: executionArn, StateMachineArn: machineArn, Name: "nightly-1", Status: s,
		StartDate: epoch, Input: ptr("{}"), InputIncluded: ptr(true)}
}

// ended is such an execution with its end.
func ended(s backend.Status) backend.Execution {
	ex := execution(s)
	ex.StopDate = epoch.Add(38 * time.Second)
	if s == backend.Succeeded {
		ex.Output, ex.OutputIncluded = ptr(`{"ok":true}`), ptr(true)
	}
	return ex
}

// statuses answers the n-th describe with the n-th status, and with the last one from then on.
func statuses(s ...backend.Status) func(int) (backend.Execution, error) {
	return func(n int) (backend.Execution, error) {
		status := s[min(n, len(s))-1]
		if status.Terminal() {
			return ended(status), nil
		}
		return execution(status), nil
	}
}

func failure(code backend.Code) *backend.Error {
	return &backend.Error{Code: code, Op: "Op", Message: "no luck"}
}

// stage is a run under test.
type stage struct {
	account *account
	backend backend.Backend // nil: account
	world   *world
	req     Request
	ctx     context.Context
	cancel  context.CancelCauseFunc
	events  []Event
	jitter  func() float64
	ids     int
}

// job is a valid job that waits, and a world where all goes well.
func job(t *testing.T) *stage {
	t.Helper()
	s := &stage{account: &account{}, world: &world{now: epoch}, req: Defaults()}
	s.req.StateMachineArn, s.req.ExecutionName, s.req.WaitForSuccessOrFailure = machineArn, ptr("nightly"), true
	s.ctx, s.cancel = context.WithCancelCause(t.Context())
	return s
}

func (s *stage) run() Outcome { return s.runner().Run(s.ctx, s.req) }

func (s *stage) runner() Runner {
	r := Runner{Clock: s.world, Jitter: s.jitter, Observe: func(e Event) { s.events = append(s.events, e) }}
	r.Open = func(context.Context, Request) (backend.Backend, error) {
		if s.account.open != nil {
			if err := s.account.open(); err != nil {
				return nil, err
			}
		}
		if s.backend != nil {
			return s.backend, nil
		}
		return s.account, nil
	}
	r.NewID = func() string { s.ids++; return fmt.Sprintf("id%d", s.ids) }
	r.ReadFile = func(name string) ([]byte, error) { return nil, fmt.Errorf("open %s: no such file", name) }
	return r
}

// count counts the calls of an operation.
func (a *account) count(op string) int {
	n := 0
	for _, line := range a.log {
		if line == op || strings.HasPrefix(line, op+" ") {
			n++
		}
	}
	return n
}
