package cli

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/output"
)

// merged is the request that comes of variables, a request document and flags.
func merged(t *testing.T, variables map[string]string, document string, args ...string) fsm.Request {
	t.Helper()
	env := Environment{
		LookupEnv: func(name string) (string, bool) { v, ok := variables[name]; return v, ok },
		Files:     Files{Read: func(string) ([]byte, error) { return []byte(document), nil }},
	}
	flags := pflag.NewFlagSet("run", pflag.ContinueOnError)
	fieldFlags(flags, starting)
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	a := newApp(Streams{}, env.withDefaults())
	defer a.interrupts.stop()
	file := ""
	if document != "" {
		file = "request.json"
	}
	return newMerge(a, flags, file, starting).request
}

// samples are three values of a kind, as texts and as they stand in a request document.
func samples(f field) (texts, values [3]string) {
	switch f.kind {
	case booleanKind:
		return [3]string{"true", "false", "true"}, [3]string{"true", "false", "true"}
	case integerKind:
		return [3]string{"11", "12", "13"}, [3]string{"11", "12", "13"}
	case durationKind:
		return [3]string{"11", "12m", "13h"}, [3]string{"11", `"12m"`, `"13h"`}
	case listKind:
		return [3]string{"arn:1", "arn:2", "arn:3,arn:4"}, [3]string{`"arn:1"`, `["arn:2"]`, `["arn:3", "arn:4"]`}
	}
	return [3]string{`["a"]`, `["b"]`, `["c"]`}, [3]string{`"[\"a\"]"`, `"[\"b\"]"`, `"[\"c\"]"`}
}

// Every field can be given by each of its variables, by its key and by its flag, and in this order the later one wins.
func TestEachFieldHasThreeWays(t *testing.T) {
	for _, f := range fields {
		if f.key == "" {
			continue
		}
		texts, values := samples(f)
		document := func(i int) string { return fmt.Sprintf(`{%q: %s}`, f.key, values[i]) }
		same := func(what string, got, want fsm.Request) {
			t.Helper()
			got.UseProxy, got.RoleBasedAccess, want.UseProxy, want.RoleBasedAccess = false, false, false, false // implied
			if len(got.ParseErrors) > 0 || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %s: got %+v, want %+v", f.key, what, got, want)
			}
		}
		if reflect.DeepEqual(merged(t, nil, document(0)), merged(t, nil, document(1))) {
			t.Errorf("%s: the key changes nothing", f.key)
		}
		for _, name := range f.allVariables() {
			variable := map[string]string{name: texts[0]}
			same(name+" alone", merged(t, variable, ""), merged(t, nil, document(0)))
			same("the document over "+name, merged(t, variable, document(1)), merged(t, nil, document(1)))
			same("null over "+name, merged(t, variable, fmt.Sprintf(`{%q: null}`, f.key)), merged(t, nil, document(0)))
		}
		if f.flag != "" {
			flag := "--" + f.flag + "=" + texts[2]
			same("the flag alone", merged(t, nil, "", flag), merged(t, nil, document(2)))
			same("the flag over the document", merged(t, nil, document(1), flag), merged(t, nil, document(2)))
		}
	}
}

func TestEverySeedFieldIsThere(t *testing.T) {
	text, err := json.Marshal(output.Fields{})
	if err != nil {
		t.Fatal(err)
	}
	var shown map[string]any
	if err := json.Unmarshal(text, &shown); err != nil {
		t.Fatal(err)
	}
	for key := range shown {
		if _, ok := fieldOf(key); !ok {
			t.Errorf("the document shows %s, but nothing sets it", key)
		}
	}
}

func TestImplications(t *testing.T) {
	const role = "arn:aws:iam::123456789012:role/r"
	tests := []struct {
		name      string
		variables map[string]string
		document  string
		args      []string
		proxy     bool
		roles     bool
	}{
		{name: "by flags", args: []string{"--proxy=http://p:1", "--role-arn=" + role}, proxy: true, roles: true},
		{name: "by variables", variables: map[string]string{"SFNX_PROXY": "http://p:1", "SFNX_ROLE_ARN": role}, proxy: true, roles: true},
		{name: "not by the document", document: `{"proxy": "http://p:1", "role_arn": "` + role + `"}`},
		{name: "a flag over the document's no", document: `{"use_proxy": false, "role_based_access": false}`, args: []string{"--proxy=http://p:1", "--role-arn=" + role}, proxy: true, roles: true},
		{name: "the document's no over a variable", variables: map[string]string{"SFNX_PROXY": "http://p:1", "SFNX_ROLE_ARN": role}, document: `{"use_proxy": false, "role_based_access": false}`},
		{name: "a flag's no", args: []string{"--proxy=http://p:1", "--use-proxy=false", "--role-arn=" + role, "--role-based-access=false"}},
	}
	for _, tt := range tests {
		r := merged(t, tt.variables, tt.document, tt.args...)
		if r.UseProxy != tt.proxy || r.RoleBasedAccess != tt.roles || len(r.ParseErrors) > 0 {
			t.Errorf("%s: use proxy %v, roles %v, errors %v; want %v, %v", tt.name, r.UseProxy, r.RoleBasedAccess, r.ParseErrors, tt.proxy, tt.roles)
		}
	}
}

func TestRoleChain(t *testing.T) {
	want := []string{"arn:aws:iam::123456789012:role/a,b", "arn:aws:iam::123456789012:role/c"}
	for name, r := range map[string]fsm.Request{
		"flags":    merged(t, nil, "", "--role-arn", want[0], "--role-arn", want[1]),
		"variable": merged(t, map[string]string{"SFNX_ROLE_ARN": strings.Join(want, ",")}, ""),
		"array":    merged(t, nil, `{"role_arn": ["`+want[0]+`", "`+want[1]+`"]}`),
		"string":   merged(t, nil, `{"role_arn": "`+strings.Join(want, ",")+`"}`),
	} {
		if !slices.Equal(r.RoleArn, want) {
			t.Errorf("%s: %q, want %q", name, r.RoleArn, want)
		}
	}
}

func TestVariablesOfAWS(t *testing.T) {
	for _, tt := range []struct {
		name      string
		variables map[string]string
		region    string
		endpoint  string
	}{
		{"none", nil, "", ""},
		{"region", map[string]string{"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-1", ""},
		{"default region", map[string]string{"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1", ""},
		{"ours is stronger", map[string]string{"AWS_REGION": "eu-west-2", "SFNX_REGION": "eu-west-1"}, "eu-west-1", ""},
		{"endpoint", map[string]string{"AWS_ENDPOINT_URL": "http://e"}, "", "http://e"},
		{"endpoint of one service", map[string]string{"AWS_ENDPOINT_URL": "http://e", "AWS_ENDPOINT_URL_SFN": "http://s"}, "", ""},
		{"endpoints ignored", map[string]string{"AWS_ENDPOINT_URL": "http://e", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, "", ""},
	} {
		env := Environment{LookupEnv: func(name string) (string, bool) { v, ok := tt.variables[name]; return v, ok }}
		a := newApp(Streams{}, env.withDefaults())
		flags := pflag.NewFlagSet("describe", pflag.ContinueOnError)
		fieldFlags(flags, reaching)
		m := newMerge(a, flags, "", reaching)
		m.onAWS(machines + "good")
		a.interrupts.stop()
		if m.request.Region != tt.region || m.request.EndpointURL != tt.endpoint || len(m.request.ParseErrors) > 0 {
			t.Errorf("%s: region %q, endpoint %q, errors %v", tt.name, m.request.Region, m.request.EndpointURL, m.request.ParseErrors)
		}
	}
}

func FuzzRequestDocument(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"attempt": 1, "attempt": 2}`, `{"role_arn": ["a", 1]}`, `{"input": {"a": [1, "\ud800"]}}`, `[1`, `{"a"}`, "\xff", `{"wait_timeout": 1e400}`, `{"role_arn": []}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, document string) {
		if document == "" {
			t.Skip()
		}
		r := merged(t, nil, document)
		if !json.Valid([]byte(document)) && len(r.ParseErrors) == 0 {
			t.Errorf("%q is no JSON and no error", document)
		}
	})
}
