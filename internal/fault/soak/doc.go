// Package soak runs sfnx so often in one process that whatever a run leaves behind adds up.
//
//	make soak
//
// It is all in its test: ten thousand runs of several kinds, and then goroutines, file descriptors and memory are those of
// the beginning. It judges no single run beyond its exit code.
package soak
