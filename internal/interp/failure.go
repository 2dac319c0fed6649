package interp

import (
	"errors"
	"fmt"

	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/expr"
	"github.com/sfnx/sfnx/internal/value"
)

// The reserved error names that the engine raises or matches (ASL "Errors").
const (
	errAll       = "States.ALL"
	errTask      = "States.TaskFailed"
	errTimeout   = "States.Timeout"
	errHeartbeat = "States.HeartbeatTimeout"
	errRuntime   = expr.Runtime
	errDataLimit = "States.DataLimitExceeded"
)

// failure is why a state failed. A nil member was not given.
type failure struct {
	name  *string
	cause *string
	// timedOut failures have no cause in the history, but an empty one for the catcher (recorded).
	timedOut bool
	// heartbeat: it was the heartbeat that was missed, which is reported as a timeout all the same (recorded).
	heartbeat bool
	// evaluation: a JSONata expression of the state failed.
	evaluation bool
}

func (f failure) is(name string) bool { return f.name != nil && *f.name == name }

// catchable reports whether Retry and Catch are asked at all. ASL: States.Runtime ends the execution.
func (f failure) catchable() bool { return !f.is(errRuntime) }

func (f failure) details() *history.Failure { return &history.Failure{Error: f.name, Cause: f.cause} }

// errorOutput is what a catcher gets.
func (f failure) errorOutput() value.Value {
	text := func(s *string) value.Value {
		if s == nil {
			return value.Null()
		}
		return value.String(*s)
	}
	cause := text(f.cause)
	if f.timedOut {
		cause = value.String("")
	}
	return value.ObjectOf(errorShape, []value.Value{text(f.name), cause})
}

var errorShape = value.NewShape([]string{"Error", "Cause"})

// runtimeFailure is a States.Runtime of the state that the thread is in, with AWS's prefix.
func (x *Execution) runtimeFailure(t *thread, message string) *failure {
	return x.raised(t, errRuntime, message)
}

func (x *Execution) raised(t *thread, name, message string) *failure {
	cause := message
	if !x.alone(t) { // recorded: TestState leaves the prefix out
		cause = fmt.Sprintf("An error occurred while executing the state '%s' (entered at the event id #%d). %s", x.program.states[t.state].Name, t.enteredID, message)
	}
	return &failure{name: &name, cause: &cause}
}

// evaluationFailure turns the error of an expression into a failure.
func (x *Execution) evaluationFailure(t *thread, err error) *failure {
	e, ok := errors.AsType[*expr.Error](err)
	switch {
	case !ok:
		return x.raised(t, errRuntime, err.Error())
	case e.Name == expr.QueryEvaluation:
		before := t.last
		if before == t.enteredID {
			before = t.before // recorded: as if the state had not been entered
		}
		return x.queryFailure(t, before, e.Message, e.Location)
	}
	return x.raised(t, e.Name, e.Message)
}

// queryFailure is a States.QueryEvaluationError, which has an event of its own.
func (x *Execution) queryFailure(t *thread, previous int64, message, location string) *failure {
	f := x.raised(t, expr.QueryEvaluation, message)
	f.evaluation = true
	t.last = x.record(previous, history.EvaluationFailed, &history.EvaluationFailedDetails{State: x.program.states[t.state].Name, Error: *f.name, Cause: *f.cause, Location: location})
	return f
}

// tooLarge is the failure of a result or output over the payload limit, nil if it fits. what is the name that AWS
// gives: the state, the resource type of a service task, the ARN of a function.
func (x *Execution) tooLarge(what string, v value.Value) *failure {
	return x.overLimit(what, "returned a result", v)
}

// parametersTooLarge is the failure of what a state hands to its task, branches or iterations over the payload limit, nil
// if it fits. The words are those of AWS, as users have reported them for a Task.
func (x *Execution) parametersTooLarge(s *state, v value.Value) *failure {
	return x.overLimit(s.Name, "provided parameters", v)
}

func (x *Execution) overLimit(what, did string, v value.Value) *failure {
	limit := x.config.Limits.PayloadBytes
	if limit < 0 || v.Size() <= limit {
		return nil
	}
	cause := fmt.Sprintf("The state/task '%s' %s with a size exceeding the maximum number of bytes service limit.", what, did)
	return &failure{name: ptr(errDataLimit), cause: &cause}
}

// failState is the way of every failure: Retry, then Catch, then the enclosing scope.
func (x *Execution) failState(t *thread, s *state, f failure) {
	x.observe(t, ErrorOutput, f.errorOutput())
	if f.catchable() {
		if x.retry(t, s, f) {
			return
		}
		x.blockFailed(t, s, f)
		if x.catch(t, s, f) {
			return
		}
	}
	x.failThread(t, f)
}

// failThread ends a thread with a failure that its state did not handle.
func (x *Execution) failThread(t *thread, f failure) {
	if t.block == nil || !f.catchable() {
		x.end(result{status: Failed, failure: f}, t.last, history.ExecutionFailed, f.details())
		return
	}
	owner := t.block.owner
	x.abortBlock(t)
	owner.last = t.last
	x.failState(owner, x.program.states[owner.state], f)
}
