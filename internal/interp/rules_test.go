package interp_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/value"
)

// TestRules tries each rule of a Choice state in the files of testdata/rules on all items of its file. The line below a
// rule, after a colon, shows the items for which it holds:
//
//	items [1,2,"2"]
//
//	{"Variable":"$","NumericEquals":2}
//	: 2
func TestRules(t *testing.T) {
	files, err := filepath.Glob("testdata/rules/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no rules: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			head, rules, ok := strings.Cut(string(text), "\n\n")
			_, list, found := strings.Cut(head, "\nitems ")
			items, err := value.Parse(list)
			if !ok || !found || err != nil {
				t.Fatalf("%s: want a comment, a line with items, an empty line and rules (%v)", file, err)
			}
			anew := head + "\n\n"
			for line := range strings.Lines(rules) {
				if rule := strings.TrimSpace(line); strings.HasPrefix(rule, "{") {
					anew += rule + "\n" + strings.TrimSpace(": "+holding(t, rule, items)) + "\n"
				}
			}
			if *rewrite {
				if err := os.WriteFile(file, []byte(anew), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if anew != string(text) {
				t.Errorf("%s\n%s", file, differences(anew, string(text)))
			}
		})
	}
}

// holding runs a Map of a Choice with one rule, and gives the items for which it holds, or why it cannot be evaluated.
func holding(t *testing.T, rule string, items value.Value) string {
	t.Helper()
	m, err := parseMachine(fmt.Sprintf(`{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"C","States":{
		"C":{"Type":"Choice","Choices":[%s,"Next":"Y"}],"Default":"N"},
		"Y":{"Type":"Pass","Result":true,"End":true},
		"N":{"Type":"Pass","Result":false,"End":true}}},"End":true}}}`, strings.TrimSuffix(rule, "}")))
	if err != nil {
		t.Fatalf("%s: %v", rule, err)
	}
	w := newWorld(t, interp.Compile(m), config{start: epoch, input: items.JSON()}, nil)
	w.run(10)
	for _, problem := range w.ledger.finish() {
		t.Errorf("%s: %s", rule, problem)
	}
	output, _, cause := w.x.Result()
	if w.x.Status() != interp.Succeeded {
		return *cause
	}
	if last := w.events[len(w.events)-1]; last.Type != history.ExecutionSucceeded {
		t.Errorf("%s: the last event is %s", rule, last.Type)
	}
	var held []string
	for i, item := range items.Items() {
		if output.Items()[i].Bool() {
			held = append(held, item.JSON())
		}
	}
	return strings.Join(held, " ")
}
