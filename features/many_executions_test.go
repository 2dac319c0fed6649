package features

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

var _ = Describe("hundreds of executions that run already, on AWS", OnAWS, func() {
	var aws *awsAccount
	BeforeEach(func() { aws = account() })

	// started are n executions that somebody else has started.
	started := func(machine string, n int) []string {
		GinkgoHelper()
		arns := make([]string, n)
		for i := range arns {
			out, err := aws.region.StartExecution(context.Background(), backend.StartExecutionInput{StateMachineArn: arnOf(machine), Name: fmt.Sprintf("%s-%03d", machine, i)})
			Expect(err).NotTo(HaveOccurred())
			arns[i] = out.ExecutionArn
		}
		return arns
	}
	wait := func(arns []string, args ...string) *ended {
		GinkgoHelper()
		aws.reads(strings.Join(arns, "\n") + "\n")
		return aws.sfnx(append([]string{"wait", "-"}, args...)...)
	}

	It("are waited for with few requests, and described once each", ReachesSucceeded, func() {
		arns := started("waits", 250)
		run := wait(arns)
		Expect(run.code).To(Equal(0))
		var got []string
		for _, d := range run.documents() {
			Expect(d.Result.Output).NotTo(BeEmpty())
			got = append(got, d.Result.ExecutionArn)
		}
		Expect(got).To(Equal(arns))
		Expect(len(aws.Requests("ListExecutions"))).To(BeNumerically("<=", 10))
		Expect(aws.Requests("DescribeExecution")).To(HaveLen(250))
		Expect(run.stderr).To(HaveSuffix("250 of 250 ended   250 succeeded\n"))
	})

	It("exit with the first code that is not 0, and each failure is a line on stderr", Reaches(25), func() {
		arns := append(append(started("waits", 20), started("times-out", 10)...), started("fails", 10)...)
		run := wait(arns, "-o", "ndjson")
		Expect(run.code).To(Equal(25))
		Expect(strings.Count(run.stdout, "\n")).To(Equal(40))
		Expect(run.stdout).To(MatchRegexp(`\A(.*"ending":"FAILED".*\n){10}`), "a line as soon as each has ended")
		Expect(run.stderr).To(ContainSubstring(`FAILED     ` + arns[30] + ` in "Reject": Order.Rejected`))
		Expect(run.stderr).To(HaveSuffix("40 of 40 ended   20 succeeded   20 failed\n"))
	})

	It("count once, however often they are given", ReachesSucceeded, func() {
		arns := started("waits", 5)
		Expect(wait(append(arns, arns...)).documents()).To(HaveLen(5))
	})

	It("are looked at one by one where they may not be listed", ReachesSucceeded, func() {
		arns := started("waits", 100)
		aws.Script("ListExecutions", fakeaws.Fault{Times: fakeaws.Forever, Code: "AccessDeniedException", Message: "not allowed to list"})
		run := wait(arns)
		Expect(run.code).To(Equal(0))
		Expect(run.documents()).To(HaveLen(100))
		Expect(aws.Requests("ListExecutions")).To(HaveLen(1))
		Expect(run.stderr).To(MatchRegexp(`no list +the executions of .*stateMachine:waits are looked at one by one: .*not allowed to list`))
	})

	It("are waited for through any throttling", ReachesSucceeded, func() {
		arns := started("waits", 50)
		aws.Script("ListExecutions", fakeaws.Fault{Times: 9, Code: "ThrottlingException"})
		aws.Script("DescribeExecution", fakeaws.Fault{Times: 9, Code: "ThrottlingException"})
		run := wait(arns)
		Expect(run.code).To(Equal(0))
		throttled := 0
		for _, d := range run.documents() {
			throttled += d.Sfnx.Throttled
		}
		Expect(throttled).To(Equal(9))
		Expect(aws.Requests("DescribeExecution")).To(HaveLen(59), "a throttled look is one request")
	})

	It("may hold some that do not exist", Reaches(20), func() {
		arns := append(started("waits", 10), executionOf("waits", "nobody"))
		run := wait(arns)
		Expect(run.code).To(Equal(20))
		documents := run.documents()
		Expect(documents[10].Code).To(Equal(20))
		Expect(documents[9].Code).To(Equal(0))
	})

	It("are waited for no longer than is wanted, all together", Reaches(124), func() {
		arns := append(started("succeeds", 10), started("never-ends", 100)...)
		before := aws.region.Now()
		run := wait(arns, "--wait-timeout", "5m")
		Expect(run.code).To(Equal(124))
		Expect(aws.region.Now().Sub(before).Minutes()).To(BeNumerically("~", 5, 0.1))
		Expect(run.stderr).To(HaveSuffix("10 of 110 ended   10 succeeded   100 still running\n"))
	})

	It("are left running when a signal comes", Reaches(143), func() {
		arns := started("never-ends", 100)
		aws.clock.OnPause = func(int) { aws.signal(syscall.SIGTERM) }
		run := wait(arns)
		Expect(run.code).To(Equal(143))
		Expect(run.documents()).To(HaveLen(100))
		Expect(run.documents()[99].Sfnx.Left).To(Equal("running"))
		Expect(aws.Requests("StopExecution")).To(BeEmpty())
		Expect(run.stderr).To(HaveSuffix("0 of 100 ended   100 still running\n"))
	})

	It("are stopped when a signal comes, if that is wanted", Reaches(130), func() {
		arns := started("never-ends", 100)
		aws.clock.OnPause = func(int) { aws.signal(syscall.SIGINT) }
		run := wait(arns, "--on-interrupt", "stop")
		Expect(run.code).To(Equal(130))
		Expect(aws.Requests("StopExecution")).To(HaveLen(100))
		Expect(run.documents()[99].Sfnx.Left).To(Equal("stopped"))
		Expect(run.stderr).To(HaveSuffix("0 of 100 ended   100 stopped\n"))
	})

	It("are left behind when a call does not come back", Reaches(130), func() {
		arns := started("never-ends", 100)
		aws.Script("ListExecutions", fakeaws.Fault{Hang: true, Met: func() { aws.signal(syscall.SIGINT) }})
		run := wait(arns)
		Expect(run.code).To(Equal(130))
		Expect(run.documents()).To(HaveLen(100))
	})

	It("fail together when nobody may look", Reaches(2), func() {
		arns := started("waits", 50)
		aws.Script(fakeaws.Any, fakeaws.Fault{Times: fakeaws.Forever, Code: "ExpiredTokenException"})
		run := wait(arns)
		Expect(run.code).To(Equal(2))
		Expect(run.documents()).To(HaveLen(50))
		Expect(aws.Requests()).To(HaveLen(1))
	})

	It("are checked before anything is asked: mistakes are told together, with their lines", Reaches(20), func() {
		arns := []string{executionOf("waits", "a"), "nonsense", "", arnOf("waits"), executionOf("waits", "b")}
		run := wait(arns)
		Expect(run).To(ExitWith(20))
		Expect(run).To(BeBlamedOn("execution_arn", "execution_arn"))
		Expect(run.fieldErrors()[0].Rule).To(HavePrefix("line 2: "))
		Expect(run.fieldErrors()[1].Rule).To(HavePrefix("line 4: "))
		Expect(aws.Requests()).To(BeEmpty())
	})

	It("are one live line on a terminal", ReachesSucceeded, func() {
		arns := started("waits", 1200)
		aws.streams.ErrTerminal = true
		run := wait(arns)
		Expect(run.documents()).To(HaveLen(1200))
		Expect(run.stderr).To(ContainSubstring("0 of 1,200 ended   next sweep in "))
	})
})

// documents are those of several executions.
func (e *ended) documents() []document {
	GinkgoHelper()
	var all []document
	Expect(json.Unmarshal([]byte(e.stdout), &all)).To(Succeed(), "%s", e.stderr)
	for _, d := range all {
		achieved(d.Code, d.Sfnx.Ending, e.place)
	}
	return all
}

// document is what these specs look at.
type document struct {
	Code   int `json:"exit_code"`
	Result struct{ ExecutionArn, Output string }
	Sfnx   struct {
		Ending    string
		Throttled int
		Left      string `json:"execution_left"`
	}
}
