package jsonata

import "github.com/sfnx/sfnx/internal/value"

// tuple is one item of a path together with the variables that the path has bound on the way to it.
type tuple struct {
	item  value.Value
	slots []value.Value // of the scope of the tuples
}

// tuples is a stream of them. Inside a path it travels as an opaque value.
type tuples struct {
	scope *scope
	rows  []tuple
}

// tupleStep is a step of a path that binds variables with @ and #, or that a parent operator refers to.
type tupleStep struct {
	node                   node
	order                  *order
	focus, index, ancestor int // slots, -1 if there is none
	stages                 []tupleStage
}

type tupleStage struct {
	filter *filter // nil binds an index
	index  int     // slot of the index, -1 if it has no name
}

type tuplePath struct {
	plain *path // the steps before the first that makes tuples
	steps []tupleStep
	scope *scope
	binds bool // expressions in the steps assign variables
	keep  bool
	group *objectNode
	inner bool // part of another path that needs the tuples

	begun   bool // the first step counts as one that makes tuples, though it does not
	ignored bool // the first step is evaluated for its errors only
}

func (c *compiler) tuplePath(n *ast) node {
	first := 0
	for !n.list[first].tuple {
		first++
	}
	p := &tuplePath{keep: n.keepSingleton || n.keepArray, inner: n.tuple, scope: &scope{}}
	p.plain = &path{absolute: n.list[0].kind == variableKind, more: true}
	if n.list[0].consArray && first == 0 { // the reference does not make tuples of an array that starts a path
		p.begun, p.ignored = true, n.list[0].focus != ""
		first = 1
	}
	for i, s := range n.list[:first] {
		st := c.step(s)
		st.cons = i == 0 && s.consArray
		p.plain.steps = append(p.plain.steps, st)
	}
	tupleNames(n, func(name string) { p.scope.add(name) })
	own := len(p.scope.names)
	for _, s := range n.list[first:] {
		declared(s, func(name string) { p.scope.add(name) })
	}
	if n.group != nil {
		declared(n.group, func(name string) { p.scope.add(name) })
	}
	p.binds = len(p.scope.names) > own
	slot := func(name string) int {
		if name == "" {
			return -1
		}
		return p.scope.find(name)
	}
	c.within(p.scope, func() {
		for _, s := range n.list[first:] {
			st := tupleStep{focus: slot(s.focus), index: slot(s.index), ancestor: -1}
			if s.ancestor != nil {
				st.ancestor = slot(s.ancestor.label)
			}
			if s.kind == sortKind {
				st.order = c.order(s)
			} else {
				st.node = c.node(s)
			}
			for _, g := range s.stages {
				if g.filter != nil {
					f := c.filter(g.filter)
					st.stages = append(st.stages, tupleStage{filter: &f})
				} else {
					st.stages = append(st.stages, tupleStage{index: slot(g.index)})
				}
			}
			p.steps = append(p.steps, st)
		}
		if n.group != nil {
			p.group = c.object(n.group)
		}
	})
	return p
}

// frame holds the variables of one tuple.
func (t *tuple) frame(parent *frame, s *scope) *frame {
	return &frame{parent: parent, scope: s, slots: append(make([]value.Value, 0, len(t.slots)), t.slots...)}
}

func (p *tuplePath) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	v, one, err := p.plain.run(ev, in, fr, 0)
	if err != nil {
		return value.Value{}, err
	}
	if p.ignored {
		v, one = in, in.Kind() != value.ArrayKind
	}
	if len(p.plain.steps) > 0 && !p.begun && !one && v.Len() == 0 {
		if p.group != nil {
			return p.group.over(ev, v, newFrame(fr, p.scope))
		}
		return ev.norm(v), nil
	}
	input := []value.Value{v}
	if !one {
		input = v.Items()
	}
	stream := &tuples{scope: p.scope}
	if len(p.steps) > 0 {
		stream = nil
	}
	for i := range p.steps {
		if stream, err = p.steps[i].run(ev, p.scope, stream, input, fr); err != nil {
			return value.Value{}, err
		}
	}
	if p.group != nil {
		return p.group.over(ev, value.Opaque(stream), fr)
	}
	if p.inner {
		return value.Opaque(stream), nil
	}
	out := make([]value.Value, 0, len(stream.rows))
	for _, t := range stream.rows {
		out = append(out, t.item)
	}
	if err := ev.charge(headerBytes + itemBytes*len(out)); err != nil {
		return value.Value{}, err
	}
	seq := sequence(out)
	if p.keep {
		seq = ev.keep(seq)
	}
	return ev.norm(seq), nil
}

// run applies the step to a stream of tuples, or to the input if it is the first step that makes them.
func (s *tupleStep) run(ev *evaluator, sc *scope, stream *tuples, input []value.Value, fr *frame) (*tuples, *Error) {
	var err *Error
	switch {
	case s.order != nil && stream != nil:
		stream, err = s.order.sortTuples(ev, stream, fr)
	case s.order != nil:
		var sorted value.Value
		if sorted, err = s.order.sort(ev, sequence(input), newFrame(fr, sc)); err != nil {
			return nil, err
		}
		stream = &tuples{scope: sc}
		for i, item := range sorted.Items() {
			t := tuple{item: item, slots: make([]value.Value, len(sc.names))}
			if s.index >= 0 {
				t.slots[s.index] = value.Int(int64(i))
			}
			stream.rows = append(stream.rows, t)
		}
	default:
		if stream == nil {
			stream = &tuples{scope: sc}
			for _, item := range input {
				stream.rows = append(stream.rows, tuple{item: item, slots: make([]value.Value, len(sc.names))})
			}
		}
		stream, err = s.each(ev, stream, fr)
	}
	for i := 0; err == nil && i < len(s.stages); i++ {
		if g := &s.stages[i]; g.filter != nil {
			stream, err = g.filter.applyTuples(ev, stream, fr)
		} else if g.index >= 0 {
			for k := range stream.rows {
				t := &stream.rows[k]
				t.slots = append([]value.Value(nil), t.slots...)
				t.slots[g.index] = value.Int(int64(k))
			}
		}
	}
	return stream, err
}

// each evaluates the step for each tuple and makes a tuple of each item found.
func (s *tupleStep) each(ev *evaluator, in *tuples, fr *frame) (*tuples, *Error) {
	out := &tuples{scope: in.scope}
	row := headerBytes + itemBytes*(1+len(in.scope.names))
	for _, t := range in.rows {
		if err := ev.step(1); err != nil {
			return nil, err
		}
		v, err := s.node.eval(ev, t.item, t.frame(fr, in.scope))
		if err != nil {
			return nil, err
		}
		if v.IsUndefined() {
			continue
		}
		if inner, ok := v.Opaque().(*tuples); ok {
			if err := ev.charge(row * len(inner.rows)); err != nil {
				return nil, err
			}
			for _, r := range inner.rows {
				slots := append([]value.Value(nil), t.slots...)
				for i, name := range inner.scope.names {
					if !unbound(r.slots[i]) {
						if k := in.scope.find(name); k >= 0 {
							slots[k] = r.slots[i]
						}
					}
				}
				out.rows = append(out.rows, tuple{item: r.item, slots: slots})
			}
			continue
		}
		items := []value.Value{v}
		if v.Kind() == value.ArrayKind {
			items = v.Items()
		}
		if err := ev.charge(row * len(items)); err != nil {
			return nil, err
		}
		for i, item := range items {
			next := tuple{item: item, slots: append([]value.Value(nil), t.slots...)}
			if s.focus >= 0 {
				next.slots[s.focus] = bound(item)
				next.item = t.item
			}
			if s.index >= 0 {
				next.slots[s.index] = value.Int(int64(i))
			}
			if s.ancestor >= 0 {
				next.slots[s.ancestor] = bound(t.item)
			}
			out.rows = append(out.rows, next)
		}
	}
	return out, nil
}

func unbound(v value.Value) bool { return v.IsUndefined() && v.Mark() != boundMark }

// applyTuples selects tuples.
func (f *filter) applyTuples(ev *evaluator, in *tuples, fr *frame) (*tuples, *Error) {
	out := &tuples{scope: in.scope}
	if f.literal {
		i := f.index
		if i < 0 {
			i += len(in.rows)
		}
		if i >= 0 && i < len(in.rows) {
			out.rows = in.rows[i : i+1]
		}
		return out, nil
	}
	if err := ev.step(len(in.rows)); err != nil {
		return nil, err
	}
	for i, t := range in.rows {
		n, err := f.selects(ev, t.item, t.frame(fr, in.scope), i, len(in.rows))
		if err != nil {
			return nil, err
		}
		for ; n > 0; n-- {
			out.rows = append(out.rows, t)
		}
	}
	return out, nil
}

// overTuples groups tuples: the value of a group sees all items, and all values of each variable.
func (n *objectNode) overTuples(ev *evaluator, in *tuples, fr *frame) (value.Value, *Error) {
	g := groups{node: n, index: map[string]int{}}
	for r, t := range in.rows {
		if err := ev.step(1 + len(n.keys)); err != nil {
			return value.Value{}, err
		}
		own := t.frame(fr, in.scope)
		for i, key := range n.keys {
			k, err := key.eval(ev, t.item, own)
			if err != nil {
				return value.Value{}, err
			}
			e, err := g.find(ev, k, i)
			if err != nil {
				return value.Value{}, err
			}
			if e != nil {
				e.rows = append(e.rows, r)
			}
		}
	}
	rows := append([]tuple(nil), in.rows...)
	return g.object(ev, func(e *group) (value.Value, *Error) {
		t, err := ev.reduce(rows, e.rows)
		if err != nil {
			return value.Value{}, err
		}
		if len(e.rows) == 1 { // the reference uses up the item: further groups of the same tuple do not see it
			rows[e.rows[0]].item = value.Value{}
		}
		return n.values[e.pair].eval(ev, t.item, t.frame(fr, in.scope))
	})
}

// reduce makes one tuple of many: the items, and the values of each variable, appended to one another.
func (ev *evaluator) reduce(rows []tuple, list []int) (tuple, *Error) {
	if len(list) == 1 {
		return rows[list[0]], nil
	}
	column := make([]value.Value, len(list))
	out := tuple{slots: make([]value.Value, len(rows[list[0]].slots))}
	for s := -1; s < len(out.slots); s++ {
		for i, r := range list {
			if column[i] = rows[r].item; s >= 0 {
				column[i] = rows[r].slots[s]
			}
		}
		v, err := ev.joined(column)
		if err != nil {
			return tuple{}, err
		}
		switch {
		case s < 0:
			out.item = v
		case v.Len() > 0:
			out.slots[s] = v
		}
	}
	return out, nil
}
