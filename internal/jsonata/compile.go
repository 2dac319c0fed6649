package jsonata

import (
	"fmt"
	"math"

	"github.com/sfnx/sfnx/internal/jsregex"
	"github.com/sfnx/sfnx/internal/value"
)

// node is a compiled expression. eval works on the context value in; fr holds the variables in scope.
type node interface {
	eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error)
}

// Expr is a compiled expression. It is immutable and may be evaluated by many goroutines at once.
type Expr struct {
	src     string
	tree    *ast
	root    node
	scope   *scope   // of variables bound outside of any block, nil if there are none
	globals []string // variables that the environment defines
	depth   int      // evaluations nested in the source
}

// Compile reads an expression.
func Compile(src string) (*Expr, *Error) { return compile(src, nil) }

// compile reads an expression that sees the variables of outer.
func compile(src string, outer *scope) (*Expr, *Error) {
	src = wellFormed(src)
	tree, err := parse(src)
	if err == nil {
		tree, err = resolve(tree)
	}
	if err != nil {
		return nil, err.finish(src)
	}
	e := &Expr{src: src, tree: tree}
	c := &compiler{expr: e, scope: outer, known: map[string]int{}}
	top := &scope{parent: outer}
	declared(tree, func(name string) { top.add(name) })
	if len(top.names) > 0 {
		e.scope, c.scope = top, top
	}
	e.root = c.node(tree)
	if c.err != nil {
		return nil, c.err.finish(src)
	}
	return e, nil
}

type compiler struct {
	expr  *Expr
	scope *scope
	depth int // evaluations nested at run time, from the start of the function
	known map[string]int
	err   *Error
}

// within compiles with one more scope, unless that would be empty.
func (c *compiler) within(s *scope, f func()) {
	outer := c.scope
	s.parent = outer
	c.scope = s
	f()
	c.scope = outer
}

func (c *compiler) nodes(list []*ast) []node {
	out := make([]node, len(list))
	for i, n := range list {
		out[i] = c.node(n)
	}
	return out
}

// node compiles a tree with its predicates and grouping.
func (c *compiler) node(n *ast) node {
	c.depth++
	defer func() { c.depth-- }()
	c.expr.depth = max(c.expr.depth, c.depth)
	out := c.base(n)
	if n.kind == pathKind {
		return out
	}
	return c.after(n, out)
}

// after adds what every kind of node may carry.
func (c *compiler) after(n *ast, out node) node {
	group := n.group
	if n.predicates == nil && group == nil && !n.keepArray {
		return out
	}
	if r, ok := out.(interface{ keepRaw() }); ok {
		r.keepRaw()
	}
	p := &postlude{base: out, keep: n.keepArray}
	for _, s := range n.predicates {
		p.filters = append(p.filters, c.filter(s.filter))
	}
	if group != nil {
		p.group = c.object(group)
	}
	return p
}

// postlude evaluates a node and then its predicates and grouping.
type postlude struct {
	base    node
	filters []filter
	group   *objectNode
	keep    bool
}

func (n *postlude) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	v, err := n.base.eval(ev, in, fr)
	for i := 0; err == nil && i < len(n.filters); i++ {
		v, err = n.filters[i].apply(ev, v, fr)
	}
	if err == nil && n.group != nil {
		v, err = n.group.over(ev, v, fr)
	}
	if err != nil {
		return value.Value{}, err
	}
	if n.keep && v.Kind() == value.ArrayKind && v.Mark()&seqMark != 0 {
		v = ev.keep(v)
	}
	return ev.norm(v), nil
}

func (c *compiler) base(n *ast) node {
	switch n.kind {
	case pathKind:
		return c.path(n)
	case nameKind:
		return &nameNode{name: n.text}
	case stringKind, numberKind, literalKind:
		return &literal{n.val}
	case variableKind:
		return c.variable(n.text)
	case parentKind:
		return c.variable(n.slot.label)
	case wildcardKind:
		return &wildcard{}
	case descendantKind:
		return &descendants{}
	case regexKind:
		return c.regex(n)
	case binaryKind:
		return c.binary(n)
	case negateKind:
		return &negate{c.node(n.lhs), n.pos}
	case arrayKind:
		return c.array(n)
	case objectKind:
		return c.object(n)
	case blockKind:
		return c.block(n)
	case conditionKind:
		out := &condition{cond: c.node(n.lhs), then: c.node(n.rhs)}
		if n.third != nil {
			out.other = c.node(n.third)
		}
		return out
	case elvisKind:
		return &elvis{c.node(n.lhs), c.node(n.rhs)}
	case coalesceKind:
		return &coalesce{c.node(n.lhs), c.node(n.rhs)}
	case bindKind:
		return &bind{slot: c.scope.find(n.lhs.text), value: c.node(n.rhs)}
	case callKind:
		return c.call(n)
	case partialKind:
		return c.partial(n)
	case lambdaKind:
		return c.lambda(n)
	case applyKind:
		return c.apply(n)
	case transformKind:
		out := &transform{pattern: c.node(n.lhs), update: c.node(n.rhs), pos: n.pos, updatePos: n.rhs.pos, clone: c.variable("clone"), depth: c.depth}
		if n.third != nil {
			out.remove, out.removePos = c.node(n.third), n.third.pos
		}
		return out
	case operatorKind:
		return &literal{}
	}
	panic(fmt.Sprintf("jsonata: node of kind %d", n.kind))
}

// variable finds the frames in which a name may be bound, innermost first.
func (c *compiler) variable(name string) node {
	switch name {
	case "":
		return contextNode{}
	case "$":
		return rootNode{}
	}
	var found []*local
	hops := 0
	for s := c.scope; s != nil; s = s.parent {
		if i := s.find(name); i >= 0 {
			found = append(found, &local{hops: hops, slot: i})
		}
		hops++
	}
	index, ok := c.known[name]
	if !ok {
		index = len(c.expr.globals)
		c.expr.globals = append(c.expr.globals, name)
		c.known[name] = index
	}
	var out node = &global{c.expr, index}
	for i := len(found) - 1; i >= 0; i-- {
		found[i].next = out
		out = found[i]
	}
	return out
}

func (c *compiler) block(n *ast) node {
	s := &scope{}
	for _, e := range n.list {
		declared(e, func(name string) { s.add(name) })
	}
	b := &block{}
	if len(s.names) == 0 {
		b.list = c.nodes(n.list)
	} else {
		b.scope = s
		c.within(s, func() { b.list = c.nodes(n.list) })
	}
	if b.scope == nil && len(b.list) == 1 {
		return &single{node: b.list[0]}
	}
	return b
}

func (c *compiler) regex(n *ast) node {
	re, err := jsregex.Compile(n.text, n.flags)
	if err != nil {
		if c.err == nil {
			c.err = &Error{Code: CodeRegex, Position: n.pos, Token: n.text, word: err.Error()}
		}
		return &literal{}
	}
	return &literal{value.Opaque(&function{kind: regexFunction, arity: 2, regex: re, source: n.text, pos: n.pos})}
}

// filter compiles a predicate.
func (c *compiler) filter(n *ast) filter {
	if n.kind == numberKind && n.predicates == nil {
		return filter{literal: true, index: int(math.Floor(n.val.Float64()))}
	}
	return filter{node: c.node(n)}
}
