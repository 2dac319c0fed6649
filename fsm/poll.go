package fsm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sfnx/sfnx/backend"
)

// How long DescribeExecution, which is eventually consistent, is given to catch up.
const (
	notFoundWindow  = 60 * time.Second // since the execution is known to exist
	completeWindow  = 30 * time.Second // since its status is terminal
	catchUpInterval = 5 * time.Second
)

// How long a call may go on when the limit of the wait has passed.
const (
	callGrace       = 4 * time.Second
	callGraceToStop = time.Second // where the execution has yet to be stopped
)

// errWaitedEnough says that the limit of the wait passed while polls failed.
var errWaitedEnough = errors.New("the limit of the wait passed")

// poll asks once how the execution is doing and, if it runs, pauses until it is time to ask again.
func (x *run) poll(ctx context.Context) event {
	if x.pace.anchor.IsZero() {
		x.beginWait(ctx)
		return running
	}
	ex, err := x.look(ctx)
	if err != nil && x.ended() {
		e, _ := foldStatus(x.out.Execution.Status) // what is missing of it is not worth another ending
		return e
	}
	if errors.Is(err, errWaitedEnough) {
		x.out.Err = err
		return x.endWait(ctx)
	}
	if err != nil {
		return x.fail(ctx, err)
	}
	e, err := foldStatus(ex.Status)
	if err != nil {
		return x.fail(ctx, err)
	}
	now := x.Clock.Now()
	switch {
	case x.catchingUp(ex, now) && ctx.Err() == nil:
		x.wait(ctx, x.untilDeadline(now, min(x.pace.interval, catchUpInterval)))
		return running
	case e == running && x.expired(now):
		return x.endWait(ctx)
	case e == running:
		x.wait(ctx, x.untilDeadline(now, x.pace.answered(now, x.nextChange(ctx))))
	}
	return e
}

// beginWait pauses before the first poll of an execution that has just been started: runners that start together do not
// poll together. There is no reason to where the backend knows what comes, or the execution is there for longer.
func (x *run) beginWait(ctx context.Context) {
	now := x.Clock.Now()
	if x.req.WaitTimeout > 0 {
		x.deadline = now.Add(x.req.WaitTimeout)
	}
	_, foreseen := x.backend.(backend.Forecaster)
	if fresh := x.known == nil && !x.out.Execution.StartDate.IsZero(); fresh && !foreseen && x.Jitter != nil {
		x.wait(ctx, x.untilDeadline(now, time.Duration(x.Jitter()*float64(x.pace.interval))))
	}
	x.pace.anchor = x.Clock.Now()
}

// look gives the state of the execution: an answer that is at hand, else one that is asked for.
func (x *run) look(ctx context.Context) (backend.Execution, error) {
	if at := x.known; at != nil {
		x.known = nil
		return *at, nil
	}
	ex, err := x.describe(ctx, x.out.Execution.ExecutionArn)
	if err == nil {
		ex, err = x.sinceRedrive(ex)
	}
	if err == nil {
		x.out.Execution = &ex
		x.tell(RunPolled{ExecutionArn: ex.ExecutionArn, Status: ex.Status, Polls: x.out.Polls})
	}
	return ex, err
}

// catchingUp reports whether an execution has ended but what is missing of it may still turn up.
func (x *run) catchingUp(ex backend.Execution, now time.Time) bool {
	if x.sync || !ex.Incomplete() {
		x.incomplete = time.Time{}
		return false
	}
	if x.incomplete.IsZero() {
		x.incomplete = now
	}
	return now.Sub(x.incomplete) < completeWindow && !x.expired(now)
}

// ended reports whether the execution is known to have ended, and only something of it to be missing.
func (x *run) ended() bool { return !x.incomplete.IsZero() }

// describe asks until there is an answer, or a failure that asking again does not mend.
func (x *run) describe(ctx context.Context, arn string) (backend.Execution, error) {
	for {
		x.out.Polls++
		ex, err := x.describeOnce(ctx, arn)
		if err == nil || ctx.Err() != nil {
			return ex, err
		}
		pause, again := x.patience(err)
		now := x.Clock.Now()
		switch {
		case x.expired(now) && (again || backend.CodeOf(err) == backend.Canceled):
			return ex, fmt.Errorf("%w: %w", errWaitedEnough, err)
		case !again, x.ended() && now.Sub(x.incomplete) >= completeWindow:
			return ex, err
		}
		if x.wait(ctx, x.untilDeadline(now, pause)); ctx.Err() != nil {
			return ex, err
		}
	}
}

// describeOnce makes the call, which ends soon after the limit of the wait.
func (x *run) describeOnce(ctx context.Context, arn string) (backend.Execution, error) {
	var limit time.Duration
	if !x.deadline.IsZero() {
		grace := callGrace
		if x.req.OnWaitTimeout == StopExecution {
			grace = callGraceToStop
		}
		limit = max(x.deadline.Sub(x.Clock.Now()), 0) + grace
	}
	ctx, cancel := x.limit(ctx, limit)
	defer cancel()
	return call("DescribeExecution", func() (backend.Execution, error) { return x.backend.DescribeExecution(backend.Paced(ctx), arn) })
}

// patience says how long to pause after a failed poll, and whether to ask again at all.
func (x *run) patience(err error) (pause time.Duration, again bool) {
	retryAfter, now := backend.RetryAfterOf(err), x.Clock.Now()
	switch code := backend.CodeOf(err); code {
	case backend.Throttled:
		x.out.Throttled++
		pause = x.pace.throttled(retryAfter)
		x.tell(RunThrottled{Call: "DescribeExecution", Wait: pause})
		return pause, true
	case backend.Connection, backend.Unavailable, backend.Proxy:
		x.out.Unreachable++
		if pause, again = x.pace.unreachable(now, retryAfter, x.req.RetryBudget); again {
			x.tell(RunUnreachable{Call: "DescribeExecution", Code: code, Error: err.Error(), Wait: pause})
		}
		return pause, again
	case backend.ExecutionDoesNotExist:
		return min(x.pace.interval, catchUpInterval), now.Sub(x.confirmed) < notFoundWindow
	}
	return 0, false
}

// nextChange is when the backend expects the execution to change, zero if it does not say.
func (x *run) nextChange(ctx context.Context) time.Time {
	f, ok := x.backend.(backend.Forecaster)
	if !ok {
		return time.Time{}
	}
	type forecast struct {
		at    time.Time
		known bool
	}
	next, err := call("NextChange", func() (forecast, error) {
		at, known, err := f.NextChange(ctx, x.out.Execution.ExecutionArn)
		return forecast{at, known}, err
	})
	// A forecast only saves polls: without one the grid is polled point by point.
	if err != nil || !next.known {
		return time.Time{}
	}
	return next.at
}

// expired reports whether the limit of the wait has passed.
func (x *run) expired(now time.Time) bool { return !x.deadline.IsZero() && !now.Before(x.deadline) }

// untilDeadline cuts a pause at the limit of the wait, and at that for what is missing.
func (x *run) untilDeadline(now time.Time, pause time.Duration) time.Duration {
	if !x.deadline.IsZero() {
		pause = min(pause, x.deadline.Sub(now))
	}
	if x.ended() {
		pause = min(pause, x.incomplete.Add(completeWindow).Sub(now))
	}
	return pause
}
