package fsm

import (
	"context"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/history"
)

// How much of the history is read to find out what went wrong: a few pages of the newest events, for a few seconds.
const (
	blameLimit = 5 * time.Second
	blamePages = 10
	pageSize   = 100
)

// blame looks for the state that failed. The run has its ending already; not finding out is no error.
func (x *run) blame(ctx context.Context) {
	h, ok := x.backend.(backend.Historian)
	arn, err := backend.ParseARN(x.out.Execution.ExecutionArn)
	if !ok || err != nil || arn.Kind == "express" {
		return
	}
	ctx, cancel := x.limit(ctx, blameLimit)
	defer cancel()
	in := backend.GetExecutionHistoryInput{ExecutionArn: arn.String(), MaxResults: pageSize, ReverseOrder: true}
	var newestFirst []history.Event
	for range blamePages {
		page, err := call("GetExecutionHistory", func() (backend.GetExecutionHistoryOutput, error) { return h.GetExecutionHistory(ctx, in) })
		if err != nil {
			return
		}
		newestFirst = append(newestFirst, page.Events...)
		f, whole := failureIn(newestFirst)
		x.out.FailedState, x.out.FailedEventID, x.out.Retries = f.state, f.event, f.retries
		x.out.LastEvents = lastEvents(newestFirst)
		x.amend(f.reason)
		if in.NextToken = page.NextToken; whole || in.NextToken == "" {
			return
		}
	}
}

// amend gives a failed execution the error and cause that its history knows, where DescribeExecution gave neither.
func (x *run) amend(reason *history.Failure) {
	if ex := x.out.Execution; reason != nil && ex.Error == nil && ex.Cause == nil {
		ex.Error, ex.Cause = reason.Error, reason.Cause
	}
}

// failedAt is what the history tells about the failure of an execution.
type failedAt struct {
	state   string
	event   int64            // the one to look at
	retries *int             // of the state, in the visit that failed; nil if nobody can tell
	reason  *history.Failure // of the event that ended the execution; nil if it is not there
}

// failureIn finds the state that ended an execution, and the event to look at, in the newest events of its history
// (newest first). The event that ended the execution points at what caused it; a failed Parallel or Map points on at
// the failure inside of it. A stop or time-out has no cause (previousEventId 0, as recorded): there it is the state
// that was entered last and not left. whole says that older events would tell no more.
func failureIn(newestFirst []history.Event) (f failedAt, whole bool) {
	byID := indexed(newestFirst)
	end := endOf(newestFirst)
	f.event = end.ID
	f.reason, _ = end.Details.(*history.Failure)
	cause, ok := byID[end.PreviousEventID]
	for ok && (cause.Type == history.ParallelStateFailed || cause.Type == history.MapStateFailed || cause.Type == history.MapIterationFailed) {
		cause, ok = byID[cause.PreviousEventID]
	}
	if !ok {
		f.state = stillOpen(newestFirst)
		return f, end.PreviousEventID == 0 && f.state != ""
	}
	f.event = cause.ID
	attempts := 0
	for e, found := cause, true; found; e, found = byID[e.PreviousEventID] {
		switch d := e.Details.(type) {
		case *history.StateEntered:
			retries := max(attempts-1, 0)
			f.state, f.retries = d.Name, &retries
			return f, true
		case *history.EvaluationFailedDetails:
			f.state = d.State
		}
		if isAttempt(e.Type) {
			attempts++
		}
	}
	if f.state == "" {
		f.state = stillOpen(newestFirst)
	}
	return f, false
}

// endOf is the event that ended the execution.
func endOf(newestFirst []history.Event) history.Event {
	for _, e := range newestFirst {
		switch e.Type {
		case history.ExecutionFailed, history.ExecutionTimedOut, history.ExecutionAborted:
			return e
		}
	}
	return history.Event{}
}

// isAttempt reports whether a state of some kind begins an attempt with such an event.
func isAttempt(t history.Type) bool {
	switch t {
	case history.TaskScheduled, history.LambdaFunctionScheduled, history.ActivityScheduled, history.ParallelStateStarted, history.MapStateStarted:
		return true
	}
	return false
}

func indexed(events []history.Event) map[int64]history.Event {
	byID := make(map[int64]history.Event, len(events))
	for _, e := range events {
		byID[e.ID] = e
	}
	return byID
}

// stillOpen is the name of the state that was entered last and not left.
func stillOpen(newestFirst []history.Event) string {
	left := map[string]int{}
	for _, e := range newestFirst {
		switch d := e.Details.(type) {
		case *history.StateExited:
			left[d.Name]++
		case *history.StateEntered:
			if left[d.Name] == 0 {
				return d.Name
			}
			left[d.Name]--
		}
	}
	return ""
}
