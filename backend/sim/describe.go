package sim

import (
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/interp"
)

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
