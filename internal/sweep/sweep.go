// Package sweep follows many executions to their ends with few calls.
//
//	w := sweep.New(sweep.Config{Clock: clock, Interval: 10 * time.Second, Ended: func(r sweep.Result) { ... }})
//	for _, arn := range arns {
//		w.Add(backend, arn)
//	}
//	open := w.Run(ctx)
//
// A few executions of a state machine are polled, each by itself. Of more, ListExecutions tells a thousand at a time
// which have ended, newest first down to the oldest that is still open; what else there is to know of an ended one is
// asked once. Each account and region has a budget of calls far below the service's quotas, and slows down while it is
// throttled, which ends nothing.
//
// It is one loop that makes one call at a time. It starts no goroutine, goes by no clock but that of Config, and does not
// decide what an end means: that is package fsm.
package sweep

import (
	"context"
	"time"

	"github.com/benbjohnson/clock"

	"github.com/sfnx/sfnx/backend"
)

// The budgets of an account in a region. Of the service's quotas (5 and 15 calls a second) they leave the most to others.
const (
	betweenPages = time.Second
	betweenPolls = 100 * time.Millisecond
	longestGap   = time.Minute // between two calls while the service throttles, or cannot be reached
)

const (
	pageSize = 1000 // executions

	// few executions of a state machine are polled by themselves.
	few = 3

	// pollsPerPage is how many polls a page of a list is worth: what takes more pages is polled.
	pollsPerPage = int(betweenPages / betweenPolls)
)

// callGrace is how long a call may go on when the deadline has passed. It is real time, as the call's own.
const callGrace = time.Second

// How long DescribeExecution, which is eventually consistent, is given to catch up.
const (
	notFoundWindow  = time.Minute // since the watch began
	outputWindow    = 30 * time.Second
	catchUpInterval = 5 * time.Second
)

// Config is how to watch. Clock, Interval and Ended are required.
type Config struct {
	Clock       clock.Clock    // Now and After are used
	Interval    time.Duration  // between two looks at an execution
	RetryBudget time.Duration  // how long an account may be out of reach
	Deadline    time.Time      // when to give up; zero: never
	Jitter      func() float64 // spreads slowed calls; nil spreads nothing

	Ended  func(Result)                     // told of each execution that is followed no further
	Stands func(Standing)                   // told before each call and pause, and at the end; nil: nobody
	Alone  func(machineArn string, e error) // told when the executions of a machine cannot be listed; nil: nobody
}

// Result is an execution that is followed no further.
type Result struct {
	ExecutionArn string
	Execution    *backend.Execution // the last that is known, without input: from a list without output too; nil if it was never seen
	Err          error              // why it is followed no further, unless it has ended

	Polls       int // times DescribeExecution was asked
	Throttled   int // of these, how often it throttled
	Unreachable int // of these, how often it was not reached
}

// Standing is how far a watch has come.
type Standing struct {
	Succeeded int       // seen to have succeeded
	Failed    int       // seen to have ended in another way
	Sweep     time.Time // when the next page of a list is due; zero if none is
}

// Watch follows executions. It is good for one Run.
type Watch struct {
	Config
	connections []*connection
	open        int
	began       time.Time
	standing    Standing
}

// item is an execution.
type item struct {
	arn        string
	group      *group
	result     Result
	shown      int  // the last round of sweeps that showed it
	counted    bool // in the standing
	incomplete time.Time
	done       bool
}

// New makes a watch of nothing.
func New(c Config) *Watch {
	if c.Jitter == nil {
		c.Jitter = func() float64 { return 0.5 }
	}
	if c.Stands == nil {
		c.Stands = func(Standing) {}
	}
	if c.Alone == nil {
		c.Alone = func(string, error) {}
	}
	return &Watch{Config: c}
}

// Add adds an execution, of which none may be added twice. The backend is the same value for all of an account and region.
func (w *Watch) Add(b backend.Backend, arn backend.ARN) {
	c := w.connection(b)
	it := &item{arn: arn.String(), group: c.group(arn.StateMachine())}
	it.result.ExecutionArn = it.arn
	it.group.items[it.arn] = it
	it.group.order = append(it.group.order, it)
	w.open++
}

// Run follows the executions until each has ended, the deadline has passed or ctx is cancelled. It returns those that are
// still open then, in the order in which they were added to their account and machine.
func (w *Watch) Run(ctx context.Context) []Result {
	w.began = w.Clock.Now()
	for _, c := range w.connections {
		for _, g := range c.groups {
			w.begin(g, w.began)
		}
	}
	for w.open > 0 && ctx.Err() == nil {
		now := w.Clock.Now()
		if !w.Deadline.IsZero() && !now.Before(w.Deadline) {
			break
		}
		at, call := w.next()
		w.Stands(w.standing)
		if !at.After(now) {
			if !w.inTime(ctx, now, call) {
				break
			}
			continue
		}
		if !w.Deadline.IsZero() && w.Deadline.Before(at) {
			at = w.Deadline
		}
		select {
		case <-ctx.Done():
		case <-w.Clock.After(at.Sub(now)):
		}
	}
	w.standing.Sweep = time.Time{}
	w.Stands(w.standing)
	var left []Result
	for _, c := range w.connections {
		left = append(left, w.close(c, nil)...)
	}
	return left
}

// inTime makes a call, which ends soon after the deadline, and reports whether it came to its end.
func (w *Watch) inTime(ctx context.Context, now time.Time, call func(context.Context)) bool {
	if w.Deadline.IsZero() {
		call(ctx)
		return true
	}
	limited, cancel := context.WithTimeout(ctx, w.Deadline.Sub(now)+callGrace)
	defer cancel()
	call(limited)
	return limited.Err() == nil
}

// next is the call that is due first.
func (w *Watch) next() (time.Time, func(context.Context)) {
	var first time.Time
	var call func(context.Context)
	w.standing.Sweep = time.Time{}
	sooner := func(at time.Time, ok bool) bool {
		return ok && (call == nil || at.Before(first))
	}
	for _, c := range w.connections {
		at, ok := c.pages.next()
		if s := w.standing.Sweep; ok && (s.IsZero() || at.Before(s)) {
			w.standing.Sweep = at
		}
		if sooner(at, ok) {
			first, call = at, func(ctx context.Context) { w.page(ctx, c) }
		}
		if at, ok = c.polls.next(); sooner(at, ok) {
			first, call = at, func(ctx context.Context) { w.poll(ctx, c) }
		}
	}
	return first, call
}

// finish follows an execution no further.
func (w *Watch) finish(it *item, err error) {
	it.result.Err = err
	it.done = true
	delete(it.group.items, it.arn)
	w.open--
	if err != nil && !it.counted {
		w.standing.Failed++
	}
	w.Ended(it.result)
}

// close follows none of an account any further: what is known to have ended has ended, of the rest err says why, and
// without err they are given back.
func (w *Watch) close(c *connection, err error) []Result {
	var left []Result
	for _, g := range c.groups {
		for _, it := range g.order {
			x := it.result.Execution
			switch {
			case it.done:
			case x != nil && x.Status.Terminal():
				w.finish(it, nil)
			case err != nil:
				w.finish(it, err)
			default:
				left = append(left, it.result)
			}
		}
	}
	c.pages, c.polls = line[*group]{}, line[*item]{}
	return left
}

// saw takes down what an answer says of an execution.
func (w *Watch) saw(it *item, x backend.Execution) {
	it.result.Execution = &x
	if !it.counted && x.Status.Terminal() {
		it.counted = true
		if x.Status == backend.Succeeded {
			w.standing.Succeeded++
		} else {
			w.standing.Failed++
		}
	}
}
