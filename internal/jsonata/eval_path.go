package jsonata

import "github.com/sfnx/sfnx/internal/value"

// step is one step of a path.
type step struct {
	node    node
	name    string // of a step that is a plain name
	plain   bool
	cons    bool // the first step is an array constructor
	filters []filter
	order   *order
}

// path is a location path: each step works on every item that the one before it found.
type path struct {
	steps    []step
	absolute bool // starts with a variable: the context is not iterated over
	keep     bool // a[]
	more     bool // the steps are only the first of a path
	group    *objectNode

	keepSequence bool // a^(b)[]: keep only what is a sequence
}

func (c *compiler) path(n *ast) node {
	for _, s := range n.list {
		if s.tuple {
			return c.tuplePath(n)
		}
	}
	p := &path{absolute: n.list[0].kind == variableKind, keep: n.keepSingleton, keepSequence: n.keepArray}
	names := !p.keep && !p.keepSequence && n.group == nil
	for i, s := range n.list {
		st := c.step(s)
		st.cons = i == 0 && s.consArray
		names = names && (st.plain || i == 0 && p.absolute && st.filters == nil && !s.keepArray && s.predicates == nil)
		p.steps = append(p.steps, st)
	}
	if n.group != nil {
		p.group = c.object(n.group)
	}
	if names && len(p.steps) == 1 && p.steps[0].plain {
		return &nameOnly{name: p.steps[0].name, path: p}
	}
	if names {
		return &namePath{path: p}
	}
	return p
}

func (c *compiler) step(s *ast) step {
	var st step
	switch {
	case s.kind == sortKind:
		st.order = c.order(s)
	case s.kind == nameKind && s.predicates == nil && s.group == nil && !s.keepArray:
		st.name, st.plain, st.node = s.text, true, &nameNode{s.text}
		c.expr.depth = max(c.expr.depth, c.depth+1)
	default:
		st.node = c.node(s)
	}
	for _, f := range s.stages {
		if f.filter == nil { // an index without tuples to carry it
			continue
		}
		st.filters = append(st.filters, c.filter(f.filter))
		st.plain = false
	}
	return st
}

// nameOnly is a path of one name, the commonest of all.
type nameOnly struct {
	name string
	path *path
}

func (n *nameOnly) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	if in.Kind() != value.ObjectKind {
		return n.path.eval(ev, in, fr)
	}
	v, _ := in.Get(n.name)
	return ev.norm(v), nil
}

// namePath is a path of names, perhaps with a variable before them. As long as no array is met there is one value.
type namePath struct{ *path }

func (n *namePath) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	cur, steps := in, n.steps
	if n.absolute {
		v, err := steps[0].node.eval(ev, in, fr)
		if err != nil {
			return value.Value{}, err
		}
		cur, steps = v, steps[1:]
	}
	for i := range steps {
		if cur.Kind() != value.ObjectKind {
			if cur.Kind() == value.ArrayKind {
				return n.from(ev, cur, fr, len(n.steps)-len(steps)+i)
			}
			return value.Value{}, nil
		}
		cur, _ = cur.Get(steps[i].name)
	}
	if cur.Mark()&seqMark != 0 {
		return unwrap(cur.WithMark(seqMark)), nil
	}
	return cur, nil
}

func (p *path) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	return p.from(ev, in, fr, 0)
}

// from evaluates the steps from number first on.
func (p *path) from(ev *evaluator, in value.Value, fr *frame, first int) (value.Value, *Error) {
	v, one, err := p.run(ev, in, fr, first)
	if err != nil {
		return value.Value{}, err
	}
	if !p.keep && !p.keepSequence && p.group == nil {
		if one {
			return v, nil
		}
		return ev.norm(v), nil
	}
	if one || p.keep && v.Mark()&(consMark|seqMark) == consMark {
		v = sequence([]value.Value{v})
	}
	if p.keep {
		v = ev.keep(v)
	}
	if p.group != nil {
		return p.group.over(ev, v, fr)
	}
	if p.keepSequence && v.Mark()&seqMark != 0 {
		v = ev.keep(v)
	}
	return ev.norm(v), nil
}

// run returns one value, or a sequence, or the array that the last step found as it is.
func (p *path) run(ev *evaluator, in value.Value, fr *frame, first int) (cur value.Value, one bool, err *Error) {
	cur = in // an array stands for its items
	one = first == 0 && (p.absolute || in.Kind() != value.ArrayKind)
	for i := first; i < len(p.steps); i++ {
		s := &p.steps[i]
		if s.cons {
			if one {
				cur = sequence([]value.Value{cur})
			}
			cur, err = s.node.eval(ev, cur, fr)
			one = false
			switch cur.Kind() { // a predicate or a grouping may have made something else of it
			case value.ArrayKind:
			case value.StringKind: // the reference steps through its code units
				cur = sequence(units(cur.Str(), -1))
				err = ev.charge(itemBytes * cur.Len())
			default:
				cur = sequence(nil)
			}
		} else {
			cur, one, err = s.run(ev, cur, one, fr, i == len(p.steps)-1 && !p.more)
		}
		if err != nil {
			return value.Value{}, false, err
		}
		if !one && cur.Len() == 0 {
			break
		}
	}
	return cur, one, nil
}

// run applies a step to one value, or to each item of an array.
func (s *step) run(ev *evaluator, in value.Value, one bool, fr *frame, last bool) (value.Value, bool, *Error) {
	if s.order != nil {
		if one {
			in = sequence([]value.Value{in})
		}
		v, err := s.order.sort(ev, in, fr)
		for i := 0; err == nil && i < len(s.filters); i++ {
			v, err = s.filters[i].apply(ev, v, fr)
		}
		return v, false, err
	}
	items := in.Items()
	if !one && len(items) == 1 {
		in, one = items[0], true
	}
	if one {
		if err := ev.step(1); err != nil {
			return value.Value{}, false, err
		}
		v, err := s.one(ev, in, fr)
		switch {
		case err != nil:
			return value.Value{}, false, err
		case v.IsUndefined():
			return sequence(nil), false, nil
		case v.Kind() != value.ArrayKind:
			return v, true, nil
		case last && v.Mark()&seqMark == 0:
			return v, false, nil
		case v.Mark()&consMark != 0:
			return v, true, nil
		}
		return v.WithMark(seqMark), false, nil
	}
	if err := ev.step(len(items)); err != nil {
		return value.Value{}, false, err
	}
	if err := ev.charge(headerBytes + itemBytes*len(items)); err != nil {
		return value.Value{}, false, err
	}
	out := make([]value.Value, 0, len(items))
	found := 0
	var only value.Value
	for _, item := range items {
		v, err := s.one(ev, item, fr)
		if err != nil {
			return value.Value{}, false, err
		}
		switch {
		case v.IsUndefined():
			continue
		case v.Kind() == value.ArrayKind && v.Mark()&consMark == 0:
			if err := ev.charge(itemBytes * v.Len()); err != nil {
				return value.Value{}, false, err
			}
			out = append(out, v.Items()...)
		default:
			out = append(out, v)
		}
		found++
		only = v
	}
	if last && found == 1 && only.Kind() == value.ArrayKind && only.Mark()&seqMark == 0 {
		return only, false, nil
	}
	return sequence(out), false, nil
}

// one applies a step to one item.
func (s *step) one(ev *evaluator, item value.Value, fr *frame) (v value.Value, err *Error) {
	if s.plain && item.Kind() == value.ObjectKind {
		v, _ = item.Get(s.name)
		return ev.norm(v), nil
	}
	v, err = s.node.eval(ev, item, fr)
	for i := 0; err == nil && i < len(s.filters); i++ {
		v, err = s.filters[i].apply(ev, v, fr)
	}
	return v, err
}
