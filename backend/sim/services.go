package sim

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/value"
)

// serve answers what the region can do itself: executions of its own machines, and answers to its own task tokens.
// unanswered is why nobody else did.
func (r *Region) serve(t *task, unanswered error) (Answer, error) {
	action, _, _ := strings.Cut(t.Resource.Action, ".")
	sdk := t.Resource.Service == "aws-sdk:sfn"
	a, err := Answer{}, unanswered
	switch {
	case action == "startExecution" && (sdk || t.Resource.Service == "states"):
		a, err = r.startChild(t, sdk, unanswered)
	case sdk && (action == "sendTaskSuccess" || action == "sendTaskFailure" || action == "sendTaskHeartbeat"):
		a, err = r.sendTask(t, action), nil
	}
	if err == nil && a.kind == returned && t.Resource.Pattern == asl.WaitForTaskToken {
		return Never().Submitted(a.output), nil
	}
	return a, err
}

// startChild starts an execution of a machine of the region for a Task.
func (r *Region) startChild(t *task, sdk bool, unanswered error) (Answer, error) {
	in := backend.StartExecutionInput{StateMachineArn: member(t.Parameters, "StateMachineArn").Str(), Name: member(t.Parameters, "Name").Str()}
	if r.machines[in.StateMachineArn] == nil {
		return Answer{}, fmt.Errorf("%w; and the region has no state machine %q to start: add it by --machine, its ARN as the name", unanswered, in.StateMachineArn)
	}
	if in.Name == "" {
		in.Name = r.uuid(t)
	}
	if v := member(t.Parameters, "Input"); !v.IsUndefined() && !v.IsNull() {
		text := v.JSON()
		if v.Kind() == value.StringKind && sdk {
			text = v.Str() // the API's own field is a text
		}
		in.Input = &text
	}
	depth := 0
	waits := t.Resource.Pattern == asl.Sync || t.Resource.Pattern == asl.Sync2
	if waits || r.now.Equal(t.execution.start) {
		depth = t.execution.depth + 1
	}
	if err := r.starts.count(r.now, depth); err != nil {
		return Answer{}, err
	}
	child, err := r.begin("StartExecution", in)
	if err != nil {
		return serviceFailure(err, sdk), nil
	}
	child.depth = max(child.depth, depth)
	response := r.response(t, sdk,
		value.Member{Key: "ExecutionArn", Value: value.String(child.arn)},
		value.Member{Key: "StartDate", Value: date(child.start, sdk)})
	if !waits {
		return Return(response), nil
	}
	t.child, child.parents = child, append(child.parents, t)
	return Never().Submitted(response), nil
}

// starts counts the executions that tasks start, so that machines that start one another without an end are noticed.
type starts struct {
	at time.Time // the instant
	n  int       // in that instant
}

// Far beyond what anybody means, and cheap enough to get there.
const (
	maxDepth  = 1_000  // executions that have started one another
	maxStarts = 25_000 // executions that tasks start in one instant
)

// count one more start at some depth.
func (s *starts) count(now time.Time, depth int) error {
	if !now.Equal(s.at) {
		s.at, s.n = now, 0
	}
	s.n++
	switch {
	case depth > maxDepth:
		return fmt.Errorf("%d executions have started one another: state machines that start themselves without an end", maxDepth)
	case s.n > maxStarts:
		return fmt.Errorf("tasks have started %d executions without any time passing: state machines that start themselves without an end", maxStarts)
	}
	return nil
}

// serviceFailure is the error of a service as a Task sees it: optimized integrations name the service StepFunctions and
// speak like version 1 of the SDK, aws-sdk ones like version 2 (recorded).
func serviceFailure(err error, sdk bool) Answer {
	code, message := "AWSStepFunctionsException", err.Error()
	if e, ok := errors.AsType[*backend.Error](err); ok && e.AWSCode != "" {
		code, message = e.AWSCode, e.Message
	}
	name := strings.TrimSuffix(code, "Exception") + "Exception"
	if sdk {
		return Throw(ptr("Sfn."+name), ptr(message+" (Service: Sfn, Status Code: 400, Request ID: 00000000-0000-0000-0000-000000000000)"))
	}
	return Throw(ptr("StepFunctions."+name), ptr(message+" (Service: AWSStepFunctions; Status Code: 400; Error Code: "+code+"; Request ID: 00000000-0000-0000-0000-000000000000; Proxy: null)"))
}

// childEnded answers the .sync tasks that waited for an execution: more than one if they gave it the same name and input.
func (r *Region) childEnded(child *execution) {
	parents := child.parents
	child.parents = nil
	for _, t := range parents {
		t.child = nil
		if t.execution.tasks[t.Task] != t {
			continue // answered by its token
		}
		result := describeForTask(child, t.Resource.Pattern == asl.Sync2)
		if child.status() == backend.Succeeded {
			r.answerAt(t, r.now, interp.TaskSucceeded{Task: t.Task, Output: result})
		} else {
			r.answerAt(t, r.now, interp.TaskFailed{Task: t.Task, Error: ptr("States.TaskFailed"), Cause: ptr(result.JSON())})
		}
	}
}

// stopChild stops the execution of a .sync task that is no longer waited for.
func (r *Region) stopChild(t *task) {
	if t != nil && t.child != nil {
		r.push(t.child, r.now, interp.Stop{})
		t.child = nil
	}
}

// describeForTask is DescribeExecution as the result of a .sync task: members in alphabetical order, Input and Output as
// texts for .sync and as JSON for .sync:2 (recorded).
func describeForTask(x *execution, parsed bool) value.Value {
	d := x.describe()
	text := func(s *string) value.Value {
		if parsed {
			if v, err := value.Parse(*s); err == nil {
				return v
			}
		}
		return value.String(*s)
	}
	included := value.Object(value.Member{Key: "Included", Value: value.Bool(true)})
	var m []value.Member
	add := func(key string, v value.Value) { m = append(m, value.Member{Key: key, Value: v}) }
	if d.Cause != nil {
		add("Cause", value.String(*d.Cause))
	}
	status := d.Status
	switch {
	case d.Error != nil:
		add("Error", value.String(*d.Error))
	case status == backend.TimedOut: // recorded: a child's timeout is shown as a failure
		add("Error", value.String("States.Timeout"))
		status = backend.Failed
	}
	add("ExecutionArn", value.String(d.ExecutionArn))
	add("Input", text(d.Input))
	add("InputDetails", included)
	add("Name", value.String(d.Name))
	if d.Output != nil {
		add("Output", text(d.Output))
		add("OutputDetails", included)
	}
	add("StartDate", date(d.StartDate, false))
	add("StateMachineArn", value.String(d.StateMachineArn))
	add("Status", value.String(string(status)))
	add("StopDate", date(d.StopDate, false))
	return value.Object(m...)
}

// sendTask is SendTaskSuccess, SendTaskFailure or SendTaskHeartbeat as a Task.
func (r *Region) sendTask(t *task, action string) Answer {
	p, token := t.Parameters, member(t.Parameters, "TaskToken").Str()
	var err error
	switch action {
	case "sendTaskSuccess":
		output := member(p, "Output")
		if !output.IsUndefined() && output.Kind() != value.StringKind { // the API's own field is a text
			output = value.String(output.JSON())
		}
		err = r.sendTaskSuccess(token, output.Str())
	case "sendTaskFailure":
		err = r.sendTaskFailure(token, text(p, "Error"), text(p, "Cause"))
	default:
		err = r.sendTaskHeartbeat(token)
	}
	if err != nil {
		return serviceFailure(err, true)
	}
	return Return(value.EmptyObject())
}

// response is the answer of a service call: optimized integrations add how the call went, aws-sdk ones do not (recorded).
func (r *Region) response(t *task, sdk bool, members ...value.Member) value.Value {
	if sdk {
		return value.Object(members...)
	}
	id, at := r.uuid(t), r.now.Format("Mon, 02 Jan 2006 15:04:05 GMT")
	headers := [][2]string{{"x-amzn-RequestId", id}, {"connection", "keep-alive"}, {"Date", at}, {"Content-Type", "application/x-amz-json-1.0"}}
	var all, plain []value.Member
	for _, h := range headers {
		all = append(all, value.Member{Key: h[0], Value: value.Array(value.String(h[1]))})
		plain = append(plain, value.Member{Key: h[0], Value: value.String(h[1])})
	}
	last := members[len(members)-1]
	return value.Object(append(members[:len(members)-1:len(members)-1],
		value.Member{Key: "SdkHttpMetadata", Value: value.Object(
			value.Member{Key: "AllHttpHeaders", Value: value.Object(all...)},
			value.Member{Key: "HttpHeaders", Value: value.Object(plain...)},
			value.Member{Key: "HttpStatusCode", Value: value.Int(200)})},
		value.Member{Key: "SdkResponseMetadata", Value: value.Object(value.Member{Key: "RequestId", Value: value.String(id)})},
		last)...)
}

// uuid is a version 4 UUID that only depends on the region's seed and the task.
func (r *Region) uuid(t *task) string {
	hi, lo := r.seed(fmt.Sprintf("%s %d hi", t.execution.arn, t.Task)), r.seed(fmt.Sprintf("%s %d lo", t.execution.arn, t.Task))
	hi, lo = hi&^0xF000|0x4000, lo&^(3<<62)|1<<63
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", hi>>32, hi>>16&0xFFFF, hi&0xFFFF, lo>>48, lo&0xFFFF_FFFF_FFFF)
}

// date is a time in a service's answer: epoch milliseconds, or a text for aws-sdk.
func date(t time.Time, sdk bool) value.Value {
	if sdk {
		return value.String(t.UTC().Format("2006-01-02T15:04:05.000Z"))
	}
	return value.Int(t.UnixMilli())
}

func member(v value.Value, key string) value.Value {
	m, _ := v.Get(key)
	return m
}

func text(v value.Value, key string) *string {
	m, ok := v.Get(key)
	if !ok || m.IsNull() {
		return nil
	}
	return ptr(m.Str())
}

func ptr[T any](v T) *T { return &v }
