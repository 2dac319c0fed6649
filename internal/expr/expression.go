package expr

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/sfnx/sfnx/internal/intrinsic"
	"github.com/sfnx/sfnx/internal/jsonpath"
	"github.com/sfnx/sfnx/internal/value"
)

// Expression is the value of a key that ends in .$, or of ErrorPath and CausePath: a path or an intrinsic function call.
type Expression struct {
	path  *Path
	call  *intrinsic.Call
	paths []*Path // of the call's arguments
}

// ParseExpression compiles an expression. The error says what is wrong, and in which column.
func ParseExpression(src string) (*Expression, error) {
	switch {
	case strings.HasPrefix(src, "$"):
		p, err := ParsePath(src)
		if err != nil {
			return nil, err
		}
		return &Expression{path: p}, nil
	case strings.HasPrefix(src, "States."):
		return parseCall(src)
	}
	return nil, fmt.Errorf("%q is neither a path, which starts with $, nor an intrinsic function call, which starts with States.", src) //nolint:staticcheck // the name ends with its dot
}

func parseCall(src string) (*Expression, error) {
	call, err := intrinsic.Parse(src)
	if err != nil {
		return nil, fmt.Errorf("%q is not a valid intrinsic function call: %w", src, err)
	}
	e := &Expression{call: call}
	for _, arg := range call.Paths() {
		p, err := jsonpath.Parse(arg.Text)
		var syntax *jsonpath.SyntaxError
		if errors.As(err, &syntax) {
			in := &jsonpath.SyntaxError{Column: utf8.RuneCountInString(src[:arg.Offset]) + syntax.Column, Msg: syntax.Msg}
			return nil, fmt.Errorf("%q is not a valid intrinsic function call: %w", src, in)
		}
		e.paths = append(e.paths, &Path{p})
	}
	return e, nil
}

// String is the expression as it was written.
func (e *Expression) String() string {
	if e.call != nil {
		return e.call.String()
	}
	return e.path.String()
}

// IsCall reports whether the expression is an intrinsic function call.
func (e *Expression) IsCall() bool { return e.call != nil }

// Eval gives the expression's value. field is the name that messages show: b.$, ErrorPath. An index out of range is
// null here (measured). The error is an *Error.
func (e *Expression) Eval(env *Env, field string) (value.Value, error) {
	s := scope{env: env}
	return e.eval(&s, field)
}

func (e *Expression) eval(s *scope, field string) (value.Value, error) {
	if e.call != nil {
		return e.evalCall(s)
	}
	v, err := s.find(e.path)
	if err == nil {
		return v, nil
	}
	var missing *jsonpath.NotFound
	if errors.As(err, &missing) && missing.OutOfRange() {
		return value.Null(), nil
	}
	what := "The JSONPath '" + e.path.String() + "' specified for the field '" + field + "' could not be "
	if errors.Is(err, jsonpath.ErrTooManySteps) {
		return v, &Error{Name: Runtime, Message: what + "evaluated: " + err.Error()}
	}
	searched := s.env.Input
	if e.path.path.Root() == "$" { // the context object is shown (measured)
		searched = s.contextObject()
	}
	return v, &Error{Name: Runtime, Message: what + "found in the input '" + searched.JSON() + "'"}
}

func (e *Expression) evalCall(s *scope) (value.Value, error) {
	c := &arguments{scope: *s, paths: e.paths} // a copy, so that s need not live on the heap
	v, err := e.call.Eval(c)
	*s = c.scope
	if err != nil {
		return v, &Error{Name: Runtime, Message: "The function '" + e.call.String() + "' had the following error: " + err.Error()}
	}
	return v, nil
}

// arguments is the world of an intrinsic function call.
type arguments struct {
	scope
	paths []*Path
}

// Path evaluates path i. Its texts are AWS's (measured): a path that leads nowhere is named with one $ less if it starts
// at $$, and an index of what is no array shows the words of the engine.
func (a *arguments) Path(i int) (value.Value, error) {
	p := a.paths[i]
	v, err := a.find(p)
	if err == nil {
		return v, nil
	}
	var missing *jsonpath.NotFound
	if errors.Is(err, jsonpath.ErrTooManySteps) || errors.As(err, &missing) && missing.NotArray() {
		return v, err
	}
	name := p.String()
	if p.path.Root() == "$" {
		name = name[1:]
	}
	return v, fmt.Errorf("The JsonPath argument for the field '%s' could not be found in the input '%s'", name, a.env.Input.JSON()) //nolint:staticcheck // AWS's words
}

func (a *arguments) Random() (uint64, bool) {
	if a.env.Random == nil {
		return 0, false
	}
	return a.env.Random.Uint64(), true
}

func (a *arguments) Spend(bytes int) bool {
	a.spent += bytes
	return a.spent <= intrinsic.MaxBytes
}
