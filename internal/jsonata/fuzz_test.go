package jsonata_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/sfnx/sfnx/internal/jsonata"
	"github.com/sfnx/sfnx/internal/value"
)

var fuzzSeeds = []string{
	`a.b[c > 1].{"x": d & "y", "z": $sum(e)}`, `$map([1..3], function($v, $i, $a) { $v * $i })`, `a@$x.b#$i[$i = $x].%.c^(>d, <e){f: $}`,
	`($f := function($n)<n:n>{ $n < 2 ? 1 : $n * $f($n - 1) }; $f(5))`, `$match("aab", /a(b)?/i).groups[0]`, `$ ~> |a|{"b": 1}, ["c"]|`,
	"/* c */ `a b`.**.* ?? 'x' ?: -1e3", `$toMillis("2020", "[Y0001]") ~> $fromMillis("[D1o] [MNn]")`, `$replace("x😀y", /./, function($m){ $m.match & "\ud83d" })`,
	`$eval("$$.a") in [1, "b", null]`, `$single($zip(a, [1]), λ($x){ true })`, `($substring(?, 1, 2) ~> $uppercase)("abc")`, `$formatNumber(1.5, "#0.0;(#)")`,
	`[[1], [2]].[$, a][]`, `$sort(a, function($l, $r){ $l > $r })`, `$spread($merge([{"a": 1}]))`, `a.(b; $c := d; $c)`, `$distinct(a[]) != $reverse(a)`,
}

// FuzzCompile checks that any text compiles or fails with a place inside it, and that analysing it is safe.
func FuzzCompile(f *testing.F) {
	for _, s := range fuzzSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		e, err := jsonata.Compile(src)
		if err == nil {
			e.References()
			return
		}
		if err.Code == "" || err.Message == "" || err.Position < 0 || err.Position > len(src) {
			t.Errorf("%q: %+v", src, err)
		}
	})
}

// FuzzEval checks that any expression on any input ends, twice the same way, with JSON or an error.
func FuzzEval(f *testing.F) {
	const input = `{"a":[{"b":1,"c":"x"},{"b":2.5,"d":[1,[2]]}],"e":null,"f":"é😀","g":true,"h":{},"i":[]}`
	for _, s := range fuzzSeeds {
		f.Add(s, input)
	}
	f.Fuzz(func(t *testing.T, src, text string) {
		e, err := jsonata.Compile(src)
		if err != nil {
			return
		}
		in, _ := value.Parse(text)
		env := jsonata.Env{Input: in, Now: time.Unix(1e9, 0), Random: func() float64 { return 0.5 }, Budget: jsonata.Budget{Steps: 100_000, Bytes: 1 << 20, Depth: 200}}
		v, err := e.Eval(env)
		again, err2 := e.Eval(env)
		if (err == nil) != (err2 == nil) || err != nil && (err.Code != err2.Code || err.Message != err2.Message || err.Position != err2.Position) {
			t.Fatalf("%q: first %v, then %v", src, err, err2)
		}
		if err != nil {
			if err.Code == "" || err.Message == "" && err.Code != "D3137" && err.Code != "D3141" {
				t.Fatalf("%q: %+v", src, err)
			}
			return
		}
		out := v.JSON()
		if out != again.JSON() {
			t.Fatalf("%q: first %s, then %s", src, out, again)
		}
		if !v.IsUndefined() && (!json.Valid([]byte(out)) || v.Size() != len(out)) {
			t.Fatalf("%q: %s is no JSON, or not of size %d", src, out, v.Size())
		}
	})
}
