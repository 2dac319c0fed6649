package statefile

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

func ptr[T any](v T) *T { return &v }

func good() State {
	return State{Schema: Schema, ExecutionName: "nightly", Attempt: 3, Name: "nightly-3",
		StateMachineArn: "arn:aws:states:eu-west-1:123456789012:stateMachine:order", Input: ptr(`{"n": 12345678901234567890, "é":"\u00e9<&>` + "\u2028\"}\n"),
		Frozen: time.Date(2026, 11, 20, 4, 41, 34, 5, time.UTC)}
}

func text(t testing.TB, s State) string {
	t.Helper()
	data, err := s.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestRoundTrip(t *testing.T) {
	ended := good()
	ended.ExecutionArn, ended.Status, ended.ExitCode = ptr("arn"), ptr("FAILED"), ptr(23)
	none := good()
	none.Input = nil
	for _, s := range []State{good(), ended, none} {
		got, err := Parse([]byte(text(t, s)))
		if err != nil || cmp.Diff(s, got) != "" {
			t.Errorf("%v\n%s", err, cmp.Diff(s, got))
		}
	}
}

func TestInputThatIsNotUTF8(t *testing.T) {
	s := good()
	s.Input = ptr("\"\xff\"")
	if _, err := s.JSON(); err == nil {
		t.Error("it is written, and would be read as another one")
	}
}

func TestBrokenFiles(t *testing.T) {
	whole := text(t, good())
	for _, c := range []struct {
		name, data, want string
	}{
		{"empty", "", "is empty"},
		{"cut", whole[:len(whole)/2], "is not JSON"},
		{"doubled", whole + whole, "is not JSON"},
		{"a key twice", strings.Replace(whole, "{", `{"attempt":3,`, 1), "is not JSON"},
		{"not UTF-8", strings.Replace(whole, "nightly", "night\xff", 1), "is not JSON"},
		{"no object", "[]", "is no JSON object"},
		{"foreign", `{"name":"left-pad","version":"1.0.0"}`, "its schema is missing"},
		{"of another time", strings.Replace(whole, Schema, "sfnx.state/v9", 1), `its schema is "sfnx.state/v9", want "sfnx.state/v1"`},
		{"a member is missing", strings.Replace(whole, `  "status": null,`+"\n", "", 1), `lacks the member "status"`},
		{"a member more", strings.Replace(whole, "{", `{"Attempt":3,`, 1), `has a member "Attempt", which is none of sfnx.state/v1`},
		{"a wrong type", strings.Replace(whole, `"attempt": 3`, `"attempt": "3"`, 1), `has a wrong value at "attempt"`},
		{"no attempt", strings.Replace(whole, `"attempt": 3`, `"attempt": 0`, 1), `has "attempt" 0`},
		{"another attempt", strings.Replace(whole, `"attempt": 3`, `"attempt": 4`, 1), `has "name" "nightly-3", want that of attempt 4 of "nightly"`},
		{"another name", strings.Replace(whole, `"nightly"`, `"daily"`, 1), `want that of attempt 3 of "daily"`},
		{"a name that is none", strings.ReplaceAll(whole, "nightly", "night ly"), `has a "name" that holds ' '`},
		{"no machine", strings.Replace(whole, "arn:aws:states:eu-west-1:123456789012:stateMachine:order", "", 1), `has an empty "state_machine_arn"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := Parse([]byte(c.data)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want it to say %q", err, c.want)
			}
		})
	}
	var syntax *jsontext.SyntacticError
	if _, err := Parse([]byte("{\n!")); !errors.As(err, &syntax) || syntax.ByteOffset != 2 {
		t.Errorf("error %v says nothing of the offset 2", err)
	}
}

// Whatever a file holds: it is refused, or means the same when it is written again.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{text(f, good()), "{}", "null", `{"schema":"sfnx.state/v1"}`, ""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse(data)
		if err != nil {
			return
		}
		again, err := Parse([]byte(text(t, s)))
		if diff := cmp.Diff(s, again); err != nil || diff != "" {
			t.Errorf("%v\n%s", err, diff)
		}
	})
}
