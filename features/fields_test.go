package features

import (
	"encoding/json"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
)

// field is a field of a job and its ways in. In the document a value is what it is, elsewhere its text.
type field struct {
	key, variable, flag string
	values              [3]any
	needs               func()                              // what must be given for the field to be good
	shown               string                              // member of the document; "" = the field's own
	as                  func(value any) types.GomegaMatcher // how it is shown; nil = as it is
}

// give gives a field in one of the three ways, and returns the arguments for that.
func (f field) give(way string, value any) []string {
	GinkgoHelper()
	switch way {
	case "variable":
		set(f.variable, textOf(value))
	case "document":
		document := must(json.Marshal(map[string]any{f.key: value}))
		return []string{"--request", file("request.json", string(document))}
	case "flag":
		return []string{f.flag + "=" + textOf(value)}
	}
	return nil
}

func textOf(value any) string {
	if chain, ok := value.([]string); ok {
		return strings.Join(chain, ",")
	}
	return fmt.Sprint(value)
}

// shows wants the field in the document to have a value.
func (f field) shows(value any) types.GomegaMatcher {
	if f.shown == "" {
		f.shown = "invocation.fields." + f.key
	}
	if f.as != nil {
		return HaveMember(f.shown, f.as(value))
	}
	return HaveMember(f.shown, value)
}

// dryRun resolves the fields on the simulator, where nothing but the fields is needed.
func dryRun(args ...string) *ended {
	GinkgoHelper()
	machine := []string{"testdata/succeeds.asl.json"}
	if strings.Contains(strings.Join(args, " "), "asl.json") {
		machine = nil
	}
	return simulator().sfnx(append(append([]string{"run", "--dry-run"}, machine...), args...)...)
}

func masked(any) types.GomegaMatcher { return Equal("****") }

func suffixed(value any) types.GomegaMatcher { return HaveSuffix(fmt.Sprintf("-%v", value)) }

func joined(value any) types.GomegaMatcher { return Equal(textOf(value)) }

func aRole() { set("SFNX_ROLE_ARN", roleArn("deploy")) }

func aProxy() { set("SFNX_PROXY", "http://proxy:3128") }

var _ = Describe("each field", func() {
	DescribeTableSubtree("has three ways in, of which the later one wins:", func(f field) {
		BeforeEach(func() {
			if f.needs != nil {
				f.needs()
			}
		})

		ways := []string{"variable", "document", "flag"}
		if f.flag == "" {
			ways = ways[:2]
		}
		for _, way := range ways {
			It("given by a "+way, func() {
				run := dryRun(f.give(way, f.values[0])...)
				Expect(run.code).To(Equal(0), "%s", run)
				Expect(run).To(f.shows(f.values[0]))
			})
		}

		It("the request document beats the variable", func() {
			f.give("variable", f.values[0])
			Expect(dryRun(f.give("document", f.values[1])...)).To(f.shows(f.values[1]))
		})

		if f.flag != "" {
			It("the flag beats both", func() {
				f.give("variable", f.values[0])
				args := append(f.give("document", f.values[1]), f.give("flag", f.values[2])...)
				Expect(dryRun(args...)).To(f.shows(f.values[2]))
			})
		}
	},
		Entry("region", field{key: "region", variable: "SFNX_REGION", flag: "--region", values: [3]any{"eu-west-1", "us-east-1", "ap-south-1"}}),
		Entry("role based access", field{key: "role_based_access", variable: "SFNX_ROLE_BASED_ACCESS", flag: "--role-based-access", values: [3]any{true, false, true}, needs: aRole}),
		Entry("role ARN", field{key: "role_arn", variable: "SFNX_ROLE_ARN", flag: "--role-arn", values: [3]any{roleArn("a"), roleArn("b"), roleArn("c")}}),
		Entry("role chain", field{key: "role_arn", variable: "SFNX_ROLE_ARN", flag: "--role-arn", as: joined, values: [3]any{
			[]string{roleArn("a"), roleArn("b")}, []string{roleArn("c"), roleArn("d")}, []string{roleArn("e"), roleArn("f")}}}),
		Entry("execution name", field{key: "execution_name", variable: "SFNX_NAME", flag: "--name", values: [3]any{"order", "invoice", "refund"}}),
		Entry("execution name, by the variable of the seed's key", field{key: "execution_name", variable: "SFNX_EXECUTION_NAME", flag: "--name", values: [3]any{"order", "invoice", "refund"}}),
		Entry("attempt", field{key: "attempt", variable: "SFNX_ATTEMPT", flag: "--attempt", shown: "sfnx.generated_execution_name", as: suffixed, values: [3]any{2, 3, 4}}),
		Entry("input", field{key: "input", variable: "SFNX_INPUT", flag: "--input", values: [3]any{`{"n":1}`, `{"n":2}`, `[3]`}}),
		Entry("wait", field{key: "wait_for_success_or_failure", variable: "SFNX_WAIT", flag: "--wait", values: [3]any{true, false, true}}),
		Entry("polling interval", field{key: "polling_interval", variable: "SFNX_POLLING_INTERVAL", flag: "--polling-interval", values: [3]any{5, 20, 60}}),
		Entry("use proxy", field{key: "use_proxy", variable: "SFNX_USE_PROXY", flag: "--use-proxy", values: [3]any{true, false, true}, needs: aProxy}),
		Entry("proxy type", field{key: "proxy_type", variable: "SFNX_PROXY_TYPE", flag: "--proxy-type", values: [3]any{"HTTPS", "HTTP", "HTTPS"}, needs: aProxy}),
		Entry("proxy", field{key: "proxy", variable: "SFNX_PROXY", flag: "--proxy", values: [3]any{"http://a:1", "http://b:2,https://c:3", "https://d:4"}}),
		Entry("proxy credentials, the user", field{key: "proxy_credentials_user", variable: "SFNX_PROXY_USER", as: masked, values: [3]any{"a", "b"},
			needs: func() { set("SFNX_PROXY_PASSWORD", "x") }}),
		Entry("proxy credentials, the password", field{key: "proxy_credentials_password", variable: "SFNX_PROXY_PASSWORD", as: masked, values: [3]any{"a", "b"},
			needs: func() { set("SFNX_PROXY_USER", "x") }}),
		Entry("credentials, the user", field{key: "credentials_user", variable: "SFNX_CREDENTIALS_USER", as: masked, values: [3]any{"a", "b"},
			needs: func() { set("SFNX_CREDENTIALS_PASSWORD", "x") }}),
		Entry("credentials, the password", field{key: "credentials_password", variable: "SFNX_CREDENTIALS_PASSWORD", as: masked, values: [3]any{"a", "b"},
			needs: func() { set("SFNX_CREDENTIALS_USER", "x") }}),
	)

	It("the proxy's bundle has three ways in, too", func() {
		f := field{key: "proxy_ca_bundle_file", variable: "SFNX_PROXY_CA_BUNDLE", flag: "--proxy-ca-bundle"}
		one, two, three := authority().file, authority().file, authority().file
		Expect(dryRun(f.give("variable", one)...)).To(f.shows(one))
		Expect(dryRun(f.give("document", two)...)).To(f.shows(two))
		Expect(dryRun(append(f.give("document", two), f.give("flag", three)...)...)).To(f.shows(three))
	})

	It("the state machine is an argument, a variable or in the document", func() {
		f := field{key: "state_machine_arn", variable: "SFNX_STATE_MACHINE_ARN"}
		one, two := "testdata/succeeds.asl.json", "testdata/waits.asl.json"
		Expect(simulator().sfnx(append([]string{"run", "--dry-run"}, f.give("document", one)...)...)).To(f.shows(one))
		f.give("variable", two)
		Expect(simulator().sfnx("run", "--dry-run")).To(f.shows(two))
		Expect(simulator().sfnx("run", "--dry-run", one)).To(f.shows(one))
	})

	It("the action has one choice, and is that by default", Reaches(20), OnSim, func() {
		Expect(dryRun()).To(HaveMember("invocation.fields.action", "Start Asynchronous Execution"))
		run := dryRun("--request", file("request.json", `{"action":"Stop Execution"}`))
		Expect(run).To(ExitWith(20))
		Expect(run).To(BeBlamedOn("action"))
	})

	It("has the default of the contract", func() {
		run := dryRun()
		for key, value := range map[string]any{"polling_interval": 10, "wait_for_success_or_failure": false, "role_based_access": false, "use_proxy": false,
			"input": nil, "execution_name": nil, "proxy_type": nil} {
			Expect(run).To(HaveMember("invocation.fields."+key, value))
		}
		Expect(run).To(HaveMember("sfnx.generated_execution_name", MatchRegexp(`^sfnx-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}-1$`)))
		Expect(dryRun("--proxy", "http://proxy:3128")).To(HaveMember("invocation.fields.proxy_type", "HTTP"))
	})

	It("a role or a proxy that is given is used, unless the field says otherwise", func() {
		Expect(dryRun("--role-arn", roleArn("deploy"))).To(HaveMember("invocation.fields.role_based_access", true))
		Expect(dryRun("--proxy", "http://proxy:3128")).To(HaveMember("invocation.fields.use_proxy", true))
		document := file("request.json", `{"proxy":"http://proxy:3128","role_arn":"`+roleArn("deploy")+`"}`)
		Expect(dryRun("--request", document)).To(And(HaveMember("invocation.fields.use_proxy", false), HaveMember("invocation.fields.role_based_access", false)))
	})

	It("is not asked of AWS in a dry run, and neither is anything else", func() {
		aws := account()
		run := aws.run("succeeds", "--dry-run", "--wait")
		Expect(run.code).To(Equal(0))
		Expect(run).To(HaveMember("invocation.fields.region", "eu-west-1"))
		Expect(run).To(HaveStartedNothing())
		Expect(aws.Requests()).To(BeEmpty())
	})
})

var _ = Describe("a field that shows on AWS alone", OnAWS, func() {
	for _, way := range []string{"variable", "document", "flag"} {
		DescribeTable("given by a "+way, func(f field, value, sent string) {
			aws := account()
			Expect(aws.run("succeeds", append(f.give(way, value), "--role-arn", roleArn("deploy"))...)).To(ExitWith(0))
			Expect(string(aws.Requests("AssumeRole")[0].Body)).To(ContainSubstring(sent))
		},
			Entry("external id", field{key: "external_id", variable: "SFNX_EXTERNAL_ID", flag: "--external-id"}, "partner-7", "ExternalId=partner-7"),
			Entry("session name", field{key: "role_session_name", variable: "SFNX_ROLE_SESSION_NAME", flag: "--role-session-name"}, "nightly", "RoleSessionName=nightly"),
			Entry("session duration", field{key: "role_session_duration", variable: "SFNX_ROLE_SESSION_DURATION", flag: "--role-session-duration"}, "30m", "DurationSeconds=1800"),
		)

		It("wait timeout, given by a "+way, Reaches(124), func() {
			f := field{key: "wait_timeout", variable: "SFNX_WAIT_TIMEOUT", flag: "--wait-timeout"}
			Expect(account().run("never-ends", append(f.give(way, "1m"), "--wait")...)).To(ExitWith(124))
		})

		It("what to do with what exists, given by a "+way, Reaches(20), func() {
			f := field{key: "on_exists", variable: "SFNX_ON_EXISTS", flag: "--on-exists"}
			aws := account()
			Expect(aws.run("fails", "--name", "order-17")).To(ExitWith(0))
			Expect(aws.run("fails", append(f.give(way, "fail"), "--name", "order-17")...)).To(ExitWith(20))
		})

		It("endpoint, given by a "+way, ReachesStarted, func() {
			f := field{key: "endpoint_url", variable: "SFNX_ENDPOINT_URL", flag: "--endpoint-url"}
			aws := account()
			set("AWS_ENDPOINT_URL", "http://"+refusing())
			Expect(aws.run("succeeds", f.give(way, aws.URL)...)).To(ExitWith(0))
		})

		It("profile, given by a "+way, ReachesStarted, func() {
			f := field{key: "profile", variable: "SFNX_PROFILE", flag: "--profile"}
			aws := account()
			profile(keysOfTheAccount)
			Expect(aws.run("succeeds", f.give(way, "job")...)).To(ExitWith(0))
		})
	}
})
