package tasks

import (
	"errors"
	"fmt"
)

// MockConfig is a mock configuration of AWS Step Functions Local (MockConfigFile.json), read and checked:
//
//	{"StateMachines":   {"order": {"TestCases": {"HappyPath": {"Charge": "Charged"}}}},
//	 "MockedResponses": {"Charged": {"0": {"Throw": {"Error": "Busy", "Cause": "try again"}}, "1-2": {"Return": {"StatusCode": 200}}}}}
//
// A number or range names the invocations that an answer is for.
type MockConfig struct {
	machines []mockedMachine
}

type mockedMachine struct {
	name  string
	cases []mockedCase
}

type mockedCase struct {
	name   string
	states []*responses
}

// Case is the mocks of one test case of one state machine. Either name may be empty if there is only one to choose.
func (c *MockConfig) Case(machine, testCase string) (*Mocks, error) {
	names := make([]string, len(c.machines))
	for i, m := range c.machines {
		names[i] = m.name
	}
	i, err := pick("state machine", machine, names)
	if err != nil {
		return nil, fmt.Errorf("mock configuration: %w", err)
	}
	m := c.machines[i]

	names = make([]string, len(m.cases))
	for i, tc := range m.cases {
		names[i] = tc.name
	}
	if i, err = pick("test case", testCase, names); err != nil {
		return nil, fmt.Errorf("mock configuration: state machine %q: %w", m.name, err)
	}
	return &Mocks{states: m.cases[i].states}, nil
}

// pick finds a name, or takes the only one if none is asked for.
func pick(what, name string, names []string) (int, error) {
	if len(names) == 0 {
		return 0, errors.New("it has no " + what)
	}
	if name == "" {
		if len(names) == 1 {
			return 0, nil
		}
		return 0, fmt.Errorf("no %s is named, %s", what, choose(name, names))
	}
	for i, n := range names {
		if n == name {
			return i, nil
		}
	}
	return 0, fmt.Errorf("it has no %s %q, %s", what, name, choose(name, names))
}
