package asl

// variables is what the states of one scope do with workflow variables. Those inside a Parallel or Map have scopes of
// their own.
type variables struct {
	flow    *flow
	outer   *variables // nil for the machine
	inside  string     // name of the Parallel or Map, a state of outer
	apart   bool       // the processor of a distributed Map: its iterations are executions of their own
	assigns []variableUse
	reads   []variableUse

	assigned map[string]bool
	index    map[string]int // of the states; made when it is needed
	leads    [][]int        // where each of them leads
	latest   string         // name of a variable
	after    []bool         // by state: whether it comes after an assignment of latest
}

type variableUse struct {
	name  string
	state string
	at    *place
}

// enterVariables begins a scope. What it returns ends it.
func (p *parser) enterVariables(f *flow) func() {
	v := &variables{flow: f, outer: p.variables, inside: p.inState, assigned: map[string]bool{}}
	if config := f.at.field("ProcessorConfig"); config != nil && config.kind == '{' {
		if mode := config.field("Mode"); mode != nil {
			v.apart = p.text[mode.start:mode.end] == `"DISTRIBUTED"`
		}
	}
	p.variables = v
	p.allScopes = append(p.allScopes, v)
	return func() { p.variables = v.outer }
}

// assigns notes that the state in progress assigns a variable.
func (p *parser) assigns(name string, at *place) {
	v := p.variables
	v.assigned[name] = true
	v.assigns = append(v.assigns, variableUse{name, p.inState, at})
}

// read notes the variables that the value at a place reads.
func (p *parser) read(at *place, names ...string) {
	p.reads = append(p.reads, names...)
	for _, name := range names {
		p.variables.reads = append(p.variables.reads, variableUse{name, p.inState, at})
	}
}

// checkVariables reports what a scope does to variables of the scopes around it (guide, "Scope of workflow variables": names
// are unique in nested scopes, and the states of a distributed Map do not see those outside). Recorded: a name may be
// assigned outside by what only comes after the Parallel or Map. The wording is not AWS's.
func (p *parser) checkVariables(v *variables) {
	for _, use := range v.assigns {
		if p.setOutside(v, use.name) {
			p.atName(use.at, "Variable '"+use.name+"' is assigned in an outer scope already").Hint = "an inner scope can read it, and assign variables of other names"
		}
	}
	for _, use := range v.reads {
		for scope := v; scope != nil && !scope.assigned[use.name]; scope = scope.outer {
			if scope.apart && p.setOutside(scope, use.name) {
				p.schema(use.at, "Variable '"+use.name+"' of an outer scope cannot be referenced in a Map state with mode 'DISTRIBUTED'").Hint = "hand it in by ItemSelector or BatchInput"
				break
			}
		}
	}
}

// setOutside reports whether a variable may have a value outside of a scope when the scope begins: something assigns it on
// the way to the Parallel or Map.
func (p *parser) setOutside(v *variables, name string) bool {
	for ; v.outer != nil; v = v.outer {
		if v.outer.assigned[name] && p.follows(v.outer, v.inside, name) {
			return true
		}
	}
	return false
}

// follows reports whether a state can come after one of its scope that assigns a variable.
func (p *parser) follows(v *variables, state, name string) bool {
	if v.index == nil {
		v.index = make(map[string]int, len(v.flow.states))
		for i := range v.flow.states {
			v.index[v.flow.states[i].at.name] = i
		}
		v.leads = make([][]int, len(v.flow.states))
		for i := range v.flow.states {
			for _, target := range v.flow.states[i].targets {
				if j, ok := v.index[p.str(target)]; ok {
					v.leads[i] = append(v.leads[i], j)
				}
			}
		}
	}
	if v.after == nil || v.latest != name {
		v.latest, v.after = name, make([]bool, len(v.leads))
		var next []int
		for _, use := range v.assigns {
			if use.name == name {
				next = append(next, v.index[use.state])
			}
		}
		for len(next) > 0 {
			i := next[len(next)-1]
			next = next[:len(next)-1]
			for _, j := range v.leads[i] {
				if !v.after[j] {
					v.after[j] = true
					next = append(next, j)
				}
			}
		}
	}
	return v.after[v.index[state]]
}

// VariableReferences are the names of the workflow variables that the states read, sorted, by the name of the state;
// states that read none are left out. It is DescribeStateMachine's variableReferences.
func (m *Machine) VariableReferences() map[string][]string {
	out := map[string][]string{}
	m.variableReferences(out)
	return out
}

func (s *Scope) variableReferences(out map[string][]string) {
	for _, st := range s.States {
		if len(st.VariableReferences) > 0 {
			out[st.Name] = st.VariableReferences
		}
		for _, inner := range st.Scopes() {
			inner.variableReferences(out)
		}
	}
}

// Scopes are the scopes inside a state: the branches of a Parallel, the processor of a Map, none of others.
func (s *State) Scopes() []*Scope {
	switch body := s.Body.(type) {
	case *Parallel:
		return body.Branches
	case *Map:
		return []*Scope{body.Processor}
	}
	return nil
}
