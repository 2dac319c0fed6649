package value_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/internal/value"
)

func parse(t testing.TB, text string) value.Value {
	t.Helper()
	v, err := value.Parse(text)
	if err != nil {
		t.Fatalf("Parse(%q): %v", text, err)
	}
	return v
}

func TestTextSurvives(t *testing.T) {
	for text, want := range map[string]string{
		`null`: `null`, ` true `: `true`, `false`: `false`, `[]`: `[]`, `{}`: `{}`,
		`{"b":1, "a":[ 1 , 2.50 ]}`:      `{"b":1,"a":[1,2.50]}`,
		`12345678901234567890`:           `12345678901234567890`,
		`-9223372036854775808`:           `-9223372036854775808`,
		`1.0`:                            `1.0`,
		`1E+3`:                           `1E+3`,
		`0.1000`:                         `0.1000`,
		`-0`:                             `0`,
		`-0.0`:                           `-0.0`,
		`1e999`:                          `1e999`,
		`"a\/b\u00e9\u0041\n"`:           `"a/béA\n"`,
		`"\u0001\u001f\b\f"`:             `"\u0001\u001F\b\f"`,
		`"\ud83d\ude00"`:                 `"😀"`,
		`"\ud83d"`:                       `"\uD83D"`,
		`"\ud83dx\udc00"`:                `"\uD83Dx\uDC00"`,
		`"퀀"`:                            `"퀀"`,
		`{"a":1,"b":2,"a":3}`:            `{"a":3,"b":2}`,
		`{"<&>":"<script>"}`:             `{"<&>":"<script>"}`,
		`[{"x":1,"y":2},{"x":3,"y":4}]`:  `[{"x":1,"y":2},{"x":3,"y":4}]`,
		`{"":{"":""}}`:                   `{"":{"":""}}`,
		"\t[\n1\r]\n":                    `[1]`,
		`[[[[1]]],{"a":{"b":[null]}},0]`: `[[[[1]]],{"a":{"b":[null]}},0]`,
	} {
		v := parse(t, text)
		if got := v.JSON(); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
		if v.Size() != len(want) {
			t.Errorf("%s: size %d, want %d", text, v.Size(), len(want))
		}
	}
}

func TestSyntaxErrorsSayWhere(t *testing.T) {
	for text, want := range map[string]string{
		``:                        "line 1, column 1: unexpected end of text, want a value",
		`{"a":1,}`:                `line 1, column 8: unexpected '}' in an object, want a member name in double quotes`,
		"{\n \"a\" 1}":            `line 2, column 6: unexpected '1' after a member name, want ':'`,
		`[1 2]`:                   `line 1, column 4: unexpected '2' in an array, want ',' or ']'`,
		`[1`:                      `line 1, column 3: unexpected end of text in an array, want ',' or ']'`,
		`{"a":1`:                  `line 1, column 7: unexpected end of text in an object, want ',' or '}'`,
		`tru`:                     `line 1, column 1: unexpected 't', want a value`,
		`01`:                      `line 1, column 3: a number has a leading zero`,
		`-`:                       `line 1, column 2: unexpected end of text, want a digit`,
		`1.`:                      `line 1, column 3: unexpected end of text, want a digit after '.'`,
		`1e+`:                     `line 1, column 4: unexpected end of text, want a digit in the exponent`,
		`"a`:                      `line 1, column 3: unexpected end of text in a string`,
		"\"é\n\"":                 `line 1, column 3: a control character (0x0a) must be escaped in a string`,
		`"\x"`:                    `line 1, column 2: unknown escape "\\x" in a string`,
		`"\u12g4"`:                `line 1, column 2: \u needs four hexadecimal digits`,
		"\"\xff\"":                `line 1, column 2: the text is not valid UTF-8`,
		"\"\xff\\n\"":             `line 1, column 2: the text is not valid UTF-8`,
		"\"\\n\xff\"":             `line 1, column 4: the text is not valid UTF-8`,
		`1 2`:                     `line 1, column 3: unexpected '2' after the value`,
		"\ufeff1":                 `line 1, column 1: unexpected '\ufeff', want a value`,
		strings.Repeat("[", 1001): "line 1, column 1001: nested deeper than 1000 levels",
	} {
		_, err := value.Parse(text)
		var syntax *value.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%q: got %v, want a SyntaxError", text, err)
		} else if got := strings.TrimPrefix(syntax.Error(), "not valid JSON at "); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestWithLeavesTheOriginalAlone(t *testing.T) {
	v := parse(t, `{"a":1,"b":[1,2]}`)
	b, _ := v.Get("b")
	replaced, added := v.With("a", value.String("x")), v.With("c", b.WithItem(1, value.Null()))
	for _, c := range []struct{ got, want string }{
		{v.JSON(), `{"a":1,"b":[1,2]}`},
		{replaced.JSON(), `{"a":"x","b":[1,2]}`},
		{added.JSON(), `{"a":1,"b":[1,2],"c":[1,null]}`},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
	for _, x := range []value.Value{replaced, added} {
		if x.Size() != len(x.JSON()) {
			t.Errorf("%s: size %d", x.JSON(), x.Size())
		}
	}
}

func TestEqualIgnoresSpellingAndOrder(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`1`, `1.0`, true}, {`1`, `1e0`, true}, {`1`, `2`, false}, {`1`, `"1"`, false}, {`null`, `false`, false},
		{`{"a":1,"b":2}`, `{"b":2,"a":1}`, true}, {`{"a":1}`, `{"a":1,"b":2}`, false}, {`{"a":1}`, `{"b":1}`, false},
		{`[1,2]`, `[2,1]`, false}, {`[1]`, `[1,1]`, false}, {`"a"`, `"a"`, true},
		{`9007199254740993`, `9007199254740992`, false}, {`12345678901234567890`, `12345678901234567890`, true},
	} {
		if got := value.Equal(parse(t, c.a), parse(t, c.b)); got != c.want {
			t.Errorf("%s = %s: got %v", c.a, c.b, got)
		}
	}
}

func TestInt64(t *testing.T) {
	for text, want := range map[string]int64{`3`: 3, `3.0`: 3, `3e2`: 300, `-1`: -1, `9223372036854775807`: 9223372036854775807} {
		if n, ok := parse(t, text).Int64(); !ok || n != want {
			t.Errorf("%s: got %d, %v", text, n, ok)
		}
	}
	for _, text := range []string{`1.5`, `1e300`, `9223372036854775808`, `"1"`, `null`} {
		if n, ok := parse(t, text).Int64(); ok {
			t.Errorf("%s: got %d", text, n)
		}
	}
}

func TestComputedNumbersAreWrittenShortest(t *testing.T) {
	for f, want := range map[float64]string{3: `3`, -2.5: `-2.5`, 0.1: `0.1`, 1e21: `1e+21`, 1e-7: `1e-7`, 123456789012345680000: `123456789012345680000`} {
		v := value.Float(f)
		if v.JSON() != want || v.Size() != len(want) {
			t.Errorf("%v: got %s (size %d), want %s", f, v.JSON(), v.Size(), want)
		}
	}
}

func TestLargeObjectsFindTheirMembers(t *testing.T) {
	var members []value.Member
	for i := range 100 {
		members = append(members, value.Member{Key: string(rune('A' + i)), Value: value.Int(int64(i))})
	}
	members = append(members, value.Member{Key: "A", Value: value.Int(-1)})
	v := value.Object(members...)
	if got, _ := v.Get("A"); v.Len() != 100 || got.JSON() != "-1" {
		t.Errorf("got %d members, A = %s", v.Len(), got)
	}
	if _, ok := v.Get("none"); ok {
		t.Error("found a member that is not there")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5,"x\n\ud800"]}`, `-0`, `[[]]`, `"\u00e9"`, `1e5`, `{"a":1,"a":2}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := value.Parse(text)
		if err == nil && !json.Valid([]byte(text)) {
			t.Fatalf("%q: encoding/json refuses it", text)
		}
		if err != nil {
			return
		}
		out := v.JSON()
		again, err := value.Parse(out)
		if err != nil || again.JSON() != out || v.Size() != len(out) || !value.Equal(v, again) {
			t.Fatalf("%q -> %q (size %d): %v", text, out, v.Size(), err)
		}
	})
}

func TestOpaqueValuesShowInTheSize(t *testing.T) {
	type thing struct{ n int }
	x := &thing{1}
	v := value.Opaque(x)
	if v.Opaque() != any(x) || v.Kind() != value.OpaqueKind || value.Int(1).Opaque() != nil {
		t.Errorf("got %v of kind %v", v.Opaque(), v.Kind())
	}
	outer := value.Object(value.Member{Key: "a", Value: value.Array(value.Int(1), v)})
	if outer.Size() != v.Size() || value.Array(value.Int(1)).Size() == v.Size() {
		t.Errorf("sizes %d and %d", outer.Size(), v.Size())
	}
}

func TestMarksAreNotPartOfTheValue(t *testing.T) {
	v := parse(t, `[1]`)
	m := v.WithMark(3)
	if m.Mark() != 3 || v.Mark() != 0 || !value.Equal(m, v) || m.JSON() != v.JSON() || value.Array(m).Mark() != 0 {
		t.Errorf("got %d on %s", m.Mark(), m)
	}
}
