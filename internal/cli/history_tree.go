package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sfnx/sfnx/history"
)

// historyTree is historyTable with each event below what it belongs to: a state, and in a Parallel or Map a branch or an
// iteration of one attempt. Events of lanes that ran at the same time come apart that way; the ids tell their order.
//
//	1  +0s  ExecutionStarted  {}
//	2  +0s  Both  Parallel
//	3  +0s    ParallelStateStarted
//	          branch 0
//	4  +0s      Book  Task
func historyTree(events []history.Event, cut bool) string {
	if len(events) == 0 {
		return ""
	}
	t := treeText{start: events[0], cut: cut}
	for _, e := range events {
		t.id = max(t.id, len(fmt.Sprint(e.ID)))
		t.offset = max(t.offset, len(t.since(e)))
	}
	t.items(timeline(events), nil, 0)
	return t.text.String()
}

// treeText lays a tree out: an id, the time since the start, an indented text.
type treeText struct {
	start      history.Event
	cut        bool
	id, offset int // widths
	text       strings.Builder
}

// item is an event, a state or a lane in one place of the tree.
type item struct {
	first int64 // id of its first event
	event *history.Event
	visit *visit
	lane  *lane
}

// items writes what belongs to one lane of a state, or to the state as a whole if the lane is nil.
func (t *treeText) items(v *visit, of *lane, depth int) {
	var list []item
	lanes := map[*lane]bool{}
	add := func(at *lane, i item) {
		switch {
		case at == of:
			list = append(list, i)
		case of == nil && !lanes[at]:
			lanes[at] = true
			list = append(list, item{first: i.first, lane: at})
		}
	}
	for i := range v.log {
		if l := &v.log[i]; !l.opens(v) {
			add(l.lane, item{first: l.event.ID, event: &l.event})
		}
	}
	for _, inside := range v.inside {
		add(inside.lane, item{first: inside.log[0].event.ID, visit: inside})
	}
	slices.SortStableFunc(list, func(a, b item) int { return int(a.first - b.first) })
	for _, i := range list {
		switch {
		case i.lane != nil:
			t.line("", "", depth, i.lane.String())
			t.items(v, i.lane, depth+1)
		case i.visit != nil:
			e := i.visit.log[0].event
			kind := strings.TrimSuffix(string(e.Type), "StateEntered")
			t.line(fmt.Sprint(e.ID), t.since(e), depth, i.visit.name+"  "+kind)
			t.items(i.visit, nil, depth+1)
		default:
			t.line(fmt.Sprint(i.event.ID), t.since(*i.event), depth, strings.TrimRight(string(i.event.Type)+"  "+aboutInTree(i.event.Details), " "))
		}
	}
}

// aboutInTree leaves out what the lines above tell.
func aboutInTree(details history.Details) string {
	switch details.(type) {
	case *history.StateExited, *history.MapIteration:
		return ""
	}
	return about(details)
}

// opens reports whether an event is the one that the line of its state stands for.
func (l *logged) opens(v *visit) bool { return v.name != "" && l.event.ID == v.log[0].event.ID }

func (l *lane) String() string {
	if l.branch {
		return fmt.Sprintf("branch %d", l.index)
	}
	return fmt.Sprintf("iteration %d", l.index)
}

func (t *treeText) since(e history.Event) string {
	return "+" + span(e.Timestamp.Sub(t.start.Timestamp))
}

func (t *treeText) line(id, since string, depth int, text string) {
	fmt.Fprintf(&t.text, "%*s  %*s  %s%s\n", t.id, id, t.offset, since, strings.Repeat("  ", depth), shortened(printable(text), t.cut))
}
