package aws

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

func mustURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// wantNoSecret looks for secrets in every text that an error and its causes can be made to print.
func wantNoSecret(t *testing.T, err error, secrets ...string) {
	t.Helper()
	secrets = append(secrets, fakeaws.SecretAccessKey.Reveal())
	for e := err; e != nil; e = errors.Unwrap(e) {
		for _, text := range []string{e.Error(), fmt.Sprintf("%+v", e), fmt.Sprintf("%#v", e)} {
			for _, s := range secrets {
				if strings.Contains(text, s) || strings.Contains(text, url.QueryEscape(s)) {
					t.Errorf("%T shows the secret %q: %s", e, s, text)
				}
			}
		}
	}
}
