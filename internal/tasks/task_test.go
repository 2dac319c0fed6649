package tasks_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/tasks"
	"github.com/sfnx/sfnx/internal/value"
)

func TestParseTaskSaysWhatIsWanted(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "want PATTERN=exec:COMMAND",
		"Charge":                           "want PATTERN=exec:COMMAND",
		"Charge=python3 x.py":              "want PATTERN=exec:COMMAND",
		"=exec:true":                       "want PATTERN=exec:COMMAND",
		"Charge=exec:":                     `task "Charge": want a command and its arguments after exec:, got nothing`,
		"Charge=exec: '":                   `task "Charge": the command " '" ends within a quotation`,
		"Charge=exec:no-such-command-here": `task "Charge": the command cannot be run: exec: "no-such-command-here"`,
		"Charge=http://":                   `the address "http://" has no host, want http://HOST:PORT`,
		"Charge=http://a b":                `the address is none: `,
		"Charge=http://me:secret@h":        "must not hold a user or password",
		"Charge=http://h/?x=1":             `must end with the host and port, or a path`,
	} {
		_, err := tasks.ParseTask(text, tasks.TaskOptions{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error tells the password: %v", text, err)
		}
	}
}

func call(t *testing.T, state, resource, parameters string) sim.Call {
	t.Helper()
	v, err := value.Parse(parameters)
	if err != nil {
		t.Fatal(err)
	}
	return sim.Call{
		ExecutionArn: "arn:aws:states:eu-west-1:123456789012:execution:m:x", State: state, Resource: resource, Parameters: v,
		Now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}
}

const (
	function = "arn:aws:lambda:eu-west-1:123456789012:function:charge"
	invoke   = "arn:aws:states:::lambda:invoke"
)

func TestMatches(t *testing.T) {
	byName := call(t, "Charge", invoke, `{"FunctionName": "charge"}`)
	for _, c := range []struct {
		pattern string
		call    sim.Call
		want    bool
	}{
		{"Charge", call(t, "Charge", function, `{}`), true},
		{"Charge", call(t, "charge", function, `{}`), false},
		{"Char*", call(t, "Charge", function, `{}`), false},
		{"a=b", call(t, "a=b", function, `{}`), true},
		{"*", call(t, "Charge", function, `{}`), true},
		{"*", call(t, "Send", "arn:aws:states:::sqs:sendMessage", `{}`), true},
		{function, call(t, "Charge", function, `{}`), true},
		{function, call(t, "Charge", function+":live", `{}`), true},
		{function + ":live", call(t, "Charge", function+":live", `{}`), true},
		{function + ":live", call(t, "Charge", function, `{}`), false},
		{function, call(t, "Charge", function+"2", `{}`), false},
		{"arn:aws:lambda:*:function:charge", call(t, "Charge", function, `{}`), true},
		{"arn:*:function:c*e", call(t, "Charge", function, `{}`), true},
		{"arn:*:function:*x*", call(t, "Charge", function, `{}`), false},
		{function, byName, true},
		{function, call(t, "Charge", invoke, `{"FunctionName": "charge:live"}`), true},
		{function, call(t, "Charge", invoke, `{"FunctionName": "123456789012:function:charge"}`), true},
		{function, call(t, "Charge", invoke, `{"FunctionName": "999999999999:function:charge"}`), false},
		{function, call(t, "Charge", invoke, `{"FunctionName": "`+function+`:7"}`), true},
		{function, call(t, "Charge", invoke, `{"FunctionName": "refund"}`), false},
		{function, call(t, "Charge", invoke+".waitForTaskToken", `{"FunctionName": "charge"}`), true},
		{function, call(t, "Charge", "arn:aws:states:::sqs:sendMessage", `{"FunctionName": "charge"}`), false},
		{invoke, byName, true},
		{"arn:aws:states:::lambda:*", byName, true},
		{"arn:aws:states:::sqs:*", byName, false},
	} {
		task, err := tasks.ParseTask(c.pattern+"=http://127.0.0.1:1", tasks.TaskOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if got := task.Matches(c.call); got != c.want {
			t.Errorf("%s matches %s %s: %v", c.pattern, c.call.Resource, c.call.Parameters, got)
		}
	}
}

func TestSplitWords(t *testing.T) {
	for text, want := range map[string][]string{
		"":                           nil,
		"  a  b\tc\n":                {"a", "b", "c"},
		`a 'b c' "d e"f`:             {"a", "b c", "d ef"},
		`'' ""`:                      {"", ""},
		`'a\b' "a\"\\b\n" a\ b\n`:    {`a\b`, `a"\b\n`, `a bn`},
		`"it's" 'say "hi"' $HOME *`:  {`it's`, `say "hi"`, "$HOME", "*"},
		"python3 handler.py é":       {"python3", "handler.py", "é"},
		`sh -c 'cat | jq "{a: .b}"'`: {"sh", "-c", `cat | jq "{a: .b}"`},
	} {
		if got, err := tasks.SplitWords(text); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %q, %v, want %q", text, got, err, want)
		}
	}
	for _, text := range []string{`'a`, `"a`, `a\`, `"a\"`} {
		if got, err := tasks.SplitWords(text); err == nil {
			t.Errorf("%s: got %q", text, got)
		}
	}
}

func FuzzSplitWords(f *testing.F) {
	f.Add("a", "b c")
	f.Add(`it's`, `\"`)
	f.Fuzz(func(t *testing.T, a, b string) {
		_, _ = tasks.SplitWords(a)
		quoted := "'" + strings.ReplaceAll(a, "'", `'\''`) + "' '" + strings.ReplaceAll(b, "'", `'\''`) + "'"
		want := []string{a, b}
		if got, err := tasks.SplitWords(quoted); err != nil || !slices.Equal(got, want) {
			t.Fatalf("%s: got %q, %v, want %q", quoted, got, err, want)
		}
	})
}

func TestChain(t *testing.T) {
	none := &tasks.Mocks{}
	first := none.With(flags(t, `Charge="first"`)...)
	second := none.With(flags(t, `Charge="second"`, `Ship="second"`)...)
	region, arn := start(t, charge, tasks.Chain(none, first, second))
	if got := outcome(t, region, arn, "x", `{}`); got != `"first"` {
		t.Errorf("got %s", got)
	}
	task, err := tasks.ParseTask("arn:aws:lambda:*:function:x=http://127.0.0.1:1", tasks.TaskOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		chain sim.Tasks
		want  string
	}{
		{tasks.Chain(), `Task state "Charge" (arn:aws:states:::lambda:invoke): nothing answers it: add --mock 'Charge={"your":"result"}' or --task 'PATTERN=exec:COMMAND'`},
		{tasks.Chain(task, none.With(flags(t, `Ship=1`, `Pack=1`)...)), `Task state "Charge" (arn:aws:states:::lambda:invoke): nothing answers it (tried: arn:aws:lambda:*:function:x, Ship, Pack): add --mock 'Charge={"your":"result"}' or --task 'PATTERN=exec:COMMAND'`},
	} {
		region, arn := start(t, charge, c.chain)
		if got := outcome(t, region, arn, "x", `{}`); got != c.want {
			t.Errorf("got %s\nwant %s", got, c.want)
		}
	}
}
