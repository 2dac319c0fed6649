package jackson

import (
	"fmt"
	"strings"
	"testing"
)

// TestMessages: the first three are recorded, the others follow the source of Jackson 2.10 to 2.13. An empty message
// stands for a text that is no business of this package.
func TestMessages(t *testing.T) {
	const value = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
	for _, c := range []struct {
		text, want   string
		line, column int
	}{
		{"not some json", "Unrecognized token 'not': was expecting " + value, 1, 4},
		{"{'not': 'json'", "Unexpected character (''' (code 39)): was expecting double-quote to start field name", 1, 3},
		{"{\n \"a\": \"b\"$path\"\"}", "Unexpected character ('$' (code 36)): was expecting comma to separate Object entries", 2, 11},

		{"", "", 0, 0},
		{" \n", "", 0, 0},
		{`{"a":[1,-2.5e+3,true,false,null,"\u00e9\n"]}`, "", 0, 0},
		{`{} {}`, "", 0, 0},
		{`1 2`, "", 0, 0},

		{"StartAt: A", "Unrecognized token 'StartAt': was expecting " + value, 1, 8},
		{"[nul]", "Unrecognized token 'nul': was expecting " + value, 1, 5},
		{"nullx", "Unrecognized token 'nullx': was expecting " + value, 1, 6},
		{"[True]", "Unrecognized token 'True': was expecting " + value, 1, 6},
		{"été", "Unrecognized token 'été': was expecting " + value, 1, 4},
		{strings.Repeat("x", 300), "Unrecognized token '" + strings.Repeat("x", 256) + "...': was expecting " + value, 1, 257},
		{"[NaN]", "Non-standard token 'NaN': enable JsonParser.Feature.ALLOW_NON_NUMERIC_NUMBERS to allow", 1, 5},
		{"[-Infinity]", "Non-standard token '-Infinity': enable JsonParser.Feature.ALLOW_NON_NUMERIC_NUMBERS to allow", 1, 11},

		{`{"a":1,}`, "Unexpected character ('}' (code 125)): was expecting double-quote to start field name", 1, 9},
		{`[1,]`, "Unexpected character (']' (code 93)): expected a valid value " + value, 1, 5},
		{`[1,}`, "Unexpected character ('}' (code 125)): expected a value", 1, 5},
		{`{"a" 1}`, "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value", 1, 7},
		{`{"a":}`, "Unexpected character ('}' (code 125)): expected a valid value " + value, 1, 7},
		{`[1 2]`, "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries", 1, 5},
		{"<a/>", "Unexpected character ('<' (code 60)): expected a valid value " + value, 1, 2},
		{"\uFEFF{}", "Unexpected character ('\uFEFF' (code 65279 / 0xfeff)): expected a valid value " + value, 1, 2},
		{"{\r\n// why\r\n}", "Unexpected character ('/' (code 47)): maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for parser)", 2, 2},
		{"[\v1]", `Illegal character ((CTRL-CHAR, code 11)): only regular white space (\r, \n, \t) is allowed between tokens`, 1, 3},

		{"[}", "Unexpected close marker '}': expected ']' (for Array starting at [Source: (String)\"[}\"; line: 1, column: 1])", 1, 3},
		{"]", "Unexpected close marker ']': expected '}' (for root starting at [Source: (String)\"]\"; line: 1, column: 0])", 1, 2},

		{`{`, `Unexpected end-of-input: expected close marker for Object (start marker at [Source: (String)"{"; line: 1, column: 1])`, 1, 2},
		{"{\n \"a\":[1", "Unexpected end-of-input: expected close marker for Array (start marker at [Source: (String)\"{\n \"a\":[1\"; line: 2, column: 6])", 2, 8},
		{`{"a"`, "Unexpected end-of-input within/between Object entries", 1, 5},
		{`{"a":`, "Unexpected end-of-input within/between Object entries", 1, 6},
		{`[1,`, "Unexpected end-of-input within/between Array entries", 1, 4},
		{`{"a`, "Unexpected end-of-input in field name", 1, 4},
		{`"a`, "Unexpected end-of-input: was expecting closing quote for a string value", 1, 3},
		{`"\`, "Unexpected end-of-input in character escape sequence", 1, 3},
		{`"\u1`, "Unexpected end-of-input in character escape sequence", 1, 5},

		{"\"a\nb\"", "Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be included in string value", 1, 4},
		{"{\"\t\":1}", "Illegal unquoted character ((CTRL-CHAR, code 9)): has to be escaped using backslash to be included in name", 1, 4},
		{`"\x"`, "Unrecognized character escape 'x' (code 120)", 1, 4},
		{`"\u12g4"`, "Unexpected character ('g' (code 103)): expected a hex-digit for character escape sequence", 1, 7},

		{"[01]", "Invalid numeric value: Leading zeroes not allowed", 1, 3},
		{"[-a]", "Unexpected character ('a' (code 97)) in numeric value: expected digit (0-9) to follow minus sign, for valid numeric value", 1, 4},
		{"[+1]", "Unexpected character ('1' (code 49)) in numeric value: expected digit (0-9) to follow minus sign, for valid numeric value", 1, 4},
		{"+", "Unexpected end-of-input in a Number value", 1, 2},
		{"1.", "Unexpected character ('.' (code 46)) in numeric value: Decimal point not followed by a digit", 1, 3},
		{"[1e]", "Unexpected character (']' (code 93)) in numeric value: Exponent indicator not followed by a digit", 1, 5},
		{"2024-01-01", "Unexpected character ('-' (code 45)): Expected space separating root-level values", 1, 6},

		{"[\"\U0001F600\" 1]", "Unexpected character ('1' (code 49)): was expecting comma to separate Array entries", 1, 8}, // in UTF-16
	} {
		e := Explain(c.text)
		switch {
		case c.want == "" && e != nil:
			t.Errorf("%q: got %q, want nothing", c.text, e.Message)
		case c.want == "":
		case e == nil:
			t.Errorf("%q: got nothing, want %q", c.text, c.want)
		default:
			source := fmt.Sprintf("[Source: (String)\"%s\"; line: %d, column: %d]", c.text, c.line, c.column)
			if e.Message != c.want || e.Source != source {
				t.Errorf("%q:\n got %s at %s\nwant %s at %s", c.text, e.Message, e.Source, c.want, source)
			}
		}
	}
}

func TestLongTextsAreCut(t *testing.T) {
	for _, c := range []struct {
		length int
		want   string
	}{
		{500, `(String)"` + strings.Repeat(" ", 499) + `x"; line: 1, column: 501]`},
		{501, `(String)"` + strings.Repeat(" ", 500) + `"[truncated 1 chars]; line: 1, column: 502]`},
		{40_000, `(StringReader); line: 1, column: 40001]`},
	} {
		if e := Explain(strings.Repeat(" ", c.length-1) + "x"); e == nil || e.Source != "[Source: "+c.want {
			t.Errorf("%d characters: got %v, want %s", c.length, e, c.want)
		}
	}
}

func TestBrief(t *testing.T) {
	for text, want := range map[string]string{
		"{\n \"a\": [": "Unexpected end-of-input: expected close marker for Array (start marker at line: 2, column: 7)",
		"[}":           "Unexpected close marker '}': expected ']' (for Array starting at line: 1, column: 1)",
		"x":            Explain("x").Message,
	} {
		if got := Explain(text).Brief; got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}
