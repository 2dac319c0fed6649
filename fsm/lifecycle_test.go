package fsm

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
)

var rewrite = flag.Bool("rewrite", false, "write the golden files anew")

func TestDiagram(t *testing.T) {
	for format, file := range map[string]string{Mermaid: "lifecycle.mmd", DOT: "lifecycle.dot"} {
		got, err := Diagram(format)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", file)
		if *rewrite {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(path); err != nil || got != string(want) {
			t.Errorf("%s (%v): got\n%s", path, err, got)
		}
	}
	if _, err := Diagram("png"); err == nil {
		t.Error("png is drawn")
	}
}

func TestLifeCycleIsSound(t *testing.T) {
	reached := map[State]bool{Validate: true}
	type move struct {
		from State
		by   event
	}
	seen := map[move]bool{}
	for _, row := range lifeCycle {
		for _, from := range row.from {
			if from.Final() {
				t.Errorf("%s leads on by %s", from, row.event)
			}
			if m := (move{from, row.event}); seen[m] {
				t.Errorf("%s leads two ways by %s", from, row.event)
			} else {
				seen[m] = true
			}
			reached[row.to] = true
		}
	}
	for _, s := range append(Endings(), Authenticate, Start, Poll) {
		if !reached[s] {
			t.Errorf("nothing leads to %s", s)
		}
	}
	for _, row := range lifeCycle {
		if row.to.Final() && slices.ContainsFunc(lifeCycle, func(r transition) bool { return r.to == row.to && r.event != row.event }) {
			t.Errorf("two events lead to %s", row.to)
		}
	}
}

func TestFireWithACancelledContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := machine()
	for _, e := range []event{valid, authenticated, started, running, running, succeeded} {
		if err := fire(ctx, m, e); err != nil {
			t.Fatalf("%s: %v", e, err)
		}
	}
	if State(m.Current()) != Succeeded {
		t.Errorf("in state %s", m.Current())
	}
	if fire(ctx, m, running) == nil {
		t.Error("an ending leads on")
	}
}

func TestEveryCodeIsFolded(t *testing.T) {
	want := map[backend.Code]event{
		backend.Unexpected: unexpected, backend.Authentication: unauthenticated, backend.Authorization: unauthorized,
		backend.Connection: disconnected, backend.Proxy: proxyFailed, backend.Validation: invalid, backend.Throttled: disconnected,
		backend.Unavailable: disconnected, backend.Canceled: unexpected, backend.Unsupported: invalid,
		backend.ExecutionAlreadyExists: invalid, backend.ExecutionDoesNotExist: unexpected, backend.ExecutionLimitExceeded: disconnected,
		backend.ExecutionNotRedrivable: invalid, backend.StateMachineDoesNotExist: invalid, backend.StateMachineDeleting: invalid,
	}
	for _, code := range backend.Codes() {
		if got := foldCode(code); got != want[code] {
			t.Errorf("%s folds into %s, want %s", code, got, want[code])
		}
	}
	if got := foldCode("Newer"); got != unexpected {
		t.Errorf("an unknown code folds into %s", got)
	}
}

func TestNextPollIsOnTheGrid(t *testing.T) {
	at := func(s int) time.Time { return epoch.Add(time.Duration(s) * time.Second) }
	for _, c := range []struct{ now, due, want time.Time }{
		{at(0), time.Time{}, at(10)},
		{at(10), time.Time{}, at(20)},
		{at(11), time.Time{}, at(20)},
		{at(0), at(0), at(10)},
		{at(0), at(10), at(10)},
		{at(0), at(11), at(20)},
		{at(40), at(25), at(50)},
		{at(0), at(31_536_000), at(31_536_000)},
		{at(0), at(31_536_001), at(31_536_010)},
		{at(0), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), epoch.Add(100 * 365 * 24 * time.Hour)},
	} {
		if got := nextPoll(epoch, 10*time.Second, c.now, c.due); !got.Equal(c.want) {
			t.Errorf("now %v, due %v: next poll %v, want %v", c.now, c.due, got, c.want)
		}
	}
}
