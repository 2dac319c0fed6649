package cut

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/sfnx/sfnx/internal/fakeaws"
	"github.com/sfnx/sfnx/internal/fault/account"
)

// everywhere makes the sweep try every offset; otherwise it tries a sample.
var everywhere = flag.Bool("everywhere", false, "cut at every byte, not at a sample of them")

// authority signs the certificates of the accounts, and bundle is the file with its own.
var (
	authority *fakeaws.Authority
	bundle    string
)

func TestMain(m *testing.M) {
	flag.Parse()
	code, err := setUp(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func setUp(m *testing.M) (code int, err error) {
	dir, err := os.MkdirTemp("", "cut")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	if authority, err = fakeaws.NewAuthority(); err != nil {
		return 0, err
	}
	bundle = filepath.Join(dir, "ca.pem")
	if err := authority.WritePEM(bundle); err != nil {
		return 0, err
	}
	// The SDK reads these from the process.
	for _, pair := range append(account.Environ(), "AWS_CA_BUNDLE="+bundle) {
		name, value, _ := strings.Cut(pair, "=")
		if err := os.Setenv(name, value); err != nil {
			return 0, err
		}
	}
	if code = m.Run(); code == 0 {
		err = goleak.Find()
	}
	return code, err
}
