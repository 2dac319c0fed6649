package fault

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// world is what AWS is to one scene: the canned state machines, seen through an API that is eventually consistent and
// has token buckets.
type world struct {
	*fakeaws.Canned
	notFound time.Duration // how long after its start an execution cannot be seen
	late     time.Duration // how long after its end the output cannot be seen
	real     bool          // time passes by itself
	earlier  []string      // ARNs of the executions that somebody else has started

	// trouble is why DescribeExecution fails at a time; nil = it does not.
	trouble func(now time.Time) error

	quiet   time.Time // until when nobody is to come
	hurried bool      // and somebody came

	mu       sync.Mutex
	looks    fakeaws.Bucket // of DescribeExecution
	creation fakeaws.Bucket // of StartExecution
	seen     time.Time
}

func newWorld(c *fakeaws.Canned) *world {
	return &world{Canned: c, looks: fakeaws.Bucket{Size: 300, Rate: 15}, creation: fakeaws.Bucket{Size: 1300, Rate: 300}}
}

// tick lets the time of the world follow the real one, if it is to.
func (w *world) tick() {
	if !w.real {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if !w.seen.IsZero() {
		w.Advance(now.Sub(w.seen))
	}
	w.seen = now
}

func (w *world) admit(b *fakeaws.Bucket) error {
	w.tick()
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.Now()
	w.hurried = w.hurried || now.Before(w.quiet)
	if !b.Take(now) {
		return &backend.Error{Code: backend.Throttled, Message: "Rate exceeded"}
	}
	return nil
}

// StartExecution takes a token of its bucket.
func (w *world) StartExecution(ctx context.Context, in backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
	if err := w.admit(&w.creation); err != nil {
		return backend.StartExecutionOutput{}, err
	}
	return w.Canned.StartExecution(ctx, in)
}

// DescribeExecution shows what has become known by now.
func (w *world) DescribeExecution(ctx context.Context, arn string) (backend.Execution, error) {
	if err := w.admit(&w.looks); err != nil {
		return backend.Execution{}, err
	}
	now := w.Now()
	if w.trouble != nil {
		if err := w.trouble(now); err != nil {
			return backend.Execution{}, err
		}
	}
	x, err := w.Canned.DescribeExecution(ctx, arn)
	switch {
	case err != nil:
	case now.Sub(x.StartDate) < w.notFound:
		return backend.Execution{}, &backend.Error{Code: backend.ExecutionDoesNotExist, Message: "Execution Does Not Exist: '" + arn + "'"}
	case x.Status.Terminal() && now.Sub(x.StopDate) < w.late:
		x.Output, x.OutputIncluded = nil, nil
	}
	return x, err
}

// status is how an execution is doing, "" if there is none.
func (w *world) status(arn string) backend.Status {
	w.tick()
	x, err := w.Canned.DescribeExecution(context.Background(), arn)
	if err != nil {
		return ""
	}
	return x.Status
}

// inputs are those of the executions that were started, by the job.
func (w *world) inputs() []string {
	var inputs []string
	for _, arn := range w.Started() {
		if x, err := w.Canned.DescribeExecution(context.Background(), arn); err == nil && !slices.Contains(w.earlier, arn) {
			inputs = append(inputs, *x.Input)
		}
	}
	return inputs
}
