package features

import (
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/internal/fakeaws"
	"github.com/sfnx/sfnx/internal/secret"
)

const (
	proxyUser     = "pröxy-user"
	proxyPassword = "p@ss:word/%41"
)

// behindProxy is an account that is reached under AWS's own names, which only the proxy knows.
type behindProxy struct {
	*awsAccount
	proxy  *fakeaws.Proxy
	bundle string // file with the authorities of both
	down   func() // takes the proxy down
}

func behind(o fakeaws.ProxyOptions, proxyAuthority ...trusted) *behindProxy {
	GinkgoHelper()
	ca := authority()
	pems := string(ca.PEM())
	for _, p := range proxyAuthority {
		o.TLS = p.Authority
		pems += string(p.PEM())
	}
	b := &behindProxy{awsAccount: accountOf(fakeaws.Options{TLS: ca.Authority, Hosts: []string{
		"sts.eu-west-1.amazonaws.com", "states.eu-west-1.amazonaws.com", "sync-states.eu-west-1.amazonaws.com",
	}})}
	unset("AWS_ENDPOINT_URL")
	if o.Forward == "" {
		o.Forward = b.Address
	}
	var err error
	b.proxy, err = fakeaws.StartProxy(o)
	Expect(err).NotTo(HaveOccurred())
	b.down = sync.OnceFunc(b.proxy.Close)
	DeferCleanup(b.down)
	b.bundle = file("bundle.pem", pems)
	return b
}

// askingForCredentials are the options of a proxy that wants them.
func askingForCredentials() fakeaws.ProxyOptions {
	return fakeaws.ProxyOptions{User: secret.New(proxyUser), Password: secret.New(proxyPassword)}
}

func giveProxyCredentials(user, password string) {
	set("SFNX_PROXY_USER", user)
	set("SFNX_PROXY_PASSWORD", password)
}

var _ = Describe("a proxy on the way to AWS", OnAWS, func() {
	It("of type HTTP is spoken to in the clear, to AWS through it in TLS", ReachesSucceeded, func() {
		aws := behind(fakeaws.ProxyOptions{})
		run := aws.run("waits", "--wait", "--proxy", aws.proxy.URL, "--proxy-ca-bundle", aws.bundle)
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("invocation.fields.proxy_type", "HTTP"))
		Expect(slices.Compact(aws.proxy.Asked())).To(Equal([]string{"sts.eu-west-1.amazonaws.com:443", "states.eu-west-1.amazonaws.com:443"}))
	})

	It("of type HTTPS is spoken to in TLS, too", ReachesSucceeded, func() {
		aws := behind(fakeaws.ProxyOptions{}, authority())
		Expect(aws.run("succeeds", "--wait", "--proxy", aws.proxy.URL, "--proxy-type", "HTTPS", "--proxy-ca-bundle", aws.bundle)).To(ExitWith(0))
		Expect(aws.proxy.Passed()).To(BeNumerically(">=", 2))
	})

	It("of type HTTPS may offer HTTP/2, and is not taken at its word", ReachesStarted, func() {
		aws := behind(fakeaws.ProxyOptions{OfferHTTP2: true}, authority())
		Expect(aws.run("succeeds", "--proxy", aws.proxy.URL, "--proxy-type", "HTTPS", "--proxy-ca-bundle", aws.bundle)).To(ExitWith(0))
	})

	It("of type HTTPS With Credentials gets them, and AWS does not", ReachesSucceeded, func() {
		aws := behind(askingForCredentials(), authority())
		giveProxyCredentials(proxyUser, proxyPassword)
		run := aws.run("succeeds", "--wait", "--proxy", aws.proxy.URL, "--proxy-type", "HTTPS With Credentials", "--proxy-ca-bundle", aws.bundle)
		Expect(run).To(ExitWith(0))
		Expect(run).To(HaveMember("invocation.fields.proxy_credentials_password", "****"))
		Expect(aws.Requests()[0].Header).NotTo(HaveKey("Proxy-Authorization"))
	})

	It("may get its credentials from a file", ReachesStarted, func() {
		aws := behind(askingForCredentials(), authority())
		credentials := file("proxy.txt", proxyUser+":"+proxyPassword+"\n")
		Expect(aws.run("succeeds", "--proxy", aws.proxy.URL, "--proxy-type", "HTTPS With Credentials", "--proxy-ca-bundle", aws.bundle,
			"--proxy-credentials", credentials)).To(ExitWith(0))
	})

	It("may be another one for each scheme", ReachesStarted, func() {
		aws := behind(fakeaws.ProxyOptions{}, authority())
		Expect(aws.run("succeeds", "--proxy", "http://"+refusing()+","+aws.proxy.URL, "--proxy-ca-bundle", aws.bundle)).To(ExitWith(0))
	})

	It("is taken from HTTPS_PROXY if no field names one", ReachesStarted, func() {
		aws := behind(fakeaws.ProxyOptions{})
		set("HTTPS_PROXY", aws.proxy.URL)
		set("AWS_CA_BUNDLE", aws.bundle)
		Expect(aws.run("succeeds")).To(ExitWith(0))
		Expect(aws.proxy.Passed()).To(BeNumerically(">=", 2))
	})

	It("is not used for a field that is off", Reaches(10), func() {
		aws := behind(fakeaws.ProxyOptions{})
		set("AWS_ENDPOINT_URL", "http://"+refusing())
		Expect(aws.run("succeeds", "--proxy", aws.proxy.URL, "--use-proxy=false")).To(ExitWith(10))
		Expect(aws.proxy.Asked()).To(BeEmpty())
	})

	It("may be cut during the wait", ReachesSucceeded, func() {
		aws := behind(fakeaws.ProxyOptions{})
		aws.clock.OnPause = func(int) { aws.proxy.Cut() }
		Expect(aws.run("waits", "--wait", "--proxy", aws.proxy.URL, "--proxy-ca-bundle", aws.bundle)).To(ExitWith(0))
	})
})

var _ = Describe("a proxy that fails is 11", func() {
	DescribeTable("on AWS, and nothing is started", OnAWS, Reaches(11), func(o fakeaws.ProxyOptions, arrange func(aws *behindProxy)) {
		aws := behind(o)
		set("SFNX_PROXY", aws.proxy.URL)
		set("SFNX_PROXY_CA_BUNDLE", aws.bundle)
		arrange(aws)
		run := aws.run("succeeds", "--wait")
		Expect(run).To(ExitWith(11))
		Expect(run).To(HaveStartedNothing())
		Expect(run).To(HaveMember("status_description", failedProxy(os.Getenv("SFNX_PROXY"))))
		Expect(aws.Requests()).To(BeEmpty())
	},
		Entry("it refuses connections", fakeaws.ProxyOptions{}, func(*behindProxy) { set("SFNX_PROXY", "http://"+refusing()) }),
		Entry("its name is unknown", fakeaws.ProxyOptions{}, func(*behindProxy) { set("SFNX_PROXY", "http://"+unresolvable+":3128") }),
		Entry("it hangs up", fakeaws.ProxyOptions{HangUp: true}, asItIs),
		Entry("it does not answer", fakeaws.ProxyOptions{Hang: true}, func(aws *behindProxy) { aws.env.AttemptTimeout = 50 * time.Millisecond }),
		Entry("it wants credentials, and there are none", askingForCredentials(), asItIs),
		Entry("it wants other credentials", askingForCredentials(), func(*behindProxy) {
			set("SFNX_PROXY_TYPE", "HTTPS With Credentials")
			giveProxyCredentials(proxyUser, "another-password")
			hide("another-password")
		}),
		Entry("it forbids the way", fakeaws.ProxyOptions{Answer: 403}, asItIs),
		Entry("it finds no way", fakeaws.ProxyOptions{Answer: 502}, asItIs),
		Entry("it is overloaded", fakeaws.ProxyOptions{Answer: 503}, asItIs),
		Entry("nobody vouches for its certificate", fakeaws.ProxyOptions{TLS: must(fakeaws.NewAuthority())}, asItIs),
		Entry("it speaks no TLS", fakeaws.ProxyOptions{}, func(aws *behindProxy) {
			set("SFNX_PROXY", strings.Replace(aws.proxy.URL, "http:", "https:", 1))
		}),
	)

	It("on AWS, if it is the one of the environment, whose credentials are not told", OnAWS, Reaches(11), func() {
		aws := behind(askingForCredentials())
		set("HTTPS_PROXY", "http://pr%C3%B6xy-user:wrong-canary@"+strings.TrimPrefix(aws.proxy.URL, "http://"))
		hide("wrong-canary", "pr%C3%B6xy-user")
		run := aws.run("succeeds")
		Expect(run).To(ExitWith(11))
		Expect(run).To(HaveMember("status_description", failedProxy(aws.proxy.URL)))
	})

	It("on AWS, if it stays so for longer than the retry budget of the wait; the execution runs on", OnAWS, Reaches(11), func() {
		aws := behind(fakeaws.ProxyOptions{})
		aws.clock.OnPause = func(int) { aws.down() }
		run := aws.run("never-ends", "--wait", "--retry-budget", "2m", "--proxy", aws.proxy.URL, "--proxy-ca-bundle", aws.bundle)
		Expect(run).To(ExitWith(11))
		Expect(run).To(HaveStarted("RUNNING"))
		Expect(run).To(HaveMember("sfnx.execution_left", "running"))
	})

	It("but AWS beyond a good proxy is 10", OnAWS, Reaches(10), func() {
		aws := behind(fakeaws.ProxyOptions{})
		run := aws.run("succeeds", "--proxy", aws.proxy.URL)
		Expect(run).To(ExitWith(10))
		Expect(run).To(HaveMember("status_description", ContainSubstring("certificate")))
		Expect(aws.proxy.Passed()).To(BeNumerically(">", 0))
	})

	It("and so is a connection that breaks beyond it", OnAWS, Reaches(10), func() {
		aws := behind(fakeaws.ProxyOptions{})
		aws.Script(fakeaws.Any, fakeaws.Fault{Times: fakeaws.Forever, Reset: fakeaws.BeforeHandling})
		Expect(aws.run("succeeds", "--proxy", aws.proxy.URL, "--proxy-ca-bundle", aws.bundle)).To(ExitWith(10))
	})

	DescribeTable("as it can be rehearsed", OnSim, Reaches(11), func(fault string, started bool) {
		run := simulator().run("never-ends", "--wait", "--fault", fault)
		Expect(run).To(ExitWith(11))
		Expect(run).To(HaveMember("changed", started))
		Expect(run).To(HaveMember("status_description", failedProxy("http://proxy.example:3128")))
	},
		Entry(nil, "authenticate:proxy-refused", false),
		Entry(nil, "authenticate:proxy-authentication", false),
		Entry(nil, "start:proxy-refused", false),
		Entry(nil, "poll:proxy-refused+2", true),
	)
})

func asItIs(*behindProxy) {}

// failedProxy is the status description for a proxy.
func failedProxy(url string) string {
	return "CONNECTION_ERROR: ProxyConnectionError: Failed to connect to proxy URL " + url
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
