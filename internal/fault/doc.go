// Package fault holds sfnx to its word: whatever goes wrong, the exit code is right, there is one document, no secret
// is told and nothing is left behind.
//
// Every Fault has a name, a stage and a chance of its own. A run of one is a scene: an AWS endpoint of its own (signatures
// checked, eventually consistent, with token buckets) on the loopback interface, the fault, and one whole command of sfnx,
// in this process in virtual time or as a process of its own. What came of it is judged from outside:
//
//	v := fault.Play(f, 41)
//	fmt.Println(v.Exact(), v.Problems)
//
// Same fault and seed, same scene: a failure is repeated with one command. It is test support; nothing of it is part of
// the released binary.
package fault
