package features

import (
	"math/rand/v2"
	"os"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// flaky is a task that is busy for two attempts: when it is tried again is left to chance.
const flaky = `{"StateMachines":{"calls":{"TestCases":{"Flaky":{"Charge":"BusyTwice"}}}},"MockedResponses":{"BusyTwice":{
	"0-1":{"Throw":{"Error":"Busy","Cause":"try again"}},"2":{"Return":{"StatusCode":200,"Payload":{"receipt":17}}}}}}`

var _ = Describe("a simulation", OnSim, func() {
	simulate := func(args ...string) (stdout, history string) {
		GinkgoHelper()
		events := file("history.json", "")
		run := simulator().sfnx(append([]string{"simulate", "testdata/calls.asl.json", "-o", "json", "--input", `{"order":17}`,
			"--mocks", file("mocks.json", flaky), "--history", events}, args...)...)
		Expect(run).To(ExitWith(0))
		return run.stdout, string(must(os.ReadFile(events)))
	}

	It("of the same input and seed gives the same bytes: document and history", ReachesSucceeded, func() {
		stdout, history := simulate("--seed", "7")
		again, historyAgain := simulate("--seed", "7")
		Expect(again).To(Equal(stdout))
		Expect(historyAgain).To(Equal(history))
		Expect(history).To(ContainSubstring("TaskFailed"))
	})

	It("knows nothing of zone, locale and time of the machine", ReachesSucceeded, func() {
		stdout, history := simulate()
		set("TZ", "Asia/Kathmandu")
		set("LC_ALL", "tr_TR.UTF-8")
		again, historyAgain := simulate()
		Expect(again).To(Equal(stdout))
		Expect(historyAgain).To(Equal(history))
	})

	It("of another seed leaves to another chance what is left to chance", ReachesSucceeded, func() {
		_, history := simulate("--seed", "7")
		_, other := simulate("--seed", "8")
		Expect(other).NotTo(Equal(history))
	})

	It("as a process gives the same bytes, too", ReachesSucceeded, func() {
		args := []string{"run", "testdata/waits.asl.json", "--wait", "--seed", "7"}
		first, second := simulator().launch(nil, args...).ends(), simulator().launch(nil, args...).ends()
		Expect(first).To(ExitWith(0))
		Expect(second.stdout).To(Equal(first.stdout))
		Expect(second.stderr).To(Equal(first.stderr))
	})
})

var _ = Describe("a run on AWS", OnAWS, func() {
	It("that meets the same answers writes the same document", ReachesSucceeded, func() {
		run := func() *ended {
			aws := account()
			aws.env.Random = rand.NewChaCha8([32]byte{17})
			return aws.run("waits", "--wait")
		}
		first, second := run(), run()
		Expect(first).To(ExitWith(0))
		Expect(second.stdout).To(Equal(first.stdout))
	})
})
