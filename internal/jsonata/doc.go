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
// Codes and messages of errors are the reference's, jsonata 2.2.2, and so is what it does where one would not expect
// it: a comment says so there. It differs on purpose in this:
//
//   - Members of objects keep the order in which they were made, even if their names are integers.
//   - Elements of an array constructor and members of an object constructor are evaluated one after the other, so it is
//     the first of several errors that counts. The reference starts them all at once.
//   - An error inside a function is placed where it happened, not at the outermost call.
//   - The input never changes. The reference adds to an empty array of the input that is grouped.
//   - In a ?? b and a ?: b, a is evaluated once.
//   - Predicates and grouping directly after ^( ) see the items and variables of a path with @, # or %.
//   - A built-in function that was applied in part checks its arguments. $replace of a text by a function is D3012.
//   - Numbers that are not finite come out as text, functions as an error.
//
// The package knows nothing of states, of $states, or of the functions that Step Functions adds.
package jsonata
