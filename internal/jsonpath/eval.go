package jsonpath

import "github.com/sfnx/sfnx/internal/value"

// Eval finds what the path stands for in a document: the node of a definite path, an array of the matches, in document
// order, for others. An indefinite path never fails for want of a match; its array is empty (recorded). The error is a
// *NotFound or ErrTooManySteps.
func (p *Path) Eval(doc value.Value) (value.Value, error) {
	if !p.definite {
		c := &collector{root: doc}
		return c.collect(p, doc)
	}
	v := doc
	for i := range p.segments {
		s := &p.segments[i]
		var next value.Value
		var ok bool
		if s.kind == member { // not left to step: the hot path
			next, ok = v.Get(s.name)
		} else {
			next, ok = s.step(v)
		}
		if !ok {
			return value.Value{}, p.lost(i, v)
		}
		v = next
	}
	return v, nil
}

// step applies a definite segment.
func (s *segment) step(v value.Value) (value.Value, bool) {
	switch s.kind {
	case member:
		return v.Get(s.name)
	case members:
		return s.pick(v), v.Kind() == value.ObjectKind
	}
	return s.element(v)
}

// element is the element of an array at an index. Negative indices do not count from the end: as in AWS's engine they
// are out of range (measured).
func (s *segment) element(v value.Value) (value.Value, bool) {
	items, n := v.Items(), s.n
	if s.kind == fromEnd {
		n = len(items) - n
	}
	if n < 0 || n >= len(items) {
		return value.Value{}, false
	}
	return items[n], true
}

// pick is the object of those of the named members that v has.
func (s *segment) pick(v value.Value) value.Value {
	var picked []value.Member
	for _, name := range s.names {
		if m, ok := v.Get(name); ok {
			picked = append(picked, value.Member{Key: name, Value: m})
		}
	}
	return value.Object(picked...)
}

// lost makes the error of segment i. An element out of range is null to the segments that follow.
func (p *Path) lost(i int, v value.Value) *NotFound {
	if p.segments[i].isIndex() && v.Kind() == value.ArrayKind && i < len(p.segments)-1 {
		return &NotFound{p, i + 1, value.Null()}
	}
	return &NotFound{p, i, v}
}

// collector gathers the matches of an indefinite path. The paths of its filters share its steps.
type collector struct {
	root  value.Value // $ in filters
	steps int
}

func (c *collector) collect(p *Path, doc value.Value) (value.Value, error) {
	var found []value.Value
	if !c.walk(p, 0, doc, &found) {
		return value.Value{}, ErrTooManySteps
	}
	return value.Array(found...), nil
}

// spend reports whether n more steps are left.
func (c *collector) spend(n int) bool {
	c.steps += n
	return c.steps <= MaxSteps
}

// walk applies the segments from i on. It is false when the steps are used up.
func (c *collector) walk(p *Path, i int, v value.Value, found *[]value.Value) bool {
	if !c.spend(1) {
		return false
	}
	if i == len(p.segments) {
		*found = append(*found, v)
		return true
	}
	s := &p.segments[i]
	switch s.kind {
	case member, index, fromEnd:
		if next, ok := s.step(v); ok {
			return c.walk(p, i+1, next, found)
		}
		return true
	case members:
		return c.members(p, i, v, found)
	case indices:
		for _, n := range s.ns {
			one := segment{kind: index, n: n}
			if item, ok := one.element(v); ok && !c.walk(p, i+1, item, found) {
				return false
			}
		}
		return true
	case slice:
		for _, item := range s.bounds.cut(v.Items()) {
			if !c.walk(p, i+1, item, found) {
				return false
			}
		}
		return true
	case wildcard:
		return children(v, func(child value.Value) bool { return c.walk(p, i+1, child, found) })
	case filtered:
		return c.filter(p, i, v, found)
	}
	return c.scan(p, i+1, v, found)
}

// members walks into each of the named members, or, at the end of the path, gives one object of them.
func (c *collector) members(p *Path, i int, v value.Value, found *[]value.Value) bool {
	s := &p.segments[i]
	if i == len(p.segments)-1 {
		if v.Kind() == value.ObjectKind {
			*found = append(*found, s.pick(v))
		}
		return true
	}
	for _, name := range s.names {
		if m, ok := v.Get(name); ok && !c.walk(p, i+1, m, found) {
			return false
		}
	}
	return true
}

// filter tests the elements of an array, or an object itself (not its members).
func (c *collector) filter(p *Path, i int, v value.Value, found *[]value.Value) bool {
	candidates := v.Items()
	if v.Kind() == value.ObjectKind {
		candidates = []value.Value{v}
	}
	for _, candidate := range candidates {
		if c.passes(p.segments[i].filter, candidate) && !c.walk(p, i+1, candidate, found) {
			return false
		}
	}
	return c.spend(0)
}

// scan applies segment i to v and to everything inside it.
func (c *collector) scan(p *Path, i int, v value.Value, found *[]value.Value) bool {
	if v.Kind() != value.ArrayKind && v.Kind() != value.ObjectKind {
		return true
	}
	if c.selects(&p.segments[i], v) && !c.walk(p, i, v, found) {
		return false
	}
	return c.spend(1) && children(v, func(child value.Value) bool { return c.scan(p, i, child, found) })
}

// selects reports whether a deep scan stops at v to apply s. A filter is asked of each container; several names must
// all be there.
func (c *collector) selects(s *segment, v value.Value) bool {
	switch s.kind {
	case filtered:
		return c.passes(s.filter, v)
	case members:
		return s.pick(v).Len() == len(s.names)
	}
	return true
}

// children calls f with each element or member until it is false.
func children(v value.Value, f func(value.Value) bool) bool {
	for _, item := range v.Items() {
		if !f(item) {
			return false
		}
	}
	if v.Kind() == value.ObjectKind {
		for i := range v.Len() {
			if _, m := v.Member(i); !f(m) {
				return false
			}
		}
	}
	return true
}

// cut is the part of items inside the bounds. An end counts from the back only where it is the slice's one end, as in
// AWS's engine: [-2:] and [:-2], but [1:-1] is empty.
func (b bounds) cut(items []value.Value) []value.Value {
	from, to := b.from, b.to
	switch {
	case !b.hasTo:
		to = len(items)
		if from < 0 {
			from += len(items)
		}
	case !b.hasFrom && to < 0:
		to += len(items)
	}
	from, to = max(from, 0), min(to, len(items))
	if from >= to {
		return nil
	}
	return items[from:to]
}
