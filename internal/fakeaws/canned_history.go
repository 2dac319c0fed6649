package fakeaws

import (
	"context"
	"slices"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/history"
)

// GetExecutionHistory gives the events of the only state.
func (c *Canned) GetExecutionHistory(_ context.Context, in backend.GetExecutionHistoryInput) (backend.GetExecutionHistoryOutput, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, err := c.find(in.ExecutionArn)
	if err != nil {
		return backend.GetExecutionHistoryOutput{}, err
	}
	events := c.events(e)
	if in.ReverseOrder {
		slices.Reverse(events)
	}
	from, to, next, err := page(in.NextToken, in.MaxResults, len(events))
	if err != nil {
		return backend.GetExecutionHistoryOutput{}, err
	}
	return backend.GetExecutionHistoryOutput{Events: events[from:to], NextToken: next}, nil
}

// events is the history of the execution as it stands now.
func (c *Canned) events(e *canned) []history.Event {
	x, m := c.look(e), e.machine
	entered, exited := history.PassStateEntered, history.PassStateExited
	switch {
	case m.Status == backend.Failed:
		entered = history.FailStateEntered
	case m.After > 0:
		entered, exited = history.WaitStateEntered, history.WaitStateExited
	}
	input := history.Literal(*x.Input)
	events := slices.Clone(e.past)
	add := func(at time.Time, typ history.Type, previous int64, d history.Details) {
		events = append(events, history.Event{Timestamp: at, Type: typ, ID: int64(len(events) + 1), PreviousEventID: previous, Details: d})
	}
	if x.RedriveCount > 0 {
		add(e.since, history.ExecutionRedriven, 0, &history.Redriven{RedriveCount: x.RedriveCount})
	} else {
		add(x.StartDate, history.ExecutionStarted, 0, &history.ExecutionStartedDetails{Input: input})
		add(x.StartDate, entered, 0, &history.StateEntered{Name: m.State, Input: input})
	}
	last := int64(len(events))
	switch x.Status {
	case backend.Succeeded:
		output := history.Literal(*x.Output)
		add(x.StopDate, exited, last, &history.StateExited{Name: m.State, Output: output})
		add(x.StopDate, history.ExecutionSucceeded, last+1, &history.Succeeded{Output: output})
	case backend.Failed:
		add(x.StopDate, history.ExecutionFailed, last, &history.Failure{Error: x.Error, Cause: x.Cause})
	case backend.TimedOut:
		timeout := "States.Timeout"
		add(x.StopDate, history.ExecutionTimedOut, 0, &history.Failure{Error: &timeout})
	case backend.Aborted:
		by := e.stopped
		if by == nil { // the machine's own end
			by = &history.Failure{}
		}
		add(x.StopDate, history.ExecutionAborted, 0, by)
	}
	return events
}
