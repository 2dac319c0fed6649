package cli

import (
	"context"
	"sync"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/internal/sweep"
)

// sweeper waits for many executions at once: package sweep finds out how they are doing, and the life cycle of a run
// makes an outcome of what it has found out.
type sweeper struct {
	*waiter
	arns     []string               // in the order given
	requests map[string]fsm.Request // by ARN
	choice   fsm.OnLeave
	progress *sweepProgress

	mu       sync.Mutex
	outcomes map[string]fsm.Outcome
	left     bool // nobody waits for the rest any more

	deadline time.Time     // of the wait; zero: none
	asking   time.Duration // how long histories were asked for
}

// How executions are stopped when a signal comes: so many at a time, and for so long.
const (
	stoppers   = 16
	stopBudget = 4 * time.Second
)

// historyBudget is how long histories are asked for, of all executions that failed together: meanwhile nobody looks at
// the others. Those that fail later are told without the state that failed.
const historyBudget = time.Minute

func newSweeper(w *waiter, arns []string, requests map[string]fsm.Request) *sweeper {
	first := requests[arns[0]]
	return &sweeper{waiter: w, arns: arns, requests: requests, choice: first.OnInterrupt,
		progress: newSweepProgress(w.options.app, first, len(arns)), outcomes: map[string]fsm.Outcome{}}
}

// run gives the outcomes in the order of the ARNs.
func (s *sweeper) run() []fsm.Outcome {
	a := s.options.app
	s.progress.start()
	var crash any
	returned := a.attend(s.choice, func() {
		defer func() { crash = recover() }()
		s.follow(a.interrupts.ctx)
	})
	s.progress.stop()
	s.mu.Lock()
	s.left = true
	s.mu.Unlock()
	all := make([]fsm.Outcome, len(s.arns))
	for i, arn := range s.arns {
		if _, known := s.outcomes[arn]; !known {
			err := error(&backend.Error{Code: backend.Canceled})
			if returned {
				err = panicError(crash)
			}
			s.record(arn, s.failed(fsm.Poll, sweep.Result{ExecutionArn: arn, Err: err}))
		}
		all[i] = s.outcomes[arn]
	}
	s.progress.summary(all)
	return all
}

// follow waits for the executions to their ends.
func (s *sweeper) follow(ctx context.Context) {
	a, first := s.options.app, s.requests[s.arns[0]]
	if first.WaitTimeout > 0 {
		s.deadline = a.env.Clock.Now().Add(first.WaitTimeout)
	}
	watch := sweep.New(sweep.Config{
		Clock: a.env.Clock, Interval: time.Duration(first.PollingInterval) * time.Second, RetryBudget: first.RetryBudget,
		Deadline: s.deadline, Jitter: newJitter(a.env.Random), Stands: s.progress.stands, Alone: s.progress.alone,
		Ended: func(r sweep.Result) {
			if r.Err != nil {
				s.tell(r.ExecutionArn, s.failed(fsm.Poll, r))
			} else {
				s.tell(r.ExecutionArn, s.fold(context.WithoutCancel(ctx), r, s.requests[r.ExecutionArn]))
			}
		},
	})
	for _, arn := range s.arns {
		where := s.region(ctx, s.requests[arn])
		if _, err := where.Authenticate(ctx); err != nil {
			s.tell(arn, s.failed(fsm.Authenticate, sweep.Result{ExecutionArn: arn, Err: err}))
			continue
		}
		parsed, err := backend.ParseARN(arn)
		if err != nil {
			panic(err) // it was checked
		}
		watch.Add(where.Backend, parsed)
	}
	s.leave(ctx, watch.Run(ctx))
}

// leave ends the wait for executions that are still open: because a signal came, or since the limit of the wait has
// passed. If they are to be stopped, that is done for several at a time.
func (s *sweeper) leave(ctx context.Context, open []sweep.Result) {
	began := s.options.app.env.Clock.Now()
	next := make(chan sweep.Result)
	var stopping sync.WaitGroup
	for range stoppers {
		stopping.Go(func() {
			for r := range next {
				s.leaveOne(ctx, r, s.options.app.env.Clock.Now().Sub(began) >= stopBudget)
			}
		})
	}
	for _, r := range open {
		next <- r
	}
	close(next)
	stopping.Wait()
}

// leaveOne ends the wait for an execution. Late, it is stopped no more.
func (s *sweeper) leaveOne(ctx context.Context, r sweep.Result, late bool) {
	defer func() {
		if v := recover(); v != nil {
			r.Err = panicError(v)
			s.tell(r.ExecutionArn, s.failed(fsm.Poll, r))
		}
	}()
	req := s.requests[r.ExecutionArn]
	if late {
		req.OnInterrupt, req.OnWaitTimeout = fsm.LeaveExecution, fsm.LeaveExecution
	}
	if r.Execution == nil {
		r.Execution = running(r.ExecutionArn, "", backend.Running, time.Time{})
	}
	s.tell(r.ExecutionArn, s.fold(ctx, r, req))
}

// fold makes an outcome of what is known of an execution: it runs the life cycle of a run, in which the first polls
// are answered already. If the execution has not ended, the run ends as ctx does, or else because it has waited enough.
func (s *sweeper) fold(ctx context.Context, r sweep.Result, req fsm.Request) fsm.Outcome {
	a := s.options.app
	alive, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	known := &answered{attached: attached{s.region(ctx, req), r.ExecutionArn}, sweeper: s, execution: *r.Execution}
	if ctx.Err() != nil {
		known.asked = func() { cancel(context.Cause(ctx)) }
	}
	if req.WaitTimeout = 1; ctx.Err() != nil { // what is to be waited for was waited for
		req.WaitTimeout = 0 // it is the signal that ends it, not the limit of the wait
	}
	req.ProxyCABundleFile = "" // it was read when the connection was made
	runner := fsm.Runner{Clock: a.env.Clock, NewID: newUUID(a.env.Random)}
	runner.Open = func(context.Context, fsm.Request) (backend.Backend, error) { return known, nil }
	out := waitedFor(r.ExecutionArn, runner.Run(alive, req))
	out.Request = s.requests[r.ExecutionArn]
	return counted(out, r)
}

// failed is the outcome of an execution that cannot be waited for any more.
func (s *sweeper) failed(stage fsm.State, r sweep.Result) fsm.Outcome {
	a := s.options.app
	out := callFailed(a.interrupts.ctx, s.requests[r.ExecutionArn], stage, r.Err)
	out.Ended = a.env.Clock.Now()
	if out.Execution = r.Execution; stage == fsm.Poll {
		out.Left = fsm.LeftUnknown
		if out.Execution != nil {
			out.Left = fsm.LeftRunning
		}
	}
	return counted(waitedFor(r.ExecutionArn, out), r)
}

// counted is an outcome with the polls that were made.
func counted(out fsm.Outcome, r sweep.Result) fsm.Outcome {
	out.Polls, out.Throttled, out.Unreachable = r.Polls, r.Throttled, r.Unreachable
	return out
}

// tell records an outcome, unless nobody waits for it any more.
func (s *sweeper) tell(arn string, out fsm.Outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.left {
		s.record(arn, out)
		s.progress.ended(arn, out)
	}
}

// record writes what there is to write of an outcome at once.
func (s *sweeper) record(arn string, out fsm.Outcome) {
	s.outcomes[arn] = out
	s.write(fsm.Event{Time: out.Ended, News: fsm.RunEnded{Outcome: out}})
	if s.options.output.chosen == formatNDJSON {
		_, _ = s.options.app.out.Write(s.options.render([]fsm.Outcome{out}))
	}
}

// answered is an execution of which enough is known. Only if it has been stopped there is something to ask for.
type answered struct {
	attached
	sweeper   *sweeper
	execution backend.Execution
	asked     func() // nil: nobody is told
	stopped   bool
}

// DescribeExecution says what is known.
func (x *answered) DescribeExecution(ctx context.Context, arn string) (backend.Execution, error) {
	if x.stopped {
		return x.Backend.DescribeExecution(ctx, arn)
	}
	if x.asked != nil {
		x.asked()
	}
	return x.execution, nil
}

// GetExecutionHistory reads its events, while the time for that lasts.
func (x *answered) GetExecutionHistory(ctx context.Context, in backend.GetExecutionHistoryInput) (backend.GetExecutionHistoryOutput, error) {
	s := x.sweeper
	began := s.options.app.env.Clock.Now()
	s.mu.Lock()
	spent := s.asking
	s.mu.Unlock()
	if spent >= historyBudget || !s.deadline.IsZero() && !began.Before(s.deadline) {
		return backend.GetExecutionHistoryOutput{}, &backend.Error{Code: backend.Canceled, Op: "GetExecutionHistory", Message: "it is not asked for any more"}
	}
	out, err := x.attached.GetExecutionHistory(ctx, in)
	s.mu.Lock()
	s.asking += s.options.app.env.Clock.Now().Sub(began)
	s.mu.Unlock()
	return out, err
}

// StopExecution stops it.
func (x *answered) StopExecution(ctx context.Context, in backend.StopExecutionInput) (backend.StopExecutionOutput, error) {
	x.stopped = true
	return x.attached.StopExecution(ctx, in)
}
