package sweep

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/benbjohnson/clock"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

const (
	owner   = "123456789012"
	machine = "arn:aws:states:eu-west-1:" + owner + ":stateMachine:order"
)

var epoch = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// world is a clock whose After advances it at once.
type world struct {
	clock.Clock // only Now and After may be used
	now         time.Time
}

func (w *world) Now() time.Time { return w.now }

func (w *world) After(d time.Duration) <-chan time.Time {
	w.now = w.now.Add(d)
	c := make(chan time.Time, 1)
	c <- w.now
	return c
}

// execution is one that ends as it is told to.
type execution struct {
	arn    string
	start  time.Time
	end    time.Time
	status backend.Status
}

// account is an account whose calls take time and are metered.
type account struct {
	*world
	executions     []execution // of machine, in order of their start
	byArn          map[string]*execution
	lists, polls   fakeaws.Bucket
	latency        time.Duration // of a poll; a page takes five times as long
	fails          func(op string, n int) error
	calls          map[string]int
	throttledCalls int
}

func newAccount() *account {
	w := &world{now: epoch}
	return &account{world: w, byArn: map[string]*execution{}, calls: map[string]int{},
		lists: fakeaws.Bucket{Size: 200, Rate: 5}, polls: fakeaws.Bucket{Size: 300, Rate: 15}}
}

// add adds n executions that started within the last minute and take 5 to 15 minutes, and gives their ARNs.
func (a *account) add(n int) []backend.ARN {
	chance := rand.New(rand.NewPCG(1, 2))
	of, _ := backend.ParseARN(machine)
	arns := make([]backend.ARN, n)
	for i := range arns {
		start := epoch.Add(-time.Minute + time.Duration(i)*time.Minute/time.Duration(n))
		arns[i] = of.Execution(fmt.Sprintf("e-%05d", i))
		status := backend.Succeeded
		if i%50 == 0 {
			status = backend.Failed
		}
		a.executions = append(a.executions, execution{arns[i].String(), start, start.Add(5*time.Minute + time.Duration(chance.Float64()*float64(10*time.Minute))), status})
	}
	for i := range a.executions {
		a.byArn[a.executions[i].arn] = &a.executions[i]
	}
	return arns
}

// call makes a call: it takes time, can fail, and is metered.
func (a *account) call(op string, b *fakeaws.Bucket, latency time.Duration) error {
	a.calls[op]++
	a.now = a.now.Add(latency)
	if a.fails != nil {
		if err := a.fails(op, a.calls[op]); err != nil {
			return err
		}
	}
	if !b.Take(a.now) {
		a.throttledCalls++
		return &backend.Error{Code: backend.Throttled, Op: op}
	}
	return nil
}

func (a *account) look(e *execution) backend.Execution {
	x := backend.Execution{ExecutionArn: e.arn, StateMachineArn: machine, Status: backend.Running, StartDate: e.start}
	if !a.now.Before(e.end) {
		x.Status, x.StopDate = e.status, e.end
	}
	return x
}

func (a *account) DescribeExecution(_ context.Context, arn string) (backend.Execution, error) {
	if err := a.call("DescribeExecution", &a.polls, a.latency); err != nil {
		return backend.Execution{}, err
	}
	e := a.byArn[arn]
	if e == nil {
		return backend.Execution{}, &backend.Error{Code: backend.ExecutionDoesNotExist}
	}
	x, output := a.look(e), "{}"
	if x.Status == backend.Succeeded {
		x.Output = &output
	}
	return x, nil
}

func (a *account) ListExecutions(_ context.Context, in backend.ListExecutionsInput) (backend.ListExecutionsOutput, error) {
	if err := a.call("ListExecutions", &a.lists, 5*a.latency); err != nil {
		return backend.ListExecutionsOutput{}, err
	}
	below := len(a.executions)
	if in.NextToken != "" {
		below, _ = strconv.Atoi(in.NextToken)
	}
	var out backend.ListExecutionsOutput
	for ; below > 0 && len(out.Executions) < in.MaxResults; below-- {
		out.Executions = append(out.Executions, a.look(&a.executions[below-1]))
	}
	if below > 0 {
		out.NextToken = strconv.Itoa(below)
	}
	return out, nil
}

func (a *account) Authenticate(context.Context) (backend.Identity, error) {
	return backend.Identity{}, nil
}

func (a *account) StartExecution(context.Context, backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
	return backend.StartExecutionOutput{}, &backend.Error{Code: backend.Unsupported}
}

// followed is a watch and what came of it.
type followed struct {
	results map[string]Result
	left    []Result
	alone   []string // machines that could not be listed
}

// follow follows executions of an account. change may change how.
func follow(t *testing.T, a *account, b backend.Backend, arns []backend.ARN, change func(*Config)) followed {
	t.Helper()
	f := followed{results: map[string]Result{}}
	c := Config{Clock: a.world, Interval: 10 * time.Second, RetryBudget: 15 * time.Minute, Jitter: rand.New(rand.NewPCG(3, 4)).Float64,
		Ended: func(r Result) {
			if _, twice := f.results[r.ExecutionArn]; twice {
				t.Errorf("%s has ended twice", r.ExecutionArn)
			}
			f.results[r.ExecutionArn] = r
		},
		Alone: func(machine string, _ error) { f.alone = append(f.alone, machine) },
	}
	if change != nil {
		change(&c)
	}
	w := New(c)
	for _, arn := range arns {
		w.Add(b, arn)
	}
	f.left = w.Run(t.Context())
	return f
}

// percentile of durations.
func percentile(all []time.Duration, p int) time.Duration {
	slices.Sort(all)
	return all[(len(all)-1)*p/100]
}
