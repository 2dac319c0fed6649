package interp

import (
	"fmt"
	"strconv"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/expr"
	"github.com/sfnx/sfnx/internal/value"
)

// maxInlineConcurrency is how many iterations of an inline Map run at a time, whatever MaxConcurrency says.
const maxInlineConcurrency = 40

// iterate starts the iterations of an inline Map state.
func (x *Execution) iterate(t *thread, s *state, body *asl.Map) {
	b, f := x.itemsOf(t, s, body)
	if f != nil {
		x.failState(t, s, *f)
		return
	}
	n := len(b.items)
	started := x.event(t, history.MapStateStarted, &history.MapStateStartedDetails{Length: n})
	if f := x.checkTolerance(t, body, b.effective); f != nil {
		x.failState(t, s, *f)
		return
	}
	t.phase, t.inner = waiting, b
	if n == 0 {
		x.blockSucceeded(t, s, b)
		return
	}
	for range min(b.limit, n) {
		if !x.startIteration(b, s, started) {
			return
		}
	}
}

// itemsOf evaluates what a Map iterates over and how wide.
func (x *Execution) itemsOf(t *thread, s *state, body *asl.Map) (*block, *failure) {
	in, f := x.applyPath(t, s.InputPath, t.input)
	if f != nil {
		return nil, f
	}
	list, path := in, "$"
	if p := body.ItemsPath; p != nil {
		v, err := p.Eval(x.environment(t, in))
		if err != nil {
			return nil, x.evaluationFailure(t, err)
		}
		list, path = v, p.String()
	}
	if list.Kind() != value.ArrayKind {
		return nil, x.runtimeFailure(t, fmt.Sprintf("Reference path %q must point to array.", path))
	}
	limit := body.MaxConcurrency
	if p := body.MaxConcurrencyPath; p != nil {
		if limit, f = x.mapInteger(t, "MaxConcurrencyPath", p, in); f != nil {
			return nil, f
		}
	}
	if limit <= 0 || limit > maxInlineConcurrency {
		limit = maxInlineConcurrency
	}
	n := list.Len()
	items := list.Items()
	if items == nil {
		items = []value.Value{}
	}
	return &block{owner: t, threads: make([]*thread, n), results: make([]value.Value, n), left: n, effective: in, items: items, limit: int(limit)}, nil
}

// startIteration starts the next iteration of a Map. It reports whether the Map goes on.
func (x *Execution) startIteration(b *block, s *state, previous int64) bool {
	i := b.next
	b.next++
	owner := b.owner
	id := x.record(previous, history.MapIterationStarted, &history.MapIteration{Name: s.Name, Index: i})
	iteration := &thread{block: b, index: i, state: s.starts[0], input: b.items[i], last: id}
	b.threads[i] = iteration
	if selector := s.Body.(*asl.Map).ItemSelector; selector != nil {
		env := x.environment(owner, b.effective)
		x.view.item = iteration
		v, err := selector.Eval(env)
		if err != nil {
			x.failState(owner, s, *x.evaluationFailure(owner, err))
			return false
		}
		if f := x.parametersTooLarge(s, v); f != nil {
			x.failThread(iteration, *f)
			return false
		}
		iteration.input = v
	}
	x.enqueue(iteration, entering)
	return true
}

// checkTolerance evaluates the Tolerated... fields, which have no effect on an inline Map but must be right (recorded).
func (x *Execution) checkTolerance(t *thread, body *asl.Map, in value.Value) *failure {
	if p := body.ToleratedFailureCountPath; p != nil {
		n, f := x.mapInteger(t, "ToleratedFailureCountPath", p, in)
		if f != nil {
			return f
		}
		if n < 0 {
			return x.runtimeFailure(t, "ToleratedFailureCount cannot be negative.")
		}
	}
	if p := body.ToleratedFailurePercentagePath; p != nil {
		v, err := p.Eval(x.environment(t, in))
		if err != nil {
			return x.evaluationFailure(t, err)
		}
		n, err := strconv.ParseFloat(display(v), 64)
		if err != nil {
			return x.runtimeFailure(t, fmt.Sprintf("The ToleratedFailurePercentagePath field refers to value \"%s\" which is not a valid float: %s", display(v), p))
		}
		if n < 0 || n > 100 {
			return x.runtimeFailure(t, "ToleratedFailurePercentage must be between 0 and 100.")
		}
	}
	return nil
}

// mapInteger is an integer behind a path of a Map; a string of digits will do (recorded).
func (x *Execution) mapInteger(t *thread, field string, p *expr.Path, in value.Value) (int64, *failure) {
	v, err := p.Eval(x.environment(t, in))
	if err != nil {
		return 0, x.evaluationFailure(t, err)
	}
	n, err := strconv.ParseInt(display(v), 10, 64)
	if err != nil {
		return 0, x.runtimeFailure(t, fmt.Sprintf("The %s field refers to value \"%s\" which is not a valid integer: %s", field, display(v), p))
	}
	return n, nil
}
