package features

import (
	"maps"
	"slices"
	"strings"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/backend/sim"
)

var _ = Describe("simulate", OnSim, func() {
	simulate := func(args ...string) *ended {
		GinkgoHelper()
		return simulator().sfnx(append([]string{"simulate"}, args...)...)
	}

	It("writes the output of the execution to stdout, and what happened when to stderr", func() {
		run := simulate("testdata/waits.asl.json", "--input", `{"order":17}`)
		Expect(run.code).To(Equal(0))
		Expect(run.stdout).To(Equal("{\"order\":17}\n"))
		Expect(run.stderr).To(MatchRegexp(`(?m)^ *0s  Hold  Wait +35s$`))
		Expect(run.stderr).To(MatchRegexp(`(?m)^SUCCEEDED, 35s of virtual time, 4 events, 1 transition +exit 0$`))
	})

	DescribeTable("exits as run does", func(code int, args ...string) {
		run := simulate(append(args, "-o", "json")...)
		Expect(run).To(ExitWith(code))
		Expect(simulator().sfnx(append([]string{"run", "--wait"}, args...)...).stdout).To(Equal(run.stdout))
	},
		Entry("success", ReachesSucceeded, 0, "testdata/succeeds.asl.json"),
		Entry("failure", Reaches(23), 23, "testdata/fails.asl.json"),
		Entry("time-out", Reaches(25), 25, "testdata/times-out.asl.json"),
		Entry("a mistake", Reaches(20), 20, "testdata/succeeds.asl.json", "--attempt", "0"),
		Entry("a rehearsal", Reaches(3), 3, "testdata/waits.asl.json", "--fault", "poll:denied"),
	)

	DescribeTable("asks mocks instead of services", func(code int, output string, args ...string) {
		run := simulate(append(args, "testdata/calls.asl.json", "-o", "json")...)
		Expect(run).To(ExitWith(code))
		Expect(run.text("result.output") + run.text("sfnx.error")).To(ContainSubstring(output))
	},
		Entry("an answer", ReachesSucceeded, 0, `{"receipt":17}`, "--mock", `Charge={"receipt":17}`),
		Entry("an error", Reaches(23), 23, "Card.Declined", "--mock", "Charge=!Card.Declined:no money"),
	)

	It("takes the definition of nobody's account: an ARN is 20", Reaches(20), func() {
		Expect(simulate(arnOf("succeeds"), "-o", "json")).To(ExitWith(20))
	})
})

// rehearsals are the faults that can be planned, and the exit code that each leads to.
var rehearsals = map[string]int{
	"authenticate:connection-cut": 10, "authenticate:connection-refused": 10, "authenticate:denied": 3, "authenticate:expired-token": 2,
	"authenticate:invalid-credentials": 2, "authenticate:no-credentials": 2, "authenticate:proxy-authentication": 11, "authenticate:proxy-refused": 11,
	"authenticate:throttled": 10, "authenticate:unavailable": 10, "authenticate:unexpected": 1,

	"start:connection-cut": 0, "start:connection-refused": 10, "start:deleting": 20, "start:denied": 3, "start:expired-token": 2,
	"start:invalid-credentials": 2, "start:kms-denied": 3, "start:limit-exceeded": 10, "start:not-found": 20, "start:proxy-authentication": 11,
	"start:proxy-refused": 11, "start:throttled": 10, "start:unavailable": 10, "start:unexpected": 1,

	"poll:aborted": 24, "poll:connection-cut": 10, "poll:connection-refused": 10, "poll:denied": 3, "poll:expired-token": 2,
	"poll:invalid-credentials": 2, "poll:kms-denied": 3, "poll:not-found": 1, "poll:proxy-authentication": 11, "poll:proxy-refused": 11,
	"poll:throttled*9": 0, "poll:unavailable": 10, "poll:unexpected": 1, "poll:unknown-status": 1,

	"stop:connection-cut": 130, "stop:connection-refused": 130, "stop:denied": 130, "stop:expired-token": 130, "stop:invalid-credentials": 130,
	"stop:kms-denied": 130, "stop:not-found": 130, "stop:proxy-authentication": 130, "stop:proxy-refused": 130, "stop:throttled": 130,
	"stop:unavailable": 130, "stop:unexpected": 130,
}

var _ = Describe("every fault can be rehearsed", OnSim, func() {
	for _, fault := range slices.Sorted(maps.Keys(rehearsals)) {
		code, stops := rehearsals[fault], strings.HasPrefix(fault, "stop:")
		reaches := Reaches(code)
		if code == 0 {
			reaches = ReachesSucceeded
		}
		It(fault, reaches, func() {
			sim, args := simulator(), []string{"--wait", "--fault", fault}
			machine := "waits"
			if stops {
				machine, args = "never-ends", append(args, "--limits", "off", "--on-interrupt", "stop", "--events", file("events", ""))
				sim.onEvent = func(line string) {
					if strings.Contains(line, `"run.started"`) {
						sim.signal(syscall.SIGINT)
					}
				}
			}
			run := sim.run(machine, args...)
			Expect(run).To(ExitWith(code))
			if stops {
				Expect(run).To(HaveMember("sfnx.stop_error", Not(BeNil())))
			}
		})
	}

	It("and there is no other", func() {
		var known []string
		for fault := range rehearsals {
			name, _, _ := strings.Cut(fault, "*")
			known = append(known, name)
		}
		Expect(known).To(ConsistOf(sim.FaultNames()))
	})
})
