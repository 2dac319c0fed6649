package fault

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// docs/reliability.md has every fault, and no other.
func TestTheDocumentHasEveryFault(t *testing.T) {
	text, err := os.ReadFile("../../docs/reliability.md")
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, f := range All() {
		want = append(want, f.ID())
	}
	for _, row := range regexp.MustCompile(`(?m)^\| ([a-z]+/[a-z0-9-]+) \|`).FindAllStringSubmatch(string(text), -1) {
		got = append(got, row[1])
	}
	if !slices.Equal(got, want) {
		t.Errorf("the document has %d faults, there are %d: run make reliability\nthe first that differs: %s", len(got), len(want), firstDifference(got, want))
	}
	for _, f := range All() {
		if row := "| " + f.ID() + " | " + f.About + " |"; !strings.Contains(string(text), row) {
			t.Errorf("the document has not the row %q: run make reliability", row)
		}
	}
}

func firstDifference(a, b []string) string {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			return strings.Join(append(slices.Clone(a[min(i, len(a)):min(i+1, len(a))]), b[min(i, len(b)):min(i+1, len(b))]...), " and ")
		}
	}
	return ""
}

// What the table of defects names can be played.
func TestDefectsNameFaults(t *testing.T) {
	for _, d := range Found {
		for _, id := range d.Faults {
			if _, err := Find(id); err != nil && !strings.Contains(id, ": Test") {
				t.Errorf("%q is played by %s: %v", d.What, id, err)
			}
		}
	}
}
