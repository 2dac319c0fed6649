package features

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

var _ = Describe("an account that may not do what is asked is 3", func() {
	DescribeTable("on AWS, whichever call is denied", OnAWS, Reaches(3), func(machine, call, code string, started bool, args ...string) {
		aws := account()
		aws.Script(call, fakeaws.Fault{Times: fakeaws.Forever, Code: code, Message: "User is not authorized to perform: this"})
		run := aws.run(machine, append(args, "--wait")...)
		Expect(run).To(ExitWith(3))
		Expect(run).To(HaveMember("changed", started))
		Expect(run).To(HaveMember("sfnx.error", code))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring("User is not authorized to perform: this")))
	},
		Entry("who am I", "waits", "GetCallerIdentity", "AccessDenied", false),
		Entry("assuming a role", "waits", "AssumeRole", "AccessDenied", false, "--role-arn", roleArn("deploy")),
		Entry("starting", "waits", "StartExecution", "AccessDeniedException", false),
		Entry("starting, by the KMS key", "waits", "StartExecution", "KmsAccessDeniedException", false),
		Entry("starting, in a region that is not enabled", "waits", "StartExecution", "OptInRequired", false),
		Entry("starting, in another word", "waits", "StartExecution", "UnauthorizedOperation", false),
		Entry("starting, in one more", "waits", "StartExecution", "UnauthorizedException", false),
		Entry("starting and waiting in one", express("waits"), "StartSyncExecution", "AccessDeniedException", false),
		Entry("looking how it is doing", "waits", "DescribeExecution", "AccessDeniedException", true),
		Entry("looking how it is doing, by the KMS key", "waits", "DescribeExecution", "KmsAccessDeniedException", true),
	)

	It("on AWS, for the second role of a chain", OnAWS, Reaches(3), func() {
		aws := account()
		aws.Script("AssumeRole", fakeaws.Fault{}, fakeaws.Fault{Times: fakeaws.Forever, Code: "AccessDenied"})
		run := aws.run("succeeds", "--role-arn", roleArn("hub"), "--role-arn", roleArn("spoke"))
		Expect(run).To(ExitWith(3))
		Expect(aws.Requests("AssumeRole")).To(HaveLen(2))
		Expect(aws.Requests("GetCallerIdentity")).To(BeEmpty())
	})

	It("but not for the type of a STANDARD machine, which it can do without", OnAWS, ReachesSucceeded, func() {
		aws := account()
		aws.Script("DescribeStateMachine", fakeaws.Fault{Times: fakeaws.Forever, Code: "AccessDeniedException"})
		Expect(aws.run("waits", "--wait")).To(ExitWith(0))
	})

	It("for the type of an EXPRESS machine, which runs then, but cannot be waited for", OnAWS, Reaches(3), func() {
		aws := account()
		aws.Script("DescribeStateMachine", fakeaws.Fault{Times: fakeaws.Forever, Code: "AccessDeniedException"})
		run := aws.run(express("waits"), "--wait")
		Expect(run).To(ExitWith(3))
		Expect(run).To(HaveStarted("RUNNING"))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring("states:StartSyncExecution")))
	})

	DescribeTable("as it can be rehearsed", OnSim, Reaches(3), func(fault string, started bool) {
		run := simulator().run("waits", "--wait", "--fault", fault)
		Expect(run).To(ExitWith(3))
		Expect(run).To(HaveMember("changed", started))
	},
		Entry(nil, "authenticate:denied", false),
		Entry(nil, "start:denied", false),
		Entry(nil, "start:kms-denied", false),
		Entry(nil, "poll:denied", true),
		Entry(nil, "poll:kms-denied+1", true),
	)
})
