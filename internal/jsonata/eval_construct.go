package jsonata

import (
	"strings"

	"github.com/sfnx/sfnx/internal/value"
)

// arrayNode is [a, b..c, [d]].
type arrayNode struct {
	items  []node
	nested []bool // the item is itself an array constructor: it is not flattened
	cons   bool
}

func (c *compiler) array(n *ast) node {
	out := &arrayNode{items: c.nodes(n.list), cons: n.consArray}
	for _, item := range n.list {
		out.nested = append(out.nested, item.kind == arrayKind)
	}
	return out
}

func (n *arrayNode) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	var mark uint8
	if n.cons {
		mark = consMark
		ev.dirty = true
	}
	if err := ev.step(len(n.items)); err != nil {
		return value.Value{}, err
	}
	if len(n.items) == 1 && !n.nested[0] {
		v, err := n.items[0].eval(ev, in, fr)
		if err != nil {
			return value.Value{}, err
		}
		if v.Kind() == value.ArrayKind {
			return v.WithMark(mark), nil
		}
		if v.IsUndefined() {
			return value.Array().WithMark(mark), nil
		}
		return value.Array(v).WithMark(mark), ev.charge(headerBytes + itemBytes)
	}
	out := make([]value.Value, 0, len(n.items))
	for i, item := range n.items {
		v, err := item.eval(ev, in, fr)
		switch {
		case err != nil:
			return value.Value{}, err
		case v.IsUndefined():
		case v.Kind() == value.ArrayKind && !n.nested[i]:
			if err := ev.charge(itemBytes * v.Len()); err != nil {
				return value.Value{}, err
			}
			out = append(out, v.Items()...)
		default:
			out = append(out, v)
		}
	}
	return value.Array(out...).WithMark(mark), ev.charge(headerBytes + itemBytes*len(out))
}

// appendValues is the language's way to add to an array: arrays are joined, anything else counts as an array of one.
func (ev *evaluator) appendValues(a, b value.Value) (value.Value, *Error) {
	switch {
	case a.IsUndefined():
		return b, nil
	case b.IsUndefined():
		return a, nil
	}
	count := func(v value.Value) int {
		if v.Kind() == value.ArrayKind {
			return v.Len()
		}
		return 1
	}
	n := count(a) + count(b)
	if err := ev.charge(headerBytes + itemBytes*n); err != nil {
		return value.Value{}, err
	}
	if err := ev.step(n / 16); err != nil {
		return value.Value{}, err
	}
	out := make([]value.Value, 0, n)
	for _, v := range [2]value.Value{a, b} {
		if v.Kind() == value.ArrayKind {
			out = append(out, v.Items()...)
		} else {
			out = append(out, v)
		}
	}
	return value.Array(out...), nil
}

// objectNode is {key: value, ...}, alone or as the grouping of a path.
type objectNode struct {
	keys, values []node
	shape        *value.Shape // of an object whose keys are all written out, else nil
	names        []string
	pos          int
}

func (c *compiler) object(n *ast) *objectNode {
	out := &objectNode{pos: n.pos}
	seen := map[string]bool{}
	fixed := true
	for _, pair := range n.pairs {
		out.keys = append(out.keys, c.node(pair[0]))
		out.values = append(out.values, c.node(pair[1]))
		k, v := pair[0], pair[0].text
		fixed = fixed && k.kind == stringKind && k.predicates == nil && k.group == nil && !k.keepArray && !seen[v] && !reserved(v)
		seen[v] = true
		out.names = append(out.names, v)
	}
	if fixed {
		out.shape = value.NewShape(out.names)
	}
	return out
}

func reserved(key string) bool {
	return strings.HasPrefix(key, "_jsonata_") && (key == "_jsonata_lambda" || key == "_jsonata_function")
}

func (n *objectNode) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	return n.over(ev, in, fr)
}

// over makes one object of all items of a sequence: the keys group them.
func (n *objectNode) over(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	if in.Kind() == value.OpaqueKind {
		if t, ok := in.Opaque().(*tuples); ok {
			return n.overTuples(ev, t, fr)
		}
	}
	if err := ev.step(len(n.keys) + 1); err != nil {
		return value.Value{}, err
	}
	item, one := in, true
	if in.Kind() == value.ArrayKind {
		switch items := in.Items(); len(items) {
		case 0:
			item = value.Value{}
		case 1:
			item = items[0]
		default:
			one = false
		}
	}
	if one && n.shape != nil {
		return n.fixed(ev, item, fr)
	}
	items := []value.Value{item}
	if !one {
		items = in.Items()
	}
	g := groups{node: n, index: map[string]int{}}
	for _, item := range items {
		if err := ev.step(len(n.keys)); err != nil {
			return value.Value{}, err
		}
		for i, key := range n.keys {
			k, err := key.eval(ev, item, fr)
			if err == nil {
				err = g.add(ev, k, i, item)
			}
			if err != nil {
				return value.Value{}, err
			}
		}
	}
	return g.object(ev, func(e *group) (value.Value, *Error) {
		data, err := e.data(ev)
		if err != nil {
			return value.Value{}, err
		}
		return n.values[e.pair].eval(ev, data, fr)
	})
}

// fixed makes an object of one item and keys that are known.
func (n *objectNode) fixed(ev *evaluator, item value.Value, fr *frame) (value.Value, *Error) {
	vals := make([]value.Value, len(n.values))
	missing := 0
	for i, e := range n.values {
		v, err := e.eval(ev, item, fr)
		if err != nil {
			return value.Value{}, err
		}
		if v.IsUndefined() {
			missing++
		}
		vals[i] = v
	}
	if err := ev.charge(headerBytes + itemBytes*len(vals)); err != nil {
		return value.Value{}, err
	}
	if missing == 0 {
		return value.ObjectOf(n.shape, vals), nil
	}
	keys, kept := make([]string, 0, len(vals)-missing), vals[:0]
	for i, v := range vals {
		if !v.IsUndefined() {
			keys, kept = append(keys, n.names[i]), append(kept, v)
		}
	}
	return value.ObjectOf(value.NewShape(keys), kept), nil
}

// groups collects items by key.
type groups struct {
	node  *objectNode
	list  []group
	index map[string]int
}

type group struct {
	key   string
	pair  int // of the object constructor
	items []value.Value
	rows  []int // numbers of tuples, instead of items
}

// find is the group of a key for one more item, nil if the key is undefined.
func (g *groups) find(ev *evaluator, key value.Value, pair int) (*group, *Error) {
	if key.IsUndefined() {
		return nil, nil
	}
	if key.Kind() != value.StringKind {
		return nil, &Error{Code: "T1003", Position: g.node.pos, value: key}
	}
	k := key.Str()
	if reserved(k) {
		return nil, &Error{Code: "D1013", Position: g.node.pos, value: key}
	}
	i, ok := g.index[k]
	if !ok {
		i = len(g.list)
		g.index[k] = i
		g.list = append(g.list, group{key: k, pair: pair})
	}
	if g.list[i].pair != pair {
		return nil, &Error{Code: "D1009", Position: g.node.pos, value: key}
	}
	return &g.list[i], ev.charge(itemBytes)
}

func (g *groups) add(ev *evaluator, key value.Value, pair int, item value.Value) *Error {
	e, err := g.find(ev, key, pair)
	if e != nil && err == nil {
		e.items = append(e.items, item)
	}
	return err
}

// data is what the value expression of a group works on: the item, or all of them joined.
func (e *group) data(ev *evaluator) (value.Value, *Error) {
	if len(e.items) == 1 {
		return e.items[0], nil
	}
	return ev.joined(e.items)
}

// joined appends values to one another.
func (ev *evaluator) joined(items []value.Value) (value.Value, *Error) {
	out := make([]value.Value, 0, len(items))
	for _, v := range items {
		var err *Error
		if out, err = ev.join(out, v); err != nil {
			return value.Value{}, err
		}
	}
	return value.Array(out...), ev.charge(headerBytes + itemBytes*len(out))
}

// join appends a value, the items of one that is an array, nothing of one that is undefined.
func (ev *evaluator) join(list []value.Value, v value.Value) ([]value.Value, *Error) {
	switch v.Kind() {
	case value.UndefinedKind:
		return list, nil
	case value.ArrayKind:
		if err := ev.charge(itemBytes * v.Len()); err != nil {
			return nil, err
		}
		return append(list, v.Items()...), nil
	}
	return append(list, v), nil
}

// object evaluates the value of each group.
func (g *groups) object(ev *evaluator, eval func(*group) (value.Value, *Error)) (value.Value, *Error) {
	keys, vals := make([]string, 0, len(g.list)), make([]value.Value, 0, len(g.list))
	for i := range g.list {
		v, err := eval(&g.list[i])
		if err != nil {
			return value.Value{}, err
		}
		if !v.IsUndefined() {
			keys, vals = append(keys, g.list[i].key), append(vals, v)
		}
	}
	return value.ObjectOf(value.NewShape(keys), vals), ev.charge(headerBytes + 2*itemBytes*len(vals))
}
