package features

import (
	"net/http"
	"net/http/httptest"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

// farFuture is when no spec runs any more.
var farFuture = time.Now().Add(100 * 24 * time.Hour)

// keysOfTheAccount are the lines of a profile.
var keysOfTheAccount = "aws_access_key_id = " + fakeaws.AccessKeyID + "\naws_secret_access_key = " + fakeaws.SecretAccessKey.Reveal()

var _ = Describe("credentials", OnAWS, func() {
	DescribeTable("come from wherever they are kept", ReachesStarted, func(arrange func() []string) {
		aws := account()
		withoutKeys()
		Expect(aws.run("succeeds", arrange()...)).To(ExitWith(0))
	},
		Entry("the fields, as variables", func() []string {
			set("SFNX_CREDENTIALS_USER", fakeaws.AccessKeyID)
			set("SFNX_CREDENTIALS_PASSWORD", fakeaws.SecretAccessKey.Reveal())
			return nil
		}),
		Entry("the request document", func() []string {
			return []string{"--request", file("request.json", `{"credentials_user":"`+fakeaws.AccessKeyID+`","credentials_password":"`+fakeaws.SecretAccessKey.Reveal()+`"}`)}
		}),
		Entry("the document of a credential process", func() []string {
			return []string{"--credentials", file("keys.json", credentialsDocument(farFuture))}
		}),
		Entry("the environment", func() []string {
			set("AWS_ACCESS_KEY_ID", fakeaws.AccessKeyID)
			set("AWS_SECRET_ACCESS_KEY", fakeaws.SecretAccessKey.Reveal())
			return nil
		}),
		Entry("a profile", func() []string { return profile(keysOfTheAccount) }),
		Entry("the profile of AWS_PROFILE", func() []string {
			profile(keysOfTheAccount)
			set("AWS_PROFILE", "job")
			return nil
		}),
		Entry("a credential process", func() []string {
			return profile("credential_process = cat " + file("keys.json", credentialsDocument(farFuture)))
		}),
		Entry("a container", func() []string {
			set("AWS_CONTAINER_CREDENTIALS_FULL_URI", container())
			return nil
		}),
	)

	It("on stdin are read once", ReachesStarted, func() {
		aws := account()
		withoutKeys()
		aws.reads(credentialsDocument(farFuture))
		Expect(aws.run("succeeds", "--credentials", "-")).To(ExitWith(0))
	})

	It("of the fields are stronger than those of the environment", Reaches(2), func() {
		aws := account()
		set("SFNX_CREDENTIALS_USER", "AKIASTRANGER00000000")
		set("SFNX_CREDENTIALS_PASSWORD", "x")
		Expect(aws.run("succeeds")).To(ExitWith(2))
	})
})

var _ = Describe("the request document", func() {
	It("comes from stdin, too", ReachesSucceeded, OnSim, func() {
		sim := simulator().reads(`{"state_machine_arn":"testdata/succeeds.asl.json","wait_for_success_or_failure":true}`)
		Expect(sim.sfnx("run", "--request", "-")).To(ExitWith(0))
	})

	DescribeTable("with a mistake is 20", OnAWS, Reaches(20), func(text, field, rule string) {
		aws := account()
		run := aws.run("succeeds", "--request", file("request.json", text))
		Expect(run).To(ExitWith(20))
		Expect(run.fieldErrors()).To(ContainElement(And(HaveField("Field", field), HaveField("Rule", ContainSubstring(rule)))))
		Expect(aws.Requests()).To(BeEmpty())
	},
		Entry("no JSON", `{"region":`, "request", "is not JSON"),
		Entry("no object", `["region"]`, "request", "want a JSON object"),
		Entry("more than one", `{}{}`, "request", "one JSON object"),
		Entry("a key that is unknown", `{"execution":"order-17"}`, "execution", "is no key"),
		Entry("a key of a flag", `{"wait":true}`, "wait", "is no key"),
		Entry("a key that stands twice", `{"region":"eu-west-1","region":"eu-west-2"}`, "region", "twice"),
		Entry("a number as a text", `{"polling_interval":"10"}`, "polling_interval", "want an integer, got a string"),
		Entry("a fraction of a second", `{"polling_interval":1.5}`, "polling_interval", "want an integer"),
		Entry("a truth as a text", `{"use_proxy":"true"}`, "use_proxy", "want true or false, got a string"),
	)
})

var _ = Describe("the settings of AWS by their standard names", OnAWS, func() {
	It("endpoints of each service", ReachesStarted, func() {
		sts, states := account(), account()
		unset("AWS_ENDPOINT_URL")
		set("AWS_ENDPOINT_URL_STS", sts.URL)
		set("AWS_ENDPOINT_URL_SFN", states.URL)
		Expect(states.run("succeeds")).To(ExitWith(0))
		Expect(sts.Requests()).To(HaveEach(HaveField("Service", "sts")))
		Expect(states.Requests()).To(HaveEach(HaveField("Service", "states")))
	})

	It("a bundle of authorities", ReachesStarted, func() {
		ca := authority()
		aws := accountOf(fakeaws.Options{TLS: ca.Authority})
		set("AWS_CA_BUNDLE", ca.file)
		Expect(aws.run("succeeds")).To(ExitWith(0))
	})

	It("the region, if it is that of the ARN", ReachesStarted, func() {
		aws := account()
		set("AWS_REGION", "eu-west-1")
		Expect(aws.run("succeeds")).To(HaveMember("invocation.fields.region", "eu-west-1"))
	})

	It("are weaker than sfnx's own", ReachesStarted, func() {
		aws := account()
		set("AWS_REGION", "us-east-1")
		Expect(aws.run("succeeds", "--region", "eu-west-1")).To(ExitWith(0))
	})
})

// container is the credentials endpoint of a container.
func container() string {
	GinkgoHelper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"AccessKeyId":"` + fakeaws.AccessKeyID + `","SecretAccessKey":"` + fakeaws.SecretAccessKey.Reveal() + `"}`))
	}))
	DeferCleanup(server.Close)
	return server.URL
}
