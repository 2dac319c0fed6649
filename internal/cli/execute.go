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
	var out fsm.Outcome
	if a.attend(req.OnInterrupt, func() {
		defer func() {
			if v := recover(); v != nil {
				out = w.crashed(v)
			}
		}()
		out = r.Run(a.interrupts.ctx, req)
	}) {
		return out
	}
	return w.abandoned(a.interrupts.ctx)
}

// attend calls f, which recovers by itself, and reports whether it has returned: after an interrupt it is waited for as
// long as it takes to leave or to stop executions, and not after a second one.
func (a *app) attend(choice fsm.OnLeave, f func()) bool {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	interrupted := a.interrupts.ctx.Done()
	var late <-chan time.Time
	for {
		select {
		case <-done:
			return true
		case <-a.interrupts.again:
			return false
		case <-late:
			return false
		case <-interrupted:
			interrupted = nil
			grace := leaveGrace
			if choice == fsm.StopExecution {
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
	if end, told := w.last.News.(fsm.RunEnded); told {
		return end.Outcome // it was over when the signal came
	}
	out := w.known
	var signal fsm.Interrupted
	errors.As(context.Cause(ctx), &signal)
	out.Signal, out.Ending = signal.Signal, signal.Ending()
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
	if end, told := w.last.News.(fsm.RunEnded); told {
		return end.Outcome // whoever listened to it has panicked
	}
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
