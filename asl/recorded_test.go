package asl

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const shared = "../../shared"

// sharedFiles are the files of a folder of the conformance data, which is not part of this repository.
func sharedFiles(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(shared, pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skipf("%s is not here: run with the conformance data beside the repository", filepath.Join(shared, pattern))
	}
	return files
}

func readJSON(t *testing.T, file string, to any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, to); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// wrong are the errors that say that a definition is wrong, as opposed to not supported yet.
func wrong(found Diagnostics) (errors Diagnostics) {
	for _, d := range found {
		if d.Severity == SeverityError && d.Code != Unsupported {
			errors = append(errors, d)
		}
	}
	return errors
}

// TestDefinitionsInUse: definitions that people deploy are right.
func TestDefinitionsInUse(t *testing.T) {
	accepted := 0
	files := sharedFiles(t, "definitions/*.asl.json")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		machine, found := Parse(text, Options{AllowPlaceholders: true})
		if bad := wrong(found); len(bad) > 0 {
			t.Errorf("%s:\n%s", filepath.Base(file), render(bad))
		}
		if machine != nil {
			accepted++
		}
	}
	t.Logf("%d of %d accepted, the others are right but not supported yet", accepted, len(files))
}

// TestRecordedExecutions: AWS ran these definitions.
func TestRecordedExecutions(t *testing.T) {
	for _, kind := range []string{"execution", "sync-execution"} {
		accepted := 0
		files := sharedFiles(t, "conformance/cases/"+kind+"/*.json")
		for _, file := range files {
			var c struct {
				Definition   string
				WorkflowType string `json:"workflow_type"`
			}
			readJSON(t, file, &c)
			machine, found := Parse([]byte(c.Definition), Options{Type: c.WorkflowType})
			if bad := wrong(found); len(bad) > 0 {
				t.Errorf("%s:\n%s", filepath.Base(file), render(bad))
			}
			if machine != nil {
				accepted++
			}
		}
		t.Logf("%s: %d of %d accepted, the others are right but not supported yet", kind, accepted, len(files))
	}
}

// TestRecordedValidations: AWS answered these definitions with findings, or with InvalidDefinition.
func TestRecordedValidations(t *testing.T) {
	same, all := 0, 0
	for _, file := range sharedFiles(t, "conformance/cases/validate/*.json") {
		var c struct {
			Op      string
			Request struct{ Definition, Type string }
			Expect  struct {
				Diagnostics []Diagnostic
				Exception   struct{ Code, Message string }
			}
		}
		readJSON(t, file, &c)
		if c.Expect.Exception.Code != "" && c.Expect.Exception.Code != "InvalidDefinition" {
			continue // about something else than the definition
		}
		all++
		_, found := Parse([]byte(c.Request.Definition), Options{Type: c.Request.Type})
		theirs := awsOnly(found)
		want := Diagnostics(c.Expect.Diagnostics).Error()
		if c.Expect.Exception.Message != "" {
			want = c.Expect.Exception.Message
		}
		if got := recorded(theirs.Error()); got != want {
			t.Errorf("%s:\n got %s\nwant %s", filepath.Base(file), got, want)
			continue
		}
		same++
	}
	t.Logf("%d of %d as recorded", same, all)
}

// TestRecordedStates: TestState takes one state, whose neighbours are missing.
func TestRecordedStates(t *testing.T) {
	for _, file := range sharedFiles(t, "conformance/cases/test-state/*.json") {
		var c struct {
			Request struct{ Definition, StateName string }
			Expect  struct {
				Exception struct {
					Message    string
					ClientSide bool `json:"client_side"`
				}
			}
		}
		readJSON(t, file, &c)
		if c.Expect.Exception.ClientSide {
			continue // AWS never saw it
		}
		if c.Request.StateName == "" {
			c.Request.Definition = `{"StartAt":"StateName","States":{"StateName":` + c.Request.Definition + `}}`
		}
		_, found := Parse([]byte(c.Request.Definition), Options{})
		const invalid = "Invalid State Machine Definition: "
		if want := c.Expect.Exception.Message; strings.HasPrefix(want, invalid) {
			if got := recorded(awsOnly(found).Error()); got != want {
				t.Errorf("%s:\n got %s\nwant %s", filepath.Base(file), got, want)
			}
			continue
		}
		for _, d := range wrong(found) {
			if d.Code != MissingTransitionTarget && d.Code != MissingEndState {
				t.Errorf("%s: %s", filepath.Base(file), d)
			}
		}
	}
}

// awsOnly leaves out what AWS does not find.
func awsOnly(found Diagnostics) (theirs Diagnostics) {
	for _, d := range found {
		if !d.Ours {
			theirs = append(theirs, d)
		}
	}
	return theirs
}

// recorded writes the partition the way the recordings do.
func recorded(message string) string {
	return strings.ReplaceAll(message, "arn:aws:", "arn:<partition>:")
}
