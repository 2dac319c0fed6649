package sweep

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
)

// Ten thousand executions of 5 to 15 minutes: everybody's end is seen, and soon.
func TestTenThousandExecutions(t *testing.T) {
	a := newAccount()
	a.latency = 40 * time.Millisecond
	arns := a.add(10_000)
	seen := map[string]time.Duration{}
	wrong := 0
	f := follow(t, a, &watched{a, seen}, arns, nil)
	for _, arn := range arns {
		e, r := a.byArn[arn.String()], f.results[arn.String()]
		if r.Err != nil || r.Execution == nil || r.Execution.Status != e.status || r.Execution.StopDate != e.end || e.status == backend.Succeeded && r.Execution.Output == nil {
			wrong++
		}
	}
	var lags []time.Duration
	for _, lag := range seen {
		lags = append(lags, lag)
	}
	took := a.now.Sub(epoch).Seconds()
	pages, polls := float64(a.calls["ListExecutions"])/took, float64(a.calls["DescribeExecution"])/took
	t.Logf("sweep executions=%d wrong=%d lists_per_s=%.2f describes_per_s=%.2f throttled=%d lag_p50=%s lag_p99=%s took=%.0fs",
		len(arns), wrong, pages, polls, a.throttledCalls, percentile(lags, 50).Round(time.Millisecond), percentile(lags, 99).Round(time.Millisecond), took)
	if wrong > 0 || len(f.left) > 0 || len(lags) != len(arns) {
		t.Errorf("%d of %d wrong, %d left, %d seen", wrong, len(arns), len(f.left), len(lags))
	}
	if p99 := percentile(lags, 99); p99 > 15*time.Second {
		t.Errorf("an end is seen after up to %s, want 15s", p99)
	}
	if pages > 1 || polls > 10 || a.throttledCalls > 0 {
		t.Errorf("%.2f pages and %.2f polls a second, %d throttled; want at most 1, 10 and 0", pages, polls, a.throttledCalls)
	}
}

// watched is an account that notes when the end of an execution was first told.
type watched struct {
	*account
	seen map[string]time.Duration
}

func (w *watched) note(x backend.Execution) {
	if _, known := w.seen[x.ExecutionArn]; x.Status.Terminal() && !known {
		w.seen[x.ExecutionArn] = w.now.Sub(x.StopDate)
	}
}

func (w *watched) DescribeExecution(ctx context.Context, arn string) (backend.Execution, error) {
	x, err := w.account.DescribeExecution(ctx, arn)
	w.note(x)
	return x, err
}

func (w *watched) ListExecutions(ctx context.Context, in backend.ListExecutionsInput) (backend.ListExecutionsOutput, error) {
	out, err := w.account.ListExecutions(ctx, in)
	for _, x := range out.Executions {
		w.note(x)
	}
	return out, err
}

func TestAFewArePolledByThemselves(t *testing.T) {
	a := newAccount()
	f := follow(t, a, a, a.add(3), nil)
	if len(f.results) != 3 || a.calls["ListExecutions"] != 0 {
		t.Errorf("%d ended after the calls %v", len(f.results), a.calls)
	}
}

func TestWhatNeedsNoListIsPolled(t *testing.T) {
	denied := &backend.Error{Code: backend.Authorization, Op: "ListExecutions"}
	for _, c := range []struct {
		name  string
		err   error
		lists int // calls
	}{
		{"denied", denied, 1},
		{"a machine that is gone", &backend.Error{Code: backend.StateMachineDoesNotExist}, 1},
		{"a service that cannot", &backend.Error{Code: backend.Unsupported}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAccount()
			a.fails = func(op string, _ int) error {
				if op == "ListExecutions" {
					return c.err
				}
				return nil
			}
			f := follow(t, a, a, a.add(200), nil)
			if len(f.results) != 200 || len(f.left) > 0 || a.calls["ListExecutions"] != c.lists || !slices.Equal(f.alone, []string{machine}) {
				t.Errorf("%d ended after the calls %v; not listed: %v", len(f.results), a.calls, f.alone)
			}
		})
	}
	t.Run("a backend without lists", func(t *testing.T) {
		a := newAccount()
		if f := follow(t, a, &struct{ backend.Backend }{a}, a.add(20), nil); len(f.results) != 20 {
			t.Errorf("%d ended", len(f.results))
		}
	})
	t.Run("executions of a Map Run", func(t *testing.T) {
		a := newAccount()
		arns := a.add(20)
		for i := range arns {
			e := a.byArn[arns[i].String()]
			arns[i].Name += "/label"
			a.byArn[arns[i].String()] = e
			e.arn = arns[i].String()
		}
		if f := follow(t, a, a, arns, nil); len(f.results) != 20 || a.calls["ListExecutions"] != 0 {
			t.Errorf("%d ended after the calls %v", len(f.results), a.calls)
		}
	})
}

func TestNothingEndsForThrottling(t *testing.T) {
	a := newAccount()
	a.fails = func(_ string, n int) error {
		if n%3 > 0 {
			return &backend.Error{Code: backend.Throttled, RetryAfter: time.Second}
		}
		return nil
	}
	f := follow(t, a, a, a.add(500), func(c *Config) { c.RetryBudget = 0 })
	throttled := 0
	for _, r := range f.results {
		throttled += r.Throttled
		if r.Err != nil {
			t.Fatalf("%s: %v", r.ExecutionArn, r.Err)
		}
	}
	if len(f.results) != 500 || throttled == 0 {
		t.Errorf("%d ended, %d polls throttled", len(f.results), throttled)
	}
}

func TestAnAccountOutOfReach(t *testing.T) {
	lost := &backend.Error{Code: backend.Connection}
	for _, c := range []struct {
		name string
		for_ time.Duration
		want int // executions that end in an error
	}{{"for ten minutes", 10 * time.Minute, 0}, {"for good", 100 * time.Hour, 50}} {
		t.Run(c.name, func(t *testing.T) {
			a := newAccount()
			a.fails = func(string, int) error {
				if age := a.now.Sub(epoch); age > time.Minute && age < time.Minute+c.for_ {
					return lost
				}
				return nil
			}
			f := follow(t, a, a, a.add(50), nil)
			failed := 0
			for _, r := range f.results {
				if r.Err != nil {
					failed++
				}
			}
			if len(f.results) != 50 || failed != c.want {
				t.Errorf("%d ended, %d in an error, want 50 and %d", len(f.results), failed, c.want)
			}
		})
	}
}

func TestExpiredCredentialsEndAllOfTheAccountAtOnce(t *testing.T) {
	a := newAccount()
	a.fails = func(_ string, n int) error {
		if n > 3 {
			return &backend.Error{Code: backend.Authentication}
		}
		return nil
	}
	f := follow(t, a, a, a.add(50), nil)
	if len(f.results) != 50 || a.calls["ListExecutions"] > 4 || a.calls["DescribeExecution"] > 4 {
		t.Errorf("%d ended after the calls %v", len(f.results), a.calls)
	}
}

func TestAnExecutionThatDoesNotExist(t *testing.T) {
	a := newAccount()
	arns := a.add(20)
	arns = append(arns, arns[0])
	arns[20].Qualifier = "nobody"
	f := follow(t, a, a, arns, nil)
	if r := f.results[arns[20].String()]; backend.CodeOf(r.Err) != backend.ExecutionDoesNotExist || r.Execution != nil || r.Polls < 2 || r.Polls > 13 {
		t.Errorf("the unknown one is %+v", r)
	}
	if len(f.results) != 21 {
		t.Errorf("%d ended after the calls %v", len(f.results), a.calls)
	}
}

// What a list would have to be read far for is polled.
func TestExecutionsBelowThousandsOfOthers(t *testing.T) {
	a := newAccount()
	arns := a.add(40)
	a.add(30_000)
	f := follow(t, a, a, arns, nil)
	if len(f.results) != 40 || a.calls["ListExecutions"] > 20 {
		t.Errorf("%d ended after the calls %v", len(f.results), a.calls)
	}
}

func TestTheDeadlineLeavesWhatIsOpen(t *testing.T) {
	a := newAccount()
	f := follow(t, a, a, a.add(1000), func(c *Config) { c.Deadline = epoch.Add(10 * time.Minute) })
	if took := a.now.Sub(epoch); took < 10*time.Minute || took > 10*time.Minute+5*time.Second {
		t.Errorf("it took %s", took)
	}
	if len(f.left) == 0 || len(f.left)+len(f.results) != 1000 {
		t.Errorf("%d ended, %d left", len(f.results), len(f.left))
	}
	for _, r := range f.left {
		if r.Execution.Status != backend.Running {
			t.Errorf("%s is left as %s", r.ExecutionArn, r.Execution.Status)
		}
	}
}

func TestAnInterruptLeavesWhatIsOpen(t *testing.T) {
	a := newAccount()
	ctx, cancel := context.WithCancel(t.Context())
	a.fails = func(string, int) error {
		if a.now.Sub(epoch) > 7*time.Minute {
			cancel()
			return &backend.Error{Code: backend.Canceled}
		}
		return nil
	}
	ended := 0
	w := New(Config{Clock: a.world, Interval: 10 * time.Second, Ended: func(Result) { ended++ }})
	for _, arn := range a.add(100) {
		w.Add(a, arn)
	}
	if left := len(w.Run(ctx)); left == 0 || left+ended != 100 || ended == 0 {
		t.Errorf("%d ended, %d left", ended, left)
	}
}

func TestSeveralAccountsAndMachines(t *testing.T) {
	a, b := newAccount(), newAccount()
	b.world = a.world
	w := New(Config{Clock: a.world, Interval: 10 * time.Second, Ended: func(r Result) {
		if r.Err != nil || !strings.Contains(r.ExecutionArn, ":e-") {
			t.Errorf("%+v", r)
		}
	}})
	for _, arn := range a.add(100) {
		w.Add(a, arn)
	}
	for _, arn := range b.add(100) {
		w.Add(b, arn)
	}
	if left := w.Run(t.Context()); len(left) > 0 || a.calls["DescribeExecution"] == 0 || b.calls["DescribeExecution"] == 0 {
		t.Errorf("%d left after %v and %v", len(left), a.calls, b.calls)
	}
}

// The standing counts an execution as soon as its end is seen.
func TestStanding(t *testing.T) {
	a := newAccount()
	var last Standing
	follow(t, a, a, a.add(100), func(c *Config) {
		c.Stands = func(s Standing) {
			if s.Succeeded < last.Succeeded || s.Failed < last.Failed {
				t.Errorf("%+v after %+v", s, last)
			}
			last = s
		}
	})
	if last.Succeeded != 98 || last.Failed != 2 {
		t.Errorf("it stands at %+v, want 98 and 2", last)
	}
}

func TestAnOutputThatIsLate(t *testing.T) {
	a := newAccount()
	arns := a.add(2)
	late := &lateOutput{a}
	f := follow(t, a, late, arns, nil)
	if r := f.results[arns[1].String()]; r.Execution.Output == nil || r.Polls < 3 {
		t.Errorf("%+v", r)
	}
}

// lateOutput is an account that gives an output 12 seconds after the end.
type lateOutput struct{ *account }

func (l *lateOutput) DescribeExecution(ctx context.Context, arn string) (backend.Execution, error) {
	x, err := l.account.DescribeExecution(ctx, arn)
	if l.now.Sub(x.StopDate) < 12*time.Second {
		x.Output = nil
	}
	return x, err
}

// Executions that a list has shown once are polled when newer ones push them out of the pages that are asked for.
func TestExecutionsThatGetBuried(t *testing.T) {
	a := newAccount()
	f := follow(t, a, &burying{account: a}, a.add(100), nil)
	if len(f.results) != 100 || len(f.left) > 0 {
		t.Errorf("%d ended, %d left after the calls %v", len(f.results), len(f.left), a.calls)
	}
}

// burying is an account in which many executions start after the first list.
type burying struct{ *account }

func (b *burying) ListExecutions(ctx context.Context, in backend.ListExecutionsInput) (backend.ListExecutionsOutput, error) {
	out, err := b.account.ListExecutions(ctx, in)
	if b.calls["ListExecutions"] > 1 {
		out.Executions, out.NextToken = nil, "more"
	}
	return out, err
}

func TestACallThatHangsAtTheDeadline(t *testing.T) {
	for _, n := range []int{3, 50} {
		a := newAccount()
		f := follow(t, a, &hanging{a}, a.add(n), func(c *Config) { c.Deadline = epoch.Add(time.Millisecond) })
		if len(f.left) != n {
			t.Errorf("%d of %d left after the calls %v", len(f.left), n, a.calls)
		}
	}
}

// hanging is an account that never answers.
type hanging struct{ *account }

func (h *hanging) DescribeExecution(ctx context.Context, _ string) (backend.Execution, error) {
	<-ctx.Done()
	return backend.Execution{}, &backend.Error{Code: backend.Canceled}
}

func (h *hanging) ListExecutions(ctx context.Context, _ backend.ListExecutionsInput) (backend.ListExecutionsOutput, error) {
	<-ctx.Done()
	return backend.ListExecutionsOutput{}, &backend.Error{Code: backend.Canceled}
}
