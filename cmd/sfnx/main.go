// Command sfnx runs AWS Step Functions like a job. Everything about it is in package internal/cli.
package main

import (
	"os"
	"runtime/debug"
	_ "time/tzdata" // for TZ where the system has no time zones

	"github.com/sfnx/sfnx/internal/cli"
	"github.com/sfnx/sfnx/internal/heard"
)

// version is set when a release is built.
var version = "dev"

func main() {
	harden()
	streams, env := cli.System(version, heard.Signals)
	os.Exit(cli.Main(os.Args[1:], streams, env))
}

// harden makes a crash of the runtime end in SIGABRT, since its own exit code 2 means AUTHENTICATION_ERROR, and without a
// core file, which would hold credentials.
func harden() {
	debug.SetTraceback("crash")
	forbidCoreFiles()
}
