package features

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

var _ = Describe("a wait that takes too long is 124", func() {
	everywhere("and the execution is left running", Reaches(124), func(at *place) {
		run := at.run("never-ends", "--wait", "--wait-timeout", "5m")
		Expect(run).To(ExitWith(124))
		Expect(run).To(HaveStarted("RUNNING"))
		Expect(run).To(HaveMember("sfnx.execution_left", "running"))
		Expect(run).To(LackMember("result.stopDate"))
	})

	everywhere("even if it is shorter than the polling interval", Reaches(124), func(at *place) {
		Expect(at.run("waits", "--wait", "--wait-timeout", "3s", "--polling-interval", "3600")).To(ExitWith(124))
	})

	everywhere("but an execution that ends with the wait counts", ReachesSucceeded, func(at *place) {
		Expect(at.run("waits", "--wait", "--wait-timeout", "35s")).To(ExitWith(0))
	})

	It("to the second, on AWS; the next command is named", OnAWS, Reaches(124), func() {
		aws := account()
		aws.env.Random = zeros{}
		run := aws.run("never-ends", "--wait", "--name", "order-17", "--wait-timeout", "25")
		Expect(run).To(ExitWith(124))
		Expect(aws.clock.Pauses()).To(Equal([]time.Duration{10 * time.Second, 10 * time.Second, 5 * time.Second}))
		Expect(run).To(HaveMember("sfnx.next", ContainSubstring("sfnx wait "+executionOf("never-ends", "order-17-1"))))
	})

	DescribeTable("while AWS gives no answer", OnAWS, Reaches(124), func(fault fakeaws.Fault) {
		aws := account()
		fault.Times = fakeaws.Forever
		aws.Script("DescribeExecution", fakeaws.Fault{}, fault)
		run := aws.run("never-ends", "--wait", "--wait-timeout", "10m")
		Expect(run).To(ExitWith(124))
		Expect(run).To(HaveMember("sfnx.execution_left", "running"))
	},
		Entry("because it throttles", fakeaws.Fault{Code: "ThrottlingException"}),
		Entry("because it cannot be reached", fakeaws.Fault{Reset: fakeaws.BeforeHandling}),
		Entry("because it is down", fakeaws.Fault{Status: 503, Code: "ServiceUnavailable"}),
	)

	everywhere("and the execution is stopped if that is wanted", Reaches(124), func(at *place) {
		run := at.run("never-ends", "--wait", "--wait-timeout", "5m", "--on-wait-timeout", "stop")
		Expect(run).To(ExitWith(124))
		Expect(run).To(HaveStarted("ABORTED"))
		Expect(run).To(HaveMember("sfnx.execution_left", "stopped"))
		Expect(run.stderr).To(ContainSubstring("WAIT_TIMEOUT after 5m0s: the execution was stopped"))
	})

	It("and the execution knows what it was stopped for", OnAWS, Reaches(124), func() {
		aws := account()
		run := aws.reads(`{"wait_timeout":60,"on_wait_timeout":"stop"}`).run("never-ends", "--wait", "--request", "-", "--events", "-")
		Expect(run).To(ExitWith(124))
		Expect(aws.Requests("StopExecution")[0].Body).To(ContainSubstring(`"sfnx: wait timeout"`))
		Expect(run.eventTypes()).To(ContainElements("run.wait_timeout", "run.ended"))
	})

	It("of an execution that somebody else started; it is stopped, too", OnAWS, Reaches(124), func() {
		aws := account()
		Expect(aws.run("never-ends", "--name", "order-17")).To(ExitWith(0))
		run := aws.sfnx("wait", executionOf("never-ends", "order-17-1"), "--wait-timeout", "1m", "--on-wait-timeout", "stop", "-o", "json")
		Expect(run.code).To(Equal(124))
		Expect(run).To(HaveMember("result.status", "ABORTED"))
		Expect(run).To(HaveMember("sfnx.execution_left", "stopped"))
	})

	It("and is stopped without a cause if the key that would encrypt it refuses", OnAWS, Reaches(124), func() {
		aws := account()
		aws.Script("StopExecution", fakeaws.Fault{Code: "KmsInvalidStateException", Message: "the key is disabled"})
		run := aws.run("never-ends", "--wait", "--wait-timeout", "5m", "--on-wait-timeout", "stop")
		Expect(run).To(ExitWith(124))
		Expect(run).To(HaveMember("sfnx.execution_left", "stopped"))
	})

	It("says why the execution could not be stopped, and how to go on", OnAWS, Reaches(124), func() {
		aws := account()
		aws.Script("StopExecution", fakeaws.Fault{Times: fakeaws.Forever, Code: "AccessDeniedException", Message: "not allowed to stop"})
		run := aws.run("never-ends", "--wait", "--wait-timeout", "1m", "--on-wait-timeout", "stop", "--name", "order-17")
		Expect(run).To(ExitWith(124))
		Expect(run).To(HaveStarted("RUNNING"))
		Expect(run).To(HaveMember("sfnx.execution_left", "running"))
		Expect(run).To(HaveMember("sfnx.stop_error", ContainSubstring("not allowed to stop")))
		Expect(run).To(HaveMember("sfnx.next", ContainSubstring("sfnx stop "+executionOf("never-ends", "order-17-1"))))
	})

	It("says so if the end of the execution is not seen in time", OnAWS, Reaches(124), func() {
		aws := account()
		aws.Script("DescribeExecution", fakeaws.Fault{Times: fakeaws.Forever, Edit: with("status", "RUNNING")})
		run := aws.run("never-ends", "--wait", "--wait-timeout", "1m", "--on-wait-timeout", "stop")
		Expect(run).To(ExitWith(124))
		Expect(run).To(HaveMember("sfnx.execution_left", "stopping"))
	})

	It("but an execution that ends by itself before it can be stopped counts", OnAWS, ReachesSucceeded, func() {
		aws := account()
		aws.Script("StopExecution", fakeaws.Fault{Met: func() { aws.region.Advance(aws.region.Now().Add(time.Minute)) }})
		run := aws.run("waits", "--wait", "--wait-timeout", "25s", "--on-wait-timeout", "stop")
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveStarted("SUCCEEDED"))
		Expect(run).To(HaveMember("sfnx.execution_left", nil))
		Expect(run).To(HaveMember("sfnx.error", nil))
	})

	It("while an EXPRESS execution runs, of which nobody can tell what became of it", OnAWS, Reaches(124), func() {
		aws := account()
		aws.Script("StartSyncExecution", fakeaws.Fault{Hang: true})
		run := aws.run(express("waits"), "--wait", "--wait-timeout", "50ms")
		Expect(run).To(ExitWith(124))
		Expect(run).To(HaveStartedNothing())
		Expect(run).To(HaveMember("sfnx.execution_left", "unknown"))
	})
})
