package cli

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/dataset"
)

// world is the simulated region of one job and what it recorded.
type world struct {
	region      *sim.Region
	s3          *dataset.Dir // nil without --s3
	seed        uint64
	machine     string                  // name
	told        map[fsm.FieldError]bool // findings that stderr has shown already
	historyOnly bool                    // stdout has the history in place of the output

	mu        sync.Mutex // an execution that was left behind may go on for a while
	execution string     // ARN of the job's own; empty until it starts
	events    []history.Event
	answered  map[stateOf]string // what answers the tasks of a state
}

// stateOf is a state of a machine of the region.
type stateOf struct{ machine, state string }

// observe keeps the events of the job's own execution, which is the first one. The region keeps those of the others.
func (w *world) observe(executionArn string, e history.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.execution == "" {
		w.execution = executionArn
	}
	if executionArn == w.execution {
		w.events = append(w.events, e)
	}
}

// recorded are the events up to now.
func (w *world) recorded() []history.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clip(w.events)
}

// drive makes a runner that runs in the region: its clock, its names, its dates. A region that could not be built is
// never asked for: the request has errors then.
func (w *world) drive(r *fsm.Runner) {
	chance := seeded(w.seed)
	r.NewID, r.Jitter = newUUID(chance), newJitter(chance)
	if w.region == nil {
		w.region = sim.New(sim.Config{})
	}
	r.Clock = w.region.Clock()
	r.Open = func(_ context.Context, req fsm.Request) (backend.Backend, error) {
		if req.WaitTimeout > 0 {
			return w.region, nil
		}
		return alone{w.region}, nil
	}
}

// alone is a region that nobody but this process can reach: an execution in which nothing is due is one that would be
// waited for for ever.
type alone struct{ *sim.Region }

// DescribeExecution reads an execution that can still go on.
func (a alone) DescribeExecution(ctx context.Context, executionArn string) (backend.Execution, error) {
	x, err := a.Region.DescribeExecution(ctx, executionArn)
	if err != nil || x.Status != backend.Running {
		return x, err
	}
	if _, known, err := a.NextChange(ctx, executionArn); known || err != nil {
		return x, err
	}
	return x, &backend.Error{Code: backend.Validation, Op: "DescribeExecution",
		Message: "the execution waits for ever: nothing answers its task, and no timeout ends it; give the state TimeoutSeconds, an answer by --mock or --task, or wait with --wait-timeout"}
}

// close gives back what the region used.
func (w *world) close() {
	if w != nil && w.s3 != nil {
		_ = w.s3.Close() // a directory that was only looked into
	}
}

// writeHistory writes the events as GetExecutionHistory gives them, if there are any.
func (w *world) writeHistory(a *app, name string) error {
	events := w.recorded()
	if name == "" || len(events) == 0 {
		return nil
	}
	data, err := historyJSON(events)
	if err != nil {
		return err
	}
	if name == "-" {
		_, _ = a.out.Write(data)
		return nil
	}
	if err := a.env.Files.Replace(a.env.path(name), data); err != nil {
		return fmt.Errorf("write the history to %s: %w", name, err)
	}
	return nil
}
