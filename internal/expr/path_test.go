package expr_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/internal/expr"
	"github.com/sfnx/sfnx/internal/value"
)

func mustPath(t testing.TB, src string) *expr.Path {
	t.Helper()
	p, err := expr.ParsePath(src)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPathRoots(t *testing.T) {
	for _, c := range []struct {
		src, variable         string
		input, root, definite bool
	}{
		{"$", "", true, true, true},
		{"$.a", "", true, false, true},
		{"$.a[*]", "", true, false, false},
		{"$$", "", false, false, true},
		{"$$.State", "", false, false, true},
		{"$order", "order", false, false, true},
		{"$order.items[0]", "order", false, false, true},
	} {
		p := mustPath(t, c.src)
		if p.Variable() != c.variable || p.IsInput() != c.input || p.IsRoot() != c.root || p.Definite() != c.definite || p.String() != c.src {
			t.Errorf("%s: variable %q, input %v, root %v, definite %v", p, p.Variable(), p.IsInput(), p.IsRoot(), p.Definite())
		}
	}
}

func TestPathEval(t *testing.T) {
	e := env(parse(t, `{"a":{"b":1},"l":[1]}`))
	for src, want := range map[string]string{
		"$.a.b":              "1",
		"$$.State.Name":      `"Here"`,
		"$count":             "3",
		"$order.items[1].id": `"B"`,
		"$.none[*]":          "[]",
		"$.X":                "Invalid path '$.X' : No results for path: $['X']",
		"$.no.such.path":     "Invalid path '$.no.such.path' : Missing property in path $['no']",
		"$$.State.X":         "Invalid path '$$.State.X' : No results for path: $['State']['X']",
		"$order.x":           "Invalid path '$order.x' : No results for path: $['x']",
		"$nobody.x":          "Invalid path '$nobody.x' : No results for path: $nobody",
		"$.l[4]":             "Invalid path '$.l[4]' : No results for path: $['l'][4]",
		"$.l.length()":       "Invalid path '$.l.length()' : Property ['length()'] not found in path $['l']",
	} {
		v, err := mustPath(t, src).Eval(e)
		got := v.String()
		var missing *expr.Missing
		if errors.As(err, &missing) {
			got = missing.Error()
		}
		if got != want {
			t.Errorf("%s: got %s, %v", src, got, err)
		}
	}
}

func TestPathEvalEndsByTheBudget(t *testing.T) {
	v := value.Int(1)
	for range 25 {
		v = value.Array(v, v)
	}
	_, err := mustPath(t, "$..*").Eval(env(v))
	var failure *expr.Error
	if !errors.As(err, &failure) || !strings.HasPrefix(failure.Message, "Invalid path '$..*' : the path visits more than") {
		t.Errorf("got %v", err)
	}
}

func TestPathErrors(t *testing.T) {
	_, err := expr.ParsePath("$.a..")
	if err == nil || err.Error() != `"$.a.." is not a valid path: column 6: unexpected end of path after .., want a name, * or [` {
		t.Errorf("got %v", err)
	}
	for _, src := range []string{"$.a[*]", "$..b", "$.a[0,1]", "$.a[0:1]", "$.a[?(@.x)]", "$.a.length()", "$.a:b", "$['a','b']"} {
		_, err := expr.ParseReferencePath(src)
		want := "Value is not a Reference Path: \"" + src + "\" may hold names and indices only; write other characters in quotes, as in $['a:b']"
		if !errors.Is(err, expr.ErrNotReference) || err.Error() != want {
			t.Errorf("%s: got %v", src, err)
		}
	}
	for _, src := range []string{"$", "$$.a", "$name.b", "$.store\\.book", "$['store']['book']", "$.a[0]", "$.&Ж中.\\uD800\\uDF46", "$['a.b']"} {
		if _, err := expr.ParseReferencePath(src); err != nil {
			t.Errorf("%s: %v", src, err)
		}
	}
	if _, err := expr.ParseReferencePath("a"); err == nil || errors.Is(err, expr.ErrNotReference) {
		t.Errorf("got %v", err)
	}
}

func TestPathSet(t *testing.T) {
	p := mustPath(t, "$.a.result")
	out, err := p.Set(parse(t, `{"k":1}`), value.Int(2))
	if err != nil || out.JSON() != `{"k":1,"a":{"result":2}}` {
		t.Errorf("got %s, %v", out, err)
	}
	_, err = p.Set(value.String("text"), value.Int(2))
	var failure *expr.Error
	if !errors.As(err, &failure) || failure.Error() != `States.Runtime: Unable to apply ReferencePath $.a.result to input "text"` {
		t.Errorf("got %v", err)
	}
}

func TestExpression(t *testing.T) {
	e := env(parse(t, `{"name":"Ada","l":[]}`))
	for src, want := range map[string]string{
		"$.name":                       `"Ada"`,
		"$.l[0]":                       `null`,
		"States.Format('{}', $.name)":  `"Ada"`,
		"States.UUID()":                `"80000000-0000-4000-8000-000000000000"`,
		"$.x":                          `States.Runtime: The JSONPath '$.x' specified for the field 'CausePath' could not be found in the input '{"name":"Ada","l":[]}'`,
		"States.Format('{} {}', $.l)":  `States.Runtime: The function 'States.Format('{} {}', $.l)' had the following error: Invalid arguments in States.Format: number of arguments do not match the occurrences of {}.`,
		"States.ArrayLength($nobody)":  `States.Runtime: The function 'States.ArrayLength($nobody)' had the following error: The JsonPath argument for the field '$nobody' could not be found in the input '{"name":"Ada","l":[]}'`,
		"States.ArrayLength($.x[*].y)": `0`,
	} {
		x, err := expr.ParseExpression(src)
		if err != nil {
			t.Fatal(err)
		}
		if x.String() != src || x.IsCall() != strings.HasPrefix(src, "States.") {
			t.Errorf("%s: String %s, IsCall %v", src, x, x.IsCall())
		}
		v, err := x.Eval(e, "CausePath")
		got := v.String()
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %s", src, got)
		}
	}
	for src, want := range map[string]string{
		"":               `"" is neither a path, which starts with $, nor an intrinsic function call, which starts with States.`,
		"$.":             `"$." is not a valid path: column 3: unexpected end of path, want a name, * or [`,
		"States.UUID()x": `"States.UUID()x" is not a valid intrinsic function call: column 14: unexpected 'x' after the call`,
	} {
		if _, err := expr.ParseExpression(src); err == nil || err.Error() != want {
			t.Errorf("%s: got %v", src, err)
		}
	}
}
