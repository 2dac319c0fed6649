package features

import (
	"maps"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// archive is an account on AWS whose executions end as is known beforehand, and can be redriven as AWS does it.
type archive struct {
	place
	*fakeaws.Server
	clock *fakeaws.Clock
}

func archives() *archive {
	GinkgoHelper()
	start := time.Date(2023, 8, 15, 13, 27, 58, 977_000_000, time.UTC)
	const long = 20 * time.Second
	canned := fakeaws.NewCanned(start, map[string]fakeaws.Machine{
		arnOf("succeeds"):       {After: long},
		arnOf("fails"):          {After: long, Status: backend.Failed, Error: "CardDeclined"},
		arnOf("fails-once"):     {After: long, Status: backend.Failed, Error: "CardDeclined", Redriven: backend.Succeeded},
		arnOf("times-out-once"): {After: long, Status: backend.TimedOut, Redriven: backend.Succeeded},
		arnOf("express"):        {Type: backend.Express},
	})
	a := &archive{place: newPlace("aws"), Server: endpoint(canned, fakeaws.Options{})}
	a.machine = arnOf
	a.clock = fakeaws.NewClock(canned.Now(), canned.Advance)
	a.env.Clock = a.clock
	return a
}

// job is an attempt of a job that has a name and an input.
func (a *archive) job(machine, attempt string, args ...string) *ended {
	GinkgoHelper()
	return a.run(machine, append([]string{"--wait", "--name", "order-17", "--input", `{"order":17}`, "--attempt", attempt}, args...)...)
}

// knowsNoRedrive repeats the answer about the execution of the first attempt, which the second one looks up after its own,
// a number of times.
func (a *archive) knowsNoRedrive(times int) {
	old := map[string]any{}
	ofSecond := fakeaws.Fault{}
	ofFirst := fakeaws.Fault{Edit: func(answer map[string]any) { maps.Copy(old, answer) }}
	a.Script("DescribeExecution", ofSecond, ofFirst, fakeaws.Fault{Times: times, Edit: func(answer map[string]any) {
		clear(answer)
		maps.Copy(answer, old)
	}})
}

var _ = Describe("a job that is run again as its next attempt", OnAWS, func() {
	var aws *archive
	BeforeEach(func() { aws = archives() })

	const day = 24 * time.Hour

	It("adopts the execution of an attempt before that still runs", Reaches(124), ReachesSucceeded, func() {
		Expect(aws.job("succeeds", "1", "--wait-timeout", "5s")).To(ExitWith(124))
		run := aws.job("succeeds", "3", "--retry-mode", "adopt")
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("sfnx.adopted", true))
		Expect(run).To(HaveMember("result.name", "order-17-1"))
		Expect(aws.Requests("StartExecution")).To(HaveLen(1))
	})

	It("adopts the execution of an attempt before that has succeeded", ReachesSucceeded, func() {
		Expect(aws.job("succeeds", "1")).To(ExitWith(0))
		Expect(aws.job("succeeds", "2", "--retry-mode", "adopt")).To(And(ExitWith(0), HaveMember("sfnx.adopted", true)))
		Expect(aws.job("succeeds", "2", "--retry-mode", "redrive")).To(And(ExitWith(0), HaveMember("sfnx.adopted", true), HaveMember("sfnx.redriven", false)))
		Expect(aws.Requests("StartExecution", "RedriveExecution")).To(HaveLen(1))
	})

	It("starts its own if that before has failed", Reaches(23), func() {
		Expect(aws.job("fails", "1")).To(ExitWith(23))
		run := aws.job("fails", "2", "--retry-mode", "adopt")
		Expect(run).To(ExitWith(23))
		Expect(run).To(HaveMember("result.name", "order-17-2"))
	})

	It("is 20 if that before had another input, which may be another job", Reaches(20), func() {
		Expect(aws.job("fails", "1")).To(ExitWith(23))
		run := aws.job("fails", "2", "--retry-mode", "redrive", "--input", `{"order": 17}`)
		Expect(run).To(ExitWith(20))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring(executionOf("fails", "order-17-1")+" exists already and has another input")))
		Expect(aws.Requests("StartExecution", "RedriveExecution")).To(HaveLen(1))
	})

	DescribeTable("goes on from where that before failed", ReachesSucceeded, func(machine string, code int) {
		Expect(aws.job(machine, "1")).To(ExitWith(code))
		aws.clock.Pass(13 * day)
		run := aws.job(machine, "2", "--retry-mode", "redrive", "--events", "-")
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("sfnx.redriven", true))
		Expect(run).To(HaveMember("sfnx.adopted", false))
		Expect(run).To(HaveMember("result.executionArn", executionOf(machine, "order-17-1")))
		Expect(run.events("run.redriven")).To(HaveLen(1))
		Expect(aws.Requests("StartExecution")).To(HaveLen(1))
		Expect(aws.job(machine, "2", "--retry-mode", "redrive")).To(And(ExitWith(0), HaveMember("sfnx.adopted", true)))
		Expect(aws.Requests("RedriveExecution")).To(HaveLen(1))
	},
		Entry("as FAILED", Reaches(23), "fails-once", 23),
		Entry("as TIMED_OUT", Reaches(25), "times-out-once", 25),
	)

	It("goes on under a generated name, too, which the state file kept", Reaches(23), ReachesSucceeded, func() {
		path := state()
		first := aws.run("fails-once", "--wait", "--state-file", path)
		Expect(first).To(ExitWith(23))
		run := aws.run("fails-once", "--wait", "--state-file", path, "--attempt", "2", "--retry-mode", "redrive")
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("result.name", first.text("result.name")))
	})

	It("redrives once, though the answer gets lost", ReachesSucceeded, func() {
		Expect(aws.job("fails-once", "1")).To(ExitWith(23))
		aws.Script("RedriveExecution", fakeaws.Fault{Times: 2 * attempts, Reset: fakeaws.AfterHandling})
		run := aws.job("fails-once", "2", "--retry-mode", "redrive", "--events", "-")
		Expect(run).To(ExitWith(0))
		Expect(run.events("run.unreachable")).To(HaveLen(2))
		requests := aws.Requests("RedriveExecution")
		Expect(requests).To(HaveLen(2*attempts + 1))
		for _, r := range requests {
			Expect(r.Body).To(Equal(requests[0].Body))
		}
		Expect(aws.sfnx("describe", executionOf("fails-once", "order-17-1"), "-o", "json").stdout).To(ContainSubstring(`"redriveCount": 1`))
	})

	It("is 10 if nobody knows whether it was redriven", Reaches(10), func() {
		Expect(aws.job("fails-once", "1")).To(ExitWith(23))
		aws.Script("RedriveExecution", fakeaws.Fault{Times: fakeaws.Forever, Reset: fakeaws.BeforeHandling})
		run := aws.job("fails-once", "2", "--retry-mode", "redrive")
		Expect(run).To(ExitWith(10))
		Expect(run).To(HaveMember("sfnx.ambiguous", true))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring("the execution may have been redriven")))
		Expect(run).To(HaveMember("sfnx.next", ContainSubstring("sfnx describe "+executionOf("fails-once", "order-17-1"))))
	})

	It("does not take the end before the redrive for that after it", ReachesSucceeded, func() {
		Expect(aws.job("fails-once", "1")).To(ExitWith(23))
		aws.clock.Pass(day)
		aws.knowsNoRedrive(5)
		run := aws.job("fails-once", "2", "--retry-mode", "redrive", "--events", "-")
		Expect(run).To(ExitWith(0))
		Expect(run.events("run.polled")).NotTo(ContainElement(HaveKeyWithValue("status", "FAILED")))
	})

	It("is 1 if AWS shows no effect of a redrive that it accepted", Reaches(1), func() {
		Expect(aws.job("fails-once", "1")).To(ExitWith(23))
		aws.clock.Pass(day)
		aws.knowsNoRedrive(fakeaws.Forever)
		run := aws.job("fails-once", "2", "--retry-mode", "redrive")
		Expect(run).To(ExitWith(1))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring("the execution still is FAILED as before")))
	})

	It("is 20 with AWS's reason if the execution cannot be redriven", Reaches(20), func() {
		Expect(aws.job("fails-once", "1")).To(ExitWith(23))
		aws.clock.Pass(15 * day)
		run := aws.job("fails-once", "2", "--retry-mode", "redrive")
		Expect(run).To(ExitWith(20))
		Expect(run).To(HaveMember("sfnx.error", "ExecutionNotRedrivable"))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring("Execution redrivable period exceeded")))
		Expect(aws.Requests("StartExecution", "RedriveExecution")).To(HaveLen(1))
	})

	It("is 20 if AWS says so only when it is asked", Reaches(20), func() {
		Expect(aws.job("fails-once", "1")).To(ExitWith(23))
		aws.Script("RedriveExecution", fakeaws.Fault{Code: "ExecutionNotRedrivable", Message: "the state machine was changed"})
		run := aws.job("fails-once", "2", "--retry-mode", "redrive")
		Expect(run).To(ExitWith(20))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring("the state machine was changed")))
	})

	It("or starts a new one then, if it is told to", Reaches(23), func() {
		Expect(aws.job("fails-once", "1")).To(ExitWith(23))
		aws.clock.Pass(15 * day)
		run := aws.job("fails-once", "2", "--retry-mode", "redrive", "--redrive-fallback", "new")
		Expect(run).To(ExitWith(23))
		Expect(run).To(HaveMember("result.name", "order-17-2"))
		Expect(run).To(HaveMember("sfnx.redriven", false))
	})

	It("is 3 if it may not redrive", Reaches(3), func() {
		Expect(aws.job("fails-once", "1")).To(ExitWith(23))
		aws.Script("RedriveExecution", fakeaws.Fault{Times: fakeaws.Forever, Code: "AccessDeniedException"})
		Expect(aws.job("fails-once", "2", "--retry-mode", "redrive", "--redrive-fallback", "new")).To(ExitWith(3))
	})

	It("is 20 if the machine is EXPRESS, whose executions are nowhere to be found again", Reaches(20), func() {
		for _, mode := range []string{"adopt", "redrive"} {
			run := aws.job("express", "1", "--retry-mode", mode)
			Expect(run).To(ExitWith(20))
			Expect(run).To(BeBlamedOn("retry_mode"))
		}
		Expect(aws.Requests("StartExecution", "StartSyncExecution")).To(BeEmpty())
	})

	It("is 20 without a name that is the same each time", Reaches(20), func() {
		run := aws.run("fails", "--wait", "--attempt", "2", "--retry-mode", "redrive")
		Expect(run).To(ExitWith(20))
		Expect(run).To(BeBlamedOn("retry_mode"))
		Expect(aws.Requests()).To(BeEmpty())
	})
})

var _ = Describe("an attempt after the first, on the simulator", OnSim, func() {
	It("finds no execution of those before: their world is gone", ReachesSucceeded, func() {
		run := simulator().run("succeeds", "--wait", "--name", "order-17", "--attempt", "2", "--retry-mode", "redrive")
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("result.name", "order-17-2"))
	})
})

var _ = Describe("sfnx redrive", OnAWS, func() {
	var aws *archive
	BeforeEach(func() {
		aws = archives()
		Expect(aws.job("fails-once", "1")).To(ExitWith(23))
	})

	redrive := func(args ...string) *ended {
		GinkgoHelper()
		return aws.sfnx(append([]string{"redrive", executionOf("fails-once", "order-17-1")}, args...)...)
	}

	It("is 0 when AWS has accepted", ReachesStarted, func() {
		run := redrive()
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveStarted("RUNNING"))
		Expect(run).To(HaveMember("sfnx.redriven", true))
	})

	It("waits as sfnx wait does, if it is told to", ReachesSucceeded, func() {
		Expect(redrive("--wait")).To(And(ExitWith(0), HaveStarted("SUCCEEDED")))
	})

	It("counts once with the same token", ReachesStarted, func() {
		Expect(redrive("--client-token", "ticket-4711")).To(ExitWith(0))
		Expect(redrive("--client-token", "ticket-4711")).To(ExitWith(0))
		Expect(redrive("--client-token", "ticket-4712")).To(ExitWith(20))
	})

	It("is 20 with the reason if AWS refuses", Reaches(20), func() {
		aws.clock.Pass(15 * 24 * time.Hour)
		run := redrive("--wait")
		Expect(run).To(ExitWith(20))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring("Execution redrivable period exceeded")))
		Expect(run).To(HaveStartedNothing())
	})

	It("is 20 if there is no such execution", Reaches(20), func() {
		Expect(aws.sfnx("redrive", executionOf("fails-once", "never-1"))).To(ExitWith(20))
	})

	It("is 10 if AWS stays out of reach", Reaches(10), func() {
		aws.Script("RedriveExecution", fakeaws.Fault{Times: fakeaws.Forever, Code: "ThrottlingException"})
		Expect(redrive()).To(ExitWith(10))
	})
})
