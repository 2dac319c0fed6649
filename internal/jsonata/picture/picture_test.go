package picture

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
	"time"
)

const now = 1773052200000 // 2026-03-09T10:30:00Z

// call runs a function of JSONata on arguments decoded from JSON and gives its result in the words of the case files.
func call(function string, args []any) string {
	text := func(i int) string {
		if i < len(args) {
			return args[i].(string)
		}
		return ""
	}
	var result any
	var err *Error
	ok := true
	switch function {
	case "formatNumber":
		options := map[string]any{}
		if len(args) > 2 {
			options = args[2].(map[string]any)
		}
		result, err = FormatNumber(args[0].(float64), text(1), func(name string) (string, bool) {
			value, ok := options[name].(string)
			return value, ok
		})
	case "formatInteger":
		result, err = FormatInteger(args[0].(float64), text(1))
	case "parseInteger":
		result, err = ParseInteger(text(0), text(1))
	case "fromMillis":
		result, err = FormatDateTime(args[0].(float64), text(1), text(2))
	case "toMillis":
		result, ok, err = ParseDateTime(text(0), text(1), func() float64 { return now })
	}
	switch f, isNumber := result.(float64); {
	case err != nil:
		return err.Code
	case !ok:
		return "undefined"
	case isNumber && math.IsNaN(f):
		return "NaN"
	case isNumber:
		return jsNumber(f)
	}
	return quoted(result)
}

func TestCases(t *testing.T) {
	file, err := os.Open("testdata/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		function, rest, _ := strings.Cut(lines.Text(), " ")
		if function == "" || function == "#" {
			continue
		}
		input := json.NewDecoder(strings.NewReader(rest))
		var args []any
		if err := input.Decode(&args); err != nil {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		want := strings.TrimSpace(rest[input.InputOffset():])
		if got := call(function, args); got != want {
			t.Errorf("%s%s: got %s, want %s", function, rest[:input.InputOffset()], got, want)
		}
	}
}

func TestFormatBase(t *testing.T) {
	tests := []struct {
		f, radix float64
		want     string
	}{
		{255, 16, "ff"},
		{-5, 2, "-101"},
		{2.5, 10, "2"},
		{0, 7, "0"},
		{1e21, 10, "1e+21"},
		{1 << 60, 2, "1" + strings.Repeat("0", 60)},
		{1, 1, "D3100"},
		{1, 36.6, "D3100"},
		{1, math.NaN(), "D3100"},
	}
	for _, tt := range tests {
		got, err := FormatBase(tt.f, tt.radix)
		if err != nil {
			got = err.Code
		}
		if got != tt.want {
			t.Errorf("%v in base %v: got %s, want %s", tt.f, tt.radix, got, tt.want)
		}
	}
}

func TestMessagesNameTheValue(t *testing.T) {
	_, err := CompileDateTime("[q]")
	want := `D3132: Unknown component specifier "q" in date/time picture string`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestNumbersThatAreNone(t *testing.T) {
	for f, want := range map[float64]string{math.Inf(1): "<∞>", math.Inf(-1): "-<∞>", math.NaN(): "none"} {
		got, err := FormatNumber(f, "<0>", func(name string) (string, bool) {
			sign, ok := map[string]string{"infinity": "∞", "NaN": "none"}[name]
			return sign, ok
		})
		if err != nil || got != want {
			t.Errorf("%v: got %s, %v, want %s", f, got, err, want)
		}
	}
}

func TestSizesAreBounded(t *testing.T) {
	many := strings.Repeat("0", longest+1)
	tests := map[string]func() *Error{
		"roman":    func() *Error { _, err := FormatInteger(1e12, "I"); return err },
		"infinity": func() *Error { _, err := FormatInteger(math.Inf(1), "w"); return err },
		"integer":  func() *Error { _, err := FormatInteger(1, many); return err },
		"number":   func() *Error { _, err := FormatNumber(1, many, nil); return err },
		"date":     func() *Error { _, err := FormatDateTime(1, many, ""); return err },
		"width":    func() *Error { _, err := FormatDateTime(1, "[Y,999999999]", ""); return err },
		"text": func() *Error {
			_, _, err := ParseDateTime(many, "[Y]", func() float64 { return now })
			return err
		},
	}
	for name, refuse := range tests {
		if err := refuse(); err == nil || err.Code != "D1011" {
			t.Errorf("%s: got %v, want D1011", name, err)
		}
	}
}

// A regular expression with a nested quantifier would take years for this text.
func TestNumberWordsAreReadInLinearTime(t *testing.T) {
	text := strings.Repeat("six", 300) + "!"
	if _, ok, err := ParseDateTime(text, "[Yw] [Dw] [Mw]", func() float64 { return now }); ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
}

// What a picture with all of year, month, day and time writes, it reads.
func TestDatesRoundTrip(t *testing.T) {
	for _, picture := range []string{
		"", "[Y0001][M01][D01][H01][m01][s01][f001]", "[FNn], [D1o] of [MNn] [Y]; [h]:[m]:[s].[f001] [PN]",
		"[Yw] [Mi] [DA] [Hw]:[m]:[s].[f001] [z]",
	} {
		for day := range 3000 {
			at := time.Date(1999, 1, 1, day%24, day%60, day%59, day%1000*1e6, time.UTC).AddDate(0, 0, 7*day).UnixMilli()
			text, err := FormatDateTime(float64(at), picture, "")
			if err != nil {
				t.Fatal(err)
			}
			back, ok, err := ParseDateTime(text, picture, func() float64 { return now })
			if !ok || err != nil || back != float64(at) {
				t.Fatalf("%q: wrote %d as %q, read %v, %v, %v", picture, at, text, back, ok, err)
			}
		}
	}
}

func FuzzPictures(f *testing.F) {
	f.Add(1234.5, "#,##0.00;(0)", "12")
	f.Add(-7.0, "Ww;o", "forty-two")
	f.Add(0.0, "[FNn,3-3] [D1o] [MNn] [Y,2-2] [H01]:[m] [z]", "Thu 1st January 70")
	f.Fuzz(func(t *testing.T, n float64, picture, text string) {
		FormatNumber(n, picture, nil)
		FormatNumber(n, picture, func(string) (string, bool) { return text, true })
		FormatInteger(n, picture)
		ParseInteger(text, picture)
		FormatDateTime(n, picture, text)
		ParseDateTime(text, picture, func() float64 { return n })
		FormatBase(n, float64(len(text)))
	})
}

func BenchmarkFormatDateTime(b *testing.B) {
	d, err := CompileDateTime(iso8601)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Format(now, ""); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseDateTime(b *testing.B) {
	d, err := CompileDateTime("[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001]")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, ok, err := d.Parse("2026-03-09T10:30:00.000", func() float64 { return now }); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}

func BenchmarkFormatNumber(b *testing.B) {
	n, err := CompileNumber("#,##0.00", nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		n.Format(1234567.891)
	}
}
