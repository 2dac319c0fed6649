package cli

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
)

// execute runs a job on a goroutine of its own, so that a second signal, or a call that does not come back after the
// first one, can leave it behind.
func (a *app) execute(r fsm.Runner, req fsm.Request) fsm.Outcome {
	w := &witness{observe: r.Observe, known: fsm.Outcome{Request: req, Stage: fsm.Validate, Began: r.Clock.Now()}}
	r.Observe = w.note
	done := make(chan fsm.Outcome, 1)
	go func() {
		defer func() {
			if v := recover(); v != nil {
				done <- w.crashed(v)
			}
		}()
		done <- r.Run(a.interrupts.ctx, req)
	}()
	interrupted := a.interrupts.ctx.Done()
	var late <-chan time.Time
	for {
		select {
		case out := <-done:
			return out
		case <-a.interrupts.again:
			return w.abandoned(a.interrupts.ctx)
		case <-late:
			return w.abandoned(a.interrupts.ctx)
		case <-interrupted:
			interrupted = nil
			grace := leaveGrace
			if req.OnInterrupt == fsm.StopExecution {
				grace = stopGrace
			}
			late = a.env.Clock.After(grace)
		}
	}
}

// witness keeps what is known of a run from its events, for the case that it never returns.
type witness struct {
	observe func(fsm.Event)

	mu    sync.Mutex
	known fsm.Outcome
	last  fsm.Event
	stops bool // the execution is being stopped
	left  bool // nobody listens any more
}

func (w *witness) note(e fsm.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.left {
		return
	}
	k := &w.known
	switch n := e.News.(type) {
	case fsm.RunNamed:
		k.Name, k.Stage = n.Name, fsm.Authenticate
	case fsm.RunAuthenticated:
		k.Identity, k.Stage = n.Identity, fsm.Start
	case fsm.RunStarted:
		k.Execution, k.Stage = running(n.ExecutionArn, n.Name, n.Status, n.StartDate), fsm.Poll
	case fsm.RunAdopted:
		k.Execution, k.Stage, k.Adopted = running(n.ExecutionArn, n.Name, n.Status, n.StartDate), fsm.Poll, true
		k.Name = n.Name
	case fsm.RunRedriven:
		k.Execution, k.Stage, k.Redriven = running(n.ExecutionArn, n.Name, n.Status, n.StartDate), fsm.Poll, true
		k.Name = n.Name
	case fsm.RunPolled:
		k.Execution.Status, k.Polls = n.Status, n.Polls
	case fsm.RunThrottled:
		k.Throttled++
	case fsm.RunUnreachable:
		k.Unreachable++
	case fsm.RunWaitTimeout:
		w.stops = k.Request.OnWaitTimeout == fsm.StopExecution
	}
	w.last = e
	w.tell(e)
}

func (w *witness) tell(e fsm.Event) {
	if w.observe != nil {
		w.observe(e)
	}
}

// running is an execution of which only the start is known.
func running(arn, name string, status backend.Status, start time.Time) *backend.Execution {
	x := &backend.Execution{ExecutionArn: arn, Name: name, Status: status, StartDate: start}
	if a, err := backend.ParseARN(arn); err == nil {
		x.StateMachineArn = a.StateMachine().String()
	}
	return x
}

// abandoned is the outcome of a run that was not waited for to its end.
func (w *witness) abandoned(ctx context.Context) fsm.Outcome {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left = true
	out := w.known
	var signal fsm.Interrupted
	errors.As(context.Cause(ctx), &signal)
	out.Signal, out.Ending = signal.Signal, fsm.InterruptedBySignal
	if signal.Signal == "SIGTERM" {
		out.Ending = fsm.TerminatedBySignal
	}
	switch x := out.Execution; {
	case x == nil && out.Stage == fsm.Start:
		out.Ambiguous, out.Left = true, fsm.LeftUnknown
	case x == nil || x.Status.Terminal():
	case w.stops || out.Request.OnInterrupt == fsm.StopExecution:
		out.Left = fsm.LeftStopping
	default:
		out.Left = fsm.LeftRunning
	}
	w.end(&out)
	return out
}

// crashed is the outcome of a run that panicked.
func (w *witness) crashed(v any) fsm.Outcome {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left = true
	out := w.known
	out.Ending, out.Err = fsm.UnexpectedError, panicError(v)
	if out.Execution != nil && !out.Execution.Status.Terminal() {
		out.Left = fsm.LeftRunning
	}
	w.end(&out)
	return out
}

// end closes the stream of events in the run's place.
func (w *witness) end(out *fsm.Outcome) {
	out.Ended = w.last.Time
	defer func() { _ = recover() }() // the listener may be what panicked
	w.tell(fsm.Event{Seq: w.last.Seq + 1, Time: w.last.Time, News: fsm.RunEnded{Outcome: *out}})
}

// panicError is a panic as an error. Of the value only what the runtime itself says is repeated: any other may be a
// piece of the request.
func panicError(v any) error {
	what := fmt.Sprintf("a %T", v)
	if e, ok := v.(runtime.Error); ok {
		what = e.Error()
	}
	return fmt.Errorf("panic: %s; this is a fault of sfnx, please report it", what)
}
