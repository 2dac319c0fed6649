package cli

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestSubstitutions(t *testing.T) {
	values, err := parseSubstitutions(`{"A": "x\"y\\é\n", "AWS::Region": "eu-west-1", "N": 1.50, "Yes": true, "": "empty"}`)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		`{"a": "${A}${A}"}`:              `{"a": "x\"y\\é\nx\"y\\é\n"}`,
		`{"${N}": "${Yes} ${N}"}`:        `{"1.50": "true 1.50"}`,
		`{"a": ${N}, "b": ${A}}`:         `{"a": 1.50, "b": "x\"y\\é\n"}`,
		`"arn:${AWS::Region}:$${N}$"`:    `"arn:eu-west-1:$1.50$"`,
		`"${Other} ${N ${ N} $N {N}"`:    `"${Other} ${N ${ N} $N {N}"`,
		`"States.Format('{} ${}', $.x)"`: `"States.Format('{} empty', $.x)"`,
		`"\"${N}\\" ${N}`:                `"\"1.50\\" 1.50`,
		`"${N`:                           `"${N`,
		`"${N"}`:                         `"${N"}`,
	} {
		got := values.apply(text)
		if got.text != want {
			t.Errorf("%s\n got %s\nwant %s", text, got.text, want)
		}
	}
}

// What stands around the placeholders keeps its place.
func TestOrigin(t *testing.T) {
	values := substitutions{"Long": []byte(`"a long value"`), "No": []byte(`""`)}
	const text = `{"a": "${Long}", "b": "${No}!", "é": "${Long}?"}`
	done := values.apply(text)
	for _, mark := range []string{`"a"`, `"b"`, `!`, `"é"`, `?`} {
		if got := done.origin(strings.Index(done.text, mark)); got != strings.Index(text, mark) {
			t.Errorf("%s: got %d, want %d", mark, got, strings.Index(text, mark))
		}
	}
	if got := done.origin(strings.Index(done.text, "value")); got != strings.Index(text, "${Long}") {
		t.Errorf("a place in a value: got %d", got)
	}
	if got := done.origin(len(done.text)); got != len(text) {
		t.Errorf("the end: got %d, want %d", got, len(text))
	}
}

func FuzzSubstitutions(f *testing.F) {
	f.Add(`{"A": "x\"", "N": 1}`, `{"a": "${A}", "n": ${N}}`)
	f.Add(`{"A": "${A}"}`, `"${A}${A"`)
	f.Add(`{`, `"\`)
	f.Fuzz(func(t *testing.T, values, text string) {
		s, err := parseSubstitutions(values)
		if err != nil {
			return
		}
		done := s.apply(text)
		if json.Valid([]byte(text)) && !json.Valid([]byte(done.text)) {
			t.Errorf("%q with %q is no JSON any more: %q", text, values, done.text)
		}
		last := 0
		for i := 0; i <= len(done.text); i++ {
			at := done.origin(i)
			if at < last || at > len(text) {
				t.Fatalf("%q: byte %d comes from %d, the one before from %d", done.text, i, at, last)
			}
			last = at
		}
	})
}
