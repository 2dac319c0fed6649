package intrinsic_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/internal/intrinsic"
	"github.com/sfnx/sfnx/internal/value"
)

func load(t testing.TB, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

func parse(t testing.TB, text string) value.Value {
	t.Helper()
	v, err := value.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// world answers the few paths of the cases without a path language: $, $.name, $.name[0], $['name'], and one filter.
type world struct {
	call   *intrinsic.Call
	input  value.Value
	random uint64
	spent  int
}

func (w *world) Path(i int) (value.Value, error) {
	text := w.call.Paths()[i].Text
	name := strings.NewReplacer("$.", "", "['", "", "']", "", "$", "").Replace(text)
	v, ok := w.input.Get(name)
	switch {
	case text == "$":
		return w.input, nil
	case strings.HasPrefix(name, "a[?("):
		v, _ := w.input.Get("a")
		if strings.Contains(text, `"`) {
			v = value.Array()
		}
		return v, nil
	case strings.Contains(name, "[0]"):
		before, _, _ := strings.Cut(name, "[0]")
		list, _ := w.input.Get(before)
		if v = list.Items()[0]; strings.HasSuffix(name, ".k") {
			v, _ = v.Get("k")
		}
		return v, nil
	case !ok:
		return v, fmt.Errorf("no %s", text)
	}
	return v, nil
}

func (w *world) Random() (uint64, bool) { return w.random, w.random != 0 }

func (w *world) Spend(n int) bool {
	w.spent += n
	return w.spent <= intrinsic.MaxBytes
}

func outcome(c *intrinsic.Call, input value.Value) string {
	v, err := c.Eval(&world{call: c, input: input, random: 1 << 63})
	if err != nil {
		return "! " + err.Error()
	}
	return v.JSON()
}

type callCase struct {
	Why   string
	Input json.RawMessage
	Calls map[string]string
}

func TestCalls(t *testing.T) {
	var cases []callCase
	load(t, "testdata/calls.json", &cases)
	for _, c := range cases {
		t.Run(c.Why, func(t *testing.T) {
			input := parse(t, string(c.Input))
			for src, want := range c.Calls {
				call, err := intrinsic.Parse(src)
				if err != nil {
					t.Errorf("%s: %v", src, err)
					continue
				}
				if got := outcome(call, input); got != want {
					t.Errorf("%s\n got %s\nwant %s", src, got, want)
				}
				if call.String() != src {
					t.Errorf("%s: String is %s", src, call)
				}
			}
		})
	}
}

func TestSyntaxErrors(t *testing.T) {
	cases := map[string]string{}
	load(t, "testdata/syntax.json", &cases)
	for src, want := range cases {
		_, err := intrinsic.Parse(src)
		var syntax *intrinsic.SyntaxError
		if !errors.As(err, &syntax) || !strings.HasPrefix(err.Error(), want) || !strings.HasSuffix(want, "want one of ") && err.Error() != want {
			t.Errorf("%s\n got %v\nwant %s", src, err, want)
		}
	}
}

func TestPathsOfACall(t *testing.T) {
	call, err := intrinsic.Parse("States.Format('{}', $.é, States.Array($$.Map.Item.Value, $name[0]))")
	if err != nil {
		t.Fatal(err)
	}
	want := []intrinsic.Path{{Text: "$.é", Offset: 20}, {Text: "$$.Map.Item.Value", Offset: 39}, {Text: "$name[0]", Offset: 58}}
	if got := call.Paths(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestLimits(t *testing.T) {
	long, longer := value.String(strings.Repeat("é", 10000)), value.String(strings.Repeat("e", 10001))
	for _, c := range []struct {
		src   string
		input value.Value
		fails bool
	}{
		{"States.Base64Encode($)", long, false},
		{"States.Base64Encode($)", longer, true},
		{"States.Base64Decode($)", longer, true},
		{"States.Hash($, 'MD5')", long, false},
		{"States.Hash($, 'MD5')", longer, true},
		{"States.Hash($, 'MD5')", value.Array(longer), true},
	} {
		call, err := intrinsic.Parse(c.src)
		if err != nil {
			t.Fatal(err)
		}
		if got := outcome(call, c.input); strings.HasPrefix(got, "! Invalid arguments") != c.fails {
			t.Errorf("%s of %d characters: %.60s", c.src, len(c.input.Str()), got)
		}
	}
}

func TestHostileCallsEndByTheBudget(t *testing.T) {
	big := value.String(strings.Repeat("x", 200000))
	for _, src := range []string{
		"States.Format('" + strings.Repeat("{}", 100) + "'" + strings.Repeat(", $", 100) + ")",
		"States.JsonToString(States.Array(" + strings.Repeat("$,", 100) + "1))",
		"States.ArrayUnique(States.Array(" + strings.Repeat("$,", 100) + "1))",
		"States.ArrayContains(States.Array(" + strings.Repeat("$,", 100) + "1), 2)",
		"States.Hash(States.Array(" + strings.Repeat("$,", 100) + "1), 'MD5')",
		"States.Array(" + strings.Repeat("States.StringSplit($, ','),", 100) + "1)",
		"States.Array(" + strings.Repeat("States.StringToJson($),", 100) + "1)",
	} {
		call, err := intrinsic.Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		got := outcome(call, big)
		if !strings.Contains(got, "would build too much text: calls may build 16777216 bytes") && !strings.Contains(got, "StringToJson") {
			t.Errorf("%.60s: %.80s", src, got)
		}
	}
}

func TestWithoutRandomness(t *testing.T) {
	for _, src := range []string{"States.UUID()", "States.MathRandom(1, 2)"} {
		call, err := intrinsic.Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		_, err = call.Eval(&world{call: call})
		var failure *intrinsic.Failure
		if !errors.As(err, &failure) || failure.Detail != "there is no source of randomness here" {
			t.Errorf("%s: %v", src, err)
		}
	}
}

func TestHashOrder(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"Bucket Key", "Bucket Key"},
		{"Question Answer", "Answer Question"},
		{"ApiEndpoint Method Path Stage RequestBody QueryParameters AllowNullValues", "Path AllowNullValues Stage ApiEndpoint Method QueryParameters RequestBody"},
		{"a b c d e f g h i j k l m n o p q", "a b c d e f g h i j k l m n o p q"},
		{"q p o n m l k j i h g f e d c b a", "a b c d e f g h i j k l m n o p q"},
		{"Aa BB", "Aa BB"},
		{"BB Aa", "BB Aa"},
		{"größe 😀", "größe 😀"},
	} {
		var keys []value.Value
		for _, k := range strings.Fields(c.in) {
			keys = append(keys, value.String(k))
		}
		var got []string
		for _, i := range intrinsic.HashOrder(keys) {
			got = append(got, keys[i].Str())
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %s", c.in, strings.Join(got, " "))
		}
	}
}

func FuzzCall(f *testing.F) {
	var cases []callCase
	load(f, "testdata/calls.json", &cases)
	for _, c := range cases {
		for src := range c.Calls {
			f.Add(src, string(c.Input))
		}
	}
	f.Fuzz(func(t *testing.T, src, text string) {
		call, err := intrinsic.Parse(src)
		if err != nil {
			return
		}
		for _, p := range call.Paths() {
			if !strings.HasPrefix(src[p.Offset:], p.Text) || p.Text == "" || p.Text[0] != '$' {
				t.Fatalf("%s: path %+v", src, p)
			}
		}
		input, err := value.Parse(text)
		if err != nil {
			return
		}
		if first, again := echo(call, input), echo(call, input); first != again {
			t.Fatalf("%s: %s, then %s", src, first, again)
		}
	})
}

// echo evaluates with every path standing for the input.
func echo(c *intrinsic.Call, input value.Value) string {
	v, err := c.Eval(&same{world{call: c, input: input, random: 9}})
	return fmt.Sprint(v, err)
}

type same struct{ world }

func (s *same) Path(int) (value.Value, error) { return s.input, nil }
