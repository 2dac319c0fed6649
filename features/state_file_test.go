package features

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

// state is a path for a state file that is not there yet.
func state() string { return filepath.Join(GinkgoT().TempDir(), "state.json") }

// kept is a member of a state file.
func kept(path, member string) any {
	GinkgoHelper()
	var members map[string]any
	Expect(json.Unmarshal(must(os.ReadFile(path)), &members)).To(Succeed())
	Expect(members).To(HaveKey(member))
	return members[member]
}

var _ = Describe("a job with a state file", func() {
	DescribeTable("that is killed and run again has one execution, though its name was generated", OnAWS, ReachesSucceeded, func(fault fakeaws.Fault) {
		aws, path := account(), state()
		var x *process
		launched := make(chan struct{})
		fault.Met = func() {
			<-launched
			_ = x.Process.Kill()
		}
		aws.Script("StartExecution", fault)
		x = aws.launch(nil, "run", arnOf("succeeds"), "--wait", "--input", `{"n": 1.0}`, "--state-file", path)
		close(launched)
		Expect(x.Wait()).NotTo(Succeed())
		frozen := kept(path, "name")
		Expect(kept(path, "input")).To(Equal(`{"n": 1.0}`))
		info, err := os.Stat(path)
		Expect(err).NotTo(HaveOccurred())
		Expect(info.Mode().Perm()).To(BeEquivalentTo(0o600))

		run := aws.run("succeeds", "--wait", "--state-file", path)
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("result.name", frozen))
		Expect(run).To(HaveMember("invocation.fields.input", `{"n": 1.0}`))
		Expect(aws.starts()).To(Equal(1))
		requests := aws.Requests("StartExecution")
		Expect(requests[len(requests)-1].Body).To(Equal(requests[0].Body))
		Expect(kept(path, "exit_code")).To(BeEquivalentTo(0))
		Expect(kept(path, "execution_arn")).To(Equal(run.text("result.executionArn")))
	},
		Entry("before the start got through", fakeaws.Fault{Reset: fakeaws.BeforeHandling}),
		Entry("after the start, before its answer", fakeaws.Fault{Reset: fakeaws.AfterHandling}),
	)

	It("has its name in the file before anything is sent, and its execution as soon as that is known", OnAWS, ReachesSucceeded, func() {
		aws, path := account(), state()
		var frozen any
		aws.Script("StartExecution", fakeaws.Fault{Met: func() { frozen = kept(path, "name") }})
		aws.onEvent = func(line string) {
			if strings.Contains(line, `"run.started"`) {
				Expect(line).To(ContainSubstring(kept(path, "execution_arn").(string)))
			}
		}
		run := aws.run("succeeds", "--wait", "--state-file", path, "--events", file("events", ""))
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("result.name", frozen))
		Expect(kept(path, "status")).To(Equal("SUCCEEDED"))
	})

	It("can be rehearsed", OnSim, ReachesSucceeded, func() {
		path := state()
		first := simulator().run("succeeds", "--wait", "--state-file", path)
		Expect(first).To(ExitWith(0))
		Expect(simulator().run("succeeds", "--wait", "--state-file", path)).To(And(ExitWith(0), HaveMember("result.name", first.text("result.name"))))
	})

	DescribeTable("is 20 if it is not the job of the file; what differs is said", OnAWS, Reaches(20), func(rule, machine string, args ...string) {
		aws, path := account(), state()
		Expect(aws.run("succeeds", "--name", "order-17", "--input", `{"order":17}`, "--state-file", path)).To(ExitWith(0))
		before := must(os.ReadFile(path))
		run := aws.run(machine, append(args, "--state-file", path)...)
		Expect(run).To(ExitWith(20))
		Expect(run).To(BeBlamedOn("state_file"))
		Expect(run.fieldErrors()[0].Rule).To(ContainSubstring(rule))
		Expect(aws.Requests("StartExecution")).To(HaveLen(1))
		Expect(os.ReadFile(path)).To(Equal(before))
	},
		Entry("another machine", "is of the state machine "+arnOf("succeeds")+", not of "+arnOf("fails"), "fails"),
		Entry("another name", `froze the execution name "order-17", not "order-18"`, "succeeds", "--name", "order-18"),
		Entry("another input", "froze another input: of 12 bytes, where 13 are given that differ from byte 10 on", "succeeds", "--input", `{"order": 17}`),
	)

	DescribeTable("is 20 if the file is none", OnAWS, Reaches(20), func(text, rule string) {
		aws := account()
		run := aws.run("succeeds", "--state-file", file("state.json", text))
		Expect(run).To(ExitWith(20))
		Expect(run).To(BeBlamedOn("state_file"))
		Expect(run.fieldErrors()[0].Rule).To(ContainSubstring(rule))
		Expect(aws.Requests()).To(BeEmpty())
	},
		Entry("empty", "", "is empty"),
		Entry("cut off", "{\n  \"schema\": \"sfnx.st", "is not JSON from line 2, column 21 on"),
		Entry("foreign", `{"name": "left-pad"}`, "was not written by this sfnx"),
		Entry("of a later sfnx", `{"schema": "sfnx.state/v2"}`, `its schema is "sfnx.state/v2", want "sfnx.state/v1"`),
		Entry("changed by hand", `{"schema":"sfnx.state/v1","execution_name":"a","attempt":1,"name":"b-1","state_machine_arn":"x","input":null,`+
			`"frozen":"2023-08-15T13:27:58Z","execution_arn":null,"status":null,"exit_code":null}`, `has "name" "b-1", want that of attempt 1 of "a"`),
	)

	everywhere("is 20 where no file can be, and nothing is started", Reaches(20), func(at *place) {
		run := at.run("succeeds", "--state-file", filepath.Join(GinkgoT().TempDir(), "none", "state.json"))
		Expect(run).To(ExitWith(20))
		Expect(run).To(BeBlamedOn("state_file"))
		Expect(run).To(HaveStartedNothing())
	})

	It("is 1 if the disk is full, and nothing is started", OnAWS, Reaches(1), func() {
		aws := account()
		aws.onWrite = func(string) error { return syscall.ENOSPC }
		run := aws.run("succeeds", "--state-file", state())
		Expect(run).To(ExitWith(1))
		Expect(run).To(HaveStartedNothing())
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring("nothing was started")))
		Expect(aws.Requests("StartExecution")).To(BeEmpty())
	})

	It("has the code of its execution if the disk is full later; that is complained about", OnAWS, Reaches(23), func() {
		aws := account()
		writes := 0
		aws.onWrite = func(string) error {
			if writes++; writes > 1 {
				return syscall.ENOSPC
			}
			return nil
		}
		run := aws.run("fails", "--wait", "--state-file", state())
		Expect(run).To(ExitWith(23))
		Expect(run.stderr).To(ContainSubstring("the state file is not up to date"))
	})

	It("writes none in a dry run", OnAWS, func() {
		path := state()
		Expect(account().run("succeeds", "--state-file", path, "--dry-run").code).To(Equal(0))
		Expect(path).NotTo(BeAnExistingFile())
	})
})
