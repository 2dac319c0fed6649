package interp_test

import (
	"fmt"
	"hash/fnv"
	"runtime"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/value"
)

// play is a generated machine and how it is started.
type play struct {
	definition string
	config     config
}

var plays = rapid.Custom(func(t *rapid.T) play {
	g := &generator{t: t}
	return play{g.machine(), g.config()}
})

// hashed answers a task by what is asked, and nothing else.
func hashed(c sim.Call) (sim.Answer, error) {
	h := fnv.New32a()
	_, _ = fmt.Fprint(h, c.ExecutionName, c.State, c.RetryCount, c.Parameters)
	n := h.Sum32() >> 8
	delay := time.Duration(n/8%7) * 500 * time.Millisecond
	switch n % 8 {
	case 0:
		return sim.Never(), nil
	case 1, 2:
		return sim.Throw(ptr([]string{"E", "F", "States.Timeout"}[n/64%3]), nil).After(delay), nil
	}
	return sim.Return(value.Int(int64(n))).Submitted(value.Int(1)).After(delay).By("worker"), nil
}

// TestDeterminism runs generated machines again and again in simulated regions: every event of every execution, of the
// children of distributed Maps as well, has the same bytes, on one processor and on two.
func TestDeterminism(t *testing.T) {
	definitions, runs := 100, 20
	if testing.Short() {
		definitions, runs = 20, 3
	}
	statuses := map[string]int{}
	for i := range definitions {
		p := plays.Example(i)
		m, found := asl.Parse([]byte(p.definition), asl.Options{})
		if found.HasErrors() {
			t.Fatalf("the generator writes a wrong definition: %v\n%s", found, p.definition)
		}
		var want string
		for _, procs := range []int{1, 2} {
			before := runtime.GOMAXPROCS(procs)
			for run := range runs {
				got, status := inRegion(t, m, p)
				if want == "" {
					want = got
					statuses[status]++
				}
				if got != want {
					t.Fatalf("run %d on %d processors is different\n%s\n%s", run+1, procs, p.definition, differences(got, want))
				}
			}
			runtime.GOMAXPROCS(before)
		}
	}
	t.Logf("%d definitions, %d runs each: %v", definitions, 2*runs, statuses)
}

// inRegion runs a machine in a region of its own and gives all that can be seen of it.
func inRegion(t *testing.T, m *asl.Machine, p play) (seen, status string) {
	t.Helper()
	var b strings.Builder
	r := sim.New(sim.Config{Seed: p.config.seed, Start: epoch, Tasks: answers(hashed), Limits: p.config.limits, Observe: func(arn string, e history.Event) {
		text, err := e.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %s\n", arn, text)
	}})
	machine, err := r.CreateStateMachine(sim.StateMachine{Name: "machine", Machine: m})
	if err != nil {
		t.Fatal(err)
	}
	started, err := r.StartExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: machine, Name: "run", Input: &p.config.input})
	if err != nil {
		t.Fatal(err)
	}
	for range stepsAtMost {
		at, known, err := r.NextChange(t.Context(), started.ExecutionArn)
		if err != nil {
			t.Fatal(err)
		}
		if !known {
			break
		}
		r.Advance(at)
	}
	x, err := r.DescribeExecution(t.Context(), started.ExecutionArn)
	if err != nil { // given up: a loop without an end, or a child that nobody has
		return b.String() + err.Error(), "given up"
	}
	if x.Status == backend.Running {
		t.Errorf("it does not end\n%s", p.definition)
	}
	return b.String(), string(x.Status)
}

type answers func(sim.Call) (sim.Answer, error)

func (f answers) Answer(c sim.Call) (sim.Answer, error) { return f(c) }
