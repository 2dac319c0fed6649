package jsonata

import (
	"math"

	"github.com/sfnx/sfnx/internal/value"
)

func (c *compiler) binary(n *ast) node {
	l, r := c.node(n.lhs), c.node(n.rhs)
	op := operands{l, r, n.text, n.pos}
	switch n.text {
	case "+", "-", "*", "/", "%":
		return &arithmetic{op, n.text[0]}
	case "=", "!=":
		return &equality{op, n.text == "!="}
	case "<", "<=", ">", ">=":
		return &comparison{op, n.text[0] == '<', len(n.text) == 2}
	case "&":
		return c.concatenation(op)
	case "..":
		return &rangeNode{operands: op}
	case "in":
		return &inclusion{op}
	case "and", "or":
		return &logical{op, n.text == "or"}
	}
	panic("jsonata: operator " + n.text)
}

type operands struct {
	lhs, rhs node
	op       string
	pos      int
}

func (o *operands) both(ev *evaluator, in value.Value, fr *frame) (l, r value.Value, err *Error) {
	if err = ev.step(1); err != nil {
		return
	}
	if l, err = o.lhs.eval(ev, in, fr); err == nil {
		r, err = o.rhs.eval(ev, in, fr)
	}
	return
}

func (o *operands) fail(code string, v value.Value) *Error {
	return &Error{Code: code, Position: o.pos, Token: o.op, value: v}
}

// numeric reports whether v is a number; one that is not finite is an error, or none if it is NaN.
func numeric(v value.Value) (bool, *Error) {
	if v.Kind() != value.NumberKind {
		return false, nil
	}
	if v.IsInt() {
		return true, nil
	}
	f := v.Float64()
	return f == f, finite(v)
}

// number is a computed number.
func (ev *evaluator) number(f float64) value.Value {
	if f-f != 0 {
		ev.dirty = true
	}
	return value.Float(f)
}

type arithmetic struct {
	operands
	sign byte
}

func (n *arithmetic) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	l, r, err := n.both(ev, in, fr)
	if err != nil {
		return value.Value{}, err
	}
	if !l.IsUndefined() {
		if ok, err := numeric(l); err != nil {
			return value.Value{}, n.place(err)
		} else if !ok {
			return value.Value{}, n.fail("T2001", l)
		}
	}
	if !r.IsUndefined() {
		if ok, err := numeric(r); err != nil {
			return value.Value{}, n.place(err)
		} else if !ok {
			return value.Value{}, n.fail("T2002", r)
		}
	}
	if l.IsUndefined() || r.IsUndefined() {
		return value.Value{}, nil
	}
	x, y := l.Float64(), r.Float64()
	switch n.sign {
	case '+':
		x += y
	case '-':
		x -= y
	case '*':
		x *= y
	case '/':
		x /= y
	default:
		x = math.Mod(x, y)
	}
	return ev.number(x), nil
}

func (o *operands) place(err *Error) *Error {
	err.Position, err.Token = o.pos, o.op
	return err
}

type equality struct {
	operands
	not bool
}

func (n *equality) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	l, r, err := n.both(ev, in, fr)
	if err != nil {
		return value.Value{}, err
	}
	if l.IsUndefined() || r.IsUndefined() {
		return value.Bool(false), nil
	}
	same, err := ev.equal(l, r, 0)
	if err != nil {
		return value.Value{}, n.place(err)
	}
	return value.Bool(same != n.not), nil
}

// equal compares two values in depth.
func (ev *evaluator) equal(a, b value.Value, depth int) (bool, *Error) {
	if a.Kind() != b.Kind() {
		return false, nil
	}
	switch a.Kind() {
	case value.NumberKind:
		return a.Float64() == b.Float64(), nil
	case value.StringKind:
		return a.Str() == b.Str(), nil
	case value.BoolKind:
		return a.Bool() == b.Bool(), nil
	case value.OpaqueKind:
		return a.Opaque() == b.Opaque(), nil
	case value.ArrayKind:
		x, y := a.Items(), b.Items()
		if len(x) != len(y) {
			return false, nil
		}
		if err := ev.enter(len(x), depth); err != nil {
			return false, err
		}
		for i := range x {
			if same, err := ev.equal(x[i], y[i], depth+1); !same {
				return false, err
			}
		}
	case value.ObjectKind:
		if a.Len() != b.Len() {
			return false, nil
		}
		if err := ev.enter(a.Len(), depth); err != nil {
			return false, err
		}
		for i := range a.Len() {
			k, x := a.Member(i)
			y, ok := b.Get(k)
			if !ok {
				return false, nil
			}
			if same, err := ev.equal(x, y, depth+1); !same {
				return false, err
			}
		}
	}
	return true, nil
}

type comparison struct {
	operands
	less, orEqual bool
}

func comparable(k value.Kind) bool {
	return k == value.UndefinedKind || k == value.NumberKind || k == value.StringKind
}

func (n *comparison) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	l, r, err := n.both(ev, in, fr)
	if err != nil {
		return value.Value{}, err
	}
	lk, rk := l.Kind(), r.Kind()
	switch {
	case !comparable(lk) || !comparable(rk):
		wrong := r
		if lk != value.StringKind && lk != value.NumberKind {
			wrong = l
		}
		return value.Value{}, n.fail("T2010", wrong)
	case lk == value.UndefinedKind || rk == value.UndefinedKind:
		return value.Value{}, nil
	case lk != rk:
		err := n.fail("T2009", l)
		err.value2 = r
		return value.Value{}, err
	}
	var less, same bool
	if lk == value.NumberKind {
		x, y := l.Float64(), r.Float64()
		less, same = x < y, x == y
		if x != x || y != y {
			return value.Bool(false), nil
		}
	} else {
		c := compareText(l.Str(), r.Str())
		less, same = c < 0, c == 0
	}
	if same {
		return value.Bool(n.orEqual), nil
	}
	return value.Bool(less == n.less), nil
}

// maxRange is the largest array that the range operator makes, whatever the budget.
const maxRange = 1e7

type rangeNode struct {
	operands
	raw bool
}

func (n *rangeNode) keepRaw() { n.raw = true }

func (n *rangeNode) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	l, r, err := n.both(ev, in, fr)
	if err != nil {
		return value.Value{}, err
	}
	whole := func(v value.Value) bool {
		if v.IsUndefined() {
			return true
		}
		f := v.Float64()
		return v.Kind() == value.NumberKind && f == math.Trunc(f) && f-f == 0
	}
	if !whole(l) {
		return value.Value{}, n.fail("T2003", l)
	}
	if !whole(r) {
		return value.Value{}, n.fail("T2004", r)
	}
	if l.IsUndefined() || r.IsUndefined() || l.Float64() > r.Float64() {
		return value.Value{}, nil
	}
	size := r.Float64() - l.Float64() + 1
	if size > maxRange {
		return value.Value{}, n.fail("D2014", value.Float(size))
	}
	count := int(size)
	if err := ev.charge(headerBytes + itemBytes*count); err != nil {
		return value.Value{}, n.place(err)
	}
	if err := ev.step(count); err != nil {
		return value.Value{}, n.place(err)
	}
	items := make([]value.Value, count)
	if from, ok := l.Int64(); ok && from > -1<<53 && from < 1<<53 {
		for i := range items {
			items[i] = value.Int(from + int64(i))
		}
	} else {
		for i := range items {
			items[i] = value.Float(l.Float64() + float64(i))
		}
	}
	v := sequence(items)
	if n.raw {
		return v, nil
	}
	return unwrap(v), nil
}

type inclusion struct{ operands }

func (n *inclusion) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	l, r, err := n.both(ev, in, fr)
	if err != nil {
		return value.Value{}, err
	}
	if l.IsUndefined() || r.IsUndefined() {
		return value.Bool(false), nil
	}
	if r.Kind() != value.ArrayKind {
		return value.Bool(identical(l, r)), nil
	}
	if err := ev.step(r.Len()); err != nil {
		return value.Value{}, n.place(err)
	}
	for _, item := range r.Items() {
		if identical(l, item) {
			return value.Bool(true), nil
		}
	}
	return value.Bool(false), nil
}

// identical is JavaScript's ===: arrays and objects are equal to themselves only.
func identical(a, b value.Value) bool {
	if a.Kind() != b.Kind() {
		return false
	}
	switch a.Kind() {
	case value.NumberKind:
		return a.Float64() == b.Float64()
	case value.StringKind:
		return a.Str() == b.Str()
	case value.OpaqueKind:
		return a.Opaque() == b.Opaque()
	}
	return a.WithMark(0) == b.WithMark(0)
}

type logical struct {
	operands
	or bool
}

func (n *logical) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	if err := ev.step(1); err != nil {
		return value.Value{}, err
	}
	l, err := n.lhs.eval(ev, in, fr)
	if err != nil {
		return value.Value{}, err
	}
	ok, err := ev.truth(l)
	if err != nil {
		return value.Value{}, n.place(err)
	}
	if ok == n.or {
		return value.Bool(ok), nil
	}
	r, err := n.rhs.eval(ev, in, fr)
	if err == nil {
		ok, err = ev.truth(r)
	}
	if err != nil {
		return value.Value{}, n.place(err)
	}
	return value.Bool(ok), nil
}

// negate is -a.
type negate struct {
	expr node
	pos  int
}

func (n *negate) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	v, err := n.expr.eval(ev, in, fr)
	if err != nil || v.IsUndefined() {
		return value.Value{}, err
	}
	ok, err := numeric(v)
	if err != nil {
		return value.Value{}, err
	}
	if !ok {
		return value.Value{}, &Error{Code: "D1002", Position: n.pos, Token: "-", value: v}
	}
	return ev.number(-v.Float64()), nil
}
