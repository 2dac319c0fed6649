package sim

import (
	"strings"
	"testing"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/value"
)

const testedMachine = `{"StartAt":"P","States":{
	"P":{"Type":"Pass","Parameters":{"n.$":"$n","id.$":"$$.Execution.Name"},"Assign":{"m.$":"$.n"},"Next":"D"},
	"D":{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"In","States":{"In":{"Type":"Wait","Seconds":60,"End":true}}},"Next":"T"},
	"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{},"Next":"J"},
	"J":{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $none %}","Next":"F"},
	"F":{"Type":"Fail","Error":"E"}}}`

func TestStatesAlone(t *testing.T) {
	machine, found := asl.Parse([]byte(testedMachine), asl.Options{})
	if found.HasErrors() {
		t.Fatal(found)
	}
	for _, c := range []struct{ state, input, want, steps string }{
		{"P", `{"a":1}`, `SUCCEEDED {"id":"mine","n":5}`, "input afterInputPath afterParameters afterResultSelector afterResultPath variables output nextState"},
		{"D", `[1,2]`, "SUCCEEDED [1,2]", "input afterInputPath afterItemsPath maxConcurrency result afterResultSelector afterResultPath output nextState"},
		{"In", `7`, "SUCCEEDED 7", "input afterInputPath afterInputPath afterResultSelector afterResultPath output"},
		{"J", `{}`, "FAILED States.QueryEvaluationError The JSONata expression '$none' specified for the field 'Output' returned nothing (undefined).", "input errorOutput"},
		{"F", `{}`, "FAILED E -", "input"},
		{"T", `{}`, "refused: Task state \"T\" (arn:aws:states:::sqs:sendMessage.waitForTaskToken): nothing answers tasks in this region", ""},
		{"Q", `{}`, "refused: State not found in definition", ""},
	} {
		t.Run(c.state, func(t *testing.T) {
			r := New(Config{})
			arn, err := r.CreateStateMachine(StateMachine{Name: "m", Machine: machine})
			if err != nil {
				t.Fatal(err)
			}
			input, _ := value.Parse(c.input)
			variables, _ := value.Parse(`{"n":5}`)
			context, _ := value.Parse(`{"Execution":{"Name":"mine"}}`)
			var steps []string
			x, err := r.TestState(StateTest{StateMachineArn: arn, State: c.state, Input: input, Test: interp.Test{Variables: variables, Context: context},
				Observe: func(o interp.Observation) { steps = append(steps, string(o.Aspect)) }})
			got := string(x.Status)
			switch {
			case err != nil:
				got = "refused: " + err.(*backend.Error).Message //nolint:errorlint // that is the contract
			case x.Output != nil:
				got += " " + *x.Output
			default:
				cause := "-"
				if x.Cause != nil {
					cause = *x.Cause
				}
				got += " " + *x.Error + " " + cause
			}
			if got != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
			if list := strings.Join(steps, " "); c.steps != "" && list != c.steps {
				t.Errorf("steps %s\nwant %s", list, c.steps)
			}
		})
	}
	if _, err := New(Config{}).TestState(StateTest{StateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:none"}); backend.CodeOf(err) != backend.StateMachineDoesNotExist {
		t.Errorf("got %v", err)
	}
}

func TestAStateAloneThatNobodyEverAnswers(t *testing.T) {
	machine, _ := asl.Parse([]byte(testedMachine), asl.Options{})
	r := New(Config{Tasks: silent{}})
	arn, _ := r.CreateStateMachine(StateMachine{Name: "m", Machine: machine})
	_, err := r.TestState(StateTest{StateMachineArn: arn, State: "T", Input: value.EmptyObject()})
	if backend.CodeOf(err) != backend.Validation || !strings.Contains(err.Error(), "waits for an answer that never comes") {
		t.Errorf("got %v", err)
	}
}

type silent struct{}

func (silent) Answer(Call) (Answer, error) { return Never(), nil }
