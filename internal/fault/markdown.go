package fault

import (
	"fmt"
	"strings"
)

// about says what a stage is, for the document.
var about = map[Stage]string{
	Arguments:     "What is asked for is wrong. It is found out before the first request.",
	Configuration: "What the machine is set up with is wrong.",
	Credentials:   "There are none, they are wrong, or they expire.",
	Authorization: "The credentials are good, but not for this.",
	Proxy:         "The way to AWS ends at the proxy: 11. What fails beyond it is 10.",
	Connect:       "Names, connections and TLS to AWS.",
	Start:         "The one call that must not happen twice.",
	Refused:       "AWS says no, or not now.",
	Wait:          "Between the start and the end.",
	Terminal:      "The last answer, and what it looks like.",
	Output:        "The document, the events and the result file cannot be written.",
	Signals:       "Somebody wants the run to end.",
}

// Figure is a measured result: what it is about, the line that its command prints last, and the command.
type Figure struct{ About, Line, Command string }

// Document is docs/reliability.md: the figures, the faults that were found, and every fault with its exit codes.
func Document(here, process Report, figures []Figure) string {
	var b strings.Builder
	b.WriteString(`# Reliability

<!-- written by make reliability; do not edit -->

A scheduler sees an exit code and nothing else. So everything that a network, an account, a proxy, a terminal or an operator can do to a run
is played here as a fault with a name: against an AWS endpoint on the loopback interface that checks signatures, is eventually consistent
and has token buckets, each fault with seeded timings. A play counts as exact only if all of this holds:

* the exit code is the one below, and there is exactly one valid document on stdout (and in the result file) that tells the same;
* the last line of the event stream is the end of the run, with the same exit code;
* as many executions were started as should be, never two, and they are in the status that they should be in;
* no secret stands in stdout, stderr, events, files or the command line: plain, backwards, in pieces of 8 characters, as URL, JSON, hex or base64;
* no goroutine, file descriptor or temporary file is left.

A fault is played again with its name and seed:

    make fault F=start/reset-after-accept SEED=7

## Figures

| what | measured | again |
|---|---|---|
`)
	for _, f := range figures {
		fmt.Fprintf(&b, "| %s | `%s` | `%s` |\n", f.About, f.Line, f.Command)
	}
	b.WriteString("\n## What the faults have found\n\n| what went wrong | found by | played by |\n|---|---|---|\n")
	for _, x := range Found {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", x.What, x.By, strings.Join(x.Faults, ", "))
	}
	inProcess, withBinary := here.byID(), process.byID()
	b.WriteString("\n## The faults\n\nPlays that were exact, of those in one process in virtual time, and of those with the real binary.\n")
	stage := Stage("")
	for _, f := range All() {
		if f.Stage != stage {
			stage = f.Stage
			fmt.Fprintf(&b, "\n### %s\n\n%s\n\n| fault | what happens | exit code | exact | with the binary |\n|---|---|---|---|---|\n", stage, about[stage])
		}
		row, other := inProcess[f.ID()], withBinary[f.ID()]
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", f.ID(), f.About, codes(either(row, other).Codes), exact(row), exact(other))
	}
	return b.String()
}

func (r *Report) byID() map[string]Row {
	rows := map[string]Row{}
	for _, row := range r.Rows() {
		rows[string(row.Stage)+"/"+row.Name] = row
	}
	return rows
}

// either is the row that was played.
func either(row, other Row) Row {
	if row.Runs == 0 {
		return other
	}
	return row
}

func exact(r Row) string {
	switch {
	case r.Skipped != "":
		return "not permitted here"
	case r.Runs == 0:
		return ""
	}
	return fmt.Sprintf("%d/%d", r.Exact, r.Runs)
}
