package features

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

var _ = Describe("a workflow that is not waited for", func() {
	everywhere("is 0 as soon as it is started, whatever comes of it", ReachesStarted, func(at *place) {
		run := at.run("fails", "--name", "order-17", "--input", `{"order":17}`)
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveStarted("RUNNING"))
		Expect(run).To(HaveMember("result.name", "order-17-1"))
	})

	everywhere("is not looked at", ReachesStarted, func(at *place) {
		run := at.run("waits-a-year")
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("sfnx.polls", 0))
	})
})

var _ = Describe("a workflow that is waited for", func() {
	everywhere("is 0 if it succeeded", ReachesSucceeded, func(at *place) {
		run := at.run("succeeds", "--wait", "--input", `{"order":17}`)
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveStarted("SUCCEEDED"))
		Expect(run).To(HaveMember("result.output", `{"order":17}`))
	})

	everywhere("is 0 if it succeeded after a while", ReachesSucceeded, func(at *place) {
		run := at.run("waits", "--wait")
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveStarted("SUCCEEDED"))
	})

	everywhere("is 23 if it failed, and says why and where", Reaches(23), func(at *place) {
		run := at.run("fails", "--wait")
		Expect(run).To(ExitWith(23))
		Expect(run).To(HaveStarted("FAILED"))
		Expect(run).To(HaveMember("sfnx.error", "Order.Rejected"))
		Expect(run).To(HaveMember("sfnx.cause", `the order "17" <a&b> was rejected: ünpaid`))
		Expect(run).To(HaveMember("sfnx.failed_state", "Reject"))
		Expect(run).To(HaveMember("sfnx.failed_event_id", 4))
	})

	everywhere("is 25 if it timed out", Reaches(25), func(at *place) {
		run := at.run("times-out", "--wait")
		Expect(run).To(ExitWith(25))
		Expect(run).To(HaveStarted("TIMED_OUT"))
		Expect(run).To(HaveMember("sfnx.failed_state", "Dawdle"))
	})

	It("is 24 if somebody stopped it, on the simulator", OnSim, Reaches(24), func() {
		run := simulator().run("never-ends", "--wait", "--fault", "poll:aborted+1")
		Expect(run).To(ExitWith(24))
		Expect(run).To(HaveStarted("ABORTED"))
	})

	It("is 24 if somebody stopped it, on AWS", OnAWS, Reaches(24), func() {
		aws := account()
		aws.clock.OnPause = func(int) { aws.stopFromOutside("waits", "order-17-1") }
		run := aws.run("waits", "--wait", "--name", "order-17")
		Expect(run).To(ExitWith(24))
		Expect(run).To(HaveStarted("ABORTED"))
		Expect(run).To(HaveMember("sfnx.error", "Enough"))
		Expect(run).To(HaveMember("sfnx.cause", "the customer changed their mind"))
	})

	It("is 23 on AWS even if nobody may read the history, which then cannot say where it failed", OnAWS, Reaches(23), func() {
		aws := account()
		aws.Script("GetExecutionHistory", fakeaws.Fault{Times: fakeaws.Forever, Code: "AccessDeniedException"})
		run := aws.run("fails", "--wait")
		Expect(run).To(ExitWith(23))
		Expect(run).To(HaveMember("sfnx.failed_state", nil))
		Expect(run).To(HaveMember("sfnx.error", "Order.Rejected"))
	})

	It("goes on if it is redriven while it is waited for", OnAWS, ReachesSucceeded, func() {
		aws := account()
		aws.Script("DescribeExecution", fakeaws.Fault{Times: 3, Edit: with("status", "PENDING_REDRIVE")})
		run := aws.run("succeeds", "--wait")
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("sfnx.polls", 4))
	})

	DescribeTable("ends with what its sync call says, if it is EXPRESS", func(at func() *place, machine string, code int, status string) {
		run := at().run(machine, "--wait")
		Expect(run).To(ExitWith(code))
		Expect(run).To(HaveStarted(status))
	},
		Entry("success on AWS", OnAWS, ReachesSucceeded, onAWS, express("succeeds"), 0, "SUCCEEDED"),
		Entry("failure on AWS", OnAWS, Reaches(23), onAWS, express("fails"), 23, "FAILED"),
		Entry("time-out on AWS", OnAWS, Reaches(25), onAWS, express("times-out"), 25, "TIMED_OUT"),
		Entry("success on the simulator", OnSim, ReachesSucceeded, expressly, "succeeds", 0, "SUCCEEDED"),
		Entry("failure on the simulator", OnSim, Reaches(23), expressly, "fails", 23, "FAILED"),
		Entry("time-out on the simulator", OnSim, Reaches(25), expressly, "times-out", 25, "TIMED_OUT"),
	)
})

func onAWS() *place { return &account().place }

// expressly is a simulator that takes every definition for an EXPRESS one.
func expressly() *place {
	set("SFNX_TYPE", "EXPRESS")
	return simulator()
}
