package interp

import (
	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/internal/value"
)

// checkParameters finds what keeps a service integration from starting at all, in AWS's words; empty if nothing does.
// Only what was recorded is checked: everything else is the service's to judge.
func checkParameters(r *asl.Resource, parameters value.Value) string {
	if r.Service == "apigateway" {
		for _, field := range []string{"Headers", "QueryParameters"} {
			if v, ok := parameters.Get(field); ok && !listsOfStrings(v) {
				return "The value of the field '" + field + "' has an invalid format"
			}
		}
	}
	return ""
}

// listsOfStrings reports whether v is an object whose members are arrays of strings.
func listsOfStrings(v value.Value) bool {
	if v.Kind() != value.ObjectKind {
		return false
	}
	for i := range v.Len() {
		_, list := v.Member(i)
		if list.Kind() != value.ArrayKind {
			return false
		}
		for _, item := range list.Items() {
			if item.Kind() != value.StringKind {
				return false
			}
		}
	}
	return true
}
