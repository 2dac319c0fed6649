package sim

import (
	"fmt"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/simtime"
)

// happening is an input that is due for an execution.
type happening struct {
	execution *execution
	input     interp.Input
}

// execution is one execution of the region: the engine's state and what the world keeps for it.
type execution struct {
	arn     string
	name    string
	machine *machine
	input   *string // as it was given
	start   time.Time
	engine  *interp.Execution
	events  []history.Event
	batch   []interp.Input                    // what happens to it at the present instant
	pending map[any]*simtime.Entry[happening] // by TimerID or TaskID
	calls   map[interp.TaskID]interp.ScheduleTask
	// broken says why the region cannot go on with the execution: a task that nobody answers, a loop that cannot end.
	broken *backend.Error
}

func newExecution(arn string, m *machine, in backend.StartExecutionInput, engine *interp.Execution, start time.Time) *execution {
	return &execution{arn: arn, name: in.Name, machine: m, input: in.Input, start: start, engine: engine, pending: map[any]*simtime.Entry[happening]{}, calls: map[interp.TaskID]interp.ScheduleTask{}}
}

// step advances an execution by inputs of the present instant.
func (r *Region) step(x *execution, inputs ...interp.Input) {
	if x.broken != nil {
		return
	}
	for _, in := range inputs {
		switch in := in.(type) {
		case interp.TimerFired:
			delete(x.pending, in.Timer)
		case interp.TaskStarted:
			r.answer(x, in.Task)
		case interp.TaskSucceeded:
			delete(x.pending, in.Task)
		case interp.TaskFailed:
			delete(x.pending, in.Task)
		}
		if x.broken != nil {
			return
		}
	}
	out := x.engine.Step(r.now, inputs...)
	x.events = append(x.events, out.Events...)
	if r.config.Observe != nil {
		for i := range out.Events {
			r.config.Observe(x.arn, out.Events[i])
		}
	}
	for _, c := range out.Commands {
		r.carryOut(x, c)
	}
	if err := x.engine.Halted(); err != nil {
		r.give(x, "%v", err)
	}
}

func (r *Region) carryOut(x *execution, c interp.Command) {
	switch c := c.(type) {
	case interp.SetTimer:
		x.pending[c.Timer] = r.push(x, c.At, interp.TimerFired{Timer: c.Timer})
	case interp.CancelTimer:
		r.cancel(x, c.Timer)
	case interp.ScheduleTask:
		x.calls[c.Task] = c
		x.pending[c.Task] = r.push(x, r.now, interp.TaskStarted{Task: c.Task})
	case interp.CancelTask:
		delete(x.calls, c.Task)
		r.cancel(x, c.Task)
	default:
		panic(fmt.Sprintf("sim: unknown command %T", c))
	}
}

func (r *Region) push(x *execution, at time.Time, in interp.Input) *simtime.Entry[happening] {
	if at.Before(r.now) {
		at = r.now
	}
	return r.due.Push(at, happening{x, in})
}

func (r *Region) cancel(x *execution, id any) {
	if e, ok := x.pending[id]; ok {
		r.due.Remove(e)
		delete(x.pending, id)
	}
}

// answer asks for the answer of a task at the moment it starts, and puts it where it is due.
func (r *Region) answer(x *execution, id interp.TaskID) {
	c := x.calls[id]
	delete(x.calls, id)
	delete(x.pending, id)
	a, err := r.config.Tasks.Answer(Call{
		ExecutionArn: x.arn, ExecutionName: x.name, StateMachine: x.machine.config.Name, Now: r.now,
		State: c.State, Resource: c.Resource.ARN, Parameters: c.Parameters, Input: c.Input, RetryCount: c.RetryCount, RoleArn: c.RoleArn, Timeout: c.Timeout,
	})
	switch {
	case err != nil:
		r.give(x, "Task state %q (%s): %v", c.State, c.Resource.ARN, err)
	case a.never:
	case a.output.IsUndefined() && !a.failed:
		r.give(x, "Task state %q (%s): its answer holds nothing; make one by Return, Throw or Never", c.State, c.Resource.ARN)
	case a.failed:
		x.pending[id] = r.push(x, r.now.Add(a.delay), interp.TaskFailed{Task: id, Error: a.err, Cause: a.cause})
	default:
		x.pending[id] = r.push(x, r.now.Add(a.delay), interp.TaskSucceeded{Task: id, Output: a.output})
	}
}

// give up on an execution that the region cannot carry on; whoever asks for it is told why.
func (r *Region) give(x *execution, format string, args ...any) {
	x.broken = &backend.Error{Code: backend.Validation, Message: fmt.Sprintf(format, args...)}
	for id := range x.pending {
		r.cancel(x, id)
	}
}

// nextChange is the earliest thing due for an execution.
func (x *execution) nextChange() (at time.Time, known bool) {
	for _, e := range x.pending {
		if !known || e.At.Before(at) {
			at, known = e.At, true
		}
	}
	return at, known
}

// describe is DescribeExecution.
func (x *execution) describe() backend.Execution {
	input := "{}"
	if x.input != nil {
		input = *x.input
	}
	included := true
	out := backend.Execution{
		ExecutionArn: x.arn, StateMachineArn: x.machine.arn.String(), Name: x.name, Status: x.status(),
		StartDate: x.start, StopDate: x.engine.Ended(), Input: &input, InputIncluded: &included, RedriveStatus: "NOT_REDRIVABLE",
	}
	output, err, cause := x.engine.Result()
	switch out.Status {
	case backend.Succeeded:
		text := output.JSON()
		out.Output, out.OutputIncluded = &text, &included
		out.RedriveStatusReason = "Execution is SUCCEEDED and cannot be redriven"
	case backend.Running:
		out.RedriveStatusReason = "Execution is RUNNING and cannot be redriven"
	case backend.Failed, backend.Aborted:
		out.Error, out.Cause = err, cause
		out.RedriveStatus = "REDRIVABLE"
	case backend.TimedOut:
		out.RedriveStatus = "REDRIVABLE"
	}
	return out
}

func (x *execution) status() backend.Status {
	switch x.engine.Status() {
	case interp.Succeeded:
		return backend.Succeeded
	case interp.Failed:
		return backend.Failed
	case interp.TimedOut:
		return backend.TimedOut
	case interp.Aborted:
		return backend.Aborted
	}
	return backend.Running
}
