package cli

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/tasks"
)

// tasks is what answers the Task states of the machines, of which the first one is the job's own: mocks, else the first
// --task that matches.
func (s *simulatorFlags) tasks(m *merge, w *world, machines []machineFile) sim.Tasks {
	answerers := []tasks.Answerer{&noted{s.allMocks(m, machines), "mocked", w}}
	options := tasks.TaskOptions{Env: m.app.env.Variables}
	if m.app.quiet < 2 {
		options.Log = m.app.err
	}
	for _, text := range s.task {
		task, err := tasks.ParseTask(text, options)
		if err != nil {
			m.fail("task", "", err.Error())
			continue
		}
		by := "by an endpoint"
		if strings.HasPrefix(text, task.Pattern+"=exec:") {
			by = "by a command"
		}
		answerers = append(answerers, &noted{task, by, w})
	}
	return tasks.Chain(answerers...)
}

// noted is an answerer that leaves a note in the world.
type noted struct {
	tasks.Answerer
	by    string
	world *world
}

// Answer answers.
func (n *noted) Answer(c sim.Call) (sim.Answer, error) {
	n.world.mu.Lock()
	n.world.answered[stateOf{c.StateMachine, c.State}] = n.by
	n.world.mu.Unlock()
	return n.Answerer.Answer(c)
}

// allMocks is the file of --mocks, or the one beside the definition, and --mock on top. They answer by the names of states,
// whichever machine these belong to.
func (s *simulatorFlags) allMocks(m *merge, machines []machineFile) *tasks.Mocks {
	d := machines[0]
	mocks := &tasks.Mocks{}
	file := s.mocks
	if file == "" {
		file = mocksBeside(d.path)
	}
	data, err := m.app.env.readFile(file)
	switch {
	case s.mocks == "" && errors.Is(err, fs.ErrNotExist):
		if s.mockCase != "" {
			m.fail("mock_case", s.mockCase, "needs mocks: give --mocks, or keep them in "+file)
		}
	case err != nil:
		m.fail("mocks", file, "cannot be read: "+err.Error())
	default:
		if s.mocks == "" {
			m.app.talk("mocks from %s\n", file)
		}
		mocks = s.chosen(m, d, file, data)
	}
	var more []tasks.Mock
	for _, text := range s.mock {
		mock, err := tasks.ParseMock(text, m.app.env.readFile)
		if err != nil {
			m.fail("mock", text, err.Error())
			continue
		}
		more = append(more, mock)
	}
	mocks = mocks.With(more...)
	var parsed []*asl.Machine
	for _, f := range machines {
		if f.machine == nil {
			return mocks
		}
		parsed = append(parsed, f.machine)
	}
	for _, err := range mocks.Check(parsed...) {
		m.fail("mocks", "", err.Error())
	}
	return mocks
}

// chosen is the test case that is asked for: of the machine that is named, or that has the definition's name, or else
// of the only one there is.
func (s *simulatorFlags) chosen(m *merge, d machineFile, file string, data []byte) *tasks.Mocks {
	config, err := tasks.ParseMockConfig(data)
	if err != nil {
		var problems tasks.Problems
		if !errors.As(err, &problems) {
			m.fail("mocks", file, err.Error())
		}
		for _, p := range problems {
			m.fail("mocks", file, p.String())
		}
		return &tasks.Mocks{}
	}
	machine, testCase, _ := strings.Cut(s.mockCase, "#")
	named := machine != ""
	if !named {
		machine = d.Name
	}
	mocks, err := config.Case(machine, testCase)
	if err != nil && !named {
		if only, otherwise := config.Case("", testCase); otherwise == nil {
			return only
		}
	}
	if err != nil {
		m.fail("mock_case", s.mockCase, err.Error())
		return &tasks.Mocks{}
	}
	return mocks
}

// mocksBeside is where the mocks of a definition are looked for: order.mocks.json beside order.asl.json.
func mocksBeside(definition string) string {
	base := definition
	for _, suffix := range []string{".json", ".asl"} {
		base = strings.TrimSuffix(base, suffix)
	}
	return base + ".mocks.json"
}
