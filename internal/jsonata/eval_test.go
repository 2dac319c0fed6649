package jsonata_test

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sfnx/sfnx/internal/jsonata"
	"github.com/sfnx/sfnx/internal/value"
)

// evalCase is one case of testdata/eval.txt: an expression and, behind four dashes, the result as JSON, undefined, or
// an error as "! code at position: message".
type evalCase struct{ src, want string }

func readCases(t testing.TB) (input value.Value, cases []evalCase) {
	t.Helper()
	text, err := os.ReadFile("testdata/eval.txt")
	if err != nil {
		t.Fatal(err)
	}
	var src string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		doc, isInput := strings.CutPrefix(line, "input ")
		want, isResult := strings.CutPrefix(line, "---- ")
		switch {
		case isInput:
			if input, err = value.Parse(doc); err != nil {
				t.Fatal(err)
			}
		case isResult:
			cases = append(cases, evalCase{src, want})
		default:
			src = line
		}
	}
	return input, cases
}

func outcome(v value.Value, err *jsonata.Error) string {
	if err != nil {
		return fmt.Sprintf("! %s at %d: %s", err.Code, err.Position, err.Message)
	}
	return v.String()
}

func evaluate(src string, env jsonata.Env) string {
	e, err := jsonata.Compile(src)
	if err != nil {
		return outcome(value.Value{}, err)
	}
	return outcome(e.Eval(env))
}

func TestEval(t *testing.T) {
	input, cases := readCases(t)
	if len(cases) == 0 {
		t.Fatal("testdata/eval.txt holds no cases")
	}
	before := input.JSON()
	for _, c := range cases {
		if got := evaluate(c.src, jsonata.Env{Input: input, Now: time.Unix(0, 0).UTC()}); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.src, got, c.want)
		}
	}
	if input.JSON() != before {
		t.Error("an evaluation changed its input")
	}
}

func TestOneExpressionServesManyGoroutines(t *testing.T) {
	input, cases := readCases(t)
	var wg sync.WaitGroup
	for _, c := range cases {
		e, err := jsonata.Compile(c.src)
		if err != nil {
			continue
		}
		for range 4 {
			wg.Go(func() {
				if got := outcome(e.Eval(jsonata.Env{Input: input, Now: time.Unix(0, 0).UTC()})); got != c.want {
					t.Errorf("%s\n got %s\nwant %s", c.src, got, c.want)
				}
			})
		}
	}
	wg.Wait()
}

func TestEnvironment(t *testing.T) {
	calls := 0
	env := jsonata.Env{
		Bindings: func(name string) (value.Value, bool) {
			if name == "states" {
				calls++
			}
			return value.Int(7), name == "states" || name == "sum"
		},
		Functions: map[string]*jsonata.Function{
			"eval": nil,
			"twice": jsonata.NewFunction("twice", "<n-:n>", func(c *jsonata.Call) (value.Value, *jsonata.Error) {
				return value.Float(2 * c.Args[0].Float64()), nil
			}),
			"refuse": jsonata.NewFunction("refuse", "<:x>", func(*jsonata.Call) (value.Value, *jsonata.Error) {
				return value.Value{}, jsonata.Fail("X1", "no")
			}),
			"big": jsonata.NewFunction("big", "<:x>", func(c *jsonata.Call) (value.Value, *jsonata.Error) {
				return value.Int(1), c.Charge(0, 1<<40)
			}),
			"count": jsonata.NewFunction("count", "<x:n>", func(*jsonata.Call) (value.Value, *jsonata.Error) { return value.Int(-1), nil }),
		},
		Now:    time.UnixMilli(1_600_000_000_123).UTC(),
		Random: func() float64 { return 0.75 },
	}
	for src, want := range map[string]string{
		`$states + $states + ($f := function(){ $states }; $f())`: `21`,
		`$sum`:                          `7`,
		`$sum([1])`:                     `! T1006 at 5: Attempted to invoke a non-function`,
		`$eval("1")`:                    `! T1006 at 6: Attempted to invoke a non-function`,
		`$twice(21)`:                    `42`,
		`[1, 2].$twice()`:               `[2,4]`,
		`$map([1, 2], $twice)`:          `[2,4]`,
		`($d := $twice(?); 4 ~> $d)`:    `8`,
		`$twice("x")`:                   `! T0410 at 7: Argument 1 of function "twice" does not match function signature`,
		`1 + $refuse()`:                 `! X1 at 12: no`,
		`$big()`:                        `! B0003 at 5: Evaluation builds too much data`,
		`$count([1])`:                   `-1`,
		`$now()`:                        `"2020-09-13T12:26:40.123Z"`,
		`$millis() = $toMillis($now())`: `true`,
		`$random()`:                     `0.75`,
		`$shuffle([1, 2, 3])`:           `[1,2,3]`,
		`$twice`:                        `! B0004 at 0: The expression evaluates to a function`,
		`{"f": [$twice]}`:               `! B0004 at 0: The expression evaluates to a function`,
		`function(){ 1 }`:               `! B0004 at 0: The expression evaluates to a function`,
		`1 / 0`:                         `"Infinity"`,
		`{"a": [-1 / 0]}`:               `{"a":["-Infinity"]}`,
		`$match("b", /(a)?b/).groups`:   `[null]`,
		`$.a`:                           `undefined`,
	} {
		calls = 0
		if got := evaluate(src, env); got != want {
			t.Errorf("%s\n got %s\nwant %s", src, got, want)
		}
		if calls > 1 {
			t.Errorf("%s: looked up $states %d times", src, calls)
		}
	}
}

func TestValuesPassThroughUnchanged(t *testing.T) {
	const text = `{"z":1.0,"a":12345678901234567890,"m":[1e2,{"k":0.10}]}`
	input, err := value.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	for src, want := range map[string]string{
		`$`: text, `$$`: text, `m[0]`: `1e2`, `[z, a]`: `[1.0,12345678901234567890]`, `{"k": m[1]}`: `{"k":{"k":0.10}}`,
		`$merge([$, {"b": 1}])`: `{"z":1.0,"a":12345678901234567890,"m":[1e2,{"k":0.10}],"b":1}`,
	} {
		if got := evaluate(src, jsonata.Env{Input: input}); got != want {
			t.Errorf("%s: got %s, want %s", src, got, want)
		}
	}
}

func TestDefaultBudget(t *testing.T) {
	for src, want := range map[string]string{
		`($f := function(){ $f() }; $f())`: jsonata.CodeSteps,
		`[1..5000000]`:                     jsonata.CodeBytes,
		`($f := function($n){ $n = 0 ? 0 : 1 + $f($n - 1) }; $f(330))`:              "",
		`($f := function($n){ $n = 0 ? 0 : 1 + $f($n - 1) }; $f(340))`:              jsonata.CodeDepth,
		`($f := function($n, $a){ $n = 0 ? $a : $f($n - 1, $a + $n) }; $f(1e5, 0))`: "",
		`$sum([1..1000000])`: "",
	} {
		e, err := jsonata.Compile(src)
		if err != nil {
			t.Fatal(err)
		}
		code := ""
		if _, err := e.Eval(jsonata.Env{}); err != nil {
			code = err.Code
		}
		if code != want {
			t.Errorf("%s: got %q, want %q", src, code, want)
		}
	}
}
