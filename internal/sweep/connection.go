package sweep

import (
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/simtime"
)

// connection is an account in a region: what its calls have in common.
type connection struct {
	backend  backend.Backend
	groups   []*group
	machines map[backend.ARN]*group
	pages    line[*group] // calls of ListExecutions
	polls    line[*item]  // calls of DescribeExecution

	since  time.Time     // of the first of the failures in a row to reach it; zero if it was reached
	slowed time.Duration // pause after the last of these
}

func (w *Watch) connection(b backend.Backend) *connection {
	for _, c := range w.connections {
		if c.backend == b {
			return c
		}
	}
	c := &connection{backend: b, machines: map[backend.ARN]*group{},
		pages: line[*group]{shortest: betweenPages, gap: betweenPages}, polls: line[*item]{shortest: betweenPolls, gap: betweenPolls}}
	w.connections = append(w.connections, c)
	return c
}

// line is the calls of an operation that are due, one at a time and with a gap after each.
type line[T any] struct {
	simtime.Queue[T]
	shortest, gap time.Duration
	free          time.Time // when the next call may be made
}

// next is when the next call is to be made.
func (l *line[T]) next() (time.Time, bool) {
	at, ok := l.Next()
	if ok && at.Before(l.free) {
		at = l.free
	}
	return at, ok
}

// answered keeps the gap between two calls, or shortens one that throttling has made.
func (l *line[T]) answered(asked time.Time) {
	l.gap = max(l.gap*9/10, l.shortest)
	l.free = asked.Add(l.gap)
}

// throttled makes the gap twice as long, at least as long as the service asked for.
func (l *line[T]) throttled(now time.Time, err error, jitter float64) {
	l.gap = min(2*l.gap, longestGap)
	l.free = now.Add(max(spread(l.gap, jitter), backend.RetryAfterOf(err)))
}

// unreached notes that an account was not reached, and reports whether the budget allows another call.
func (c *connection) unreached(now time.Time, err error, w *Watch) bool {
	if c.since.IsZero() {
		c.since, c.slowed = now, 0
	}
	if now.Sub(c.since) >= w.RetryBudget {
		return false
	}
	c.slowed = min(2*max(c.slowed, w.Interval), longestGap)
	free := now.Add(max(spread(c.slowed, w.Jitter()), backend.RetryAfterOf(err)))
	c.pages.free, c.polls.free = free, free
	return true
}

// reached forgets the failures to reach it.
func (c *connection) reached() { c.since = time.Time{} }

// spread is half as long to half as long again.
func spread(d time.Duration, jitter float64) time.Duration {
	return d/2 + time.Duration(jitter*float64(d))
}
