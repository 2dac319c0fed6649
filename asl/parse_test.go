package asl

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func parseAll(t *testing.T) *Machine {
	t.Helper()
	text, err := os.ReadFile("testdata/all.asl.json")
	if err != nil {
		t.Fatal(err)
	}
	m, found := Parse(text, Options{})
	if len(found) > 0 {
		t.Fatalf("findings in a right definition:\n%s", render(found))
	}
	return m
}

func TestParseMachine(t *testing.T) {
	m := parseAll(t)
	if m.Comment != "every field of the language that a JSONPath machine can use" || m.QueryLanguage != JSONPath || m.TimeoutSeconds != 3600 || m.StartAt != "Prepare" {
		t.Errorf("%+v", m)
	}
	var names []string
	for _, s := range m.States {
		names = append(names, s.Name)
	}
	if got, want := strings.Join(names, ", "), "Prepare, Charge, Decide, Pause, Until, Later, Then, Both, Lines, Old lines, Give up"; got != want {
		t.Errorf("states %s, want %s", got, want)
	}
	pack := m.State("Both").Body.(*Parallel).Branches[0].State("Pack")
	if pack.Pointer != "/States/Both/Branches[0]/States/Pack" || pack.Pos.Line != 56 || pack.Pos.Column != 66 {
		t.Errorf("Pack is at %s, %+v", pack.Pointer, pack.Pos)
	}
}

func TestParsePass(t *testing.T) {
	m := parseAll(t)
	s := m.State("Prepare")
	if s.Type != PassType || s.Comment != "data" || s.Next != "Charge" || s.End || s.Parameters == nil || s.ResultSelector != nil {
		t.Errorf("%+v", s)
	}
	if got := paths(s.InputPath, s.OutputPath, s.ResultPath); got != "$.order null $.prepared" {
		t.Errorf("paths %s", got)
	}
	if got := s.Body.(*Pass).Result.Value.JSON(); got != `{"lines":[1,2.50],"x.$":"stays"}` {
		t.Errorf("Result %s", got)
	}
	if s := m.State("Lines").Body.(*Map).Processor.State("Line"); !s.End || s.Body.(*Pass).Result != nil || paths(s.InputPath, s.OutputPath, s.ResultPath) != "- - -" {
		t.Errorf("%+v", s)
	}
}

func TestParseTask(t *testing.T) {
	m := parseAll(t)
	s := m.State("Charge")
	task := s.Body.(*Task)
	if task.Resource.Service != "lambda" || task.TimeoutSeconds != 60 || task.HeartbeatSeconds != 10 || task.Credentials == nil {
		t.Errorf("%+v", task)
	}
	if s.ResultSelector == nil || !s.ResultPath.Null {
		t.Errorf("%+v", s)
	}
	retry := []Retrier{
		{ErrorEquals: []string{"Busy", "States.Timeout"}, IntervalSeconds: 2, MaxAttempts: 0, BackoffRate: 1.5, MaxDelaySeconds: 60, FullJitter: true},
		{ErrorEquals: []string{"States.ALL"}, IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2},
	}
	if diff := cmp.Diff(retry, s.Retry); diff != "" {
		t.Error(diff)
	}
	if len(s.Catch) != 2 || s.Catch[0].Next != "Decide" || s.Catch[0].ErrorEquals[0] != "Declined" ||
		paths(s.Catch[0].ResultPath, s.Catch[1].ResultPath) != "$.error -" {
		t.Errorf("%+v", s.Catch)
	}
	pack := m.State("Both").Body.(*Parallel).Branches[0].State("Pack").Body.(*Task)
	if pack.Resource.Kind != LambdaFunction || pack.TimeoutSecondsPath.String() != "$.limit" || pack.HeartbeatSecondsPath.String() != "$.beat" {
		t.Errorf("%+v", pack)
	}
}

func TestParseChoice(t *testing.T) {
	c := parseAll(t).State("Decide").Body.(*Choice)
	var rules []string
	for _, r := range c.Choices {
		rules = append(rules, condition(r.Condition)+" -> "+r.Next)
	}
	want := []string{
		"$.total NumericGreaterThan 100 -> Both",
		`And($.note IsPresent true, Or($.note StringMatches "vip*", Not($.due TimestampLessThan $$.State.EnteredTime))) -> Until`,
		`$.due TimestampEquals "2026-01-01T00:00:00Z" -> Pause`,
	}
	if diff := cmp.Diff(want, rules); diff != "" || c.Default != "Later" {
		t.Errorf("Default %s\n%s", c.Default, diff)
	}
}

// condition writes a condition as a term.
func condition(c Condition) string {
	list := func(name string, cs []Condition) string {
		var parts []string
		for _, c := range cs {
			parts = append(parts, condition(c))
		}
		return name + "(" + strings.Join(parts, ", ") + ")"
	}
	switch c := c.(type) {
	case *Comparison:
		operand := c.Value.Value.String()
		if c.Path != nil {
			operand = c.Path.String()
		}
		return fmt.Sprintf("%s %s %s", c.Variable, c.Operator, operand)
	case And:
		return list("And", c)
	case Or:
		return list("Or", c)
	case *Not:
		return list("Not", []Condition{c.Condition})
	}
	return fmt.Sprintf("%T", c)
}

func TestParseWait(t *testing.T) {
	m := parseAll(t)
	if w := m.State("Pause").Body.(*Wait); w.Seconds == nil || *w.Seconds != 0 || w.Timestamp != nil {
		t.Errorf("%+v", w)
	}
	if w := m.State("Until").Body.(*Wait); w.Seconds != nil || w.Timestamp.Format("15:04:05Z07:00") != "10:00:00Z" {
		t.Errorf("%+v", w)
	}
	if w := m.State("Later").Body.(*Wait); w.SecondsPath.String() != "$.delay" {
		t.Errorf("%+v", w)
	}
	if w := m.State("Then").Body.(*Wait); w.TimestampPath.String() != "$.due" {
		t.Errorf("%+v", w)
	}
}

func TestParseMap(t *testing.T) {
	m := parseAll(t)
	lines := m.State("Lines").Body.(*Map)
	if lines.ItemsPath.String() != "$.lines" || lines.ItemSelector == nil || lines.MaxConcurrency != 5 || lines.ToleratedFailureCount != 2 ||
		lines.ToleratedFailurePercentage != 12.5 || lines.Processor.StartAt != "Line" {
		t.Errorf("%+v", lines)
	}
	old := m.State("Old lines")
	body := old.Body.(*Map)
	if body.ItemSelector == nil || old.Parameters != nil || body.Processor.StartAt != "Old line" || body.ItemsPath != nil ||
		body.MaxConcurrencyPath.String() != "$.n" || body.ToleratedFailureCountPath.String() != "$.n" || body.ToleratedFailurePercentagePath.String() != "$.n" {
		t.Errorf("%+v", body)
	}
}

func TestParseSucceedAndFail(t *testing.T) {
	m := parseAll(t)
	if done := m.State("Both").Body.(*Parallel).Branches[1].State("Done"); done.Type != SucceedType || paths(done.OutputPath) != "$.x" {
		t.Errorf("%+v", done)
	}
	if f := m.State("Give up").Body.(*Fail); *f.Error != "GaveUp" || *f.Cause != "" || f.ErrorPath != nil || f.CausePath != nil {
		t.Errorf("%+v", f)
	}
	old := m.State("Old lines").Body.(*Map).Processor.State("Old line").Body.(*Fail)
	if old.Error != nil || old.Cause != nil || old.ErrorPath.String() != "$.e" || old.CausePath.String() != "States.Format('{}', $.c)" {
		t.Errorf("%+v", old)
	}
}

// paths writes path fields: - if absent.
func paths(fields ...PathField) string {
	var words []string
	for _, f := range fields {
		switch {
		case f.Null:
			words = append(words, "null")
		case f.Path == nil:
			words = append(words, "-")
		default:
			words = append(words, f.Path.String())
		}
	}
	return strings.Join(words, " ")
}

// TestDiagnosticsError is the message of InvalidDefinition: warnings are left out, a finding without place says null (measured).
func TestDiagnosticsError(t *testing.T) {
	_, found := Parse([]byte(`{"StartAt":"A","StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}}}`), Options{})
	const want = "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next, MISSING_END_STATE: Workflow has no terminal state at null'"
	var err error = found
	if err.Error() != want {
		t.Errorf("got  %s\nwant %s", err, want)
	}
	var ds Diagnostics
	if wrapped := fmt.Errorf("create order: %w", err); !errors.As(wrapped, &ds) || len(ds) != 3 {
		t.Errorf("%v", ds)
	}
}

// TestTextIsKept: payloads keep numbers and escapes as they were written.
func TestTextIsKept(t *testing.T) {
	const result = `{"big":12345678901234567890,"one":1.0,"half":"\ud800","e":1e3}`
	m, found := Parse([]byte(`{"StartAt":"A","States":{"A":{"Type":"Pass","Result":`+result+`,"End":true}}}`), Options{})
	if m == nil {
		t.Fatal(found)
	}
	got := m.State("A").Body.(*Pass).Result.Value
	for name, want := range map[string]string{"big": "12345678901234567890", "one": "1.0", "e": "1e3", "half": `"\uD800"`} {
		if v, _ := got.Get(name); v.JSON() != want {
			t.Errorf("%s is %q, want %q", name, v.JSON(), want)
		}
	}
}
