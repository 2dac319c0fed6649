package storm

import (
	"flag"
	"fmt"
	"testing"
	"time"
)

var (
	hours   = flag.Float64("hours", 0.5, "virtual hours of TestTable")
	runners = flag.Int("runners", 1000, "runners of the largest storm of TestTable")
)

// TestTable prints the table. Its last line is for programs.
func TestTable(t *testing.T) {
	var r Result
	fmt.Printf("%8s %8s %6s %9s %9s %9s %9s %9s\n", "runners", "runs", "wrong", "calls", "capacity", "throttled", "lag p50", "lag p99")
	for _, n := range []int{1, 100, 1000, 10_000} {
		if n > *runners {
			break
		}
		r = Run(Config{Runners: n, Time: time.Duration(*hours * float64(time.Hour)), Seed: 1})
		fmt.Printf("%8d %8d %6d %9d %9.0f %8.0f%% %9s %9s\n", n, r.Runs, r.Wrong, r.Calls, r.Capacity(), 100*r.Throttled, r.Lag(50).Round(time.Second), r.Lag(99).Round(time.Second))
		check(t, r)
	}
	fmt.Printf("storm runners=%d hours=%g wrong=%d calls=%d capacity=%.0f throttled=%.1f%% lag_p50=%s lag_p99=%s\n",
		r.Runners, *hours, r.Wrong, r.Calls, r.Capacity(), 100*r.Throttled, r.Lag(50).Round(time.Second), r.Lag(99).Round(time.Second))
}

func check(t *testing.T, r Result) {
	t.Helper()
	if r.Runs < r.Runners || r.Wrong > 0 {
		t.Errorf("%d runners: %d of %d runs ended wrong", r.Runners, r.Wrong, r.Runs)
	}
	// The capacity is used up by answers alone; what is more was throttled. With less than a minute's pause for a throttled
	// poll that stands alone, thousands of runners cannot be held to 1.2 times the capacity.
	if most := 1.5 * r.Capacity(); float64(r.Calls) > most {
		t.Errorf("%d runners: %d calls, want at most %.0f", r.Runners, r.Calls, most)
	}
	if r.Throttled > 0.3 {
		t.Errorf("%d runners: %.0f%% of the calls throttled, want at most 30%%", r.Runners, 100*r.Throttled)
	}
	if lag := r.Lag(99); r.Runners <= 100 && lag > 15*time.Second {
		t.Errorf("%d runners: an end is seen after up to %s, want 15s", r.Runners, lag)
	}
}

func TestTheSameSeedIsTheSameStorm(t *testing.T) {
	c := Config{Runners: 200, Time: 20 * time.Minute, Seed: 7}
	a, b := Run(c), Run(c)
	if fmt.Sprint(a) != fmt.Sprint(b) {
		t.Error("two storms of one seed differ")
	}
	if c.Seed++; fmt.Sprint(a) == fmt.Sprint(Run(c)) {
		t.Error("two storms of different seeds are the same")
	}
}

func TestAPanicOfARunnerIsNotLost(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	(&scheduler{turn: make(chan struct{})}).run([]func(){func() { panic("on purpose") }})
}
