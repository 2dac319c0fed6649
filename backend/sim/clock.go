package sim

import (
	"context"
	"time"

	"github.com/benbjohnson/clock"
)

// Clock is the region's time for those who pace themselves by a clock.Clock. Pausing on it, by After or Sleep, lets
// that much time pass in the region before the call returns. Timers and tickers would need somebody else to move
// time, so they panic.
func (r *Region) Clock() clock.Clock { return worldClock{r} }

type worldClock struct{ region *Region }

func (c worldClock) Now() time.Time                  { return c.region.Now() }
func (c worldClock) Since(t time.Time) time.Duration { return c.Now().Sub(t) }
func (c worldClock) Until(t time.Time) time.Duration { return t.Sub(c.Now()) }

func (c worldClock) Sleep(d time.Duration) { c.region.Advance(c.Now().Add(d)) }

func (c worldClock) After(d time.Duration) <-chan time.Time {
	c.Sleep(d)
	ch := make(chan time.Time, 1)
	ch <- c.Now()
	return ch
}

const onlyPauses = "sim: the clock of a region moves when somebody pauses on it; use After or Sleep"

func (worldClock) AfterFunc(time.Duration, func()) *clock.Timer { panic(onlyPauses) }
func (worldClock) Tick(time.Duration) <-chan time.Time          { panic(onlyPauses) }
func (worldClock) Ticker(time.Duration) *clock.Ticker           { panic(onlyPauses) }
func (worldClock) Timer(time.Duration) *clock.Timer             { panic(onlyPauses) }

func (worldClock) WithDeadline(context.Context, time.Time) (context.Context, context.CancelFunc) {
	panic(onlyPauses)
}

func (worldClock) WithTimeout(context.Context, time.Duration) (context.Context, context.CancelFunc) {
	panic(onlyPauses)
}
