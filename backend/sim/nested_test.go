package sim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/value"
)

const childArn = "arn:aws:states:us-east-1:123456789012:execution:child:child"

// startChild is a machine that starts the machine child; rest goes on after the Parameters.
func startChild(pattern, parameters, rest string) string {
	return `{"StartAt":"P","States":{"P":{"Type":"Task","Resource":"arn:aws:states:::` + pattern + `","Parameters":{
		"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:child"` + parameters + `}` + rest + `}}`
}

const (
	named      = `,"Name":"child","Input":{"n":1}`
	theEnd     = `,"End":true}`
	waitAndEnd = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":20,"End":true}}}`
)

func TestNestedExecutions(t *testing.T) {
	const described = `"Included":true}`
	for _, c := range []struct {
		name, pattern, child string
		limits               sim.Limits
		status               backend.Status
		took                 time.Duration
		want                 []string // in the result
	}{
		{"request-response", "states:startExecution", waitAndEnd, sim.Limits{}, backend.Succeeded, 0,
			[]string{`{"ExecutionArn":"` + childArn + `","SdkHttpMetadata":{`, `"HttpStatusCode":200`, `"RequestId":"`, `"StartDate":946684800000}`}},
		{"by the SDK", "aws-sdk:sfn:startExecution", waitAndEnd, sim.Limits{}, backend.Succeeded, 0,
			[]string{`{"ExecutionArn":"` + childArn + `","StartDate":"2000-01-01T00:00:00.000Z"}`}},
		{".sync gives texts", "states:startExecution.sync", waitAndEnd, sim.Limits{}, backend.Succeeded, 20 * time.Second,
			[]string{`{"ExecutionArn":"` + childArn + `","Input":"{\"n\":1}","InputDetails":{` + described, `"Output":"{\"n\":1}","OutputDetails":{` + described, `"StartDate":946684800000,`, `"Status":"SUCCEEDED","StopDate":946684820000}`}},
		{".sync:2 gives JSON", "states:startExecution.sync:2", waitAndEnd, sim.Limits{}, backend.Succeeded, 20 * time.Second,
			[]string{`"Input":{"n":1},`, `"Name":"child","Output":{"n":1},`}},
		{"a child that fails", "states:startExecution.sync:2", `{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E","Cause":"because"}}}`, sim.Limits{}, backend.Failed, 0,
			[]string{`States.TaskFailed {"Cause":"because","Error":"E","ExecutionArn":"` + childArn + `","Input":{"n":1},`, `"Status":"FAILED"`}},
		{"a child that fails without a word", "states:startExecution.sync", `{"StartAt":"F","States":{"F":{"Type":"Fail"}}}`, sim.Limits{}, backend.Failed, 0,
			[]string{`States.TaskFailed {"ExecutionArn":`}},
		{"a child that times out", "states:startExecution.sync", strings.Replace(waitAndEnd, "{", `{"TimeoutSeconds":5,`, 1), sim.Limits{}, backend.Failed, 5 * time.Second,
			[]string{`States.TaskFailed {"Error":"States.Timeout","ExecutionArn":`, `"Status":"FAILED"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := sim.New(sim.Config{Limits: c.limits})
			create(t, r, "child", "", c.child)
			arn := start(t, r, create(t, r, "parent", "", startChild(c.pattern, named, theEnd)), "p", `{}`)
			untilDone(t, r, arn)
			x := describe(t, r, arn)
			if took := x.StopDate.Sub(x.StartDate); x.Status != c.status || took != c.took {
				t.Errorf("it is %s after %s", x.Status, took)
			}
			for _, want := range c.want {
				if !strings.Contains(resultOf(x), want) {
					t.Errorf("the result has no %s:\n%s", want, resultOf(x))
				}
			}
			r.Advance(r.Now().Add(time.Minute))
			if x := describe(t, r, childArn); x.Status == backend.Running || *x.Input != `{"n":1}` {
				t.Errorf("the child is %s, its input is %s", x.Status, *x.Input)
			}
		})
	}
}

// Who no longer waits for a job stops it; who only started it does not.
func TestChildrenAreStopped(t *testing.T) {
	for _, c := range []struct {
		name, parent string
		stopped      time.Duration // of the child; 0: not at all
	}{
		{"the parent is stopped", startChild("states:startExecution.sync", named, theEnd), 5 * time.Second},
		{"the task times out", startChild("states:startExecution.sync:2", named, `,"TimeoutSeconds":3`+theEnd), 3 * time.Second},
		{"the branch beside it fails", `{"StartAt":"B","States":{"B":{"Type":"Parallel","End":true,"Branches":[` + startChild("states:startExecution.sync", named, theEnd) +
			`,{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":2,"Next":"F"},"F":{"Type":"Fail"}}}]}}}`, 2 * time.Second},
		{"request-response", startChild("states:startExecution", named, `,"Next":"W"},"W":{"Type":"Wait","Seconds":60,"End":true}`), 0},
		{"a token", startChild("states:startExecution.waitForTaskToken", named, theEnd), 0},
	} {
		r := sim.New(sim.Config{})
		create(t, r, "child", "", waitAndEnd)
		arn := start(t, r, create(t, r, "parent", "", c.parent), "p", `{}`)
		begin := r.Now()
		r.Advance(begin.Add(5 * time.Second))
		if _, err := r.StopExecution(t.Context(), backend.StopExecutionInput{ExecutionArn: arn}); err != nil {
			t.Fatal(err)
		}
		x := describe(t, r, childArn)
		if c.stopped == 0 {
			if x.Status != backend.Running {
				t.Errorf("%s: the child is %s", c.name, x.Status)
			}
			continue
		}
		if x.Status != backend.Aborted || x.StopDate.Sub(begin) != c.stopped {
			t.Errorf("%s: the child is %s, since %s", c.name, x.Status, x.StopDate.Sub(begin))
		}
	}
}

// A job that somebody else stops is a failed task.
func TestAStoppedChildFailsItsParent(t *testing.T) {
	r := sim.New(sim.Config{})
	create(t, r, "child", "", waitAndEnd)
	arn := start(t, r, create(t, r, "parent", "", startChild("states:startExecution.sync", named, theEnd)), "p", `{}`)
	if _, err := r.StopExecution(t.Context(), backend.StopExecutionInput{ExecutionArn: childArn, Error: ptr("Enough"), Cause: ptr("c")}); err != nil {
		t.Fatal(err)
	}
	if x := describe(t, r, arn); x.Status != backend.Failed || !strings.HasPrefix(resultOf(x), `States.TaskFailed {"Cause":"c","Error":"Enough",`) || !strings.Contains(*x.Cause, `"Status":"ABORTED"`) {
		t.Errorf("the parent is %s: %s", x.Status, resultOf(x))
	}
}

func TestNamesOfChildren(t *testing.T) {
	const caught = `,"Catch":[{"ErrorEquals":["StepFunctions.ExecutionAlreadyExistsException","Sfn.ExecutionAlreadyExistsException"],"Next":"C"}],"End":true},"C":{"Type":"Pass","End":true}`
	for _, pattern := range []string{"states:startExecution", "states:startExecution.sync", "aws-sdk:sfn:startExecution", "states:startExecution.waitForTaskToken"} {
		r := sim.New(sim.Config{})
		child := create(t, r, "child", "", passInput)
		start(t, r, child, "child", `{"n":1}`)
		arn := start(t, r, create(t, r, "parent", "", startChild(pattern, named, caught)), "p", `{}`)
		if x := describe(t, r, arn); x.Status != backend.Succeeded || !strings.Contains(resultOf(x), "Execution Already Exists: '"+childArn+"' (Service: ") {
			t.Errorf("%s of a name that is taken is %s: %s", pattern, x.Status, resultOf(x))
		}
	}
	r := sim.New(sim.Config{})
	create(t, r, "child", "", passInput)
	arn := start(t, r, create(t, r, "parent", "", startChild("states:startExecution", `,"Name":"a b"`, theEnd)), "p", `{}`)
	if x := describe(t, r, arn); x.Status != backend.Failed || *x.Error != "StepFunctions.InvalidNameException" {
		t.Errorf("a name that cannot be is %s", resultOf(x))
	}

	// Without a name each start has one of its own, whatever the names around it.
	r = sim.New(sim.Config{})
	create(t, r, "child", "", passInput)
	many := create(t, r, "many", "", `{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":`+startChild("states:startExecution", ``, `,"ResultSelector":{"a.$":"$.ExecutionArn"},"OutputPath":"$.a","End":true}`)+`,"End":true}}}`)
	seen := map[string]bool{}
	for _, name := range []string{"a", "a1", "a11"} {
		x := describe(t, r, start(t, r, many, name, "["+strings.Repeat("0,", 29)+"0]"))
		if x.Status != backend.Succeeded {
			t.Fatalf("%s is %s", name, resultOf(x))
		}
		v, err := value.Parse(*x.Output)
		if err != nil {
			t.Fatal(err)
		}
		for _, arn := range v.Items() {
			seen[arn.Str()] = true
		}
	}
	if len(seen) != 90 {
		t.Errorf("90 children have %d names", len(seen))
	}
}

// The same name and input while the child runs is the same child, for all who wait for it.
func TestTwoWaitForOneChild(t *testing.T) {
	r := sim.New(sim.Config{})
	create(t, r, "child", "", waitAndEnd)
	parent := create(t, r, "parent", "", startChild("states:startExecution.sync", named, theEnd))
	first := start(t, r, parent, "first", `{}`)
	r.Advance(r.Now().Add(5 * time.Second))
	second := start(t, r, parent, "second", `{}`)
	untilDone(t, r, first)
	for _, arn := range []string{first, second} {
		if x := describe(t, r, arn); x.Status != backend.Succeeded || !strings.Contains(*x.Output, childArn) {
			t.Errorf("%s is %s: %s", x.Name, x.Status, resultOf(x))
		}
	}
}

// Executions can wait for themselves and for one another; only their timeouts end that.
func TestExecutionsThatWaitForThemselves(t *testing.T) {
	machine := func(other string) string {
		return `{"TimeoutSeconds":60,"StartAt":"P","States":{"P":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync","Parameters":{
			"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:` + other + `","Name.$":"$$.Execution.Name","Input.$":"$$.Execution.Input"},"End":true}}}`
	}
	r := sim.New(sim.Config{})
	arn := start(t, r, create(t, r, "self", "", machine("self")), "a", `{}`)
	create(t, r, "ping", "", machine("pong"))
	pong := start(t, r, create(t, r, "pong", "", machine("ping")), "a", `{}`)
	begin := r.Now()
	for _, arn := range []string{arn, pong} {
		untilDone(t, r, arn)
		if x := describe(t, r, arn); x.Status != backend.TimedOut || x.StopDate.Sub(begin) != time.Minute {
			t.Errorf("%s is %s: %s", arn, x.Status, resultOf(x))
		}
	}
}

// Machines that start themselves without an end are found out.
func TestMachinesThatStartThemselves(t *testing.T) {
	machine := func(pattern, first string) string {
		return fmt.Sprintf(`{"StartAt":"I","States":{"I":{%s,"Next":"P"},"P":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution%s","Parameters":{"StateMachineArn.$":"$$.StateMachine.Id"},"End":true}}}`, first, pattern)
	}
	for _, c := range []struct{ name, definition, want string }{
		{"at once", machine("", `"Type":"Pass"`), ""},
		{"at once, and waiting", machine(".sync", `"Type":"Pass"`), "1000 executions have started one another"},
		{"after a second, and waiting", machine(".sync:2", `"Type":"Wait","Seconds":1`), "1000 executions have started one another"},
		{"after a second", machine("", `"Type":"Wait","Seconds":1`), ""},
	} {
		r := sim.New(sim.Config{})
		arn := start(t, r, create(t, r, "machine", "", c.definition), "a", `{}`)
		for range 2000 {
			at, known, err := r.NextChange(t.Context(), arn)
			if err != nil {
				t.Fatal(err)
			}
			if !known {
				break
			}
			r.Advance(at)
		}
		x, err := r.DescribeExecution(t.Context(), arn)
		if c.want == "" && (err != nil || x.Status != backend.Succeeded) || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %s %v", c.name, x.Status, err)
		}
	}
}

// What cannot go on further down is told to everybody who waits.
func TestABrokenChildBreaksItsParents(t *testing.T) {
	r := sim.New(sim.Config{Tasks: tasks(func(c sim.Call) (sim.Answer, error) { return sim.Answer{}, errNobody })})
	create(t, r, "child", "", oneTask)
	arn := start(t, r, create(t, r, "parent", "", startChild("states:startExecution.sync", named, theEnd)), "p", `{}`)
	_, err := r.DescribeExecution(t.Context(), arn)
	wantCode(t, "the parent", err, backend.Validation)
	if err == nil || err.Error() != childArn+`: Task state "T" (arn:aws:states:::sqs:sendMessage): nobody is here` {
		t.Errorf("the parent says %v", err)
	}
	lonely := start(t, r, create(t, r, "lonely", "", strings.Replace(startChild("states:startExecution", named, theEnd), "stateMachine:child", "stateMachine:none", 1)), "p", `{}`)
	if _, err := r.DescribeExecution(t.Context(), lonely); err == nil || !strings.Contains(err.Error(), `the region has no state machine "arn:aws:states:us-east-1:123456789012:stateMachine:none"`) {
		t.Errorf("a machine that is not there gives %v", err)
	}
}
