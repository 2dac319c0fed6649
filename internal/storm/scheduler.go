package storm

import (
	"time"

	"github.com/benbjohnson/clock"

	"github.com/sfnx/sfnx/internal/simtime"
)

// scheduler is a virtual clock that runs one goroutine at a time: whoever pauses on it hands the turn on to whoever is due
// first. Only Now and After may be used, and only by goroutines of run.
type scheduler struct {
	clock.Clock
	now   time.Time
	due   simtime.Queue[chan time.Time]
	turn  chan struct{} // given back by the goroutine that runs
	panic any           // the first one of a goroutine
}

// Now is the virtual time.
func (s *scheduler) Now() time.Time { return s.now }

// After parks the goroutine that calls it, which must wait for the answer at once.
func (s *scheduler) After(d time.Duration) <-chan time.Time {
	c := make(chan time.Time, 1)
	s.due.Push(s.now.Add(d), c)
	s.turn <- struct{}{}
	return c
}

// run runs the jobs, each on a goroutine of its own, until the last one has ended.
func (s *scheduler) run(jobs []func()) {
	for _, job := range jobs {
		c := make(chan time.Time, 1)
		s.due.Push(s.now, c)
		go func() {
			defer func() {
				if v := recover(); v != nil {
					s.panic = v
				}
				s.turn <- struct{}{}
			}()
			<-c
			job()
		}()
	}
	for s.due.Len() > 0 {
		e := s.due.Pop()
		s.now = e.At
		e.Value <- s.now
		<-s.turn
		if s.panic != nil {
			panic(s.panic)
		}
	}
}
