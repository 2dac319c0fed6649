package cli

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// eventSink is where --events go: each line is written the moment it is known, without a buffer. A nil sink takes
// nothing.
type eventSink struct {
	name   string
	writer io.Writer
	closer io.Closer // nil for stdout and stderr
	err    error     // the first one
}

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

// close says whether every line was written.
func (s *eventSink) close() error {
	if s == nil {
		return nil
	}
	if s.closer != nil {
		if err := s.closer.Close(); s.err == nil {
			s.err = err
		}
	}
	if s.err != nil {
		return fmt.Errorf("write the events to %s: %w", s.name, s.err)
	}
	return nil
}
