// Package simtime keeps what is due in a simulated world, in order.
//
// A Queue holds entries by deadline; entries of the same deadline keep the order in which they were made. Whoever owns
// the world takes the earliest one and moves its clock there:
//
//	q.Push(at, v)
//	if at, ok := q.Next(); ok { now = at; v := q.Pop() }
//
// The package reads no clock and starts no goroutine.
package simtime

import (
	"container/heap"
	"time"
)

// Queue is a set of entries ordered by (deadline, order of Push). The zero Queue is empty and ready.
type Queue[T any] struct {
	heap entries[T]
	seq  uint64
}

// Entry is one entry of a Queue, to be removed by.
type Entry[T any] struct {
	At    time.Time
	Value T
	seq   uint64
	index int // in the heap; -1 once it has left
}

// Push adds an entry.
func (q *Queue[T]) Push(at time.Time, v T) *Entry[T] {
	q.seq++
	e := &Entry[T]{At: at, Value: v, seq: q.seq}
	heap.Push(&q.heap, e)
	return e
}

// Next is the earliest deadline.
func (q *Queue[T]) Next() (at time.Time, ok bool) {
	if len(q.heap) == 0 {
		return time.Time{}, false
	}
	return q.heap[0].At, true
}

// Pop takes the earliest entry out. It panics if there is none.
func (q *Queue[T]) Pop() *Entry[T] { return heap.Pop(&q.heap).(*Entry[T]) }

// Remove takes an entry out, if it is still there.
func (q *Queue[T]) Remove(e *Entry[T]) {
	if e.index >= 0 {
		heap.Remove(&q.heap, e.index)
	}
}

// Len is the number of entries.
func (q *Queue[T]) Len() int { return len(q.heap) }

type entries[T any] []*Entry[T]

func (h entries[T]) Len() int { return len(h) }

func (h entries[T]) Less(i, j int) bool {
	if !h[i].At.Equal(h[j].At) {
		return h[i].At.Before(h[j].At)
	}
	return h[i].seq < h[j].seq
}

func (h entries[T]) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *entries[T]) Push(v any) {
	e := v.(*Entry[T])
	e.index = len(*h)
	*h = append(*h, e)
}

func (h *entries[T]) Pop() any {
	old := *h
	e := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	e.index = -1
	return e
}
