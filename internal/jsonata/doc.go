// Package jsonata is JSONata 2.x: it compiles an expression once and evaluates it any number of times, at the same
// time if need be.
//
//	e, err := jsonata.Compile("$sum(items.(price * qty))")
//	v, err := e.Eval(jsonata.Env{Input: input})   // the zero Value means undefined
//
// Values are shared with the caller, never converted: what an expression passes through keeps its digits and the
// order of its members. Time, randomness, variables and further functions come in with Env. Each evaluation runs on
// a Budget of steps, depth and bytes, so it ends, and ends the same way on every machine.
//
// Codes and messages of errors are the reference's. Where the reference was followed against one's expectation, a
// comment says so. Known differences: members of objects keep the order in which they were made, even if their names
// are integers; an error inside a function is placed where it happened, not at the outermost call; a ?? b and a ?: b
// evaluate a once.
//
// The package knows nothing of states, of $states, or of the functions that Step Functions adds.
package jsonata
