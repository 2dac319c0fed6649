package features

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

var _ = Describe("an account that cannot be authenticated is 2", func() {
	DescribeTable("and nothing is started", OnAWS, Reaches(2), func(arrange func(aws *awsAccount) []string) {
		aws := account()
		run := aws.run("succeeds", arrange(aws)...)
		Expect(run).To(ExitWith(2))
		Expect(run).To(HaveStartedNothing())
		Expect(aws.starts()).To(BeZero())
	},
		Entry("with a key that AWS does not know", func(*awsAccount) []string {
			set("AWS_ACCESS_KEY_ID", "AKIASTRANGER00000000")
			return nil
		}),
		Entry("with a wrong secret", func(*awsAccount) []string {
			set("AWS_SECRET_ACCESS_KEY", "some/other/secret/of/exactly/forty/chars")
			hide("some/other/secret/of/exactly/forty/chars")
			return nil
		}),
		Entry("with a session token that AWS does not know", func(*awsAccount) []string {
			set("AWS_SESSION_TOKEN", "a-token-of-another-account")
			hide("a-token-of-another-account")
			return nil
		}),
		Entry("without any credentials", func(*awsAccount) []string {
			withoutKeys()
			return nil
		}),
		Entry("with a credential process that fails", func(*awsAccount) []string {
			return profile(`credential_process = sh -c "echo vault-token-1234; exit 3"`)
		}),
		Entry("with a credential process that prints something else", func(*awsAccount) []string {
			return profile(`credential_process = sh -c "echo vault-token-1234"`)
		}),
		Entry("with a credential process whose child never ends", func(aws *awsAccount) []string {
			aws.env.AttemptTimeout = 30 * time.Millisecond
			return profile("credential_process = sleep 1; echo vault-token-1234")
		}),
		Entry("with a credential process that is not there", func(*awsAccount) []string {
			return profile(`credential_process = /nowhere/vault 2>/dev/null`)
		}),
		Entry("with a single sign-on that nobody has signed in to", func(*awsAccount) []string {
			return profile("sso_start_url = https://sso.example/start\nsso_region = eu-west-1\nsso_account_id = 123456789012\nsso_role_name = deploy")
		}),
		Entry("with a web identity whose token is not there", func(*awsAccount) []string {
			withoutKeys()
			set("AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere/token")
			set("AWS_ROLE_ARN", roleArn("deploy"))
			return nil
		}),
		Entry("with a credentials document that has expired", func(*awsAccount) []string {
			return []string{"--credentials", file("keys.json", credentialsDocument(time.Now().Add(-time.Minute)))}
		}),
		Entry("with a role, but no credentials to assume it", func(*awsAccount) []string {
			withoutKeys()
			return []string{"--role-arn", roleArn("deploy")}
		}),
		Entry("with a role, and expired credentials to assume it", func(aws *awsAccount) []string {
			aws.Script("AssumeRole", fakeaws.Fault{Times: fakeaws.Forever, Code: "ExpiredToken", Status: 403})
			return []string{"--role-arn", roleArn("deploy")}
		}),
	)

	It("if this machine's clock is off, and to correct it does not help; it says how far", OnAWS, Reaches(2), func() {
		aws := accountOf(fakeaws.Options{Now: func() time.Time { return time.Now().Add(17*time.Minute + 10*time.Second) }})
		aws.Script("GetCallerIdentity", fakeaws.Fault{Times: fakeaws.Forever, Code: "SignatureDoesNotMatch", Status: 403, Message: "Signature expired"})
		run := aws.run("succeeds")
		Expect(run).To(ExitWith(2))
		Expect(run).To(HaveMember("sfnx.error", "SignatureDoesNotMatch"))
		Expect(run).To(HaveMember("sfnx.cause", ContainSubstring("this machine's clock is 17 min slow")))
	})

	It("but not if the clock is off and the answer's date sets it right", OnAWS, ReachesSucceeded, func() {
		aws := accountOf(fakeaws.Options{Now: func() time.Time { return time.Now().Add(17 * time.Minute) }})
		Expect(aws.run("waits", "--wait", "--role-arn", roleArn("deploy"))).To(ExitWith(0))
	})

	DescribeTable("whichever word AWS has for it", OnAWS, Reaches(2), func(call, code string, status int) {
		aws := account()
		aws.Script(call, fakeaws.Fault{Times: fakeaws.Forever, Code: code, Status: status, Message: "no"})
		run := aws.run("waits", "--wait")
		Expect(run).To(ExitWith(2))
		Expect(run).To(HaveMember("sfnx.error", code))
	},
		Entry(nil, "GetCallerIdentity", "InvalidClientTokenId", 403),
		Entry(nil, "GetCallerIdentity", "SignatureDoesNotMatch", 403),
		Entry(nil, "GetCallerIdentity", "ExpiredToken", 403),
		Entry(nil, "GetCallerIdentity", "MissingAuthenticationToken", 403),
		Entry(nil, "GetCallerIdentity", "RequestExpired", 400),
		Entry(nil, "GetCallerIdentity", "InvalidAccessKeyId", 403),
		Entry(nil, "StartExecution", "UnrecognizedClientException", 400),
		Entry(nil, "StartExecution", "InvalidSignatureException", 400),
		Entry(nil, "StartExecution", "IncompleteSignature", 400),
		Entry(nil, "StartExecution", "MissingAuthenticationTokenException", 400),
		Entry(nil, "StartExecution", "AuthFailure", 401),
		Entry(nil, "DescribeExecution", "ExpiredTokenException", 400),
		Entry(nil, "DescribeExecution", "InvalidSignatureException", 403),
	)

	It("if the credentials expire during the wait and nobody renews them; the execution runs on", OnAWS, Reaches(2), func() {
		aws := account()
		aws.Script("DescribeExecution", fakeaws.Fault{Times: 2}, fakeaws.Fault{Times: fakeaws.Forever, Code: "ExpiredTokenException"})
		run := aws.run("waits", "--wait")
		Expect(run).To(ExitWith(2))
		Expect(run).To(HaveStarted("RUNNING"))
		Expect(run).To(HaveMember("sfnx.execution_left", "running"))
	})

	DescribeTable("as it can be rehearsed", OnSim, Reaches(2), func(fault string, started bool) {
		run := simulator().run("waits", "--wait", "--fault", fault)
		Expect(run).To(ExitWith(2))
		Expect(run).To(HaveMember("changed", started))
	},
		Entry(nil, "authenticate:no-credentials", false),
		Entry(nil, "authenticate:invalid-credentials", false),
		Entry(nil, "authenticate:expired-token", false),
		Entry(nil, "start:expired-token", false),
		Entry(nil, "poll:expired-token+1", true),
	)
})

func withoutKeys() {
	unset("AWS_ACCESS_KEY_ID")
	unset("AWS_SECRET_ACCESS_KEY")
}

// profile writes a profile into the shared configuration file, and gives the arguments that choose it.
func profile(lines string) []string {
	withoutKeys()
	hide("vault-token-1234")
	set("AWS_CONFIG_FILE", file("config", "[profile job]\n"+lines+"\n"))
	return []string{"--profile", "job"}
}

func roleArn(name string) string { return "arn:aws:iam::123456789012:role/" + name }

// credentialsDocument is what a credential_process prints, with the keys of the account.
func credentialsDocument(expires time.Time) string {
	return `{"Version":1,"AccessKeyId":"` + fakeaws.AccessKeyID + `","SecretAccessKey":"` + fakeaws.SecretAccessKey.Reveal() + `","Expiration":"` + expires.UTC().Format(time.RFC3339) + `"}`
}
