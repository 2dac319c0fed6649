package features

import (
	"encoding/base64"
	"net/url"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

// Every command of every spec is searched for secrets (see inspected).
var _ = Describe("a secret", func() {
	It("would be found if it were shown, in any coat", func() {
		const secret = "p@ss:word/%41 with <spaces>"
		hide(secret)
		for _, text := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret), `p@ss:word/%41 with \u003cspaces\u003e`,
			base64.StdEncoding.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte("user:" + secret + "!"))} {
			Expect(leaks("before "+text+" after")).NotTo(BeEmpty(), text)
		}
		Expect(leaks("nothing to see")).To(BeEmpty())
	})

	It("is masked in the document, and what is unset is null", func() {
		run := account().run("succeeds", "--credentials", file("keys.json", credentialsDocument(farFuture)))
		Expect(run).To(HaveMember("invocation.fields.credentials_user", "****"))
		Expect(run).To(HaveMember("invocation.fields.credentials_password", "****"))
		Expect(run).To(HaveMember("invocation.fields.proxy_credentials_user", nil))
	})

	DescribeTable("is told to nobody, however much is told", OnAWS, func(code int, arrange func(aws *behindProxy)) {
		aws := behind(askingForCredentials(), authority())
		giveProxyCredentials(proxyUser, proxyPassword)
		set("SFNX_EXTERNAL_ID", "external-canary-77")
		hide("external-canary-77")
		arrange(aws)
		run := aws.run("fails", "--wait", "-v", "--events", "-", "--role-arn", roleArn("deploy"), "--proxy", aws.proxy.URL,
			"--proxy-type", "HTTPS With Credentials", "--proxy-ca-bundle", aws.bundle, "--result-file", file("result.json", ""))
		Expect(run).To(ExitWith(code))
	},
		Entry("if all goes well", Reaches(23), 23, func(*behindProxy) {}),
		Entry("if AWS refuses the keys", Reaches(2), 2, func(aws *behindProxy) {
			aws.Script("AssumeRole", fakeaws.Fault{Times: fakeaws.Forever, Code: "SignatureDoesNotMatch", Status: 403})
		}),
		Entry("if the proxy refuses the password", Reaches(11), 11, func(*behindProxy) { giveProxyCredentials(proxyUser, proxyPassword+"!") }),
		Entry("if AWS cannot be read", Reaches(10), 10, func(aws *behindProxy) {
			aws.Script("StartExecution", fakeaws.Fault{Times: fakeaws.Forever, Reset: fakeaws.MidAnswer})
		}),
		Entry("if the external id breaks a rule", Reaches(20), 20, func(*behindProxy) {
			set("SFNX_EXTERNAL_ID", "external canary 78")
			hide("external canary 78")
		}),
	)

	DescribeTable("cannot be a flag", func(flag string) {
		Expect(account().run("succeeds", flag, "x").code).To(Equal(20))
	},
		Entry(nil, "--credentials-user"),
		Entry(nil, "--credentials-password"),
		Entry(nil, "--credentials-session-token"),
		Entry(nil, "--proxy-user"),
		Entry(nil, "--proxy-password"),
		Entry(nil, "--proxy-credentials-password"),
	)
})
