package expr

import (
	"errors"
	"fmt"

	"github.com/sfnx/sfnx/internal/intrinsic"
	"github.com/sfnx/sfnx/internal/jsonpath"
	"github.com/sfnx/sfnx/internal/value"
)

// Path is a compiled path from the input ($.a), the context object ($$.a) or a variable ($name.a).
type Path struct{ path *jsonpath.Path }

// ErrNotReference is in the error for a path that is not limited to names and indices (ASL "Reference Paths").
var ErrNotReference = errors.New("Value is not a Reference Path") //nolint:staticcheck // AWS's words

// ParsePath compiles a path. The error says what is wrong, and in which column.
func ParsePath(src string) (*Path, error) {
	p, err := jsonpath.Parse(src)
	if err != nil {
		return nil, fmt.Errorf("%q is not a valid path: %w", src, err)
	}
	return &Path{p}, nil
}

// ParseReferencePath compiles a Reference Path. Whether it may start anywhere but at $ is the caller's question.
func ParseReferencePath(src string) (*Path, error) {
	p, err := ParsePath(src)
	if err != nil {
		return nil, err
	}
	if !p.path.IsReference() {
		return nil, fmt.Errorf("%w: %q may hold names and indices only; write other characters in quotes, as in $['a:b']", ErrNotReference, src)
	}
	return p, nil
}

// String is the path as it was written.
func (p *Path) String() string { return p.path.String() }

// IsInput reports whether the path starts at $, the input.
func (p *Path) IsInput() bool { return p.path.Root() == "" }

// IsRoot reports whether the path is exactly $.
func (p *Path) IsRoot() bool { return p.IsInput() && p.path.IsRoot() }

// Definite reports whether the path stands for one node. Others give an array and never miss.
func (p *Path) Definite() bool { return p.path.Definite() }

// Variable is the name of the variable at which the path starts, "" for other roots.
func (p *Path) Variable() string {
	if root := p.path.Root(); root != "$" {
		return root
	}
	return ""
}

// Column is where a text stops being a path or call, from 1 and in characters, for an error of ParsePath or
// ParseExpression; 0 if that is not known.
func Column(err error) int {
	if path, ok := errors.AsType[*jsonpath.SyntaxError](err); ok {
		return path.Column
	}
	if call, ok := errors.AsType[*intrinsic.SyntaxError](err); ok {
		return call.Column
	}
	return 0
}

// Missing says that a path leads nowhere.
type Missing struct {
	Path   string // as it was written
	Detail string // No results for path: $['x']
}

func (e *Missing) Error() string { return "Invalid path '" + e.Path + "' : " + e.Detail }

// Eval finds what the path stands for. The error is a *Missing, or an *Error where the path would take more steps than
// jsonpath allows.
func (p *Path) Eval(env *Env) (value.Value, error) {
	s := scope{env: env}
	v, err := s.find(p)
	switch {
	case errors.Is(err, jsonpath.ErrTooManySteps):
		return v, &Error{Name: Runtime, Message: "Invalid path '" + p.String() + "' : " + err.Error()}
	case err != nil:
		return v, &Missing{Path: p.String(), Detail: err.Error()}
	}
	return v, nil
}

// Set is doc with v at the path, as ResultPath puts it there: objects that are missing on the way are made, members
// replaced, an index must be there. The error is an *Error.
func (p *Path) Set(doc, v value.Value) (value.Value, error) {
	out, ok := p.path.Set(doc, v)
	if !ok {
		return value.Value{}, &Error{Name: Runtime, Message: "Unable to apply ReferencePath " + p.String() + " to input " + doc.JSON()}
	}
	return out, nil
}

// scope is one evaluation: the context object is made at most once in it, and intrinsic calls share their allowance.
type scope struct {
	env     *Env
	context value.Value // Undefined until it is asked for
	spent   int         // bytes of text that intrinsic calls have built
}

// find evaluates a path. The error is one of jsonpath's, or says that there is nothing behind the root.
func (s *scope) find(p *Path) (value.Value, error) {
	var doc value.Value
	switch root := p.path.Root(); {
	case root == "":
		doc = s.env.Input
	case root == "$":
		doc = s.contextObject()
	case s.env.Vars != nil:
		doc, _ = s.env.Vars.Variable(root)
	}
	if doc.IsUndefined() {
		return doc, fmt.Errorf("No results for path: $%s", p.path.Root()) //nolint:staticcheck // like the engine's
	}
	return p.path.Eval(doc)
}

func (s *scope) contextObject() value.Value {
	if s.context.IsUndefined() {
		s.context = value.EmptyObject()
		if s.env.Context != nil {
			s.context = s.env.Context.ContextObject()
		}
	}
	return s.context
}
