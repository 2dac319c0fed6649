package sim_test

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/value"
)

// lively uses chance and time: a UUID, jitter, answers of the same instant.
const lively = `{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":2,"ItemProcessor":{"StartAt":"T","States":{
	"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"id.$":"States.UUID()","item.$":"$"},"ResultPath":"$.r",
		"Retry":[{"ErrorEquals":["E"],"JitterStrategy":"FULL","IntervalSeconds":10}],"Next":"W"},
	"W":{"Type":"Wait","Seconds":1,"End":true}}},"End":true}}}`

// flaky fails the first attempt of each task.
func flaky(c sim.Call) (sim.Answer, error) {
	if c.RetryCount == 0 {
		return sim.Throw(ptr("E"), nil).After(time.Second), nil
	}
	return sim.Return(value.Int(int64(c.RetryCount))).After(2 * time.Second), nil
}

// histories starts an execution for each name, all at the same time, lets a day pass, and gives the history of each by name.
func histories(t *testing.T, seed uint64, names []string, together bool) map[string]string {
	t.Helper()
	r := sim.New(sim.Config{Seed: seed, Tasks: tasks(flaky)})
	machine := create(t, r, "lively", "", lively)
	arns := make([]string, len(names))
	var group sync.WaitGroup
	for i, name := range names {
		run := func() {
			arns[i] = start(t, r, machine, name, `[{"n":1},{"n":2},{"n":3}]`)
		}
		if together {
			group.Go(run)
		} else {
			run()
		}
	}
	group.Wait()
	<-r.Clock().After(24 * time.Hour)
	out := map[string]string{}
	for i, name := range names {
		if x := describe(t, r, arns[i]); x.Status != backend.Succeeded {
			t.Errorf("%s is %s", name, x.Status)
		}
		out[name] = historyText(t, r, arns[i])
	}
	return out
}

func TestSameSeedSameBytes(t *testing.T) {
	names := make([]string, 20)
	for i := range names {
		names[i] = fmt.Sprintf("execution-%d", i)
	}
	want := histories(t, 7, names, false)
	if want[names[0]] == want[names[1]] {
		t.Error("two executions have the same chance")
	}
	if got := histories(t, 8, names[:1], false); got[names[0]] == want[names[0]] {
		t.Error("another seed gives the same chance")
	}
	same := func(how string, got map[string]string) {
		t.Helper()
		for name := range got {
			if got[name] != want[name] {
				t.Errorf("%s, %s has another history\n%s\n%s", how, name, got[name], want[name])
			}
		}
	}
	same("alone", histories(t, 7, names[11:12], false))
	backwards := slices.Clone(names)
	slices.Reverse(backwards)
	same("started in the opposite order", histories(t, 7, backwards, false))
	for _, procs := range []int{1, 2, 8} {
		before := runtime.GOMAXPROCS(procs)
		same(fmt.Sprintf("started together on %d processors", procs), histories(t, 7, names, true))
		runtime.GOMAXPROCS(before)
	}
}

// The id of an EXPRESS execution, and with it its chance, depends on its name and on those of the same name before it.
func TestExpressExecutionsOfOneName(t *testing.T) {
	run := func(names ...string) map[string]string {
		out := map[string]string{}
		r := sim.New(sim.Config{Seed: 7})
		machine := create(t, r, "express", backend.Express, `{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"id.$":"States.UUID()"},"End":true}}}`)
		for _, name := range names {
			x, err := r.StartSyncExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: machine, Name: name})
			if err != nil {
				t.Fatal(err)
			}
			out[x.ExecutionArn] = name + *x.Output
		}
		return out
	}
	forth, back := run("a", "a", "b"), run("b", "a", "a")
	if len(forth) != 3 {
		t.Errorf("three executions have the ARNs %v", forth)
	}
	for arn, what := range forth {
		if back[arn] != what {
			t.Errorf("%s gives %s, in another order %q", arn, what, back[arn])
		}
	}
}

// Several may use the region at the same time, observers are told in order.
func TestTheRegionIsSharedSafely(t *testing.T) {
	seen := map[string]int64{}
	r := sim.New(sim.Config{Tasks: tasks(flaky), Observe: func(arn string, e history.Event) {
		if seen[arn]++; e.ID != seen[arn] {
			t.Errorf("the event %d of %s is the %dth that is observed", e.ID, arn, seen[arn])
		}
	}})
	machine := create(t, r, "lively", "", lively)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			arn := start(t, r, machine, fmt.Sprintf("e-%d", i), `[{},{}]`)
			for range 200 {
				<-r.Clock().After(time.Second)
				x, err := r.DescribeExecution(t.Context(), arn)
				if err != nil {
					t.Error(err)
				}
				if x.Status.Terminal() {
					return
				}
				if _, _, err := r.NextChange(t.Context(), arn); err != nil {
					t.Error(err)
				}
			}
			if _, err := r.StopExecution(t.Context(), backend.StopExecutionInput{ExecutionArn: arn}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if len(seen) != 8 {
		t.Errorf("%d executions were observed", len(seen))
	}
}
