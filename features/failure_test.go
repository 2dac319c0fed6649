package features

import (
	"encoding/json"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

var _ = Describe("a workflow that failed", func() {
	// Nobody answers the task on AWS, and on the simulator the mock says so.
	fail := func(at *place) *ended {
		if at.name == "sim" {
			return at.run("retries", "--wait", "--mock", "Charge card=!States.Timeout")
		}
		return at.run("retries", "--wait")
	}

	everywhere("says how often the state that failed was tried again", Reaches(23), func(at *place) {
		run := fail(at)
		Expect(run).To(ExitWith(23))
		Expect(run).To(HaveMember("sfnx.failed_state", "Charge card"))
		Expect(run).To(HaveMember("sfnx.retries", 2))
		Expect(run.stderr).To(MatchRegexp(`FAILED after \S+ in "Charge card" after 2 retries \(event \d+\) +exit 23\n`))
	})

	everywhere("tells its last events, in the document and on stderr", Reaches(23), func(at *place) {
		run := fail(at)
		last := run.lastEvents()
		Expect(last).To(HaveLen(10))
		Expect(last[9]).To(SatisfyAll(HaveKeyWithValue("type", "ExecutionFailed"), HaveKeyWithValue("error", "States.Timeout"), HaveKeyWithValue("state", BeNil())))
		Expect(last[8]).To(SatisfyAll(HaveKeyWithValue("state", "Charge card"), HaveKeyWithValue("id", last[9]["id"].(float64)-1), HaveKey("timestamp")))
		Expect(run.stderr).To(MatchRegexp(`\n              \d+ +\+\S+  ExecutionFailed\n`))
		for _, e := range last {
			Expect(run.stderr).To(MatchRegexp(`\n.{12}  +%v +\+\S+  %v *(%v)?\n`, e["id"], e["type"], e["state"]))
		}
	})

	It("is not told event by event again where a timeline has told it", OnSim, Reaches(23), func() {
		run := simulator().sfnx("simulate", "testdata/retries.asl.json", "--mock", "Charge card=!States.Timeout", "-o", "json")
		Expect(run).To(ExitWith(23))
		Expect(run.lastEvents()).To(HaveLen(10))
		Expect(run.stderr).NotTo(ContainSubstring("ExecutionFailed"))
	})

	It("tells error and cause of its history if the last answer lacks them", OnAWS, Reaches(23), func() {
		aws := account()
		aws.Script("DescribeExecution", fakeaws.Fault{Times: fakeaws.Forever, Edit: without("error", "cause")})
		run := aws.run("fails", "--wait")
		Expect(run).To(ExitWith(23))
		Expect(run).To(HaveMember("sfnx.polls", 1))
		Expect(run).To(HaveMember("sfnx.error", "Order.Rejected"))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring("was rejected")))
	})

	It("says nothing of retries and events if nobody may read the history", OnAWS, Reaches(23), func() {
		aws := account()
		aws.Script("GetExecutionHistory", fakeaws.Fault{Times: fakeaws.Forever, Code: "AccessDeniedException", Message: "not allowed to look"})
		run := aws.run("fails", "--wait")
		Expect(run).To(ExitWith(23))
		Expect(run).To(HaveMember("sfnx.retries", nil))
		Expect(run).To(HaveMember("sfnx.last_events", nil))
		Expect(run.stdout + run.stderr).NotTo(ContainSubstring("not allowed to look"))
	})

	It("can be redriven, on AWS; the command for it is named", OnAWS, Reaches(23), func() {
		run := account().run("fails", "--wait", "--name", "order-17")
		Expect(run).To(HaveMember("sfnx.next", ContainSubstring("sfnx redrive "+executionOf("fails", "order-17-1"))))
	})

	It("cannot be redriven for ever", OnAWS, Reaches(23), func() {
		aws := account()
		aws.Script("DescribeExecution", fakeaws.Fault{Edit: with("redriveStatus", "NOT_REDRIVABLE")})
		Expect(aws.run("fails", "--wait")).To(HaveMember("sfnx.next", Not(ContainSubstring("redrive"))))
	})

	It("shows the beginning of a stack trace on stderr, and has all of it in the document", OnAWS, Reaches(23), func() {
		aws := account()
		cause := `{"errorType":"Error","errorMessage":"no money","trace":["Error: no money",` + strings.Repeat(`"    at charge (app.js:7:11)",`, 18) + `"    at end"]}`
		aws.Script("DescribeExecution", fakeaws.Fault{Edit: with("cause", cause)})
		run := aws.run("fails", "--wait")
		Expect(run).To(HaveMember("sfnx.cause", cause))
		Expect(run.stderr).To(ContainSubstring("... 12 more lines\n"))
		Expect(strings.Count(run.stderr, "at charge")).To(Equal(7))
	})
})

var _ = Describe("a workflow that succeeded", func() {
	everywhere("says nothing of retries and events", ReachesSucceeded, func(at *place) {
		run := at.run("succeeds", "--wait")
		Expect(run).To(HaveMember("sfnx.retries", nil))
		Expect(run).To(HaveMember("sfnx.last_events", nil))
		Expect(run.stderr).NotTo(ContainSubstring("StateEntered"))
	})
})

// lastEvents is sfnx.last_events.
func (e *ended) lastEvents() []map[string]any {
	GinkgoHelper()
	var events []map[string]any
	raw, err := e.member("sfnx.last_events")
	Expect(err).NotTo(HaveOccurred())
	Expect(raw).To(BeAssignableToTypeOf(json.RawMessage{}))
	Expect(json.Unmarshal(raw.(json.RawMessage), &events)).To(Succeed())
	return events
}
