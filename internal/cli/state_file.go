package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/internal/statefile"
)

// stateFile is the file that --state-file names. A nil one keeps nothing.
type stateFile struct {
	app     *app
	request fsm.Request

	mu     sync.Mutex      // held while it is written; a run that hangs in there may be left behind
	state  statefile.State // as the file has it; zero if there is none
	frozen bool            // it is of the run in progress
}

// stateFile reads the file of the job, if it has one. What it froze goes into the request where nothing else was given;
// what contradicts it is a field error.
func (m *merge) stateFile() *stateFile {
	r := &m.request
	if r.StateFile == "" {
		return nil
	}
	s := &stateFile{app: m.app}
	defer func() { s.request = *r }()
	data, err := m.app.env.readFile(r.StateFile)
	if errors.Is(err, fs.ErrNotExist) {
		return s
	}
	if err != nil {
		m.fail("state_file", r.StateFile, "cannot be read: "+err.Error())
		return s
	}
	frozen, err := statefile.Parse(data)
	if err != nil {
		if errors.As(err, new(*jsontext.SyntacticError)) {
			err = notJSON(string(data), err)
		}
		m.fail("state_file", r.StateFile, err.Error()+"; mend it, or remove it if no execution of the job runs")
		return s
	}
	s.state = frozen
	for _, differs := range differences(frozen, *r) {
		m.fail("state_file", r.StateFile, differs+"; give what was frozen, or another file")
	}
	r.ExecutionName = &frozen.ExecutionName
	if r.Input == nil {
		r.Input = frozen.Input
	}
	return s
}

// differences are the ways in which a job is not the one of the file. A later attempt may bring another input.
func differences(frozen statefile.State, r fsm.Request) []string {
	var all []string
	if r.StateMachineArn != "" && r.StateMachineArn != frozen.StateMachineArn {
		all = append(all, "is of the state machine "+frozen.StateMachineArn+", not of "+r.StateMachineArn)
	}
	if name := r.ExecutionName; name != nil && *name != "" && *name != frozen.ExecutionName {
		all = append(all, fmt.Sprintf("froze the execution name %q, not %q", frozen.ExecutionName, *name))
	}
	if r.Attempt == frozen.Attempt && r.Input != nil {
		switch {
		case frozen.Input == nil:
			all = append(all, "froze no input, but one is given")
		case *r.Input != *frozen.Input:
			all = append(all, fmt.Sprintf("froze another input: of %d bytes, where %d are given that differ from byte %d on",
				len(*frozen.Input), len(*r.Input), commonPrefix(*frozen.Input, *r.Input)+1))
		}
	}
	return all
}

func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// freeze writes what a restart must know, unless the file has it already. It lasts when freeze returns.
func (s *stateFile) freeze(name string, now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.request
	s.frozen = true
	if s.state.Name == name {
		return nil
	}
	before := s.state
	s.state = statefile.State{Schema: statefile.Schema, ExecutionName: strings.TrimSuffix(name, statefile.WholeName("", r.Attempt)), Attempt: r.Attempt,
		Name: name, StateMachineArn: r.StateMachineArn, Input: r.Input, Frozen: now}
	write := s.app.env.Files.Replace
	if before.Name == "" {
		write = s.app.env.Files.Place
	}
	err := s.write(write)
	if errors.Is(err, fs.ErrExist) {
		err = s.share()
	}
	if err == nil {
		return nil
	}
	s.frozen = false
	if misplaced(err) {
		return fsm.FieldError{Field: "state_file", Value: r.StateFile, Rule: "cannot be written: " + err.Error()}
	}
	return fmt.Errorf("freeze the execution's name in %s: %w", r.StateFile, err)
}

// share goes by the file that another runner of the job has written a moment before, if both froze the same.
func (s *stateFile) share() error {
	data, err := s.app.env.readFile(s.request.StateFile)
	if err != nil {
		return err
	}
	theirs, err := statefile.Parse(data)
	switch {
	case err != nil:
		return fmt.Errorf("the file of another runner %w", err)
	case theirs.Name != s.state.Name || len(differences(theirs, s.request)) > 0:
		return fmt.Errorf("another runner has just frozen %q there; run this one again, to go on with the same execution", theirs.Name)
	}
	s.state = theirs
	return nil
}

// misplaced reports whether a file cannot be written because of where it is, which whoever named it can mend.
func misplaced(err error) bool {
	return slices.ContainsFunc([]error{fs.ErrNotExist, fs.ErrPermission, syscall.EROFS, syscall.ENOTDIR, syscall.EISDIR, syscall.ENAMETOOLONG},
		func(target error) bool { return errors.Is(err, target) })
}

// observe keeps which execution the attempt is about, as soon as that is known.
func (s *stateFile) observe(e fsm.Event) {
	switch n := e.News.(type) {
	case fsm.RunStarted:
		s.update(n.ExecutionArn, n.Status, nil)
	case fsm.RunAdopted:
		s.update(n.ExecutionArn, n.Status, nil)
	case fsm.RunRedriven:
		s.update(n.ExecutionArn, n.Status, nil)
	}
}

// end keeps how the run ended.
func (s *stateFile) end(out fsm.Outcome, code int) {
	var arn string
	var status backend.Status
	if x := out.Execution; x != nil {
		arn, status = x.ExecutionArn, x.Status
	}
	s.update(arn, status, &code)
}

// update rewrites the file. What was frozen stays, so a restart loses nothing if that fails: the exit code and the
// document do not change for it.
func (s *stateFile) update(arn string, status backend.Status, code *int) {
	if s == nil {
		return
	}
	if !s.mu.TryLock() {
		s.app.complain("sfnx: the state file %s is being written, and does not say how the run ended\n", s.request.StateFile)
		return
	}
	defer s.mu.Unlock()
	if !s.frozen {
		return
	}
	if arn != "" {
		text := string(status)
		s.state.ExecutionArn, s.state.Status = &arn, &text
	}
	s.state.ExitCode = code
	if err := s.write(s.app.env.Files.Replace); err != nil {
		s.app.complain("sfnx: the state file is not up to date; a restart can still go by it: write %s: %v\n", s.request.StateFile, err)
	}
}

func (s *stateFile) write(write func(string, []byte) error) error {
	data, err := s.state.JSON()
	if err != nil {
		return err
	}
	return write(s.app.env.path(s.request.StateFile), data)
}
