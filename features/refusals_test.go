package features

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

var _ = Describe("a request that the service refuses is 20", func() {
	DescribeTable("on AWS, whatever is wrong with it", OnAWS, Reaches(20), func(code string) {
		aws := account()
		aws.Script("StartExecution", fakeaws.Fault{Times: fakeaws.Forever, Code: code, Message: "no, because"})
		run := aws.run("succeeds")
		Expect(run).To(ExitWith(20))
		Expect(run).To(HaveStartedNothing())
		Expect(run).To(HaveMember("sfnx.error", code))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring("no, because")))
		Expect(aws.Requests("StartExecution")).To(HaveLen(1), "it is not asked twice")
	},
		Entry(nil, "InvalidArn"),
		Entry(nil, "InvalidName"),
		Entry(nil, "InvalidExecutionInput"),
		Entry(nil, "ValidationException"),
		Entry(nil, "StateMachineDeleting"),
	)

	It("on AWS, if there is no such state machine", OnAWS, Reaches(20), func() {
		run := account().run("orders-of-yesteryear", "--wait")
		Expect(run).To(ExitWith(20))
		Expect(run).To(HaveMember("sfnx.error", "StateMachineDoesNotExist"))
	})

	It("on AWS, if an execution of the name has another input; it is named", OnAWS, Reaches(20), func() {
		aws := account()
		Expect(aws.run("waits", "--name", "order-17", "--input", `{"order":17}`)).To(ExitWith(0))
		run := aws.run("waits", "--name", "order-17", "--input", `{"order":18}`)
		Expect(run).To(ExitWith(20))
		Expect(run).To(HaveStartedNothing())
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring(executionOf("waits", "order-17-1"))))
	})

	It("on the simulator, if there is no such definition", OnSim, Reaches(20), func() {
		run := simulator().run("orders-of-yesteryear")
		Expect(run).To(ExitWith(20))
		Expect(run).To(BeBlamedOn("state_machine_arn"))
	})

	It("on the simulator, if the definition has mistakes; each is shown where it stands", OnSim, Reaches(20), func() {
		sim := simulator()
		run := sim.sfnx("run", file("broken.asl.json", "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"B\": { \"Type\": \"Pass\" }\n  }\n}"))
		Expect(run).To(ExitWith(20))
		Expect(len(run.fieldErrors())).To(BeNumerically(">=", 2))
		Expect(run.stderr).To(ContainSubstring("broken.asl.json:2:14"))
	})

	It("on the simulator, if a task has no answer; it is named", OnSim, Reaches(20), func() {
		run := simulator().run("calls", "--wait")
		Expect(run).To(ExitWith(20))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring("Charge")))
	})

	DescribeTable("as it can be rehearsed", OnSim, Reaches(20), func(fault string) {
		Expect(simulator().run("waits", "--fault", fault)).To(And(ExitWith(20), HaveStartedNothing()))
	},
		Entry(nil, "start:deleting"),
		Entry(nil, "start:not-found"),
	)
})

var _ = Describe("a mistake in the usage is 20, never 2", func() {
	DescribeTable("on AWS", OnAWS, Reaches(20), func(rule string, args ...string) {
		aws := account()
		run := aws.sfnx(append([]string{"run", arnOf("succeeds")}, args...)...)
		Expect(run).To(ExitWith(20))
		Expect(run.fieldErrors()).To(ConsistOf(And(HaveField("Field", "arguments"), HaveField("Rule", ContainSubstring(rule)))))
		Expect(aws.Requests()).To(BeEmpty())
	},
		Entry("a flag that is unknown", "there is no flag --waitt; did you mean --wait?", "--waitt"),
		Entry("a flag without its value", "flag needs an argument: --name", "--name"),
		Entry("a second state machine", "want one state machine", arnOf("fails")),
		Entry("a secret as a flag, of which there is none", "there is no flag --credentials-password", "--credentials-password", "x"),
		Entry("another form of output", "want one of json, text", "--output", "xml"),
	)

	It("on the simulator", OnSim, Reaches(20), func() {
		Expect(simulator().sfnx("simulate", "-o", "json", "testdata/succeeds.asl.json", "--waitt")).To(ExitWith(20))
	})

	DescribeTable("without a document, where none was asked for", func(args ...string) {
		run := account().sfnx(args...)
		Expect(run.code).To(Equal(20))
		Expect(run.stdout).To(BeEmpty())
		Expect(run.stderr).NotTo(BeEmpty())
	},
		Entry("no command"),
		Entry("an unknown command", "rnu"),
		Entry("an execution that is not named", "describe"),
		Entry("an ARN of something else", "stop", arnOf("waits")),
		Entry("a flag that is unknown", "history", executionOf("waits", "a-1"), "--frob"),
	)

	It("a secret that was given as a flag is not repeated", func() {
		hide("canary-on-the-command-line")
		run := account().run("succeeds", "--credentials-password=canary-on-the-command-line")
		Expect(run.code).To(Equal(20))
	})
})
