package features

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

var _ = Describe("what a scheduler shows of a running job", func() {
	everywhere("is told in order: the name, the ARN, each status, the end", ReachesSucceeded, func(at *place) {
		run := at.run("waits", "--wait", "--events", "-", "--polling-interval", "40")
		Expect(run).To(ExitWith(0))
		Expect(run.eventTypes()).To(Equal([]string{"run.named", "run.authenticated", "run.started", "run.polled", "run.polled", "run.ended"}))
		Expect(run.events("run.named")[0]).To(HaveKeyWithValue("name", run.text("sfnx.generated_execution_name")))
		Expect(run.events("run.started")[0]).To(HaveKeyWithValue("execution_arn", run.text("result.executionArn")))
		Expect(run.events("run.polled")[0]).To(HaveKeyWithValue("status", "RUNNING"))
		Expect(run.events("run.ended")[0]).To(And(HaveKeyWithValue("exit_code", 0.0), HaveKeyWithValue("status", "SUCCEEDED")))
	})

	everywhere("is one JSON object a line, numbered, with its schema", Reaches(23), func(at *place) {
		stream := file("events.ndjson", "")
		Expect(at.run("fails", "--wait", "--events", stream)).To(ExitWith(23))
		for i, line := range strings.Split(strings.TrimSuffix(string(must(os.ReadFile(stream))), "\n"), "\n") {
			Expect(line).To(HavePrefix(`{"type":"run.`))
			var event map[string]any
			Expect(json.Unmarshal([]byte(line), &event)).To(Succeed())
			Expect(event).To(And(HaveKeyWithValue("seq", float64(i+1)), HaveKeyWithValue("schema", "sfnx.event/v1"), HaveKey("time")))
		}
	})

	everywhere("ends for a run that could not begin, too", Reaches(20), func(at *place) {
		run := at.run("succeeds", "--attempt", "0", "--events", "-")
		Expect(run).To(ExitWith(20))
		Expect(run.eventTypes()).To(Equal([]string{"run.ended"}))
	})

	everywhere("does not go to the result file, which would replace it", Reaches(20), func(at *place) {
		both := file("both", "")
		run := at.run("succeeds", "--events", both, "--result-file", both)
		Expect(run).To(ExitWith(20))
		Expect(run).To(HaveStartedNothing())
	})

	It("is told the moment it is known", OnAWS, ReachesSucceeded, func() {
		aws := account()
		var told []string
		aws.onEvent = func(line string) { told = append(told, line) }
		known := map[string]string{}
		for _, call := range []string{"GetCallerIdentity", "StartExecution", "DescribeExecution"} {
			aws.Script(call, fakeaws.Fault{Met: func() { known[call] = strings.Join(told, "") }})
		}
		run := aws.run("succeeds", "--wait", "--events", file("events", ""))
		Expect(known["GetCallerIdentity"]).To(ContainSubstring(`"name":"` + run.text("result.name")))
		Expect(known["StartExecution"]).To(ContainSubstring(`"run.authenticated"`))
		Expect(known["StartExecution"]).NotTo(ContainSubstring(`"execution_arn"`))
		Expect(known["DescribeExecution"]).To(ContainSubstring(`"execution_arn":"` + run.text("result.executionArn")))
	})

	It("tells of throttling, failing connections and signals", OnAWS, Reaches(143), func() {
		aws := account()
		aws.env.Random = zeros{}
		aws.Script("DescribeExecution", fakeaws.Fault{Code: "ThrottlingException"}, fakeaws.Fault{Times: attempts, Reset: fakeaws.BeforeHandling})
		aws.clock.OnPause = func(n int) {
			if n == 3 {
				aws.signal(syscall.SIGTERM)
			}
		}
		run := aws.run("never-ends", "--wait", "--events", "-")
		Expect(run).To(ExitWith(143))
		Expect(run.eventTypes()).To(Equal([]string{"run.named", "run.authenticated", "run.started", "run.throttled", "run.unreachable", "run.polled", "run.interrupted", "run.ended"}))
	})

	It("is a live line on a terminal", OnAWS, ReachesSucceeded, func() {
		aws := account()
		aws.streams.ErrTerminal = true
		run := aws.run("waits", "--wait", "--name", "order-17")
		Expect(run.stderr).To(ContainSubstring("order-17-1"))
		Expect(run.stderr).To(ContainSubstring(executionOf("waits", "order-17-1")))
		Expect(run.stderr).To(MatchRegexp(`RUNNING.* 0:\d\d .*\r\x1b\[K`))
		Expect(run).To(ExitWith(0))
	})

	It("is a line for each change of the status elsewhere, with the time", OnAWS, Reaches(25), func() {
		aws := account()
		aws.env.Random = zeros{}
		run := aws.run("times-out", "--wait")
		Expect(run.stderr).To(MatchRegexp(`(?m)^2023-08-15T13:27:58Z started +arn:`))
		Expect(run.stderr).To(MatchRegexp(`(?m)^2023-08-15T13:28:58Z TIMED_OUT +1m$`))
		Expect(run.stderr).NotTo(ContainSubstring("\r"))
		Expect(run).To(ExitWith(25))
	})

	It("is nothing if silence is wanted", OnAWS, Reaches(23), func() {
		run := account().run("fails", "--wait", "-qq")
		Expect(run).To(ExitWith(23))
		Expect(run.stderr).To(BeEmpty())
	})
})

// allEvents are the lines of --events - on stdout.
func (e *ended) allEvents() []map[string]any {
	GinkgoHelper()
	var all []map[string]any
	for line := range bytes.Lines([]byte(e.stdout)) {
		if !bytes.HasPrefix(line, []byte(`{"type":`)) {
			break
		}
		var event map[string]any
		Expect(json.Unmarshal(line, &event)).To(Succeed())
		all = append(all, event)
	}
	return all
}

// events are those of one type.
func (e *ended) events(kind string) []map[string]any {
	GinkgoHelper()
	var all []map[string]any
	for _, event := range e.allEvents() {
		if event["type"] == kind {
			all = append(all, event)
		}
	}
	return all
}

func (e *ended) eventTypes() []string {
	GinkgoHelper()
	var all []string
	for _, event := range e.allEvents() {
		all = append(all, event["type"].(string))
	}
	return all
}
