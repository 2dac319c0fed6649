package conformance

import (
	"slices"
	"strings"
)

// notSupported begins the reasons that come from a refused definition.
const notSupported = "not supported yet: "

// reason says why a case falls short, in a few words and without anything from the recording; "" if it does not.
func reason(r Result, report Report) string {
	falls := report.Falls()
	if falls == "" {
		return ""
	}
	if len(r.Unsupported) > 0 {
		list := slices.Clone(r.Unsupported)
		slices.Sort(list)
		for i := range list {
			list[i] = strings.TrimPrefix(list[i], "This version of sfnx does not support ")
		}
		return notSupported + strings.Join(list, "; ")
	}
	switch member(r.Document, "status").Str() {
	case "REFUSED":
		return "the definition is refused"
	case "CRASHED":
		return "the simulator crashes"
	case "HALTED":
		return "the execution cannot go on"
	}
	switch falls {
	case DAG:
		return "the history differs"
	case Strict:
		return "order or wording differs"
	}
	what := report.Difference.Error()
	return "the " + what[:strings.IndexAny(what+":", ":.[(")] + " differs"
}
