package features

import (
	"io"
	"strings"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

var _ = Describe("a signal on AWS", OnAWS, func() {
	// Each call hangs, and the signal comes meanwhile.
	DescribeTable("ends the run wherever it is", Reaches(143), func(call, machine, choice string, changed bool, left any) {
		aws := account()
		aws.Script(call, fakeaws.Fault{Hang: true, Met: func() { aws.signal(syscall.SIGTERM) }})
		run := aws.run(machine, "--wait", "--role-arn", roleArn("deploy"), "--on-interrupt", choice)
		Expect(run).To(ExitWith(143))
		Expect(run).To(HaveMember("sfnx.signal", "SIGTERM"))
		Expect(run).To(HaveMember("changed", changed))
		Expect(run).To(HaveMember("sfnx.execution_left", left))
	},
		Entry("assuming a role", "AssumeRole", "waits", "leave", false, nil),
		Entry("authenticating", "GetCallerIdentity", "waits", "leave", false, nil),
		Entry("authenticating, with nothing to stop", "GetCallerIdentity", "waits", "stop", false, nil),
		Entry("looking at the machine", "DescribeStateMachine", "waits", "leave", false, nil),
		Entry("looking at the machine, with nothing to stop", "DescribeStateMachine", "waits", "stop", false, nil),
		Entry("starting", "StartExecution", "waits", "leave", false, "unknown"),
		Entry("starting and waiting in one", "StartSyncExecution", express("waits"), "leave", false, "unknown"),
		Entry("looking how it is doing", "DescribeExecution", "waits", "leave", true, "running"),
		Entry("looking how it is doing, with an execution to stop", "DescribeExecution", "waits", "stop", true, "stopped"),
	)

	DescribeTable("between two looks leaves the execution running", func(signal syscall.Signal, code int, name string) {
		aws := account()
		aws.clock.OnPause = func(int) { aws.signal(signal) }
		run := aws.run("waits", "--wait", "--name", "order-17")
		Expect(run).To(ExitWith(code))
		Expect(run).To(HaveStarted("RUNNING"))
		Expect(run).To(HaveMember("sfnx.signal", name))
		Expect(run).To(HaveMember("sfnx.execution_left", "running"))
		Expect(run).To(HaveMember("sfnx.next", ContainSubstring("sfnx wait "+executionOf("waits", "order-17-1"))))
		Expect(aws.Requests("StopExecution")).To(BeEmpty())
	},
		Entry("SIGINT", Reaches(130), syscall.SIGINT, 130, "SIGINT"),
		Entry("SIGTERM", Reaches(143), syscall.SIGTERM, 143, "SIGTERM"),
		Entry("SIGHUP, as SIGTERM", Reaches(143), syscall.SIGHUP, 143, "SIGTERM"),
	)

	It("stops the execution if it is told to; that is not 24", Reaches(143), func() {
		aws := account()
		aws.clock.OnPause = func(int) { aws.signal(syscall.SIGTERM) }
		run := aws.run("waits", "--wait", "--on-interrupt", "stop")
		Expect(run).To(ExitWith(143))
		Expect(run).To(HaveStarted("ABORTED"))
		Expect(run).To(HaveMember("sfnx.execution_left", "stopped"))
		Expect(aws.Requests("StopExecution")[0].Body).To(ContainSubstring(`"sfnx: SIGTERM"`))
	})

	It("finds and stops the execution whose start was not confirmed", Reaches(130), func() {
		aws := account()
		aws.Script("StartExecution", fakeaws.Fault{Reset: fakeaws.AfterHandling}, fakeaws.Fault{Hang: true, Met: func() { aws.signal(syscall.SIGINT) }})
		run := aws.run("waits", "--wait", "--on-interrupt", "stop")
		Expect(run).To(ExitWith(130))
		Expect(run).To(HaveStarted("ABORTED"))
		Expect(run).To(HaveMember("sfnx.execution_left", "stopped"))
		Expect(aws.starts()).To(Equal(1))
	})

	It("says why the execution could not be stopped", Reaches(130), func() {
		aws := account()
		aws.clock.OnPause = func(int) { aws.signal(syscall.SIGINT) }
		aws.Script("StopExecution", fakeaws.Fault{Times: fakeaws.Forever, Code: "AccessDeniedException", Message: "not allowed to stop"})
		run := aws.run("waits", "--wait", "--on-interrupt", "stop")
		Expect(run).To(ExitWith(130))
		Expect(run).To(HaveStarted("RUNNING"))
		Expect(run).To(HaveMember("sfnx.stop_error", ContainSubstring("not allowed to stop")))
	})

	It("stops the execution without a cause if the key that would encrypt it refuses", Reaches(130), func() {
		aws := account()
		aws.clock.OnPause = func(int) { aws.signal(syscall.SIGINT) }
		aws.Script("StopExecution", fakeaws.Fault{Code: "KmsAccessDeniedException", Message: "no key"})
		run := aws.run("waits", "--wait", "--on-interrupt", "stop")
		Expect(run).To(ExitWith(130))
		Expect(run).To(HaveMember("sfnx.execution_left", "stopped"))
		Expect(run).To(HaveMember("sfnx.stop_error", nil))
		Expect(aws.Requests("StopExecution")[1].Body).NotTo(ContainSubstring("cause"))
	})

	It("looks for the end of an execution if the answer to its stop is lost", Reaches(130), func() {
		aws := account()
		aws.clock.OnPause = func(int) { aws.signal(syscall.SIGINT) }
		aws.Script("StopExecution", fakeaws.Fault{Times: fakeaws.Forever, Code: "InternalFailure", Status: 500, Handled: true})
		run := aws.run("waits", "--wait", "--on-interrupt", "stop")
		Expect(run).To(ExitWith(130))
		Expect(run).To(HaveStarted("ABORTED"))
		Expect(run).To(HaveMember("sfnx.execution_left", "stopped"))
	})

	DescribeTable("is heard while nobody reads what sfnx writes; the document is written", Reaches(143), func(block func(*awsAccount, func())) {
		aws := account()
		never := make(chan struct{})
		DeferCleanup(func() { close(never) })
		block(aws, func() {
			aws.signal(syscall.SIGTERM)
			<-never
		})
		run := aws.run("waits", "--wait", "-v", "--events", file("events", ""))
		Expect(run).To(ExitWith(143))
		Expect(run).To(HaveStarted("RUNNING"))
		Expect(run).To(HaveMember("sfnx.execution_left", "running"))
	},
		Entry("to the events", func(aws *awsAccount, block func()) {
			aws.onEvent = func(line string) {
				if strings.Contains(line, `"run.polled"`) {
					block()
				}
			}
		}),
		Entry("to stderr", func(aws *awsAccount, block func()) {
			aws.streams.Err = writerFunc(func(b []byte) (int, error) {
				if strings.Contains(string(b), "RUNNING") {
					block()
				}
				return len(b), nil
			})
		}),
	)

	It("does not wait for long until the execution has stopped", Reaches(130), func() {
		aws := account()
		aws.clock.OnPause = func(n int) {
			if n == 1 {
				aws.Script("DescribeExecution", fakeaws.Fault{Times: fakeaws.Forever, Edit: with("status", "RUNNING")})
				aws.signal(syscall.SIGINT)
			}
		}
		run := aws.run("waits", "--wait", "--on-interrupt", "stop")
		Expect(run).To(ExitWith(130))
		Expect(run).To(HaveMember("sfnx.execution_left", "stopping"))
	})

	It("that comes as the execution ends by itself has nothing to stop", Reaches(130), func() {
		aws := account()
		aws.clock.OnPause = func(n int) {
			if n == 4 {
				aws.region.Advance(aws.region.Now().Add(15e9))
				aws.signal(syscall.SIGINT)
			}
		}
		run := aws.run("waits", "--wait", "--on-interrupt", "stop")
		Expect(run).To(ExitWith(130))
		Expect(run).To(HaveStarted("SUCCEEDED"))
		Expect(run).To(HaveMember("sfnx.execution_left", "ended"))
	})

	It("ends the run at once when it comes again", Reaches(130), func() {
		aws := account()
		aws.clock.OnPause = func(int) { aws.signal(syscall.SIGINT) }
		aws.Script("StopExecution", fakeaws.Fault{Hang: true, Met: func() { aws.signal(syscall.SIGINT) }})
		run := aws.run("waits", "--wait", "--on-interrupt", "stop")
		Expect(run).To(ExitWith(130))
		Expect(run).To(HaveStarted("RUNNING"))
		Expect(run).To(HaveMember("sfnx.execution_left", "stopping"))
	})

	It("ends the run soon, even if nothing moves any more", Reaches(143), func() {
		aws := account()
		aws.clock.OnPause = func(int) { aws.signal(syscall.SIGTERM) }
		aws.Script("StopExecution", fakeaws.Fault{Hang: true, Met: func() { aws.clock.GraceIsOver() }})
		run := aws.run("waits", "--wait", "--on-interrupt", "stop")
		Expect(run).To(ExitWith(143))
		Expect(run).To(HaveMember("sfnx.execution_left", "stopping"))
	})

	DescribeTable("ends the other commands, too", func(call string, args ...string) {
		aws := account()
		Expect(aws.run("waits", "--name", "order-17")).To(ExitWith(0))
		aws.Script(call, fakeaws.Fault{Hang: true, Met: func() { aws.signal(syscall.SIGINT) }})
		run := aws.sfnx(append(args, executionOf("waits", "order-17-1"), "-o", "json")...)
		Expect(run.code).To(Equal(130))
	},
		Entry(nil, "DescribeExecution", "describe"),
		Entry(nil, "GetExecutionHistory", "history"),
		Entry(nil, "StopExecution", "stop"),
		Entry(nil, "DescribeExecution", "wait"),
	)
})

var _ = Describe("a signal on the simulator", OnSim, func() {
	// The simulation has no end, so that the signal surely comes before it.
	DescribeTable("ends it", func(signal syscall.Signal, code int, choice, status, left string) {
		sim := simulator()
		sim.onEvent = func(line string) {
			if strings.Contains(line, `"run.started"`) {
				sim.signal(signal)
			}
		}
		run := sim.run("never-ends", "--wait", "--limits", "off", "--on-interrupt", choice, "--events", file("events", ""))
		Expect(run).To(ExitWith(code))
		Expect(run).To(HaveStarted(status))
		Expect(run).To(HaveMember("sfnx.execution_left", left))
	},
		Entry("SIGINT leaves it", Reaches(130), syscall.SIGINT, 130, "leave", "RUNNING", "running"),
		Entry("SIGINT stops it", Reaches(130), syscall.SIGINT, 130, "stop", "ABORTED", "stopped"),
		Entry("SIGTERM leaves it", Reaches(143), syscall.SIGTERM, 143, "leave", "RUNNING", "running"),
		Entry("SIGTERM stops it", Reaches(143), syscall.SIGTERM, 143, "stop", "ABORTED", "stopped"),
		Entry("SIGHUP leaves it", Reaches(143), syscall.SIGHUP, 143, "leave", "RUNNING", "running"),
	)
})

var _ = Describe("a signal while the input is awaited", func() {
	for _, option := range []string{"--input", "--request", "--credentials"} {
		everywhere("ends the run that waits for "+option+" -, and nothing is started", Reaches(143), func(at *place) {
			at.streams.In = silence(func() { at.signal(syscall.SIGTERM) })
			run := at.run("succeeds", option, "-")
			Expect(run).To(ExitWith(143))
			Expect(run).To(HaveStartedNothing())
		})
	}

	It("ends the other commands, too", OnAWS, func() {
		aws := account()
		aws.streams.In = silence(func() { aws.signal(syscall.SIGINT) })
		Expect(aws.sfnx("describe", executionOf("waits", "order-17-1"), "--request", "-").code).To(Equal(130))
		aws.streams.In = silence(func() { aws.signal(syscall.SIGINT) })
		Expect(aws.sfnx("wait", "-").code).To(Equal(130))
		Expect(aws.Requests()).To(BeEmpty())
	})
})

// silence is a pipe that nobody writes to while the spec lasts. met is called when somebody begins to read.
func silence(met func()) io.Reader {
	reader, writer := io.Pipe()
	DeferCleanup(writer.Close)
	return readerFunc(func(b []byte) (int, error) {
		met()
		return reader.Read(b)
	})
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }
