package interp

import (
	"fmt"
	"time"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/expr"
	"github.com/sfnx/sfnx/internal/value"
)

// schedule asks for the task of a Task state.
func (x *Execution) schedule(t *thread, s *state, body *asl.Task) {
	c, b, f := x.taskOf(t, s, body)
	if f == nil {
		f = x.parametersTooLarge(s, c.Parameters)
	}
	if f != nil {
		x.failState(t, s, *f)
		return
	}
	x.lastTask++
	c.Task = x.lastTask
	x.taskScheduled(t, c, b)
	if !x.going() {
		return
	}
	t.phase, t.task = waiting, c.Task
	x.tasks[c.Task] = t
	x.commands = append(x.commands, c)
	if c.Timeout > 0 {
		t.timer = x.setTimer(t, taskTimer, x.now.Add(c.Timeout))
	}
}

// maxTimeout is the quota on TimeoutSeconds; what a path leads to may be any number.
const maxTimeout = 99_999_999

// bounds are the times of a task in seconds; 0 is none. The heartbeat is only shown: a task that answers by itself sends none.
type bounds struct{ timeout, heartbeat int64 }

// taskOf evaluates what a Task state asks for. Every attempt evaluates afresh.
func (x *Execution) taskOf(t *thread, s *state, body *asl.Task) (c ScheduleTask, b bounds, f *failure) {
	c = ScheduleTask{State: s.Name, Resource: body.Resource, Input: t.input, RetryCount: t.retries}
	in, f := x.applyPath(t, s.InputPath, t.input)
	if f != nil {
		return c, b, f
	}
	if b.timeout, f = x.seconds(t, "TimeoutSecondsPath", body.TimeoutSeconds, body.TimeoutSecondsPath, in); f != nil {
		return c, b, f
	}
	c.Timeout = time.Duration(min(b.timeout, maxTimeout)) * time.Second
	if b.heartbeat, f = x.seconds(t, "HeartbeatSecondsPath", body.HeartbeatSeconds, body.HeartbeatSecondsPath, in); f != nil {
		return c, b, f
	}
	if body.Credentials != nil {
		v, err := body.Credentials.Eval(x.environment(t, in))
		if err != nil {
			return c, b, x.evaluationFailure(t, err)
		}
		role, _ := v.Get("RoleArn")
		c.RoleArn = role.Str()
	}
	if c.Parameters = in; s.Parameters != nil {
		v, err := s.Parameters.Eval(x.environment(t, in))
		if err != nil {
			return c, b, x.evaluationFailure(t, err)
		}
		c.Parameters = v
	}
	return c, b, nil
}

// seconds is a time that stands in the definition or behind a path: a positive integer.
func (x *Execution) seconds(t *thread, field string, fixed int64, p *expr.Path, in value.Value) (int64, *failure) {
	if p == nil {
		return fixed, nil
	}
	v, err := p.Eval(x.environment(t, in))
	if err != nil {
		return 0, x.evaluationFailure(t, err)
	}
	n, ok := v.Int64()
	if !ok || n <= 0 {
		return 0, x.runtimeFailure(t, fmt.Sprintf("The %s parameter does not reference a positive integer: %s == %s", field, p, display(v)))
	}
	return n, nil
}

func (x *Execution) taskScheduled(t *thread, c ScheduleTask, b bounds) {
	var timeout, heartbeat *int64
	if b.timeout > 0 {
		timeout = ptr(b.timeout)
	}
	if b.heartbeat > 0 {
		heartbeat = ptr(b.heartbeat)
	}
	if c.Resource.Kind == asl.LambdaFunction {
		x.event(t, history.LambdaFunctionScheduled, &history.LambdaFunctionScheduledDetails{Resource: c.Resource.ARN, Input: history.Lazy(c.Parameters), TimeoutInSeconds: timeout, CredentialsRoleArn: c.RoleArn})
		return
	}
	x.event(t, history.TaskScheduled, &history.TaskScheduledDetails{ResourceType: c.Resource.Service, Resource: c.Resource.Action, Region: x.config.Region, Parameters: history.Lazy(c.Parameters), TimeoutInSeconds: timeout, HeartbeatInSeconds: heartbeat, CredentialsRoleArn: c.RoleArn})
}

// resource of the Task that a thread is in.
func (x *Execution) resource(t *thread) *asl.Resource {
	return &x.program.states[t.state].Body.(*asl.Task).Resource
}

func (x *Execution) taskStarted(t *thread) {
	r := x.resource(t)
	if r.Kind == asl.LambdaFunction {
		x.event(t, history.LambdaFunctionStarted, nil)
		return
	}
	x.event(t, history.TaskStarted, &history.TaskStartedDetails{ResourceType: r.Service, Resource: r.Action})
}

func (x *Execution) taskSucceeded(t *thread, output value.Value) {
	r := x.resource(t)
	name := r.Service
	if r.Kind == asl.LambdaFunction {
		name = r.ARN
	}
	if f := x.tooLarge(name, output); f != nil {
		x.taskFailed(t, *f)
		return
	}
	if r.Kind == asl.LambdaFunction {
		x.event(t, history.LambdaFunctionSucceeded, &history.Succeeded{Output: history.Lazy(output)})
	} else {
		x.event(t, history.TaskSucceeded, &history.TaskOutput{ResourceType: r.Service, Resource: r.Action, Output: history.Lazy(output)})
	}
	t.result = output
	x.enqueue(t, resulting)
}

func (x *Execution) taskFailed(t *thread, f failure) {
	x.taskEnded(t, f, history.LambdaFunctionFailed, history.TaskFailed)
}

// taskTimedOut: the task is no longer waited for, and no cause is given (recorded).
func (x *Execution) taskTimedOut(t *thread) {
	x.settle(t)
	x.taskEnded(t, failure{name: ptr(errTimeout), timedOut: true}, history.LambdaFunctionTimedOut, history.TaskTimedOut)
}

func (x *Execution) taskEnded(t *thread, f failure, function, service history.Type) {
	if r := x.resource(t); r.Kind == asl.LambdaFunction {
		x.event(t, function, f.details())
	} else {
		x.event(t, service, &history.TaskFailure{ResourceType: r.Service, Resource: r.Action, Error: f.name, Cause: f.cause})
	}
	t.failure = f
	x.enqueue(t, failing)
}
