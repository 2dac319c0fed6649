package interp

import (
	"github.com/sfnx/sfnx/internal/value"
)

// Only is the program that visits one state, wherever it stands in the machine, and ends where that state leads: with its
// output, or with its failure. A retrier that would try again ends it too. False if there is no state of that name.
func (p *Program) Only(name string) (*Program, bool) {
	for i, s := range p.states {
		if s.Name == name {
			return &Program{states: p.states, start: i, only: true}, true
		}
	}
	return nil, false
}

// Test is what surrounds a state that is visited alone. The zero Test is an execution that has just begun.
type Test struct {
	Variables         value.Value // an object: the workflow variables that have been assigned
	Context           value.Value // an object: members of the context object that take the place of its own
	RetrierRetryCount int         // how often the retrier that matches has been used
}

// alone reports whether a thread is at the one state that the program visits.
func (x *Execution) alone(t *thread) bool { return x.program.only && t.block == nil }
