package asl

import (
	"fmt"
	"strings"

	"github.com/sfnx/sfnx/internal/jackson"
)

// Severity says whether a definition with this finding can be used.
type Severity string

// The severities of ValidateStateMachineDefinition.
const (
	SeverityError   Severity = "ERROR"
	SeverityWarning Severity = "WARNING"
)

// The codes of AWS that this package gives (ValidateStateMachineDefinitionDiagnostic).
const (
	InvalidJSONDescription  = "INVALID_JSON_DESCRIPTION"
	SchemaValidationFailed  = "SCHEMA_VALIDATION_FAILED"
	MissingTransitionTarget = "MISSING_TRANSITION_TARGET"
	MissingEndState         = "MISSING_END_STATE"
	InvalidStateName        = "INVALID_STATE_NAME"
	DuplicateStateName      = "DUPLICATE_STATE_NAME"
	TooDeeplyNested         = "TOO_DEEPLY_NESTED"
)

// The codes of sfnx.
const (
	Unsupported        = "SFNX_UNSUPPORTED"       // ERROR: correct for AWS, not built yet
	DuplicateMember    = "SFNX_DUPLICATE_MEMBER"  // WARNING: a JSON object has two members of one name; the last one counts
	Unreachable        = "SFNX_UNREACHABLE"       // WARNING: states that lead to one another, but StartAt does not lead there
	NeverTried         = "SFNX_NEVER_TRIED"       // WARNING: an earlier retrier or catcher takes all errors of this one
	TooManyFindings    = "SFNX_TOO_MANY_FINDINGS" // the worst severity of those that are left out
	DefinitionTooLarge = "SFNX_TOO_LARGE"         // ERROR: longer than AWS takes; its API refuses it before it looks inside
	NeverCaught        = "SFNX_NEVER_CAUGHT"      // WARNING: an error that no retrier or catcher gets to see
	Endless            = "SFNX_ENDLESS"           // WARNING: states from which no path leads to an end
	Placeholder        = "SFNX_PLACEHOLDER"       // WARNING: a Resource that AWS SAM or CloudFormation has not completed yet
)

// Diagnostic is one finding in a definition.
type Diagnostic struct {
	Severity Severity
	Code     string
	Message  string // in AWS's words where they are known
	Location string // AWS's way to write the place: /States/A/Choices[0]/Next; may be empty
	Pointer  string // the place as an RFC 6901 JSON pointer: /States/A/Choices/0/Next
	Pos      Position
	Hint     string         // what might have been meant; never part of AWS's answer
	Ours     bool           // a finding of sfnx where AWS is silent
	Syntax   *jackson.Error // of an INVALID_JSON_DESCRIPTION, where the words of AWS's parser are known
}

// AWS is the message and the location that AWS gives. Those of a syntax error show the text, up to 500 characters (recorded).
func (d Diagnostic) AWS() (message, location string) {
	if d.Syntax != nil {
		return d.Syntax.Message + "\n at " + d.Syntax.Source, d.Syntax.Source
	}
	return d.Message, d.Location
}

// String is the finding on one line: 3:14: ERROR CODE: message at location (hint).
func (d Diagnostic) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d:%d: %s %s: %s", d.Pos.Line, d.Pos.Column, d.Severity, d.Code, d.Message)
	if d.Location != "" {
		b.WriteString(" at ")
		b.WriteString(d.Location)
	}
	if d.Hint != "" {
		b.WriteString(" (")
		b.WriteString(d.Hint)
		b.WriteString(")")
	}
	return b.String()
}

// Diagnostics are the findings of one parse: first the fields in the order of the text, then the transitions of each scope.
type Diagnostics []Diagnostic

// HasErrors reports whether the definition cannot be used.
func (ds Diagnostics) HasErrors() bool {
	for i := range ds {
		if ds[i].Severity == SeverityError {
			return true
		}
	}
	return false
}

// Error is the message of AWS's exception InvalidDefinition. It lists the errors alone.
func (ds Diagnostics) Error() string {
	var b strings.Builder
	b.WriteString("Invalid State Machine Definition: '")
	first := true
	for i := range ds {
		d := &ds[i]
		if d.Severity != SeverityError {
			continue
		}
		if !first {
			b.WriteString(", ")
		}
		first = false
		message, location := d.AWS()
		if location == "" {
			location = "null" // measured
		}
		b.WriteString(d.Code + ": " + message + " at " + location)
	}
	b.WriteString("'")
	return b.String()
}
