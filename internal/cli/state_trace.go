package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/value"
)

// stateTrace is what happened in one visit of a state.
type stateTrace struct {
	state     *asl.State
	variables value.Value // before, an object or Undefined
	steps     []interp.Observation
	status    string // of TestState
	output    *string
	err       *string
	cause     *string
	next      string
}

// The statuses of TestState.
const (
	stateSucceeded = "SUCCEEDED"
	stateCaught    = "CAUGHT_ERROR"
	stateRetriable = "RETRIABLE"
	stateFailed    = "FAILED"
)

// observe takes a step. Those of states inside the state are left out.
func (t *stateTrace) observe(o interp.Observation) {
	if !o.Nested {
		t.steps = append(t.steps, o)
	}
}

// find is the last step of an aspect.
func (t *stateTrace) find(a interp.Aspect) (interp.Observation, bool) {
	for i := len(t.steps) - 1; i >= 0; i-- {
		if t.steps[i].Aspect == a {
			return t.steps[i], true
		}
	}
	return interp.Observation{}, false
}

// end takes how the visit ended.
func (t *stateTrace) end(x backend.Execution) {
	_, caught := t.find(interp.CatchIndex)
	_, again := t.find(interp.RetryBackoff)
	t.status, t.output, t.err, t.cause = stateFailed, x.Output, x.Error, x.Cause
	switch {
	case x.Status == backend.Succeeded && caught:
		t.status = stateCaught
		failed, _ := t.find(interp.ErrorOutput)
		t.err, t.cause = textMember(failed.Value, "Error"), textMember(failed.Value, "Cause")
	case x.Status == backend.Succeeded:
		t.status = stateSucceeded
	case again:
		t.status = stateRetriable
	}
	if next, ok := t.find(interp.NextState); ok && x.Status == backend.Succeeded {
		t.next = next.Value.Str()
	}
}

func (t *stateTrace) failed() bool { return t.status == stateFailed || t.status == stateRetriable }

// textMember is a member that is a string, nil if there is none.
func textMember(v value.Value, key string) *string {
	m, _ := v.Get(key)
	if m.Kind() != value.StringKind {
		return nil
	}
	text := m.Str()
	return &text
}

// json is the answer of TestState, with the inspectionData or without.
func (t *stateTrace) json(inspect bool) []byte {
	v := value.EmptyObject()
	add := func(key string, text *string) {
		if text != nil {
			v = v.With(key, value.String(*text))
		}
	}
	add("output", t.output)
	add("error", t.err)
	add("cause", t.cause)
	if inspect {
		v = v.With("inspectionData", t.inspectionData())
	}
	if t.next != "" {
		add("nextState", &t.next)
	}
	add("status", &t.status)
	var b bytes.Buffer
	if err := json.Indent(&b, v.AppendJSON(nil), "", "  "); err != nil {
		panic(fmt.Errorf("cli: %w", err)) // AppendJSON writes JSON
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// inspectionData is that of TestState, values as JSON texts, and afterItems, which stands for the Items of a JSONata Map.
func (t *stateTrace) inspectionData() value.Value {
	data, details := value.EmptyObject(), value.EmptyObject()
	var selected []value.Value
	for _, o := range t.steps {
		switch o.Aspect {
		case interp.Compared, interp.Rule, interp.ErrorOutput, interp.StateOutput, interp.NextState, interp.Variables:
		case interp.AfterItemSelector:
			selected = append(selected, o.Value)
		case interp.RetryIndex, interp.RetryBackoff, interp.CatchIndex:
			details = details.With(string(o.Aspect), o.Value)
		case interp.MaxConcurrency, interp.ToleratedFailureCount, interp.ToleratedFailurePercentage:
			data = data.With(string(o.Aspect), o.Value)
		default:
			data = data.With(string(o.Aspect), value.String(o.Value.JSON()))
		}
	}
	if selected != nil {
		data = data.With(string(interp.AfterItemSelector), value.String(value.Array(selected...).JSON()))
	}
	if all := t.after(); all.Len() > 0 {
		data = data.With(string(interp.Variables), value.String(all.JSON()))
	}
	if details.Len() > 0 {
		data = data.With("errorDetails", details)
	}
	return data
}

// after is the variables after the visit.
func (t *stateTrace) after() value.Value {
	all := t.variables
	if all.IsUndefined() {
		all = value.EmptyObject()
	}
	if assigned, ok := t.find(interp.Variables); ok && t.output != nil {
		for i := range assigned.Value.Len() {
			all = all.With(assigned.Value.Member(i))
		}
	}
	return all
}

// text is the steps, one a line: the field, and the document after it.
func (t *stateTrace) text(s style) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s, %s\n", s.paint(bold, printable(t.state.Name)), kindOf(t.state), t.state.QueryLanguage)
	rows := t.rows()
	width := 0
	for _, r := range rows {
		width = max(width, utf8.RuneCountInString(r.label))
	}
	for _, r := range rows {
		pad := strings.Repeat(" ", width-utf8.RuneCountInString(r.label))
		fmt.Fprintf(&b, "  %s%s  %s\n", s.paint(dim, r.label), pad, cut(printable(r.text)))
	}
	return b.String()
}

// cut shortens a document to what is readable in a line; -o json has it whole.
func cut(text string) string {
	const most = 240
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return fmt.Sprintf("%s... (%d bytes)", string(runes[:most]), len(text))
}

// kindOf is the type of a state, and what a task calls.
func kindOf(s *asl.State) string {
	if task, ok := s.Body.(*asl.Task); ok {
		if task.Resource.Kind == asl.Integration {
			return "Task " + task.Resource.Service + ":" + task.Resource.Action
		}
		return "Task " + task.Resource.ARN
	}
	return string(s.Type)
}

// summary is how the visit ended.
func (t *stateTrace) summary(s style, code int) string {
	color, mark := green, ""
	if t.failed() {
		color, mark = red, s.cross()
	}
	line := t.status
	switch {
	case t.status == stateRetriable:
		backoff, _ := t.find(interp.RetryBackoff)
		line += " after " + backoff.Value.JSON() + "s"
	case t.next != "":
		line += ", next state " + strconv.Quote(t.next)
	case !t.failed():
		line += ", the end"
	}
	text := s.paint(color, mark+printable(line)) + fmt.Sprintf("  exit %d\n", code)
	for _, f := range []struct {
		label string
		text  *string
	}{{"error", t.err}, {"cause", t.cause}} {
		if f.text != nil && *f.text != "" {
			text += fmt.Sprintf("  %s  %s\n", s.paint(dim, f.label), printable(*f.text))
		}
	}
	return text
}
