package simtime_test

import (
	"testing"
	"time"

	"github.com/sfnx/sfnx/internal/simtime"
)

var start = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func at(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }

func TestEntriesComeInOrderOfDeadlineThenOfPush(t *testing.T) {
	var q simtime.Queue[string]
	q.Push(at(5), "c")
	removed := q.Push(at(1), "gone")
	q.Push(at(5), "d")
	q.Push(at(1), "a")
	q.Push(at(2).In(time.FixedZone("east", 3600)), "b")
	q.Remove(removed)
	q.Remove(removed)
	if next, ok := q.Next(); !ok || !next.Equal(at(1)) || q.Len() != 4 {
		t.Fatalf("next %v, %d entries", next, q.Len())
	}
	got := ""
	for q.Len() > 0 {
		e := q.Pop()
		got += e.Value
		q.Remove(e) // has left already: nothing happens
	}
	if got != "abcd" {
		t.Errorf("got %s, want abcd", got)
	}
	if _, ok := q.Next(); ok {
		t.Error("an empty queue has a next deadline")
	}
}

func BenchmarkPushPop(b *testing.B) {
	var q simtime.Queue[int]
	for i := range 1000 {
		q.Push(at(i), i)
	}
	for b.Loop() {
		q.Push(at(500), 0)
		q.Pop()
	}
}
