package asl

import "strings"

// notYet is what a correct definition may use and this version of sfnx cannot do, by the word that is written in
// the definition. Deleting a line is the first step of building it.
var notYet = map[string]string{
	"JSONata": "the query language JSONata",

	"Assign":   "the field 'Assign' (workflow variables)",
	"variable": "a path that starts at a workflow variable",
}

// unsupported refuses what stands at pl if word is in the table.
func (p *parser) unsupported(pl *place, word string) {
	if what, ok := notYet[word]; ok {
		p.report(Unsupported, pl, "This version of sfnx does not support "+what).Ours = true
	}
}

// variable refuses a path or intrinsic call that refers to a workflow variable.
func (p *parser) variable(pl *place, expression string) {
	if hasVariable(expression) {
		p.unsupported(pl, "variable")
	}
}

// hasVariable reports whether a path, or an argument of an intrinsic call, starts at a variable: $name.
func hasVariable(expression string) bool {
	start, quoted := true, false
	for i := 0; i < len(expression); i++ {
		switch c := expression[i]; {
		case quoted && c == '\\':
			i++
		case c == '\'':
			quoted, start = !quoted, false
		case quoted || c == ' ':
		case c == '$' && start:
			if i+1 < len(expression) && strings.IndexByte(".[$,) ", expression[i+1]) < 0 {
				return true
			}
			start = false
		default:
			start = c == '(' || c == ','
		}
	}
	return false
}
