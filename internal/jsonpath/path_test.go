package jsonpath_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/internal/jsonpath"
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

func compile(t testing.TB, src string) *jsonpath.Path {
	t.Helper()
	p, err := jsonpath.Parse(src)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return p
}

// outcome is the JSON of the result, "out of range", or "! " and the error.
func outcome(p *jsonpath.Path, doc value.Value) string {
	v, err := p.Eval(doc)
	var missing *jsonpath.NotFound
	switch {
	case err == nil:
		return v.JSON()
	case errors.As(err, &missing) && missing.OutOfRange():
		return "out of range"
	}
	return "! " + err.Error()
}

type pathCase struct {
	Why   string
	Doc   json.RawMessage
	Paths map[string]string
}

func TestPaths(t *testing.T) {
	var cases []pathCase
	load(t, "testdata/paths.json", &cases)
	for _, c := range cases {
		t.Run(c.Why, func(t *testing.T) {
			doc := parse(t, string(c.Doc))
			for src, want := range c.Paths {
				p := compile(t, src)
				if got := outcome(p, doc); got != want {
					t.Errorf("%s\n got %s\nwant %s", src, got, want)
				}
				if p.String() != src {
					t.Errorf("%s: String is %s", src, p)
				}
			}
		})
	}
}

func TestSyntaxErrors(t *testing.T) {
	cases := map[string]string{}
	load(t, "testdata/syntax.json", &cases)
	cases["$"+strings.Repeat(".a", 1001)] = "column 2002: a path has at most 1000 segments"
	cases["$[?("+strings.Repeat("(", 40)] = "column 36: filters nest at most 32 deep"
	cases["$[?("+strings.Repeat("!", 40)] = "column 36: filters nest at most 32 deep"
	for src, want := range cases {
		_, err := jsonpath.Parse(src)
		var syntax *jsonpath.SyntaxError
		if !errors.As(err, &syntax) || err.Error() != want {
			t.Errorf("%s\n got %v\nwant %s", src, err, want)
		}
	}
}

func TestKindsOfPath(t *testing.T) {
	for _, c := range []struct {
		src, root, normal   string
		definite, reference bool
	}{
		{"$", "", "$", true, true},
		{"$$", "$", "$", true, true},
		{"$name.a[0]", "name", "$['a'][0]", true, true},
		{"$.a['b c'][3]", "", "$['a']['b c'][3]", true, true},
		{"$['a:b']", "", "$['a:b']", true, true},
		{`$.a\:b`, "", "$['a:b']", true, true},
		{"$.a:b", "", "$['a:b']", true, false},
		{"$.a.length()", "", "$['a']['length()']", true, false},
		{"$.a[(@.length-1)]", "", "$['a'][@.size()-1]", true, false},
		{"$['a','b']", "", "$['a', 'b']", true, false},
		{"$['a','b'].c", "", "$['a', 'b']['c']", false, false},
		{"$.a[*]", "", "$['a'][*]", false, false},
		{"$..b", "", "$..['b']", false, false},
		{"$.a[0,1]", "", "$['a'][0,1]", false, false},
		{"$.a[0:1]", "", "$['a'][0:1]", false, false},
		{"$.a[-1:]", "", "$['a'][-1:]", false, false},
		{"$.a[:2]", "", "$['a'][:2]", false, false},
		{"$.a[?(@.x)].b", "", "$['a'][?(@.x)]['b']", false, false},
	} {
		p := compile(t, c.src)
		if p.Root() != c.root || p.Normal() != c.normal || p.Definite() != c.definite || p.IsReference() != c.reference {
			t.Errorf("%s: root %q, normal %s, definite %v, reference %v", c.src, p.Root(), p.Normal(), p.Definite(), p.IsReference())
		}
		if p.IsRoot() != (c.normal == "$") {
			t.Errorf("%s: IsRoot %v", c.src, p.IsRoot())
		}
	}
}

func TestSet(t *testing.T) {
	for _, c := range []struct{ doc, path, want string }{
		{`{"a":1}`, `$`, `"new"`},
		{`{"a":1,"b":2}`, `$.a`, `{"a":"new","b":2}`},
		{`{"a":1}`, `$.b`, `{"a":1,"b":"new"}`},
		{`{"a":1}`, `$.x.y.z`, `{"a":1,"x":{"y":{"z":"new"}}}`},
		{`{"a":{"b":[1,{"c":2}]}}`, `$.a.b[1].c`, `{"a":{"b":[1,{"c":"new"}]}}`},
		{`[1,2]`, `$[0]`, `["new",2]`},
		{`{"a":[1]}`, `$.a[1]`, ``},
		{`{"a":[1]}`, `$.a[-1]`, ``},
		{`{}`, `$.a[0]`, ``},
		{`{"a":1}`, `$.a.b`, ``},
		{`{"a":null}`, `$.a.b`, ``},
		{`"text"`, `$.a`, ``},
		{`[1]`, `$.a`, ``},
		{`{"a":[{"b":1}]}`, `$.a[0].b.c`, ``},
		{`{"a":[1]}`, `$.a[*]`, ``},
	} {
		doc := parse(t, c.doc)
		out, ok := compile(t, c.path).Set(doc, value.String("new"))
		if ok != (c.want != "") || ok && out.JSON() != c.want {
			t.Errorf("%s in %s: got %s, %v", c.path, c.doc, out, ok)
		}
		if doc.JSON() != c.doc {
			t.Errorf("%s changed the document to %s", c.path, doc)
		}
	}
}

// deep is an object nested n levels, with an array at each.
func deep(n int) value.Value {
	v := value.Int(1)
	for range n {
		v = value.Object(value.Member{Key: "a", Value: v}, value.Member{Key: "l", Value: value.Array(v)})
	}
	return v
}

func TestHostilePathsEndByTheBudget(t *testing.T) {
	wide := make([]value.Value, 20000)
	for i := range wide {
		wide[i] = value.Object(value.Member{Key: "v", Value: value.Int(int64(i))})
	}
	long := value.Object(value.Member{Key: "s", Value: value.String(strings.Repeat("x", 100000))})
	for _, c := range []struct {
		path string
		doc  value.Value
	}{
		{"$..*", deep(25)},
		{"$..*..*..*..*", deep(12)},
		{"$[*][?($..v == 1)]", value.Array(value.Array(wide...))},
		{"$[?(@.v in $[*].v)]", value.Array(wide...)},
		{"$[?(!(@.v in $[*].v))]", value.Array(wide...)},
		{"$[?($[*] subsetof $[*])]", value.Array(wide...)},
		{"$[?(@.s =~ /x*y/)]", value.Array(append(wide[:0:0], repeat(long, 2000)...)...)},
	} {
		if _, err := compile(t, c.path).Eval(c.doc); !errors.Is(err, jsonpath.ErrTooManySteps) {
			t.Errorf("%s: got %v", c.path, err)
		}
	}
	if v, err := compile(t, "$..v").Eval(value.Array(wide...)); err != nil || v.Len() != len(wide) {
		t.Errorf("one deep scan: %d, %v", v.Len(), err)
	}
}

func repeat(v value.Value, n int) []value.Value {
	out := make([]value.Value, n)
	for i := range out {
		out[i] = v
	}
	return out
}

func FuzzPath(f *testing.F) {
	var cases []pathCase
	load(f, "testdata/paths.json", &cases)
	for _, c := range cases {
		for src := range c.Paths {
			f.Add(src, string(c.Doc))
		}
	}
	f.Fuzz(func(t *testing.T, src, text string) {
		doc, err := value.Parse(text)
		if err != nil {
			return
		}
		p, err := jsonpath.Parse(src)
		if err != nil {
			return
		}
		first := outcome(p, doc)
		if again := outcome(p, doc); again != first {
			t.Fatalf("%s: %s, then %s", src, first, again)
		}
		out, ok := p.Set(doc, value.Null())
		if !ok {
			return
		}
		if got, err := p.Eval(out); err != nil || !got.IsNull() {
			t.Fatalf("%s: set, but then %v, %v", src, got, err)
		}
	})
}
