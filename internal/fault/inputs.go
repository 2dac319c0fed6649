package fault

import (
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"testing/iotest"
)

// inputMistakes are wrong inputs of the execution, and wrong request documents.
var inputMistakes = []Fault{
	{Stage: Arguments, Name: "broken-input", About: "an input that is no JSON", Want: local, Process: true,
		Arrange: func(s *Scene) { s.Input = s.Input[:s.N(1, len(s.Input)-1)] }},
	{Stage: Arguments, Name: "two-inputs", About: "an input with something after the JSON", Want: local, Process: true,
		Arrange: func(s *Scene) { s.Input += Among(s, "{}", " 1", "]", ",", " null") }},
	{Stage: Arguments, Name: "empty-input", About: "an input that is empty", Want: local, Process: true,
		Arrange: func(s *Scene) {
			nothing := Among(s, "", " ", "\n", "\r\n\t")
			s.Flags("--input", Among(s, nothing, "@"+s.File("input.json", nothing)))
		}},
	{Stage: Arguments, Name: "byte-order-mark", About: "an input that begins with a byte order mark", Want: local, Process: true,
		Arrange: func(s *Scene) { s.Flags("--input", "@"+s.File("input.json", "\ufeff"+s.Input)) }},
	{Stage: Arguments, Name: "invalid-utf-8", About: "an input that is not UTF-8", Want: local, Process: true,
		Arrange: func(s *Scene) {
			bad := Among(s, "\xff", "\xc3", "\xed\xa0\x80", "\xc0\xaf")
			s.Flags("--input", "@"+s.File("input.json", `{"note": "`+s.text(lower, s.N(0, 20))+bad+`"}`))
		}},
	{Stage: Arguments, Name: "input-too-long", About: "an input of more than 262,144 bytes", Want: local, Process: true,
		Arrange: func(s *Scene) {
			text := `"` + strings.Repeat("é", s.N(131_072, 140_000)) + `"`
			s.Flags("--input", "@"+s.File("input.json", text))
		}},
	{Stage: Arguments, Name: "duplicate-keys", About: "an input with the same key twice, which goes to AWS as it is", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Input = `{` + strings.Repeat(`"a": 1.0, `, s.N(2, 9)) + `"a" : 12345678901234567890, "<": "é"}`
		}},
	{Stage: Arguments, Name: "longest-input", About: "an input of exactly 262,144 bytes, which goes to AWS as it is", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.Input = `"` + strings.Repeat(Among(s, "x", "é", "\\u0000"), 43_690) // whole characters
			s.Input += strings.Repeat("x", 262_144-len(s.Input)-1) + `"`
			s.Flags("--input", "@"+s.File("input.json", s.Input))
		}},
	{Stage: Arguments, Name: "missing-input-file", About: "an input file that does not exist", Want: local, Process: true,
		Arrange: func(s *Scene) { s.Flags("--input", "@"+s.Path(s.text(lower, s.N(1, 20)))) }},
	{Stage: Arguments, Name: "directory-as-file", About: "a directory where a file is wanted", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.Flags(Among(s, []string{"--input", "@" + s.dir}, []string{"--request", s.dir}, []string{"--credentials", s.dir}, []string{"--proxy-credentials", s.dir},
				[]string{"--proxy-ca-bundle", s.dir})...)
		}},
	{Stage: Arguments, Name: "no-stdin", About: "an input from stdin, and nothing there", Want: local, Process: true,
		Arrange: func(s *Scene) { s.Flags("--input", "-") }},
	{Stage: Arguments, Name: "closed-stdin", About: "an input from stdin, which is closed", Want: local, Only: true,
		Arrange: func(s *Scene) {
			s.Flags("--input", "-")
			s.Command = func(c *exec.Cmd, _ int) {
				c.Args = append([]string{"sh", "-c", `exec "$@" <&-`, "sh", c.Path}, c.Args[1:]...)
				c.Path = "/bin/sh"
			}
		}},
	{Stage: Arguments, Name: "failing-stdin", About: "an input from stdin, which fails while it is read", Want: local,
		Arrange: func(s *Scene) {
			broken := iotest.ErrReader(Among(s, io.ErrUnexpectedEOF, errors.New("read /dev/stdin: input/output error")))
			s.Stdin = io.MultiReader(strings.NewReader(s.Input[:s.N(0, len(s.Input))]), broken)
			s.Flags("--input", "-")
		}},
	{Stage: Arguments, Name: "stdin-twice", About: "two things that are both to be read from stdin", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.Stdin = strings.NewReader("{}")
			s.Flags("--request", "-")
			s.Flags(Among(s, "--input", "--credentials"), "-")
		}},
	{Stage: Arguments, Name: "broken-request", About: "a request document that is no JSON object", Want: local, Process: true,
		Arrange: func(s *Scene) {
			whole := fmt.Sprintf(`{"credentials_password": %q, "attempt": 2}`, s.Secret(20))
			s.request(Among(s, whole[:s.N(1, len(whole)-1)], "["+whole+"]", whole+whole, "", "null", "\ufeff"+whole))
		}},
	{Stage: Arguments, Name: "unknown-key", About: "a request document with a key that does not exist", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.request(fmt.Sprintf(`{%q: %q}`, Among(s, "", "polling", "credentials-password", "Region", "password"), s.Secret(20)))
		}},
	{Stage: Arguments, Name: "key-twice", About: "a request document with the same key twice", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.request(fmt.Sprintf(`{"credentials_password": %q, "attempt": 1, %s}`, s.Secret(20), Among(s, `"attempt": 2`, `"credentials_password": null`)))
		}},
	{Stage: Arguments, Name: "wrong-type", About: "a request document with a value of the wrong type", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.request(fmt.Sprintf(`{%q: {"is": %q}}`, Among(s, "credentials_password", "proxy", "region", "attempt", "role_arn"), s.Secret(20)))
		}},
	{Stage: Arguments, Name: "wrong-action", About: "an action that sfnx does not know", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.request(fmt.Sprintf(`{"action": %q}`, Among(s, "Stop Execution", "start asynchronous execution", "")))
		}},
}

// request gives a request document.
func (s *Scene) request(text string) {
	s.Flags("--request", s.File("request.json", text))
}
