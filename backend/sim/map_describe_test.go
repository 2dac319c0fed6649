package sim_test

import (
	"context"
	"testing"
	"time"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/history"
)

const eachItem = `{"StartAt":"Each","States":{"Each":{"Type":"Map","Label":"Each","ToleratedFailureCount":1,"MaxConcurrency":2,"ItemProcessor":{
	"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Wait","States":{
	"Wait":{"Type":"Wait","SecondsPath":"$","Next":"Good?"},
	"Good?":{"Type":"Choice","Choices":[{"Variable":"$","NumericEquals":2,"Next":"No"}],"Default":"Yes"},
	"No":{"Type":"Fail","Error":"No"},"Yes":{"Type":"Succeed"}}},"End":true}}}`

func TestDescribeMapRun(t *testing.T) {
	machine, found := asl.Parse([]byte(eachItem), asl.Options{})
	if found.HasErrors() {
		t.Fatal(found)
	}
	var run string
	r := sim.New(sim.Config{Observe: func(_ string, e history.Event) {
		if d, ok := e.Details.(*history.MapRun); ok {
			run = d.MapRunArn
		}
	}})
	const arn = "arn:aws-cn:states:cn-north-1:111122223333:stateMachine:each"
	if _, err := r.CreateStateMachine(sim.StateMachine{Name: "each", Arn: arn, Machine: machine}); err != nil {
		t.Fatal(err)
	}
	ctx, input := context.Background(), "[1,2,3]"
	if _, err := r.StartExecution(ctx, backend.StartExecutionInput{StateMachineArn: arn, Name: "x", Input: &input}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		passes time.Duration
		status string
		items  int
		want   sim.ExecutionCounts
	}{
		{0, "RUNNING", 2, sim.ExecutionCounts{Total: 2, Running: 2}},
		{2 * time.Second, "RUNNING", 3, sim.ExecutionCounts{Total: 3, Running: 1, Succeeded: 1, Failed: 1}},
		{time.Hour, "SUCCEEDED", 3, sim.ExecutionCounts{Total: 3, Succeeded: 2, Failed: 1}},
	} {
		r.Clock().Sleep(c.passes)
		got, err := r.DescribeMapRun(ctx, run)
		if err != nil || got.Status != c.status || got.Items != c.items || got.ExecutionCounts != c.want {
			t.Errorf("%s later: got %+v, %v, want %s %d %+v", c.passes, got, err, c.status, c.items, c.want)
		}
		if want := "arn:aws-cn:states:cn-north-1:111122223333:execution:each:x"; got.ExecutionArn != want {
			t.Errorf("it belongs to %s, want %s", got.ExecutionArn, want)
		}
	}
	if _, err := r.DescribeMapRun(ctx, run+"x"); backend.CodeOf(err) != backend.Validation {
		t.Errorf("one that there is not: %v", err)
	}
}

func TestStateMachineArn(t *testing.T) {
	r := sim.New(sim.Config{})
	for _, arn := range []string{"each", "arn:aws:states:eu-west-1:111122223333:stateMachine:other", "arn:aws:states:eu-west-1:111122223333:stateMachine:each:1", "arn:aws:states:eu-west-1:111122223333:activity:each"} {
		if _, err := r.CreateStateMachine(sim.StateMachine{Name: "each", Arn: arn}); backend.CodeOf(err) != backend.Validation {
			t.Errorf("%s: %v", arn, err)
		}
	}
}
