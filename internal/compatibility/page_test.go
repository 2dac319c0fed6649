package compatibility

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// root is the module's directory.
const root = "../.."

// row is a line of a table of the page:
//
//	| Name | Where | Verdict | Tests | Remark |
//
// A name is what stands between backquotes, or the whole cell if there are none. Places are separated by blanks, tests by
// commas.
type row struct {
	section string
	names   []string
	code    bool     // the names are spelt as in code
	where   []string // empty: the section's things have no places
	verdict string
	tests   []string
	remark  string
}

// places are where, or the one place of what has none.
func (r row) places() []string {
	if len(r.where) == 0 {
		return []string{""}
	}
	return r.where
}

func (r row) String() string { return r.section + ": " + strings.Join(r.names, " ") }

var verdicts = []string{"same", "differs", "absent"}

// page reads the tables of docs/compatibility.md, each below the heading of its section.
func page(t *testing.T) (rows []row) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs", "compatibility.md"))
	if err != nil {
		t.Fatal(err)
	}
	section, inTable := "", false
	for n, line := range strings.Split(string(text), "\n") {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			section = title
		}
		if !strings.HasPrefix(line, "|") {
			inTable = false
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if len(cells) != 5 {
			t.Fatalf("line %d has %d cells, want Name, Where, Verdict, Tests and Remark", n+1, len(cells))
		}
		if !inTable || strings.HasPrefix(cells[0], "---") { // the head
			inTable = true
			continue
		}
		r := row{section: section, names: []string{cells[0]}, where: strings.Fields(cells[1]), verdict: cells[2], remark: cells[4]}
		if strings.Contains(cells[0], "`") {
			r.names, r.code = strings.Fields(strings.ReplaceAll(cells[0], "`", "")), true
		}
		for test := range strings.SplitSeq(cells[3], ",") {
			if test = strings.TrimSpace(test); test != "" {
				r.tests = append(r.tests, test)
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// TestRowsAreComplete: a verdict needs what it rests on.
func TestRowsAreComplete(t *testing.T) {
	count := map[string]int{}
	for _, r := range page(t) {
		count[r.verdict] += len(r.names) * len(r.places())
		switch {
		case r.names[0] == "":
			t.Errorf("%s: a row without a name", r)
		case !slices.Contains(verdicts, r.verdict):
			t.Errorf("%s: %q is none of %v", r, r.verdict, verdicts)
		case r.verdict == "same" && len(r.tests) == 0:
			t.Errorf("%s: same, but no test is named", r)
		case r.verdict == "differs" && r.remark == "":
			t.Errorf("%s: differs, but not how", r)
		case r.verdict == "absent" && r.remark == "":
			t.Errorf("%s: absent, but not what happens instead", r)
		}
	}
	t.Logf("same %d, differs %d, absent %d", count["same"], count["differs"], count["absent"])
}

// TestEverythingHasItsRow compares the page with the tables of the code.
func TestEverythingHasItsRow(t *testing.T) {
	listed := map[string]map[thing]bool{}
	for _, r := range page(t) {
		if listed[r.section] == nil {
			listed[r.section] = map[thing]bool{}
		}
		if !r.code {
			continue
		}
		for _, name := range r.names {
			for _, where := range r.places() {
				if it := (thing{name, where}); listed[r.section][it] {
					t.Errorf("%s: %s has two rows", r.section, it)
				} else {
					listed[r.section][it] = true
				}
			}
		}
	}
	for section, want := range map[string][]thing{
		"Fields":              languageFields(t),
		"Errors":              errorNames(t),
		"Intrinsic functions": intrinsicFunctions(t),
		"JSONata":             queryFunctions(t),
		"Integrations":        serviceIntegrations(t),
		"Events":              eventTypes(t),
		"Diagnostics":         diagnosticCodes(t),
		"API":                 operations(t),
	} {
		if len(want) == 0 {
			t.Errorf("%s: nothing was found in the code", section)
		}
		for _, it := range want {
			if !listed[section][it] {
				t.Errorf("%s: %s is in the code, and has no row", section, it)
			}
			delete(listed[section], it)
		}
		for it := range listed[section] {
			t.Errorf("%s: %s has a row, and is not in the code", section, it)
		}
	}
}
