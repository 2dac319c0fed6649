package interp

import (
	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/history"
)

// none is the index of no state.
const none = -1

// Program is a machine made ready to run: all scopes in one list, transitions as indexes. It is immutable and
// shared by the machine's executions.
type Program struct {
	states  []*state
	start   int
	timeout int64 // TimeoutSeconds of the machine; 0: none
	only    bool  // ends where its first state leads
}

// processor is the program of the child executions of a distributed Map.
func (p *Program) processor(s *state) *Program { return &Program{states: p.states, start: s.starts[0]} }

// state is a state of the program. Indexes point into Program.states.
type state struct {
	*asl.State
	next     int   // none for a terminal state
	catch    []int // Next of each catcher
	choices  []int // Next of each choice rule
	rules    []condition
	fallback int   // Default of a Choice, or none
	starts   []int // StartAt of each branch; of the processor for a Map

	entered, exited, aborted history.Type
}

// Compile links a checked machine.
func Compile(m *asl.Machine) *Program {
	p := &Program{timeout: m.TimeoutSeconds}
	p.start = p.link(&m.Scope)
	return p
}

// link adds the states of a scope and returns the index of its start.
func (p *Program) link(scope *asl.Scope) int {
	index := make(map[string]int, len(scope.States))
	base := len(p.states)
	for i, s := range scope.States {
		index[s.Name] = base + i
		p.states = append(p.states, &state{State: s, entered: history.Type(s.Type + "StateEntered"), exited: history.Type(s.Type + "StateExited"), aborted: history.Type(s.Type + "StateAborted")})
	}
	to := func(name string) int {
		if i, ok := index[name]; ok && name != "" {
			return i
		}
		return none
	}
	for _, s := range p.states[base : base+len(scope.States)] {
		s.next, s.fallback = to(s.Next), none
		for _, c := range s.Catch {
			s.catch = append(s.catch, to(c.Next))
		}
		switch body := s.Body.(type) {
		case *asl.Choice:
			for _, rule := range body.Choices {
				s.choices = append(s.choices, to(rule.Next))
				if rule.Query != nil {
					s.rules = append(s.rules, nil)
				} else {
					s.rules = append(s.rules, compileCondition(rule.Condition))
				}
			}
			s.fallback = to(body.Default)
		case *asl.Parallel:
			for _, branch := range body.Branches {
				s.starts = append(s.starts, p.link(branch))
			}
		case *asl.Map:
			s.starts = []int{p.link(body.Processor)}
		}
	}
	return to(scope.StartAt)
}
