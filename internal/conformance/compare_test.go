package conformance

import (
	"strings"
	"testing"

	"github.com/sfnx/sfnx/internal/value"
)

func parseCase(t *testing.T, text string) *Case {
	t.Helper()
	c, err := ParseCase(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func parseValue(t *testing.T, text string) value.Value {
	t.Helper()
	v, err := value.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestOutcome compares one value, the output, in all the ways in which a recorder may have changed it.
func TestOutcome(t *testing.T) {
	for _, c := range []struct {
		name     string
		expected string // members of the case
		actual   string // members of the result
		want     Verdict
	}{
		{"equal", `"output": {"a": [1, true, null, "x"]}`, `"output": {"a": [1, true, null, "x"]}`, Passed},
		{"order of members does not matter", `"output": {"a": 1, "b": 2}`, `"output": {"b": 2, "a": 1}`, Passed},
		{"order of elements matters", `"output": [1, 2]`, `"output": [2, 1]`, Failed},
		{"a member too many", `"output": {"a": 1}`, `"output": {"a": 1, "b": 2}`, Failed},
		{"a member too few", `"output": {"a": 1, "b": 2}`, `"output": {"a": 1}`, Failed},
		{"the actual is still text", `"output": {"a": 1}`, `"output": "{\"a\": 1}"`, Passed},
		{"the actual is text that is no JSON", `"output": {"a": 1}`, `"output": "{a}"`, Failed},
		{"both are text with other blanks", `"output": "[1,2]"`, `"output": "[1, 2]"`, Passed},
		{"text inside a value stays text", `"output": {"a": "[1,2]"}`, `"output": {"a": "[1, 2]"}`, Failed},
		{"whole numbers and fractions", `"output": {"a": 1}`, `"output": {"a": 1.0}`, Passed},
		{"large whole numbers are exact", `"output": {"a": 9007199254740993}`, `"output": {"a": 9007199254740992}`, Failed},
		{"fractions may differ in the last digit", `"output": {"a": 0.30000000000000004}`, `"output": {"a": 0.3}`, Passed},
		{"a number is no text", `"output": {"a": 1}`, `"output": {"a": "1"}`, Failed},
		{"false is not zero", `"output": {"a": false}`, `"output": {"a": 0}`, Failed},
		{"a placeholder stands for any text", `"output": {"a": "id <uuid:1>."}`, `"output": {"a": "id 7f.\n."}`, Passed},
		{"text around a placeholder matters", `"output": {"a": "id <uuid:1>."}`, `"output": {"a": "id 7f"}`, Failed},
		{"a placeholder stands for a value", `"output": {"a": "<uuid:1>"}`, `"output": {"a": [1]}`, Passed},
		{"a placeholder in a name", `"output": {"<uuid:1>": 1}`, `"output": {"7f": 1}`, Passed},
		{"a placeholder in a name needs a member", `"output": {"<uuid:1>": 1}`, `"output": {}`, Failed},
		{"what the user wrote is no placeholder", `"input": "{\"a\": \"<tag>\"}", "output": {"a": "<tag>"}`, `"output": {"a": "other"}`, Failed},
		{"a bare word that was recorded for a value", `"placeholders": ["role_arn"], "output": {"a": "role_arn"}`, `"output": {"a": "arn:x"}`, Passed},
		{"a bare word inside a text is itself", `"placeholders": ["role_arn"], "output": {"a": "the role_arn"}`, `"output": {"a": "the arn:x"}`, Failed},
		{"a binding", `"bindings": {"<fn>": "pay"}, "output": {"a": "call <fn>"}`, `"output": {"a": "call pay"}`, Passed},
		{"a binding is exact", `"bindings": {"<fn>": "pay"}, "output": {"a": "call <fn>"}`, `"output": {"a": "call me"}`, Failed},
		{"dates", `"output": {"a": "until date"}`, `"output": {"a": "until 2031-02-28T23:59:59.5+01:00"}`, Passed},
		{"dates that are none", `"output": {"a": "until date"}`, `"output": {"a": "until 2031-02-30T23:59:59Z"}`, Failed},
		{"a member that holds a timestamp", `"output": {"myTimestamp": "timestamp"}`, `"output": {"myTimestamp": 5}`, Passed},
		{"a member that is recorded as its name", `"output": {"RequestId": "RequestId"}`, `"output": {"RequestId": "7f"}`, Passed},
		{"an error that was not expected", `"output": 1`, `"output": 1, "error": "E"`, Failed},
		{"an empty cause is none", `"output": 1`, `"output": 1, "cause": ""`, Passed},
		{"no output", `"output": {"a": 1}`, `"error": "E"`, Failed},
		{"a cause that is JSON", `"cause": {"a": 1}`, `"cause": "{\"a\":1}"`, Passed},
	} {
		t.Run(c.name, func(t *testing.T) {
			input, expected := `"input": null`, c.expected
			for _, before := range []string{`"input"`, `"placeholders"`, `"bindings"`} {
				if strings.HasPrefix(expected, before) {
					i := strings.Index(expected, `, "output"`)
					input, expected = expected[:i], expected[i+2:]
				}
			}
			recorded := parseCase(t, `{"id": "execution/a.b__c", "kind": "execution", `+input+`, "expect": {"status": "SUCCEEDED", `+expected+`}}`)
			r := Compare(recorded, parseValue(t, `{"status": "SUCCEEDED", `+c.actual+`}`))
			if r.Outcome != c.want {
				t.Errorf("outcome %v, want %v (%v)", r.Outcome, c.want, r.Difference)
			}
			if r.DAG != NotApplicable || r.Strict != NotApplicable {
				t.Errorf("a recording without history has a verdict on it: %+v", r)
			}
		})
	}
}

// fork is a history with two branches that run side by side.
const fork = `[
	{"id": 1, "previousEventId": 0, "type": "ExecutionStarted"},
	{"id": 2, "previousEventId": 0, "type": "ParallelStateEntered", "stateEnteredEventDetails": {"name": "P"}},
	{"id": 3, "previousEventId": 2, "type": "ParallelStateStarted"},
	{"id": 4, "previousEventId": 3, "type": "PassStateEntered", "stateEnteredEventDetails": {"name": "A"}},
	{"id": 5, "previousEventId": 3, "type": "PassStateEntered", "stateEnteredEventDetails": {"name": "B"}},
	{"id": 6, "previousEventId": 5, "type": "PassStateExited", "stateExitedEventDetails": {"name": "B"}},
	{"id": 7, "previousEventId": 4, "type": "PassStateExited", "stateExitedEventDetails": {"name": "A"}},
	{"id": 8, "previousEventId": 7, "type": "ParallelStateSucceeded"},
	{"id": 9, "previousEventId": 7, "type": "ParallelStateExited", "stateExitedEventDetails": {"name": "P"}},
	{"id": 10, "previousEventId": 9, "type": "ExecutionSucceeded"}
]`

func TestHistory(t *testing.T) {
	swapped := strings.NewReplacer(
		`"id": 6, "previousEventId": 5`, `"id": 7, "previousEventId": 5`,
		`"id": 7, "previousEventId": 4`, `"id": 6, "previousEventId": 4`,
		`"id": 9, "previousEventId": 7`, `"id": 9, "previousEventId": 6`)
	wiped := strings.NewReplacer(`"id": 4`, `"id": [0]`, `"id": 5`, `"id": [0]`, `{"id": 8, "previousEventId": 7, "type": "ParallelStateSucceeded"},`, ``)
	for _, c := range []struct {
		name             string
		expected, actual string
		dag, strict      Verdict
	}{
		{"the same", fork, fork, Passed, Passed},
		{"not in order of ids", fork, strings.Replace(strings.Replace(fork, `"id": 1,`, `"id": 99,`, 1), `"id": 99,`, `"id": 1,`, 1), Passed, Passed},
		{"branches end in another order", fork, swapped.Replace(fork), Passed, Failed},
		{"an event hangs elsewhere", fork, strings.Replace(fork, `"id": 6, "previousEventId": 5`, `"id": 6, "previousEventId": 4`, 1), Failed, Failed},
		{"other details", fork, strings.Replace(fork, `"name": "B"`, `"name": "C"`, 1), Failed, Failed},
		{"a member too many", fork, strings.Replace(fork, `"type": "ParallelStateStarted"`, `"type": "ParallelStateStarted", "x": {}`, 1), Failed, Failed},
		{"an event too many", fork, strings.Replace(fork, `]`, `, {"id": 11, "previousEventId": 10, "type": "ExecutionSucceeded"}]`, 1), Failed, Failed},
		{"an id twice", fork, strings.Replace(fork, `"id": 10`, `"id": 9`, 1), Failed, Failed},
		{"no ids", fork, `[{"type": "ExecutionStarted"}]`, Failed, Failed},
		{"no history", fork, `[]`, Failed, Failed},
		{"wiped ids", wiped.Replace(fork), swapped.Replace(fork), Passed, NotApplicable},
		{"wiped ids and other details", wiped.Replace(fork), strings.Replace(fork, `"name": "B"`, `"name": "C"`, 1), Failed, NotApplicable},
	} {
		t.Run(c.name, func(t *testing.T) {
			recorded := parseCase(t, `{"id": "execution/a.b", "kind": "execution", "expect": {"status": "SUCCEEDED", "history": `+c.expected+`}}`)
			r := Compare(recorded, parseValue(t, `{"status": "SUCCEEDED", "history": `+c.actual+`}`))
			if r.Outcome != Passed || r.DAG != c.dag || r.Strict != c.strict {
				t.Errorf("%+v, want dag %v, strict %v", r, c.dag, c.strict)
			}
			if (r.Difference == nil) != (c.dag == Passed && c.strict != Failed) {
				t.Errorf("difference: %v", r.Difference)
			}
		})
	}
}

func TestValidation(t *testing.T) {
	exception := `{"exception": {"code": "InvalidDefinition", "message": "wrong at <place>"}}`
	failure := `{"result": "FAIL", "diagnostics": [{"message": "wrong"}], "truncated": false}`
	for _, c := range []struct {
		name             string
		expected, actual string
		outcome, strict  Verdict
	}{
		{"the same exception", exception, strings.Replace(exception, "<place>", "/States", 1), Passed, Passed},
		{"another message", exception, strings.Replace(exception, "wrong", "good", 1), Passed, Failed},
		{"another code", exception, strings.Replace(exception, "Definition", "Name", 1), Failed, Failed},
		{"accepted", exception, `{}`, Failed, NotApplicable},
		{"the same findings", failure, failure, Passed, Passed},
		{"other findings", failure, strings.Replace(failure, "wrong", "good", 1), Passed, Failed},
		{"no findings", failure, `{"result": "OK", "diagnostics": [], "truncated": false}`, Failed, Failed},
	} {
		t.Run(c.name, func(t *testing.T) {
			recorded := parseCase(t, `{"id": "validate/a.b", "kind": "validate", "expect": `+c.expected+`}`)
			r := Compare(recorded, parseValue(t, c.actual))
			if r.Outcome != c.outcome || r.Strict != c.strict || r.DAG != NotApplicable {
				t.Errorf("%+v, want outcome %v, strict %v", r, c.outcome, c.strict)
			}
		})
	}
}
