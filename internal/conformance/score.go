package conformance

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Scores count what passes, by kind and area.
type Scores struct {
	tallies map[[2]string]*tally
	notRun  map[Kind]int
	skipped int
}

type tally struct {
	passed, of [3]int // by level
}

// NewScores has counted nothing yet.
func NewScores() *Scores {
	return &Scores{tallies: map[[2]string]*tally{}, notRun: map[Kind]int{}}
}

// Add counts a case. recorded is the report of the recording itself: a level counts if the recording has it.
func (s *Scores) Add(c *Case, recorded, actual Report) {
	for _, key := range [][2]string{{string(c.Kind), c.Area()}, {string(c.Kind), total}, {total, ""}} {
		t := s.tallies[key]
		if t == nil {
			t = &tally{}
			s.tallies[key] = t
		}
		for i, l := range levels {
			if recorded.At(l) != NotApplicable {
				t.of[i]++
			}
			if actual.At(l) == Passed {
				t.passed[i]++
			}
		}
	}
}

// NotRun counts a case of a kind that Run does not know.
func (s *Scores) NotRun(k Kind) { s.notRun[k]++ }

// Skip counts a case that must not be scored.
func (s *Scores) Skip() { s.skipped++ }

const total = "total"

// WriteTo prints the table: one line per area, then per kind, then in total.
func (s *Scores) WriteTo(w io.Writer) (int64, error) {
	keys := make([][2]string, 0, len(s.tallies))
	for key := range s.tallies {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b [2]string) int {
		for i := range a {
			if (a[i] == total) != (b[i] == total) {
				if a[i] == total {
					return 1
				}
				return -1
			}
			if c := strings.Compare(a[i], b[i]); c != 0 {
				return c
			}
		}
		return 0
	})
	var b strings.Builder
	for _, key := range keys {
		t := s.tallies[key]
		fmt.Fprintf(&b, "%-15s %-28s", key[0], key[1])
		for i, l := range levels {
			fmt.Fprintf(&b, "  %s %d/%d", l, t.passed[i], t.of[i])
		}
		b.WriteString("\n")
	}
	for _, k := range []Kind{TestState, API} {
		if n := s.notRun[k]; n > 0 {
			fmt.Fprintf(&b, "%-15s %d cases not run (need %s)\n", k, n, map[Kind]string{TestState: "TestState", API: "the served API"}[k])
		}
	}
	if s.skipped > 0 {
		fmt.Fprintf(&b, "%d cases are not scored, as their recordings ask\n", s.skipped)
	}
	n, err := io.WriteString(w, b.String())
	return int64(n), err
}
