package jackson

import (
	"testing"
	"unicode/utf8"

	"github.com/sfnx/sfnx/internal/value"
)

// FuzzExplain: what value takes, Jackson takes; and a text that it refuses has a message of valid UTF-8.
func FuzzExplain(f *testing.F) {
	for _, text := range []string{``, `{`, `{"a":[1,-2.5e+3,true,"\u00e9\n"]}`, `[1,}`, `{'a'`, "\"\n\"", `nul`, `-I`, `01`, "\x80", "\"\U0001F600"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e := Explain(text)
		if e == nil {
			return
		}
		if _, err := value.Parse(text); err == nil {
			t.Errorf("%q is JSON, and Jackson says: %s", text, e.Message)
		}
		if e.Message == "" || !utf8.ValidString(e.Message+e.Source) {
			t.Errorf("%q: %q %q", text, e.Message, e.Source)
		}
	})
}
