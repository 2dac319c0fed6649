package conformance

import (
	"cmp"
	"fmt"

	"github.com/sfnx/sfnx/internal/value"
)

// Verdict is how a result does at one level.
type Verdict uint8

// The verdicts. A level that a recording says nothing about does not apply.
const (
	NotApplicable Verdict = iota
	Failed
	Passed
)

func verdict(err error) Verdict {
	if err == nil {
		return Passed
	}
	return Failed
}

// Level is one of the three levels of agreement.
type Level string

// The levels, from the least to the most demanding.
const (
	Outcome Level = "outcome"
	DAG     Level = "dag"
	Strict  Level = "strict"
)

var levels = []Level{Outcome, DAG, Strict}

// Report is how a result compares with its recording.
type Report struct {
	Outcome, DAG, Strict Verdict
	Difference           error // the first one; nil if there is none
}

// At is the verdict of a level.
func (r Report) At(l Level) Verdict {
	switch l {
	case Outcome:
		return r.Outcome
	case DAG:
		return r.DAG
	}
	return r.Strict
}

// Falls is the first level that is not reached, "" if all are.
func (r Report) Falls() Level {
	for _, l := range levels {
		if r.At(l) == Failed {
			return l
		}
	}
	return ""
}

// Compare judges a result:
//
//	execution, sync-execution: {"status", "output", "error", "cause", "history": [events in AWS's JSON]}
//	validate: the response of ValidateStateMachineDefinition, {} for a machine that was created, or {"exception": {"code", "message"}}
func Compare(c *Case, result value.Value) Report {
	m := newMatcher(c)
	switch c.Kind {
	case Execution, SyncExecution:
		return m.execution(c.expect(), result)
	case Validate:
		return m.validation(c.expect(), result)
	}
	panic(fmt.Sprintf("conformance: cases of kind %s are not compared", c.Kind))
}

func (m *matcher) execution(want, got value.Value) Report {
	err := m.outcome(want, got)
	r := Report{Outcome: verdict(err), Difference: err}
	history := member(want, "history")
	if history.IsNull() {
		return r
	}
	w, g := eventsOf(history), eventsOf(member(got, "history"))
	if len(g) == 0 {
		r.DAG, r.Strict = Failed, Failed
		r.Difference = cmp.Or(err, fmt.Errorf("no history"))
		return r
	}
	if wiped(w) {
		dag := m.multiset(w, g)
		r.DAG = verdict(dag)
		r.Difference = cmp.Or(err, dag)
		return r
	}
	strict := m.strict(w, g)
	r.Strict, r.DAG, r.Difference = verdict(strict), Passed, cmp.Or(err, strict)
	if strict != nil {
		dag := m.dag(w, g)
		r.DAG, r.Difference = verdict(dag), cmp.Or(err, dag, strict)
	}
	return r
}

// wiped reports whether the recorder removed ids of events.
func wiped(events []event) bool {
	for _, e := range events {
		if !e.hasID {
			return true
		}
	}
	return false
}

func (m *matcher) outcome(want, got value.Value) error {
	if w, g := member(want, "status"), member(got, "status"); !value.Equal(w, g) {
		return fmt.Errorf("status: expected %s, got %s (%s: %s)", plain(w), plain(g), plain(member(got, "error")), cut(plain(member(got, "cause"))))
	}
	for _, k := range []string{"output", "error", "cause"} {
		g := member(got, k)
		w, expected := want.Get(k)
		switch {
		case !expected && (g.IsNull() || g.Kind() == value.StringKind && g.Str() == ""):
		case !expected:
			return fmt.Errorf("%s: expected nothing, got %s", k, cut(plain(g)))
		case g.IsNull() && !w.IsNull() && w.Str() != "null":
			return fmt.Errorf("%s: expected %s, got nothing", k, cut(plain(w)))
		default:
			if err := m.match(w, g, k, k); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *matcher) validation(want, got value.Value) Report {
	x, y := member(want, "exception"), member(got, "exception")
	switch {
	case x.IsNull() && y.IsNull():
		strict := m.match(want, got, "$", "")
		var outcome error
		if w, g := member(want, "result"), member(got, "result"); !value.Equal(w, g) {
			outcome = fmt.Errorf("result: expected %s, got %s", plain(w), plain(g))
		}
		return Report{Outcome: verdict(outcome), Strict: verdict(strict), Difference: cmp.Or(outcome, strict)}
	case x.IsNull() || y.IsNull():
		return Report{Outcome: Failed, Difference: mismatch("exception", x, y)}
	}
	var code error
	if w, g := member(x, "code"), member(y, "code"); !value.Equal(w, g) {
		code = fmt.Errorf("code: expected %s, got %s (%s)", plain(w), plain(g), cut(plain(member(y, "message"))))
	}
	strict := cmp.Or(code, m.match(member(x, "message"), member(y, "message"), "message", "message"))
	return Report{Outcome: verdict(code), Strict: verdict(strict), Difference: strict}
}
