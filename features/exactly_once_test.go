package features

import (
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

var _ = Describe("an execution is started exactly once", OnAWS, func() {
	DescribeTable("though the answer gets lost: the same name and bytes are sent again", ReachesSucceeded, func(fault fakeaws.Fault) {
		aws := account()
		aws.Script("StartExecution", fault)
		run := aws.run("waits", "--wait", "--input", `{"n": 1.0}`)
		Expect(run).To(ExitWith(0))
		Expect(aws.starts()).To(Equal(1))
		requests := aws.Requests("StartExecution")
		Expect(requests).To(HaveLen(2))
		Expect(requests[1].Body).To(Equal(requests[0].Body))
	},
		Entry("reset before the service did anything", fakeaws.Fault{Reset: fakeaws.BeforeHandling}),
		Entry("reset after it started the execution", fakeaws.Fault{Reset: fakeaws.AfterHandling}),
		Entry("broken off in the middle of the answer", fakeaws.Fault{Reset: fakeaws.MidAnswer}),
		Entry("answered with 500, but started", fakeaws.Fault{Handled: true, Status: 500, Code: "InternalFailure"}),
		Entry("answered with a page, but started", fakeaws.Fault{Handled: true, Status: 502, Body: "<html></html>", ContentType: "text/html"}),
		Entry("answered with nonsense, but started", fakeaws.Fault{Handled: true, Body: `{"executionArn":`, ContentType: "application/x-amz-json-1.0"}),
		Entry("answered with nothing, but started", fakeaws.Fault{Handled: true, Body: `{}`, ContentType: "application/x-amz-json-1.0"}),
	)

	It("though no answer comes in time", ReachesSucceeded, func() {
		aws := account()
		aws.env.AttemptTimeout = 100 * time.Millisecond
		aws.Script("StartExecution", fakeaws.Fault{Hang: true})
		Expect(aws.run("waits", "--wait")).To(ExitWith(0))
		Expect(aws.starts()).To(Equal(1))
	})

	It("though it has ended when it is asked for again, and is known by its name and input then", ReachesSucceeded, func() {
		aws := account()
		aws.Script("StartExecution", fakeaws.Fault{Reset: fakeaws.AfterHandling})
		run := aws.run("succeeds", "--wait", "--on-exists", "fail")
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("sfnx.adopted", true))
		Expect(aws.starts()).To(Equal(1))
	})

	DescribeTable("though AWS is busy for half a minute: the run is patient, and says so", ReachesStarted, func(machine, call string, fault fakeaws.Fault, told string) {
		aws := account()
		fault.Times = 10 * attempts
		aws.Script(call, fault)
		run := aws.run(machine, "--events", "-")
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("sfnx.ambiguous", false))
		Expect(run.events(told)).To(HaveLen(10))
		Expect(run.events(told)[0]).To(HaveKeyWithValue("call", Not(BeEmpty())))
		Expect(aws.starts()).To(Equal(1))
	},
		Entry("throttling", "waits", "StartExecution", fakeaws.Fault{Code: "ThrottlingException"}, "run.throttled"),
		Entry("throttling of an EXPRESS machine", express("waits"), "StartExecution", fakeaws.Fault{Code: "ThrottlingException"}, "run.throttled"),
		Entry("too many executions", "waits", "StartExecution", fakeaws.Fault{Code: "ExecutionLimitExceeded"}, "run.throttled"),
		Entry("down", "never-ends", "StartExecution", fakeaws.Fault{Status: 503, Code: "ServiceUnavailable", Handled: true}, "run.unreachable"),
		Entry("cutting connections", "never-ends", "StartExecution", fakeaws.Fault{Reset: fakeaws.AfterHandling}, "run.unreachable"),
		Entry("down, while it authenticates", "waits", "GetCallerIdentity", fakeaws.Fault{Status: 500, Code: "InternalFailure"}, "run.unreachable"),
	)

	DescribeTable("though a signal comes while it is tried again", Reaches(143), func(fault fakeaws.Fault, choice string, left any) {
		aws := account()
		fault.Times = attempts
		aws.Script("StartExecution", fault)
		aws.clock.OnPause = func(int) { aws.signal(syscall.SIGTERM) }
		run := aws.run("waits", "--wait", "--on-interrupt", choice)
		Expect(run).To(ExitWith(143))
		Expect(run).To(HaveMember("sfnx.stage", "start"))
		Expect(run).To(HaveMember("sfnx.execution_left", left))
	},
		Entry("refused", fakeaws.Fault{Code: "ThrottlingException"}, "stop", nil),
		Entry("perhaps started, and left", fakeaws.Fault{Reset: fakeaws.AfterHandling}, "leave", "unknown"),
		Entry("perhaps started, found and stopped", fakeaws.Fault{Reset: fakeaws.AfterHandling}, "stop", "stopped"),
	)

	It("or the run says that nobody knows, and the next one with the same name finds out", Reaches(10), ReachesSucceeded, func() {
		aws := account()
		aws.Script("StartExecution", fakeaws.Fault{Times: fakeaws.Forever, Reset: fakeaws.AfterHandling})
		run := aws.run("waits", "--wait", "--name", "order-17")
		Expect(run).To(ExitWith(10))
		Expect(run).To(HaveMember("sfnx.ambiguous", true))
		Expect(run).To(HaveMember("sfnx.execution_left", "unknown"))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring("an execution may have been started")))
		Expect(run).To(HaveMember("sfnx.next", ContainSubstring("sfnx describe "+executionOf("waits", "order-17-1"))))
		aws.Heal()
		Expect(aws.run("waits", "--wait", "--name", "order-17")).To(ExitWith(0))
		Expect(aws.starts()).To(Equal(1))
	})

	It("and not repeated where that could start a second one: EXPRESS", Reaches(10), func() {
		aws := account()
		aws.Script("StartExecution", fakeaws.Fault{Reset: fakeaws.AfterHandling})
		run := aws.run(express("waits"))
		Expect(run).To(ExitWith(10))
		Expect(run).To(HaveMember("sfnx.ambiguous", true))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring("EXPRESS")))
		Expect(aws.Requests("StartExecution")).To(HaveLen(1))
	})

	It("and not repeated where nobody may know whether it could", Reaches(10), func() {
		aws := account()
		aws.Script("DescribeStateMachine", fakeaws.Fault{Times: fakeaws.Forever, Code: "AccessDeniedException"})
		aws.Script("StartExecution", fakeaws.Fault{Reset: fakeaws.AfterHandling})
		Expect(aws.run("waits")).To(ExitWith(10))
		Expect(aws.Requests("StartExecution")).To(HaveLen(1))
	})

	It("and not repeated while it is waited for in the same call", Reaches(10), func() {
		aws := account()
		aws.Script("StartSyncExecution", fakeaws.Fault{Reset: fakeaws.AfterHandling})
		run := aws.run(express("succeeds"), "--wait")
		Expect(run).To(ExitWith(10))
		Expect(run).To(HaveMember("sfnx.ambiguous", true))
		Expect(aws.starts()).To(Equal(1))
	})
})

var _ = Describe("an execution of which nobody knows whether it was started", OnSim, func() {
	It("can be rehearsed", Reaches(10), func() {
		run := simulator().run("never-ends", "--wait", "--fault", "start:connection-cut")
		Expect(run).To(ExitWith(10))
		Expect(run).To(HaveMember("sfnx.ambiguous", true))
	})
})

var _ = Describe("a job that is run again", OnAWS, func() {
	const input = `{"order":17}`

	var aws *awsAccount
	BeforeEach(func() { aws = account() })

	again := func(machine string, args ...string) *ended {
		GinkgoHelper()
		return aws.run(machine, append([]string{"--name", "order-17", "--input", input}, args...)...)
	}

	It("with the same name, while the first execution runs, waits for that", ReachesSucceeded, func() {
		Expect(again("waits")).To(ExitWith(0))
		Expect(again("waits", "--wait")).To(ExitWith(0))
		Expect(aws.starts()).To(Equal(1))
	})

	DescribeTable("with the same name, after the execution has ended, has its code", func(machine string, code int) {
		Expect(again(machine)).To(ExitWith(0))
		run := again(machine, "--wait")
		Expect(run).To(ExitWith(code))
		Expect(run).To(HaveMember("sfnx.adopted", true))
		Expect(run).To(HaveMember("changed", true))
		Expect(aws.starts()).To(Equal(1))
	},
		Entry("success", ReachesSucceeded, "succeeds", 0),
		Entry("failure", Reaches(23), "fails", 23),
	)

	It("after somebody stopped the execution, says so", Reaches(24), func() {
		Expect(again("waits")).To(ExitWith(0))
		aws.stopFromOutside("waits", "order-17-1")
		Expect(again("waits", "--wait")).To(ExitWith(24))
	})

	It("without waiting, is content with the execution that there is", ReachesStarted, func() {
		Expect(again("succeeds")).To(ExitWith(0))
		run := again("succeeds")
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("sfnx.adopted", true))
		Expect(run.keys("result")).To(Equal(resultKeys[:5]), "what is known only after a wait is not shown")
	})

	It("as the next attempt starts another one", Reaches(23), func() {
		Expect(again("fails", "--wait")).To(ExitWith(23))
		run := again("fails", "--wait", "--attempt", "2")
		Expect(run).To(ExitWith(23))
		Expect(run).To(HaveMember("result.name", "order-17-2"))
		Expect(aws.starts()).To(Equal(2))
	})

	It("is 20 if it is told not to adopt", Reaches(20), func() {
		Expect(again("succeeds", "--wait")).To(ExitWith(0))
		run := again("succeeds", "--wait", "--on-exists", "fail")
		Expect(run).To(ExitWith(20))
		Expect(run).To(HaveMember("sfnx.error", "ExecutionAlreadyExists"))
	})

	It("is 20 if the input differs in a single space; the other execution is named", Reaches(20), func() {
		Expect(again("succeeds", "--wait")).To(ExitWith(0))
		run := aws.run("succeeds", "--name", "order-17", "--input", `{"order": 17}`)
		Expect(run).To(ExitWith(20))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring(executionOf("succeeds", "order-17-1")+" exists already and has another input")))
	})

	It("by the ARN of a version or an alias finds its execution, too", Reaches(23), func() {
		Expect(again("fails:3", "--wait")).To(ExitWith(23))
		run := again("fails:prod", "--wait")
		Expect(run).To(ExitWith(23))
		Expect(run).To(HaveMember("sfnx.adopted", true))
		Expect(run).To(HaveMember("result.executionArn", executionOf("fails", "order-17-1")))
	})
})

var _ = Describe("a generated name", func() {
	It("is another one each time", OnAWS, ReachesStarted, func() {
		aws := account()
		first, second := aws.run("succeeds"), aws.run("succeeds")
		Expect(first).To(ExitWith(0))
		Expect(first.text("result.name")).NotTo(Equal(second.text("result.name")))
		Expect(aws.starts()).To(Equal(2))
	})

	It("has the attempt at its end", OnAWS, ReachesStarted, func() {
		Expect(account().run("succeeds", "--attempt", "12")).To(HaveMember("result.name", MatchRegexp(`^sfnx-.{36}-12$`)))
	})
})
