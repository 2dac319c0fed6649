package features

import (
	"errors"
	"io"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

var _ = Describe("anything else that goes wrong is 1", func() {
	everywhere("the result cannot be written to its file; the document still says what became of the execution", Reaches(1), func(at *place) {
		run := at.run("succeeds", "--wait", "--result-file", "/nowhere/result.json")
		Expect(run).To(ExitWith(1))
		Expect(run).To(HaveStarted("SUCCEEDED"))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring("write the result to /nowhere/result.json")))
	})

	everywhere("the document cannot be written to stdout", Reaches(1), func(at *place) {
		at.streams.Out = broken{}
		run := at.run("succeeds", "--wait")
		Expect(run.code).To(Equal(1))
		Expect(run.stderr).To(ContainSubstring("write to stdout: no space left on device"))
	})

	everywhere("the document got lost on its way to stdout; the result file tells that code, too", Reaches(1), func(at *place) {
		at.streams.Out = broken{}
		result := file("result.json", "")
		run := at.run("succeeds", "--wait", "--result-file", result)
		Expect(run.code).To(Equal(1))
		Expect(run.files).To(ContainSubstring(`"exit_code": 1,`))
		Expect(run.files).To(ContainSubstring(`"status": "SUCCEEDED"`))
	})

	everywhere("the document is cut short on its way to stdout", Reaches(1), func(at *place) {
		at.streams.Out = short{}
		Expect(at.run("succeeds", "--wait").code).To(Equal(1))
	})

	It("a fault of sfnx itself, as long as it can be caught; it ends in a document, too", OnAWS, Reaches(1), func() {
		aws := account()
		aws.env.Random = broken{}
		run := aws.run("succeeds")
		Expect(run).To(ExitWith(1))
		Expect(run).To(HaveStartedNothing())
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring("this is a fault of sfnx, please report it")))
		Expect(aws.Requests()).To(BeEmpty())
	})

	DescribeTable("an answer of AWS that makes no sense; the execution runs on", OnAWS, Reaches(1), func(fault fakeaws.Fault, cause string) {
		aws := account()
		fault.Times = fakeaws.Forever
		aws.Script("DescribeExecution", fault)
		run := aws.run("waits", "--wait")
		Expect(run).To(ExitWith(1))
		Expect(run).To(HaveStarted(run.text("result.status")))
		Expect(run).To(HaveMember("sfnx.execution_left", "running"))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring(cause)))
	},
		Entry("a status that nobody knows", fakeaws.Fault{Edit: with("status", "SIMMERING")}, `"SIMMERING"`),
		Entry("no status", fakeaws.Fault{Edit: without("status")}, "lacks"),
		Entry("an error that nobody knows", fakeaws.Fault{Code: "TeapotException", Message: "short and stout"}, "short and stout"),
		Entry("no such execution, for more than a minute", fakeaws.Fault{Code: "ExecutionDoesNotExist", Message: "Execution Does Not Exist"}, "Does Not Exist"),
	)

	It("a refusal that nobody knows yet: nothing was started", OnAWS, Reaches(1), func() {
		aws := account()
		aws.Script("StartExecution", fakeaws.Fault{Times: fakeaws.Forever, Code: "TeapotException", Message: "short and stout"})
		run := aws.run("succeeds")
		Expect(run).To(ExitWith(1))
		Expect(run).To(HaveStartedNothing())
		Expect(run).To(HaveMember("sfnx.error", "TeapotException"))
		Expect(aws.Requests("StartExecution")).To(HaveLen(1))
	})

	DescribeTable("as it can be rehearsed", OnSim, Reaches(1), func(fault string, started bool) {
		run := simulator().run("waits", "--wait", "--fault", fault)
		Expect(run).To(ExitWith(1))
		Expect(run).To(HaveMember("changed", started))
	},
		Entry(nil, "authenticate:unexpected", false),
		Entry(nil, "start:unexpected", false),
		Entry(nil, "poll:unexpected", true),
		Entry(nil, "poll:unknown-status", true),
		Entry(nil, "poll:not-found", true),
	)
})

// broken is a device that is full. Reading from it is a bug of sfnx.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func (broken) Read([]byte) (int, error) { panic("nobody reads from here") }

// short takes some of what it is given, and says nothing.
type short struct{ io.Writer }

func (short) Write(b []byte) (int, error) { return len(b) / 2, nil }
