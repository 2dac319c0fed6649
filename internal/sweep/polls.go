package sweep

import (
	"context"
	"time"

	"github.com/sfnx/sfnx/backend"
)

// poll asks for the execution that is due first.
func (w *Watch) poll(ctx context.Context, c *connection) {
	it := c.polls.Pop().Value
	it.result.Polls++
	asked := w.Clock.Now()
	x, err := c.backend.DescribeExecution(backend.Paced(ctx), it.arn)
	now := w.Clock.Now()
	if err != nil {
		w.pollFailed(ctx, c, it, err, now)
		return
	}
	c.reached()
	c.polls.answered(asked)
	x.Input = nil // nobody asks for it, and thousands take up memory
	w.saw(it, x)
	switch {
	case !x.Status.Known():
		w.finish(it, nil)
	case !x.Status.Terminal():
		c.polls.Push(now.Add(w.Interval), it)
	case x.Incomplete() && w.catchingUp(it, now):
		c.polls.Push(now.Add(min(w.Interval, catchUpInterval)), it)
	default:
		w.finish(it, nil)
	}
}

// catchingUp reports whether what is missing of an execution may still turn up.
func (w *Watch) catchingUp(it *item, now time.Time) bool {
	if it.incomplete.IsZero() {
		it.incomplete = now
	}
	return now.Sub(it.incomplete) < outputWindow
}

// pollFailed goes on after a failed poll.
func (w *Watch) pollFailed(ctx context.Context, c *connection, it *item, err error, now time.Time) {
	if ctx.Err() != nil {
		return
	}
	switch backend.CodeOf(err) {
	case backend.Throttled:
		it.result.Throttled++
		c.polls.throttled(now, err, w.Jitter())
		c.polls.Push(now, it)
	case backend.Connection, backend.Unavailable, backend.Proxy:
		it.result.Unreachable++
		if !c.unreached(now, err, w) {
			w.close(c, err)
			return
		}
		c.polls.Push(now, it)
	case backend.Authentication:
		w.close(c, err)
	case backend.ExecutionDoesNotExist:
		c.polls.answered(now)
		if now.Sub(w.began) < notFoundWindow {
			c.polls.Push(now.Add(min(w.Interval, catchUpInterval)), it)
			return
		}
		w.finish(it, err)
	default:
		c.polls.answered(now)
		w.finish(it, err)
	}
}
