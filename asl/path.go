package asl

import (
	"errors"
	"strings"

	"github.com/sfnx/sfnx/internal/expr"
)

// path reads a path of any kind, nil if absent or wrong.
func (p *parser) path(pl *place) *expr.Path {
	return p.pathFrom(pl, anyRoot, expr.ParsePath, func(string) string { return "Value must be a valid JSONPath." })
}

// variablePath reads the Variable of a Choice rule, which is a path of any kind but reported as a Reference Path (measured).
func (p *parser) variablePath(pl *place) *expr.Path {
	return p.pathFrom(pl, anyRoot, expr.ParsePath, notReferencePath)
}

// referencePath reads a path that leads to one value, nil if absent or wrong.
func (p *parser) referencePath(pl *place) *expr.Path {
	return p.pathFrom(pl, anyRoot, expr.ParseReferencePath, notReferencePath)
}

// numberPath is referencePath for the numbers of a Map state, which do not start at the context object (measured).
func (p *parser) numberPath(pl *place) *expr.Path {
	return p.pathFrom(pl, noContext, expr.ParseReferencePath, notReferencePath)
}

// resultPath is referencePath for ResultPath, which starts at $ (ASL "Input and Output Processing").
func (p *parser) resultPath(pl *place) *expr.Path {
	return p.pathFrom(pl, inputOnly, expr.ParseReferencePath, notReferencePath)
}

func anyRoot(*expr.Path) bool     { return true }
func noContext(p *expr.Path) bool { return p.IsInput() || p.Variable() != "" }
func inputOnly(p *expr.Path) bool { return p.IsInput() }

func (p *parser) pathFrom(pl *place, root func(*expr.Path) bool, parse func(string) (*expr.Path, error), message func(text string) string) *expr.Path {
	if pl == nil {
		return nil
	}
	text := p.str(pl)
	if pl.kind != '"' {
		return nil
	}
	path, err := parse(text)
	switch {
	case err != nil:
		hint := err.Error()
		if errors.Is(err, expr.ErrNotReference) {
			hint = strings.TrimPrefix(hint, expr.ErrNotReference.Error()+": ")
		}
		p.schema(pl, message(text)).Hint = hint
		return nil
	case !root(path):
		start := "$$"
		if name := path.Variable(); name != "" {
			start = "$" + name
		}
		p.schema(pl, message(text)).Hint = pl.name + " cannot start at " + start
		return nil
	}
	if name := path.Variable(); name != "" {
		p.read(pl, name)
	}
	return path
}

func notReferencePath(text string) string {
	if !strings.HasPrefix(text, "$") {
		return "Value is not a Reference Path: Reference path didn't start with '$'" // measured
	}
	return "Value is not a Reference Path"
}

// expression reads a path or intrinsic call, nil if absent or wrong.
func (p *parser) expression(pl *place) *expr.Expression {
	if pl == nil {
		return nil
	}
	text := p.str(pl)
	if pl.kind != '"' {
		return nil
	}
	e, err := expr.ParseExpression(text)
	if err != nil {
		p.schema(pl, "The value for the field '"+pl.name+"' must be a valid JSONPath or a valid intrinsic function call").Hint = err.Error()
		return nil
	}
	p.read(pl, e.Variables()...)
	return e
}

// pathField reads a field that is a path or null.
func (p *parser) pathField(pl *place, read func(*place) *expr.Path) PathField {
	if pl != nil && pl.kind == 'n' {
		return PathField{Null: true}
	}
	return PathField{Path: read(pl)}
}
