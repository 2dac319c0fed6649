package tasks

import (
	"fmt"
	"strings"

	"github.com/sfnx/sfnx/backend/sim"
)

// Answerer answers the calls that it matches: *Mocks, *Task.
type Answerer interface {
	sim.Tasks
	Matches(sim.Call) bool
	String() string // what it matches, for the message when none does
}

// Chain gives each call to the first answerer that matches it.
func Chain(answerers ...Answerer) sim.Tasks { return chain(answerers) }

type chain []Answerer

func (c chain) Answer(call sim.Call) (sim.Answer, error) {
	var tried []string
	for _, a := range c {
		if a.Matches(call) {
			return a.Answer(call)
		}
		if s := a.String(); s != "" {
			tried = append(tried, s)
		}
	}
	message := "nothing answers it"
	if len(tried) > 0 {
		message += " (tried: " + strings.Join(tried, ", ") + ")"
	}
	return sim.Answer{}, fmt.Errorf("%s: add %s or --task 'PATTERN=exec:COMMAND'", message, flagFor(call.State))
}

// Matches reports whether the state has mocks.
func (m *Mocks) Matches(c sim.Call) bool { return m.find(c.State) != nil }

// String is the names of the states that have mocks.
func (m *Mocks) String() string {
	names := make([]string, len(m.states))
	for i, r := range m.states {
		names[i] = r.state
	}
	return strings.Join(names, ", ")
}
