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
		Expect(aws.clock.paused()).To(Equal([]time.Duration{10 * time.Second, 10 * time.Second, 5 * time.Second}))
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

	It("while an EXPRESS execution runs, of which nobody can tell what became of it", OnAWS, Reaches(124), func() {
		aws := account()
		aws.Script("StartSyncExecution", fakeaws.Fault{Hang: true})
		run := aws.run(express("waits"), "--wait", "--wait-timeout", "50ms")
		Expect(run).To(ExitWith(124))
		Expect(run).To(HaveStartedNothing())
		Expect(run).To(HaveMember("sfnx.execution_left", "unknown"))
	})
})
