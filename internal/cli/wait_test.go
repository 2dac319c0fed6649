package cli

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

// However many executions are waited for, the proxy's authorities are the same file.
func TestTheProxysAuthoritiesAreReadOnce(t *testing.T) {
	var arns strings.Builder
	for n := range 100 {
		fmt.Fprintf(&arns, "arn:aws:states:eu-west-1:123456789012:execution:order:e-%d\n", n)
	}
	reads := 0
	files := Files{Read: func(string) ([]byte, error) {
		reads++
		return nil, fs.ErrNotExist
	}}
	code := Main([]string{"wait", "-", "--proxy", "http://127.0.0.1:1", "--proxy-ca-bundle", "authorities.pem"}, Streams{In: strings.NewReader(arns.String())}, Environment{Files: files})
	if code != 20 || reads != 1 {
		t.Errorf("exit code %d after %d reads, want 20 after one", code, reads)
	}
}
