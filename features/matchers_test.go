package features

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/onsi/gomega"
	"github.com/onsi/gomega/gcustom"
	"github.com/onsi/gomega/types"
)

// promises are the classes and status descriptions of the job contract, byte for byte. What stands in angle brackets
// depends on the run.
var promises = map[string]struct{ class, description string }{
	"0 SUCCEEDED":              {"SUCCESS", "SUCCESS: AWS Step Functions workflow executed successfully."},
	"0 STARTED":                {"SUCCESS", "SUCCESS: AWS Step Functions workflow started successfully"},
	"1 UNEXPECTED_ERROR":       {"FAIL", "FAIL: Unexpected error. Execute in Debug for more information."},
	"2 AUTHENTICATION_ERROR":   {"AUTHENTICATION_ERROR", "AUTHENTICATION_ERROR: Account cannot be authenticated."},
	"3 AUTHORIZATION_ERROR":    {"AUTHORIZATION_ERROR", "AUTHORIZATION_ERROR: Account is not authorized to perform the requested action."},
	"10 CONNECTION_ERROR":      {"CONNECTION_ERROR", "CONNECTION_ERROR: <error description>"},
	"11 PROXY_ERROR":           {"CONNECTION_ERROR", "CONNECTION_ERROR: ProxyConnectionError: Failed to connect to proxy URL <url>"},
	"20 DATA_VALIDATION_ERROR": {"DATA_VALIDATION_ERROR", "DATA_VALIDATION_ERROR: Some of the input fields cannot be validated. See STDOUT for more details"},
	"23 FAILED":                {"FAIL", "FAILED: Step Function is in FAILED state."},
	"24 ABORTED":               {"FAIL", "FAILED: Step Function is in ABORTED state."},
	"25 TIMED_OUT":             {"FAIL", "FAILED: Step Function is in TIMEOUT state."},
	"124 WAIT_TIMEOUT":         {"WAIT_TIMEOUT", "WAIT_TIMEOUT: Step Function did not end within the wait timeout."},
	"130 INTERRUPTED":          {"INTERRUPTED", "INTERRUPTED: The run was interrupted by SIGINT."},
	"143 TERMINATED":           {"INTERRUPTED", "INTERRUPTED: The run was interrupted by SIGTERM."},
}

func keyOf(code int, ending string) string { return fmt.Sprintf("%d %s", code, ending) }

// ExitWith wants the exit code, and that the one document on stdout tells the same: code, class, status description,
// place, and a result exactly if an execution was started.
func ExitWith(code int) types.GomegaMatcher {
	return match(func(e *ended) string {
		if e.code != code {
			return fmt.Sprintf("want exit code %d", code)
		}
		raw, err := e.document()
		if err != nil {
			return err.Error()
		}
		var doc struct {
			Code        int    `json:"exit_code"`
			Description string `json:"status_description"`
			Changed     bool   `json:"changed"`
			Result      *json.RawMessage
			Sfnx        struct{ Class, Ending, Backend, Schema string }
		}
		if err := json.Unmarshal(raw, &doc); err != nil {
			return err.Error()
		}
		promise, known := promises[keyOf(code, doc.Sfnx.Ending)]
		switch {
		case doc.Code != code:
			return fmt.Sprintf("the document has exit_code %d, want %d", doc.Code, code)
		case !known:
			return fmt.Sprintf("the ending %s has no business with exit code %d", doc.Sfnx.Ending, code)
		case !fits(promise.description, doc.Description):
			return fmt.Sprintf("the status_description is %q, want %q", doc.Description, promise.description)
		case doc.Sfnx.Class != promise.class || doc.Sfnx.Backend != e.place || doc.Sfnx.Schema != "sfnx.run/v1":
			return fmt.Sprintf("sfnx has %+v, want class %s and backend %s", doc.Sfnx, promise.class, e.place)
		case doc.Changed != (doc.Result != nil):
			return fmt.Sprintf("changed is %t, and there is a result: %t", doc.Changed, doc.Result != nil)
		}
		return ""
	})
}

// fits reports whether a status description is the promised one, with something on one line in place of what depends
// on the run.
func fits(promised, got string) bool {
	before, _, open := strings.Cut(promised, "<")
	if !open {
		return got == promised
	}
	rest, ok := strings.CutPrefix(got, before)
	return ok && strings.TrimSpace(rest) == rest && rest != "" && !strings.ContainsAny(rest, "\r\n")
}

// HaveMember wants a member of the document: "sfnx.error". want is a value or a matcher.
func HaveMember(path string, want any) types.GomegaMatcher {
	matcher, ok := want.(types.GomegaMatcher)
	if !ok {
		matcher = gomega.BeEquivalentTo(want)
		if want == nil {
			matcher = gomega.BeNil()
		}
	}
	return match(func(e *ended) string {
		value, err := e.member(path)
		if err != nil {
			return err.Error()
		}
		if good, err := matcher.Match(value); err != nil || !good {
			return fmt.Sprintf("%s: %s %v", path, matcher.FailureMessage(value), err)
		}
		return ""
	})
}

// LackMember wants the key not to be there at all.
func LackMember(path string) types.GomegaMatcher {
	return match(func(e *ended) string {
		if value, err := e.member(path); err == nil {
			return fmt.Sprintf("%s is %v, want no such key", path, value)
		}
		return ""
	})
}

// HaveStarted wants an execution that the document tells of, with this status.
func HaveStarted(status string) types.GomegaMatcher {
	return gomega.And(HaveMember("changed", true), HaveMember("result.status", status))
}

// HaveStartedNothing wants a document without an execution.
func HaveStartedNothing() types.GomegaMatcher {
	return gomega.And(HaveMember("changed", false), LackMember("result"))
}

// BeBlamedOn wants these fields among the field errors, and no other.
func BeBlamedOn(fields ...string) types.GomegaMatcher {
	return match(func(e *ended) string {
		var got []string
		for _, f := range e.fieldErrors() {
			got = append(got, f.Field)
		}
		if diff := cmp.Diff(fields, got); diff != "" {
			return "field errors (-want +got):\n" + diff
		}
		return ""
	})
}

// match is a matcher of an ended command. problem is empty if all is well.
func match(problem func(*ended) string) types.GomegaMatcher {
	var found string
	return gcustom.MakeMatcher(func(e *ended) (bool, error) {
		found = problem(e)
		return found == "", nil
	}).WithTemplate("{{.Data}}\n{{.Actual}}", lazy{&found})
}

// lazy is a text that is known when it is printed.
type lazy struct{ text *string }

func (l lazy) String() string { return *l.text }

// fieldError is one of sfnx.field_errors.
type fieldError struct{ Field, Value, Rule string }

func (e *ended) fieldErrors() []fieldError {
	var doc struct {
		Sfnx struct {
			FieldErrors []fieldError `json:"field_errors"`
		}
	}
	if raw, err := e.document(); err == nil {
		_ = json.Unmarshal(raw, &doc)
	}
	return doc.Sfnx.FieldErrors
}

// member is a value of the document: text, number, boolean, nil, or raw JSON of what has members itself.
func (e *ended) member(path string) (any, error) {
	raw, err := e.document()
	if err != nil {
		return nil, err
	}
	for key := range strings.SplitSeq(path, ".") {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(raw, &object); err != nil {
			return nil, fmt.Errorf("%s: above %s is no object: %s", path, key, raw)
		}
		value, ok := object[key]
		if !ok {
			return nil, fmt.Errorf("there is no %s in the document", path)
		}
		raw = value
	}
	if raw[0] == '{' || raw[0] == '[' {
		return raw, nil
	}
	var value any
	return value, json.Unmarshal(raw, &value)
}

// text is a member that is a text.
func (e *ended) text(path string) string {
	value, err := e.member(path)
	text, ok := value.(string)
	if err != nil || !ok {
		return fmt.Sprintf("(%s: %v %v)", path, value, err)
	}
	return text
}
