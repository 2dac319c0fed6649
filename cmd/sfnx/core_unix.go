//go:build unix

package main

import "syscall"

// forbidCoreFiles sets the limit of their size to 0. Where that is denied, the caller's limit holds.
func forbidCoreFiles() { _ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) }
