package sim

import (
	"fmt"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/value"
)

// StateTest is one visit of one state, alone.
type StateTest struct {
	StateMachineArn string
	State           string // name; a state of a branch or of a Map's processor is found too
	Input           value.Value
	Test            interp.Test
	Observe         func(interp.Observation) // nil: nobody. It must not call the region
}

// TestState visits one state of a machine until it is left, has failed or would be retried, as long as that takes in the
// region's time. The execution has the state's output, or its error and cause. The error is a *backend.Error: there is
// no such machine or state, or the region cannot carry it out.
func (r *Region) TestState(t StateTest) (backend.Execution, error) {
	const op = "TestState"
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.machines[t.StateMachineArn]
	if m == nil {
		return backend.Execution{}, &backend.Error{Code: backend.StateMachineDoesNotExist, Op: op, AWSCode: "StateMachineDoesNotExist", Message: fmt.Sprintf("State Machine Does Not Exist: '%s'", t.StateMachineArn)}
	}
	program, ok := m.program.Only(t.State)
	if !ok {
		return backend.Execution{}, &backend.Error{Code: backend.Validation, Op: op, AWSCode: "ValidationException", Message: "State not found in definition"}
	}
	alone := *m
	alone.program, alone.test = program, t
	text, name := t.Input.JSON(), fmt.Sprintf("test-%d", len(r.executions))
	x := r.newExecution(m.arn.Execution(name).String(), &alone, backend.StartExecutionInput{Name: name, Input: &text}, text, t.Input)
	r.settle(r.now)
	for x.status() == backend.Running && x.broken == nil {
		next, ok := r.nextChange(x)
		if !ok {
			return backend.Execution{}, &backend.Error{Code: backend.Validation, Op: op, Message: fmt.Sprintf("the state %q waits for an answer that never comes", t.State)}
		}
		r.advance(next)
	}
	if x.broken != nil {
		return backend.Execution{}, x.broken
	}
	return x.describe(), nil
}
