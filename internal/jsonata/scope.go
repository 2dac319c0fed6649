package jsonata

import "github.com/sfnx/sfnx/internal/value"

// scope lists the variables of one frame: of a function, a block, or a path that makes tuples. Every scope has one
// frame at run time, so a variable is found by counting frames outwards.
type scope struct {
	parent *scope
	names  []string
}

func (s *scope) find(name string) int {
	for i, n := range s.names {
		if n == name {
			return i
		}
	}
	return -1
}

// add makes room for a name and returns its place.
func (s *scope) add(name string) int {
	if i := s.find(name); i >= 0 {
		return i
	}
	s.names = append(s.names, name)
	return len(s.names) - 1
}

// frame holds the values of a scope's variables. A slot with the zero Value is not bound yet: the variable of the
// same name further out shows through.
type frame struct {
	parent *frame
	scope  *scope
	slots  []value.Value
}

// small is the number of variables that are allocated together with their frame.
const small = 4

func newFrame(parent *frame, s *scope) *frame {
	n := len(s.names)
	if n > small {
		return &frame{parent: parent, scope: s, slots: make([]value.Value, n)}
	}
	f := &struct {
		frame
		room [small]value.Value
	}{}
	f.frame = frame{parent: parent, scope: s, slots: f.room[:n]}
	return &f.frame
}

// reuse is newFrame with a frame that is no longer needed, if there is one.
func (ev *evaluator) reuse(parent *frame, s *scope) *frame {
	f, n := ev.spare, len(s.names)
	if f == nil || cap(f.slots) < n {
		return newFrame(parent, s)
	}
	ev.spare = f.parent
	f.parent, f.scope, f.slots = parent, s, f.slots[:n]
	clear(f.slots)
	return f
}

// release gives back the frame of a function that keeps no frames.
func (ev *evaluator) release(f *frame) {
	if !ev.leaked {
		f.parent = ev.spare
		ev.spare = f
	}
}

// The marks that arrays carry inside an evaluation.
const (
	seqMark   uint8 = 1 << iota // a sequence: one of no items is undefined, one of one item is that item
	keepMark                    // a sequence of one that stays an array
	consMark                    // built by a constructor in a path: not flattened into the result of a step
	outerMark                   // wraps the input of the whole expression
	boundMark                   // on an undefined value in a slot: bound to nothing
)

// bound is a value as a slot holds it.
func bound(v value.Value) value.Value {
	if v.IsUndefined() {
		return v.WithMark(boundMark)
	}
	return v
}

// local is a variable of a scope of the expression; next is where to look if its slot is not bound.
type local struct {
	hops, slot int
	next       node
}

func (n *local) eval(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	f := fr
	for range n.hops {
		f = f.parent
	}
	v := f.slots[n.slot]
	if v.IsUndefined() {
		if v.Mark() != boundMark {
			return n.next.eval(ev, in, fr)
		}
		return value.Value{}, nil
	}
	return ev.norm(v), nil
}

// global is a variable that the environment or the language defines.
type global struct {
	expr  *Expr
	index int
}

func (n *global) eval(ev *evaluator, _ value.Value, _ *frame) (value.Value, *Error) {
	if ev.expr == n.expr {
		if v := ev.globals[n.index]; !v.IsUndefined() {
			return v, nil
		}
	}
	return ev.lookup(n), nil
}

// lookup finds a global once per evaluation: bindings, then functions, then what is built in.
func (ev *evaluator) lookup(n *global) value.Value {
	own := ev.expr == n.expr
	if own && ev.globals[n.index].Mark() == boundMark {
		return value.Value{}
	}
	v := ev.resolve(n.expr.globals[n.index])
	if own {
		ev.globals[n.index] = bound(v)
	}
	return v
}

func (ev *evaluator) resolve(name string) value.Value {
	if ev.env.Bindings != nil {
		if v, ok := ev.env.Bindings(name); ok {
			return v
		}
	}
	if f, ok := ev.env.Functions[name]; ok {
		if f == nil {
			return value.Value{}
		}
		return f.opaque
	}
	return builtins[name]
}

// declared collects the names that an expression binds in the frame it runs in.
func declared(n *ast, add func(string)) {
	switch n.kind {
	case lambdaKind:
		return
	case blockKind: // its list has a frame of its own, predicates and grouping have not
		for _, s := range n.predicates {
			declared(s.filter, add)
		}
		if n.group != nil {
			declared(n.group, add)
		}
		return
	case bindKind:
		add(n.lhs.text)
	case pathKind:
		steps := n.list
		for i, s := range steps {
			if s.tuple { // from here on in the frame of the path
				return
			}
			declared(steps[i], add)
		}
		if n.group != nil {
			declared(n.group, add)
		}
		return
	}
	n.children(func(c *ast) { declared(c, add) })
}

// tupleNames collects the names that the tuples of a path carry.
func tupleNames(n *ast, add func(string)) {
	switch n.kind {
	case blockKind:
		if len(n.list) > 0 {
			tupleNames(n.list[len(n.list)-1], add)
		}
		return
	case pathKind:
	default:
		return
	}
	for _, s := range n.list {
		for _, name := range []string{s.focus, s.index} {
			if name != "" {
				add(name)
			}
		}
		if s.ancestor != nil {
			add(s.ancestor.label)
		}
		for _, st := range s.stages {
			if st.index != "" {
				add(st.index)
			}
		}
		tupleNames(s, add)
	}
}
