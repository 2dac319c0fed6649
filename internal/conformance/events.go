package conformance

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/sfnx/sfnx/internal/value"
)

// event is an event of a history, recorded or actual.
type event struct {
	id, previous int64 // previous is -1 if it is missing
	hasID        bool
	typ          string
	label        string      // type, name and index, for messages
	body         value.Value // what is compared: all but ids and timestamp
}

// eventsOf reads a history and sorts it by id, if all events have one.
func eventsOf(list value.Value) []event {
	var out []event
	all := true
	for _, v := range list.Items() {
		e := event{typ: member(v, "type").Str(), previous: -1}
		e.id, e.hasID = member(v, "id").Int64()
		if previous, ok := member(v, "previousEventId").Int64(); ok {
			e.previous = previous
		}
		all = all && e.hasID
		e.label = e.typ
		var body []value.Member
		for i := range v.Len() {
			k, m := v.Member(i)
			if k == "id" || k == "previousEventId" || k == "timestamp" {
				continue
			}
			body = append(body, value.Member{Key: k, Value: m})
			for _, name := range []string{"name", "index"} {
				if n, ok := m.Get(name); ok {
					e.label += ":" + plain(n)
				}
			}
		}
		e.body = value.Object(body...)
		out = append(out, e)
	}
	if all {
		slices.SortStableFunc(out, func(a, b event) int { return cmp.Compare(a.id, b.id) })
	}
	return out
}

func plain(v value.Value) string {
	if v.Kind() == value.StringKind {
		return v.Str()
	}
	return v.JSON()
}

func (m *matcher) matchEvent(want, got event) error {
	path := fmt.Sprintf("event %d", want.id)
	if want.typ != got.typ {
		return fmt.Errorf("%s: expected %s, got %s", path, want.label, got.label)
	}
	return m.match(want.body, got.body, path+" "+want.label, "")
}

// strict: same events, same order, same ids.
func (m *matcher) strict(want, got []event) error {
	for i := range min(len(want), len(got)) {
		w, g := want[i], got[i]
		if err := m.matchEvent(w, g); err != nil {
			return err
		}
		if w.id != g.id || !g.hasID {
			return fmt.Errorf("event %d %s: id expected %d, got %d", w.id, w.label, w.id, g.id)
		}
		if w.previous != g.previous {
			return fmt.Errorf("event %d %s: previousEventId expected %d, got %d", w.id, w.label, w.previous, g.previous)
		}
	}
	return sameCount(want, got)
}

func sameCount(want, got []event) error {
	if len(want) != len(got) {
		return fmt.Errorf("expected %d events, got %d", len(want), len(got))
	}
	return nil
}

// multiset: same events in any order, for recordings whose ids were wiped. Those also lack the event between a Parallel's
// last branch and its exit.
func (m *matcher) multiset(want, got []event) error {
	rest := slices.Clone(got)
	for _, w := range want {
		var why error
		i := slices.IndexFunc(rest, func(g event) bool {
			if w.typ != g.typ {
				return false
			}
			err := m.matchEvent(w, g)
			why = cmp.Or(why, err)
			return err == nil
		})
		if i < 0 {
			return cmp.Or(why, fmt.Errorf("no %s", w.label))
		}
		rest = slices.Delete(rest, i, i+1)
	}
	for _, g := range rest {
		if g.typ != "ParallelStateSucceeded" && g.typ != "ParallelStateFailed" {
			return fmt.Errorf("unexpected %s", g.label)
		}
	}
	return nil
}

var (
	// joins point back to whichever branch ended last; in the tree they hang under the start of their block.
	joins = []string{"MapStateSucceeded", "MapStateFailed", "MapStateAborted", "MapStateExited", "MapIterationStarted", "MapIterationAborted",
		"ParallelStateSucceeded", "ParallelStateFailed", "ParallelStateAborted", "ParallelStateExited", "TaskStateAborted", "WaitStateAborted"}
	starts = []string{"MapStateStarted", "ParallelStateStarted"}
	ends   = []string{"MapStateExited", "ParallelStateExited"}
)

// tree is the events by the id of the event that caused them.
func tree(events []event) map[int64][]event {
	byID := make(map[int64]event, len(events))
	for _, e := range events {
		byID[e.id] = e
	}
	children := map[int64][]event{}
	for _, e := range events {
		parent := e.previous
		if slices.Contains(joins, e.typ) {
			parent = blockOf(e, byID)
		}
		children[parent] = append(children[parent], e)
	}
	return children
}

// blockOf is the start of the block that a join belongs to, or what the join points back to.
func blockOf(join event, byID map[int64]event) int64 {
	depth := 0
	seen := map[int64]bool{}
	for id := join.previous; !seen[id]; {
		e, ok := byID[id]
		if !ok {
			break
		}
		seen[id] = true
		switch {
		case slices.Contains(ends, e.typ):
			depth++
		case slices.Contains(starts, e.typ) && depth == 0:
			return id
		case slices.Contains(starts, e.typ):
			depth--
		}
		id = e.previous
	}
	return join.previous
}

// dag: same tree of causes, siblings in any order.
func (m *matcher) dag(want, got []event) error {
	ids := map[int64]bool{}
	for _, g := range got {
		if !g.hasID {
			return errors.New("an event has no id")
		}
		if ids[g.id] {
			return errors.New("duplicate event ids")
		}
		ids[g.id] = true
	}
	d := dagMatch{m, tree(want), tree(got), map[[2]int64]*found{}}
	if f := d.children(0, 0); f != nil {
		return f
	}
	return sameCount(want, got)
}

type dagMatch struct {
	matcher *matcher
	want    map[int64][]event
	got     map[int64][]event
	known   map[[2]int64]*found
}

// found is a difference, and the recorded event that it was found at.
type found struct {
	at  int64
	err error
}

func (f *found) Error() string { return f.err.Error() }

// same compares two events and all that they caused.
func (d *dagMatch) same(w, g event) *found {
	key := [2]int64{w.id, g.id}
	if f, ok := d.known[key]; ok {
		return f
	}
	d.known[key] = nil
	f := d.events(w, g)
	d.known[key] = f
	return f
}

// events compares two events first, then what they caused.
func (d *dagMatch) events(w, g event) *found {
	if err := d.matcher.matchEvent(w, g); err != nil {
		return &found{w.id, err}
	}
	return d.children(w.id, g.id)
}

// children pairs what two events caused. Of several differences it keeps the one that was found latest.
func (d *dagMatch) children(want, got int64) *found {
	rest := slices.Clone(d.got[got])
	for _, w := range d.want[want] {
		var best *found
		i := slices.IndexFunc(rest, func(g event) bool {
			if g.typ != w.typ {
				return false
			}
			f := d.same(w, g)
			if f != nil && (best == nil || f.at > best.at) {
				best = f
			}
			return f == nil
		})
		switch {
		case i >= 0:
			rest = slices.Delete(rest, i, i+1)
		case best != nil:
			return best
		default:
			return &found{w.id, fmt.Errorf("event %d: no %s after event %d (actual event %d has %s)", w.id, w.label, want, got, labels(d.got[got]))}
		}
	}
	if len(rest) > 0 {
		return &found{want, fmt.Errorf("after event %d: unexpected %s (actual id %d)", want, rest[0].label, rest[0].id)}
	}
	return nil
}

func labels(events []event) []string {
	out := make([]string, len(events))
	for i, e := range events {
		out[i] = e.label
	}
	return out
}
