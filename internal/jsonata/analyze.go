package jsonata

// Use says what kind of thing an expression refers to.
type Use uint8

// The uses.
const (
	UsesVariable Use = iota // $name, that the expression does not bind itself
	UsesContext             // $ as the input of the whole expression
	UsesRoot                // $$
	UsesField               // a name, * or ** looked up in the input of the whole expression
)

// Reference is one place where an expression depends on what Eval is given.
type Reference struct {
	Use      Use
	Name     string   // of the variable or field, without $
	Path     []string // plain names that follow it: $states.input.a has input, a
	Builtin  bool     // the variable has the name of a built-in function
	Position int      // as in Error
}

// References lists what the expression depends on, in the order of the source as far as it can be kept.
func (e *Expr) References() []Reference {
	w := &walker{src: e.src}
	var bound *names
	if e.scope != nil {
		bound = &names{list: e.scope.names}
	}
	w.walk(e.tree, bound, true)
	return w.found
}

// names are the variables bound at a place, innermost first.
type names struct {
	outer *names
	list  []string
}

func (n *names) has(name string) bool {
	for ; n != nil; n = n.outer {
		if contains(n.list, name) {
			return true
		}
	}
	return false
}

type walker struct {
	src   string
	found []Reference
}

func (w *walker) add(r Reference, n *ast) {
	r.Position = unitsBefore(w.src, n.pos)
	w.found = append(w.found, r)
}

// walk visits a tree. root says that its context is the input of the whole expression.
func (w *walker) walk(n *ast, bound *names, root bool) {
	if n == nil {
		return
	}
	switch n.kind {
	case pathKind:
		w.path(n, bound, root)
		return
	case blockKind:
		s := &names{outer: bound}
		for _, e := range n.list {
			declared(e, func(name string) { s.list = append(s.list, name) })
		}
		for _, e := range n.list {
			w.walk(e, s, root)
		}
	case lambdaKind:
		s := &names{outer: bound}
		for _, p := range n.list {
			s.list = append(s.list, p.text)
		}
		declared(n.rhs, func(name string) { s.list = append(s.list, name) })
		w.walk(n.rhs, s, root)
	case transformKind:
		for _, c := range []*ast{n.lhs, n.rhs, n.third} {
			w.walk(c, bound, false)
		}
	case bindKind:
		w.walk(n.rhs, bound, root)
	default:
		w.step(n, nil, bound, root)
		own := *n
		own.predicates, own.stages, own.group = nil, nil, nil
		own.children(func(c *ast) { w.walk(c, bound, root) })
	}
	w.after(n, bound)
}

// after visits predicates and grouping, whose context is an item of what the node found.
func (w *walker) after(n *ast, bound *names) {
	for _, list := range [][]stage{n.predicates, n.stages} {
		for _, s := range list {
			w.walk(s.filter, bound, false)
		}
	}
	w.walk(n.group, bound, false)
}

// step notes what a node by itself refers to.
func (w *walker) step(n *ast, path []string, bound *names, root bool) {
	switch {
	case n.kind == variableKind && n.text == "$":
		w.add(Reference{Use: UsesRoot, Path: path}, n)
	case n.kind == variableKind && n.text == "":
		if root {
			w.add(Reference{Use: UsesContext, Path: path}, n)
		}
	case n.kind == variableKind && !bound.has(n.text):
		_, builtin := builtins[n.text]
		w.add(Reference{Use: UsesVariable, Name: n.text, Path: path, Builtin: builtin}, n)
	case root && n.kind == nameKind:
		w.add(Reference{Use: UsesField, Name: n.text, Path: path}, n)
	case root && n.kind == wildcardKind:
		w.add(Reference{Use: UsesField, Name: "*"}, n)
	case root && n.kind == descendantKind:
		w.add(Reference{Use: UsesField, Name: "**"}, n)
	}
}

func (w *walker) path(n *ast, bound *names, root bool) {
	s := &names{outer: bound}
	tupleNames(n, func(name string) { s.list = append(s.list, name) })
	for _, step := range n.list {
		if step.tuple {
			declared(step, func(name string) { s.list = append(s.list, name) })
		}
	}
	for i, step := range n.list {
		here := root && i == 0
		if i == 0 && step.kind == variableKind || here && step.kind == nameKind {
			var path []string
			if step.predicates == nil && step.stages == nil {
				for _, next := range n.list[1:] {
					if next.kind != nameKind {
						break
					}
					path = append(path, next.text)
					if next.stages != nil {
						break
					}
				}
			}
			w.step(step, path, s, root)
			w.after(step, s)
			continue
		}
		if step.kind == nameKind {
			w.after(step, s)
			continue
		}
		w.walk(step, s, here)
	}
	w.walk(n.group, s, false)
}
