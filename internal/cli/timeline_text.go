package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/output"
)

// timeline is what happened in the region, a line for each visit of a state:
//
//	0s  Charge card      lambda:invoke  mocked, 2 attempts (Busy), 1s
//	1s  Ship parcels     Map
//	1s    [0] Book       Pass
func (w *world) timeline(s style) string {
	visits := timeline(w.events)
	t := timelineText{style: s, start: w.events[0].Timestamp}
	t.measure(visits, 0)
	t.write(visits, 0)
	return t.text.String()
}

// summary is the last line of a simulation.
func (w *world) summary(out fsm.Outcome, s style) string {
	entered := 0
	for _, e := range w.events {
		if _, ok := e.Details.(*history.StateEntered); ok {
			entered++
		}
	}
	took := w.events[len(w.events)-1].Timestamp.Sub(w.events[0].Timestamp)
	text := fmt.Sprintf("%s, %s of virtual time, %s, %s", out.Ending, span(took), count(len(w.events), "event"), count(entered, "transition"))
	row, color := output.RowOf(out.Ending), red
	if row.Code == 0 {
		color = green
	}
	const exitColumn = 72
	gap := strings.Repeat(" ", max(2, exitColumn-len(text)))
	return fmt.Sprintf("%s%sexit %d\n", s.paint(color, text), gap, row.Code)
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// timelineText lays a timeline out in columns.
type timelineText struct {
	style style
	start time.Time
	text  strings.Builder

	offset, name, kind int // widths
}

// longestColumn keeps one long name from pushing everything else off the screen.
const longestColumn = 48

func (t *timelineText) measure(visits []*visit, depth int) {
	for _, v := range visits {
		t.offset = max(t.offset, len(t.since(v)))
		t.name = max(t.name, min(longestColumn, utf8.RuneCountInString(label(v, depth))))
		t.kind = max(t.kind, min(longestColumn, utf8.RuneCountInString(v.kind)))
		t.measure(v.inside, depth+1)
	}
}

func (t *timelineText) write(visits []*visit, depth int) {
	skipped := 0
	for i, v := range inOrder(visits) {
		if i >= firstShown && i < len(visits)-lastShown && len(v.errors) == 0 && v.failure == "" {
			skipped++
			continue
		}
		t.skip(skipped, depth)
		skipped = 0
		columns := fmt.Sprintf("%*s  %-*s  %-*s  ", t.offset+2, t.since(v), t.name, label(v, depth), t.kind, printable(v.kind))
		line := strings.TrimRight(t.style.paint(dim, columns[:t.offset+2])+columns[t.offset+2:]+t.outcome(v), " ")
		t.text.WriteString(line + "\n")
		t.write(v.inside, depth+1)
	}
}

// A scope with very many visits shows its first and last ones, and those in which something failed.
const firstShown, lastShown = 30, 10

// skip says how many visits were left out.
func (t *timelineText) skip(n, depth int) {
	if n > 0 {
		text := fmt.Sprintf("%*s  %s... %s", t.offset+2, "", strings.Repeat("  ", depth), count(n, "more visit"))
		t.text.WriteString(t.style.paint(dim, text) + "\n")
	}
}

// inOrder keeps the visits of one iteration together.
func inOrder(visits []*visit) []*visit {
	sorted := slices.Clone(visits)
	slices.SortStableFunc(sorted, func(a, b *visit) int { return a.iteration - b.iteration })
	return sorted
}

func (t *timelineText) since(v *visit) string { return span(v.entered.Sub(t.start)) }

// label is the name of a state, indented, with the number of the iteration.
func label(v *visit, depth int) string {
	text := strings.Repeat("  ", depth)
	if v.iteration >= 0 {
		text += fmt.Sprintf("[%d] ", v.iteration)
	}
	return text + printable(v.name)
}

// outcome is what came of a visit, as far as there is anything to say.
func (t *timelineText) outcome(v *visit) string {
	var notes []string
	if v.task && v.attempts > 0 {
		notes = append(notes, "mocked")
	}
	if v.attempts > 1 {
		note := count(v.attempts, "attempt")
		if len(v.errors) > 0 && len(v.errors) < v.attempts {
			note += " (" + tally(v.errors) + ")"
		}
		notes = append(notes, note)
	}
	if took := v.left.Sub(v.entered); v.done && took > 0 {
		notes = append(notes, span(took))
	}
	switch last := len(v.errors) - 1; {
	case v.failure != "":
		notes = append(notes, t.style.paint(red, t.style.cross()+printable(v.failure)))
	case v.done && v.task && last >= 0 && len(v.errors) >= v.attempts:
		notes = append(notes, t.style.paint(yellow, "caught "+printable(v.errors[last])))
	case !v.done && last >= 0:
		notes = append(notes, t.style.paint(red, t.style.cross()+printable(v.errors[last])))
	case !v.done && v.kind != "Fail":
		notes = append(notes, "did not end")
	}
	return strings.Join(notes, ", ")
}

// tally counts errors by name, in the order in which they came.
func tally(errors []string) string {
	var names []string
	counts := map[string]int{}
	for _, e := range errors {
		if counts[e] == 0 {
			names = append(names, e)
		}
		counts[e]++
	}
	for i, name := range names {
		names[i] = printable(name)
		if n := counts[name]; n > 1 {
			names[i] += fmt.Sprintf(" x%d", n)
		}
	}
	return strings.Join(names, ", ")
}
