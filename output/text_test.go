package output

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for name, o := range outcomes() {
		t.Run(name, func(t *testing.T) { golden(t, name+".txt", []byte(Text(o, TextOptions{}))) })
	}
}

func TestTextOfTheTerminal(t *testing.T) {
	o := outcomes()["timed-out"]
	if got := Text(o, TextOptions{Color: true}); !strings.HasPrefix(got, "\x1b[31m✘ TIMED_OUT after 38.5s\x1b[0m  ") || !strings.Contains(got, "\x1b[2m  execution \x1b[0m  ") {
		t.Errorf("with colours: %q", got)
	}
	for name, o := range outcomes() {
		got := Text(o, TextOptions{ASCII: true})
		if first, _ := utf8.DecodeRuneInString(got); first != '[' {
			t.Errorf("%s without marks: %q", name, got)
		}
		if strings.Contains(got, "\x1b") {
			t.Errorf("%s sends an escape sequence", name)
		}
	}
}

func TestUnpack(t *testing.T) {
	for _, c := range []struct{ name, cause, want string }{
		{"a text", "do not honour", "do not honour"},
		{"an object", `{"b":1.0,"a":"x"}`, "{\n  \"b\": 1.0,\n  \"a\": \"x\"\n}"},
		{"an object in a string", `{"Cause":"{\"n\":12345678901234567890}"}`, "{\n  \"Cause\": {\n    \"n\": 12345678901234567890\n  }\n}"},
		{"an array in a string in an array", `["[\"[]\"]"]`, "[\n  [\n    []\n  ]\n]"},
		{"a name that looks like JSON", `{"{}":"[1"}`, "{\n  \"{}\": \"[1\"\n}"},
		{"keys twice and escapes", `{"a":"\u00e9","a":"\ud800"}`, "{\n  \"a\": \"é\",\n  \"a\": \"\ufffd\"\n}"},
		{"no JSON after all", `{"a":`, `{"a":`},
		{"a number", "17", "17"},
		{"the empty text", "", ""},
	} {
		if got := unpack(c.cause); got != c.want {
			t.Errorf("%s: got %q\n  want %q", c.name, got, c.want)
		}
	}
}

func TestStackTracesAreAbridged(t *testing.T) {
	frames := func(n int) string { return strings.TrimSuffix(strings.Repeat(`"at f (app.js:7)",`, n), ",") }
	shown := func(n int) string { return strings.Repeat("    \"at f (app.js:7)\",\n", n) }
	for _, c := range []struct{ name, cause, want string }{
		{"a Lambda function in Node", `{"errorType":"Error","errorMessage":"boom","trace":[` + frames(20) + `]}`,
			"{\n  \"errorType\": \"Error\",\n  \"errorMessage\": \"boom\",\n  \"trace\": [\n" + shown(8) + "    ... 12 more lines\n  ]\n}"},
		{"one in Python", `{"stackTrace":[` + frames(9) + `],"errorType":"E"}`, "{\n  \"stackTrace\": [\n" + shown(8) + "    ... 1 more line\n  ],\n  \"errorType\": \"E\"\n}"},
		{"a short one", `{"stackTrace":[` + frames(8) + `]}`, "{\n  \"stackTrace\": [\n" + strings.TrimSuffix(shown(8), ",\n") + "\n  ]\n}"},
		{"an empty one", `{"stackTrace":[]}`, "{\n  \"stackTrace\": []\n}"},
		{"that of a child execution", `{"Cause":"{\"trace\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\"]}"}`,
			"{\n  \"Cause\": {\n    \"trace\": [\n      \"a\",\n      \"b\",\n      \"c\",\n      \"d\",\n      \"e\",\n      \"f\",\n      \"g\",\n      \"h\",\n      ... 2 more lines\n    ]\n  }\n}"},
		{"no trace but as long", strings.Repeat("x\n", 41), strings.Repeat("x\n", 40) + "... 2 more lines"},
		{"a text that only looks like one", "\"trace\": [", "\"trace\": ["},
		{"the empty text", "", ""},
	} {
		if got := abridged(unpack(c.cause)); got != c.want {
			t.Errorf("%s: got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestUnpackStopsSomewhere(t *testing.T) {
	cause := "{}"
	for range 12 {
		cause = string(pretty([]string{cause}))
	}
	if got := unpack(cause); !strings.Contains(got, `\"`) {
		t.Errorf("opened everything: %s", got)
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 1234 * time.Microsecond: "1ms", 38_460 * time.Millisecond: "38.5s", 98*time.Second + 400*time.Millisecond: "1m38s", 365 * 24 * time.Hour: "8760h0m0s",
	} {
		if got := duration(d); got != want {
			t.Errorf("%v is written %q, want %q", d, got, want)
		}
	}
}

func TestNextCommandsCanBePasted(t *testing.T) {
	for word, want := range map[string]string{
		"arn:aws:states:eu-west-1:1:execution:a:b-1": "arn:aws:states:eu-west-1:1:execution:a:b-1",
		"night shift": "'night shift'", "it's": `'it'\''s'`, "a(1)": "'a(1)'", "é": "'é'", "": "''",
	} {
		if got := quote(word); got != want {
			t.Errorf("%q is quoted %q, want %q", word, got, want)
		}
	}
}

func FuzzUnpack(f *testing.F) {
	for _, seed := range []string{`{"a":"{\"b\":[1,2]}"}`, "x", "[", `["\u0000"]`, "{\"\xff\":1}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cause string) {
		got := unpack(cause)
		container := strings.IndexAny(strings.TrimSpace(cause), "{[") == 0
		switch {
		case !container && got != cause:
			t.Errorf("%q is unpacked as %q", cause, got)
		case container && utf8.ValidString(cause) && json.Valid([]byte(cause)) != json.Valid([]byte(got)):
			t.Errorf("%q is unpacked as %q", cause, got)
		}
	})
}
