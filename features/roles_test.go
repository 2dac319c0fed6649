package features

import (
	"net/url"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

var _ = Describe("a role", OnAWS, func() {
	It("is assumed before anything else", ReachesStarted, func() {
		aws := account()
		run := aws.run("succeeds", "--role-arn", roleArn("deploy"), "-v")
		Expect(run).To(ExitWith(0))
		Expect(aws.calls()).To(Equal([]string{"AssumeRole", "GetCallerIdentity", "StartExecution"}))
		Expect(run.stderr).To(ContainSubstring(":assumed-role/deploy/sfnx"))
		Expect(run).To(HaveMember("invocation.fields.role_based_access", true))
	})

	It("may be written as the instance profile of its name", ReachesStarted, func() {
		aws := account()
		Expect(aws.run("succeeds", "--role-arn", "arn:aws:iam::123456789012:instance-profile/deploy")).To(ExitWith(0))
		Expect(aws.assumed()).To(Equal([]string{roleArn("deploy")}))
	})

	It("may have a path", ReachesStarted, func() {
		aws := account()
		Expect(aws.run("succeeds", "--role-arn", roleArn("ci/prod/deploy"))).To(ExitWith(0))
		Expect(aws.assumed()).To(Equal([]string{roleArn("ci/prod/deploy")}))
	})

	It("may be the end of a chain, each assumed with the session of the one before", ReachesSucceeded, func() {
		aws := account()
		run := aws.run("waits", "--wait", "--role-arn", roleArn("hub"), "--role-arn", roleArn("spoke"), "--role-arn", roleArn("deploy"))
		Expect(run).To(ExitWith(0))
		Expect(aws.assumed()).To(Equal([]string{roleArn("hub"), roleArn("spoke"), roleArn("deploy")}))
		Expect(run).To(HaveMember("invocation.fields.role_arn", strings.Join(aws.assumed(), ",")))
	})

	It("is assumed once for the whole run, as long as its session lasts", ReachesSucceeded, func() {
		aws := account()
		Expect(aws.run("waits", "--wait", "--role-arn", roleArn("deploy"))).To(ExitWith(0))
		Expect(aws.assumed()).To(HaveLen(1))
	})

	It("is shown, but not assumed, if the field says so", ReachesStarted, func() {
		aws := account()
		run := aws.run("succeeds", "--role-arn", roleArn("deploy"), "--role-based-access=false")
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("invocation.fields.role_arn", roleArn("deploy")))
		Expect(aws.assumed()).To(BeEmpty())
	})
})

var _ = Describe("an EXPRESS state machine", OnAWS, func() {
	It("that is waited for is run in one call, which is the wait", ReachesSucceeded, func() {
		aws := account()
		run := aws.run(express("waits"), "--wait", "--input", `{"order":17}`)
		Expect(run).To(ExitWith(0))
		Expect(aws.calls()).To(Equal([]string{"GetCallerIdentity", "DescribeStateMachine", "StartSyncExecution"}))
		Expect(run).To(HaveMember("result.executionArn", ContainSubstring(":express:"+express("waits")+":")))
		Expect(run).To(HaveMember("result.output", `{"order":17}`))
		Expect(run).To(HaveMember("sfnx.polls", 0))
	})

	It("that is not waited for is started, and nothing more is asked", ReachesStarted, func() {
		aws := account()
		run := aws.run(express("waits"))
		Expect(run).To(ExitWith(0))
		Expect(aws.calls()).To(Equal([]string{"GetCallerIdentity", "StartExecution"}))
		Expect(run).To(HaveMember("sfnx.next", BeEquivalentTo("[]")))
	})

	It("has a host of its own for that call", ReachesSucceeded, func() {
		aws := behind(fakeaws.ProxyOptions{})
		Expect(aws.run(express("succeeds"), "--wait", "--proxy", aws.proxy.URL, "--proxy-ca-bundle", aws.bundle)).To(ExitWith(0))
		Expect(aws.Requests("StartSyncExecution")[0].Host).To(Equal("sync-states.eu-west-1.amazonaws.com"))
	})
})

// calls are the operations that AWS was asked for, in order.
func (a *awsAccount) calls() []string {
	var all []string
	for _, r := range a.Requests() {
		all = append(all, r.Operation)
	}
	return all
}

// assumed are the ARNs of the roles that were assumed, in order.
func (a *awsAccount) assumed() []string {
	GinkgoHelper()
	var all []string
	for _, r := range a.Requests("AssumeRole") {
		form, err := url.ParseQuery(string(r.Body))
		Expect(err).NotTo(HaveOccurred())
		all = append(all, form.Get("RoleArn"))
	}
	return all
}
