// Package cli is the command line of sfnx. It is the one place that wires everything: flags and variables become an
// fsm.Request, the request gets a backend (a real account or a simulated region), and the outcome becomes a document,
// a text and an exit code.
//
//	var out, errs strings.Builder
//	code := cli.Main([]string{"simulate", "order.asl.json"}, cli.Streams{Out: &out, Err: &errs}, cli.Environment{Files: files})
//
// Data goes to stdout, talk to stderr. What a command needs from the world comes in by value (Streams, Environment), so
// that tests run commands in process; System is the real world. Whatever happens, Main returns an exit code of
// output's table: a mistake in the usage is 20, a panic 1, and output that could not be written is 1, never 0.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync"

	"github.com/spf13/cobra"

	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/output"
)

// Main runs one command and returns the exit code.
func Main(args []string, s Streams, env Environment) (code int) {
	a := newApp(s, env.withDefaults())
	defer func() {
		if v := recover(); v != nil {
			code = a.crashed(v)
		}
	}()
	defer a.interrupts.stop()
	root := newRoot(a)
	root.SetArgs(append([]string{}, args...)) // nil would mean os.Args
	if cmd, err := root.ExecuteC(); err != nil {
		a.code = a.misused(cmd, args, err)
	}
	return a.exit()
}

// app is what the commands of one Main share.
type app struct {
	env        Environment
	in         stdin
	out        *stream
	err        *stream
	interrupts interrupts

	quiet   int
	verbose bool
	debug   bool
	noColor bool

	code       int
	wantsJSON  bool // the command in progress owes a document
	documented bool // and has written it
	kept       bool // a result file has what stdout was to have
}

func newApp(s Streams, env Environment) *app {
	w := watch(env.Signals)
	env.Files = env.Files.until(w.ctx)
	return &app{
		env:        env,
		in:         stdin{reader: s.In, terminal: s.InTerminal, interrupted: w.ctx},
		out:        &stream{writer: s.Out, terminal: s.OutTerminal, closed: s.OutClosed},
		err:        &stream{writer: s.Err, terminal: s.ErrTerminal},
		interrupts: w,
	}
}

// stream is an output. It remembers that it failed, and takes no more from then on.
type stream struct {
	writer   io.Writer
	terminal bool
	closed   bool // by whoever started this process

	mu      sync.Mutex // a run, its ticker and its requests all talk
	failure error
}

// errClosed is why nothing can be written to a stream that was closed from the beginning.
var errClosed = errors.New("it is closed, or /dev/null opened for reading and writing, which looks the same; redirect it with >/dev/null if nobody wants it")

func (s *stream) Write(b []byte) (int, error) {
	if s.writer == nil {
		return len(b), nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed && len(b) > 0 {
		s.failure = errClosed
	}
	if s.failure != nil {
		return 0, s.failure
	}
	n, err := s.writer.Write(b)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	s.failure = err
	return n, err
}

// stdin is the standard input. It has one reader only.
type stdin struct {
	reader      io.Reader
	terminal    bool
	interrupted context.Context // ends the wait for who writes it
	user        string          // which option reads it
}

// maxStdin bounds what is read: no document of sfnx is that long.
const maxStdin = 16 << 20

// read reads all of it, for an option.
func (s *stdin) read(option string) ([]byte, error) {
	switch {
	case s.user != "":
		return nil, fmt.Errorf("stdin is read by %s already: give one of the two as a file", s.user)
	case s.terminal:
		return nil, errors.New("- is stdin, which is a terminal: give a file, or pipe something into sfnx")
	case s.reader == nil:
		return nil, errors.New("- is stdin, and there is none")
	}
	s.user = option
	text, err := until(s.interrupted, func() ([]byte, error) { return io.ReadAll(io.LimitReader(s.reader, maxStdin+1)) })
	if err == nil && len(text) > maxStdin {
		err = fmt.Errorf("stdin has more than %d bytes", maxStdin)
	}
	return text, err
}

// talk says something on stderr that is no error.
func (a *app) talk(format string, args ...any) {
	if a.quiet == 0 {
		a.errorf(format, args...)
	}
}

// complain says on stderr what is wrong.
func (a *app) complain(format string, args ...any) {
	if a.quiet < 2 {
		a.errorf(format, args...)
	}
}

// errorf writes to stderr. There is nowhere to tell that it failed.
func (a *app) errorf(format string, args ...any) {
	_, _ = fmt.Fprintf(a.err, format, args...)
}

// style of stderr.
func (a *app) style() style { return styleOf(a.env, a.err.terminal, a.noColor) }

// exit is the exit code of the command that has run.
func (a *app) exit() int {
	if lost := errors.Is(a.out.failure, errClosed) && a.kept; a.out.failure != nil && !lost {
		a.complain("sfnx: write to stdout: %v\n", a.out.failure)
		return output.RowOf(fsm.UnexpectedError).Code
	}
	return a.code
}

// misused ends a command line that cannot be carried out.
func (a *app) misused(cmd *cobra.Command, args []string, err error) int {
	if _, rest, notFound := cmd.Root().Find(args); notFound != nil {
		err = unknownCommand(cmd.Root(), wordOf(rest))
	}
	a.complain("%s: %v\nSee '%s --help'.\n", cmd.CommandPath(), err, cmd.CommandPath())
	req := fsm.Defaults()
	req.Simulated = cmd.Name() == "simulate"
	out := fsm.Outcome{Request: req, Ending: fsm.DataValidationError, Stage: fsm.Validate,
		FieldErrors: []fsm.FieldError{{Field: "arguments", Rule: err.Error()}}}
	if outputAsked(cmd, args) == formatJSON {
		a.writeDocument(a.document(out))
	}
	return output.RowOf(out.Ending).Code
}

// crashed ends a command that panicked.
func (a *app) crashed(v any) int {
	out := fsm.Outcome{Request: fsm.Defaults(), Ending: fsm.UnexpectedError, Stage: fsm.Validate, Err: panicError(v)}
	a.complain("sfnx: %v\n%s", out.Err, debug.Stack())
	if a.wantsJSON && !a.documented {
		a.writeDocument(a.document(out))
	}
	return output.RowOf(out.Ending).Code
}

// document is the document of an outcome. The dates of a simulation are the same everywhere.
func (a *app) document(o fsm.Outcome) output.Document {
	opt := output.Options{Version: a.env.Version, Location: a.env.Location}
	if o.Request.Simulated {
		opt.Location = nil
	}
	return output.New(o, opt)
}

// writeDocument writes the one document to stdout. exit looks whether it got there.
func (a *app) writeDocument(d output.Document) {
	a.documented = true
	_, _ = a.out.Write(d.JSON())
}
