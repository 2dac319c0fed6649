package conformance

import (
	"errors"
	"strings"
	"testing"
)

const ratchetText = `# a comment

execution/a outcome # not supported yet: maps
execution/b dag # the history differs
execution/c strict # AWS's own order is open
`

var (
	failsOutcome = Report{Outcome: Failed, DAG: Failed, Strict: Failed, Difference: errors.New("output.x: expected 1, got 2")}
	failsDAG     = Report{Outcome: Passed, DAG: Failed, Strict: Failed, Difference: errors.New("event 3: no PassStateEntered")}
	failsStrict  = Report{Outcome: Passed, DAG: Passed, Strict: Failed, Difference: errors.New("event 3: id")}
	passes       = Report{Outcome: Passed, DAG: Passed, Strict: Passed}
)

func parseRatchet(t *testing.T) Ratchet {
	t.Helper()
	r, err := ParseRatchet(ratchetText)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRatchetChecks(t *testing.T) {
	for _, c := range []struct {
		name   string
		id     string
		report Report
		want   string // part of the error; empty for none
	}{
		{"a case that passes", "execution/z", passes, ""},
		{"a case that is known to fail", "execution/a", failsOutcome, ""},
		{"a case that is not listed", "execution/z", failsDAG, "falls short of dag: event 3"},
		{"a listed case that passes", "execution/c", passes, "take it off the list"},
		{"a listed case that does better", "execution/a", failsDAG, "reaches outcome now"},
		{"a listed case that does worse", "execution/b", failsOutcome, "was known to fall short of dag, but falls short of outcome"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := parseRatchet(t).Check(c.id, c.report)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

func TestRatchetOnlyTightens(t *testing.T) {
	r := parseRatchet(t)
	r.Tighten("execution/a", failsDAG, "the history differs")
	r.Tighten("execution/b", failsOutcome, "the output differs")
	r.Tighten("execution/c", passes, "")
	r.Tighten("execution/z", failsOutcome, "the output differs")
	want := ratchetHeader + "execution/a dag # the history differs\nexecution/b dag # the history differs\n"
	if got := r.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestRatchetKeepsReasons(t *testing.T) {
	r := parseRatchet(t)
	r.Tighten("execution/a", failsOutcome, "not supported yet: distributed maps")
	r.Tighten("execution/c", failsStrict, "order or wording differs")
	if got := r["execution/a"].Reason; got != "not supported yet: distributed maps" {
		t.Errorf("the reason that blames a feature is %q, want the present one", got)
	}
	if got := r["execution/c"].Reason; got != "AWS's own order is open" {
		t.Errorf("the reason that somebody wrote is now %q", got)
	}
}

func TestRatchetStartsAnew(t *testing.T) {
	r := parseRatchet(t)
	r.Start("execution/a", passes, "")
	r.Start("execution/c", failsStrict, "order or wording differs")
	r.Start("execution/z", failsOutcome, "the output differs")
	if _, listed := r["execution/a"]; listed {
		t.Error("a case that passes is still listed")
	}
	if r["execution/c"].Reason != "AWS's own order is open" || r["execution/z"] != (Shortfall{Outcome, "the output differs"}) {
		t.Errorf("got %v", r)
	}
}

func TestRatchetIsReadStrictly(t *testing.T) {
	for _, text := range []string{"execution/a", "execution/a outcome", "execution/a outcome #", "execution/a never # why", "execution/a dag # x\nexecution/a dag # y"} {
		if r, err := ParseRatchet(text); err == nil {
			t.Errorf("%q is read as %v", text, r)
		}
	}
	again, err := ParseRatchet(parseRatchet(t).String())
	if err != nil || len(again) != 3 {
		t.Errorf("reading what was written: %v, %v", again, err)
	}
}

func TestReason(t *testing.T) {
	for want, c := range map[string]struct {
		result string
		report Report
	}{
		"the output differs":            {`{"status": "SUCCEEDED"}`, failsOutcome},
		"the history differs":           {`{"status": "SUCCEEDED"}`, failsDAG},
		"order or wording differs":      {`{"status": "SUCCEEDED"}`, failsStrict},
		"the definition is refused":     {`{"status": "REFUSED"}`, failsOutcome},
		"the simulator crashes":         {`{"status": "CRASHED"}`, failsOutcome},
		"the execution cannot go on":    {`{"status": "HALTED"}`, failsOutcome},
		"not supported yet: A and B; C": {`{"status": "REFUSED"}`, failsOutcome},
	} {
		r := Result{Document: parseValue(t, c.result)}
		if strings.HasPrefix(want, notSupported) {
			r.Unsupported = []string{"This version of sfnx does not support C", "This version of sfnx does not support A and B"}
		}
		if got := reason(r, c.report); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
