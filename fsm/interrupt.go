package fsm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sfnx/sfnx/backend"
)

// What a run allows itself after an interrupt: a scheduler kills soon after it has asked (GitHub after 7.5 seconds).
const (
	stopLimit       = 5 * time.Second
	confirmInterval = 250 * time.Millisecond
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
	if signal.Signal == "SIGTERM" {
		return terminated
	}
	return interrupted
}

// stop stops the execution, or the one that may have been started, and waits a moment for its end.
func (x *run) stop(ctx context.Context, cause string) Left {
	if x.out.Execution == nil && x.out.Ambiguous {
		ex, err := x.find(ctx)
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
	if err != nil {
		x.out.StopErr = err
		return LeftRunning
	}
	return x.confirmStop(ctx, arn)
}

// confirmStop looks for the end of an execution whose stop was accepted.
func (x *run) confirmStop(ctx context.Context, arn string) Left {
	for range stopLimit / confirmInterval {
		ex, err := call("DescribeExecution", func() (backend.Execution, error) { return x.backend.DescribeExecution(ctx, arn) })
		if err == nil {
			x.out.Execution = &ex
			if ex.Status == backend.Aborted {
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
