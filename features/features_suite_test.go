// Package features holds the specifications of sfnx in its users' words.
//
//	go tool ginkgo -r -race --randomize-all --procs=2 features
//
// They are black box: a spec runs a command of sfnx, in this process or as one of its own, and looks at what a user sees:
// exit code, document, streams, files, and the requests that AWS got. A simulated region is one place to run it in. The
// other is an account on AWS: an endpoint on the loopback interface that the real SDK talks real HTTP and TLS to, with
// a simulated region behind it. Both have the state machines of testdata. Nothing here knows how a state machine is run.
//
// Every spec that reaches an exit code declares it (Reaches) and where (OnSim, OnAWS). The suite fails if a code of the
// table has no spec in one of the two places, or if a spec did not reach what it declares.
package features

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/format"
	"github.com/onsi/gomega/gexec"
	"github.com/onsi/gomega/gleak"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

func TestFeatures(t *testing.T) {
	RegisterFailHandler(Fail)
	format.MaxLength = 0
	RunSpecs(t, "sfnx")
}

// binary is the path of sfnx as it is released.
var binary string

var _ = SynchronizedBeforeSuite(func() []byte {
	path, err := gexec.BuildWithEnvironment("github.com/sfnx/sfnx/cmd/sfnx", []string{"CGO_ENABLED=0"})
	Expect(err).NotTo(HaveOccurred())
	return []byte(path)
}, func(path []byte) {
	binary = string(path)
	readDefinitions()
})

var _ = SynchronizedAfterSuite(func() {}, gexec.CleanupBuildArtifacts)

// Each spec starts on a machine where nothing is set up, and leaves nothing running.
var _ = BeforeEach(func() {
	before := gleak.Goroutines()
	DeferCleanup(func() { Eventually(gleak.Goroutines).WithTimeout(10 * time.Second).ShouldNot(gleak.HaveLeaked(before)) })
	hidden = []string{fakeaws.SecretAccessKey.Reveal(), fakeaws.AccessKeyID, "fake-session-secret", "fake-session-token", proxyUser, proxyPassword}
	reached = map[achievement]bool{}
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		upper := strings.ToUpper(name)
		if strings.HasPrefix(upper, "AWS_") || strings.HasPrefix(upper, "SFNX_") || strings.HasSuffix(upper, "_PROXY") {
			unset(name)
		}
	}
	home := GinkgoT().TempDir()
	set("HOME", home)
	set("AWS_CONFIG_FILE", filepath.Join(home, "config"))
	set("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(home, "credentials"))
	set("AWS_EC2_METADATA_DISABLED", "true")
})

// set sets an environment variable for the rest of the spec.
func set(name, value string) { GinkgoT().Setenv(name, value) }

// unset takes one away.
func unset(name string) {
	set(name, "")
	Expect(os.Unsetenv(name)).To(Succeed())
}

// file writes a file that lasts as long as the spec, and gives its path.
func file(name, text string) string {
	path := filepath.Join(GinkgoT().TempDir(), name)
	Expect(os.WriteFile(path, []byte(text), 0o600)).To(Succeed())
	return path
}
