package sim_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
)

// workloads are the benchmark workloads beside the repository, if they are there.
const workloads = "../../../shared/bench/workloads"

// BenchmarkWorkloads runs each workload from start to output in one process, warm: a region, an execution, its whole
// history. AWS's limit on events is off where the workload is made to pass it.
func BenchmarkWorkloads(b *testing.B) {
	for _, w := range []struct {
		name   string
		limits sim.Limits
		holds  string
	}{
		{"w1", sim.Limits{}, `"k":1000`}, {"w2-2000", sim.Limits{}, `{"i":2000}`}, {"w2-10000", sim.Limits{Events: -1}, `{"i":10000}`},
		{"w3-1000", sim.Limits{}, `"x-999"`}, {"w3-10000", sim.Limits{Events: -1, PayloadBytes: -1}, `"x-9999"`},
		{"w4", sim.Limits{}, `"k":50`}, {"w6", sim.Limits{}, `{"a":1}`}, {"w7", sim.Limits{}, `"n":980`},
	} {
		for _, language := range []string{"", ".jsonata"} {
			b.Run(w.name+language, func(b *testing.B) {
				definition, err := os.ReadFile(filepath.Join(workloads, w.name+language+".asl.json"))
				if errors.Is(err, fs.ErrNotExist) {
					b.Skip("the workloads are not beside the repository")
				}
				input, err2 := os.ReadFile(filepath.Join(workloads, w.name+".input.json"))
				if err = errors.Join(err, err2); err != nil {
					b.Fatal(err)
				}
				machine, found := asl.Parse(definition, asl.Options{})
				if found.HasErrors() {
					b.Fatal(found)
				}
				text := string(input)
				b.ReportAllocs()
				for b.Loop() {
					r := sim.New(sim.Config{Limits: w.limits})
					arn, err := r.CreateStateMachine(sim.StateMachine{Name: "bench", Machine: machine})
					if err != nil {
						b.Fatal(err)
					}
					started, err := r.StartExecution(context.Background(), backend.StartExecutionInput{StateMachineArn: arn, Name: "x", Input: &text})
					if err != nil {
						b.Fatal(err)
					}
					r.Advance(r.Now().AddDate(2, 0, 0))
					x, err := r.DescribeExecution(context.Background(), started.ExecutionArn)
					if err != nil || x.Status != backend.Succeeded || !strings.Contains(*x.Output, w.holds) {
						b.Fatalf("%v %+v", err, x.Status)
					}
				}
			})
		}
	}
}
