package fault

import (
	"context"
	"encoding/json"
	"time"
	_ "time/tzdata" // the zones are the same on every machine

	"github.com/sfnx/sfnx/backend"
)

// clocks are what time itself can do during a wait.
var clocks = []Fault{
	{Stage: Wait, Name: "asleep", About: "the laptop sleeps for two hours", Want: itsOwn,
		Arrange: func(s *Scene) { s.atPause(s.N(1, 3), func() { s.Clock.Pass(2 * time.Hour) }) }},
	{Stage: Wait, Name: "asleep-past-the-limit", About: "the laptop sleeps past the limit of the wait, and the execution ends meanwhile", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.limit(s.N(2, 110))
			s.atPause(s.N(1, 3), func() { s.Clock.Pass(2 * time.Hour) })
		}},
	{Stage: Wait, Name: "asleep-while-it-runs", About: "the laptop sleeps past the limit of the wait, and the execution still runs", Want: left(124, backend.Running),
		Arrange: func(s *Scene) {
			s.Lasts(24 * time.Hour)
			s.limit(s.N(2, 110))
			s.atPause(s.N(1, 6), func() { s.Clock.Pass(2 * time.Hour) })
		}},
	{Stage: Wait, Name: "asleep-without-network", About: "the laptop sleeps, and the network is not back when it wakes up", Want: itsOwn,
		Arrange: func(s *Scene) {
			away := time.Duration(s.N(5, 800)) * time.Second
			s.atPause(s.N(1, 3), func() {
				s.Clock.Pass(2 * time.Hour)
				s.Trouble(0, away, backend.Connection, "")
			})
		}},
	{Stage: Wait, Name: "ahead-by-an-hour", About: "the clock is an hour ahead", Want: itsOwn, Arrange: ahead(time.Hour)},
	{Stage: Wait, Name: "behind-by-an-hour", About: "the clock is an hour behind", Want: itsOwn, Arrange: ahead(-time.Hour)},
	{Stage: Wait, Name: "ahead-by-a-year", About: "the clock is a year ahead", Want: itsOwn, Arrange: ahead(365 * 24 * time.Hour)},
	{Stage: Wait, Name: "behind-by-a-year", About: "the clock is a year behind", Want: itsOwn, Arrange: ahead(-365 * 24 * time.Hour)},
	{Stage: Wait, Name: "jumps-ahead", About: "the clock is set an hour or a year ahead in the middle of the wait", Want: itsOwn,
		Arrange: jump(time.Hour, 365*24*time.Hour)},
	{Stage: Wait, Name: "jumps-back", About: "the clock is set an hour or a year back in the middle of the wait", Want: itsOwn,
		Arrange: func(s *Scene) {
			jump(-time.Hour, -365*24*time.Hour)(s)
			if s.N(0, 1) == 1 {
				s.limit(s.N(2, 60))
			}
		}},
	{Stage: Wait, Name: "jumps-past-the-limit", About: "the clock is set ahead, past the limit of the wait", Want: left(124, backend.Running),
		Arrange: func(s *Scene) {
			s.Lasts(24 * time.Hour)
			s.limit(s.N(2, 50))
			jump(time.Hour, 365*24*time.Hour)(s)
		}},
	{Stage: Wait, Name: "leap-second", About: "a leap second comes: one second twice, or smeared over a day", Want: itsOwn,
		Arrange: func(s *Scene) {
			if s.N(0, 1) == 1 {
				s.atPause(s.N(1, 3), func() { s.Clock.Ahead -= time.Second })
				return
			}
			s.Clock.OnPause = func(int) { s.Clock.Ahead -= 116 * time.Microsecond } // a second in a day, at 10 seconds a look
		}},
	{Stage: Wait, Name: "daylight-saving", About: "the clocks of the place go forward or back during the wait", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			changes := []struct {
				zone string
				at   time.Time
			}{
				{"Europe/Berlin", time.Date(2027, 3, 28, 1, 0, 0, 0, time.UTC)}, {"America/New_York", time.Date(2027, 11, 7, 6, 0, 0, 0, time.UTC)},
				{"Australia/Lord_Howe", time.Date(2027, 4, 3, 15, 0, 0, 0, time.UTC)}, {"Africa/Casablanca", time.Date(2027, 2, 7, 2, 0, 0, 0, time.UTC)},
				{"Asia/Kathmandu", epoch}, {"Pacific/Apia", epoch},
			}
			change := Among(s, changes...)
			zone, err := time.LoadLocation(change.zone)
			s.check(err)
			s.Location, s.Env["TZ"] = zone, change.zone
			if !s.real {
				s.Clock.Pass(change.at.Add(-time.Duration(s.N(1, 20)) * time.Second).Sub(epoch))
			}
			s.datesIn(zone)
		}},
}

// atPause does something as the nth pause begins.
func (s *Scene) atPause(n int, act func()) {
	s.Clock.OnPause = func(at int) {
		if at == n {
			act()
		}
	}
}

// ahead sets the clock of the run before it begins; some runs have a limit of the wait.
func ahead(d time.Duration) func(*Scene) {
	return func(s *Scene) {
		s.Clock.Ahead = d + time.Duration(s.N(-30, 30))*time.Second
		if s.N(0, 1) == 1 {
			s.limit(s.N(2, 60))
		}
	}
}

// jump sets the clock of the run in one of its first pauses.
func jump(choices ...time.Duration) func(*Scene) {
	return func(s *Scene) {
		d := Among(s, choices...)
		s.world.notFound = 0 // what cannot be seen is waited for by the clock
		s.atPause(s.N(1, 3), func() { s.Clock.Ahead += d })
	}
}

// datesIn wants the dates of the execution in the document, as the clocks of a place show them.
func (s *Scene) datesIn(zone *time.Location) {
	s.Also(func(p performance) string {
		const layout = "2006-01-02 15:04:05.000000-07:00"
		var d struct {
			Result struct{ StartDate, StopDate string }
		}
		x, err := s.world.Canned.DescribeExecution(context.Background(), s.ExecutionArn())
		if err != nil || json.Unmarshal([]byte(p.out), &d) != nil {
			return "there are no dates"
		}
		if want := x.StartDate.Truncate(time.Millisecond).In(zone).Format(layout); d.Result.StartDate != want {
			return "the start date is " + d.Result.StartDate + ", want " + want
		}
		if want := x.StopDate.Truncate(time.Millisecond).In(zone).Format(layout); d.Result.StopDate != want {
			return "the stop date is " + d.Result.StopDate + ", want " + want
		}
		return ""
	})
}
