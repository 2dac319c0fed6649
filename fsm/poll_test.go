package fsm

import (
	"math/rand"
	"slices"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
)

const second = time.Second

// answers gives the n-th answer to the n-th describe; nil is RUNNING. After the last one the execution has SUCCEEDED.
func answers(errs ...error) func(int) (backend.Execution, error) {
	return func(n int) (backend.Execution, error) {
		switch {
		case n > len(errs):
			return ended(backend.Succeeded), nil
		case errs[n-1] == nil:
			return execution(backend.Running), nil
		}
		return backend.Execution{}, errs[n-1]
	}
}

func repeat(n int, err error) []error { return slices.Repeat([]error{err}, n) }

func TestPauses(t *testing.T) {
	throttled, unreachable, unavailable := failure(backend.Throttled), failure(backend.Connection), failure(backend.Unavailable)
	for _, c := range []struct {
		name     string
		interval int
		answers  []error
		want     []time.Duration
	}{
		{"a run that goes well", 10, repeat(4, nil), []time.Duration{10 * second, 10 * second, 10 * second, 10 * second}},
		{"the shortest interval", 1, repeat(2, nil), []time.Duration{second, second}},
		{"throttling doubles, and recovers slowly", 10, []error{nil, throttled, throttled, nil, nil, nil, nil, nil, nil},
			[]time.Duration{10 * second, 20 * second, 40 * second, 30 * second, 22500 * time.Millisecond, 16875 * time.Millisecond,
				12656250 * time.Microsecond, 7968750 * time.Microsecond /* back on the grid */, 10 * second}},
		{"throttling slows down to five minutes", 60, repeat(5, throttled),
			[]time.Duration{120 * second, 240 * second, 300 * second, 300 * second, 300 * second}},
		{"a long interval is never shortened by throttling", 3600, repeat(2, throttled), []time.Duration{3600 * second, 3600 * second}},
		{"the service says when to come back", 10, []error{&backend.Error{Code: backend.Throttled, RetryAfter: 90 * second}}, []time.Duration{90 * second}},
		{"out of reach, then back on the grid", 10, []error{nil, unreachable, unavailable, nil},
			[]time.Duration{10 * second, 20 * second, 40 * second, 10 * second}},
		{"out of reach slows down to a minute", 20, repeat(4, unreachable), []time.Duration{40 * second, 60 * second, 60 * second, 60 * second}},
		{"out of reach is asked each minute, however long the interval", 3600, repeat(2, unreachable), []time.Duration{60 * second, 60 * second}},
		{"not there yet", 10, repeat(3, failure(backend.ExecutionDoesNotExist)), []time.Duration{5 * second, 5 * second, 5 * second}},
		{"not there yet, polled each second", 1, repeat(2, failure(backend.ExecutionDoesNotExist)), []time.Duration{second, second}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := job(t)
			s.req.PollingInterval = c.interval
			s.account.describe = answers(c.answers...)
			out := s.run()
			if out.Ending != Succeeded || !slices.Equal(s.world.pauses, c.want) {
				t.Errorf("ended as %s (%v) after pauses of %v, want %v", out.Ending, out.Err, s.world.pauses, c.want)
			}
			if out.Polls != len(c.answers)+1 {
				t.Errorf("%d polls, want %d", out.Polls, len(c.answers)+1)
			}
		})
	}
}

func TestThrottlingNeverEndsAWait(t *testing.T) {
	s := job(t)
	s.req.RetryBudget = 0
	s.account.describe = answers(repeat(10_000, failure(backend.Throttled))...)
	out := s.run()
	if out.Ending != Succeeded || out.Throttled != 10_000 || out.Polls != 10_001 {
		t.Errorf("ended as %s after %d throttled of %d polls", out.Ending, out.Throttled, out.Polls)
	}
}

func TestSlowedPollsAreSpread(t *testing.T) {
	s := job(t)
	s.jitter = rand.New(rand.NewSource(1)).Float64
	s.account.describe = answers(repeat(200, failure(backend.Throttled))...)
	s.run()
	distinct := map[time.Duration]bool{}
	for _, p := range s.world.pauses[10:] {
		distinct[p] = true
		if p < 150*second || p > 450*second {
			t.Errorf("pause of %v, want 300s give or take a half", p)
		}
	}
	if len(distinct) < 180 {
		t.Errorf("%d different pauses of 190", len(distinct))
	}
}

func TestRetryBudget(t *testing.T) {
	for _, c := range []struct {
		name    string
		code    backend.Code
		answers []error
		want    State
	}{
		{"out of reach for longer than the budget", backend.Connection, repeat(100, failure(backend.Connection)), ConnectionError},
		{"down for longer than the budget", backend.Unavailable, repeat(100, failure(backend.Unavailable)), ConnectionError},
		{"the proxy gone for longer than the budget", backend.Proxy, repeat(100, failure(backend.Proxy)), ProxyError},
		{"out of reach for ten minutes", backend.Connection, repeat(11, failure(backend.Connection)), Succeeded},
		{"out of reach again and again", backend.Connection,
			slices.Concat(repeat(14, failure(backend.Connection)), repeat(1, nil), repeat(14, failure(backend.Connection))), Succeeded},
		{"throttled in between, so it was reached", backend.Connection,
			slices.Concat(repeat(14, failure(backend.Connection)), repeat(1, failure(backend.Throttled)), repeat(14, failure(backend.Connection))), Succeeded},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := job(t)
			s.account.describe = answers(c.answers...)
			out := s.run()
			if out.Ending != c.want {
				t.Fatalf("ended as %s after %v, want %s", out.Ending, s.world.now.Sub(epoch), c.want)
			}
			if c.want == Succeeded {
				return
			}
			if took := s.world.now.Sub(epoch); took < 15*time.Minute || took > 17*time.Minute {
				t.Errorf("gave up after %v, want 15 minutes", took)
			}
			if out.Left != LeftRunning || backend.CodeOf(out.Err) != c.code {
				t.Errorf("left %q, error %v", out.Left, out.Err)
			}
		})
	}
}

func TestNotFoundForAMinute(t *testing.T) {
	for _, c := range []struct {
		missing time.Duration
		want    State
	}{{59 * second, Succeeded}, {70 * second, UnexpectedError}} {
		s := job(t)
		s.req.PollingInterval = 1
		s.account.describe = func(int) (backend.Execution, error) {
			if s.world.now.Sub(epoch) < c.missing {
				return backend.Execution{}, failure(backend.ExecutionDoesNotExist)
			}
			return ended(backend.Succeeded), nil
		}
		if out := s.run(); out.Ending != c.want {
			t.Errorf("not found for %v: ended as %s, want %s", c.missing, out.Ending, c.want)
		}
	}
}

func TestEndThatIsNotCompleteYet(t *testing.T) {
	late := func(after time.Duration, change func(*backend.Execution)) func(s *stage) {
		return func(s *stage) {
			s.account.describe = func(int) (backend.Execution, error) {
				ex := ended(backend.Succeeded)
				if s.world.now.Sub(epoch) < after {
					change(&ex)
				}
				return ex, nil
			}
		}
	}
	missing := func(x *backend.Execution) { x.Output, x.OutputIncluded = nil, nil }
	for _, c := range []struct {
		name   string
		given  func(*stage)
		want   State
		output string
		took   time.Duration
	}{
		{"there at once", func(*stage) {}, Succeeded, `{"ok":true}`, 0},
		{"there after 12 seconds", late(12*second, missing), Succeeded, `{"ok":true}`, 15 * second},
		{"not there after 30 seconds", late(time.Hour, missing), Succeeded, "", 30 * second},
		{"no stop date for 12 seconds", late(12*second, func(x *backend.Execution) { x.StopDate = time.Time{} }), Succeeded, `{"ok":true}`, 15 * second},
		{"a failure without a stop date", func(s *stage) {
			s.account.describe = func(int) (backend.Execution, error) {
				ex := ended(backend.Failed)
				ex.StopDate = time.Time{}
				return ex, nil
			}
		}, Failed, "", 30 * second},
		{"a failure without error and cause", func(s *stage) { s.account.describe = statuses(backend.Failed) }, Failed, "", 0},
		{"no answer any more", func(s *stage) {
			late(time.Hour, missing)(s)
			first := s.account.describe
			s.account.describe = func(n int) (backend.Execution, error) {
				if n > 1 {
					return backend.Execution{}, failure(backend.Authorization)
				}
				return first(n)
			}
		}, Succeeded, "", 5 * second},
		{"throttled from then on", func(s *stage) {
			late(time.Hour, missing)(s)
			first := s.account.describe
			s.account.describe = func(n int) (backend.Execution, error) {
				if n > 1 {
					return backend.Execution{}, failure(backend.Throttled)
				}
				return first(n)
			}
		}, Succeeded, "", 30 * second},
		{"a signal comes", func(s *stage) {
			late(time.Hour, missing)(s)
			s.world.at = func(time.Time) { s.cancel(Interrupted{"SIGTERM"}) }
		}, Succeeded, "", 5 * second},
		{"withheld", late(time.Hour, func(x *backend.Execution) { x.Output, x.OutputIncluded = nil, ptr(false) }), Succeeded, "", 0},
		{"RUNNING again in between", func(s *stage) {
			s.account.describe = func(n int) (backend.Execution, error) {
				ex := ended(backend.Succeeded)
				if n == 1 {
					missing(&ex)
				}
				if n == 2 {
					ex = execution(backend.Running)
				}
				return ex, nil
			}
		}, Succeeded, `{"ok":true}`, 10 * second},
		{"the wait is over before", func(s *stage) {
			s.req.WaitTimeout = 7 * second
			late(time.Hour, missing)(s)
		}, Succeeded, "", 7 * second},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := job(t)
			c.given(s)
			out := s.run()
			if took := s.world.now.Sub(epoch); out.Ending != c.want || text(out.Execution.Output) != c.output || took != c.took {
				t.Errorf("ended as %s with output %q after %v, want %s, %q, %v", out.Ending, text(out.Execution.Output), took, c.want, c.output, c.took)
			}
		})
	}
}

func TestForecastSavesPolls(t *testing.T) {
	year := epoch.Add(365 * 24 * time.Hour)
	for _, c := range []struct {
		name  string
		next  func(s *stage) (time.Time, bool, error)
		end   time.Time
		polls int
	}{
		{"a year", func(*stage) (time.Time, bool, error) { return year, true, nil }, year, 2},
		{"between two points of the grid", func(*stage) (time.Time, bool, error) { return epoch.Add(61 * second), true, nil }, epoch.Add(70 * second), 2},
		{"due already", func(*stage) (time.Time, bool, error) { return epoch, true, nil }, epoch.Add(30 * second), 4},
		{"several changes", func(s *stage) (time.Time, bool, error) { return s.world.now.Add(95 * second), true, nil }, epoch.Add(300 * second), 4},
		{"unknown", func(*stage) (time.Time, bool, error) { return year, false, nil }, epoch.Add(30 * second), 4},
		{"a forecast that fails", func(*stage) (time.Time, bool, error) { return year, true, failure(backend.Unexpected) }, epoch.Add(30 * second), 4},
		{"a forecast that panics", func(*stage) (time.Time, bool, error) { panic("eh") }, epoch.Add(30 * second), 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := job(t)
			s.account.nextChange = func() (time.Time, bool, error) { return c.next(s) }
			s.account.describe = func(int) (backend.Execution, error) {
				if s.world.now.Before(c.end) {
					return execution(backend.Running), nil
				}
				return ended(backend.Succeeded), nil
			}
			out := s.run()
			if out.Ending != Succeeded || out.Polls != c.polls || !s.world.now.Equal(c.end) {
				t.Errorf("ended as %s at %v after %d polls, want %v and %d", out.Ending, s.world.now, out.Polls, c.end, c.polls)
			}
		})
	}
}

func TestWaitTimeout(t *testing.T) {
	for _, c := range []struct {
		name  string
		given func(*stage)
		want  State
	}{
		{"still running", func(s *stage) { s.account.describe = statuses(backend.Running) }, WaitTimeout},
		{"ended since the last poll", func(s *stage) { s.account.describe = statuses(backend.Running, backend.Running, backend.Failed) }, Failed},
		{"throttled all the time", pollFails(backend.Throttled), WaitTimeout},
		{"out of reach all the time", pollFails(backend.Connection), WaitTimeout},
		{"denied is no matter of time", pollFails(backend.Authorization), AuthorizationError},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := job(t)
			s.req.WaitTimeout = 15 * second
			c.given(s)
			out := s.run()
			if out.Ending != c.want {
				t.Fatalf("ended as %s (%v), want %s", out.Ending, out.Err, c.want)
			}
			if took := s.world.now.Sub(epoch); c.want == WaitTimeout && (took != 15*second || out.Left != LeftRunning) {
				t.Errorf("took %v and left %q, want 15s and %q", took, out.Left, LeftRunning)
			}
		})
	}
}

func TestLongIntervalFitsTheClock(t *testing.T) {
	s := job(t)
	s.req.PollingInterval = 1 << 40
	s.account.describe = answers(nil)
	if out := s.run(); out.Ending != Succeeded || s.world.pauses[0] != 366*24*time.Hour {
		t.Errorf("ended as %s after %v", out.Ending, s.world.pauses)
	}
}
