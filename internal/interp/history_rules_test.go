package interp_test

import (
	"slices"
	"strings"

	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/interp"
)

// causes says to which types of event a type may point back. Some stand for many: entered and exited for those of all
// states, failure for whatever can make a state fail, which is any event at all that a payload over the limit may follow.
var causes = map[history.Type]string{
	history.PassStateEntered:     "exited start",
	history.TaskStateEntered:     "exited start",
	history.ChoiceStateEntered:   "exited start",
	history.WaitStateEntered:     "exited start",
	history.SucceedStateEntered:  "exited start",
	history.FailStateEntered:     "exited start",
	history.ParallelStateEntered: "exited start",
	history.MapStateEntered:      "exited start",

	history.PassStateExited:     "PassStateEntered",
	history.ChoiceStateExited:   "ChoiceStateEntered",
	history.WaitStateExited:     "WaitStateEntered",
	history.SucceedStateExited:  "SucceedStateEntered",
	history.TaskStateExited:     "TaskStateEntered answered EvaluationFailed",
	history.ParallelStateExited: "ParallelStateEntered ParallelStateFailed exited EvaluationFailed",
	history.MapStateExited:      "MapStateEntered MapStateStarted MapStateFailed MapIterationSucceeded MapRunStarted MapRunSucceeded",

	history.EvaluationFailed:        "failure start",
	history.TaskScheduled:           "TaskStateEntered answered EvaluationFailed",
	history.LambdaFunctionScheduled: "TaskStateEntered answered EvaluationFailed",
	history.TaskStarted:             "TaskScheduled",
	history.LambdaFunctionStarted:   "LambdaFunctionScheduled",
	history.TaskSubmitted:           "TaskStarted",
	history.TaskSucceeded:           "TaskStarted TaskSubmitted",
	history.LambdaFunctionSucceeded: "LambdaFunctionStarted",
	history.TaskFailed:              "TaskStarted TaskSubmitted",
	history.LambdaFunctionFailed:    "LambdaFunctionStarted",
	history.TaskTimedOut:            "TaskScheduled TaskStarted TaskSubmitted",
	history.LambdaFunctionTimedOut:  "LambdaFunctionScheduled LambdaFunctionStarted",

	history.ActivityScheduled: "TaskStateEntered answered",
	history.ActivityStarted:   "ActivityScheduled",
	history.ActivitySucceeded: "ActivityStarted",
	history.ActivityFailed:    "ActivityStarted",
	history.ActivityTimedOut:  "ActivityScheduled ActivityStarted",

	history.MapRunStarted:   "MapStateStarted",
	history.MapRunSucceeded: "MapRunStarted",
	history.MapRunFailed:    "MapRunStarted",

	history.ParallelStateStarted:   "ParallelStateEntered failure",
	history.ParallelStateSucceeded: "exited",
	history.ParallelStateFailed:    "failure",
	history.MapStateStarted:        "MapStateEntered failure",
	history.MapStateSucceeded:      "MapIterationSucceeded MapStateStarted MapRunSucceeded",
	history.MapStateFailed:         "failure",
	history.MapIterationStarted:    "MapStateStarted exited",
	history.MapIterationSucceeded:  "exited",
	history.MapIterationFailed:     "failure",
	history.MapIterationAborted:    "failure",
	history.TaskStateAborted:       "failure",
	history.WaitStateAborted:       "failure",
	history.ParallelStateAborted:   "failure",
	history.MapStateAborted:        "failure",

	history.ExecutionSucceeded: "exited",
	history.ExecutionFailed:    "failure exited answered MapStateStarted MapIterationStarted MapIterationSucceeded MapRunStarted",
}

// stands reports whether a type is among those that an entry of causes names.
func stands(typ history.Type, names string) bool {
	for _, name := range strings.Fields(names) {
		ok := false
		switch name {
		case "start":
			ok = typ == history.ParallelStateStarted || typ == history.MapIterationStarted
		case "exited":
			ok = strings.HasSuffix(string(typ), "StateExited")
		case "answered":
			ok = slices.Contains([]history.Type{history.TaskSucceeded, history.TaskFailed, history.TaskTimedOut, history.LambdaFunctionSucceeded, history.LambdaFunctionFailed, history.LambdaFunctionTimedOut,
				history.ActivitySucceeded, history.ActivityFailed, history.ActivityTimedOut}, typ)
		case "failure":
			ok = stands(typ, "answered exited EvaluationFailed ParallelStateFailed MapStateFailed MapStateStarted MapIterationStarted MapIterationSucceeded MapRunFailed MapRunSucceeded MapRunStarted") || strings.HasSuffix(string(typ), "StateEntered")
		default:
			ok = string(typ) == name
		}
		if ok {
			return true
		}
	}
	return false
}

// event checks one event against those before it.
func (l *ledger) event(e history.Event) {
	defer func() {
		l.events = append(l.events, e)
		l.counts[e.Type]++
	}()
	n := int64(len(l.events))
	if e.ID != n+1 {
		l.wrong("event %d has the id %d", n+1, e.ID)
	}
	if !e.Timestamp.Equal(l.now) {
		l.wrong("event %d is of %s, but it is %s", e.ID, e.Timestamp, l.now)
	}
	if n > 0 && terminal(l.events[n-1].Type) {
		l.wrong("event %d, %s, comes after the end", e.ID, e.Type)
	}
	if limit := l.limits.Events; limit > 0 && n+1 == int64(limit) && !terminal(e.Type) {
		l.wrong("event %d, %s, is the last that the limit allows, and does not end the execution", e.ID, e.Type)
	}
	if _, err := e.MarshalJSON(); err != nil {
		l.wrong("event %d: %v", e.ID, err)
	}
	l.visit(e)
	l.payload(e)

	previous := e.PreviousEventID
	switch {
	case e.Type == history.EvaluationFailed && previous == 0: // recorded: it points back to what is before the first state
	case e.Type == history.ExecutionStarted || n == 1 && strings.HasSuffix(string(e.Type), "StateEntered") ||
		e.Type == history.ExecutionAborted || e.Type == history.ExecutionTimedOut:
		if previous != 0 {
			l.wrong("event %d, %s, points back to %d, want 0", e.ID, e.Type, previous)
		}
	case l.atEventLimit(e):
		if previous != n {
			l.wrong("event %d ends the execution by the limit and points back to %d, want %d", e.ID, previous, n)
		}
	case previous <= 0 || previous > n:
		l.wrong("event %d, %s, points back to %d", e.ID, e.Type, previous)
	case !stands(l.events[previous-1].Type, causes[e.Type]):
		l.wrong("event %d, %s, points back to %d, %s, want one of: %s", e.ID, e.Type, previous, l.events[previous-1].Type, causes[e.Type])
	}
}

func (l *ledger) atEventLimit(e history.Event) bool {
	f, ok := e.Details.(*history.Failure)
	return ok && e.Type == history.ExecutionFailed && f.Cause != nil && strings.HasPrefix(*f.Cause, "The execution reached the maximum number of history events")
}

// visit checks that what is left has been entered, and for a state that has no inner life that it is the same visit.
func (l *ledger) visit(e history.Event) {
	switch d := e.Details.(type) {
	case *history.StateEntered:
		l.visited[d.Name]++
	case *history.StateExited:
		if l.visited[d.Name]--; l.visited[d.Name] < 0 {
			l.wrong("event %d leaves the state %q, which nobody has entered", e.ID, d.Name)
		}
		for at := e.PreviousEventID; 0 < at && at < e.ID; at = l.events[at-1].PreviousEventID {
			if l.events[at-1].Type == history.EvaluationFailed { // which can point back to before the entry
				return
			}
			if entered, ok := l.events[at-1].Details.(*history.StateEntered); ok {
				if stands(e.Type, "PassStateExited ChoiceStateExited WaitStateExited SucceedStateExited TaskStateExited") && entered.Name != d.Name {
					l.wrong("event %d leaves the state %q, but it follows the entry of %q", e.ID, d.Name, entered.Name)
				}
				return
			}
		}
	}
}

// payload checks the limit on inputs and outputs.
func (l *ledger) payload(e history.Event) {
	var text history.Text
	switch d := e.Details.(type) {
	case *history.StateEntered:
		text = d.Input
	case *history.StateExited:
		text = d.Output
	case *history.Succeeded:
		text = d.Output
	case *history.TaskOutput:
		text = d.Output
	case *history.TaskScheduledDetails:
		text = d.Parameters
	case *history.LambdaFunctionScheduledDetails:
		text = d.Input
	case *history.ActivityScheduledDetails:
		text = d.Input
	}
	limit := l.limits.PayloadBytes
	if limit == 0 {
		limit = 262_144
	}
	if size := len(text.String()); limit > 0 && size > limit {
		l.wrong("event %d, %s, carries %d bytes, the limit is %d", e.ID, e.Type, size, limit)
	}
}

func terminal(typ history.Type) bool {
	return slices.Contains([]history.Type{history.ExecutionSucceeded, history.ExecutionFailed, history.ExecutionTimedOut, history.ExecutionAborted}, typ)
}

// finish checks an execution for which nothing is due any more.
func (l *ledger) finish() []string {
	if len(l.events) == 0 {
		l.wrong("there are no events")
		return l.problems
	}
	last := l.events[len(l.events)-1]
	status := l.x.Status()
	if want := map[history.Type]interp.Status{history.ExecutionSucceeded: interp.Succeeded, history.ExecutionFailed: interp.Failed,
		history.ExecutionTimedOut: interp.TimedOut, history.ExecutionAborted: interp.Aborted}[last.Type]; status != want {
		l.wrong("the last event is %s, but the status is %d", last.Type, status)
	}
	if status == interp.Running {
		if l.x.Halted() == nil && len(l.tasks.open)+len(l.runs.open) == 0 {
			l.wrong("the execution runs, but waits for nothing")
		}
		return l.problems
	}
	if !l.x.Ended().Equal(last.Timestamp) {
		l.wrong("the execution ended at %s, its last event is of %s", l.x.Ended(), last.Timestamp)
	}
	l.result(last)
	if status == interp.Succeeded {
		l.balance("tasks", l.counts[history.TaskStateEntered], history.TaskStateExited, history.TaskStateAborted)
		l.balance("iterations", l.counts[history.MapIterationStarted], history.MapIterationSucceeded, history.MapIterationFailed, history.MapIterationAborted)
	}
	return l.problems
}

// result checks that the result is the one that the last event shows.
func (l *ledger) result(last history.Event) {
	output, err, cause := l.x.Result()
	switch d := last.Details.(type) {
	case *history.Succeeded:
		if output.String() != d.Output.String() || err != nil || cause != nil {
			l.wrong("the result is %s, %s, %s, the last event shows %s", output, quote(err), quote(cause), d.Output)
		}
	case *history.Failure:
		wantErr, wantCause := d.Error, d.Cause
		if last.Type == history.ExecutionTimedOut { // measured: DescribeExecution shows neither
			wantErr, wantCause = nil, nil
		}
		if !output.IsUndefined() || quote(err) != quote(wantErr) || quote(cause) != quote(wantCause) {
			l.wrong("the result is %s, %s, %s, the last event shows %s, %s", output, quote(err), quote(cause), quote(wantErr), quote(wantCause))
		}
	default:
		l.wrong("the last event has details of type %T", d)
	}
}

// balance checks that all that began has ended, one way or another.
func (l *ledger) balance(what string, begun int, ends ...history.Type) {
	ended := 0
	for _, typ := range ends {
		ended += l.counts[typ]
	}
	if begun != ended {
		l.wrong("%d %s began, %d ended", begun, what, ended)
	}
}
