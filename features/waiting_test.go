package features

import (
	"net/http"
	"os"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

var _ = Describe("the wait on AWS", OnAWS, func() {
	It("looks every ten seconds", ReachesSucceeded, func() {
		aws := account()
		aws.env.Random = zeros{}
		run := aws.run("waits", "--wait")
		Expect(run).To(ExitWith(0))
		Expect(aws.clock.Pauses()).To(HaveExactElements(times(4, 10*time.Second)...))
		Expect(run).To(HaveMember("sfnx.polls", 5))
	})

	It("begins at any moment of the first ten seconds, so that jobs that start together do not look together", ReachesSucceeded, func() {
		aws := account()
		Expect(aws.run("waits", "--wait")).To(ExitWith(0))
		pauses := aws.clock.Pauses()
		Expect(pauses[0]).To(BeNumerically("<", 10*time.Second))
		Expect(pauses[1:]).To(HaveEach(10 * time.Second))
	})

	It("looks as often as it is told to", ReachesSucceeded, func() {
		aws := account()
		aws.env.Random = zeros{}
		Expect(aws.run("waits", "--wait", "--polling-interval", "17")).To(ExitWith(0))
		Expect(aws.clock.Pauses()).To(HaveExactElements(times(3, 17*time.Second)...))
	})

	It("slows down while it is throttled, and never ends for that", ReachesSucceeded, func() {
		aws := account()
		aws.env.Random = zeros{}
		aws.Script("DescribeExecution", fakeaws.Fault{}, fakeaws.Fault{Times: 4, Code: "ThrottlingException"})
		run := aws.run("waits", "--wait")
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("sfnx.throttled", 4))
		Expect(aws.clock.Pauses()).To(HaveExactElements(seconds(10, 30, 1800, 1800, 1800)...))
		Expect(aws.Requests("DescribeExecution")).To(HaveLen(6), "a throttled look is one request")
	})

	It("pauses as long as the service asks for", ReachesSucceeded, func() {
		aws := account()
		aws.env.Random = zeros{}
		aws.Script("DescribeExecution", fakeaws.Fault{Code: "ThrottlingException", Header: http.Header{"Retry-After": {"1000"}}})
		Expect(aws.run("waits", "--wait")).To(ExitWith(0))
		Expect(aws.clock.Pauses()).To(HaveExactElements(seconds(1000)...))
	})

	It("bears with a service that does not know the execution yet", ReachesSucceeded, func() {
		aws := account()
		aws.Script("DescribeExecution", fakeaws.Fault{Times: 6, Code: "ExecutionDoesNotExist"})
		Expect(aws.run("waits", "--wait")).To(ExitWith(0))
	})

	It("bears with a status that goes back", ReachesSucceeded, func() {
		aws := account()
		aws.Script("DescribeExecution", fakeaws.Fault{Edit: with("status", "PENDING_REDRIVE")}, fakeaws.Fault{Edit: with("status", "RUNNING")})
		Expect(aws.run("waits", "--wait")).To(ExitWith(0))
	})

	It("waits for an output that is not there yet", ReachesSucceeded, func() {
		aws := account()
		aws.Script("DescribeExecution", fakeaws.Fault{Times: 3, Edit: without("output", "outputDetails")})
		run := aws.run("succeeds", "--wait", "--input", `{"order":17}`)
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("result.output", `{"order":17}`))
	})

	It("waits for a stop date that is not there yet", Reaches(23), func() {
		aws := account()
		aws.Script("DescribeExecution", fakeaws.Fault{Times: 3, Edit: without("stopDate")})
		run := aws.run("fails", "--wait")
		Expect(run).To(ExitWith(23))
		Expect(run).To(HaveMember("result.stopDate", Not(BeEmpty())))
		Expect(run).To(HaveMember("sfnx.polls", 4))
	})

	It("ends with the status that it has seen, even if there is no other answer any more", Reaches(23), func() {
		aws := account()
		aws.Script("DescribeExecution", fakeaws.Fault{Edit: without("stopDate")}, fakeaws.Fault{Times: fakeaws.Forever, Code: "ExpiredTokenException"})
		Expect(aws.run("fails", "--wait")).To(ExitWith(23))
	})

	It("goes on if an end without a stop date turns out to be none", ReachesSucceeded, func() {
		aws := account()
		early := func(answer map[string]any) { answer["status"] = "FAILED" }
		aws.Script("DescribeExecution", fakeaws.Fault{}, fakeaws.Fault{Times: 2, Edit: early})
		Expect(aws.run("waits", "--wait")).To(ExitWith(0))
	})

	It("takes an answer about another execution for none", ReachesSucceeded, func() {
		aws := account()
		aws.Script("DescribeExecution", fakeaws.Fault{Edit: with("executionArn", executionOf("waits", "another"))})
		Expect(aws.run("waits", "--wait")).To(ExitWith(0))
	})

	It("does not wait for ever for an output that does not come", ReachesSucceeded, func() {
		aws := account()
		aws.Script("DescribeExecution", fakeaws.Fault{Times: fakeaws.Forever, Edit: without("output", "outputDetails")})
		run := aws.run("succeeds", "--wait")
		Expect(run).To(ExitWith(0))
		Expect(run).To(LackMember("result.output"))
	})

	It("renews the session of a role before it expires", ReachesSucceeded, func() {
		aws := accountOf(fakeaws.Options{SessionLifetime: time.Minute})
		Expect(aws.run("waits", "--wait", "--role-arn", roleArn("deploy"))).To(ExitWith(0))
		Expect(len(aws.Requests("AssumeRole"))).To(BeNumerically(">", 5))
	})

	It("asks a credential process again before its keys expire", ReachesSucceeded, func() {
		aws := account()
		asked := file("asked", "")
		keys := file("keys.json", credentialsDocument(time.Now().Add(time.Minute)))
		args := profile(`credential_process = sh -c "echo again >> ` + asked + `; cat ` + keys + `"`)
		Expect(aws.run("waits", append(args, "--wait")...)).To(ExitWith(0))
		Expect(strings.Count(string(must(os.ReadFile(asked))), "again")).To(BeNumerically(">", 5))
	})

	It("goes on with new sessions when AWS ends those of a role chain before their time", ReachesSucceeded, func() {
		aws := account()
		aws.clock.OnPause = func(n int) {
			if n == 2 {
				aws.ExpireSessions()
			}
		}
		run := aws.run("waits", "--wait", "--role-arn", roleArn("first"), "--role-arn", roleArn("second"))
		Expect(run).To(ExitWith(0))
		Expect(aws.Requests("AssumeRole")).To(HaveLen(4))
	})

	It("asks a credential process again when AWS calls its keys expired", ReachesSucceeded, func() {
		aws := account()
		asked := file("asked", "")
		keys := file("keys.json", credentialsDocument(time.Now().Add(time.Hour)))
		args := profile(`credential_process = sh -c "echo again >> ` + asked + `; cat ` + keys + `"`)
		aws.Script("DescribeExecution", fakeaws.Fault{Times: 2}, fakeaws.Fault{Code: "ExpiredTokenException"})
		Expect(aws.run("waits", append(args, "--wait")...)).To(ExitWith(0))
		Expect(strings.Count(string(must(os.ReadFile(asked))), "again")).To(Equal(2))
	})

	It("survives a laptop that sleeps for two hours", ReachesSucceeded, func() {
		aws := account()
		aws.clock.OnPause = func(n int) {
			if n == 2 {
				aws.clock.Pass(2 * time.Hour)
			}
		}
		Expect(aws.run("waits", "--wait", "--polling-interval", "5")).To(ExitWith(0))
	})
})

var _ = Describe("the wait on the simulator", OnSim, func() {
	It("of a year takes a few looks, with the usual ten seconds between them", ReachesSucceeded, func() {
		run := simulator().run("waits-a-year", "--wait", "--start", "2025-01-01T00:00:00Z")
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("result.stopDate", "2025-12-31 23:59:50.000000+00:00"))
		Expect(run).To(HaveMember("invocation.fields.polling_interval", 10))
		Expect(run).To(HaveMember("sfnx.polls", BeNumerically("<=", 3)))
	})

	It("looks when a look is due, not when something happens", ReachesSucceeded, func() {
		run := simulator().run("waits", "--wait", "--events", "-")
		Expect(run.events("run.polled")[1]).To(HaveKeyWithValue("time", "2000-01-01T00:00:40Z"))
		Expect(run).To(ExitWith(0))
	})

	It("goes on through throttling and failing connections, as it would on AWS", ReachesSucceeded, func() {
		run := simulator().run("waits", "--wait", "--fault", "poll:throttled*5", "--fault", "poll:connection-cut*3")
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("sfnx.throttled", 5))
	})
})

// attempts is how often a call of these specs is made before it has failed.
const attempts = 3

func times(n int, pause time.Duration) []any {
	var all []any
	for range n {
		all = append(all, pause)
	}
	return all
}

func seconds(pauses ...int) []any {
	var all []any
	for _, s := range pauses {
		all = append(all, time.Duration(s)*time.Second)
	}
	return all
}

// zeros is a source of chance without any.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}
