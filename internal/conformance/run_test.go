package conformance

import (
	"strings"
	"testing"

	"github.com/sfnx/sfnx/internal/value"
)

const askAndTell = `{"StartAt": "Ask", "States": {
	"Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Retry": [{"ErrorEquals": ["Busy"]}], "TimeoutSeconds": 30, "End": true}}}`

const each = `{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "Ask", "States": {
	"Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}}}}}`

const pause = `{"StartAt": "Pause", "States": {"Pause": {"Type": "Wait", "Seconds": 60, "Next": "When"},
	"When": {"Type": "Pass", "Parameters": {"at.$": "$$.State.EnteredTime", "name.$": "$$.Execution.Name", "input.$": "$$.Execution.Input"}, "End": true}}}`

func quote(s string) string { return string(value.AppendQuoted(nil, s)) }

func TestRun(t *testing.T) {
	for _, c := range []struct {
		name       string
		kind       Kind
		typ        string
		definition string
		members    string // of the case
		want       string // members of the result, history apart
		events     int    // in its history
	}{
		{"an answer after a retry", Execution, "STANDARD", askAndTell, `"input": "{}", "mocks": {"Ask": [{"Throw": {"Error": "Busy", "Cause": "wait"}}, {"Return": {"Payload": 1.50}}]}`,
			`"status":"SUCCEEDED","output":"{\"Payload\":1.50}"`, 10},
		{"a failure without a cause", Execution, "STANDARD", askAndTell, `"input": "{}", "mocks": {"Ask": [{"Throw": {"Error": "Gone"}}]}`,
			`"status":"FAILED","error":"Gone"`, 6},
		{"a task that never answers", Execution, "STANDARD", askAndTell, `"input": "{}", "mocks": {"Ask": [{"TimedOut": {"Error": "States.Timeout"}}]}`,
			`"status":"FAILED","error":"States.Timeout"`, 6},
		{"answers by input", Execution, "STANDARD", each, `"input": "[1, 2, 3]", "mocks": {"Ask": [{"When": {"input": 2}, "Return": "two"}, {"When": {"input": 3.0}, "Return": "three"}, {"Return": "any"}]}`,
			`"status":"SUCCEEDED","output":"[\"any\",\"two\",\"three\"]"`, 27},
		{"the last answer is repeated", Execution, "STANDARD", each, `"input": "[1, 2, 3]", "mocks": {"Ask": [{"Return": "a"}, {"Return": "b"}]}`,
			`"status":"SUCCEEDED","output":"[\"a\",\"b\",\"b\"]"`, 27},
		{"no answer", Execution, "STANDARD", askAndTell, `"input": "{}", "mocks": {}`,
			`"status":"HALTED","cause":"Task state \"Ask\" (arn:aws:states:::lambda:invoke): no answer was recorded"`, 3},
		{"an answer that is none", Execution, "STANDARD", askAndTell, `"input": "{}", "mocks": {"Ask": [{"Returns": 1}]}`,
			`"status":"HALTED","cause":"mocks of \"Ask\": answer 0: the member \"Returns\" is not known"`, 0},
		{"clock, name and no input", Execution, "STANDARD", pause, `"input": null, "mocks": {}, "clock": "2031-05-06T07:08:09Z", "execution_name": "mine"`,
			`"status":"SUCCEEDED","output":"{\"input\":{},\"at\":\"2031-05-06T07:09:09.000Z\",\"name\":\"mine\"}"`, 6},
		{"a stopped execution", Execution, "STANDARD", pause, `"input": "{}", "mocks": {}, "actions": [{"op": "StopExecution", "request": {"error": "E"}}]`,
			`"status":"ABORTED","error":"E"`, 3},
		{"an action that is not known", Execution, "STANDARD", pause, `"input": "{}", "mocks": {}, "actions": [{"op": "RedriveExecution"}]`,
			`"status":"HALTED","cause":"the action \"RedriveExecution\" is not known"`, 0},
		{"an asynchronous EXPRESS execution", Execution, "EXPRESS", askAndTell, `"input": "{}", "mocks": {"Ask": [{"Return": 1}]}`,
			`"status":"SUCCEEDED","output":"1"`, 7},
		{"a failing asynchronous EXPRESS execution", Execution, "EXPRESS", askAndTell, `"input": "{}", "mocks": {"Ask": [{"Throw": {"Error": "Gone", "Cause": "c"}}]}`,
			`"status":"FAILED","error":"Gone","cause":"c"`, 6},
		{"a synchronous EXPRESS execution", SyncExecution, "EXPRESS", askAndTell, `"input": "{}", "mocks": {"Ask": [{"Return": 1}]}`,
			`"status":"SUCCEEDED","output":"1"`, 0},
		{"a definition that is refused", Execution, "STANDARD", `{"StartAt": "A"}`, `"input": "{}", "mocks": {}`,
			`"status":"REFUSED","cause":"Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'"`, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := `{"id": "` + string(c.kind) + `/x.y", "kind": "` + string(c.kind) + `", "workflow_type": "` + c.typ + `", "definition": ` + quote(c.definition) + `, ` + c.members + `, "expect": {}}`
			result := Run(parseCase(t, text)).Document
			if events := member(result, "history").Len(); events != c.events {
				t.Errorf("%d events, want %d: %s", events, c.events, result)
			}
			var members []value.Member
			for i := range result.Len() {
				if k, v := result.Member(i); k != "history" {
					members = append(members, value.Member{Key: k, Value: v})
				}
			}
			if got := value.Object(members...).JSON(); got != "{"+c.want+"}" {
				t.Errorf("got\n%s, want\n{%s}", got, c.want)
			}
		})
	}
}

func TestRunOfValidations(t *testing.T) {
	for _, c := range []struct{ name, op, request, want string }{
		{"a good definition", "ValidateStateMachineDefinition", `{"definition": "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}}}"}`,
			`{"result":"OK","diagnostics":[],"truncated":false}`},
		{"advice that only sfnx gives", "ValidateStateMachineDefinition", `{"definition": "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\",\"Comment\":\"a\",\"Comment\":\"b\"}}}"}`,
			`{"result":"OK","diagnostics":[],"truncated":false}`},
		{"a bad definition", "ValidateStateMachineDefinition", `{"definition": "{\"States\":{\"A\":{\"Type\":\"Succeed\"}}}"}`,
			`{"result":"FAIL","diagnostics":[{"severity":"ERROR","code":"SCHEMA_VALIDATION_FAILED","message":"These fields are required: [StartAt]","location":"/"}],"truncated":false}`},
		{"a machine that is made", "CreateStateMachine", `{"definition": "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}}}"}`, `{}`},
		{"a machine that is refused", "CreateStateMachine", `{"definition": "{\"States\":{\"A\":{\"Type\":\"Succeed\"}}}"}`,
			`{"exception":{"code":"InvalidDefinition","message":"Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt] at /'"}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := `{"id": "validate/x.y", "kind": "validate", "op": "` + c.op + `", "request": ` + c.request + `, "expect": {}}`
			if got := Run(parseCase(t, text)).Document.JSON(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestShow reads the first difference of a case as a person would.
func TestShow(t *testing.T) {
	c := parseCase(t, `{"id": "execution/a.b", "kind": "execution", "definition": "{}", "expect": {"status": "SUCCEEDED", "history": `+fork+`}}`)
	result := parseValue(t, `{"status": "SUCCEEDED", "history": `+strings.Replace(fork, `"name": "B"`, `"name": "C"`, 1)+`}`)
	var b strings.Builder
	if err := Show(&b, c, result, Compare(c, result)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"outcome passes", "dag     FAILS", "first difference: event 5 PassStateEntered:B",
		`> 5<-3 PassStateEntered {"name":"B"}`, `| 5<-3 PassStateEntered {"name":"C"}`, `  6<-5 PassStateExited {"name":"B"}`,
		`expected {"stateEnteredEventDetails":{"name":"B"}`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
}

func TestScores(t *testing.T) {
	s := NewScores()
	all := Report{Outcome: Passed, DAG: Passed, Strict: Passed}
	one := parseCase(t, `{"id": "execution/map.inline__x__Y", "kind": "execution"}`)
	two := parseCase(t, `{"id": "validate/map", "kind": "validate"}`)
	s.Add(one, all, all)
	s.Add(one, all, failsDAG)
	s.Add(two, Report{Outcome: Passed, Strict: Passed}, Report{Outcome: Failed})
	s.NotRun(API)
	s.Skip()
	var b strings.Builder
	if _, err := s.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	want := `execution map outcome 2/2 dag 1/2 strict 1/2
execution total outcome 2/2 dag 1/2 strict 1/2
validate map outcome 0/1 dag 0/0 strict 0/1
validate total outcome 0/1 dag 0/0 strict 0/1
total outcome 2/3 dag 1/2 strict 1/3
api 1 cases not run (need the served API)
1 cases are not scored, as their recordings ask`
	var lines []string
	for line := range strings.Lines(b.String()) {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
