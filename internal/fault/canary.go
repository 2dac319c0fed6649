package fault

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// Canaries are secrets that must not turn up anywhere, in any coat.
type Canaries struct {
	forms []form
}

// form is one way to write a secret, or a piece of it.
type form struct{ coat, text string }

// window is how much of a secret, as it is or backwards, is a leak already.
const window = 8

// NewCanaries makes a scanner for secrets. Those with less than 8 characters cannot be told from chance and are left out.
func NewCanaries(secrets ...string) *Canaries {
	c := &Canaries{}
	for _, s := range secrets {
		if len(s) < window {
			continue
		}
		for i := 0; i+window <= len(s); i++ {
			c.add("plain", s[i:i+window])
		}
		backwards := []byte(s)
		slices.Reverse(backwards)
		for i := 0; i+window <= len(backwards); i++ {
			c.add("backwards", string(backwards[i:i+window]))
		}
		c.add("URL", url.QueryEscape(s))
		c.add("URL", url.PathEscape(s))
		c.add("URL", strings.TrimPrefix(url.UserPassword("", s).String(), ":"))
		c.add("hex", hex.EncodeToString([]byte(s)))
		c.add("hex", strings.ToUpper(hex.EncodeToString([]byte(s))))
		if quoted, err := json.Marshal(s); err == nil {
			c.add("JSON", strings.Trim(string(quoted), `"`))
		}
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			for shift := range 3 {
				c.add("base64", inner(encoding, s, shift))
			}
		}
	}
	return c
}

// inner is the part of the base64 text that does not depend on what stands before and behind the secret, which begins
// shift bytes after a group of three.
func inner(encoding *base64.Encoding, s string, shift int) string {
	text := encoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + s))
	first := []int{0, 2, 3}[shift]
	last := (shift + len(s)) / 3 * 4
	return text[first:last]
}

func (c *Canaries) add(coat, text string) {
	f := form{coat, text}
	if len(text) >= window && !slices.ContainsFunc(c.forms, func(o form) bool { return o.text == text }) {
		c.forms = append(c.forms, f)
	}
}

// Find says in which coats a secret stands in a text, without repeating it.
func (c *Canaries) Find(text string) []string {
	var coats []string
	for _, f := range c.forms {
		if strings.Contains(text, f.text) && !slices.Contains(coats, f.coat) {
			coats = append(coats, f.coat)
		}
	}
	return coats
}
