package storm

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// opening is an account where starts are metered, and where the answer to one start in ten gets lost.
type opening struct {
	connection
	starts fakeaws.Bucket
	calls  int
	names  map[string]int // how often each execution was started
}

func (o *opening) StartExecution(ctx context.Context, in backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
	o.calls++
	if !o.starts.Take(o.clock.Now()) {
		return backend.StartExecutionOutput{}, &backend.Error{Code: backend.Throttled, Op: "StartExecution"}
	}
	out, err := o.connection.StartExecution(ctx, in)
	if o.names[in.Name] > 0 {
		return out, err // the same execution
	}
	o.names[in.Name]++
	if len(o.names)%10 == 0 {
		return backend.StartExecutionOutput{}, &backend.Error{Code: backend.Connection, Op: "StartExecution", Ambiguous: true}
	}
	return out, err
}

// DescribeStateMachine knows one STANDARD machine.
func (o *opening) DescribeStateMachine(context.Context, string) (backend.StateMachine, error) {
	return backend.StateMachine{Type: backend.Standard}, nil
}

// Ten thousand jobs start at once, against a quota of 1,300 starts and 300 more each second.
func TestTenThousandStartAtOnce(t *testing.T) {
	const jobs = 10_000
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := &scheduler{now: begin, turn: make(chan struct{})}
	o := &opening{connection: connection{account: &account{clock: s, chance: func() float64 { return 0 }}},
		starts: fakeaws.Bucket{Size: 1300, Rate: 300}, names: map[string]int{}}
	wrong := 0
	all := make([]func(), jobs)
	for i := range all {
		name := "job" + strconv.Itoa(i)
		request := fsm.Defaults()
		request.StateMachineArn, request.ExecutionName = machineArn, &name
		runner := fsm.Runner{
			Clock: s, Jitter: rand.New(rand.NewPCG(7, uint64(i))).Float64,
			Open: func(context.Context, fsm.Request) (backend.Backend, error) { return o, nil },
		}
		all[i] = func() {
			if out := runner.Run(t.Context(), request); out.Ending != fsm.Started || out.Name != name+"-1" {
				wrong++
			}
		}
	}
	s.run(all)
	took := s.now.Sub(begin)
	t.Logf("start storm: jobs=%d started=%d calls=%d wrong=%d took=%s", jobs, len(o.names), o.calls, wrong, took.Round(time.Millisecond))
	if len(o.names) != jobs || wrong > 0 || took > 45*time.Second {
		t.Errorf("%d jobs were started and %d ended wrongly in %s, want all of %d, none, and at most 45s", len(o.names), wrong, took, jobs)
	}
}
