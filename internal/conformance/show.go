package conformance

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sfnx/sfnx/internal/value"
)

// Show prints how a case falls short: its first difference, and around it both histories side by side, one line for
// each event: id, the id that it points back to, type, details.
func Show(w io.Writer, c *Case, result value.Value, r Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", c.ID)
	for _, l := range levels {
		fmt.Fprintf(&b, "  %-8s%s\n", l, [...]string{NotApplicable: "-", Failed: "FAILS", Passed: "passes"}[r.At(l)])
	}
	if r.Difference != nil {
		fmt.Fprintf(&b, "first difference: %v\n", r.Difference)
	}
	for _, name := range []string{"definition", "input", "mocks"} {
		if v := member(c.Document, name); !v.IsNull() {
			fmt.Fprintf(&b, "%s: %s\n", name, plain(v))
		}
	}
	for _, name := range []string{"status", "output", "error", "cause", "exception", "result", "diagnostics"} {
		expected, actual := member(c.expect(), name), member(result, name)
		if !expected.IsNull() || !actual.IsNull() {
			fmt.Fprintf(&b, "%s:\n  expected %s\n  actual   %s\n", name, plain(expected), plain(actual))
		}
	}
	m := newMatcher(c)
	want, got := eventsOf(member(c.expect(), "history")), eventsOf(member(result, "history"))
	showEvents(&b, m, want, got)
	_, err := io.WriteString(w, b.String())
	return err
}

const (
	eventsBefore = 4
	eventsAfter  = 8
	columnWidth  = 96
)

func showEvents(b *strings.Builder, m *matcher, want, got []event) {
	if len(want) == 0 {
		return
	}
	first := 0
	for first < len(want) && first < len(got) && sameEvent(m, want[first], got[first]) {
		first++
	}
	fmt.Fprintf(b, "history:\n  %s| %s\n", column("expected"), "actual")
	for i := max(0, first-eventsBefore); i < min(max(len(want), len(got)), first+eventsAfter); i++ {
		left, right, mark := "", "", "  "
		if i < len(want) {
			left = eventLine(want[i])
		}
		if i < len(got) {
			right = eventLine(got[i])
		}
		if i >= len(want) || i >= len(got) || !sameEvent(m, want[i], got[i]) {
			mark = "> "
		}
		fmt.Fprintf(b, "%s%s| %s\n", mark, column(left), strings.TrimRight(column(right), " "))
	}
	if first < len(want) && first < len(got) {
		fmt.Fprintf(b, "event %d in full:\n  expected %s\n  actual   %s\n", want[first].id, alike(want[first].body, ""), alike(got[first].body, ""))
	}
}

func sameEvent(m *matcher, want, got event) bool {
	return want.id == got.id && want.previous == got.previous && m.matchEvent(want, got) == nil
}

// eventLine is an event on one line: 7<-6 TaskFailed {"error":...}.
func eventLine(e event) string {
	line := strconv.FormatInt(e.id, 10) + "<-" + strconv.FormatInt(e.previous, 10) + " " + e.typ
	for i := range e.body.Len() {
		if k, v := e.body.Member(i); k != "type" {
			line += " " + alike(v, k).JSON()
		}
	}
	return line
}

// alike makes recorded and actual values look alike: members sorted, JSON texts parsed.
func alike(v value.Value, key string) value.Value {
	if s := v.Str(); strings.HasPrefix(s, "{") && slices.Contains(jsonMembers, key) {
		if parsed, err := value.Parse(s); err == nil {
			v = parsed
		}
	}
	switch v.Kind() {
	case value.ArrayKind:
		items := slices.Clone(v.Items())
		for i := range items {
			items[i] = alike(items[i], "")
		}
		return value.Array(items...)
	case value.ObjectKind:
		var members []value.Member
		for _, k := range slices.Sorted(slices.Values(v.Keys())) {
			members = append(members, value.Member{Key: k, Value: alike(member(v, k), k)})
		}
		return value.Object(members...)
	}
	return v
}

// column is a text of exactly one column's width.
func column(s string) string {
	if n := columnWidth - utf8.RuneCountInString(s); n >= 0 {
		return s + strings.Repeat(" ", n)
	}
	runes := []rune(s)
	return string(runes[:columnWidth-1]) + "…"
}
