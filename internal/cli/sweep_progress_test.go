package cli

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/benbjohnson/clock"

	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/internal/sweep"
)

// What people see of a wait for many: a live line on a terminal, a line a minute elsewhere, a line for each failure.
func TestSweepProgress(t *testing.T) {
	now := time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)
	denied := errors.New("not allowed to list")
	tell := func(terminal bool) string {
		world := clock.NewMock()
		world.Set(now)
		var errs bytes.Buffer
		a := newApp(Streams{Err: &errs, ErrTerminal: terminal}, Environment{Clock: world, LookupEnv: func(name string) (string, bool) { return "1", name == "NO_COLOR" }}.withDefaults())
		defer a.interrupts.stop()
		p := newSweepProgress(a, fsm.Defaults(), 10_000)
		p.stands(sweep.Standing{Succeeded: 4198, Failed: 15, Sweep: now.Add(8 * time.Second)})
		p.tick(now)
		p.alone("order", denied)
		p.ended("arn:e-1", fsm.Outcome{Ending: fsm.Failed, FailedState: "Pay"})
		p.ended("arn:e-2", fsm.Outcome{Ending: fsm.Succeeded})
		return errs.String()
	}
	const listed = "no list    the executions of order are looked at one by one: not allowed to list\n"
	const failed = "FAILED     arn:e-1 in \"Pay\"\n"
	const stamp = "2026-01-31T09:00:00Z "
	const stands = "4,213 of 10,000 ended   4,198 succeeded   15 failed"
	const live = stands + "   next sweep in 8s"
	const erase = "\r\x1b[K"
	if got, want := tell(false), stamp+"waiting    "+stands+"\n"+stamp+listed+stamp+failed; got != want {
		t.Errorf("in a pipe:\n%q, want\n%q", got, want)
	}
	if got, want := tell(true), live+erase+listed+live+erase+failed+live; got != want {
		t.Errorf("on a terminal:\n%q, want\n%q", got, want)
	}
}
