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

// timeline is what happened in the region, a line for each visit of a state. What the events do not tell is asked of the
// region, unless it may still be busy with an execution that was left behind:
//
//	0s  Charge card      lambda:invoke  mocked, 2 attempts (Busy), 1s
//	1s  Ship parcels     Map
//	1s    [0] Book       Pass
func (w *world) timeline(events []history.Event, ask bool, s style) string {
	root := timeline(events)
	if ask {
		w.annotate(root.inside, w.machine, 0)
	}
	t := timelineText{style: s, start: events[0].Timestamp}
	t.measure(root.inside, 0)
	t.write(root.inside, 0)
	return t.text.String()
}

// summary is the last line of a simulation.
func summary(events []history.Event, out fsm.Outcome, s style) string {
	entered := 0
	for _, e := range events {
		if _, ok := e.Details.(*history.StateEntered); ok {
			entered++
		}
	}
	took := events[len(events)-1].Timestamp.Sub(events[0].Timestamp)
	text := fmt.Sprintf("%s, %s of virtual time, %s, %s", out.Ending, span(took), count(len(events), "event"), count(entered, "transition"))
	row, color := output.RowOf(out.Ending), red
	if row.Code == 0 {
		color = green
	}
	gap := strings.Repeat(" ", max(2, exitColumn-len(text)))
	return fmt.Sprintf("%s%sexit %d\n", s.paint(color, text), gap, row.Code)
}

// exitColumn is where a summary has the exit code.
const exitColumn = 72

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
		for _, line := range v.notes {
			t.text.WriteString(strings.Repeat(" ", t.offset+4+2*(depth+1)) + t.style.paint(dim, printable(line)) + "\n")
		}
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
	slices.SortStableFunc(sorted, func(a, b *visit) int { return a.iteration() - b.iteration() })
	return sorted
}

// iteration is the index in the Map around a state, -1 if there is none.
func (v *visit) iteration() int {
	if v.lane == nil || v.lane.branch {
		return -1
	}
	return v.lane.index
}

func (t *timelineText) since(v *visit) string { return span(v.entered.Sub(t.start)) }

// label is the name of a state, indented, with the number of the iteration.
func label(v *visit, depth int) string {
	text := strings.Repeat("  ", depth)
	if i := v.iteration(); i >= 0 {
		text += fmt.Sprintf("[%d] ", i)
	}
	return text + printable(v.name)
}

// outcome is what came of a visit, as far as there is anything to say.
func (t *timelineText) outcome(v *visit) string {
	var notes []string
	if v.answered != "" && v.attempts > 0 {
		notes = append(notes, v.answered)
	}
	notes = append(notes, v.facts...)
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
	if v.waiting != "" {
		notes = append(notes, v.waiting)
	}
	switch last := len(v.errors) - 1; {
	case v.failure != "":
		notes = append(notes, t.style.paint(red, t.style.cross()+printable(v.failure)))
	case v.done && (v.task || v.mapRun != "") && last >= 0 && len(v.errors) >= v.attempts:
		notes = append(notes, t.style.paint(yellow, "caught "+printable(v.errors[last])))
	case !v.done && last >= 0:
		notes = append(notes, t.style.paint(red, t.style.cross()+printable(v.errors[last])))
	case !v.done && v.kind != "Fail" && v.waiting == "":
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
