// Package heard takes over the signals that end a run, as early as a Go program can.
//
//	streams, env := cli.System(version, heard.Signals)
//
// As the first process of a container (PID 1) a Go program that gets a SIGTERM before it listens exits with 2, which is
// AUTHENTICATION_ERROR here. What main does comes too late: the packages that sfnx is made of take milliseconds to
// initialise. This one is initialised before nearly all of them, since it needs nearly none; it must not import more.
// It decides nothing about what a signal means.
package heard

import (
	"os"
	"os/signal"
	"syscall"
)

// Signals has the first two of SIGINT, SIGTERM and SIGHUP that have come. One that the parent process has this one
// ignore (nohup, a shell's background job) stays ignored.
var Signals = listen()

func listen() <-chan os.Signal {
	signals := make(chan os.Signal, 2)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) {
			signal.Notify(signals, s)
		}
	}
	return signals
}
