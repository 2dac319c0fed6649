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
}

func main() {
	var o options
	flag.IntVar(&o.seeds, "seeds", 20, "seeds to play each fault with")
	flag.IntVar(&o.seed, "seed", 1, "the first seed")
	flag.StringVar(&o.only, "only", "", "a fault, or the beginning of its name")
	flag.StringVar(&o.binary, "binary", "", "play with this binary, as a process of its own")
	flag.IntVar(&o.jobs, "jobs", runtime.NumCPU(), "processes to share the work")
	flag.StringVar(&o.shard, "shard", "", "play the part I/N of the plays and print a verdict a line")
	flag.BoolVar(&o.list, "list", false, "list the faults")
	flag.BoolVar(&o.json, "json", false, "print the results as JSON instead of the table")
	flag.Parse()
	if err := run(o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "faults:", err)
		os.Exit(1)
	}
}

func run(o options, out io.Writer) error {
	faults := fault.Selected(o.only, o.binary != "")
	if len(faults) == 0 {
		return fmt.Errorf("there is no fault %q; -list lists them", o.only)
	}
	if o.list {
		for _, f := range faults {
			fmt.Fprintf(out, "%-40s %s\n", f.ID(), f.About)
		}
		return nil
	}
	if o.shard != "" {
		return o.part(faults, out)
	}
	report := fault.Report{Faults: faults, Process: o.binary != ""}
	if err := o.share(&report); err != nil {
		return err
	}
	if o.json {
		text, err := json.MarshalIndent(report.Rows(), "", "  ")
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\n", text)
	} else {
		fmt.Fprint(out, report.Table())
	}
	fmt.Fprintln(out, report.LastLine())
	if !report.AllExact() {
		return fmt.Errorf("%d of %d plays were not exact", report.Runs()-report.Exact(), report.Runs())
	}
	return nil
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
func (o options) share(report *fault.Report) error {
	self, err := os.Executable()
	if err != nil {
		return err
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
	return failed
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
