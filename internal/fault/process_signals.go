package fault

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// processSignals are signals as only an operating system sends them.
var processSignals = []Fault{
	{Stage: Signals, Name: "first-process", About: "sfnx is the first process of a container, where Go's own way out would be 2", Want: left(130, backend.Running), Only: true,
		Arrange: func(s *Scene) {
			alone := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWPID}
			probe := exec.Command("/bin/sh", "-c", "exit 0")
			probe.SysProcAttr = alone
			if err := probe.Run(); err != nil {
				s.skip("a process namespace: " + err.Error())
				return
			}
			s.Lasts(24 * time.Hour)
			s.Command = func(c *exec.Cmd, _ int) { c.SysProcAttr = alone }
			s.polls(s.few(2), s.hung(s.signal()))
		}},
	{Stage: Signals, Name: "stopped-and-continued", About: "Ctrl-Z, and fg after a while", Want: itsOwn, Only: true,
		Arrange: func(s *Scene) {
			stop, pause := Among(s, syscall.SIGTSTP, syscall.SIGSTOP), time.Duration(s.N(10, 300))*time.Millisecond
			s.polls(0, fakeaws.Fault{Met: func() {
				s.Signal(stop)
				s.later(pause, syscall.SIGCONT)
			}})
		}},
	{Stage: Signals, Name: "killed", About: "kill -9 at some call; started again with the same name it adopts the execution", Want: itsOwn, Only: true,
		Arrange: func(s *Scene) {
			s.Acts = 2
			switch call := Among(s, "GetCallerIdentity", "DescribeStateMachine", "StartExecution", "DescribeExecution"); {
			case call == "StartExecution" && s.N(0, 1) == 1:
				s.Script(call, s.withheld(syscall.SIGKILL))
			default:
				s.Script(call, s.hung(syscall.SIGKILL))
			}
			s.Also(func(performance) string {
				if n := len(s.AWS().Requests("GetCallerIdentity")); n != 2 {
					return fmt.Sprintf("it was started %d times, want twice", n)
				}
				return ""
			})
		}},
	{Stage: Signals, Name: "killed-while-it-waits", About: "kill -9 in the middle of the wait: there is no document, and the execution runs on",
		Want: Want{Code: 137, Starts: 1, Status: backend.Running, NoDocument: true, NoEvents: true, NoResult: true}, Only: true,
		Arrange: func(s *Scene) {
			s.Lasts(24 * time.Hour)
			s.polls(s.few(2), s.hung(syscall.SIGKILL))
		}},
	{Stage: Signals, Name: "docker-stop", About: "SIGTERM, and SIGKILL if it takes too long", Want: left(143, backend.Running), Only: true,
		Arrange: func(s *Scene) {
			s.Lasts(24 * time.Hour)
			s.polls(s.few(2), fakeaws.Fault{Hang: true, Met: func() {
				s.Signal(syscall.SIGTERM)
				s.later(2*time.Second, syscall.SIGKILL)
			}})
			s.Tells("sfnx.execution_left", "running")
		}},
	{Stage: Signals, Name: "cancelled-on-github", About: "SIGINT, SIGTERM and SIGKILL, as GitHub cancels a step; the stop hangs", Want: left(130, backend.Running), Only: true,
		Arrange: func(s *Scene) {
			s.stops()
			s.polls(s.few(2), fakeaws.Fault{Hang: true, Met: func() {
				s.Signal(syscall.SIGINT)
				s.later(700*time.Millisecond, syscall.SIGTERM)
				s.later(3*time.Second, syscall.SIGKILL)
			}})
			s.Script("StopExecution", fakeaws.Fault{Hang: true})
			s.Tells("sfnx.execution_left", "stopping")
		}},
	{Stage: Signals, Name: "nohup", About: "the terminal hangs up, and nohup has said not to mind", Want: itsOwn, Only: true,
		Arrange: func(s *Scene) {
			s.shell(`trap "" HUP; exec "$0" "$@"`)
			s.polls(0, fakeaws.Fault{Met: func() { s.Signal(syscall.SIGHUP) }})
		}},
}

// later sends a signal after a time.
func (s *Scene) later(d time.Duration, sig os.Signal) {
	t := time.AfterFunc(d, func() { s.Signal(sig) })
	s.cleanup(func() { t.Stop() })
}

// skip says why this machine does not permit the play.
func (s *Scene) skip(reason string) {
	s.Command = func(c *exec.Cmd, _ int) {
		c.Path, c.Args = "/bin/sh", []string{"sh", "-c", `echo "SKIP: $0" >&2`, reason}
	}
}
