package expr

import "github.com/sfnx/sfnx/internal/jsonata"

// unsupportedQuery finds what AWS refuses in a correct expression, in its words where they are known, and where;
// empty if nothing.
func unsupportedQuery(refs []jsonata.Reference, errorOutput bool) (problem string, position int) {
	for _, r := range refs {
		switch {
		case r.Use == jsonata.UsesField:
			return "Reference to '" + r.Name + "' at the top level is not supported.", r.Position
		case r.Use == jsonata.UsesRoot:
			return "Reference to '$$' is not supported.", r.Position
		case r.Use == jsonata.UsesVariable && r.Name == "states" && !errorOutput && len(r.Path) > 0 && r.Path[0] == "errorOutput":
			return "Reference to '$states.errorOutput' is only supported in the Catch field.", r.Position
		}
	}
	return "", 0
}

// usesContext reports whether an expression may look at $states.context.
func usesContext(refs []jsonata.Reference) bool {
	for _, r := range refs {
		if r.Use == jsonata.UsesVariable && r.Name == "states" && (len(r.Path) == 0 || r.Path[0] == "context") {
			return true
		}
	}
	return false
}
