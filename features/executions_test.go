package features

import (
	"encoding/json"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

var _ = Describe("an execution that runs already, on AWS", OnAWS, func() {
	var aws *awsAccount
	BeforeEach(func() { aws = account() })

	started := func(machine, name string) string {
		GinkgoHelper()
		Expect(aws.run(machine, "--name", name)).To(ExitWith(0))
		return executionOf(machine, name+"-1")
	}

	DescribeTable("is waited for, with the code that run would have had", func(machine string, code int) {
		run := aws.sfnx("wait", started(machine, "order"))
		Expect(run).To(HaveMember("exit_code", code))
		Expect(run.code).To(Equal(code))
	},
		Entry("success", ReachesSucceeded, "waits", 0),
		Entry("failure", Reaches(23), "fails", 23),
		Entry("time-out", Reaches(25), "times-out", 25),
	)

	It("is waited for no longer than is wanted", Reaches(124), func() {
		Expect(aws.sfnx("wait", started("never-ends", "order"), "--wait-timeout", "1h").code).To(Equal(124))
	})

	It("may be one of several: the first code that is not 0 counts", func() {
		run := aws.sfnx("wait", started("waits", "a"), started("times-out", "b"), started("fails", "c"))
		Expect(run.code).To(Equal(25))
		var documents []struct {
			Code int `json:"exit_code"`
		}
		Expect(json.Unmarshal([]byte(run.stdout), &documents)).To(Succeed())
		Expect(documents).To(HaveLen(3))
	})

	It("is described", func() {
		Expect(aws.sfnx("describe", started("waits", "order")).stdout).To(MatchRegexp(`(?m)^status +RUNNING$`))
	})

	It("is stopped", Reaches(24), func() {
		arn := started("waits", "order")
		Expect(aws.sfnx("stop", arn, "--cause", "wrong order").stdout).To(MatchRegexp(`(?m)^status +ABORTED$`))
		run := aws.sfnx("wait", arn)
		Expect(run.code).To(Equal(24))
		Expect(run).To(HaveMember("sfnx.cause", "wrong order"))
	})

	It("is stopped without a cause if the key that would encrypt it refuses", func() {
		arn := started("waits", "order")
		aws.Script("StopExecution", fakeaws.Fault{Code: "KmsThrottlingException"})
		Expect(aws.sfnx("stop", arn, "--cause", "wrong order").stdout).To(MatchRegexp(`(?m)^status +ABORTED$`))
	})

	It("has a history", func() {
		Expect(aws.sfnx("history", started("fails", "order")).stdout).To(MatchRegexp(`4 +\+0s +FailStateEntered +Reject\n *5 +\+0s +ExecutionFailed +Order.Rejected`))
	})

	DescribeTable("is out of reach with the same codes", func(code int, awsCode string, command ...string) {
		arn := started("waits", "order")
		aws.Script(fakeaws.Any, fakeaws.Fault{Times: fakeaws.Forever, Code: awsCode})
		Expect(aws.sfnx(append(command, arn)...).code).To(Equal(code))
	},
		Entry("describe, denied", 3, "AccessDeniedException", "describe"),
		Entry("describe, with expired keys", 2, "ExpiredTokenException", "describe"),
		Entry("describe, without such an execution", 20, "ExecutionDoesNotExist", "describe"),
		Entry("history, denied", 3, "AccessDeniedException", "history"),
		Entry("history, throttled", 10, "ThrottlingException", "history"),
		Entry("stop, denied", 3, "AccessDeniedException", "stop"),
		Entry("stop, by the KMS key", 3, "KmsAccessDeniedException", "stop"),
		Entry("wait, denied", 3, "AccessDeniedException", "wait"),
	)
})
