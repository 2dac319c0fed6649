package fsm

import "time"

// What the pace slows down to at most.
const (
	longestThrottledPause   = time.Hour
	longestUnreachablePause = time.Minute
)

// How much slower a throttled poll makes the next ones. One that comes alone means little: somebody else may have used
// the quota up for a moment. One after another means that there are too many runners for it; each must then find its
// place soon, since it knows nothing of the others, and its job is too short to learn how many there are. Package storm
// measures it.
const (
	onceThrottled  = 6
	againThrottled = 60
)

// pace decides how long to pause between two polls: on the grid of the polling interval while all goes well, slower
// and spread out while the service throttles or cannot be reached.
//
// Throttling never ends a wait.
type pace struct {
	interval time.Duration
	anchor   time.Time      // first point of the grid
	jitter   func() float64 // [0, 1)

	again  bool          // the last poll was throttled
	slowed time.Duration // mean pause while slowed down; 0 on the grid
	since  time.Time     // of the first of the failures in a row to reach the service; zero if it was reached
}

// answered is the pause after an answer, until the change that is due (zero: unknown).
func (p *pace) answered(now, due time.Time) time.Duration {
	p.again = false
	p.slowed /= 2
	if !p.since.IsZero() || p.slowed <= p.interval {
		p.slowed = 0
	}
	p.since = time.Time{}
	if p.slowed > 0 {
		return spread(p.slowed, p.jitter())
	}
	return nextPoll(p.anchor, p.interval, now, due).Sub(now)
}

// throttled is the pause after a throttled poll. A service that says when to come back knows best.
func (p *pace) throttled(retryAfter time.Duration) time.Duration {
	p.since = time.Time{}
	if retryAfter > 0 {
		return max(retryAfter, p.interval) + time.Duration(p.jitter()*float64(p.interval))
	}
	growth := time.Duration(onceThrottled)
	if p.again {
		growth = againThrottled
	}
	p.again = true
	p.slowed = max(p.interval, min(growth*max(p.slowed, p.interval), longestThrottledPause))
	return spread(p.slowed, p.jitter())
}

// unreachable is the pause after a poll that did not reach the service, and whether the budget allows another one.
func (p *pace) unreachable(now time.Time, retryAfter, budget time.Duration) (time.Duration, bool) {
	if p.since.IsZero() {
		p.since, p.slowed = now, 0
	}
	if now.Sub(p.since) >= budget {
		return 0, false
	}
	p.slowed = min(2*max(p.slowed, p.interval), longestUnreachablePause)
	return max(spread(p.slowed, p.jitter()), retryAfter), true
}

// spread makes a pause half as long to half as long again, so that runners do not come back together.
func spread(pause time.Duration, jitter float64) time.Duration {
	return pause/2 + time.Duration(jitter*float64(pause))
}
