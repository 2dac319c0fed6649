package jsonata_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/internal/jsonata"
	"github.com/sfnx/sfnx/internal/value"
)

// suiteDir is the public suite of the language, which lies beside the repository. It is empty if it is not there.
func suiteDir(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("found no go.mod above the test")
		}
	}
	suite := filepath.Join(dir, "..", "shared", "jsonata-suite")
	if _, err := os.Stat(suite); err != nil {
		return ""
	}
	return suite
}

func readJSON(t *testing.T, path string) value.Value {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	v, err := value.Parse(string(text))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return v
}

// TestSuite runs every case of the public suite and prints the score as its last line.
func TestSuite(t *testing.T) {
	dir := suiteDir(t)
	if dir == "" {
		t.Skip("the public suite is not at ../shared/jsonata-suite")
	}
	datasets := map[string]value.Value{}
	files, err := filepath.Glob(filepath.Join(dir, "groups", "*", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(files)
	total := 0
	var failures []string
	for _, file := range files {
		doc := readJSON(t, file)
		cases := []value.Value{doc}
		if doc.Kind() == value.ArrayKind {
			cases = doc.Items()
		}
		for i, c := range cases {
			total++
			if err := runCase(t, dir, file, c, datasets); err != nil {
				name, _ := filepath.Rel(filepath.Join(dir, "groups"), file)
				failures = append(failures, fmt.Sprintf("%s[%d]: %v", name, i, err))
			}
		}
	}
	for _, f := range failures {
		fmt.Println(f)
	}
	if len(failures)*200 > total {
		t.Errorf("less than 99.5 %% of the suite passes")
	}
	fmt.Printf("jsonata suite %d/%d\n", total-len(failures), total)
}

func runCase(t *testing.T, dir, file string, c value.Value, datasets map[string]value.Value) error {
	get := func(name string) value.Value {
		v, _ := c.Get(name)
		return v
	}
	src := get("expr").Str()
	if f := get("expr-file").Str(); f != "" {
		text, err := os.ReadFile(filepath.Join(filepath.Dir(file), f))
		if err != nil {
			t.Fatal(err)
		}
		src = string(text)
	}
	input := get("data")
	if name := get("dataset").Str(); name != "" && input.IsUndefined() {
		v, ok := datasets[name]
		if !ok {
			v = readJSON(t, filepath.Join(dir, "datasets", name+".json"))
			datasets[name] = v
		}
		input = v
	}
	want := get("code").Str()
	var message string
	if e := get("error"); !e.IsUndefined() {
		code, _ := e.Get("code")
		text, _ := e.Get("message")
		want, message = code.Str(), text.Str()
	}
	env := jsonata.Env{
		Input:    input,
		Bindings: func(name string) (value.Value, bool) { return get("bindings").Get(name) },
		Now:      time.UnixMilli(1_700_000_000_000).UTC(),
		Random:   func() float64 { return 0.25 },
		// some cases count to ten million
		Budget: jsonata.Budget{Steps: 200_000_000, Bytes: 2 << 30},
	}
	if d, ok := get("depth").Int64(); ok {
		env.Budget.Depth = d
	}
	if l, ok := get("timelimit").Int64(); ok && l == 1000 {
		env.Budget.Steps = 0
	}
	got, failed := value.Value{}, (*jsonata.Error)(nil)
	e, failed := jsonata.Compile(src)
	if failed == nil {
		got, failed = e.Eval(env)
	}
	if failed != nil {
		code := failed.Code
		if code == jsonata.CodeDepth || code == jsonata.CodeSteps {
			code = "U1001" // the suite's code for running into the limits of the case
		}
		switch {
		case code != want:
			return fmt.Errorf("%q: got error %w, want %s %s", short(src), failed, want, get("result"))
		case message != "" && message != failed.Message:
			return fmt.Errorf("%q: got message %q, want %q", short(src), failed.Message, message)
		}
		if token := get("token"); !token.IsUndefined() && token.Str() != failed.Token {
			return fmt.Errorf("%q: got token %q, want %q", short(src), failed.Token, token.Str())
		}
		return nil
	}
	if want != "" {
		return fmt.Errorf("%q: got %s, want error %s", short(src), short(got.String()), want)
	}
	if get("undefinedResult").Bool() {
		if !got.IsUndefined() {
			return fmt.Errorf("%q: got %s, want undefined", short(src), short(got.String()))
		}
		return nil
	}
	result := get("result")
	same := value.Equal(got, result) && !got.IsUndefined()
	if get("unordered").Bool() && got.Kind() == value.ArrayKind && result.Kind() == value.ArrayKind {
		same = sorted(got) == sorted(result)
	}
	if !same {
		return fmt.Errorf("%q: got %s, want %s", short(src), short(got.String()), short(result.String()))
	}
	return nil
}

func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 300 {
		s = s[:300] + "..."
	}
	return s
}

func sorted(v value.Value) string {
	var items []string
	for _, item := range v.Items() {
		items = append(items, item.JSON())
	}
	sort.Strings(items)
	return strings.Join(items, ",")
}
