package sim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/value"
)

// chain is a definition of n states, one after the other; state is the inside of one, without Next and End.
func chain(n int, state string) string {
	var b strings.Builder
	b.WriteString(`{"StartAt":"S1","States":{`)
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, `"S%d":{%s,"Next":"S%d"},`, i, state, i+1)
	}
	fmt.Fprintf(&b, `"S%d":{%s,"End":true}}}`, n, state)
	return b.String()
}

// run starts one execution and lets it come to its end.
func run(b *testing.B, r *sim.Region, machine, name string) {
	arn := start(b, r, machine, name, `{"k":1}`)
	untilDone(b, r, arn)
	if x := describe(b, r, arn); x.Status != backend.Succeeded {
		b.Fatalf("%s is %s", name, x.Status)
	}
}

// BenchmarkExecution runs executions that wait for answers and for time, one after the other.
func BenchmarkExecution(b *testing.B) {
	const task = `"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$"},"ResultSelector":{"v.$":"$.Payload.v"},"ResultPath":"$.out"`
	for _, c := range []struct{ name, definition string }{
		{"100FlakyTasks", chain(100, task+`,"Retry":[{"ErrorEquals":["E"]}]`)},
		{"12WaitsOfAMonth", chain(12, `"Type":"Wait","Seconds":2628000`)},
		{"5Passes", chain(5, `"Type":"Pass"`)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			r := newBenchRegion()
			machine := create(b, r, "bench", "", c.definition)
			n := 0
			for b.Loop() {
				if n++; n%1000 == 0 { // so that the region does not grow without end
					r = newBenchRegion()
					machine = create(b, r, "bench", "", c.definition)
				}
				run(b, r, machine, fmt.Sprintf("e-%d", n))
			}
		})
	}
}

func newBenchRegion() *sim.Region {
	result := value.Object(value.Member{Key: "Payload", Value: value.Object(value.Member{Key: "v", Value: value.Int(42)})})
	return sim.New(sim.Config{Tasks: tasks(func(c sim.Call) (sim.Answer, error) {
		if c.RetryCount < 2 {
			return sim.Throw(ptr("E"), nil), nil
		}
		return sim.Return(result), nil
	})})
}

// BenchmarkManyAtOnce lets a day pass for 1,000 executions that do something every hour, all at the same instant.
func BenchmarkManyAtOnce(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		r := newBenchRegion()
		machine := create(b, r, "bench", "", chain(24, `"Type":"Wait","Seconds":3600`))
		for i := range 1000 {
			start(b, r, machine, fmt.Sprintf("e-%d", i), `{}`)
		}
		r.Advance(r.Now().Add(24 * time.Hour))
	}
}
