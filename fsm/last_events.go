package fsm

import (
	"strings"

	"github.com/sfnx/sfnx/history"
)

// lastEvents are the newest events, oldest first, in a line each.
func lastEvents(newestFirst []history.Event) []PastEvent {
	const most = 10
	byID := indexed(newestFirst)
	last := make([]PastEvent, min(len(newestFirst), most))
	for i := range last {
		e := newestFirst[len(last)-1-i]
		last[i] = PastEvent{ID: e.ID, Timestamp: e.Timestamp, Type: e.Type, State: stateOf(e, byID), Error: errorOf(e.Details)}
	}
	return last
}

// stateOf is the name of the state that an event is about, "" if it cannot be told for sure: what is about a Parallel or
// Map as a whole, or about a state that was aborted, is caused by an event of another state.
func stateOf(e history.Event, byID map[int64]history.Event) string {
	before := byID[e.PreviousEventID]
	switch e.Type {
	case history.ExecutionStarted, history.ExecutionSucceeded, history.ExecutionFailed, history.ExecutionTimedOut, history.ExecutionAborted, history.ExecutionRedriven:
		return ""
	case history.ParallelStateStarted, history.MapStateStarted:
		entered, _ := before.Details.(*history.StateEntered)
		if entered == nil {
			return ""
		}
		return entered.Name
	case history.ParallelStateSucceeded, history.ParallelStateFailed, history.MapStateSucceeded, history.MapStateFailed:
		return ""
	}
	if strings.HasSuffix(string(e.Type), "StateAborted") {
		return ""
	}
	for found := true; found; e, found = byID[e.PreviousEventID] {
		switch d := e.Details.(type) {
		case *history.StateEntered:
			return d.Name
		case *history.StateExited:
			return d.Name
		case *history.MapIteration:
			return d.Name
		case *history.EvaluationFailedDetails:
			return d.State
		}
	}
	return ""
}

// errorOf is the name of the error in an event.
func errorOf(details history.Details) string {
	var name *string
	switch d := details.(type) {
	case *history.Failure:
		name = d.Error
	case *history.TaskFailure:
		name = d.Error
	case *history.EvaluationFailedDetails:
		return d.Error
	}
	if name == nil {
		return ""
	}
	return *name
}
