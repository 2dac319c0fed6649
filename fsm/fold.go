package fsm

import (
	"fmt"
	"time"

	"github.com/sfnx/sfnx/backend"
)

// foldCode folds a failed call into the event that ends the run. Job contract, sections 3 and 6.
func foldCode(code backend.Code) event {
	switch code {
	case backend.Authentication:
		return unauthenticated
	case backend.Authorization:
		return unauthorized
	case backend.Connection, backend.Throttled, backend.Unavailable, backend.ExecutionLimitExceeded:
		return disconnected
	case backend.Proxy:
		return proxyFailed
	case backend.Validation, backend.Unsupported, backend.StateMachineDoesNotExist, backend.StateMachineDeleting, backend.ExecutionAlreadyExists,
		backend.ExecutionNotRedrivable:
		return invalid
	case backend.Unexpected, backend.Canceled, backend.ExecutionDoesNotExist:
		return unexpected
	}
	return unexpected
}

// EndingOf is the ending that a failed call of a backend leads to, for commands that make a single call and no run.
func EndingOf(code backend.Code) State {
	e := foldCode(code)
	for _, t := range lifeCycle {
		if t.event == e {
			return t.to
		}
	}
	return UnexpectedError
}

// foldStatus folds the status of an execution. A status of a newer service is an error, not a guess.
func foldStatus(s backend.Status) (event, error) {
	switch s {
	case backend.Running, backend.PendingRedrive:
		return running, nil
	case backend.Succeeded:
		return succeeded, nil
	case backend.Failed:
		return failed, nil
	case backend.Aborted:
		return aborted, nil
	case backend.TimedOut:
		return timedOut, nil
	}
	return unexpected, &backend.Error{Code: backend.Unexpected, Op: "DescribeExecution",
		Message: fmt.Sprintf("the execution has status %q, which is none of %s, %s, %s, %s, %s and %s", s,
			backend.Running, backend.PendingRedrive, backend.Succeeded, backend.Failed, backend.TimedOut, backend.Aborted)}
}

// incomplete reports whether an execution has ended but its stop date, or the output of a success, is not there yet,
// which DescribeExecution may say for a moment since it is eventually consistent. A failure may have no error and no
// cause for ever.
func incomplete(x backend.Execution) bool {
	withheld := x.OutputIncluded != nil && !*x.OutputIncluded
	return x.Status.Terminal() && x.StopDate.IsZero() || x.Status == backend.Succeeded && x.Output == nil && !withheld
}

// sameInput reports whether an execution was started with this input, byte for byte. No input is {} to the service.
func sameInput(x backend.Execution, input *string) bool {
	ours := "{}"
	if input != nil {
		ours = *input
	}
	return x.Input != nil && *x.Input == ours
}

// nextPoll is the first point of the polling grid (anchor, anchor+interval ...) that lies after now and not before
// the change that is due.
func nextPoll(anchor time.Time, interval time.Duration, now, due time.Time) time.Time {
	const horizon = 100 * 365 * 24 * time.Hour // keeps the arithmetic in range
	steps := now.Sub(anchor)/interval + 1
	if wanted := min(due.Sub(anchor), horizon); wanted > 0 {
		steps = max(steps, (wanted+interval-1)/interval)
	}
	return anchor.Add(steps * interval)
}
