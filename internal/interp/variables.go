package interp

import (
	"github.com/sfnx/sfnx/history"
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

// assign sets variables of the thread from the members of an object.
func (t *thread) assign(assigned value.Value) {
	if assigned.Len() == 0 {
		return
	}
	if t.own == nil {
		t.own = &scope{outer: t.outer}
	}
next:
	for i := range assigned.Len() {
		name, v := assigned.Member(i)
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
