package jsonata

import "github.com/sfnx/sfnx/internal/value"

// lambda is a function definition.
type lambda struct {
	params    []int // slots
	scope     *scope
	body      node
	signature *signature
	leaf      bool // makes no function that could keep its frame
}

func (c *compiler) lambda(n *ast) node {
	l := &lambda{scope: &scope{}, signature: n.signature, leaf: !closes(n.rhs)}
	for _, p := range n.list {
		l.params = append(l.params, l.scope.add(p.text))
	}
	declared(n.rhs, func(name string) { l.scope.add(name) })
	depth := c.depth
	c.depth = 0
	c.within(l.scope, func() { l.body = c.node(n.rhs) })
	c.depth = depth
	return l
}

// closes reports whether evaluating a tree may make a function that keeps the frame.
func closes(n *ast) bool {
	if n.kind == lambdaKind || n.kind == transformKind {
		return true
	}
	found := false
	n.children(func(c *ast) { found = found || closes(c) })
	return found
}

func (l *lambda) eval(_ *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	return value.Opaque(&function{kind: lambdaFunction, arity: len(l.params), signature: l.signature, lambda: l, frame: fr, input: in}), nil
}

// bind makes the frame of one call.
func (l *lambda) bind(ev *evaluator, f *function, args []value.Value) *frame {
	fr := ev.reuse(f.frame, l.scope)
	for i, slot := range l.params {
		fr.slots[slot] = bound(arg(args, i))
	}
	return fr
}

// call is f(a, b).
type call struct {
	proc  node
	name  string // of the function, for error messages
	args  []node
	pos   int
	depth int // levels of evaluation down to here from the start of the function
	tail  bool
	hint  node // the variable of the same name, if the name lacks its $
	raw   bool
}

func (n *call) keepRaw() { n.raw = true }

func (c *compiler) call(n *ast) *call {
	out := &call{proc: c.node(n.lhs), args: c.nodes(n.list), pos: n.pos, depth: c.depth, tail: n.tail}
	out.name, out.hint = c.procedure(n.lhs)
	return out
}

// procedure is the name by which a function is called.
func (c *compiler) procedure(n *ast) (string, node) {
	switch {
	case n.kind == pathKind && n.list[0].kind == nameKind:
		return n.list[0].text, c.variable(n.list[0].text)
	case n.kind == variableKind:
		return n.text, nil
	}
	return "", nil
}

// callee evaluates the function to call.
func (n *call) callee(ev *evaluator, in value.Value, fr *frame, almost string) (*function, *Error) {
	v, err := n.proc.eval(ev, in, fr)
	if err != nil {
		return nil, err
	}
	if v.IsUndefined() && n.hint != nil {
		if h, err := n.hint.eval(ev, in, fr); err == nil && !h.IsUndefined() {
			return nil, &Error{Code: almost, Position: n.pos, Token: n.name}
		}
	}
	return functionOf(v), nil
}

func (n *call) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	return n.with(ev, in, fr, nil)
}

// with calls the function; first, if not nil, goes before the arguments.
func (n *call) with(ev *evaluator, in value.Value, fr *frame, first *value.Value) (value.Value, *Error) {
	f, err := n.callee(ev, in, fr, "T1005")
	if err != nil {
		return value.Value{}, err
	}
	base := len(ev.stack)
	if first != nil {
		ev.stack = append(ev.stack, *first)
	}
	for _, a := range n.args {
		v, err := a.eval(ev, in, fr)
		if err != nil {
			ev.stack = ev.stack[:base]
			return value.Value{}, err
		}
		ev.stack = append(ev.stack, v)
	}
	args := ev.stack[base:]
	if n.tail && f != nil {
		err = n.later(ev, f, args)
		ev.stack = ev.stack[:base]
		return value.Value{}, err
	}
	ev.depth += int64(n.depth)
	v, err := ev.apply(f, args, caller{context: in, frame: fr})
	ev.depth -= int64(n.depth)
	ev.stack = ev.stack[:base]
	if err != nil {
		return value.Value{}, n.place(err, f)
	}
	if n.raw {
		return v, nil
	}
	return ev.norm(v), nil
}

// place says where a call failed: errors of built-in functions have no place of their own.
func (n *call) place(err *Error, f *function) *Error {
	if err.Token == "" {
		err.Token = n.name
	}
	if err.Position == 0 || f != nil && f.kind == nativeFunction {
		err.Position = n.pos
	}
	return err
}

// later leaves a call in tail position to the function that runs: see body.
func (n *call) later(ev *evaluator, f *function, args []value.Value) *Error {
	ev.tail, ev.tailCall = f, n
	if f.kind != lambdaFunction {
		ev.tailArgs = append(ev.tailArgs[:0], args...)
		return nil
	}
	if f.signature != nil {
		var err *Error
		if args, err = f.signature.validate(args, ev.caller.context); err != nil {
			return n.place(err, f)
		}
	}
	ev.tailFrame = f.lambda.bind(ev, f, args)
	return nil
}

// partial is f(a, ?).
type partial struct {
	call
	holes []int
}

func (c *compiler) partial(n *ast) node {
	out := &partial{call: *c.call(n)}
	for i, a := range n.list {
		if a.kind == operatorKind {
			out.holes = append(out.holes, i)
		}
	}
	return out
}

func (n *partial) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	bound := make([]value.Value, len(n.args))
	for i, a := range n.args {
		v, err := a.eval(ev, in, fr)
		if err != nil {
			return value.Value{}, err
		}
		bound[i] = v
	}
	f, err := n.callee(ev, in, fr, "T1007")
	if err != nil {
		return value.Value{}, err
	}
	if f == nil {
		return value.Value{}, &Error{Code: "T1008", Position: n.pos, Token: n.name}
	}
	return value.Opaque(&function{kind: partialFunction, name: f.name, arity: len(n.holes), first: f, bound: bound, holes: n.holes}), nil
}

// application is a ~> f.
type application struct {
	lhs, rhs node
	call     *call // rhs is a call: lhs is its first argument
	pos      int
	depth    int
	raw      bool
}

func (n *application) keepRaw() { n.raw = true }

func (c *compiler) apply(n *ast) node {
	out := &application{lhs: c.node(n.lhs), pos: n.pos, depth: c.depth}
	if n.rhs.kind == callKind { // the reference ignores predicates and grouping here
		out.call = c.call(n.rhs)
		out.call.tail, out.call.raw = false, true
	} else {
		out.rhs = c.node(n.rhs)
	}
	return out
}

func (n *application) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	v, err := n.value(ev, in, fr)
	if n.raw || err != nil {
		return v, err
	}
	return ev.norm(v), nil
}

func (n *application) value(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	l, err := n.lhs.eval(ev, in, fr)
	if err != nil {
		return value.Value{}, err
	}
	if n.call != nil {
		return n.call.with(ev, in, fr, &l)
	}
	r, err := n.rhs.eval(ev, in, fr)
	if err != nil {
		return value.Value{}, err
	}
	f := functionOf(r)
	if f == nil {
		return value.Value{}, &Error{Code: "T2006", Position: n.pos, value: r}
	}
	if g := functionOf(l); g != nil {
		return value.Opaque(&function{kind: chainFunction, arity: 1, first: g, second: f}), nil
	}
	ev.depth += int64(n.depth)
	v, err := ev.apply(f, []value.Value{l}, caller{context: value.Null(), frame: fr})
	ev.depth -= int64(n.depth)
	if err != nil {
		if err.Token == "" {
			err.Token = f.name
		}
		if err.Position == 0 {
			err.Position = n.pos
		}
	}
	return v, err
}
