package aws

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestMasksHideWhatWasSent(t *testing.T) {
	const token, password = "token/with+signs==", `pa ss"wörd:@%1`
	m := &masks{}
	m.learnHeaders(http.Header{
		"X-Amz-Security-Token": {token},
		"Authorization":        {"AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260301/eu-west-1/states/aws4_request, SignedHeaders=host, Signature=00"},
	})
	m.learnUserinfo(url.UserPassword("proxyuser", password))
	for _, text := range []string{
		token, url.QueryEscape(token), "AKIAEXAMPLE", password, url.QueryEscape(password), url.PathEscape(password), `pa ss\"wörd:@%1`,
		base64.StdEncoding.EncodeToString([]byte("proxyuser:" + password)), url.UserPassword("proxyuser", password).String(), `ss"wörd:@%1`,
	} {
		if got := m.hide("it sent <" + text + "> to us"); strings.Contains(got, text) || !strings.HasPrefix(got, "it sent <") || !strings.HasSuffix(got, "> to us") {
			t.Errorf("%q came out as %q", text, got)
		}
	}
	if got := m.hide("Signature=" + strings.Repeat("0f", 32) + ", not that of AWS"); got != "Signature=****, not that of AWS" {
		t.Errorf("the signature came out as %q", got)
	}
}

// A short password is no reason to make holes in every word.
func TestMasksLeaveWordsAlone(t *testing.T) {
	m := &masks{}
	m.learnUserinfo(url.UserPassword("me", "the"))
	if got := m.hide("the proxy refused me:the"); got != "the proxy refused ****" {
		t.Errorf("it came out as %q", got)
	}
}
