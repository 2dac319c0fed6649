package fault

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// Secrets with what the coats change: reserved characters, letters beyond ASCII, quotes.
var hidden = []string{`p@ss:word/%41 with <"spaces">`, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "naïve-Schlüssel-Ω"}

// coats are the ways in which a program may give a secret away.
func coats(secret string) map[string]string {
	quoted, _ := json.Marshal(secret)
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(secret)
	all := map[string]string{
		"plain": secret, "quoted by fmt": fmt.Sprintf("%q", secret), "a beginning": secret[:8], "an end": secret[len(secret)-8:],
		"URL query": url.QueryEscape(secret), "URL path": url.PathEscape(secret), "userinfo": url.UserPassword("user", secret).String(),
		"JSON": string(quoted), "JSON without HTML": b.String(),
		"hex": hex.EncodeToString([]byte(secret)), "upper hex": fmt.Sprintf("%X", secret), "bytes": fmt.Sprintf("%x", []byte(secret)),
	}
	backwards := []byte(secret)
	slices.Reverse(backwards)
	all["backwards"] = string(backwards)
	for _, before := range []string{"", "u", "u:", "u:v"} {
		for _, after := range []string{"", "!", "!!"} {
			all["base64 "+before+after] = base64.StdEncoding.EncodeToString([]byte(before + secret + after))
			all["base64 of URLs "+before+after] = base64.RawURLEncoding.EncodeToString([]byte(before + secret + after))
		}
	}
	return all
}

func TestASecretIsFoundInEveryCoat(t *testing.T) {
	for _, secret := range hidden {
		c := NewCanaries("another secret", secret)
		for coat, text := range coats(secret) {
			if len(c.Find("before "+text+" after")) == 0 {
				t.Errorf("%s is not found in the coat %s", secret, coat)
			}
		}
	}
}

func TestWhatIsNoSecretIsNotFound(t *testing.T) {
	c := NewCanaries(append(hidden, "short")...)
	for _, text := range []string{"", "short", "credentials_password: ****", strings.Repeat("wJalrXU p@ss:wo ", 20)} {
		if found := c.Find(text); len(found) > 0 {
			t.Errorf("%q holds a secret: %v", text, found)
		}
	}
}

func FuzzASecretIsFound(f *testing.F) {
	f.Add("wJalrXUtnFEMI/K7MDENG", "before ", " after")
	f.Fuzz(func(t *testing.T, secret, before, after string) {
		if len(secret) < window {
			return
		}
		c := NewCanaries(secret)
		for coat, text := range map[string]string{
			"plain":  before + secret + after,
			"URL":    url.QueryEscape(before + secret + after),
			"hex":    hex.EncodeToString([]byte(before + secret + after)),
			"base64": base64.StdEncoding.EncodeToString([]byte(before + secret + after)),
		} {
			if len(c.Find(text)) == 0 {
				t.Errorf("%q is not found in %s: %q", secret, coat, text)
			}
		}
	})
}
