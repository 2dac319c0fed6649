package expr

import "github.com/sfnx/sfnx/internal/jsonata"

// Variables are the names of the workflow variables that the expression reads.
func (e *Expression) Variables() []string {
	paths := e.paths
	if e.path != nil {
		paths = []*Path{e.path}
	}
	var names []string
	for _, p := range paths {
		if name := p.Variable(); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// Variables are the names of the workflow variables that the template reads.
func (t *Template) Variables() []string { return t.root.variables(nil) }

func (n *node) variables(names []string) []string {
	if n.expression != nil {
		names = append(names, n.expression.Variables()...)
	}
	for _, h := range n.holes {
		names = h.variables(names)
	}
	return names
}

// Variables are the names of the workflow variables that the query reads.
func (q *Query) Variables() []string { return q.root.variables(nil) }

func (n *queryNode) variables(names []string) []string {
	names = append(names, n.reads...)
	for _, h := range n.holes {
		names = h.variables(names)
	}
	return names
}

// variablesRead are the variables that an expression expects to find: neither $states nor a function.
func variablesRead(refs []jsonata.Reference) []string {
	var names []string
	for _, r := range refs {
		_, extra := dialect[r.Name]
		if r.Use == jsonata.UsesVariable && r.Name != "states" && !r.Builtin && !extra {
			names = append(names, r.Name)
		}
	}
	return names
}
