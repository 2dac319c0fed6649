// Package output turns the outcome of a run into what people and programs read: the exit code, the one JSON document,
// a text for the terminal, and the lines of the event stream.
//
//	out := runner.Run(ctx, req)
//	os.Stdout.Write(output.New(out, output.Options{Version: "1.0.0", Location: time.Local}).JSON())
//	os.Exit(output.RowOf(out.Ending).Code)
//
// The exit codes are one table (Table), from which the help topic, the README and the document take them. The package
// renders; it decides nothing about a run, writes to no stream and reads no clock.
package output
