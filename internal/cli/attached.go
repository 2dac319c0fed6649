package cli

import (
	"context"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/output"
)

// waiter waits for an execution that exists, with the life cycle of a run.
type waiter struct {
	options  *waitOptions
	accounts *accounts
	events   *eventSink
	regions  map[string]*region
	seq      int // of the events of all executions
}

// region is a connection that several executions share, or why there is none.
type region struct {
	backend.Backend
	asked    bool // who the caller is
	identity backend.Identity
	err      error
}

// Authenticate asks once.
func (r *region) Authenticate(ctx context.Context) (backend.Identity, error) {
	if !r.asked && r.err == nil {
		r.identity, r.err = r.Backend.Authenticate(ctx)
		r.asked = true
	}
	return r.identity, r.err
}

// region connects as a request says, once for each region.
func (w *waiter) region(ctx context.Context, r fsm.Request) *region {
	where := w.regions[r.EffectiveRegion()]
	if where == nil {
		b, err := w.accounts.dial(ctx, r)
		where = &region{Backend: b, err: err}
		w.regions[r.EffectiveRegion()] = where
	}
	return where
}

func (w *waiter) wait(arn string, req fsm.Request) fsm.Outcome {
	a := w.options.app
	p := newProgress(a, req, false)
	runner := w.accounts.runner()
	runner.Open = func(ctx context.Context, r fsm.Request) (backend.Backend, error) {
		where := w.region(ctx, r)
		if where.Backend == nil {
			return nil, where.err
		}
		return &attached{where, arn}, nil
	}
	runner.Observe = func(e fsm.Event) {
		switch n := e.News.(type) {
		case fsm.RunNamed: // not by us
			return
		case fsm.RunStarted:
			p.attached(e.Time, arn)
			return
		case fsm.RunEnded:
			e.News = fsm.RunEnded{Outcome: waitedFor(arn, n.Outcome)}
		}
		w.write(e)
		p.observe(e)
	}
	p.start()
	out := a.execute(runner, req)
	p.stop()
	return waitedFor(arn, out)
}

// write writes the line of an event.
func (w *waiter) write(e fsm.Event) {
	w.seq++
	e.Seq = w.seq
	w.events.write(output.EventLine(e))
}

// waitedFor is an outcome without what this run pretended: a name that it made up, an execution that was never seen, a
// start.
func waitedFor(arn string, out fsm.Outcome) fsm.Outcome {
	out.Name, out.Ambiguous = "", false
	if parsed, err := backend.ParseARN(arn); err == nil {
		out.Name = parsed.Qualifier
	}
	if out.Execution != nil && out.Execution.StartDate.IsZero() {
		out.Execution, out.Left = nil, fsm.LeftUnknown
	}
	if out.Execution == nil && out.Signal != "" {
		out.Left = fsm.LeftUnknown
	}
	out.FieldErrors = ofExecution(out.FieldErrors)
	if backend.CodeOf(out.Err) == backend.ExecutionDoesNotExist {
		out.Ending, out.Left = fsm.DataValidationError, fsm.LeftNothing
	}
	return out
}

// attached is a backend whose only execution runs already: starting it starts nothing. What is left to the run is the
// wait, with its pace, its patience and its signals.
type attached struct {
	*region
	arn string
}

// StartExecution names the execution. The first poll tells the rest.
func (x *attached) StartExecution(context.Context, backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
	return backend.StartExecutionOutput{ExecutionArn: x.arn}, nil
}

// StopExecution stops it, if the region can.
func (x *attached) StopExecution(ctx context.Context, in backend.StopExecutionInput) (backend.StopExecutionOutput, error) {
	s, ok := x.Backend.(backend.Stopper)
	if !ok {
		return backend.StopExecutionOutput{}, &backend.Error{Code: backend.Unsupported, Op: "StopExecution", Message: "this backend cannot stop an execution"}
	}
	return s.StopExecution(ctx, in)
}

// GetExecutionHistory reads its events, if the region can.
func (x *attached) GetExecutionHistory(ctx context.Context, in backend.GetExecutionHistoryInput) (backend.GetExecutionHistoryOutput, error) {
	h, ok := x.Backend.(backend.Historian)
	if !ok {
		return backend.GetExecutionHistoryOutput{}, &backend.Error{Code: backend.Unsupported, Op: "GetExecutionHistory", Message: "this backend keeps no history"}
	}
	return h.GetExecutionHistory(ctx, in)
}
