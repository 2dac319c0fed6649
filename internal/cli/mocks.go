package cli

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/tasks"
)

// tasks is what answers the Task states of a definition: the file of --mocks, or the one beside the definition, and
// --mock on top.
func (s *simulatorFlags) tasks(m *merge, d *definition) sim.Tasks {
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
	if d.machine != nil {
		for _, err := range mocks.Check(d.machine) {
			m.fail("mocks", "", err.Error())
		}
	}
	return mocks
}

// chosen is the test case that is asked for: of the machine that is named, or that has the definition's name, or else
// of the only one there is.
func (s *simulatorFlags) chosen(m *merge, d *definition, file string, data []byte) *tasks.Mocks {
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
		machine = d.name
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
