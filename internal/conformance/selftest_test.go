package conformance

import (
	"cmp"
	"slices"
	"testing"

	"github.com/sfnx/sfnx/internal/value"
)

// TestConformanceComparator feeds each recording to the comparator as a result: as it is, it must pass; changed, it must not.
func TestConformanceComparator(t *testing.T) {
	cases, _ := recordings(t)
	mutations := 0
	for _, c := range cases {
		if !Runs(c.Kind) || c.Skip != "" {
			continue
		}
		own := c.expect()
		if r := Compare(c, own); r.Falls() != "" {
			t.Errorf("%s does not accept its own recording: %v", c.ID, r.Difference)
		}
		for _, m := range mutationsOf(c, own) {
			mutations++
			if r := Compare(c, m.result); r.At(m.fails) != Failed {
				t.Errorf("%s: %s is not noticed at %s: %+v", c.ID, m.name, m.fails, r)
			}
		}
		if again, ok := interleaved(own); ok {
			if r := Compare(c, again); r.DAG != Passed || r.Strict != Failed {
				t.Errorf("%s: branches in another order: %+v", c.ID, r)
			}
		}
	}
	t.Logf("%d changed results", mutations)
}

type mutation struct {
	name   string
	result value.Value
	fails  Level
}

func mutationsOf(c *Case, own value.Value) []mutation {
	if c.Kind == Validate {
		return validationMutations(own)
	}
	status := "SUCCEEDED"
	if member(own, "status").Str() == status {
		status = "FAILED"
	}
	out := []mutation{{"status", own.With("status", value.String(status)), Outcome}}
	// An output that is nothing but a placeholder stands for any value.
	if v, ok := own.Get("output"); ok && !wholePlaceholder.MatchString(v.Str()) {
		out = append(out, mutation{"output", own.With("output", value.Object(value.Member{Key: "mutated", Value: v})), Outcome})
	}
	if v := member(own, "error").Str(); v != "" {
		out = append(out, mutation{"error", own.With("error", value.String(v+"X")), Outcome})
	}
	if v, ok := own.Get("cause"); ok && v.Str() != "" && !wholePlaceholder.MatchString(v.Str()) {
		out = append(out, mutation{"cause", own.With("cause", value.String("mutated")), Outcome})
	}
	events := member(own, "history").Items()
	if len(events) <= 2 {
		return out
	}
	with := func(name string, level Level, change func([]value.Value) []value.Value) {
		out = append(out, mutation{name, own.With("history", value.Array(change(slices.Clone(events))...)), level})
	}
	last, middle := len(events)-1, len(events)/2
	with("an event less", DAG, func(e []value.Value) []value.Value { return slices.Delete(e, middle, middle+1) })
	with("another type", DAG, func(e []value.Value) []value.Value {
		e[middle] = e[middle].With("type", value.String("PassStateEnteredX"))
		return e
	})
	with("an event more", DAG, func(e []value.Value) []value.Value { return append(e, e[last].With("id", value.Int(9999))) })
	for i, e := range events {
		details, ok := e.Get("stateEnteredEventDetails")
		if !ok {
			continue
		}
		for name, v := range map[string]value.Value{
			"name":  value.String(member(details, "name").Str() + "X"),
			"input": value.Object(value.Member{Key: "other", Value: value.Int(1)}),
		} {
			if has(details, name) {
				with(name, DAG, func(list []value.Value) []value.Value {
					list[i] = e.With("stateEnteredEventDetails", details.With(name, v))
					return list
				})
			}
		}
		break
	}
	if wiped(eventsOf(member(own, "history"))) {
		return out
	}
	with("another cause", DAG, func(e []value.Value) []value.Value {
		previous := value.Int(1)
		if value.Equal(member(e[last], "previousEventId"), previous) {
			previous = value.Int(2)
		}
		e[last] = e[last].With("previousEventId", previous)
		return e
	})
	if len(events) > 3 {
		with("swapped ids", Strict, func(e []value.Value) []value.Value {
			a, b := member(e[1], "id"), member(e[2], "id")
			e[1], e[2] = e[1].With("id", b), e[2].With("id", a)
			return e
		})
	}
	return out
}

func validationMutations(own value.Value) []mutation {
	if x, ok := own.Get("exception"); ok {
		return []mutation{
			{"code", own.With("exception", x.With("code", value.String("Other"))), Outcome},
			{"message", own.With("exception", x.With("message", value.String("other"))), Strict},
			{"accepted", value.EmptyObject(), Outcome},
		}
	}
	var out []mutation
	for i := range own.Len() {
		name, _ := own.Member(i)
		var rest []value.Member
		for k := range own.Len() {
			if key, v := own.Member(k); k != i {
				rest = append(rest, value.Member{Key: key, Value: v})
			}
		}
		out = append(out, mutation{"without " + name, value.Object(rest...), Strict})
	}
	return out
}

// interleaved is the same history with its branches one after the other; ok is false if it is so already.
func interleaved(own value.Value) (result value.Value, ok bool) {
	list := slices.Clone(member(own, "history").Items())
	events := eventsOf(member(own, "history"))
	if len(events) == 0 || wiped(events) {
		return own, false
	}
	id := func(e value.Value, name string) int64 { n, _ := member(e, name).Int64(); return n }
	slices.SortFunc(list, func(a, b value.Value) int { return cmp.Compare(id(a, "id"), id(b, "id")) })
	children := map[int64][]value.Value{}
	for _, e := range list {
		children[id(e, "previousEventId")] = append(children[id(e, "previousEventId")], e)
	}
	var order []value.Value
	for ready := slices.Clone(children[0]); len(ready) > 0; {
		e := ready[0]
		order = append(order, e)
		ready = append(slices.Clone(children[id(e, "id")]), ready[1:]...)
	}
	renamed := map[int64]int64{0: 0}
	same := true
	for i, e := range order {
		renamed[id(e, "id")] = int64(i + 1)
		same = same && i < len(list) && id(e, "id") == id(list[i], "id")
	}
	if same || len(order) != len(list) {
		return own, false
	}
	for i, e := range order {
		order[i] = e.With("id", value.Int(int64(i+1))).With("previousEventId", value.Int(renamed[id(e, "previousEventId")]))
	}
	return own.With("history", value.Array(order...)), true
}
