package features

import (
	"encoding/json"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

// texts are JSON texts that a round trip through a JSON library would change.
var texts = []TableEntry{
	Entry("a large integer", `{"n":12345678901234567890}`),
	Entry("a fraction that is none", `{"n":1.0}`),
	Entry("an exponent", `[1e2,1E+2,0.1000,-0]`),
	Entry("a key that stands twice", `{"a":1,"a":2}`),
	Entry("keys that are not sorted", `{"z":1,"a":{"y":2,"b":3}}`),
	Entry("escapes", `{"s":"\u003c\/\ud83d\ude00\u0000\""}`),
	Entry("what HTML would escape", `{"s":"<a href='x'>&</a>"}`),
	Entry("separators that JavaScript stumbles over", "{\"s\":\"\u2028\u2029\u007f\"}"),
	Entry("spaces", " {\n\t\"a\" : [ 1 , 2 ] }\r\n"),
}

var _ = Describe("the input", OnAWS, func() {
	DescribeTable("is sent byte for byte, and shown so", ReachesStarted, func(text string) {
		aws := account()
		run := aws.run("succeeds", "--input", text)
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("invocation.fields.input", text))
		Expect(aws.sentInput()).To(Equal(text))
	}, texts)

	DescribeTable("comes so from a file, from stdin, and from a text of the request document", ReachesStarted, func(text string) {
		aws := account()
		Expect(aws.run("succeeds", "--input", "@"+file("input.json", text))).To(ExitWith(0))
		Expect(aws.sentInput()).To(Equal(text))
		Expect(aws.reads(text).sfnx("run", arnOf("succeeds"), "--input", "-")).To(ExitWith(0))
		Expect(aws.sentInput()).To(Equal(text))
		quoted := must(json.Marshal(text))
		Expect(aws.run("succeeds", "--request", file("request.json", `{"input":`+string(quoted)+`}`))).To(ExitWith(0))
		Expect(aws.sentInput()).To(Equal(text))
	}, texts)

	It("comes so as an object of the request document, too", ReachesStarted, func() {
		aws := account()
		const text = `{"z": 1.0, "a":12345678901234567890, "a":"\u003c\/" }`
		Expect(aws.run("succeeds", "--request", file("request.json", `{"input": `+text+`}`))).To(ExitWith(0))
		Expect(aws.sentInput()).To(Equal(text))
	})

	It("is not sent if there is none", ReachesStarted, func() {
		aws := account()
		Expect(aws.run("succeeds")).To(ExitWith(0))
		Expect(string(aws.Requests("StartExecution")[0].Body)).NotTo(ContainSubstring(`"input"`))
	})
})

var _ = Describe("the output", func() {
	DescribeTable("is shown byte for byte, from AWS", OnAWS, ReachesSucceeded, func(text string) {
		aws := account()
		aws.Script("DescribeExecution", fakeaws.Fault{Edit: with("output", text)})
		Expect(aws.run("succeeds", "--wait")).To(HaveMember("result.output", text))
		aws.Script("DescribeExecution", fakeaws.Fault{Edit: with("output", text)})
		Expect(aws.run("succeeds", "--wait", "-o", "text").stdout).To(Equal(text + "\n"))
	}, texts)

	everywhere("keeps numbers and the order of keys on the way through a workflow", ReachesSucceeded, func(at *place) {
		const text = `{"z":12345678901234567890,"a":1.0,"m":{"y":0.1000,"b":"<&>"}}`
		Expect(at.run("succeeds", "--wait", "--input", text)).To(HaveMember("result.output", text))
	})

	everywhere("and an error's cause are not escaped for HTML", Reaches(23), func(at *place) {
		Expect(at.run("fails", "--wait").stdout).To(ContainSubstring(`was rejected: ünpaid`))
		Expect(at.run("fails", "--wait").stdout).To(ContainSubstring(`<a&b>`))
	})

	It("of an error and its cause is shown byte for byte, too", OnAWS, Reaches(23), func() {
		aws := account()
		const cause = `{"errorMessage":"n = 1.0 \u003c 12345678901234567890","stackTrace":["a","b"]}`
		aws.Script("DescribeExecution", fakeaws.Fault{Edit: with("cause", cause)})
		Expect(aws.run("fails", "--wait")).To(HaveMember("sfnx.cause", cause))
	})
})

// sentInput is the input of the last execution that AWS was asked to start.
func (a *awsAccount) sentInput() string {
	GinkgoHelper()
	starts := a.Requests("StartExecution")
	var body struct{ Input string }
	Expect(json.Unmarshal(starts[len(starts)-1].Body, &body)).To(Succeed())
	return body.Input
}
