package expr_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/internal/expr"
	"github.com/sfnx/sfnx/internal/value"
)

func parse(t testing.TB, text string) value.Value {
	t.Helper()
	v, err := value.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// world is the surroundings of all tests: a context object, two variables and a source that always says the same.
type world struct{ contexts int }

var contextObject, _ = value.Parse(`{"State":{"Name":"Here"}}`)

func (w *world) ContextObject() value.Value {
	w.contexts++
	return contextObject
}

func (w *world) Variable(name string) (value.Value, bool) {
	switch name {
	case "count":
		return value.Int(3), true
	case "order":
		v, _ := value.Parse(`{"items":[{"id":"A"},{"id":"B"}]}`)
		return v, true
	}
	return value.Value{}, false
}

func (w *world) Uint64() uint64 { return 1 << 63 }

func env(input value.Value) *expr.Env {
	w := &world{}
	return &expr.Env{Input: input, Context: w, Vars: w, Random: w}
}

type templateCase struct {
	Why, Want, Error string
	Template, Input  json.RawMessage
	Problems         []string
}

func templateCases(t testing.TB) (cases []templateCase) {
	text, err := os.ReadFile("testdata/templates.json")
	if err == nil {
		err = json.Unmarshal(text, &cases)
	}
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

func TestTemplates(t *testing.T) {
	for _, c := range templateCases(t) {
		t.Run(c.Why, func(t *testing.T) {
			template, problems := expr.CompileTemplate(parse(t, string(c.Template)))
			if got := list(problems); got != strings.Join(c.Problems, "\n") {
				t.Fatalf("problems:\n%s", got)
			}
			if template == nil {
				return
			}
			v, err := template.Eval(env(parse(t, string(c.Input))))
			var failure *expr.Error
			switch {
			case err == nil:
				if c.Error != "" || v.JSON() != c.Want {
					t.Errorf("got %s", v)
				}
				if v.Size() != len(v.JSON()) {
					t.Errorf("size %d", v.Size())
				}
			case !errors.As(err, &failure) || failure.Name != expr.Runtime || failure.Message != c.Error:
				t.Errorf("got %v", err)
			}
		})
	}
}

func list(problems []expr.Problem) string {
	var lines []string
	for _, p := range problems {
		line := p.Pointer + " " + p.Field + " " + p.Message
		if p.Detail != "" {
			line += " | " + p.Detail
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func compile(t testing.TB, text string) *expr.Template {
	t.Helper()
	template, problems := expr.CompileTemplate(parse(t, text))
	if problems != nil {
		t.Fatalf("%s: %v", text, problems)
	}
	return template
}

func TestConstant(t *testing.T) {
	for text, want := range map[string]bool{
		`{"a":["$.x",{"b":1}]}`: true, `[]`: true, `"$.x"`: true,
		`{"a.$":"$"}`: false, `[{"a":{"b.$":"$"}}]`: false,
	} {
		if got := compile(t, text).Constant(); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestContextIsMadeOnce(t *testing.T) {
	w := &world{}
	template := compile(t, `{"a.$":"$$.State.Name","b.$":"States.Format('{}{}', $$.State.Name, $$.State)","c":[{"d.$":"$$"}]}`)
	if _, err := template.Eval(&expr.Env{Context: w}); err != nil || w.contexts != 1 {
		t.Errorf("made %d times, %v", w.contexts, err)
	}
	if _, err := compile(t, `{"a.$":"$.x"}`).Eval(&expr.Env{Input: parse(t, `{"x":1}`), Context: w}); err != nil || w.contexts != 1 {
		t.Errorf("made %d times, %v", w.contexts, err)
	}
}

func TestZeroEnv(t *testing.T) {
	for text, want := range map[string]string{
		`{"v.$":"$$"}`:                           `{"v":{}}`,
		`{"v.$":"$"}`:                            `States.Runtime: The JSONPath '$' specified for the field 'v.$' could not be found in the input 'null'`,
		`{"v.$":"$x"}`:                           `States.Runtime: The JSONPath '$x' specified for the field 'v.$' could not be found in the input 'null'`,
		`{"v.$":"States.UUID()"}`:                `States.Runtime: The function 'States.UUID()' had the following error: there is no source of randomness here`,
		`{"v.$":"States.MathRandom(1, 2, 3)"}`:   `{"v":1}`,
		`{"v.$":"States.ArrayLength($$..none)"}`: `{"v":0}`,
	} {
		v, err := compile(t, text).Eval(&expr.Env{})
		got := v.String()
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %s", text, got)
		}
	}
}

func TestHostileTemplatesEndByTheBudget(t *testing.T) {
	deep := value.Int(1)
	for range 25 {
		deep = value.Array(deep, deep)
	}
	long := value.String(strings.Repeat("x", 200000))
	copies := `"v%d.$":"States.Format('{}{}{}{}{}', $, $, $, $, $)"`
	var members []string
	for i := range 30 {
		members = append(members, fmt.Sprintf(copies, i))
	}
	for _, c := range []struct {
		template string
		input    value.Value
		want     string
	}{
		{`{"v.$":"$..*"}`, deep, "The JSONPath '$..*' specified for the field 'v.$' could not be evaluated: the path visits more than 1000000 nodes"},
		{`{"v.$":"States.ArrayLength($..*)"}`, deep, "had the following error: the path visits more than 1000000 nodes"},
		{"{" + strings.Join(members, ",") + "}", long, "would build too much text"},
	} {
		_, err := compile(t, c.template).Eval(env(c.input))
		var failure *expr.Error
		if !errors.As(err, &failure) || !strings.Contains(failure.Message, c.want) {
			t.Errorf("%.40s: got %.200v", c.template, err)
		}
	}
}

func FuzzTemplate(f *testing.F) {
	for _, c := range templateCases(f) {
		f.Add(string(c.Template), string(c.Input))
	}
	f.Fuzz(func(t *testing.T, text, inputText string) {
		doc, err := value.Parse(text)
		if err != nil {
			return
		}
		input, err := value.Parse(inputText)
		if err != nil {
			return
		}
		template, problems := expr.CompileTemplate(doc)
		if (template == nil) != (len(problems) > 0) {
			t.Fatalf("%s: template %v with problems %v", text, template, problems)
		}
		if template == nil {
			return
		}
		v, err := template.Eval(env(input))
		again, err2 := template.Eval(env(input))
		if fmt.Sprint(v, err) != fmt.Sprint(again, err2) {
			t.Fatalf("%s: %v %v, then %v %v", text, v, err, again, err2)
		}
		if template.Constant() && (err != nil || v.JSON() != doc.JSON()) {
			t.Fatalf("%s: constant, but %v %v", text, v, err)
		}
		if err == nil && v.Size() != len(v.JSON()) {
			t.Fatalf("%s: size %d of %s", text, v.Size(), v)
		}
	})
}
