// Package process does to processes of sfnx what operators, schedulers and kernels do: kill -9 at a random moment, signals
// at a random moment, and a look from outside at what one costs while it waits.
//
//	make kills
//	make signals
//	make waiting-costs
//
// It is all in tests. Moments are random by a seed that is fixed, so they are the same each time; what a process is doing
// then is not. In short, as a part of all tests, the test binary stands in for sfnx, and time is not judged. The package
// breaks no connections: see cut.
package process
