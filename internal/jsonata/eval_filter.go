package jsonata

import (
	"math"

	"github.com/sfnx/sfnx/internal/value"
)

// filter is a predicate: a literal index, or an expression that selects by index or by truth.
type filter struct {
	node    node
	index   int
	literal bool
}

// apply selects from an array, or from one value, or from a stream of tuples.
func (f *filter) apply(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	if in.Kind() == value.OpaqueKind {
		if t, ok := in.Opaque().(*tuples); ok {
			out, err := f.applyTuples(ev, t, fr)
			return value.Opaque(out), err
		}
	}
	var one [1]value.Value
	items := one[:]
	switch in.Kind() {
	case value.ArrayKind:
		items = in.Items()
	case value.UndefinedKind:
		if f.literal {
			return sequence(nil), nil
		}
		fallthrough
	default:
		one[0] = in
	}
	if f.literal {
		i := f.index
		if i < 0 {
			i += len(items)
		}
		if i < 0 || i >= len(items) {
			return sequence(nil), nil
		}
		if items[i].Kind() == value.ArrayKind {
			return items[i], nil
		}
		return sequence([]value.Value{items[i]}), nil
	}
	if err := ev.step(len(items)); err != nil {
		return value.Value{}, err
	}
	var out []value.Value
	for i, item := range items {
		n, err := f.selects(ev, item, fr, i, len(items))
		if err != nil {
			return value.Value{}, err
		}
		if n > 0 && out == nil {
			out = make([]value.Value, 0, min(len(items)-i, 32))
		}
		if n > 0 && item.IsUndefined() {
			ev.dirty = true // a hole: the reference selects what is not there
		}
		for ; n > 0; n-- {
			out = append(out, item)
		}
	}
	if err := ev.charge(headerBytes + itemBytes*len(out)); err != nil {
		return value.Value{}, err
	}
	return sequence(out), nil
}

// selects says how often item i of n is selected.
func (f *filter) selects(ev *evaluator, item value.Value, fr *frame, i, n int) (int, *Error) {
	v, err := f.node.eval(ev, item, fr)
	if err != nil {
		return 0, err
	}
	switch v.Kind() {
	case value.NumberKind:
		if err := finite(v); err != nil {
			return 0, err
		}
		return hit(v, i, n), nil
	case value.ArrayKind:
		hits := 0
		for _, x := range v.Items() {
			if x.Kind() != value.NumberKind {
				hits = -1
				break
			}
			if err := finite(x); err != nil {
				return 0, err
			}
			hits += hit(x, i, n)
		}
		if hits >= 0 {
			return hits, ev.step(v.Len())
		}
	}
	ok, err := ev.truth(v)
	if ok {
		return 1, err
	}
	return 0, err
}

// hit is 1 if index v, from the end if it is negative, means item i of n.
func hit(v value.Value, i, n int) int {
	f := math.Floor(v.Float64())
	if f < 0 {
		f += float64(n)
	}
	if f == float64(i) {
		return 1
	}
	return 0
}
