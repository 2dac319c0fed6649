package interp

import (
	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/value"
)

// spawn starts a thread of a block; its first event points back to previous.
func (x *Execution) spawn(b *block, index, start int, input value.Value, previous int64) *thread {
	t := &thread{block: b, index: index, state: start, input: input, last: previous, outer: b.owner.scope()}
	b.threads[index] = t
	x.enqueue(t, entering)
	return t
}

// join takes the output of a thread that is over; the last one lets the owner go on.
func (x *Execution) join(t *thread, output value.Value) {
	b := t.block
	owner := b.owner
	s := x.program.states[owner.state]
	b.results[t.index], b.threads[t.index] = output, nil
	b.left--
	owner.last = t.last
	if b.items != nil {
		owner.last = x.record(t.last, history.MapIterationSucceeded, &history.MapIteration{Name: s.Name, Index: t.index})
		if b.next < len(b.items) {
			x.startIteration(b, s, t.last)
			return
		}
	}
	if b.left == 0 {
		x.blockSucceeded(owner, s, b)
	}
}

// blockSucceeded: the Succeeded event is a dead end, Exited points to where Succeeded points (recorded).
func (x *Execution) blockSucceeded(t *thread, s *state, b *block) {
	result := value.Array(b.results...)
	if f := x.tooLarge(s.Name, result); f != nil {
		x.failState(t, s, *f)
		return
	}
	typ := history.ParallelStateSucceeded
	if s.Type == asl.MapType {
		typ = history.MapStateSucceeded
	}
	x.record(t.last, typ, nil)
	t.inner = nil
	x.finish(t, s, result)
}

// blockFailed records that a block has failed for good, after no retrier took it.
func (x *Execution) blockFailed(t *thread, s *state, f failure) {
	// recorded: a Map whose own expressions fail has failed as a Map too
	if t.inner == nil && t.run == nil && (s.Type != asl.MapType || !f.evaluation) {
		return
	}
	t.inner, t.run = nil, nil
	typ := history.ParallelStateFailed
	if s.Type == asl.MapType {
		typ = history.MapStateFailed
	}
	x.event(t, typ, nil)
}

// abortBlock ends all threads of a block because one has failed. Every event points back to the failing one: for each
// thread, the failing one first, the end of its iteration, then of its open states (recorded).
func (x *Execution) abortBlock(failed *thread) {
	b, cause := failed.block, failed.last
	s := x.program.states[b.owner.state]
	if b.items != nil {
		x.record(cause, history.MapIterationFailed, &history.MapIteration{Name: s.Name, Index: failed.index})
	}
	if own := x.program.states[failed.state]; own.Type == asl.TaskType && failed.enteredID > 0 {
		x.record(cause, own.aborted, nil)
	}
	x.release(failed)
	b.threads[failed.index] = nil
	x.abortThreads(b, s, cause)
}

// abortThreads ends the threads of a block that are still open.
func (x *Execution) abortThreads(b *block, s *state, cause int64) {
	for _, t := range b.threads {
		if t == nil {
			continue
		}
		if b.items != nil {
			x.record(cause, history.MapIterationAborted, &history.MapIteration{Name: s.Name, Index: t.index})
		}
		if own := x.program.states[t.state]; t.phase != entering {
			if t.inner != nil {
				x.abortThreads(t.inner, own, cause)
			}
			switch own.Type {
			case asl.TaskType, asl.WaitType, asl.ParallelType, asl.MapType:
				x.record(cause, own.aborted, nil)
			}
		}
		x.release(t)
	}
	clear(b.threads)
}
