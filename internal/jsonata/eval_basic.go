package jsonata

import "github.com/sfnx/sfnx/internal/value"

type literal struct{ v value.Value }

func (n *literal) eval(*evaluator, value.Value, *frame) (value.Value, *Error) { return n.v, nil }

// contextNode is $.
type contextNode struct{}

func (contextNode) eval(ev *evaluator, in value.Value, _ *frame) (value.Value, *Error) {
	if in.Mark()&outerMark != 0 {
		return in.Items()[0], nil
	}
	return ev.norm(in), nil
}

// rootNode is $$.
type rootNode struct{}

func (rootNode) eval(ev *evaluator, _ value.Value, _ *frame) (value.Value, *Error) {
	return ev.env.Input, nil
}

// nameNode is a step: the member of that name.
type nameNode struct{ name string }

func (n *nameNode) eval(ev *evaluator, in value.Value, _ *frame) (value.Value, *Error) {
	if in.Kind() == value.ObjectKind {
		v, _ := in.Get(n.name)
		return ev.norm(v), nil
	}
	v, err := ev.lookupIn(in, n.name, 0)
	return ev.norm(v), err
}

// lookupIn finds a member in an object, or in each object of an array.
func (ev *evaluator) lookupIn(in value.Value, name string, depth int) (value.Value, *Error) {
	switch in.Kind() {
	case value.ObjectKind:
		v, _ := in.Get(name)
		return v, nil
	case value.ArrayKind:
		items := in.Items()
		if err := ev.enter(len(items), depth); err != nil {
			return value.Value{}, err
		}
		var out []value.Value
		for _, item := range items {
			v, err := ev.lookupIn(item, name, depth+1)
			if err != nil {
				return value.Value{}, err
			}
			if out, err = ev.join(out, v); err != nil {
				return value.Value{}, err
			}
		}
		if err := ev.charge(headerBytes + itemBytes*len(out)); err != nil {
			return value.Value{}, err
		}
		return sequence(out), nil
	}
	return value.Value{}, nil
}

// enter counts n items and refuses values that are nested too deeply to walk.
func (ev *evaluator) enter(n, depth int) *Error {
	if depth > 2*value.MaxDepth {
		return &Error{Code: CodeDepth}
	}
	return ev.step(n)
}

// wildcard is the step *: the values of all members.
type wildcard struct{ raw bool }

func (n *wildcard) keepRaw() { n.raw = true }

func (n *wildcard) eval(ev *evaluator, in value.Value, _ *frame) (value.Value, *Error) {
	if in.Mark()&outerMark != 0 {
		in = in.Items()[0]
	}
	var out []value.Value
	var err *Error
	joined := false // to an array, which makes it an array and no sequence
	each := func(v value.Value) {
		if err != nil {
			return
		}
		if v.Kind() == value.ArrayKind {
			out, err = ev.flatten(v, out, 0)
			joined = true
		} else {
			out = append(out, v)
		}
	}
	switch in.Kind() {
	case value.ArrayKind:
		for _, v := range in.Items() {
			each(v)
		}
	case value.ObjectKind:
		for i := range in.Len() {
			_, v := in.Member(i)
			each(v)
		}
	}
	if err == nil {
		err = ev.charge(headerBytes + itemBytes*len(out))
	}
	if err != nil {
		return value.Value{}, err
	}
	if joined {
		return value.Array(out...), nil
	}
	if n.raw {
		return sequence(out), nil
	}
	return unwrap(sequence(out)), nil
}

// flatten appends the items of nested arrays.
func (ev *evaluator) flatten(v value.Value, out []value.Value, depth int) ([]value.Value, *Error) {
	if v.Kind() != value.ArrayKind {
		return append(out, v), nil
	}
	err := ev.enter(v.Len(), depth)
	for _, item := range v.Items() {
		if err != nil {
			break
		}
		out, err = ev.flatten(item, out, depth+1)
	}
	return out, err
}

// descendants is the step **: a value and everything in it, except arrays.
type descendants struct{ raw bool }

func (n *descendants) keepRaw() { n.raw = true }

func (n *descendants) eval(ev *evaluator, in value.Value, _ *frame) (value.Value, *Error) {
	if in.IsUndefined() {
		return in, nil
	}
	out, err := ev.descend(in, nil, 0)
	if err == nil {
		err = ev.charge(headerBytes + itemBytes*len(out))
	}
	if err != nil {
		return value.Value{}, err
	}
	if len(out) == 1 {
		return ev.norm(out[0]), nil
	}
	return ev.norm(sequence(out)), nil
}

func (ev *evaluator) descend(v value.Value, out []value.Value, depth int) ([]value.Value, *Error) {
	err := ev.enter(v.Len()+1, depth)
	if v.Kind() == value.ArrayKind {
		for _, item := range v.Items() {
			if err != nil {
				break
			}
			out, err = ev.descend(item, out, depth+1)
		}
		return out, err
	}
	out = append(out, v)
	if v.Kind() == value.ObjectKind {
		for i := 0; err == nil && i < v.Len(); i++ {
			_, item := v.Member(i)
			out, err = ev.descend(item, out, depth+1)
		}
	}
	return out, err
}

// block is (a; b; c).
type block struct {
	list  []node
	scope *scope // nil if it binds no variables
	raw   bool
}

func (n *block) keepRaw() { n.raw = true }

func (n *block) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	if n.scope != nil {
		fr = newFrame(fr, n.scope)
	}
	var v value.Value
	var err *Error
	for _, e := range n.list {
		if v, err = e.eval(ev, in, fr); err != nil {
			return value.Value{}, err
		}
	}
	if n.raw {
		return v, nil
	}
	return ev.norm(v), nil
}

// single is a block of one expression that binds nothing.
type single struct {
	node node
	raw  bool
}

func (n *single) keepRaw() { n.raw = true }

func (n *single) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	v, err := n.node.eval(ev, in, fr)
	if n.raw {
		return v, err
	}
	return ev.norm(v), err
}

// condition is a ? b : c.
type condition struct{ cond, then, other node }

func (n *condition) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	if err := ev.step(1); err != nil {
		return value.Value{}, err
	}
	v, err := n.cond.eval(ev, in, fr)
	if err != nil {
		return value.Value{}, err
	}
	ok, err := ev.truth(v)
	switch {
	case err != nil:
		return value.Value{}, err
	case ok:
		v, err = n.then.eval(ev, in, fr)
	case n.other != nil:
		v, err = n.other.eval(ev, in, fr)
	default:
		return value.Value{}, nil
	}
	return ev.norm(v), err
}

// elvis is a ?: b.
type elvis struct{ value, other node }

func (n *elvis) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	v, err := n.value.eval(ev, in, fr)
	if err != nil {
		return value.Value{}, err
	}
	ok, err := ev.truth(v)
	if err == nil && !ok {
		v, err = n.other.eval(ev, in, fr)
	}
	return ev.norm(v), err
}

// coalesce is a ?? b.
type coalesce struct{ value, other node }

func (n *coalesce) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	v, err := n.value.eval(ev, in, fr)
	if err == nil && v.IsUndefined() {
		v, err = n.other.eval(ev, in, fr)
	}
	return ev.norm(v), err
}

// bind is $name := value.
type bind struct {
	slot  int
	value node
}

func (n *bind) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	v, err := n.value.eval(ev, in, fr)
	if err != nil {
		return value.Value{}, err
	}
	fr.slots[n.slot] = bound(v)
	return ev.norm(v), nil
}

// truth is the effective boolean value; undefined and functions are false.
func (ev *evaluator) truth(v value.Value) (bool, *Error) { return ev.truthAt(v, 0) }

func (ev *evaluator) truthAt(v value.Value, depth int) (bool, *Error) {
	switch v.Kind() {
	case value.BoolKind:
		return v.Bool(), nil
	case value.StringKind:
		return v.Str() != "", nil
	case value.NumberKind:
		f := v.Float64()
		if f != f {
			return false, nil
		}
		return f != 0, finite(v)
	case value.ObjectKind:
		return v.Len() > 0, nil
	case value.ArrayKind:
		if err := ev.enter(1, depth); err != nil {
			return false, err
		}
		for _, item := range v.Items() {
			if ok, err := ev.truthAt(item, depth+1); ok || err != nil {
				return ok, err
			}
		}
	}
	return false, nil
}

// finite refuses Infinity.
func finite(v value.Value) *Error {
	if f := v.Float64(); f-f != 0 && f == f {
		return &Error{Code: "D1001", value: v}
	}
	return nil
}
