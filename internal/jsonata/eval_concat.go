package jsonata

import (
	"strings"

	"github.com/sfnx/sfnx/internal/value"
)

// concatenation is a & b & c: the operands of a chain are put together at once.
type concatenation struct {
	parts []node
	at    []operands // the operator before each part but the first
}

func (c *compiler) concatenation(op operands) node {
	n, ok := op.lhs.(*concatenation)
	if !ok {
		n = &concatenation{parts: []node{op.lhs}}
	}
	n.parts = append(n.parts, op.rhs)
	n.at = append(n.at, operands{op: op.op, pos: op.pos})
	return n
}

func (n *concatenation) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	if err := ev.step(len(n.at)); err != nil {
		return value.Value{}, err
	}
	base := len(ev.texts)
	s, err := n.join(ev, in, fr, base)
	clear(ev.texts[base:])
	ev.texts = ev.texts[:base]
	return s, err
}

func (n *concatenation) join(ev *evaluator, in value.Value, fr *frame, base int) (value.Value, *Error) {
	size := 0
	for i, part := range n.parts {
		v, err := part.eval(ev, in, fr)
		if err != nil {
			return value.Value{}, err
		}
		s, err := ev.text(v)
		if err != nil {
			return value.Value{}, n.at[max(i-1, 0)].place(err)
		}
		if k := len(ev.texts); k > base && meet(ev.texts[k-1], s) {
			ev.texts[k-1] = concat(ev.texts[k-1], s)
			continue
		}
		ev.texts = append(ev.texts, s)
		size += len(s)
	}
	if err := ev.charge(size); err != nil {
		return value.Value{}, n.at[0].place(err)
	}
	var b strings.Builder
	b.Grow(size)
	for _, s := range ev.texts[base:] {
		b.WriteString(s)
	}
	return value.String(b.String()), nil
}
