package fault

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/sfnx/sfnx/internal/cli"
)

// outputs strike what the command writes.
var outputs = []Fault{
	{Stage: Output, Name: "stdout-closed", About: "nobody reads stdout any more", Want: spoilt, Arrange: stdoutBreaks(syscall.EPIPE)},
	{Stage: Output, Name: "stdout-full", About: "the disk behind stdout is full", Want: spoilt, Arrange: stdoutBreaks(syscall.ENOSPC)},
	{Stage: Output, Name: "stdout-broken", About: "the disk behind stdout is broken", Want: spoilt, Arrange: stdoutBreaks(syscall.EIO)},
	{Stage: Output, Name: "stdout-broken-at-the-end", About: "stdout takes all of the document but the last byte", Want: spoilt,
		Arrange: func(s *Scene) {
			s.Stdout = func(w io.Writer) io.Writer {
				return writer(func(b []byte) (int, error) {
					n, _ := w.Write(b[:len(b)-1])
					return n, syscall.EIO
				})
			}
		}},
	{Stage: Output, Name: "stdout-cut-short", About: "stdout takes a part of the document and says nothing", Want: spoilt,
		Arrange: func(s *Scene) {
			share := s.Rand.Float64()
			s.Stdout = func(w io.Writer) io.Writer {
				return writer(func(b []byte) (int, error) { return w.Write(b[:int(share*float64(len(b)))]) })
			}
		}},
	{Stage: Output, Name: "stdout-not-ready", About: "stdout is not ready to take more, and says so", Want: spoilt, Arrange: stdoutBreaks(syscall.EAGAIN)},
	{Stage: Output, Name: "stdout-panics", About: "whatever writes to stdout panics", Want: spoilt,
		Arrange: func(s *Scene) {
			s.Stdout = func(io.Writer) io.Writer { return writer(func([]byte) (int, error) { panic("no") }) }
		}},
	{Stage: Output, Name: "slow-reader", About: "whoever reads stdout, stderr and events takes a while", Want: itsOwn,
		Arrange: func(s *Scene) {
			pause := time.Duration(s.N(1, 2000)) * time.Microsecond
			slowly := func(w io.Writer) io.Writer {
				return writer(func(b []byte) (int, error) {
					<-time.After(pause)
					return w.Write(b)
				})
			}
			s.Stdout, s.Stderr = slowly, slowly
			s.events(func(f io.Writer, b []byte, _ int) (int, error) { return slowly(f).Write(b) })
		}},
	{Stage: Output, Name: "stderr-closed", About: "nobody reads stderr any more", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.Stderr = breaks(s, Among(s, syscall.EPIPE, syscall.ENOSPC, syscall.EIO, syscall.EBADF))
		}},
	{Stage: Output, Name: "stderr-panics", About: "whatever writes to stderr panics", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.Stderr = func(io.Writer) io.Writer { return writer(func([]byte) (int, error) { panic("no") }) }
		}},
	{Stage: Output, Name: "both-closed", About: "nobody reads stdout or stderr any more", Want: spoilt,
		Arrange: func(s *Scene) {
			stdoutBreaks(syscall.EPIPE)(s)
			s.Stderr = breaks(s, syscall.EPIPE)
		}},
	{Stage: Output, Name: "events-broken", About: "the file of the events takes no more after some lines; the wait goes on", Want: unwritten(Want{NoEvents: true}),
		Arrange: func(s *Scene) {
			last, why := s.N(0, 4), Among(s, syscall.ENOSPC, syscall.EIO, syscall.EPIPE, syscall.EDQUOT)
			s.events(func(f io.Writer, b []byte, line int) (int, error) {
				if line > last {
					n, _ := f.Write(b[:len(b)/2])
					return n, why
				}
				return f.Write(b)
			})
			s.Tells("sfnx.ending", "UNEXPECTED_ERROR")
		}},
	{Stage: Output, Name: "events-cut-short", About: "the file of the events takes a part of a line and says nothing", Want: unwritten(Want{NoEvents: true}),
		Arrange: func(s *Scene) {
			last := s.N(0, 4)
			s.events(func(f io.Writer, b []byte, line int) (int, error) {
				if line > last {
					return f.Write(b[:len(b)-1])
				}
				return f.Write(b)
			})
		}},
	{Stage: Output, Name: "events-panic", About: "whatever takes the events panics; the wait goes on", Want: unwritten(Want{NoEvents: true}),
		Arrange: func(s *Scene) {
			last := s.N(0, 4)
			s.events(func(f io.Writer, b []byte, line int) (int, error) {
				if line > last {
					panic(b)
				}
				return f.Write(b)
			})
		}},
	{Stage: Output, Name: "events-not-closed", About: "the file of the events fails when it is closed", Want: unwritten(Want{NoEvents: true}),
		Arrange: func(s *Scene) {
			s.Create = func(name string) (io.WriteCloser, error) {
				f, err := cli.SystemFiles().Create(name)
				return failsToClose{f}, err
			}
		}},
	{Stage: Output, Name: "events-without-place", About: "the file of the events cannot be made: nothing is started", Want: code(20), Process: true,
		Arrange: func(s *Scene) { s.Extra = []string{"--events", s.nowhere()} }},
	{Stage: Output, Name: "events-to-result-file", About: "events and result are to go to the same file: nothing is started", Want: code(20), Process: true,
		Arrange: func(s *Scene) {
			name := s.Path("result.json")
			s.Extra = []string{"--events", Among(s, name, filepath.Dir(name)+"/./result.json")}
		}},
	{Stage: Output, Name: "result-to-state-file", About: "result or events and the state are to go to the same file: nothing is started", Want: Want{Code: 20, Silent: true, NoEvents: true, NoResult: true}, Process: true,
		Arrange: func(s *Scene) {
			s.Extra = []string{"--state-file", s.Path("job.state"), Among(s, "--events", "--result-file"), s.Path("job.state")}
		}},
	{Stage: Output, Name: "result-without-place", About: "the directory of the result file does not exist", Want: unwritten(Want{NoResult: true}), Process: true,
		Arrange: func(s *Scene) { s.Extra = []string{"--result-file", s.nowhere()} }},
	{Stage: Output, Name: "result-is-a-directory", About: "the result file is a directory", Want: unwritten(Want{NoResult: true}), Process: true,
		Arrange: func(s *Scene) {
			s.check(os.Mkdir(s.Path("results"), 0o700))
			s.Extra = []string{"--result-file", s.Path("results")}
		}},
	{Stage: Output, Name: "result-disk-full", About: "the disk is full when the result file is written, synced or renamed", Want: unwritten(Want{NoResult: true}),
		Arrange: func(s *Scene) {
			why := &os.PathError{Op: Among(s, "write", "sync", "rename", "close"), Path: "result.json", Err: Among(s, syscall.ENOSPC, syscall.EIO, syscall.EROFS, syscall.EACCES)}
			s.Replace = func(string, []byte) error { return why }
			s.Tells("sfnx.ending", "UNEXPECTED_ERROR")
		}},
	{Stage: Output, Name: "result-panics", About: "whatever writes the result file panics", Want: unwritten(Want{NoResult: true}),
		Arrange: func(s *Scene) {
			s.Replace = func(string, []byte) error { panic("no") }
			s.Tells("result.executionArn", s.ExecutionArn())
		}},
	{Stage: Output, Name: "result-is-a-link", About: "the result file is a link to a file elsewhere, which is replaced", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.File("elsewhere.json", "of yesterday")
			s.check(os.Symlink(s.Path("elsewhere.json"), s.Path("link")))
			s.Want.NoResult = true
			s.Extra = []string{"--result-file", s.Path("link")}
			s.Also(func(p performance) string {
				text, err := os.ReadFile(s.Path("elsewhere.json"))
				if err != nil || string(text) != p.out {
					return "the file behind the link does not have the document"
				}
				return ""
			})
		}},
	{Stage: Output, Name: "result-is-a-pipe", About: "the result file is a pipe that somebody reads", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			text := s.pipe("pipe")
			s.Want.NoResult = true
			s.Extra = []string{"--result-file", s.Path("pipe")}
			s.Also(func(p performance) string {
				if got := text(); got != p.out {
					return "the pipe got " + got
				}
				return ""
			})
		}},
	{Stage: Output, Name: "everything-broken", About: "neither stdout nor stderr nor events nor result file can be written", Want: Want{Code: 1, Starts: 1, NoDocument: true, NoEvents: true, NoResult: true, Spoilt: true},
		Arrange: func(s *Scene) {
			s.asRole()
			stdoutBreaks(syscall.ENOSPC)(s)
			s.Stderr = breaks(s, syscall.ENOSPC)
			s.events(func(io.Writer, []byte, int) (int, error) { return 0, syscall.ENOSPC })
			s.Replace = func(string, []byte) error { return syscall.ENOSPC }
		}},
	{Stage: Output, Name: "real-disk-full", About: "stdout is /dev/full", Want: spoilt, Only: true,
		Arrange: func(s *Scene) {
			full := s.open("/dev/full", os.O_WRONLY)
			s.Command = func(c *exec.Cmd, _ int) { c.Stdout = full }
		}},
	{Stage: Output, Name: "real-pipe-closed", About: "stdout, or stderr too, is a pipe that nobody reads", Want: spoilt, Only: true,
		Arrange: func(s *Scene) {
			r, w, err := os.Pipe()
			s.check(err)
			s.check(r.Close())
			s.cleanup(func() { _ = w.Close() })
			both := s.N(0, 1) == 1
			s.Command = func(c *exec.Cmd, _ int) {
				if c.Stdout = w; both {
					c.Stderr = w
				}
			}
		}},
	{Stage: Output, Name: "real-events-pipe-closed", About: "the events go to a descriptor that is a pipe nobody reads", Want: unwritten(Want{NoEvents: true}), Only: true,
		Arrange: func(s *Scene) {
			r, w, err := os.Pipe()
			s.check(err)
			s.check(r.Close())
			s.cleanup(func() { _ = w.Close() })
			s.Extra = []string{"--events", "fd:3"}
			s.Command = func(c *exec.Cmd, _ int) { c.ExtraFiles = []*os.File{w} }
		}},
	{Stage: Output, Name: "real-events-not-open", About: "the events are to go to a descriptor that is not open: nothing is started", Want: code(20), Only: true,
		Arrange: func(s *Scene) { s.Extra = []string{"--events", Among(s, "fd:9", "fd:0", "fd:x", "fd:99999")} }},
	{Stage: Output, Name: "real-file-too-large", About: "ulimit -f: the files may grow to no more than a kilobyte or so", Want: Want{Code: 1, Starts: 1, NoResult: true, NoEvents: true, Spoilt: true}, Only: true,
		Arrange: func(s *Scene) {
			s.Input = `"` + strings.Repeat("x", 4000) + `"`
			s.shell(`ulimit -f 1; exec "$0" "$@"`)
		}},
	{Stage: Output, Name: "real-few-descriptors", About: "ulimit -n: hardly any files may be open", Want: itsOwn, Only: true,
		Arrange: func(s *Scene) { s.shell(`ulimit -n ` + Among(s, "16", "20", "32") + `; exec "$0" "$@"`) }},
}

// writer is a function that writes.
type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }

// breaks takes some bytes, and then fails for ever.
func breaks(s *Scene, why error) func(io.Writer) io.Writer {
	room := s.N(0, 600)
	return func(w io.Writer) io.Writer {
		var mu sync.Mutex
		return writer(func(b []byte) (int, error) {
			mu.Lock()
			defer mu.Unlock()
			n := min(room, len(b))
			if room -= n; n == len(b) {
				return w.Write(b)
			}
			n, _ = w.Write(b[:n])
			return n, why
		})
	}
}

func stdoutBreaks(why error) func(*Scene) {
	return func(s *Scene) { s.Stdout = breaks(s, why) }
}

// events lets write write each line of the events, from 1 on, to their file.
func (s *Scene) events(write func(file io.Writer, b []byte, line int) (int, error)) {
	s.Create = func(name string) (io.WriteCloser, error) {
		f, err := cli.SystemFiles().Create(name)
		return &lines{WriteCloser: f, write: write}, err
	}
}

type lines struct {
	io.WriteCloser
	write func(io.Writer, []byte, int) (int, error)
	n     int
}

func (l *lines) Write(b []byte) (int, error) {
	l.n++
	return l.write(l.WriteCloser, b, l.n)
}

// failsToClose is a file on a disk that is full when the last bytes are to be written.
type failsToClose struct{ io.WriteCloser }

func (f failsToClose) Close() error { return errors.Join(syscall.EDQUOT, f.WriteCloser.Close()) }

// nowhere is a file that cannot be made.
func (s *Scene) nowhere() string {
	return Among(s, s.Path("no/such/directory/f"), s.File("a-file", "")+"/f", "/proc/f", s.Path(strings.Repeat("f", 300)))
}

func (s *Scene) open(name string, flags int) *os.File {
	f, err := os.OpenFile(name, flags, 0)
	s.check(err)
	s.cleanup(func() { _ = f.Close() })
	return f
}

// pipe makes a named pipe and reads it. text waits for what came out of it.
func (s *Scene) pipe(name string) (text func() string) {
	s.check(syscall.Mkfifo(s.Path(name), 0o600))
	got := make(chan string, 1)
	go func() {
		b, _ := os.ReadFile(s.Path(name))
		got <- string(b)
	}()
	s.cleanup(func() { // whoever still waits for a writer
		if f, err := os.OpenFile(s.Path(name), os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
			_ = f.Close()
		}
	})
	return func() string { return <-got }
}

// shell lets a script start the command.
func (s *Scene) shell(script string) {
	s.Command = func(c *exec.Cmd, _ int) {
		c.Args = append([]string{"sh", "-c", script, c.Path}, c.Args[1:]...)
		c.Path = "/bin/sh"
	}
}
