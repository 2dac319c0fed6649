package tasks

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend/sim"
)

// Mocks answers Task states from lists, one for each state name. It counts the invocations of the executions that ask
// it, so it belongs to one region. The zero Mocks answers nothing.
type Mocks struct {
	states []*responses // in the order in which they were given
	counts map[invocations]int
}

var _ sim.Tasks = (*Mocks)(nil)

// responses are the answers of one state.
type responses struct {
	state  string
	name   string // of the mocked response in the configuration; empty for --mock
	spans  []span // without gaps, from invocation 0
	repeat bool   // the last answer is good for all further invocations
}

// span is the answer to a run of invocations, up to and including last.
type span struct {
	last   int
	answer sim.Answer
}

type invocations struct {
	executionArn string
	state        string
}

// With is these mocks and more, with counts that start afresh. A state that more has mocks for is answered by those
// alone: in their order, the last one for all further invocations.
func (m *Mocks) With(more ...Mock) *Mocks {
	added := &Mocks{}
	for _, mock := range more {
		r := added.find(mock.State)
		if r == nil {
			r = &responses{state: mock.State, repeat: true}
			added.states = append(added.states, r)
		}
		r.spans = append(r.spans, span{len(r.spans), mock.answer})
	}
	out := &Mocks{}
	for _, r := range m.states {
		if added.find(r.state) == nil {
			out.states = append(out.states, r)
		}
	}
	out.states = append(out.states, added.states...)
	return out
}

func (m *Mocks) find(state string) *responses {
	for _, r := range m.states {
		if r.state == state {
			return r
		}
	}
	return nil
}

// Answer gives the next answer of a state. The error names no state and no resource: the region does.
func (m *Mocks) Answer(c sim.Call) (sim.Answer, error) {
	if m.counts == nil {
		m.counts = map[invocations]int{}
	}
	key := invocations{c.ExecutionArn, c.State}
	n := m.counts[key]
	m.counts[key]++

	r := m.find(c.State)
	if r == nil {
		return sim.Answer{}, fmt.Errorf("no mock answers its invocation %d: add %s, or the state to the test case in the --mocks file", n, flagFor(c.State))
	}
	i := sort.Search(len(r.spans), func(i int) bool { return n <= r.spans[i].last })
	if i == len(r.spans) {
		if !r.repeat || i == 0 {
			return sim.Answer{}, fmt.Errorf("no mock answers its invocation %d: %s; add %q to it in the --mocks file, or use %s", n, r.given(), strconv.Itoa(n), flagFor(c.State))
		}
		i--
	}
	return r.spans[i].answer, nil
}

// given says how far the answers reach.
func (r *responses) given() string {
	if len(r.spans) == 0 {
		return fmt.Sprintf("the mocked response %q is empty", r.name)
	}
	last := r.spans[len(r.spans)-1].last
	if last == 0 {
		return fmt.Sprintf("the mocked response %q has invocation 0 only", r.name)
	}
	return fmt.Sprintf("the mocked response %q has invocations 0 to %d", r.name, last)
}

// flagFor is the flag, ready for a shell, that would answer a state.
func flagFor(state string) string {
	if state == "" || state[0] == '"' || strings.Contains(state, "=") {
		state = strconv.Quote(state)
	}
	return "--mock '" + strings.ReplaceAll(state, "'", `'\''`) + `={"your":"result"}'`
}

// Check finds the mocks that can never be used because no machine has a Task state of that name.
func (m *Mocks) Check(machines ...*asl.Machine) []error {
	types := map[string]asl.Type{}
	var tasks []string
	var visit func(*asl.Scope)
	visit = func(scope *asl.Scope) {
		for _, s := range scope.States {
			if types[s.Name] != asl.TaskType {
				types[s.Name] = s.Type
			}
			switch body := s.Body.(type) {
			case *asl.Task:
				tasks = append(tasks, s.Name)
			case *asl.Parallel:
				for _, b := range body.Branches {
					visit(b)
				}
			case *asl.Map:
				visit(body.Processor)
			}
		}
	}
	for _, machine := range machines {
		visit(&machine.Scope)
	}

	var errs []error
	for _, r := range m.states {
		switch t, found := types[r.state]; {
		case t == asl.TaskType:
		case found:
			errs = append(errs, fmt.Errorf("mock for %q: the state is a %s, only Task states are mocked", r.state, t))
		case len(tasks) == 0:
			errs = append(errs, fmt.Errorf("mock for %q: the definition has no Task state at all", r.state))
		default:
			errs = append(errs, fmt.Errorf("mock for %q: the definition has no state of that name, %s", r.state, choose(r.state, tasks)))
		}
	}
	return errs
}
