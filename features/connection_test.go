package features

import (
	"net/http"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

var _ = Describe("a service that is out of reach is 10", func() {
	DescribeTable("on AWS, before anything is started", OnAWS, Reaches(10), func(arrange func(aws *awsAccount), description string) {
		aws := account()
		arrange(aws)
		run := aws.run("succeeds", "--wait")
		Expect(run).To(ExitWith(10))
		Expect(run).To(HaveStartedNothing())
		Expect(run).To(HaveMember("status_description", ContainSubstring(description)))
	},
		Entry("nobody listens", func(*awsAccount) { set("AWS_ENDPOINT_URL", "http://"+refusing()) }, "connection refused"),
		Entry("the name is unknown", func(*awsAccount) { set("AWS_ENDPOINT_URL", "https://"+unresolvable) }, "no such host"),
		Entry("the connection is reset", func(aws *awsAccount) {
			aws.Script("GetCallerIdentity", fakeaws.Fault{Times: fakeaws.Forever, Reset: fakeaws.BeforeHandling})
		}, "connection reset"),
		Entry("the answer breaks off", func(aws *awsAccount) {
			aws.Script("GetCallerIdentity", fakeaws.Fault{Times: fakeaws.Forever, Reset: fakeaws.MidAnswer})
		}, "unexpected EOF"),
		Entry("no answer comes", func(aws *awsAccount) {
			aws.env.AttemptTimeout = 50 * time.Millisecond
			aws.Script("GetCallerIdentity", fakeaws.Fault{Times: fakeaws.Forever, Hang: true})
		}, "no answer within 50ms"),
		Entry("the service is down", func(aws *awsAccount) {
			aws.Script("GetCallerIdentity", fakeaws.Fault{Times: fakeaws.Forever, Status: 503, Code: "ServiceUnavailable"})
		}, "ServiceUnavailable"),
		Entry("the service fails without saying why", func(aws *awsAccount) {
			aws.Script("GetCallerIdentity", fakeaws.Fault{Times: fakeaws.Forever, Status: 502, Body: "<html>Bad Gateway</html>", ContentType: "text/html"})
		}, "502"),
		Entry("somebody else answers, with a page for people", func(aws *awsAccount) {
			aws.Script(fakeaws.Any, fakeaws.Fault{Times: fakeaws.Forever, Body: "<html>Welcome to the hotel</html>", ContentType: "text/html"})
		}, "text/html"),
		Entry("somebody else answers, with nothing", func(aws *awsAccount) {
			aws.Script(fakeaws.Any, fakeaws.Fault{Times: fakeaws.Forever, Status: 200})
		}, "lacks a required member"),
		Entry("somebody else answers, with a page that says no", func(aws *awsAccount) {
			aws.Script(fakeaws.Any, fakeaws.Fault{Times: fakeaws.Forever, Status: 403, Body: "<html>Blocked</html>", ContentType: "text/html"})
		}, "403 Forbidden"),
		Entry("somebody sends the request elsewhere", func(aws *awsAccount) {
			aws.Script(fakeaws.Any, fakeaws.Fault{Times: fakeaws.Forever, Status: 302, Header: http.Header{"Location": {"http://" + refusing() + "/"}}})
		}, "302 Found"),
		Entry("the service throttles", func(aws *awsAccount) {
			aws.Script("GetCallerIdentity", fakeaws.Fault{Times: fakeaws.Forever, Code: "Throttling", Message: "Rate exceeded"})
		}, "Rate exceeded"),
		Entry("starting is throttled", func(aws *awsAccount) {
			aws.Script("StartExecution", fakeaws.Fault{Times: fakeaws.Forever, Code: "ThrottlingException", Message: "Rate exceeded"})
		}, "Rate exceeded"),
		Entry("too many executions run already", func(aws *awsAccount) {
			aws.Script("StartExecution", fakeaws.Fault{Times: fakeaws.Forever, Code: "ExecutionLimitExceeded", Message: "The limit is reached"})
		}, "The limit is reached"),
		Entry("the KMS key is throttled", func(aws *awsAccount) {
			aws.Script("StartExecution", fakeaws.Fault{Times: fakeaws.Forever, Code: "KmsThrottlingException"})
		}, "KmsThrottlingException"),
		Entry("a role cannot be assumed because STS is down", func(aws *awsAccount) {
			set("SFNX_ROLE_ARN", roleArn("deploy"))
			aws.Script("AssumeRole", fakeaws.Fault{Times: fakeaws.Forever, Status: 500, Code: "InternalFailure"})
		}, "AssumeRole"),
	)

	It("on AWS, if its certificate is nobody's", OnAWS, Reaches(10), func() {
		run := accountOf(fakeaws.Options{TLS: authority().Authority}).run("succeeds")
		Expect(run).To(ExitWith(10))
		Expect(run).To(HaveMember("status_description", ContainSubstring("certificate")))
	})

	It("on AWS, if its certificate is for another name", OnAWS, Reaches(10), func() {
		ca := authority()
		aws := accountOf(fakeaws.Options{TLS: ca.Authority})
		set("AWS_CA_BUNDLE", ca.file)
		set("AWS_ENDPOINT_URL", strings.Replace(aws.URL, "127.0.0.1", "127.0.0.2", 1))
		run := aws.run("succeeds")
		Expect(run).To(ExitWith(10))
		Expect(run).To(HaveMember("status_description", ContainSubstring("127.0.0.2")))
	})

	It("on AWS, if it speaks no TLS", OnAWS, Reaches(10), func() {
		aws := account()
		set("AWS_ENDPOINT_URL", strings.Replace(aws.URL, "http:", "https:", 1))
		Expect(aws.run("succeeds")).To(ExitWith(10))
	})

	It("on AWS, if it stays so for longer than the retry budget of the wait; the execution runs on", OnAWS, Reaches(10), func() {
		aws := account()
		aws.Script("DescribeExecution", fakeaws.Fault{Times: 2}, fakeaws.Fault{Times: fakeaws.Forever, Reset: fakeaws.BeforeHandling})
		run := aws.run("never-ends", "--wait", "--retry-budget", "5m")
		Expect(run).To(ExitWith(10))
		Expect(run).To(HaveStarted("RUNNING"))
		Expect(run).To(HaveMember("sfnx.execution_left", "running"))
		Expect(run).To(HaveMember("sfnx.unreachable", BeNumerically(">", 3)))
	})

	It("on AWS, if its answers break off", OnAWS, Reaches(10), func() {
		aws := account()
		aws.Script("DescribeExecution", fakeaws.Fault{Times: fakeaws.Forever, Body: `{"status":`, ContentType: "application/x-amz-json-1.0"})
		run := aws.run("waits", "--wait")
		Expect(run).To(ExitWith(10))
		Expect(run).To(HaveMember("sfnx.execution_left", "running"))
	})

	It("but if it comes back in time, the wait goes on", OnAWS, ReachesSucceeded, func() {
		aws := account()
		aws.Script("DescribeExecution", fakeaws.Fault{Times: 1}, fakeaws.Fault{Times: 9, Status: 500, Code: "InternalFailure"})
		run := aws.run("waits", "--wait")
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("sfnx.unreachable", 3))
	})

	It("and a call is repeated before that", OnAWS, ReachesSucceeded, func() {
		aws := account()
		for _, call := range []string{"GetCallerIdentity", "DescribeStateMachine", "StartExecution", "DescribeExecution"} {
			aws.Script(call, fakeaws.Fault{Reset: fakeaws.BeforeHandling}, fakeaws.Fault{Status: 500, Code: "InternalFailure"})
		}
		Expect(aws.run("succeeds", "--wait")).To(ExitWith(0))
		Expect(aws.starts()).To(Equal(1))
	})

	It("is not repeated if the service asks for a longer pause than anybody would wait", OnAWS, Reaches(10), func() {
		aws := account()
		aws.Script("StartExecution", fakeaws.Fault{Times: fakeaws.Forever, Code: "ThrottlingException", Header: http.Header{"Retry-After": {"3600"}}})
		Expect(aws.run("succeeds")).To(ExitWith(10))
		Expect(aws.Requests("StartExecution")).To(HaveLen(1))
	})

	DescribeTable("as it can be rehearsed", OnSim, Reaches(10), func(fault string, started bool) {
		run := simulator().run("never-ends", "--wait", "--fault", fault)
		Expect(run).To(ExitWith(10))
		Expect(run).To(HaveMember("changed", started))
	},
		Entry(nil, "authenticate:connection-refused", false),
		Entry(nil, "authenticate:unavailable", false),
		Entry(nil, "authenticate:throttled", false),
		Entry(nil, "start:connection-refused", false),
		Entry(nil, "start:connection-cut", false),
		Entry(nil, "start:throttled", false),
		Entry(nil, "start:limit-exceeded", false),
		Entry(nil, "poll:connection-cut+1", true),
		Entry(nil, "poll:unavailable", true),
	)
})

// unresolvable is a name that no resolver is asked for: its first label is too long.
var unresolvable = strings.Repeat("a", 64) + ".example"

// refusing is an address that refuses every connection.
func refusing() string {
	GinkgoHelper()
	r, err := fakeaws.Refuse()
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(r.Close)
	return r.Address
}

// trusted is a certificate authority, and the file to trust it by.
type trusted struct {
	*fakeaws.Authority
	file string
}

func authority() trusted {
	GinkgoHelper()
	ca, err := fakeaws.NewAuthority()
	Expect(err).NotTo(HaveOccurred())
	return trusted{ca, file("ca.pem", string(ca.PEM()))}
}
