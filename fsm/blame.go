package fsm

import (
	"context"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/history"
)

// blame looks for the state that failed: one page of the newest events, for a few seconds. The run has its ending
// already; not finding out is no error.
func (x *run) blame(ctx context.Context) {
	const limit = 5 * time.Second
	h, ok := x.backend.(backend.Historian)
	arn, err := backend.ParseARN(x.out.Execution.ExecutionArn)
	if !ok || err != nil || arn.Kind == "express" {
		return
	}
	ctx, cancel := x.limit(ctx, limit)
	defer cancel()
	page, err := call("GetExecutionHistory", func() (backend.GetExecutionHistoryOutput, error) {
		return h.GetExecutionHistory(ctx, backend.GetExecutionHistoryInput{ExecutionArn: arn.String(), MaxResults: 100, ReverseOrder: true})
	})
	if err == nil {
		x.out.FailedState, x.out.FailedEventID = failedState(page.Events)
	}
}

// failedState finds the state that ended an execution, and the event to look at, in the newest events of its history
// (newest first). The event that ended the execution points at what caused it; a failed Parallel or Map points on at
// the failure inside of it. A stop or time-out has no cause (previousEventId 0, as recorded): there it is the state
// that was entered last and not left.
func failedState(newestFirst []history.Event) (name string, eventID int64) {
	byID := make(map[int64]history.Event, len(newestFirst))
	var end history.Event
	for _, e := range newestFirst {
		if e.PreviousEventID >= e.ID {
			e.PreviousEventID = 0 // a cause comes before; what says otherwise would be followed in circles
		}
		byID[e.ID] = e
		switch e.Type {
		case history.ExecutionFailed, history.ExecutionTimedOut, history.ExecutionAborted:
			if end.ID == 0 {
				end = e
			}
		}
	}
	cause, ok := byID[end.PreviousEventID]
	for ok && (cause.Type == history.ParallelStateFailed || cause.Type == history.MapStateFailed || cause.Type == history.MapIterationFailed) {
		cause, ok = byID[cause.PreviousEventID]
	}
	if !ok {
		return stillOpen(newestFirst), end.ID
	}
	for e, found := cause, true; found; e, found = byID[e.PreviousEventID] {
		switch d := e.Details.(type) {
		case *history.StateEntered:
			return d.Name, cause.ID
		case *history.EvaluationFailedDetails:
			return d.State, cause.ID
		}
	}
	return stillOpen(newestFirst), cause.ID
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
