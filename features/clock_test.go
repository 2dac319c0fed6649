package features

import (
	"sync"
	"time"

	"github.com/benbjohnson/clock"

	"github.com/sfnx/sfnx/backend/sim"
)

// worldClock is the time of a run on AWS and of the region behind the endpoint: whoever pauses on it lets that much
// time pass in both, at once.
type worldClock struct {
	*clock.Mock
	region *sim.Region

	mu       sync.Mutex
	pauses   []time.Duration
	onPause  func(n int) // told of the nth pause of a run before it begins, from 1 on
	standing bool
	grace    chan time.Time
}

func newWorldClock(r *sim.Region) *worldClock {
	c := &worldClock{Mock: clock.NewMock(), region: r, grace: make(chan time.Time, 1)}
	c.Set(r.Now())
	return c
}

// shortestGrace is the shortest time that a command gives itself after a signal; pauses of a run are shorter then.
const shortestGrace = 900 * time.Millisecond

// After begins a pause.
func (c *worldClock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	c.pauses = append(c.pauses, d)
	n, told := len(c.pauses), c.onPause != nil && !c.standing
	c.mu.Unlock()
	if told {
		c.onPause(n)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.standing && d >= shortestGrace {
		return c.grace
	}
	c.sleep(d)
	done := make(chan time.Time, 1)
	done <- c.Now()
	return done
}

// stand lets no more time pass, but for short pauses: a signal is coming, and what it starts is waited for.
func (c *worldClock) stand() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.standing = true
}

// paused are the pauses so far.
func (c *worldClock) paused() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]time.Duration(nil), c.pauses...)
}

// graceIsOver lets the time pass that a command gives itself after a signal.
func (c *worldClock) graceIsOver() { c.grace <- c.Now() }

// sleep lets time pass that nobody asked for.
func (c *worldClock) sleep(d time.Duration) {
	to := c.Now().Add(d)
	c.region.Advance(to)
	c.Set(to)
}
