package sim_test

import (
	"context"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
)

func TestPausingOnTheClockLetsTimePass(t *testing.T) {
	r := sim.New(sim.Config{Start: time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("east", 7200))})
	c := r.Clock()
	begin := c.Now()
	if want := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC); !begin.Equal(want) || begin.Location() != time.UTC {
		t.Errorf("the world begins at %s, want %s", begin, want)
	}
	arn := start(t, r, create(t, r, "wait", "", waitTenMinutes), "a", `{}`)
	c.Sleep(10*time.Minute - 1)
	if x := describe(t, r, arn); x.Status != backend.Running {
		t.Errorf("a nanosecond early it is %s", x.Status)
	}
	if at := <-c.After(time.Hour); !at.Equal(c.Now()) || c.Since(begin) != 70*time.Minute-1 || c.Until(begin) != -c.Since(begin) {
		t.Errorf("After gave %s, it is %s, %s after the beginning", at, c.Now(), c.Since(begin))
	}
	x := describe(t, r, arn)
	if x.Status != backend.Succeeded || x.StopDate.Sub(x.StartDate) != 10*time.Minute {
		t.Errorf("it is %s after %s: it ends when it is due, not when somebody looks", x.Status, x.StopDate.Sub(x.StartDate))
	}
	c.Sleep(-time.Hour)
	r.Advance(begin)
	if c.Since(begin) != 70*time.Minute-1 {
		t.Errorf("time has gone backwards, it is %s", c.Now())
	}
}

func TestTheClockHasNoTimers(t *testing.T) {
	c := sim.New(sim.Config{}).Clock()
	for name, call := range map[string]func(){
		"AfterFunc":    func() { c.AfterFunc(1, func() {}) },
		"Tick":         func() { c.Tick(1) },
		"Ticker":       func() { c.Ticker(1) },
		"Timer":        func() { c.Timer(1) },
		"WithDeadline": func() { c.WithDeadline(context.Background(), time.Time{}) },
		"WithTimeout":  func() { c.WithTimeout(context.Background(), 1) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s has no panic: nobody would ever fire it", name)
				}
			}()
			call()
		}()
	}
}

// A year of waiting is as many steps as it has deadlines.
func TestAYearPassesAtOnce(t *testing.T) {
	steps := 0
	answers := tasks(func(sim.Call) (sim.Answer, error) {
		steps++
		return sim.Return(text("polled")).After(time.Second), nil
	})
	r := sim.New(sim.Config{Tasks: answers})
	arn := start(t, r, create(t, r, "year", "", `{"StartAt":"W","States":{
		"W":{"Type":"Wait","Seconds":2628000,"Next":"T"},
		"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","ResultPath":null,"Next":"C"},
		"C":{"Type":"Choice","Choices":[{"Variable":"$$.State.EnteredTime","TimestampGreaterThan":"2000-11-20T00:00:00Z","Next":"S"}],"Default":"W"},
		"S":{"Type":"Succeed"}}}`), "a", `{}`)
	jumps := 0
	for {
		at, known, err := r.NextChange(t.Context(), arn)
		if err != nil {
			t.Fatal(err)
		}
		if !known {
			break
		}
		jumps++
		r.Advance(at)
	}
	x := describe(t, r, arn)
	if took := x.StopDate.Sub(x.StartDate); x.Status != backend.Succeeded || took != 11*(2628001*time.Second) {
		t.Errorf("it is %s after %s", x.Status, took)
	}
	if steps != 11 || jumps != 22 {
		t.Errorf("%d tasks and %d changes, want 11 and 22", steps, jumps)
	}
}

func TestNextChange(t *testing.T) {
	r := sim.New(sim.Config{Tasks: tasks(func(sim.Call) (sim.Answer, error) { return sim.Never(), nil })})
	begin := r.Now()
	next := func(arn string) time.Duration {
		t.Helper()
		at, known, err := r.NextChange(t.Context(), arn)
		if err != nil {
			t.Fatal(err)
		}
		if !known {
			return -1
		}
		return at.Sub(begin)
	}
	arn := start(t, r, create(t, r, "two", "", `{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[
		{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":600,"End":true}}},
		{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","TimeoutSeconds":900,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"E"}],"End":true},"E":{"Type":"Pass","End":true}}}],"End":true}}}`), "a", `{}`)
	for _, want := range []time.Duration{10 * time.Minute, 15 * time.Minute} {
		if got := next(arn); got != want {
			t.Errorf("the next change is after %s, want %s", got, want)
		}
		r.Advance(begin.Add(want))
	}
	if got := next(arn); got != -1 {
		t.Errorf("an execution that has ended changes after %s", got)
	}
	// Only the year ends a task that nobody answers and that has no timeout.
	arn = start(t, r, create(t, r, "never", "", `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}}}`), "a", `{}`)
	if got, want := next(arn), 15*time.Minute+365*24*time.Hour+time.Millisecond; got != want {
		t.Errorf("the next change is after %s, want %s", got, want)
	}
	if got := next(arn + "x"); got != -1 {
		t.Errorf("an unknown execution changes after %s", got)
	}
}
