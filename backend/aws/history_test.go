package aws

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// told is a backend whose every history is the same.
type told struct {
	*fakeaws.Canned
	events []history.Event
}

func (b told) GetExecutionHistory(context.Context, backend.GetExecutionHistoryInput) (backend.GetExecutionHistoryOutput, error) {
	return backend.GetExecutionHistoryOutput{Events: b.events, NextToken: "more"}, nil
}

// The events come through whole: every kind of details, variables in the service's order, texts byte for byte.
func TestHistoryComesThrough(t *testing.T) {
	isolate(t)
	failure := &history.Failure{Error: ptr("E"), Cause: ptr(`{"errorMessage":"<a&b>"}`)}
	want := []history.Event{
		{Type: history.ExecutionStarted, Details: &history.ExecutionStartedDetails{Input: history.Literal(`{"a": 1.0, "a": 12345678901234567890}`), RoleArn: "r", StateMachineVersionArn: "v"}},
		{Type: history.PassStateExited, Details: &history.StateExited{Name: "P", Output: history.Literal("\"\u2028<\\u003c>\""), AssignedVariables: []history.Variable{
			{Name: "z", Value: history.Literal("1")}, {Name: "a", Value: history.Literal("2")}, {Name: "m", Value: history.Literal("3")},
		}}},
		{Type: history.MapIterationStarted, Details: &history.MapIteration{Name: "M", Index: 0}},
		{Type: history.MapRunRedriven, Details: &history.MapRun{MapRunArn: "m", RedriveCount: ptr(1)}},
		{Type: history.TaskScheduled, Details: &history.TaskScheduledDetails{ResourceType: "sqs", Resource: "send", Region: "eu-west-1", Parameters: history.Literal("{}"), TimeoutInSeconds: ptr(int64(3)), CredentialsRoleArn: "c"}},
		{Type: history.TaskFailed, Details: &history.TaskFailure{ResourceType: "sqs", Resource: "send", Error: ptr("")}},
		{Type: history.LambdaFunctionFailed, Details: failure},
		{Type: history.ActivityStarted, Details: &history.ActivityStartedDetails{}},
		{Type: history.ParallelStateStarted},
		{Type: history.EvaluationFailed, Details: &history.EvaluationFailedDetails{State: "S", Error: "E", Cause: "C"}},
		{Type: "TaskPaused"}, // of a service newer than this program
		{Type: history.ExecutionFailed, Details: &history.Failure{}},
	}
	for i := range want {
		want[i].ID, want[i].PreviousEventID = int64(i+1), int64(i)
		want[i].Timestamp = time.UnixMilli(1750000000123 + int64(i)).UTC()
	}
	b := open(t, account(serve(t, told{world(), want}, fakeaws.Options{})))
	page, err := b.GetExecutionHistory(t.Context(), backend.GetExecutionHistoryInput{ExecutionArn: "e"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, page.Events, cmp.AllowUnexported(history.Text{})); diff != "" || page.NextToken != "more" {
		t.Errorf("the token is %q, the events (-want +got):\n%s", page.NextToken, diff)
	}
}

func TestHistoryThatCannotBeRead(t *testing.T) {
	isolate(t)
	s := serve(t, world(), fakeaws.Options{})
	b := open(t, account(s))
	for body, want := range map[string]backend.Code{
		`{"events":[{"timestamp":1,"type":"TaskFailed","id":1,"taskSucceededEventDetails":{}}]}`: backend.Unexpected,
		`{"events":[{"timestamp":1,"type":"TaskFailed"`:                                          backend.Connection,
		`{}`: backend.Connection,
	} {
		s.Script("GetExecutionHistory", fakeaws.Fault{Body: body, Times: 3})
		_, err := b.GetExecutionHistory(t.Context(), backend.GetExecutionHistoryInput{ExecutionArn: "e"})
		wantCode(t, err, want)
		s.Heal()
	}
	// A page that breaks off is asked for again.
	s.Script("GetExecutionHistory", fakeaws.Fault{Reset: fakeaws.MidAnswer})
	arn := strings.Replace(machineArn, ":stateMachine:", ":execution:", 1) + ":h"
	if _, err := b.StartExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: machineArn, Name: "h"}); err != nil {
		t.Fatal(err)
	}
	if page, err := b.GetExecutionHistory(t.Context(), backend.GetExecutionHistoryInput{ExecutionArn: arn}); err != nil || len(page.Events) != 2 {
		t.Errorf("%d events, %v", len(page.Events), err)
	}
}
