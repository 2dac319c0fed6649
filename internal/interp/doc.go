// Package interp advances one execution of a state machine. It decides, and carries nothing out:
//
//	p := interp.Compile(machine)
//	x := interp.New(p, interp.Config{...})
//	out := x.Step(now, interp.Start{})
//	// out.Events is what to record, out.Commands what to carry out; come back with what happened:
//	out = x.Step(later, interp.TaskSucceeded{Task: 1, Output: v})
//
// Time is an argument and chance is a seed, so the same inputs give the same bytes. The package starts no
// goroutine, reads no clock, knows no world: timers and tasks are commands with an id, and whoever drives the
// execution answers with that id.
//
// A thread is the main line, one branch of a Parallel or one iteration of a Map. Threads that can go on stand
// in a queue; one turn is one visit of a state. Nothing of the running state is held in Go stacks or closures.
package interp
