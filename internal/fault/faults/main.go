// Command faults plays the named faults of package fault and prints what came of them.
//
//	go run ./internal/fault/faults -seeds 20
//	go run ./internal/fault/faults -only start/reset-after-accept -seed 7 -seeds 1
//
// The last line is for programs: faults=<n> runs=<n> exact=<n> secrets=<n> leaks=<n>. The exit code is 1 unless every run
// was exact.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/sfnx/sfnx/internal/fault"
)

type options struct {
	seeds, seed int
	only        string
	binary      string
	shard       string
	jobs        int
	list, json  bool
	document    string
	figures     string
}

func main() {
	var o options
	flag.IntVar(&o.seeds, "seeds", 20, "seeds to play each fault with")
	flag.IntVar(&o.seed, "seed", 1, "the first seed")
	flag.StringVar(&o.only, "only", "", "a fault, or the beginning of its name")
	flag.StringVar(&o.binary, "binary", "", "play with this binary, as a process of its own")
	flag.IntVar(&o.jobs, "jobs", 2*runtime.NumCPU(), "processes to share the work")
	flag.StringVar(&o.shard, "shard", "", "play the part I/N of the plays and print a verdict a line")
	flag.BoolVar(&o.list, "list", false, "list the faults")
	flag.BoolVar(&o.json, "json", false, "print the results as JSON instead of the table")
	flag.StringVar(&o.document, "document", "", "play in this process and with the binary, and write the document to this file")
	flag.StringVar(&o.figures, "figures", "", "the directory that has the last line of each other target of make, for the document")
	flag.Parse()
	if err := run(o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "faults:", err)
		os.Exit(1)
	}
}

func run(o options, out io.Writer) error {
	faults := fault.Selected(o.only, o.binary != "")
	switch {
	case o.document != "":
		return o.write(out)
	case len(faults) == 0:
		return fmt.Errorf("there is no fault %q; -list lists them", o.only)
	case o.list:
		var b strings.Builder
		for _, f := range faults {
			fmt.Fprintf(&b, "%-40s %s\n", f.ID(), f.About)
		}
		_, err := io.WriteString(out, b.String())
		return err
	case o.shard != "":
		return o.part(faults, out)
	}
	report, err := o.share()
	if err != nil {
		return err
	}
	return told(o.text(report), report, out)
}

// text is the report in the form that was asked for.
func (o options) text(report fault.Report) string {
	if !o.json {
		return report.Table()
	}
	text, err := json.MarshalIndent(report.Rows(), "", "  ")
	if err != nil {
		panic(err) // texts and numbers
	}
	return string(text) + "\n"
}

// told prints the report with its last line. It is an error if not every play was exact.
func told(text string, report fault.Report, out io.Writer) error {
	if _, err := io.WriteString(out, text+report.LastLine()+"\n"); err != nil {
		return err
	}
	if !report.AllExact() {
		return fmt.Errorf("%d of %d plays were not exact", report.Runs()-report.Exact(), report.Runs())
	}
	return nil
}

// measured are the other targets of make that measure something.
var measured = []fault.Figure{
	{About: "StartExecution, cut at every byte of request and answer", Command: "make cuts"},
	{About: "kill -9 at random moments, and the same job again", Command: "make kills"},
	{About: "TERM, INT and HUP at random moments", Command: "make signals"},
	{About: "up to five faults at once", Command: "make schedules"},
	{About: "runners against the quota of DescribeExecution, six virtual hours", Command: "make storm"},
	{About: "what a wait costs", Command: "make waiting-costs"},
	{About: "many runs in one process", Command: "make soak"},
}

// write plays everything and writes the document.
func (o options) write(out io.Writer) error {
	binary := o.binary
	o.binary = ""
	here, err := o.share()
	if err != nil {
		return err
	}
	o.binary, o.seeds, o.jobs = binary, 3, 4*o.jobs
	process, err := o.share()
	if err != nil {
		return err
	}
	figures := []fault.Figure{
		{About: "every fault, in virtual time", Line: here.LastLine(), Command: "make faults"},
		{About: "with the binary, in real time", Line: process.LastLine(), Command: "make faults-process"},
	}
	for _, f := range measured {
		name := strings.TrimPrefix(f.Command, "make ") + ".txt"
		line, err := os.ReadFile(filepath.Join(o.figures, name))
		if err != nil {
			return fmt.Errorf("the figure of %s: %w", f.Command, err)
		}
		f.Line = strings.TrimSpace(string(line))
		figures = append(figures, f)
	}
	if err := os.WriteFile(o.document, []byte(fault.Document(here, process, figures)), 0o644); err != nil { //nolint:gosec // a document that everybody may read
		return err
	}
	if err := told("", here, out); err != nil {
		return err
	}
	return told("", process, out)
}

// part plays one shard.
func (o options) part(faults []fault.Fault, out io.Writer) error {
	var i, n int
	if _, err := fmt.Sscanf(o.shard, "%d/%d", &i, &n); err != nil || n < 1 {
		return fmt.Errorf("-shard is %q, want I/N", o.shard)
	}
	lines := json.NewEncoder(out)
	at := 0
	for seed := o.seed; seed < o.seed+o.seeds; seed++ {
		for _, f := range faults {
			if at++; at%n != i {
				continue
			}
			var v fault.Verdict
			if o.binary != "" {
				v = fault.PlayProcess(f, uint64(seed), o.binary)
			} else {
				v = fault.Play(f, uint64(seed))
			}
			if err := lines.Encode(v); err != nil {
				return err
			}
		}
	}
	return nil
}

// share lets processes like this one play the shards: a play sets the environment of its whole process.
func (o options) share() (fault.Report, error) {
	report := fault.Report{Faults: fault.Selected(o.only, o.binary != "")}
	self, err := os.Executable()
	if err != nil {
		return report, err
	}
	var mu sync.Mutex
	var failed error
	var playing sync.WaitGroup
	for i := range o.jobs {
		playing.Go(func() {
			err := o.child(self, i, func(v fault.Verdict) {
				mu.Lock()
				defer mu.Unlock()
				report.Add(v)
			})
			mu.Lock()
			defer mu.Unlock()
			if err != nil && failed == nil {
				failed = err
			}
		})
	}
	playing.Wait()
	return report, failed
}

func (o options) child(self string, i int, add func(fault.Verdict)) error {
	c := exec.Command(self, "-shard", fmt.Sprintf("%d/%d", i, o.jobs), "-seeds", fmt.Sprint(o.seeds), "-seed", fmt.Sprint(o.seed), "-only", o.only, "-binary", o.binary)
	var errs strings.Builder
	c.Stderr = &errs
	verdicts, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(verdicts)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var v fault.Verdict
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			return fmt.Errorf("a verdict that cannot be read: %q: %w", lines.Text(), err)
		}
		add(v)
	}
	if err := c.Wait(); err != nil {
		return fmt.Errorf("a shard ended with %w: %.2000s", err, errs.String())
	}
	return lines.Err()
}
