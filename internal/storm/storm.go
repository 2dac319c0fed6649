// Package storm lets thousands of runners wait at the same time for executions of one account, against the quota of
// DescribeExecution, and tells how they fare.
//
//	r := storm.Run(storm.Config{Runners: 10_000, Time: 6 * time.Hour, Seed: 1})
//	fmt.Println(r.Wrong, r.Calls, r.Lag(99))
//
// The runners are those of package fsm, each with a job at a time and the next one as soon as that has ended. No runner
// knows of another, as if each were a process of its own. Time is virtual, chance has a seed: the same Config gives the
// same Result. It is test support and measures the pace alone: calls take no time and there is no network to fail.
//
// Laws that were measured with it, at 10,000 runners for six hours: how much slower the first throttled poll makes the
// next one, and one after another; what an answer takes back; the longest pause. Calls are of the quota's capacity, lags
// p50 and p99. None ended a run wrong.
//
//	first    again     answer  longest  calls  throttled  lag            lag of 1,000
//	x2       x2        x0.75   5m       4.29   76 %       15m    1h43m   2m     25m
//	x2       x2        x0.9    30m      2.59   60 %       15m    4h08m   1m42s  1h01m
//	x16      x16       x0.75   40m      1.47   29 %       42m    3h52m   2m     1h31m
//	x6       x60       x0.5    1h       1.42   27 %       1h04m  4h59m   48s    2h23m   built
//	x10      x40       x0.5    90m      1.35   23 %       1h07m  6h01m   57s    2h57m
//	x300/(1+answers)   x0.5    2h       1.19   14 %       53m    6h44m   1m58s  3h12m
//
// The last one costs whoever meets one chance throttle at first 50 minutes; the one that was built costs a minute.
package storm

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// The quota of DescribeExecution: so many calls at once, and so many a second.
const (
	Burst = 300
	Rate  = 15
)

// settled is when a storm has had its time to settle.
const settled = 10 * time.Minute

// Config is one storm.
type Config struct {
	Runners int
	Time    time.Duration // in which runners begin new jobs; what runs then is waited for all the same
	Seed    uint64
}

// Result is how the runners fared.
type Result struct {
	Config
	Runs      int             // jobs that were done
	Wrong     int             // of these, those that did not end as their execution did, or before it
	Calls     int             // of DescribeExecution within Time, throttled ones included
	Throttled float64         // share of the calls that were throttled after the first ten minutes
	Lags      []time.Duration // from the end of each execution to that of its run, sorted
}

// Lag is the longest one of so many percent of the runs, those with the shortest.
func (r Result) Lag(percent int) time.Duration {
	if len(r.Lags) == 0 {
		return 0
	}
	return r.Lags[(len(r.Lags)-1)*percent/100]
}

// Capacity is how many calls the quota allows within Time.
func (r Result) Capacity() float64 { return Burst + Rate*r.Time.Seconds() }

// Run lets a storm blow over.
func Run(c Config) Result {
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := &scheduler{now: begin, turn: make(chan struct{})}
	chance := rand.New(rand.NewPCG(c.Seed, 0))
	r := Result{Config: c}
	late, throttledLate := 0, 0
	a := &account{clock: s, describe: fakeaws.Bucket{Size: Burst, Rate: Rate}, chance: chance.Float64}
	a.counting = func(throttled bool) {
		switch age := s.now.Sub(begin); {
		case age >= c.Time:
			return
		case age >= settled:
			late++
			if throttled {
				throttledLate++
			}
		}
		r.Calls++
	}
	jobs := make([]func(), c.Runners)
	for i := range jobs {
		own := rand.New(rand.NewPCG(c.Seed, uint64(i)+1))
		connection := &connection{account: a}
		runner := fsm.Runner{
			Clock: s, Jitter: own.Float64,
			Open:  func(context.Context, fsm.Request) (backend.Backend, error) { return connection, nil },
			NewID: func() string { return fmt.Sprint(a.started) },
		}
		request := fsm.Defaults()
		request.StateMachineArn, request.WaitForSuccessOrFailure = machineArn, true
		jobs[i] = func() {
			for s.now.Sub(begin) < c.Time {
				out := runner.Run(context.Background(), request)
				lag := out.Ended.Sub(connection.ends)
				r.Runs++
				r.Lags = append(r.Lags, lag)
				if out.Ending != fsm.Succeeded || lag < 0 {
					r.Wrong++
				}
			}
		}
	}
	s.run(jobs)
	slices.Sort(r.Lags)
	if late > 0 {
		r.Throttled = float64(throttledLate) / float64(late)
	}
	return r
}
