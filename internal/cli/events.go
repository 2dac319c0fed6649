package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/sfnx/sfnx/fsm"
)

// eventSink is where --events go: each line is written the moment it is known, without a buffer. A nil sink takes
// nothing.
type eventSink struct {
	name   string
	writer io.Writer
	closer io.Closer // nil for stdout and stderr
	err    error     // the first one
}

// events opens where --events go. What is wrong with it is a field error, as is the name of the result file, which would
// replace the events.
func (m *merge) events(name, resultFile, stateFile string) *eventSink {
	switch {
	case sameName(name, resultFile):
		m.fail("events", name, "is the result file too, which would replace the events: give each its own")
		return nil
	case sameName(name, stateFile):
		m.fail("events", name, "is the state file too, which would replace the events: give each its own")
		return nil
	case sameName(resultFile, stateFile):
		m.fail("state_file", stateFile, "is the result file too, which would replace it: give each its own")
	}
	events, err := m.app.openEvents(name)
	if err != nil {
		m.fail("events", name, err.Error())
	}
	return events
}

// sameName reports whether two options name one file.
func sameName(a, b string) bool { return a != "" && b != "" && filepath.Clean(a) == filepath.Clean(b) }

// openEvents opens FILE, - (stdout) or fd:N; nothing is no sink.
func (a *app) openEvents(name string) (*eventSink, error) {
	number, isDescriptor := strings.CutPrefix(name, "fd:")
	var w io.WriteCloser
	var err error
	switch {
	case name == "":
		return nil, nil
	case name == "-":
		return &eventSink{name: name, writer: a.out}, nil
	case isDescriptor:
		n, bad := strconv.Atoi(number)
		switch {
		case bad != nil || n < 1:
			return nil, errors.New("want FILE, -, or fd:N with N of at least 1")
		case n == 1:
			return &eventSink{name: name, writer: a.out}, nil
		case n == 2:
			return &eventSink{name: name, writer: a.err}, nil
		}
		w, err = a.env.Files.Descriptor(n)
	default:
		w, err = a.env.Files.Create(a.env.path(name))
	}
	if err != nil {
		return nil, fmt.Errorf("cannot be opened: %w", err)
	}
	return &eventSink{name: name, writer: patiently(w, a.interrupts.ctx), closer: w}, nil
}

func (s *eventSink) write(line []byte) {
	if s == nil || s.err != nil {
		return
	}
	n, err := s.writer.Write(line)
	if err == nil && n < len(line) {
		err = io.ErrShortWrite
	}
	s.err = err
}

// close says whether every line of these runs was written. A signal does not wait for somebody to read them.
func (s *eventSink) close(runs ...fsm.Outcome) error {
	if s == nil {
		return nil
	}
	if s.closer != nil {
		if err := s.closer.Close(); s.err == nil {
			s.err = err
		}
	}
	signalled := slices.ContainsFunc(runs, func(out fsm.Outcome) bool { return out.Signal != "" })
	if s.err == nil || signalled && errors.As(s.err, &fsm.Interrupted{}) {
		return nil
	}
	return fmt.Errorf("write the events to %s: %w", s.name, s.err)
}
