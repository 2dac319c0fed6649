package fsm

import (
	"slices"
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
		{"nothing", nil, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if f, _ := failureIn(c.newestFirst); f.state != c.state || f.event != c.event {
				t.Errorf("state %q, event %d, want %q, %d", f.state, f.event, c.state, c.event)
			}
		})
	}
}

func TestRetries(t *testing.T) {
	for _, c := range []struct {
		name        string
		newestFirst []history.Event
		want        *int
	}{
		{"a task that was tried three times", []history.Event{
			other(12, 11, history.ExecutionFailed), other(11, 10, history.TaskFailed), other(10, 9, history.TaskScheduled), other(9, 8, history.TaskTimedOut),
			other(8, 7, history.TaskScheduled), other(7, 6, history.TaskFailed), other(6, 5, history.TaskScheduled), entered(5, 4, "Charge card"),
			exited(4, 3, "Reserve"), other(3, 2, history.TaskScheduled), entered(2, 0, "Reserve"),
		}, ptr(2)},
		{"a task that could not be scheduled", []history.Event{
			other(7, 6, history.ExecutionFailed), other(6, 5, history.LambdaFunctionScheduleFailed), other(5, 4, history.LambdaFunctionScheduled),
			other(4, 3, history.LambdaFunctionScheduleFailed), other(3, 2, history.LambdaFunctionScheduled), entered(2, 0, "Charge card"),
		}, ptr(1)},
		{"another branch is tried again meanwhile", []history.Event{
			other(10, 9, history.ExecutionFailed), other(9, 7, history.ParallelStateFailed), other(8, 6, history.ActivityScheduled), other(7, 5, history.ActivityTimedOut),
			other(6, 4, history.ActivityScheduled), other(5, 3, history.ActivityScheduled), entered(4, 2, "B"), entered(3, 2, "A"),
			other(2, 1, history.ParallelStateStarted), entered(1, 0, "Both"),
		}, ptr(0)},
		{"a distributed Map", []history.Event{
			other(9, 8, history.ExecutionFailed), other(8, 7, history.MapStateFailed), other(7, 6, history.MapRunFailed), other(6, 5, history.MapRunStarted),
			other(5, 4, history.MapStateStarted), other(4, 3, history.MapRunFailed), other(3, 2, history.MapRunStarted), other(2, 1, history.MapStateStarted), entered(1, 0, "Each"),
		}, ptr(1)},
		{"a state that has no attempts", []history.Event{other(3, 2, history.ExecutionFailed), entered(2, 0, "Reject")}, ptr(0)},
		{"the state is not there", []history.Event{other(250, 249, history.ExecutionFailed), other(249, 248, history.TaskFailed), other(248, 120, history.TaskScheduled)}, nil},
		{"stopped", []history.Event{other(4, 0, history.ExecutionAborted), other(3, 2, history.TaskScheduled), entered(2, 0, "Charge card")}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if f, _ := failureIn(c.newestFirst); (f.retries == nil) != (c.want == nil) || c.want != nil && *f.retries != *c.want {
				t.Errorf("retries %v, want %v", f.retries, c.want)
			}
		})
	}
}

// The newest page may have nothing but attempts.
func TestHistoryIsReadUntilItTells(t *testing.T) {
	events := []history.Event{other(1, 0, history.ExecutionStarted), entered(2, 0, "Charge card")}
	for id := int64(3); id < 243; id += 2 {
		events = append(events, other(id, id-1, history.TaskScheduled), other(id+1, id, history.TaskFailed))
	}
	events = append(events, other(243, 242, history.ExecutionFailed))
	slices.Reverse(events)
	s := job(t)
	s.account.describe, s.account.events = statuses(backend.Failed), func() ([]history.Event, error) { return events, nil }
	out := s.run()
	if out.FailedState != "Charge card" || out.FailedEventID != 242 || out.Retries == nil || *out.Retries != 119 {
		t.Errorf("state %q, event %d, retries %v", out.FailedState, out.FailedEventID, out.Retries)
	}
	if n := s.account.count("GetExecutionHistory"); n != 3 {
		t.Errorf("%d pages were read, want 3", n)
	}
}

func TestLastEvents(t *testing.T) {
	boom := "Boom"
	newestFirst := []history.Event{
		{ID: 14, PreviousEventID: 13, Type: history.ExecutionFailed, Details: &history.Failure{Error: &boom}},
		other(13, 11, history.MapStateFailed),
		{ID: 12, PreviousEventID: 11, Type: history.MapIterationFailed, Details: &history.MapIteration{Name: "Each"}},
		{ID: 11, PreviousEventID: 10, Type: history.TaskFailed, Details: &history.TaskFailure{Error: &boom}},
		other(10, 8, history.TaskScheduled), other(9, 7, history.TaskStateAborted), entered(8, 6, "Look"), other(7, 5, history.TaskScheduled),
		entered(6, 4, "Look"), {ID: 5, PreviousEventID: 3, Type: history.MapIterationStarted, Details: &history.MapIteration{Name: "Each"}},
		{ID: 4, PreviousEventID: 3, Type: history.MapIterationStarted, Details: &history.MapIteration{Name: "Each"}},
		other(3, 2, history.MapStateStarted), entered(2, 0, "Each"),
	}
	want := []PastEvent{
		{ID: 5, Type: history.MapIterationStarted, State: "Each"}, {ID: 6, Type: history.TaskStateEntered, State: "Look"},
		{ID: 7, Type: history.TaskScheduled, State: "Each"}, {ID: 8, Type: history.TaskStateEntered, State: "Look"},
		{ID: 9, Type: history.TaskStateAborted}, {ID: 10, Type: history.TaskScheduled, State: "Look"},
		{ID: 11, Type: history.TaskFailed, State: "Look", Error: "Boom"}, {ID: 12, Type: history.MapIterationFailed, State: "Each"},
		{ID: 13, Type: history.MapStateFailed}, {ID: 14, Type: history.ExecutionFailed, Error: "Boom"},
	}
	if got := lastEvents(newestFirst); !slices.Equal(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if got := lastEvents(newestFirst[11:]); len(got) != 2 || got[0].State != "Each" || got[1].State != "Each" {
		t.Errorf("of two events: %+v", got)
	}
}

// DescribeExecution may forget why an execution failed. Its history does not.
func TestReasonOfTheHistory(t *testing.T) {
	boom, cause, mine := "Boom", "of the history", "of the answer"
	for _, c := range []struct{ given, want *string }{{nil, &cause}, {&mine, &mine}} {
		s := job(t)
		s.account.describe = func(int) (backend.Execution, error) {
			ex := ended(backend.Failed)
			ex.Cause = c.given
			return ex, nil
		}
		s.account.events = func() ([]history.Event, error) {
			end := other(3, 2, history.ExecutionFailed)
			end.Details = &history.Failure{Error: &boom, Cause: &cause}
			return []history.Event{end, entered(2, 1, "Charge card")}, nil
		}
		if out := s.run(); text(out.Execution.Cause) != *c.want {
			t.Errorf("cause %q, want %q", text(out.Execution.Cause), *c.want)
		}
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
		if out := s.run(); out.Ending != Failed || out.Err != nil || out.FailedState != "" || out.Retries != nil || out.LastEvents != nil {
			t.Errorf("%s: ended as %s (%v), failed state %q", name, out.Ending, out.Err, out.FailedState)
		}
	}
	s := job(t)
	s.account.describe, s.backend = statuses(backend.Failed), bare{s.account}
	if out := s.run(); out.Ending != Failed {
		t.Errorf("without the capability: ended as %s", out.Ending)
	}
}
