package fsm

import (
	"container/heap"
	"context"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/benbjohnson/clock"

	"github.com/sfnx/sfnx/backend"
)

// storm runs many jobs in virtual time, one at a time, in the order in which their pauses end.
type storm struct {
	now    time.Time
	queue  pauses
	parked chan struct{} // the job in progress pauses, or has ended
}

// pausing is one job that pauses.
type pausing struct {
	until time.Time
	job   int
	wake  chan time.Time
}

type pauses []pausing

func (p pauses) Len() int      { return len(p) }
func (p pauses) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p pauses) Less(i, j int) bool {
	return p[i].until.Before(p[j].until) || p[i].until.Equal(p[j].until) && p[i].job < p[j].job
}
func (p *pauses) Push(x any) { *p = append(*p, x.(pausing)) }
func (p *pauses) Pop() any {
	last := (*p)[len(*p)-1]
	*p = (*p)[:len(*p)-1]
	return last
}

// clockOf is the clock of one job of a storm.
type clockOf struct {
	clock.Clock // only Now and After may be used
	storm       *storm
	job         int
}

func (c clockOf) Now() time.Time { return c.storm.now }

func (c clockOf) After(d time.Duration) <-chan time.Time {
	wake := make(chan time.Time, 1)
	heap.Push(&c.storm.queue, pausing{c.storm.now.Add(d), c.job, wake})
	c.storm.parked <- struct{}{}
	return wake
}

// run runs the jobs, all of which begin at once.
func (s *storm) run(jobs int, run func(job int, c clock.Clock)) {
	s.parked = make(chan struct{})
	for i := range jobs {
		go func() {
			run(i, clockOf{storm: s, job: i})
			s.parked <- struct{}{}
		}()
		<-s.parked
	}
	for len(s.queue) > 0 {
		next := heap.Pop(&s.queue).(pausing)
		s.now = next.until
		next.wake <- s.now
		<-s.parked
	}
}

// bucket is StartExecution with the quota of an account. The first request of one job in ten is carried out, but its
// answer gets lost.
type bucket struct {
	account
	storm    *storm
	tokens   float64
	at       time.Time
	calls    int
	executed map[string]int
}

const (
	bucketSize   = 1300
	bucketRefill = 300 // a second
)

func (b *bucket) Authenticate(context.Context) (backend.Identity, error) {
	return backend.Identity{}, nil
}

func (b *bucket) StartExecution(_ context.Context, in backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
	b.calls++
	b.tokens = min(bucketSize, b.tokens+b.storm.now.Sub(b.at).Seconds()*bucketRefill)
	b.at = b.storm.now
	if b.tokens < 1 {
		return backend.StartExecutionOutput{}, failure(backend.Throttled)
	}
	b.tokens--
	out := backend.StartExecutionOutput{ExecutionArn: executionArn, StartDate: b.storm.now}
	if b.executed[in.Name] > 0 {
		return out, nil // idempotent
	}
	b.executed[in.Name]++
	if len(b.executed)%10 == 0 {
		return backend.StartExecutionOutput{}, lost(backend.Connection)
	}
	return out, nil
}

// Ten thousand jobs start at once, against a quota of 1,300 starts and 300 more each second.
func TestStartStorm(t *testing.T) {
	const jobs = 10_000
	s := &storm{now: epoch}
	b := &bucket{storm: s, tokens: bucketSize, at: epoch, executed: map[string]int{}}
	var wrong int
	var last time.Time
	s.run(jobs, func(job int, c clock.Clock) {
		req := Defaults()
		name := "job" + strconv.Itoa(job)
		req.StateMachineArn, req.ExecutionName = machineArn, &name
		chance := rand.New(rand.NewPCG(7, uint64(job)))
		r := Runner{Clock: c, Jitter: chance.Float64, Open: func(context.Context, Request) (backend.Backend, error) { return b, nil }}
		out := r.Run(t.Context(), req)
		if out.Ending != Started || out.Name != name+"-1" {
			wrong++
		}
		if out.Ended.After(last) {
			last = out.Ended
		}
	})
	took := last.Sub(epoch)
	t.Logf("start storm: jobs=%d started=%d calls=%d wrong=%d took=%s", jobs, len(b.executed), b.calls, wrong, took.Round(time.Millisecond))
	for name, n := range b.executed {
		if n != 1 {
			t.Errorf("%s was started %d times", name, n)
		}
	}
	if len(b.executed) != jobs || wrong > 0 || took > 45*time.Second {
		t.Errorf("%d jobs were started and %d ended wrongly in %s, want all of %d, none, and at most 45s", len(b.executed), wrong, took, jobs)
	}
}
