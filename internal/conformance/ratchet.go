package conformance

import (
	"bufio"
	"fmt"
	"slices"
	"strings"
)

// Ratchet lists the cases that are known to fall short: the first level that each does not reach, and why.
type Ratchet map[string]Shortfall

// Shortfall is what a line of the ratchet says of a case.
type Shortfall struct {
	Level  Level
	Reason string
}

const ratchetHeader = `# Cases that are known to fall short of the recordings: id, the first level that is not reached, and why.
# The list may only shrink. A case that does better than its line fails the test until the line is taken off
# (make conformance RATCHET=update); a case that does worse, or that is not listed, fails it in any case.
`

// ParseRatchet reads lines of the form "ID LEVEL # REASON"; empty lines and lines that begin with # are comments.
func ParseRatchet(text string) (Ratchet, error) {
	r := Ratchet{}
	lines := bufio.NewScanner(strings.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		entry, why, _ := strings.Cut(line, " # ")
		id, level, _ := strings.Cut(entry, " ")
		if why = strings.TrimSpace(why); why == "" || !slices.Contains(levels, Level(level)) {
			return nil, fmt.Errorf("line %d: %q: want ID outcome|dag|strict # REASON", n, line)
		}
		if _, twice := r[id]; twice {
			return nil, fmt.Errorf("line %d: %s is listed twice", n, id)
		}
		r[id] = Shortfall{Level(level), why}
	}
	return r, lines.Err()
}

// String is the file.
func (r Ratchet) String() string {
	ids := make([]string, 0, len(r))
	for id := range r {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var b strings.Builder
	b.WriteString(ratchetHeader)
	for _, id := range ids {
		fmt.Fprintf(&b, "%s %s # %s\n", id, r[id].Level, r[id].Reason)
	}
	return b.String()
}

// Check compares what a case does with what the ratchet says of it. The error says what to do about it.
func (r Ratchet) Check(id string, report Report) error {
	known, listed := r[id]
	falls := report.Falls()
	switch {
	case !listed && falls == "":
		return nil
	case !listed:
		return fmt.Errorf("%s: falls short of %s: %w", id, falls, report.Difference)
	case falls == known.Level:
		return nil
	case falls == "":
		return fmt.Errorf("%s: passes now: take it off the list (make conformance RATCHET=update)", id)
	case slices.Index(levels, falls) > slices.Index(levels, known.Level):
		return fmt.Errorf("%s: reaches %s now and falls short of %s only: put that on the list (make conformance RATCHET=update)", id, known.Level, falls)
	}
	return fmt.Errorf("%s: was known to fall short of %s, but falls short of %s: %w", id, known.Level, falls, report.Difference)
}

// Start lists all cases that fall short now, with the reasons that were known before. It is for new recordings.
func (r Ratchet) Start(id string, report Report, why string) {
	known, listed := r[id]
	delete(r, id)
	if falls := report.Falls(); falls != "" {
		if listed && known.Level == falls && !strings.HasPrefix(known.Reason, notSupported) {
			why = known.Reason
		}
		r[id] = Shortfall{falls, why}
	}
}

// Tighten takes progress over from one case: the line disappears or names a higher level. A case that does worse keeps its
// line, and Check goes on to fail. why is the reason as it looks now; it replaces one that blames a missing feature.
func (r Ratchet) Tighten(id string, report Report, why string) {
	known, listed := r[id]
	falls := report.Falls()
	switch {
	case !listed:
	case falls == "":
		delete(r, id)
	case slices.Index(levels, falls) > slices.Index(levels, known.Level):
		r[id] = Shortfall{falls, why}
	case falls == known.Level && known.Reason != why && strings.HasPrefix(known.Reason, notSupported):
		r[id] = Shortfall{falls, why}
	}
}
