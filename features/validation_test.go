package features

import (
	"fmt"
	"net/url"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("a field that breaks a rule is 20", func() {
	DescribeTableSubtree("everywhere:", func(field, value, rule string, args ...string) {
		everywhere("nothing is started, and the field, its value and the rule are named", Reaches(20), func(at *place) {
			run := at.run("succeeds", append(args, "--wait")...)
			Expect(run).To(ExitWith(20))
			Expect(run).To(HaveStartedNothing())
			Expect(run.fieldErrors()).To(ConsistOf(And(HaveField("Field", field), HaveField("Value", value), HaveField("Rule", ContainSubstring(rule)))))
		})
	},
		Entry("a name with a space", "execution_name", "order 17", "holds ' '", "--name", "order 17"),
		Entry("a name with a slash", "execution_name", "order/17", "holds '/'", "--name", "order/17"),
		Entry("a name with a control character", "execution_name", "order\x01", "holds", "--name", "order\x01"),
		Entry("a name that its suffix makes too long", "execution_name", strings.Repeat("n", 79), `with its suffix "-1" it has 81 characters`, "--name", strings.Repeat("n", 79)),
		Entry("a name that a longer suffix makes too long", "execution_name", strings.Repeat("n", 78), `"-10"`, "--name", strings.Repeat("n", 78), "--attempt", "10"),
		Entry("an attempt before the first", "attempt", "0", "at least 1", "--attempt", "0"),
		Entry("an attempt that is no number", "attempt", "first", "want an integer", "--attempt", "first"),
		Entry("an input that is no JSON", "input", `{order: 17}`, "JSON", "--input", `{order: 17}`),
		Entry("an input that breaks off", "input", `{"order":`, "JSON", "--input", `{"order":`),
		Entry("an input that goes on", "input", `{} {}`, "JSON", "--input", `{} {}`),
		Entry("an empty input", "input", ``, "", "--input", ``),
		Entry("an input with a byte order mark", "input", "\ufeff{}", "", "--input", "\ufeff{}"),
		Entry("an input file that is not there", "input", "@/nowhere/order.json", "cannot be read", "--input", "@/nowhere/order.json"),
		Entry("a polling interval of no time", "polling_interval", "0", "at least 1", "--polling-interval", "0"),
		Entry("a polling interval in minutes", "polling_interval", "1m", "want an integer", "--polling-interval", "1m"),
		Entry("a negative wait timeout", "wait_timeout", "-1s", "not negative", "--wait-timeout", "-1s"),
		Entry("a wait timeout without a unit that is known", "wait_timeout", "2 days", "90s", "--wait-timeout", "2 days"),
		Entry("another choice for an interrupt", "on_interrupt", "kill", `"stop" "leave"`, "--on-interrupt", "kill"),
		Entry("another choice for what exists", "on_exists", "replace", `"adopt" "fail"`, "--on-exists", "replace"),
		Entry("a role without its ARN", "role_arn", "", "is required", "--role-based-access"),
		Entry("a role that is none", "role_arn", "arn:aws:iam::123:role/deploy", "12 digits", "--role-arn", "arn:aws:iam::123:role/deploy"),
		Entry("a role that is a user", "role_arn", "arn:aws:iam::123456789012:user/me", "role", "--role-arn", "arn:aws:iam::123456789012:user/me"),
		Entry("a role session of a minute", "role_session_duration", "1m0s", "15m to 12h", "--role-session-duration", "1m"),
		Entry("a role session with a space", "role_session_name", "nightly run", "letters", "--role-session-name", "nightly run"),
		Entry("a proxy that is wanted, but not named", "proxy", "", "is required", "--use-proxy"),
		Entry("a proxy without a port", "proxy", "http://proxy", "port", "--proxy", "http://proxy"),
		Entry("a proxy without a scheme", "proxy", "proxy:3128", "http://host:port", "--proxy", "proxy:3128"),
		Entry("two proxies for one scheme", "proxy", "http://a:1,http://b:2", "two http", "--proxy", "http://a:1,http://b:2"),
		Entry("a proxy with credentials, which are not shown", "proxy", "http://****@proxy:3128", "proxy_credentials_user", "--proxy", "http://me:"+url.QueryEscape(proxyPassword)+"@proxy:3128"),
		Entry("a proxy with credentials that make no URL", "proxy", "http://****@proxy:3128", "http://host:port", "--proxy", "http://me:"+proxyPassword+"@proxy:3128"),
		Entry("another type of proxy", "proxy_type", "SOCKS", `"HTTPS With Credentials"`, "--proxy-type", "SOCKS"),
		Entry("a proxy's bundle that is not there", "proxy_ca_bundle_file", "/nowhere/ca.pem", "cannot be read", "--proxy-ca-bundle", "/nowhere/ca.pem"),
		Entry("a proxy's bundle that holds no certificate", "proxy_ca_bundle_file", "testdata/succeeds.asl.json", "PEM", "--proxy-ca-bundle", "testdata/succeeds.asl.json"),
		Entry("an endpoint that is no URL", "endpoint_url", "localhost:4566", "http://host", "--endpoint-url", "localhost:4566"),
	)

	everywhere("an input of more than 262,144 bytes, the value cut short", Reaches(20), func(at *place) {
		run := at.run("succeeds", "--input", "@"+file("big.json", fmt.Sprintf("%q", strings.Repeat("x", 262_143))))
		Expect(run).To(ExitWith(20))
		Expect(run).To(BeBlamedOn("input"))
		Expect(run.fieldErrors()[0].Rule).To(ContainSubstring("262"))
		Expect(len(run.fieldErrors()[0].Value)).To(BeNumerically("<", 200))
	})

	everywhere("but an input of exactly that many is good", ReachesStarted, func(at *place) {
		Expect(at.run("succeeds", "--input", "@"+file("big.json", fmt.Sprintf("%q", strings.Repeat("ü", 131_071))))).To(ExitWith(0))
	})

	everywhere("all of them are reported together", Reaches(20), func(at *place) {
		hide("lonely-password")
		set("SFNX_PROXY_PASSWORD", "lonely-password")
		run := at.run("succeeds", "--name", "a b", "--attempt", "none", "--input", "{", "--polling-interval", "0", "--role-arn", "me", "--proxy", "nowhere")
		Expect(run).To(ExitWith(20))
		Expect(run).To(BeBlamedOn("attempt", "role_arn", "execution_name", "input", "proxy", "proxy_credentials_user", "polling_interval"))
	})

	everywhere("the credentials that a proxy type needs are missed one by one", Reaches(20), func(at *place) {
		run := at.run("succeeds", "--proxy", "https://proxy:3128", "--proxy-type", "HTTPS With Credentials")
		Expect(run).To(ExitWith(20))
		Expect(run).To(BeBlamedOn("proxy_credentials_user", "proxy_credentials_password"))
	})

	DescribeTable("only on AWS: it is not asked, nothing is started", OnAWS, Reaches(20), func(field, rule string, args ...string) {
		aws := account()
		run := aws.sfnx(append([]string{"run"}, args...)...)
		Expect(run).To(ExitWith(20))
		Expect(run.fieldErrors()).To(ConsistOf(And(HaveField("Field", field), HaveField("Rule", ContainSubstring(rule)))))
		Expect(aws.Requests()).To(BeEmpty())
	},
		Entry("no state machine", "state_machine_arn", "is required"),
		Entry("an ARN of something else", "state_machine_arn", "service", "arn:aws:sns:eu-west-1:123456789012:orders:all"),
		Entry("an ARN of an execution", "state_machine_arn", "is of kind execution", executionOf("succeeds", "a-1")),
		Entry("an ARN with a short account", "state_machine_arn", "12 digits", "arn:aws:states:eu-west-1:1234:stateMachine:order"),
		Entry("an ARN of another cloud", "state_machine_arn", "partition", "arn:azure:states:eu-west-1:123456789012:stateMachine:order"),
		Entry("a region that contradicts the ARN", "region", "contradicts", arnOf("succeeds"), "--region", "us-east-1"),
		Entry("a flag of the simulator", "fault", "simulator", arnOf("succeeds"), "--fault", "poll:throttled"),
	)

	DescribeTable("only one half of a pair, which is not shown", OnAWS, Reaches(20), func(variable, missing string) {
		aws := account()
		set(variable, "half-a-pair")
		hide("half-a-pair")
		run := aws.run("succeeds")
		Expect(run).To(ExitWith(20))
		Expect(run).To(BeBlamedOn(missing))
		Expect(aws.Requests()).To(BeEmpty())
	},
		Entry(nil, "SFNX_CREDENTIALS_USER", "credentials_password"),
		Entry(nil, "SFNX_CREDENTIALS_PASSWORD", "credentials_user"),
		Entry(nil, "SFNX_PROXY_USER", "proxy_credentials_password"),
		Entry(nil, "SFNX_PROXY_PASSWORD", "proxy_credentials_user"),
	)

	It("a region of the environment that contradicts the ARN names the variable", OnAWS, Reaches(20), func() {
		aws := account()
		set("AWS_REGION", "us-east-1")
		run := aws.run("succeeds")
		Expect(run).To(ExitWith(20))
		Expect(run.fieldErrors()).To(ConsistOf(HaveField("Rule", ContainSubstring("AWS_REGION"))))
		Expect(aws.Requests()).To(BeEmpty())
	})

	It("a profile that is not there is 20, too", OnAWS, Reaches(20), func() {
		aws := account()
		run := aws.run("succeeds", "--profile", "nobody")
		Expect(run).To(ExitWith(20))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring("nobody")))
		Expect(aws.Requests()).To(BeEmpty())
	})

	It("a shared configuration file with a broken line is 20 and named with the line, and nothing in it is repeated", OnAWS, Reaches(20), func() {
		aws := account()
		hide("some-secret-on-a-broken-line")
		config := file("config", "[default]\nregion = eu-west-1\naws_secret_access_key some-secret-on-a-broken-line\n")
		set("AWS_CONFIG_FILE", config)
		run := aws.run("succeeds")
		Expect(run).To(ExitWith(20))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring(config+": line 3 is no setting")))
		Expect(aws.Requests()).To(BeEmpty())
	})

	It("a proxy of the environment that sfnx does not speak with is 20", OnAWS, Reaches(20), func() {
		aws := account()
		hide("proxy-canary-of-the-environment")
		set("HTTPS_PROXY", "ftp://me:proxy-canary-of-the-environment@proxy:3128")
		run := aws.run("succeeds")
		Expect(run).To(ExitWith(20))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring(`HTTPS_PROXY of the environment has the scheme "ftp"`)))
		Expect(aws.Requests()).To(BeEmpty())
	})

	DescribeTable("of the simulator", OnSim, Reaches(20), func(field, rule string, args ...string) {
		run := simulator().run("succeeds", args...)
		Expect(run).To(ExitWith(20))
		Expect(run.fieldErrors()).To(ConsistOf(And(HaveField("Field", field), HaveField("Rule", ContainSubstring(rule)))))
	},
		Entry("a fault that is unknown", "fault", "poll:throttled", "--fault", "poll:meteorite"),
		Entry("a mock for a state that is not there", "mocks", "Charge", "--mock", `Charge={"StatusCode":200}`),
		Entry("a seed that is no number", "seed", "integer", "--seed", "lucky"),
		Entry("a start of time that is none", "start", "2026-01-31T09:00:00Z", "--start", "tomorrow"),
		Entry("a type that is unknown", "type", "STANDARD or EXPRESS", "--type", "FAST"),
		Entry("a region that is none", "region", "eu-west-1", "--region", "Ireland"),
	)
})
