package fault

import (
	"slices"
	"strings"
)

// arguments are what the user got wrong, all of it found without a single request.
var arguments = slices.Concat(fieldMistakes, inputMistakes)

// fieldMistakes are wrong flags, variables and files beside the input.
var fieldMistakes = []Fault{
	{Stage: Arguments, Name: "unknown-flag", About: "a flag that does not exist", Want: local, Process: true,
		Arrange: func(s *Scene) { s.Flags(Among(s, "--wiat", "--inptu={}", "-z", "--no-wait", "--attempts=2")) }},
	{Stage: Arguments, Name: "flag-without-value", About: "a flag that lacks its value", Want: local, Process: true,
		Arrange: func(s *Scene) { s.Flags(Among(s, "--name", "--input", "--region", "--proxy", "--result-file")) }},
	{Stage: Arguments, Name: "unknown-command", About: "a command that does not exist", Want: Want{Code: 20, Silent: true, NoDocument: true}, Process: true,
		Arrange: func(s *Scene) { s.Args = []string{Among(s, "rnu", "begin", "execute", "-"), arnOf(s.Machine)} }},
	{Stage: Arguments, Name: "two-machines", About: "two state machines where one is wanted", Want: local, Process: true,
		Arrange: func(s *Scene) { s.Flags(arnOf("succeeds")) }},
	{Stage: Arguments, Name: "no-machine", About: "no state machine at all", Want: local, Process: true,
		Arrange: func(s *Scene) { s.Args = []string{"run", "--wait", "--name", s.Name} }},
	{Stage: Arguments, Name: "broken-arn", About: "an ARN with a mistake in it", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.Target = Among(s, "arn:aws:states:eu-west-1:1234:stateMachine:order", "arn:aws:states:eu-west-1:123456789012:order", "arn:aws:states", "arn:",
				"arn:aws:lambda:eu-west-1:123456789012:function:order", "arn:aws:states:eu-west-1:123456789012:stateMachine:")
		}},
	{Stage: Arguments, Name: "no-region-in-the-arn", About: "an ARN that lacks its region, and no region anywhere", Want: local, Process: true,
		Arrange: func(s *Scene) { s.Target = "arn:aws:states::123456789012:stateMachine:order" }},
	{Stage: Arguments, Name: "arn-of-an-execution", About: "the ARN of an execution, or of an activity, in place of a state machine", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.Target = Among(s, s.ExecutionArn(), "arn:aws:states:eu-west-1:123456789012:activity:order", "arn:aws:states:eu-west-1:123456789012:express:order:a:b")
		}},
	{Stage: Arguments, Name: "missing-definition", About: "a definition file that does not exist", Want: local, Process: true,
		Arrange: func(s *Scene) { s.Target = s.Path("order.asl.json") }},
	{Stage: Arguments, Name: "other-region", About: "a region that contradicts the ARN", Want: local, Process: true,
		Arrange: func(s *Scene) {
			region := Among(s, "eu-central-1", "us-east-1", "cn-north-1")
			if s.N(0, 1) == 0 {
				s.Flags("--region", region)
			} else {
				s.Env["AWS_REGION"] = region
			}
		}},
	{Stage: Arguments, Name: "long-name", About: "a name of more than 80 characters, suffix included", Want: local, Process: true,
		Arrange: func(s *Scene) { s.Name = s.text(lower, s.N(79, 120)) }},
	{Stage: Arguments, Name: "control-character-in-name", About: "a name with a control character", Want: local, Process: true,
		Arrange: func(s *Scene) { s.Name = "job" + string(rune(Among(s, s.N(1, 31), s.N(127, 159)))) + "1" }},
	{Stage: Arguments, Name: "forbidden-character-in-name", About: "a name with a character that AWS forbids", Want: local, Process: true,
		Arrange: func(s *Scene) { s.Name = "job" + Among(s, strings.Split("<>{}[]?*\"#%\\^|~`$&,;:/ ", "")...) + "1" }},
	{Stage: Arguments, Name: "attempt-zero", About: "an attempt that is no whole number from 1 on", Want: local, Process: true,
		Arrange: func(s *Scene) { s.Flags("--attempt", Among(s, "0", "-1", "1.5", "one", "", "99999999999999999999")) }},
	{Stage: Arguments, Name: "polling-interval-zero", About: "a polling interval below one second", Want: local, Process: true,
		Arrange: func(s *Scene) { s.Flags("--polling-interval", Among(s, "0", "-10", "0.5", "10s", "")) }},
	{Stage: Arguments, Name: "negative-duration", About: "a duration that is negative, or no duration at all", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.Flags(Among(s, "--wait-timeout", "--retry-budget"), Among(s, "-1s", "-10", "soon", "1h30"))
		}},
	{Stage: Arguments, Name: "unknown-choice", About: "a choice that does not exist", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.Flags(Among(s, []string{"--on-interrupt", "kill"}, []string{"--on-exists", "overwrite"}, []string{"--proxy-type", "SOCKS"})...)
		}},
	{Stage: Arguments, Name: "malformed-role", About: "the ARN of a role with a mistake in it, or a role that is wanted and not given", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.Flags(Among(s, []string{"--role-arn", "arn:aws:iam::1234:role/ci"}, []string{"--role-arn", "ci"}, []string{"--role-arn", "arn:aws:iam::123456789012:user/ci"},
				[]string{"--role-based-access"}, []string{"--role-arn", "arn:aws:iam::123456789012:role/ci", "--role-session-duration", "5m"})...)
		}},
	{Stage: Arguments, Name: "malformed-external-id", About: "an external id that AWS would refuse", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.Env["SFNX_EXTERNAL_ID"] = s.Hide(s.text(upper, 12) + Among(s, " ", "!", "\t") + s.text(lower, 12))
			s.Flags("--role-arn", "arn:aws:iam::123456789012:role/ci")
		}},
	{Stage: Arguments, Name: "half-of-the-credentials", About: "an access key without its secret, or the other way round", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.Env[Among(s, "SFNX_CREDENTIALS_USER", "SFNX_CREDENTIALS_PASSWORD", "SFNX_CREDENTIALS_SESSION_TOKEN")] = s.Secret(24)
		}},
	{Stage: Arguments, Name: "secret-with-line-end", About: "a secret that ends in a line end", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.Env["SFNX_CREDENTIALS_USER"], s.Env["SFNX_CREDENTIALS_PASSWORD"] = s.Secret(20), s.Secret(40)+Among(s, "\n", "\r\n")
		}},
	{Stage: Arguments, Name: "broken-credentials-document", About: "a document with credentials that cannot be read", Want: local, Process: true,
		Arrange: func(s *Scene) {
			whole := s.processDocument("")
			s.Flags("--credentials", s.File("document.json", Among(s, whole[:s.N(1, len(whole)-1)], strings.Replace(whole, "1", "2", 1), s.Secret(40), "")))
		}},
	{Stage: Arguments, Name: "user-in-the-proxy", About: "a proxy with user and password in its URL", Want: local, Process: true,
		Arrange: func(s *Scene) { s.Env["SFNX_PROXY"] = "http://" + s.userinfo() + "@proxy.example:3128" }},
	{Stage: Arguments, Name: "proxy-without-port", About: "a proxy that lacks its port, or cannot be read at all", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.Flags("--proxy", Among(s, "http://proxy.example", "http://proxy.example:0", "http://proxy.example:port", "proxy.example:3128", "socks5://proxy.example:1080",
				"http://a.example:1,http://b.example:2", ":", "http://proxy.example:3128/path"))
		}},
	{Stage: Arguments, Name: "proxy-type-without-credentials", About: "a type of proxy that needs credentials, and none, or half of them", Want: local, Process: true,
		Arrange: func(s *Scene) {
			if half := Among(s, "", "SFNX_PROXY_USER", "SFNX_PROXY_PASSWORD"); half != "" {
				s.Env[half] = s.Secret(16)
			}
			s.Flags("--proxy", "https://proxy.example:3128", "--proxy-type", "HTTPS With Credentials")
		}},
	{Stage: Arguments, Name: "broken-proxy-credentials", About: "a file with credentials for the proxy that cannot be read", Want: local, Process: true,
		Arrange: func(s *Scene) {
			text := Among(s, s.Secret(20), ":"+s.Secret(20), s.Secret(20)+":", s.Secret(12)+":"+s.Secret(12)+"\n"+s.Secret(12), "")
			s.Flags("--proxy", "https://proxy.example:3128", "--proxy-credentials", s.File("proxy", text))
		}},
}
