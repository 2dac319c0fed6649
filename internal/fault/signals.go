package fault

import (
	"bytes"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// signals are somebody who wants the command to end. Codes are those of the signal that comes.
var signals = []Fault{
	{Stage: Signals, Name: "at-once", About: "the signal comes before anything else", Want: code(130), Arrange: func(s *Scene) { s.Signal(s.signal()) }},
	{Stage: Signals, Name: "while-stdin-is-read", About: "the signal comes while nobody writes the input", Want: code(130),
		Arrange: func(s *Scene) {
			sig := s.signal()
			s.Stdin = s.silent(func() { s.Signal(sig) })
			s.Extra = []string{Among(s, "--input", "--request", "--credentials"), "-"}
		}},
	{Stage: Signals, Name: "assuming-a-role", About: "the signal comes while a role is assumed", Want: code(130), Process: true,
		Arrange: func(s *Scene) {
			s.asRole()
			s.During("AssumeRole", s.signal())
		}},
	{Stage: Signals, Name: "asking-who", About: "the signal comes while the identity is asked for", Want: code(130), Process: true,
		Arrange: func(s *Scene) { s.During("GetCallerIdentity", s.signal()) }},
	{Stage: Signals, Name: "asking-type", About: "the signal comes while the type of the machine is asked for", Want: code(130), Process: true,
		Arrange: func(s *Scene) { s.During("DescribeStateMachine", s.signal()) }},
	{Stage: Signals, Name: "start-not-carried-out", About: "the signal comes before the start is carried out", Want: code(130), Process: true,
		Arrange: func(s *Scene) {
			s.During("StartExecution", s.signal())
			s.Tells("sfnx.execution_left", "unknown")
		}},
	{Stage: Signals, Name: "start-carried-out", About: "the signal comes when the start is carried out and not yet answered", Want: left(130, backend.Running), Process: true,
		Arrange: func(s *Scene) {
			s.Lasts(24 * time.Hour)
			s.Script("StartExecution", s.withheld(s.signal()))
			s.Tells("sfnx.execution_left", "unknown")
		}},
	{Stage: Signals, Name: "start-carried-out-stop", About: "the same with --on-interrupt stop: it is found and stopped", Want: left(130, backend.Aborted), Process: true,
		Arrange: func(s *Scene) {
			s.stops()
			s.Script("StartExecution", s.withheld(s.signal()))
			s.Tells("sfnx.execution_left", "stopped")
		}},
	{Stage: Signals, Name: "looking", About: "the signal comes while the execution is looked at", Want: left(130, backend.Running), Process: true,
		Arrange: func(s *Scene) {
			s.Lasts(24 * time.Hour)
			s.polls(s.few(20), s.hung(s.signal()))
			s.Tells("sfnx.execution_left", "running")
		}},
	{Stage: Signals, Name: "looking-stop", About: "the same with --on-interrupt stop", Want: left(130, backend.Aborted), Process: true,
		Arrange: func(s *Scene) {
			s.stops()
			s.polls(s.few(20), s.hung(s.signal()))
			s.Tells("sfnx.execution_left", "stopped")
		}},
	{Stage: Signals, Name: "between-looks", About: "the signal comes between two looks", Want: left(130, backend.Running), Arrange: func(s *Scene) { s.between() }},
	{Stage: Signals, Name: "between-looks-stop", About: "the same with --on-interrupt stop", Want: left(130, backend.Aborted),
		Arrange: func(s *Scene) {
			s.stops()
			s.between()
			s.Tells("sfnx.execution_left", "stopped")
		}},
	{Stage: Signals, Name: "throttled", About: "the signal comes in the long pause of a throttled look", Want: left(130, backend.Running),
		Arrange: func(s *Scene) {
			s.Trouble(0, 0, backend.Throttled, "Rate exceeded")
			s.between()
		}},
	{Stage: Signals, Name: "throttled-stop", About: "the same with --on-interrupt stop: it is stopped, and the end not seen", Want: left(130, backend.Aborted),
		Arrange: func(s *Scene) {
			s.stops()
			s.Trouble(0, 0, backend.Throttled, "Rate exceeded")
			s.between()
			s.Tells("sfnx.execution_left", "stopping")
		}},
	{Stage: Signals, Name: "start-throttled", About: "the signal comes in the pause before a throttled start is tried again", Want: code(130),
		Arrange: func(s *Scene) {
			s.refuse(fakeaws.Fault{Code: "ThrottlingException"})
			sig := s.signal()
			s.atPause(s.N(1, 3), func() { s.Signal(sig) })
		}},
	{Stage: Signals, Name: "start-lost", About: "the signal comes in the pause before a start without an answer is tried again", Want: left(130, backend.Running),
		Arrange: func(s *Scene) {
			s.Lasts(24 * time.Hour)
			s.refuse(fakeaws.Fault{Reset: fakeaws.AfterHandling})
			sig := s.signal()
			s.atPause(s.N(1, 3), func() { s.Signal(sig) })
			s.Tells("sfnx.execution_left", "unknown")
		}},
	{Stage: Signals, Name: "reading-history", About: "the signal comes when it has failed and the history is read: the code is known", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Machine = Among(s, "fails", "aborted", "times-out")
			s.During("GetExecutionHistory", Among[os.Signal](s, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP))
		}},
	{Stage: Signals, Name: "twice", About: "two signals come at once", Want: left(130, backend.Running),
		Arrange: func(s *Scene) {
			s.Lasts(24 * time.Hour)
			first, second := s.signal(), Among[os.Signal](s, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
			s.atPause(s.N(1, 5), func() {
				s.Signal(first)
				s.Signal(second)
			})
			s.Tells("sfnx.execution_left", "running")
		}},
	{Stage: Signals, Name: "again-while-stopping", About: "a second signal comes while the execution is being stopped", Want: left(130, backend.Running),
		Arrange: func(s *Scene) {
			s.stops()
			s.between()
			s.During("StopExecution", Among[os.Signal](s, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP))
			s.Tells("sfnx.execution_left", "stopping")
		}},
	{Stage: Signals, Name: "stop-denied", About: "the execution may not be stopped", Want: left(130, backend.Running),
		Arrange: func(s *Scene) {
			s.stopFails(fakeaws.Fault{Code: "AccessDeniedException", Message: "no"})
			s.Tells("sfnx.execution_left", "running")
		}},
	{Stage: Signals, Name: "stop-throttled", About: "the stop is throttled", Want: left(130, backend.Running),
		Arrange: func(s *Scene) {
			s.stopFails(fakeaws.Fault{Code: "ThrottlingException"})
			s.Tells("sfnx.execution_left", "running")
		}},
	{Stage: Signals, Name: "stop-hangs", About: "the stop is never answered", Want: left(130, backend.Running),
		Arrange: func(s *Scene) {
			s.stopFails(fakeaws.Fault{Hang: true, Met: s.Clock.GraceIsOver})
			s.Tells("sfnx.execution_left", "stopping")
		}},
	{Stage: Signals, Name: "stop-answered-500", About: "the stop is answered with 500, and carried out", Want: left(130, backend.Aborted),
		Arrange: func(s *Scene) {
			s.stopFails(fakeaws.Fault{Code: "InternalFailure", Status: 500, Handled: true})
			s.Tells("sfnx.execution_left", "stopped")
		}},
	{Stage: Signals, Name: "stop-lost", About: "the answers to the stop are lost, and it is carried out", Want: left(130, backend.Aborted),
		Arrange: func(s *Scene) {
			s.stopFails(fakeaws.Fault{Reset: Among(s, fakeaws.AfterHandling, fakeaws.MidAnswer)})
			s.Tells("sfnx.execution_left", "stopped")
		}},
	{Stage: Signals, Name: "stop-not-seen", About: "the stop is accepted, and the end is not to be seen", Want: left(130, backend.Aborted),
		Arrange: func(s *Scene) {
			s.stops()
			s.between()
			s.Script("DescribeExecution", fakeaws.Fault{Times: fakeaws.Forever, Edit: member("status", backend.Running)})
			s.Tells("sfnx.execution_left", "stopping")
		}},
	{Stage: Signals, Name: "ends-by-itself", About: "the signal comes as the execution ends by itself", Want: Want{Code: 130, Starts: 1},
		Arrange: func(s *Scene) {
			s.Machine = Among(s, "succeeds", "fails", "times-out") // whose stop an ABORTED without a cause was cannot be told
			s.Lasts(time.Hour)
			s.Want.Status, _ = s.end()
			sig := s.signal()
			if s.N(0, 1) == 1 {
				s.Extra = []string{"--on-interrupt", "stop"}
				s.Tells("sfnx.execution_left", "ended")
			}
			s.atPause(s.N(3, 9), func() {
				s.Clock.Pass(time.Hour)
				s.Signal(sig)
			})
		}},
	{Stage: Signals, Name: "events-not-read", About: "the signal comes while nobody reads the pipe of the events", Want: Want{Code: 130, Starts: 1, Status: backend.Running, NoEvents: true},
		Arrange: func(s *Scene) {
			s.Lasts(24 * time.Hour)
			sig, last, end := s.signal(), s.N(3, 8), s.forever()
			s.events(func(f io.Writer, b []byte, line int) (int, error) {
				if line > last {
					s.Signal(sig)
					<-end
				}
				return f.Write(b)
			})
		}},
	{Stage: Signals, Name: "events-pipe-without-reader", About: "the signal comes while the pipe of the events waits for somebody who reads it", Want: Want{Code: 130, NoEvents: true},
		Arrange: func(s *Scene) {
			sig, end := s.signal(), s.forever()
			s.Create = func(string) (io.WriteCloser, error) {
				s.Signal(sig)
				<-end
				return nil, syscall.ENXIO
			}
		}},
	{Stage: Signals, Name: "stderr-not-read", About: "the signal comes while nobody reads stderr", Want: left(130, backend.Running),
		Arrange: func(s *Scene) {
			s.Lasts(24 * time.Hour)
			sig, left, end := s.signal(), s.N(0, 5), s.forever()
			s.Stderr = func(w io.Writer) io.Writer {
				return writer(func(b []byte) (int, error) {
					if bytes.Contains(b, []byte("RUNNING")) {
						left--
					}
					if left < 0 {
						s.Signal(sig)
						<-end
					}
					return w.Write(b)
				})
			}
		}},
	{Stage: Signals, Name: "stdout-not-read", About: "the signal comes while nobody reads the document: it is lost, and that is 1", Want: spoilt,
		Arrange: func(s *Scene) {
			sig, end := s.signal(), s.forever()
			s.Want.Code, s.facts = 1, nil
			s.Stdout = func(io.Writer) io.Writer {
				return writer(func(b []byte) (int, error) {
					s.Signal(sig)
					<-end
					return len(b), nil
				})
			}
		}},
	{Stage: Signals, Name: "result-file-not-read", About: "the signal comes while nobody reads the pipe of the result: it is lost, and that is 1", Want: unwritten(Want{NoResult: true}),
		Arrange: func(s *Scene) {
			sig, end := s.signal(), s.forever()
			s.Want.Code, s.facts = 1, nil
			s.Replace = func(string, []byte) error {
				s.Signal(sig)
				<-end
				return nil
			}
		}},
}

// signal is one of the three, by the seed. It decides the exit code.
func (s *Scene) signal() os.Signal {
	sig := Among(s, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	name := "SIGINT"
	if s.Want.Code = 130; sig != syscall.SIGINT {
		s.Want.Code, name = 143, "SIGTERM"
	}
	s.Tells("sfnx.signal", name)
	return sig
}

// stops makes the command stop a long execution when it is interrupted.
func (s *Scene) stops() {
	s.Lasts(24 * time.Hour)
	s.Extra = append(s.Extra, "--on-interrupt", "stop")
}

// between sends the signal in a pause between two looks at a long execution.
func (s *Scene) between() {
	s.Lasts(24 * time.Hour)
	sig := s.signal()
	s.atPause(s.N(1, 9), func() { s.Signal(sig) })
}

// stopFails interrupts a wait, and lets every stop meet a fault.
func (s *Scene) stopFails(f fakeaws.Fault) {
	s.stops()
	s.between()
	f.Times = fakeaws.Forever
	s.Script("StopExecution", f)
}

// hung is a request that is not handled: the signal comes in place of an answer.
func (s *Scene) hung(sig os.Signal) fakeaws.Fault {
	return fakeaws.Fault{Hang: true, Met: func() { s.Signal(sig) }}
}

// withheld is a request that is handled: the signal comes in place of its answer.
func (s *Scene) withheld(sig os.Signal) fakeaws.Fault {
	return fakeaws.Fault{Write: func(conn net.Conn, _ []byte) {
		s.Signal(sig)
		_, _ = conn.Read(make([]byte, 1)) // until the command has gone
	}}
}

// forever lasts until the scene is over.
func (s *Scene) forever() <-chan struct{} {
	end := make(chan struct{})
	s.cleanup(func() { close(end) })
	return end
}

// silent is a stdin that nobody writes to. met is called when somebody begins to read.
func (s *Scene) silent(met func()) io.Reader {
	r, w := io.Pipe()
	s.cleanup(func() { _ = w.Close() })
	return reader(func(b []byte) (int, error) {
		met()
		return r.Read(b)
	})
}

// reader is a function that reads.
type reader func([]byte) (int, error)

func (r reader) Read(b []byte) (int, error) { return r(b) }
