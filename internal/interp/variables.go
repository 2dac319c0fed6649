package interp

import (
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/expr"
	"github.com/sfnx/sfnx/internal/value"
)

// scope is the workflow variables of one thread; those of the threads around it are visible too.
type scope struct {
	outer  *scope
	names  []string
	values []value.Value
}

func (s *scope) find(name string) (value.Value, bool) {
	for ; s != nil; s = s.outer {
		for i, n := range s.names {
			if n == name {
				return s.values[i], true
			}
		}
	}
	return value.Value{}, false
}

// Variable is a workflow variable that the thread sees.
func (t *thread) Variable(name string) (value.Value, bool) { return t.scope().find(name) }

// scope is the innermost one that has variables, nil if there is none.
func (t *thread) scope() *scope {
	if t.own != nil {
		return t.own
	}
	return t.outer
}

// maxAssign is the most that one Assign may set, and so the longest variable, in bytes.
const maxAssign = 262_144

// assignment evaluates an Assign in an environment: an object with the new values of variables.
func (x *Execution) assignment(t *thread, s *state, assign expr.Payload, env *expr.Env) (value.Value, *failure) {
	assigned, err := assign.Eval(env)
	if err != nil {
		return assigned, x.evaluationFailure(t, err)
	}
	x.observe(t, Variables, assigned)
	size, more := 0, 0
	for i := range assigned.Len() {
		name, v := assigned.Member(i)
		size += v.Size()
		more += v.Size() - t.own.size(name)
	}
	most := x.config.Limits.Variables
	if most >= 0 && (size > maxAssign || x.stored+more > most) {
		return assigned, &failure{name: ptr(errDataLimit), cause: ptr("The state/task '" + s.Name + "' assigned variables with a size exceeding the maximum number of bytes service limit.")}
	}
	return assigned, nil
}

// size is how much a variable of this scope takes, 0 if it has none of that name.
func (s *scope) size(name string) int {
	if s == nil {
		return 0
	}
	for i, n := range s.names {
		if n == name {
			return s.values[i].Size()
		}
	}
	return 0
}

// dropVariables forgets the variables of a thread that is over.
func (x *Execution) dropVariables(t *thread) {
	if t.own == nil {
		return
	}
	for _, v := range t.own.values {
		x.stored -= v.Size()
	}
	t.own = nil
}

// assign sets variables of the thread from the members of an object.
func (x *Execution) assign(t *thread, assigned value.Value) {
	if assigned.Len() == 0 {
		return
	}
	if t.own == nil {
		t.own = &scope{outer: t.outer}
	}
next:
	for i := range assigned.Len() {
		name, v := assigned.Member(i)
		x.stored += v.Size() - t.own.size(name)
		for j, n := range t.own.names {
			if n == name {
				t.own.values[j] = v
				continue next
			}
		}
		t.own.names, t.own.values = append(t.own.names, name), append(t.own.values, v)
	}
}

// variablesOf lists assignments for the history.
func variablesOf(assigned value.Value) []history.Variable {
	var list []history.Variable
	for i := range assigned.Len() {
		name, v := assigned.Member(i)
		list = append(list, history.Variable{Name: name, Value: history.Lazy(v)})
	}
	return list
}
