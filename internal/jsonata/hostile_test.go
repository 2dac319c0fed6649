package jsonata_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/internal/jsonata"
	"github.com/sfnx/sfnx/internal/value"
)

// TestHostileExpressionsEndByBudget runs what would never end, or fill the memory, without a budget.
func TestHostileExpressionsEndByBudget(t *testing.T) {
	text := value.Object(value.Member{Key: "s", Value: value.String(strings.Repeat("a", 40) + "!")})
	for src, want := range map[string]string{
		`($f := function(){ $f() }; $f())`:                                                                jsonata.CodeSteps,
		`($f := function($n){ $f($n + 1) }; $f(0))`:                                                       jsonata.CodeSteps,
		`($f := function($n){ $g($n) }; $g := function($n){ $n > 0 ? $f($n) : $f(1) }; $f(1))`:            jsonata.CodeSteps,
		`($f := function($n){ 1 + $f($n) }; $f(1))`:                                                       jsonata.CodeDepth,
		`($f := function($n){ [$f($n)] }; $f(1))`:                                                         jsonata.CodeDepth,
		`($f := function($n){ $map([1], $f) }; $f(1))`:                                                    jsonata.CodeDepth,
		`($f := function($n){ $string($f($n)) }; $f(1))`:                                                  jsonata.CodeDepth,
		`($f := function($n){ $eval("$f(1)") }; $f(1))`:                                                   jsonata.CodeDepth,
		`$eval("$eval(\"1\") & 1") & ($f := "1"; $reduce([1..100000], function($a, $b){ $a & $a }, "x"))`: jsonata.CodeBytes,
		`[1..1e9]`:                   "D2014",
		`[1..9999999]`:               jsonata.CodeBytes,
		`[1..1000000].[1..1000000]`:  jsonata.CodeBytes,
		`$sum([1..2000000].($ * 1))`: jsonata.CodeBytes,
		`$pad("x", 1e9)`:             jsonata.CodeBytes,
		`$pad("x", -1e15, "abc")`:    jsonata.CodeBytes,
		`$join($map([1..100000], function($i){ $pad("", 1000) }))`:                                                      jsonata.CodeBytes,
		`($f := function($s){ $f($s & $s) }; $f("xx"))`:                                                                 jsonata.CodeBytes,
		`($f := function($a){ $f($append($a, $a)) }; $f([1, 2]))`:                                                       jsonata.CodeBytes,
		`($f := function($a){ $f([$a, $a]) }; $f([1, 2]))`:                                                              jsonata.CodeBytes,
		`($f := function($a){ $f([[$a]]) }; $f([1]))`:                                                                   jsonata.CodeBytes,
		`($f := function($o){ $f({"a": $o, "b": $o}) }; $f({}))`:                                                        jsonata.CodeBytes,
		`($f := function($o, $n){ $n = 0 ? $string($o) : $f([[$o, 1]], $n - 1) }; $f([1], 5000))`:                       jsonata.CodeDepth,
		`($f := function($o, $n){ $n = 0 ? $o : $f({"a": $o}, $n - 1) }; $f(1, 5000))`:                                  jsonata.CodeDepth,
		`($f := function($o, $n){ $n = 0 ? $o = $o : $f({"a": $o}, $n - 1) }; $f(1, 5000))`:                             jsonata.CodeDepth,
		`($f := function($o, $n){ $n = 0 ? $count($o.**) : $f({"a": $o}, $n - 1) }; $f(1, 5000))`:                       jsonata.CodeDepth,
		`($f := function($o, $n){ $n = 0 ? $boolean($o) : $f([[$o, 0]], $n - 1) }; $f(0, 5000))`:                        jsonata.CodeDepth,
		`($f := function($o, $n){ $n = 0 ? $o ~> |a|{"b": 1}| : $f({"a": $o}, $n - 1) }; $f(1, 5000))`:                  jsonata.CodeDepth,
		`($f := function($n, $g){ $n = 0 ? $g : $f($n - 1, $g ~> $abs) }; $g := $f(5000, $abs); $g(1))`:                 jsonata.CodeDepth,
		`($f := function($n, $g){ $n = 0 ? $g : $f($n - 1, $g(?)) }; $g := $f(5000, $abs); $g(1))`:                      jsonata.CodeDepth,
		`($f := function($a, $n){ $n = 0 ? $string($a) : $f([[$a], [$a]], $n - 1) }; $f(1, 60))`:                        jsonata.CodeBytes,
		`($f := function($a, $n){ $n = 0 ? $a : $f([[$a], [$a]], $n - 1) }; $f(1, 60))`:                                 jsonata.CodeSteps,
		`($f := function($a, $n){ $n = 0 ? $a : $f([[$a], [$a]], $n - 1) }; $f($sum, 60))`:                              jsonata.CodeFunction,
		`($f := function($a, $n){ $n = 0 ? $a : $f([[$a], [$a]], $n - 1) }; $f(1/0, 60))`:                               jsonata.CodeSteps,
		`($f := function($a, $n){ $n = 0 ? $boolean($a) : $f([[$a, $a]], $n - 1) }; $f(0, 60))`:                         jsonata.CodeSteps,
		`($f := function($a, $n){ $n = 0 ? $a = $f([$a], -1) : $n < 0 ? $a[0] : $f([[$a], [$a]], $n - 1) }; $f(1, 60))`: "?",
		`($f := function($a, $n){ $n = 0 ? $number($a) : $f([[$a], [$a]], $n - 1) }; $f(1, 60))`:                        "?",
		`($f := function($a, $n){ $n = 0 ? -$a : $f({"a": $a, "b": $a}, $n - 1) }; $f(1, 60))`:                          "D1002",
		`($f := function($a, $n){ $n = 0 ? $keys($a.**) : $f({"a": $a, "b": $a}, $n - 1) }; $f(1, 60))`:                 jsonata.CodeSteps,
		`($f := function($a, $n){ $n = 0 ? $a ~> |**|{"c": 1}| : $f({"a": $a, "b": $a}, $n - 1) }; $f(1, 60))`:          "?",
		`$match(s, /^(a+)+$/)`:                    "",
		`$match(s, /(?=(a+)+$)b|^(?:(a+)+)+\1$/)`: jsonata.CodeSteps,
		`$replace(s, /(a|aa)+$/, "")`:             "",
		`$map([1..10000], function($i){ $contains("` + strings.Repeat("a", 30) + `!", /^(a+)+\1$/) })`: jsonata.CodeSteps,
		`($a := [1..3000]; $a.($x := $; $a.($y := $; $a.($x + $y))))`:                                  jsonata.CodeBytes,
		`$sort([1..200000], function($a, $b){ true })`:                                                 jsonata.CodeSteps,
		`$distinct([1..20000])`: jsonata.CodeSteps,
		`$toMillis("` + strings.Repeat("1", 5000) + `", "` + strings.Repeat("[Y]", 50) + `")`:      "?",
		`$formatNumber(1, "` + strings.Repeat("#", 5000) + `0.` + strings.Repeat("0", 5000) + `")`: "?",
		`$formatNumber(1e300, "0e0")`:      "",
		`$formatInteger(1e300, "w")`:       "?",
		`$round(1.5, 1e308)`:               "?",
		`$power(2, 1e308)`:                 "D3061",
		`$zip([1..1000000], [1..1000000])`: jsonata.CodeBytes,
		`[1..1000000] ~> $reverse ~> $shuffle ~> $append([1..1000000]) ~> $count`: jsonata.CodeBytes,
		`[1..100000]{$string($): $}`:            "?",
		`[1..4000]@$a.[1..4000]@$b.($a * $b)`:   "?",
		strings.Repeat("(", 100000):             jsonata.CodeDepth,
		strings.Repeat("[", 100000):             jsonata.CodeDepth,
		strings.Repeat("-", 100000):             jsonata.CodeDepth,
		strings.Repeat("1+", 100000) + "1":      jsonata.CodeDepth,
		strings.Repeat("a.", 100000) + "a":      jsonata.CodeDepth,
		strings.Repeat("a?b:", 100000) + "a":    jsonata.CodeDepth,
		strings.Repeat("function(){", 100000):   jsonata.CodeDepth,
		"/" + strings.Repeat("(", 100000) + "/": "?",
	} {
		var first string
		for range 2 {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			code := run(src, text)
			runtime.ReadMemStats(&after)
			if built := (after.TotalAlloc - before.TotalAlloc) >> 20; built > 1024 {
				t.Errorf("%s: allocated %d MB in all", short(src), built)
			}
			if want != "?" && code != want {
				t.Errorf("%s: got %q, want %q", short(src), code, want)
			}
			if first != "" && code != first {
				t.Errorf("%s: first %q, then %q", short(src), first, code)
			}
			first = code
		}
	}
}

// run is the code of the error, "" if there is none.
func run(src string, input value.Value) string {
	e, err := jsonata.Compile(src)
	if err == nil {
		_, err = e.Eval(jsonata.Env{Input: input, Random: func() float64 { return 0.5 }, Budget: jsonata.Budget{Steps: jsonata.DefaultSteps / 5, Bytes: jsonata.DefaultBytes / 5}})
	}
	if err != nil {
		return err.Code
	}
	return ""
}
