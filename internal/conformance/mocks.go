package conformance

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/value"
)

// recordedTasks answers Task states with what was recorded, in the order of a state's invocations.
type recordedTasks map[string][]*answer

// answer is one recorded answer. One with an input is for a task whose state has that input.
type answer struct {
	sim.Answer
	when *value.Value
	used bool
}

// readMocks reads the member "mocks" of a case.
func readMocks(mocks value.Value) (recordedTasks, error) {
	tasks := recordedTasks{}
	for i := range mocks.Len() {
		state, entries := mocks.Member(i)
		for n, entry := range entries.Items() {
			a, err := readAnswer(entry)
			if err != nil {
				return nil, fmt.Errorf("mocks of %q: answer %d: %w", state, n, err)
			}
			tasks[state] = append(tasks[state], a)
		}
	}
	return tasks, nil
}

func readAnswer(entry value.Value) (*answer, error) {
	a, answers := &answer{}, 0
	var submitted *value.Value
	var worker string
	for i := range entry.Len() {
		k, v := entry.Member(i)
		switch k {
		case "Return":
			a.Answer = sim.Return(v)
			answers++
		case "Throw":
			a.Answer = sim.Throw(text(v, "Error"), text(v, "Cause"))
			answers++
		case "TimedOut", "Pending":
			a.Answer = sim.Never()
			answers++
		case "When":
			if input, ok := v.Get("input"); ok {
				a.when = &input
			}
		case "Submitted":
			submitted = &v
		case "WorkerName":
			worker = v.Str()
		default:
			return nil, fmt.Errorf("the member %q is not known", k)
		}
	}
	if answers != 1 {
		return nil, errors.New("want one of Return, Throw, TimedOut and Pending")
	}
	a.Answer = a.By(worker)
	if submitted != nil {
		a.Answer = a.Submitted(*submitted)
	}
	return a, nil
}

func text(v value.Value, name string) *string {
	m, ok := v.Get(name)
	if !ok {
		return nil
	}
	s := m.Str()
	return &s
}

// Answer takes the first answer that is unused and fits the state's input. A list that is too short repeats its last answer.
func (t recordedTasks) Answer(c sim.Call) (sim.Answer, error) {
	answers := t[c.State]
	if len(answers) == 0 && strings.Contains(c.Resource, ":activity:") { // deleted before the execution came to it
		return sim.Refuse("The activity " + c.Resource + " does not exist."), nil
	}
	if len(answers) == 0 {
		return sim.Answer{}, errors.New("no answer was recorded")
	}
	for _, a := range answers {
		if !a.used && (a.when == nil || value.Equal(*a.when, c.Input)) {
			a.used = true
			return a.Answer, nil
		}
	}
	return answers[len(answers)-1].Answer, nil
}
