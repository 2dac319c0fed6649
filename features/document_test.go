package features

import (
	"encoding/json"
	"os/exec"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

// The keys of the seed, in its order.
var (
	topKeys        = []string{"exit_code", "status_description", "changed", "invocation", "result", "sfnx"}
	invocationKeys = []string{"extension", "version", "fields"}
	fieldKeys      = []string{"action", "credentials_user", "credentials_password", "region", "role_based_access", "role_arn", "state_machine_arn",
		"execution_name", "input", "use_proxy", "wait_for_success_or_failure", "polling_interval", "proxy_type", "proxy",
		"proxy_credentials_user", "proxy_credentials_password", "proxy_ca_bundle_file"}
	resultKeys = []string{"executionArn", "stateMachineArn", "name", "status", "startDate", "stopDate", "output", "outputDetails"}
)

var _ = Describe("the document", func() {
	everywhere("has the keys of the seed, in its order, and one more", ReachesSucceeded, func(at *place) {
		run := at.run("succeeds", "--wait", "--input", `{"z":1,"a":2}`)
		Expect(run.keys("")).To(Equal(topKeys))
		Expect(run.keys("invocation")).To(Equal(invocationKeys))
		Expect(run.keys("invocation.fields")).To(Equal(fieldKeys))
		Expect(run.keys("result")).To(Equal(resultKeys))
		Expect(run.keys("result.outputDetails")).To(Equal([]string{"included"}))
	})

	everywhere("has no keys for what is known only after a wait, if there was none", ReachesStarted, func(at *place) {
		Expect(at.run("succeeds").keys("result")).To(Equal(resultKeys[:5]))
	})

	everywhere("has no output of a workflow that failed", Reaches(23), func(at *place) {
		Expect(at.run("fails", "--wait").keys("result")).To(Equal(resultKeys[:6]))
	})

	everywhere("has no result if nothing was started", Reaches(20), func(at *place) {
		run := at.run("succeeds", "--attempt", "0")
		Expect(run.keys("")).To(Equal([]string{"exit_code", "status_description", "changed", "invocation", "sfnx"}))
	})

	everywhere("tells what is new under one key, always all of it", ReachesSucceeded, func(at *place) {
		run := at.run("succeeds", "--wait")
		Expect(run.keys("sfnx")).To(Equal([]string{"schema", "class", "ending", "stage", "backend", "generated_execution_name", "error", "cause", "request_id",
			"failed_state", "failed_event_id", "retries", "last_events", "polls", "throttled", "unreachable", "adopted", "redriven", "ambiguous", "signal", "execution_left", "stop_error",
			"field_errors", "console_url", "next"}))
		Expect(at.run("succeeds", "--attempt", "0").keys("sfnx")).To(Equal(run.keys("sfnx")))
	})

	everywhere("is the last thing on stdout, after the events that were asked for there", ReachesSucceeded, func(at *place) {
		run := at.run("succeeds", "--wait", "--events", "-")
		Expect(run).To(ExitWith(0))
		Expect(run.stdout).To(HavePrefix(`{"type":"run.named"`))
		Expect(run.stdout).To(HaveSuffix("\n}\n"))
	})

	everywhere("goes to the result file, too, the same bytes", Reaches(23), func(at *place) {
		result := file("result.json", "")
		run := at.run("fails", "--wait", "--result-file", result)
		Expect(run.files).To(Equal(run.stdout))
	})

	everywhere("gives way to the bare output if text is wanted", ReachesSucceeded, func(at *place) {
		run := at.run("succeeds", "--wait", "-o", "text", "--input", `{"order":17}`)
		Expect(run.stdout).To(Equal("{\"order\":17}\n"))
		Expect(at.run("succeeds", "--wait")).To(ExitWith(0))
	})

	everywhere("shows the name as it was given, and the whole name where the execution has it", ReachesStarted, func(at *place) {
		run := at.run("succeeds", "--name", "order", "--attempt", "3")
		Expect(run).To(HaveMember("invocation.fields.execution_name", "order"))
		Expect(run).To(HaveMember("result.name", "order-3"))
		Expect(run).To(HaveMember("result.executionArn", HaveSuffix(":execution:succeeds:order-3")))
	})

	It("says who wrote it", func() {
		run := account().run("succeeds")
		Expect(run).To(HaveMember("invocation.extension", "sfnx"))
		Expect(run).To(HaveMember("invocation.version", "2.0.0"))
	})

	It("links to the console of AWS", func() {
		aws := behind(fakeaws.ProxyOptions{})
		run := aws.run("succeeds", "--name", "order-17", "--proxy", aws.proxy.URL, "--proxy-ca-bundle", aws.bundle)
		Expect(run).To(HaveMember("sfnx.console_url", "https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/"+executionOf("succeeds", "order-17-1")))
	})
})

var _ = Describe("a date in the document", func() {
	It("has six digits and the local zone, on AWS", func() {
		run := account().run("waits", "--wait")
		Expect(run).To(HaveMember("result.startDate", "2023-08-15 16:27:58.977000+03:00"))
		Expect(run).To(HaveMember("result.stopDate", "2023-08-15 16:28:33.977000+03:00"))
	})

	It("is the same everywhere for a simulation: in UTC", func() {
		run := simulator().run("waits", "--wait", "--start", "2026-03-29T01:59:50.5+01:00")
		Expect(run).To(HaveMember("result.startDate", "2026-03-29 00:59:50.500000+00:00"))
		Expect(run).To(HaveMember("result.stopDate", "2026-03-29 01:00:25.500000+00:00"))
	})

	It("follows the clocks of the zone that the process runs in", func() {
		if _, err := time.LoadLocation("Asia/Kathmandu"); err != nil {
			Skip("this machine knows no time zones")
		}
		run := account().launch(func(c *exec.Cmd) { c.Env = append(c.Environ(), "TZ=Asia/Kathmandu") }, "run", arnOf("succeeds")).ends()
		Expect(run).To(HaveMember("result.startDate", "2023-08-15 19:12:58.977000+05:45"))
	})
})

var _ = Describe("an output in the document", func() {
	for text, name := range map[string]string{"null": "null", `"text"`: "a text", "17": "a number", "[]": "a list", `{"a":null}`: "an object"} {
		everywhere("stays the string that the API gave: "+name, ReachesSucceeded, func(at *place) {
			Expect(at.run("succeeds", "--wait", "--input", text)).To(HaveMember("result.output", text))
		})
	}

	It("may be left out by the service", OnAWS, ReachesSucceeded, func() {
		aws := account()
		aws.Script("DescribeExecution", fakeaws.Fault{Edit: func(answer map[string]any) {
			delete(answer, "output")
			answer["outputDetails"] = map[string]any{"included": false}
		}})
		run := aws.run("succeeds", "--wait")
		Expect(run).To(ExitWith(0))
		Expect(run).To(LackMember("result.output"))
		Expect(run).To(HaveMember("result.outputDetails.included", false))
	})
})

var _ = Describe("the table of exit codes", func() {
	It("keeps the promises of the seed, byte for byte", func() {
		var table struct {
			ExitCodes []struct {
				Code        int
				Class       string
				Description string `json:"status_description"`
				Ending      string
			} `json:"exit_codes"`
		}
		Expect(json.Unmarshal([]byte(account().sfnx("exit-codes", "-o", "json").stdout), &table)).To(Succeed())
		promised := 0
		for _, row := range table.ExitCodes {
			if row.Code == 134 { // no document tells of it
				continue
			}
			promised++
			promise := promises[keyOf(row.Code, row.Ending)]
			Expect([]string{row.Class, row.Description}).To(Equal([]string{promise.class, promise.description}))
		}
		Expect(promised).To(Equal(len(promises)))
	})

	It("has a row for each ending of the life cycle, whose picture is drawn from the same table", func() {
		picture := account().sfnx("graph", "--lifecycle").stdout
		for key := range promises {
			_, ending, _ := strings.Cut(key, " ")
			Expect(picture).To(ContainSubstring("    " + ending + " --> [*]\n"))
		}
		Expect(strings.Count(picture, " --> [*]\n")).To(Equal(len(promises)))
	})

	It("is a topic of the help, too", func() {
		Expect(account().sfnx("exit-codes").stdout).To(ContainSubstring("FAILED: Step Function is in TIMEOUT state."))
	})
})

// keys are the keys of an object of the document, in order.
func (e *ended) keys(path string) []string {
	GinkgoHelper()
	raw, err := e.document()
	Expect(err).NotTo(HaveOccurred())
	if path != "" {
		value, err := e.member(path)
		Expect(err).NotTo(HaveOccurred())
		raw = value.(json.RawMessage)
	}
	var keys []string
	d := json.NewDecoder(strings.NewReader(string(raw)))
	must(d.Token())
	for d.More() {
		keys = append(keys, must(d.Token()).(string))
		var value json.RawMessage
		Expect(d.Decode(&value)).To(Succeed())
	}
	return keys
}
