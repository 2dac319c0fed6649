// Package conformance runs recordings of the real service on the simulator and compares what comes out.
//
// The recordings are data from outside the repository: a folder of cases with its own description of their format and
// of three levels of agreement. outcome is status, output, error and cause; dag is the history as a tree of causes;
// strict is the history event by event with its ids.
//
//	cases, err := conformance.Load(dir)
//	result := conformance.Run(c)
//	report := conformance.Compare(c, result.Document)
//
// ratchet.txt lists the cases that are known to fall short, and why; it may only shrink. The environment chooses what the
// test does: CONFORMANCE=DIR another folder, CASE=ID one case with its first difference, OUT=DIR keeps the results,
// RATCHET=update takes what now passes off the list, RATCHET=start lists anew. The package is used by its own tests alone; it makes no calls and
// does not run cases of the kinds test-state and api.
package conformance
