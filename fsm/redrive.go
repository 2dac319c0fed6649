package fsm

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/sfnx/sfnx/backend"
)

// redrivePeriod is how long after its end AWS redrives an execution (RedriveExecution, API reference).
const redrivePeriod = 14 * 24 * time.Hour

// redriveWindow is how long DescribeExecution, which is eventually consistent, is given to know of a redrive.
const redriveWindow = 60 * time.Second

// redrive is a redrive that was accepted.
type redrive struct {
	before backend.Execution // as it was seen
	date   time.Time         // by the service's clock
	at     time.Time         // by ours
}

// redriveEarlier redrives the execution of an earlier attempt. The client token comes from the two names alone, so that
// an attempt that is restarted redrives once.
func (x *run) redriveEarlier(ctx context.Context, ex backend.Execution) event {
	own := x.out.Name
	err := notRedrivable(ex, x.Clock.Now())
	if err == nil {
		x.out.Name = ex.Name
		token := fmt.Sprintf("%x", sha256.Sum256([]byte(ex.ExecutionArn+"\n"+own)))
		err = x.redrive(ctx, ex, token)
	}
	switch {
	case err == nil:
		return x.waitForRedriven()
	case backend.CodeOf(err) == backend.ExecutionNotRedrivable && x.req.RedriveFallback == FallbackNew && !x.out.Ambiguous:
		x.out.Name = own
		return ""
	}
	return x.failLost(ctx, err, "the execution may have been redriven")
}

// redriveNamed redrives the execution that the request names.
func (x *run) redriveNamed(ctx context.Context) event {
	ex, err := x.glance(ctx, x.req.RedriveArn)
	if backend.CodeOf(err) == backend.ExecutionDoesNotExist {
		err = &backend.Error{Code: backend.Validation, Op: "DescribeExecution", AWSCode: string(backend.ExecutionDoesNotExist),
			Message: "there is no execution " + x.req.RedriveArn, Err: err}
	}
	if err != nil {
		return x.fail(ctx, err)
	}
	token := x.req.ClientToken
	if token == "" {
		token = "sfnx-" + x.NewID()
	}
	if err := x.redrive(ctx, ex, token); err != nil {
		return x.failLost(ctx, err, "the execution may have been redriven")
	}
	return x.waitForRedriven()
}

// notRedrivable is why AWS would refuse a redrive, as far as the execution tells.
func notRedrivable(ex backend.Execution, now time.Time) error {
	reason := ""
	switch {
	case ex.RedriveStatus == "NOT_REDRIVABLE":
		reason = ex.RedriveStatusReason
	case ex.RedriveStatus == "REDRIVABLE_BY_MAP_RUN":
		reason = "it belongs to a Map Run, and is redriven with the execution that the Map Run belongs to"
	case !ex.StopDate.IsZero() && now.Sub(ex.StopDate) > redrivePeriod:
		reason = fmt.Sprintf("it ended at %s, and AWS redrives within 14 days", ex.StopDate.UTC().Format(time.RFC3339))
	default:
		return nil
	}
	return &backend.Error{Code: backend.ExecutionNotRedrivable, Op: "RedriveExecution", Message: ex.ExecutionArn + " cannot be redriven: " + reason}
}

// redrive makes the call. With the same token it may be made any number of times.
func (x *run) redrive(ctx context.Context, ex backend.Execution, token string) error {
	r, ok := x.backend.(backend.Redriver)
	if !ok {
		return &backend.Error{Code: backend.Unsupported, Op: "RedriveExecution", Message: "this backend cannot redrive an execution"}
	}
	in := backend.RedriveExecutionInput{ExecutionArn: ex.ExecutionArn, ClientToken: token}
	out, err := insist(ctx, x, "RedriveExecution", x.worthRepeating, func() (backend.RedriveExecutionOutput, error) { return r.RedriveExecution(ctx, in) })
	if backend.CodeOf(err) == backend.ExecutionNotRedrivable && x.out.Ambiguous && x.runsAgain(ctx, ex) {
		out.RedriveDate, err = x.Clock.Now(), nil
	}
	if err == nil {
		x.redriven = &redrive{before: ex, date: out.RedriveDate, at: x.Clock.Now()}
	}
	return err
}

// runsAgain reports whether an execution was redriven since it was seen: by an attempt whose answer got lost, if the next
// one is refused.
func (x *run) runsAgain(ctx context.Context, before backend.Execution) bool {
	ex, err := x.glance(ctx, before.ExecutionArn)
	return err == nil && (ex.RedriveCount > before.RedriveCount || !unsuccessful(ex.Status))
}

// waitForRedriven goes on with an execution whose redrive was accepted. It runs, whatever DescribeExecution may say
// for a moment.
func (x *run) waitForRedriven() event {
	ex := x.redriven.before
	ex.Status, ex.StopDate, ex.Output, ex.OutputIncluded, ex.Error, ex.Cause = backend.Running, time.Time{}, nil, nil, nil, nil
	x.out.Execution, x.out.Redriven, x.out.Ambiguous = &ex, true, false
	x.confirmed = x.redriven.at
	x.tell(RunRedriven{ExecutionArn: ex.ExecutionArn, Name: ex.Name, Status: ex.Status, StartDate: ex.StartDate, RedriveDate: x.redriven.date})
	if !x.req.WaitForSuccessOrFailure {
		return notWaitedFor
	}
	return redriven
}

// sinceRedrive is what an answer of DescribeExecution says about the execution: an end from before the redrive is none.
func (x *run) sinceRedrive(ex backend.Execution) (backend.Execution, error) {
	r := x.redriven
	if r == nil || ex.Status != r.before.Status || !ex.Status.Terminal() || ex.RedriveCount > r.before.RedriveCount || !ex.StopDate.Before(r.date) {
		return ex, nil
	}
	if x.Clock.Now().Sub(r.at) < redriveWindow {
		return *x.out.Execution, nil
	}
	return ex, &backend.Error{Code: backend.Unexpected, Op: "DescribeExecution",
		Message: fmt.Sprintf("the redrive was accepted at %s, but %s later the execution still is %s as before; look at it again", r.date.UTC().Format(time.RFC3339), redriveWindow, ex.Status)}
}
