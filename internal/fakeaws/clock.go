package fakeaws

import (
	"slices"
	"sync"
	"time"

	"github.com/benbjohnson/clock"
)

// Clock is the time of a run and of the world that it looks at: whoever pauses on it lets that much time pass in both, at
// once.
type Clock struct {
	*clock.Mock // as everybody but the run sees it
	advance     func(time.Duration)

	// OnPause is told of the nth pause of a run before it begins, from 1 on.
	OnPause func(n int)

	// Ahead is how far the time of the run is ahead of the world's.
	Ahead time.Duration

	mu       sync.Mutex
	pauses   []time.Duration
	standing bool
	grace    chan time.Time
}

// NewClock makes a clock that stands at start. advance lets time pass in the world.
func NewClock(start time.Time, advance func(time.Duration)) *Clock {
	c := &Clock{Mock: clock.NewMock(), advance: advance, grace: make(chan time.Time, 1)}
	c.Set(start)
	return c
}

// shortestGrace is the shortest time that a command gives itself after a signal; what a run pauses for after one is
// shorter.
const shortestGrace = 900 * time.Millisecond

// Now is the time of the run.
func (c *Clock) Now() time.Time { return c.Mock.Now().Add(c.Ahead) }

// After begins a pause.
func (c *Clock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	c.pauses = append(c.pauses, d)
	n, told := len(c.pauses), c.OnPause != nil && !c.standing
	c.mu.Unlock()
	if told {
		c.OnPause(n)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.standing && d >= shortestGrace {
		return c.grace
	}
	c.pass(d)
	done := make(chan time.Time, 1)
	done <- c.Now()
	return done
}

// Pauses are those of the run so far.
func (c *Clock) Pauses() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.pauses)
}

// Pass lets time pass that nobody asked for.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pass(d)
}

func (c *Clock) pass(d time.Duration) {
	c.advance(d)
	c.Set(c.Mock.Now().Add(d))
}

// Stand lets no more time pass, but for short pauses: a signal is coming, and what it starts is waited for.
func (c *Clock) Stand() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.standing = true
}

// GraceIsOver lets the time pass that a command gives itself after a signal.
func (c *Clock) GraceIsOver() { c.grace <- c.Now() }
