package fsm

import (
	"context"
	"fmt"
	"time"

	"github.com/sfnx/sfnx/backend"
)

// What comes before the wait is repeated for a minute at most, so that whoever started the job learns soon; the longest
// pause is what lets the last of thousands of runners in before that.
const (
	insistLimit        = time.Minute
	firstInsistPause   = time.Second
	longestInsistPause = 5 * time.Second
)

// insist makes a call until there is an answer, a failure that must not or need not be repeated, or no patience left.
// The pauses are jittered, and at least what the service asks for; it is not asked again at all if that is too long.
func insist[T any](ctx context.Context, x *run, op string, again func(error) bool, do func() (T, error)) (T, error) {
	var since time.Time
	slowed := firstInsistPause
	for calls := 1; ; calls++ {
		answer, err := call(op, do)
		if err == nil || ctx.Err() != nil {
			return answer, err
		}
		if since.IsZero() {
			since = x.Clock.Now()
		}
		if !again(err) {
			return answer, err
		}
		asked, spent := backend.RetryAfterOf(err), x.Clock.Now().Sub(since)
		left := min(x.req.RetryBudget, insistLimit) - spent
		if left <= 0 || asked > left {
			if calls > 1 {
				err = fmt.Errorf("%w; it failed %d times in %s", err, calls, spent.Round(time.Second))
			}
			return answer, err
		}
		pause := min(max(spread(slowed, x.pace.jitter()), asked), left)
		slowed = min(2*slowed, longestInsistPause)
		x.troubled(op, err, pause)
		if x.wait(ctx, pause); ctx.Err() != nil {
			return answer, err
		}
	}
}

// troubled tells of a call that will be repeated.
func (x *run) troubled(op string, err error, pause time.Duration) {
	switch code := backend.CodeOf(err); code {
	case backend.Throttled, backend.ExecutionLimitExceeded:
		x.out.Throttled++
		x.tell(RunThrottled{Call: op, Wait: pause})
	default:
		x.out.Unreachable++
		x.tell(RunUnreachable{Call: op, Code: code, Error: err.Error(), Wait: pause})
	}
}

// overloaded reports whether the service refused a call that it may accept a little later.
func overloaded(err error) bool {
	code := backend.CodeOf(err)
	return code == backend.Throttled || code == backend.Unavailable
}
