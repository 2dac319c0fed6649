package interp

import (
	"fmt"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/expr"
	"github.com/sfnx/sfnx/internal/value"
)

// call is what a Task state asks for, and the heartbeat that it waits for.
type call struct {
	ScheduleTask
	heartbeat TimerID // 0 while none is awaited
}

// token of the task that a thread is in or prepares; empty where the context object has none (recorded: only the
// patterns .sync and .waitForTaskToken have one).
func (t *thread) token() string {
	if t.call == nil || t.call.Resource.Kind != asl.Integration {
		return ""
	}
	return t.call.Token
}

// schedule asks for the task of a Task state.
func (x *Execution) schedule(t *thread, s *state, body *asl.Task) {
	t.call = &call{ScheduleTask: ScheduleTask{Task: x.lastTask + 1, State: s.Name, Resource: body.Resource, Input: t.input, RetryCount: t.retries}}
	if body.Resource.Kind == asl.Activity || body.Resource.Pattern != asl.RequestResponse {
		t.call.Token = x.random.token()
	}
	f := x.prepare(t, s, body)
	if f == nil {
		f = x.parametersTooLarge(s, t.call.Parameters)
	}
	if f != nil {
		t.call = nil
		x.failState(t, s, *f)
		return
	}
	x.lastTask++
	if body.Resource.Kind != asl.Activity { // which waits to be accepted
		x.taskScheduled(t)
	}
	if !x.going() {
		return
	}
	t.phase, t.task = waiting, t.call.Task
	x.tasks[t.task] = t
	x.commands = append(x.commands, t.call.ScheduleTask)
}

// prepare evaluates what a Task state asks for. Every attempt evaluates afresh.
func (x *Execution) prepare(t *thread, s *state, body *asl.Task) *failure {
	in, f := x.inputPath(t, s)
	if f != nil {
		return f
	}
	c := t.call
	if c.TimeoutSeconds, f = x.seconds(t, "TimeoutSeconds", body.TimeoutSeconds, body.TimeoutSecondsPath, body.TimeoutQuery, in); f != nil {
		return f
	}
	if c.HeartbeatSeconds, f = x.seconds(t, "HeartbeatSeconds", body.HeartbeatSeconds, body.HeartbeatSecondsPath, body.HeartbeatQuery, in); f != nil {
		return f
	}
	if body.Credentials != nil {
		v, err := body.Credentials.Eval(x.environment(t, in))
		if err != nil {
			return x.evaluationFailure(t, err)
		}
		role, _ := v.Get("RoleArn")
		c.RoleArn = role.Str()
	}
	if c.Parameters, f = x.parameters(t, s, in); f != nil {
		return f
	}
	if problem := checkParameters(&c.Resource, c.Parameters); problem != "" {
		return x.runtimeFailure(t, fmt.Sprintf("The Parameters '%s' could not be used to start the Task: [%s]", c.Parameters, problem))
	}
	return nil
}

// seconds is a time that stands in the definition, behind a path or in an expression: a positive integer.
func (x *Execution) seconds(t *thread, field string, fixed int64, p *expr.Path, q *expr.Query, in value.Value) (int64, *failure) {
	if q != nil {
		return x.queryInteger(t, q, 1)
	}
	if p == nil {
		return fixed, nil
	}
	v, err := p.Eval(x.environment(t, in))
	if err != nil {
		return 0, x.evaluationFailure(t, err)
	}
	n, ok := v.Int64()
	if !ok || n <= 0 {
		return 0, x.runtimeFailure(t, fmt.Sprintf("The %sPath parameter does not reference a positive integer: %s == %s", field, p, display(v)))
	}
	return n, nil
}

// queryInteger is a whole number, not below least, that an expression gives.
func (x *Execution) queryInteger(t *thread, q *expr.Query, least int64) (int64, *failure) {
	v, f := x.evaluateTo(t, q, value.NumberKind)
	if f != nil {
		return 0, f
	}
	n, ok := v.Int64()
	if !ok || n < least {
		err := &expr.Error{Name: expr.QueryEvaluation, Location: q.Field(), Message: fmt.Sprintf("The %s field must be an integer of at least %d but was: %s", q.Field(), least, v)}
		return 0, x.evaluationFailure(t, err)
	}
	return n, nil
}

// taskScheduled records a task and starts its timeout, which counts the wait for a worker too.
func (x *Execution) taskScheduled(t *thread) {
	c := t.call
	timeout, heartbeat := seconds(c.TimeoutSeconds), seconds(c.HeartbeatSeconds)
	switch c.Resource.Kind {
	case asl.LambdaFunction:
		x.event(t, history.LambdaFunctionScheduled, &history.LambdaFunctionScheduledDetails{Resource: c.Resource.ARN, Input: history.Lazy(c.Parameters), TimeoutInSeconds: timeout, CredentialsRoleArn: c.RoleArn})
	case asl.Activity:
		x.event(t, history.ActivityScheduled, &history.ActivityScheduledDetails{Resource: c.Resource.ARN, Input: history.Lazy(c.Parameters), TimeoutInSeconds: timeout, HeartbeatInSeconds: heartbeat})
	default:
		x.event(t, history.TaskScheduled, &history.TaskScheduledDetails{ResourceType: c.Resource.Service, Resource: c.Resource.Action, Region: x.config.Region, Parameters: history.Lazy(c.Parameters), TimeoutInSeconds: timeout, HeartbeatInSeconds: heartbeat, CredentialsRoleArn: c.RoleArn})
	}
	if c.TimeoutSeconds > 0 {
		t.timer = x.setTimer(t, taskTimer, x.after(c.TimeoutSeconds))
	}
}

// seconds is a time as events show it: absent if there is none.
func seconds(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

func (x *Execution) taskStarted(t *thread, worker string) {
	r := &t.call.Resource
	switch r.Kind {
	case asl.LambdaFunction:
		x.event(t, history.LambdaFunctionStarted, nil)
	case asl.Activity:
		x.event(t, history.ActivityStarted, &history.ActivityStartedDetails{WorkerName: worker})
	default:
		x.event(t, history.TaskStarted, &history.TaskStartedDetails{ResourceType: r.Service, Resource: r.Action})
	}
	x.startHeartbeat(t)
}

// startHeartbeat waits for the next heartbeat of a task whose worker can send one.
func (x *Execution) startHeartbeat(t *thread) {
	x.stopHeartbeat(t)
	c := t.call
	if c.HeartbeatSeconds > 0 && (c.Resource.Kind == asl.Activity || c.Resource.Pattern == asl.WaitForTaskToken) {
		c.heartbeat = x.setTimer(t, heartbeatTimer, x.after(c.HeartbeatSeconds))
	}
}

func (x *Execution) stopHeartbeat(t *thread) {
	if t.call != nil && t.call.heartbeat != 0 {
		x.cancelTimer(t.call.heartbeat)
		t.call.heartbeat = 0
	}
}

func (x *Execution) taskSubmitted(t *thread, output value.Value) {
	r := &t.call.Resource
	x.event(t, history.TaskSubmitted, &history.TaskOutput{ResourceType: r.Service, Resource: r.Action, Output: history.Lazy(output)})
}

func (x *Execution) taskSucceeded(t *thread, output value.Value) {
	r := &t.call.Resource
	name := r.ARN
	if r.Kind == asl.Integration {
		name = r.Service
	}
	if f := x.tooLarge(name, output); f != nil {
		x.taskFailed(t, *f)
		return
	}
	switch r.Kind {
	case asl.LambdaFunction:
		x.event(t, history.LambdaFunctionSucceeded, &history.Succeeded{Output: history.Lazy(output)})
	case asl.Activity:
		x.event(t, history.ActivitySucceeded, &history.Succeeded{Output: history.Lazy(output)})
	default:
		x.event(t, history.TaskSucceeded, &history.TaskOutput{ResourceType: r.Service, Resource: r.Action, Output: history.Lazy(output)})
	}
	t.result = output
	x.enqueue(t, resulting)
}

func (x *Execution) taskFailed(t *thread, f failure) {
	x.taskEnded(t, f, history.LambdaFunctionFailed, history.ActivityFailed, history.TaskFailed)
}

// taskTimedOut: the task is no longer waited for, and no cause is given (recorded, for missed heartbeats as well).
func (x *Execution) taskTimedOut(t *thread, heartbeat bool) {
	x.settle(t)
	f := failure{name: ptr(errTimeout), timedOut: true, heartbeat: heartbeat}
	x.taskEnded(t, f, history.LambdaFunctionTimedOut, history.ActivityTimedOut, history.TaskTimedOut)
}

func (x *Execution) taskEnded(t *thread, f failure, function, activity, service history.Type) {
	switch r := &t.call.Resource; r.Kind {
	case asl.LambdaFunction:
		x.event(t, function, f.details())
	case asl.Activity:
		x.event(t, activity, f.details())
	default:
		x.event(t, service, &history.TaskFailure{ResourceType: r.Service, Resource: r.Action, Error: f.name, Cause: f.cause})
	}
	t.failure = f
	x.enqueue(t, failing)
}
