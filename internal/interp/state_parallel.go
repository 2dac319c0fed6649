package interp

import (
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/value"
)

// fork starts the branches of a Parallel state, each with the effective input.
func (x *Execution) fork(t *thread, s *state) {
	in, f := x.effectiveInput(t, s)
	if f == nil {
		f = x.parametersTooLarge(s, in)
	}
	if f != nil {
		x.failState(t, s, *f)
		return
	}
	started := x.event(t, history.ParallelStateStarted, nil)
	n := len(s.starts)
	b := &block{owner: t, threads: make([]*thread, n), results: make([]value.Value, n), left: n}
	t.phase, t.inner = waiting, b
	for i, start := range s.starts {
		x.spawn(b, i, start, in, started)
	}
}
