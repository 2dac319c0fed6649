package asl

import (
	"fmt"
	"strings"
	"testing"
)

// nestedParallel is a machine of n Parallel states inside one another.
func nestedParallel(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"StartAt":"P%d","States":{"P%d":{"Type":"Parallel","End":true,"Branches":[`, i, i)
	}
	b.WriteString(`{"StartAt":"End","States":{"End":{"Type":"Succeed"}}}`)
	b.WriteString(strings.Repeat(`]}}}`, n))
	return b.String()
}

func TestNestingLimit(t *testing.T) {
	if _, found := Parse([]byte(nestedParallel(maxNesting)), Options{}); len(found) != 0 {
		t.Errorf("%d levels: %v", maxNesting, found)
	}
	for levels, want := range map[int]string{maxNesting + 1: TooDeeplyNested, 200: TooDeeplyNested, 10_000: InvalidJSONDescription} {
		_, found := Parse([]byte(nestedParallel(levels)), Options{})
		if len(found) != 1 || found[0].Code != want {
			t.Errorf("%d levels: %v, want one %s", levels, found, want)
		}
	}
}

func TestJSONDepthLimit(t *testing.T) {
	machine := func(levels int) []byte {
		return []byte(`{"StartAt":"A","States":{"A":{"Type":"Succeed","Comment":"deep"}},"Comment":` + strings.Repeat("[", levels) + strings.Repeat("]", levels) + "}")
	}
	if _, found := Parse(machine(maxDepth-1), Options{}); len(found) != 1 || found[0].Code != SchemaValidationFailed {
		t.Errorf("%d levels of JSON: %v", maxDepth, found)
	}
	for _, levels := range []int{maxDepth, 500_000} {
		_, found := Parse(machine(levels), Options{})
		if len(found) != 1 || found[0].Code != InvalidJSONDescription || !strings.Contains(found[0].Message, "1000 levels") {
			t.Errorf("%d levels of JSON: %v", levels+1, found)
		}
	}
}

func TestSizeLimit(t *testing.T) {
	machine := func(size int) []byte {
		const start, end = `{"Comment":"`, `","StartAt":"A","States":{"A":{"Type":"Succeed"}}}`
		return []byte(start + strings.Repeat("x", size-len(start)-len(end)) + end)
	}
	if m, found := Parse(machine(MaxDefinitionSize), Options{}); m == nil {
		t.Errorf("%d bytes: %v", MaxDefinitionSize, found)
	}
	_, found := Parse(machine(MaxDefinitionSize+1), Options{})
	if len(found) != 1 || found[0].Code != DefinitionTooLarge {
		t.Errorf("%d bytes: %v", MaxDefinitionSize+1, found)
	}
}

// TestManyStates fills a definition with as many states as it holds, right and wrong: nothing may grow with their square.
func TestManyStates(t *testing.T) {
	const n = 20_000
	chain := func(next func(i int) string) []byte {
		var b strings.Builder
		b.WriteString(`{"StartAt":"S0","States":{`)
		for i := range n {
			fmt.Fprintf(&b, `"S%d":{"Type":"Pass","Next":"%s"},`, i, next(i))
		}
		fmt.Fprintf(&b, `"S%d":{"Type":"Succeed"}}}`, n)
		return []byte(b.String())
	}
	m, found := Parse(chain(func(i int) string { return fmt.Sprintf("S%d", i+1) }), Options{})
	if len(found) != 0 || len(m.States) != n+1 {
		t.Fatalf("a chain: %v", found)
	}
	for i := range n {
		if next := m.State(m.States[i].Next); next != m.States[i+1] {
			t.Fatalf("state %d leads to %v", i, next)
		}
	}
	if m.State("other") != nil {
		t.Error("found a state that does not exist")
	}
	if _, found := Parse(chain(func(i int) string { return fmt.Sprintf("T%d", i+1) }), Options{}); len(found) != n+n {
		t.Errorf("%d findings, want %d missing targets and %d states that nothing leads to", len(found), n, n)
	}
}

// TestFindingsBudget: a name of half a megabyte in the place of each of thousands of findings.
func TestFindingsBudget(t *testing.T) {
	name := strings.Repeat("x", MaxDefinitionSize/2)
	result := `{"` + name + `":{` + strings.Repeat(`"k":1,`, 50_000) + `"k":1}}`
	machine, found := Parse([]byte(`{"StartAt":"A","States":{"A":{"Type":"Pass","Result":`+result+`,"End":true}}}`), Options{})
	if last := found[len(found)-1]; machine == nil || last.Code != TooManyFindings || last.Severity != SeverityWarning || len(found) > 100 {
		t.Errorf("%d warnings, the last is %s", len(found), last.Code)
	}
	state := `{"Type":"Parallel","Branches":[` + strings.Repeat(`{},`, 50_000) + `{}],"End":true}`
	_, found = Parse([]byte(`{"StartAt":"A","States":{"`+name+`":`+state+`}}`), Options{})
	if last := found[len(found)-1]; last.Code != TooManyFindings || last.Severity != SeverityError || len(found) > 100 {
		t.Errorf("%d errors, the last is %s", len(found), last.Code)
	}
}
