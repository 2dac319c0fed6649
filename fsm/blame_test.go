package fsm

import (
	"testing"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/history"
)

func entered(id, previous int64, state string) history.Event {
	return history.Event{ID: id, PreviousEventID: previous, Type: history.TaskStateEntered, Details: &history.StateEntered{Name: state}}
}

func exited(id, previous int64, state string) history.Event {
	return history.Event{ID: id, PreviousEventID: previous, Type: history.TaskStateExited, Details: &history.StateExited{Name: state}}
}

func other(id, previous int64, kind history.Type) history.Event {
	return history.Event{ID: id, PreviousEventID: previous, Type: kind}
}

func TestFailedState(t *testing.T) {
	for _, c := range []struct {
		name        string
		newestFirst []history.Event
		state       string
		event       int64
	}{
		{"a task that failed", []history.Event{
			other(9, 8, history.ExecutionFailed), other(8, 7, history.TaskFailed), other(7, 6, history.TaskStarted), other(6, 5, history.TaskScheduled),
			entered(5, 4, "Charge card"), exited(4, 3, "Reserve"), entered(3, 2, "Reserve"),
		}, "Charge card", 8},
		{"a Fail state inside a Map", []history.Event{
			other(36, 35, history.ExecutionFailed), other(35, 33, history.MapStateFailed), other(34, 33, history.MapIterationFailed),
			entered(33, 32, "Reject"), exited(32, 31, "Look"), entered(31, 30, "Look"), entered(20, 19, "Each parcel"),
		}, "Reject", 33},
		{"a branch that failed while its sibling ran", []history.Event{
			other(12, 11, history.ExecutionFailed), other(11, 8, history.ParallelStateFailed), other(10, 8, history.TaskStateAborted),
			other(8, 6, history.TaskFailed), other(7, 5, history.TaskScheduled), other(6, 4, history.TaskScheduled),
			entered(5, 3, "Slow"), entered(4, 3, "Fast"), other(3, 2, history.ParallelStateStarted), entered(2, 0, "Both"),
		}, "Fast", 8},
		{"an expression that failed", []history.Event{
			other(5, 4, history.ExecutionFailed),
			{ID: 4, PreviousEventID: 2, Type: history.EvaluationFailed, Details: &history.EvaluationFailedDetails{State: "Sum"}},
			entered(3, 2, "Sum"), exited(2, 1, "First"),
		}, "Sum", 4},
		{"stopped while waiting", []history.Event{
			other(5, 0, history.ExecutionAborted), entered(4, 3, "Until Monday"), exited(3, 2, "First"), entered(2, 0, "First"),
		}, "Until Monday", 5},
		{"timed out in a state entered again", []history.Event{
			other(9, 0, history.ExecutionTimedOut), exited(8, 7, "Check"), entered(7, 6, "Check"), entered(6, 5, "Poll"), exited(5, 4, "Poll"), entered(4, 3, "Poll"),
		}, "Poll", 9},
		{"the cause is not on the page", []history.Event{
			other(250, 120, history.ExecutionFailed), exited(249, 248, "B"), entered(248, 247, "B"), entered(247, 246, "A"),
		}, "A", 250},
		{"the state is not on the page", []history.Event{other(250, 249, history.ExecutionFailed), other(249, 120, history.TaskFailed)}, "", 249},
		{"no event that ends it", []history.Event{entered(2, 0, "A"), other(1, 0, history.ExecutionStarted)}, "A", 0},
		{"causes in a circle", []history.Event{other(3, 2, history.ExecutionFailed), other(2, 1, history.ParallelStateFailed), other(1, 2, history.MapStateFailed)}, "", 3},
		{"nothing", nil, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if state, event := failedState(c.newestFirst); state != c.state || event != c.event {
				t.Errorf("state %q, event %d, want %q, %d", state, event, c.state, c.event)
			}
		})
	}
}

func TestHistoryIsReadAfterAFailureOnly(t *testing.T) {
	for status, want := range map[backend.Status]string{backend.Succeeded: "", backend.Failed: "Charge card"} {
		s := job(t)
		s.account.describe = statuses(status)
		s.account.events = func() ([]history.Event, error) {
			return []history.Event{other(3, 2, history.ExecutionFailed), entered(2, 1, "Charge card")}, nil
		}
		if out := s.run(); out.FailedState != want || s.account.count("GetExecutionHistory") != min(len(want), 1) {
			t.Errorf("%s: failed state %q, calls %v", status, out.FailedState, s.account.log)
		}
	}
}

func TestHistoryThatCannotBeRead(t *testing.T) {
	for name, events := range map[string]func() ([]history.Event, error){
		"denied": nil,
		"panics": func() ([]history.Event, error) { panic("eh") },
	} {
		s := job(t)
		s.account.describe, s.account.events = statuses(backend.Failed), events
		if out := s.run(); out.Ending != Failed || out.Err != nil || out.FailedState != "" {
			t.Errorf("%s: ended as %s (%v), failed state %q", name, out.Ending, out.Err, out.FailedState)
		}
	}
	s := job(t)
	s.account.describe, s.backend = statuses(backend.Failed), bare{s.account}
	if out := s.run(); out.Ending != Failed {
		t.Errorf("without the capability: ended as %s", out.Ending)
	}
}
