package asl

import (
	"strconv"
	"strings"

	"github.com/sfnx/sfnx/internal/expr"
)

// maxProblems is how many mistakes of one template are listed: finding each takes a walk through it.
const maxProblems = 100

// template compiles a payload template, nil if absent or wrong.
func (p *parser) template(pl *place) *expr.Template {
	if pl == nil {
		return nil
	}
	if pl.kind != '{' && pl.kind != '[' { // AWS takes an array too, whatever its documents say
		p.schema(pl, "Expected value of type Object")
		return nil
	}
	doc := p.value(pl)
	if doc.IsUndefined() {
		return nil
	}
	t, problems := expr.CompileTemplate(doc)
	for _, problem := range problems[:min(len(problems), maxProblems)] {
		at := pl.find(problem.Pointer)
		d := p.schema(at, problem.Message)
		d.Hint = problem.Detail
		if at.up != nil && at != pl {
			d.Location = at.up.location() // recorded: AWS names the object, not the field
		}
	}
	if len(problems) > 0 {
		return nil
	}
	p.read(pl, t.Variables()...)
	return t
}

// find follows an RFC 6901 pointer as far as it leads.
func (pl *place) find(pointer string) *place {
	for _, token := range strings.Split(pointer, "/")[1:] {
		var next *place
		if pl.kind == '[' {
			if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(pl.members) {
				next = pl.member(i)
			}
		} else {
			next = pl.field(strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~"))
		}
		if next == nil {
			break
		}
		pl = next
	}
	return pl
}
