package asl

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sfnx/sfnx/internal/expr"
)

// The two codes for expressions that AWS knows.
const (
	InvalidJSONata     = "INVALID_JSONATA_EXPRESSION"
	UnsupportedJSONata = "UNSUPPORTED_JSONATA_EXPRESSION"
)

// query compiles a value of a JSONata state, nil if absent or wrong. field is AWS's location of it in messages.
func (p *parser) query(pl *place, field string) *expr.Query { return p.compileQuery(pl, field, false) }

func (p *parser) compileQuery(pl *place, field string, inCatch bool) *expr.Query {
	if pl == nil {
		return nil
	}
	doc := p.value(pl)
	if doc.IsUndefined() {
		return nil
	}
	q, problems := expr.CompileQuery(doc, field, inCatch)
	for _, problem := range problems[:min(len(problems), maxProblems)] {
		code := InvalidJSONata
		if problem.Unsupported {
			code = UnsupportedJSONata
		}
		p.report(code, pl.find(problem.Pointer), problem.Message).Hint = problem.Detail
	}
	if q != nil {
		p.read(pl, q.Variables()...)
	}
	return q
}

// queryText compiles a field that is a JSONata expression; nil, with nothing reported, if it is a plain value.
func (p *parser) queryText(pl *place, field string) *expr.Query {
	if pl == nil || pl.kind != '"' || !expr.IsQuery(p.str(pl)) {
		return nil
	}
	return p.query(pl, field)
}

// payload compiles a template in the language of the state, nil if absent or wrong.
func (p *parser) payload(pl *place, language QueryLanguage, field string) expr.Payload {
	if language == JSONata {
		if q := p.query(pl, field); q != nil {
			return q
		}
		return nil
	}
	if t := p.template(pl); t != nil {
		return t
	}
	return nil
}

// assign reads an Assign, nil if absent or wrong.
func (p *parser) assign(pl *place, language QueryLanguage, field string, inCatch bool) expr.Payload {
	if pl == nil || !p.object(pl) {
		return nil
	}
	pl.each(func(m *place) {
		name := m.name
		if language == JSONPath {
			name = strings.TrimSuffix(name, ".$")
		}
		if problem := badVariable(name); problem != "" {
			p.atName(m, problem)
		}
		p.assigns(name, m)
	})
	if language == JSONata {
		if q := p.compileQuery(pl, field, inCatch); q != nil {
			return q
		}
		return nil
	}
	if t := p.template(pl); t != nil {
		return t
	}
	return nil
}

// badVariable says what keeps a name from being one of a variable, empty if nothing does (guide, "Variable names").
func badVariable(name string) string {
	switch {
	case name == "states":
		return "The variable name 'states' is reserved"
	case utf8.RuneCountInString(name) > 80:
		return "Variable name must not exceed 80 characters"
	}
	for i, c := range name {
		starts := unicode.IsLetter(c) || unicode.Is(unicode.Nl, c) || c == '_'
		if !starts && (i == 0 || !unicode.IsDigit(c) && !unicode.In(c, unicode.Mn, unicode.Mc, unicode.Pc)) {
			name = ""
			break
		}
	}
	if name == "" {
		return "Variable name must be a valid identifier: a letter, then letters, digits and underscores"
	}
	return ""
}
