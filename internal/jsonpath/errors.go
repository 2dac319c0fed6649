package jsonpath

import (
	"fmt"
	"unicode/utf8"

	"github.com/sfnx/sfnx/internal/value"
)

// MaxSteps bounds one evaluation: nodes visited, plus one for every 8 bytes that a filter compares. The largest
// payload of AWS (262,144 bytes) has at most 131,072 nodes, so one deep scan always fits; chains of scans do not.
const MaxSteps = 1_000_000

// ErrTooManySteps is the failure of an evaluation that would take more than MaxSteps.
var ErrTooManySteps = fmt.Errorf("the path visits more than %d nodes: use fewer wildcards and deep scans", MaxSteps)

// SyntaxError says where a text stops being a path.
type SyntaxError struct {
	Column int // from 1, in characters
	Msg    string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Msg) }

func syntaxError(src string, offset int, format string, args ...any) *SyntaxError {
	return &SyntaxError{Column: utf8.RuneCountInString(src[:offset]) + 1, Msg: fmt.Sprintf(format, args...)}
}

// NotFound is the failure of a definite path that leads nowhere.
type NotFound struct {
	path *Path
	at   int         // the segment that failed
	on   value.Value // what it was applied to
}

// OutOfRange reports whether all that is missing is the element of an array which the last segment asks for.
// A payload template takes that for null (measured).
func (e *NotFound) OutOfRange() bool {
	return e.at == len(e.path.segments)-1 && e.path.segments[e.at].isIndex() && e.on.Kind() == value.ArrayKind
}

// NotArray reports whether an index met something that is no array, a case in which AWS shows the engine's text
// where it has words of its own otherwise (measured).
func (e *NotFound) NotArray() bool {
	return e.path.segments[e.at].isIndex() && e.on.Kind() != value.ArrayKind && !e.on.IsNull()
}

// Error is the text of AWS's engine. The last two are recorded, the two before them measured.
func (e *NotFound) Error() string {
	p, s := e.path, &e.path.segments[e.at]
	switch {
	case s.isIndex() && e.on.IsNull():
		return "The path " + p.upTo(e.at) + " is null"
	case s.isIndex() && e.on.Kind() != value.ArrayKind:
		return "Filter: " + fragments(p.segments[e.at:]) + " can only be applied to arrays. Current context is: " + e.on.JSON()
	case !s.isIndex() && e.on.Kind() != value.ObjectKind:
		return "Property " + fragments(p.segments[e.at:e.at+1]) + " not found in path " + p.upTo(e.at)
	case e.at < len(p.segments)-1:
		return "Missing property in path " + p.upTo(e.at+1)
	}
	return "No results for path: " + p.Normal()
}

func (s *segment) isIndex() bool { return s.kind == index || s.kind == fromEnd }
