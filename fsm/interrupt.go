package fsm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sfnx/sfnx/backend"
)

// What a run allows itself to stop its execution: a scheduler kills soon after it has asked (GitHub after 7.5 seconds).
const (
	stopLimit       = 5 * time.Second
	confirmInterval = 250 * time.Millisecond
	findLimit       = 3 * time.Second // of that, until an execution that may have been started can be seen
)

// interrupt ends the run because its context was cancelled, and says what becomes of the execution.
func (x *run) interrupt(ctx context.Context) event {
	var signal Interrupted
	if !errors.As(context.Cause(ctx), &signal) {
		x.out.Err = fmt.Errorf("the run was cancelled: %w", context.Cause(ctx))
		return unexpected
	}
	x.out.Signal = signal.Signal
	x.tell(RunInterrupted(signal))
	if x.req.OnInterrupt == StopExecution {
		fresh, cancel := x.limit(context.WithoutCancel(ctx), stopLimit)
		defer cancel()
		x.out.Left = x.stop(fresh, "sfnx: "+signal.Signal)
	}
	if signal.Ending() == TerminatedBySignal {
		return terminated
	}
	return interrupted
}

// endWait ends the run because the limit of the wait has passed. An execution that turns out to have ended by itself
// meanwhile decides the ending.
func (x *run) endWait(ctx context.Context) event {
	x.tell(RunWaitTimeout{Limit: x.req.WaitTimeout})
	if x.req.OnWaitTimeout != StopExecution {
		return waitedEnough
	}
	late := time.Duration(0)
	if !x.deadline.IsZero() {
		late = x.Clock.Now().Sub(x.deadline)
	}
	limited, cancel := x.limit(ctx, max(stopLimit-late, time.Second))
	defer cancel()
	x.out.Left = x.stop(limited, "sfnx: wait timeout")
	switch {
	case ctx.Err() != nil:
		return x.interrupt(ctx)
	case x.out.Left == LeftEnded:
		e, err := foldStatus(x.out.Execution.Status)
		x.out.Left, x.out.Err, x.out.StopErr = LeftNothing, err, nil
		return e
	}
	return waitedEnough
}

// stop stops the execution, or the one that may have been started, and waits a moment for its end.
func (x *run) stop(ctx context.Context, cause string) Left {
	if x.sync && x.out.Ambiguous {
		x.out.StopErr = &backend.Error{Code: backend.Unsupported, Op: "StopExecution", Message: "an EXPRESS execution cannot be stopped"}
		return LeftUnknown
	}
	if x.out.Execution == nil && x.out.Ambiguous {
		ex, err := x.findSoon(ctx)
		if err != nil {
			x.out.StopErr = err
			return LeftUnknown
		}
		x.out.Execution, x.out.Ambiguous = &ex, false
	}
	switch {
	case x.out.Execution == nil:
		return LeftNothing
	case x.out.Execution.Status.Terminal():
		return LeftEnded
	}
	s, ok := x.backend.(backend.Stopper)
	if !ok {
		x.out.StopErr = &backend.Error{Code: backend.Unsupported, Op: "StopExecution", Message: "this backend cannot stop an execution"}
		return LeftRunning
	}
	arn := x.out.Execution.ExecutionArn
	_, err := call("StopExecution", func() (backend.StopExecutionOutput, error) {
		return s.StopExecution(ctx, backend.StopExecutionInput{ExecutionArn: arn, Cause: &cause})
	})
	if err != nil && !mayHaveStarted(err) {
		x.out.StopErr = err
		return LeftRunning
	}
	left := x.confirmStop(ctx, arn, cause)
	if err != nil && left == LeftStopping {
		x.out.StopErr = err
	}
	return left
}

// findSoon finds the execution that may have been started a moment ago.
func (x *run) findSoon(ctx context.Context) (ex backend.Execution, err error) {
	for range findLimit/confirmInterval + 1 {
		if ex, err = x.find(ctx); backend.CodeOf(err) != backend.ExecutionDoesNotExist {
			break
		}
		if x.wait(ctx, confirmInterval); ctx.Err() != nil {
			break
		}
	}
	return ex, err
}

// confirmStop looks for the end of an execution whose stop was accepted. One that is ABORTED with another cause was
// stopped by somebody else before.
func (x *run) confirmStop(ctx context.Context, arn, cause string) Left {
	for range stopLimit / confirmInterval {
		ex, err := call("DescribeExecution", func() (backend.Execution, error) { return x.backend.DescribeExecution(ctx, arn) })
		if err == nil {
			x.out.Execution = &ex
			if ex.Status == backend.Aborted && (ex.Cause == nil || *ex.Cause == cause) {
				return LeftStopped
			}
			if ex.Status.Terminal() {
				return LeftEnded
			}
		}
		x.out.StopErr = err
		if x.wait(ctx, confirmInterval); ctx.Err() != nil {
			break
		}
	}
	return LeftStopping
}
