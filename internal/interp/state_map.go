package interp

import (
	"fmt"
	"math"
	"strconv"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/expr"
	"github.com/sfnx/sfnx/internal/value"
)

// maxInlineConcurrency is how many iterations of an inline Map run at a time, whatever MaxConcurrency says.
const maxInlineConcurrency = 40

// iterate starts the iterations of a Map state.
func (x *Execution) iterate(t *thread, s *state, body *asl.Map) {
	in, f := x.inputPath(t, s)
	if f != nil {
		x.failState(t, s, *f)
		return
	}
	items, limit, f := x.itemsOf(t, s, body, in)
	if f != nil {
		x.failState(t, s, *f)
		return
	}
	started := x.event(t, history.MapStateStarted, &history.MapStateStartedDetails{Length: len(items)})
	tolerance, f := x.toleranceOf(t, body, in)
	if f != nil {
		x.failState(t, s, *f)
		return
	}
	if body.Distributed != nil {
		x.startMapRun(t, s, body, StartMapRun{Items: items, Concurrency: limit, Tolerance: tolerance}, in)
		return
	}
	if limit <= 0 || limit > maxInlineConcurrency {
		limit = maxInlineConcurrency
	}
	n := len(items)
	b := &block{owner: t, threads: make([]*thread, n), results: make([]value.Value, n), left: n, effective: in, items: items}
	t.phase, t.inner = waiting, b
	if n == 0 {
		x.blockSucceeded(t, s, b)
		return
	}
	for range min(int(limit), n) {
		if !x.startIteration(b, s, started) {
			return
		}
	}
}

// itemsOf evaluates what a Map iterates over, nil if an ItemReader knows, and how wide.
func (x *Execution) itemsOf(t *thread, s *state, body *asl.Map, in value.Value) (items []value.Value, limit int64, f *failure) {
	switch {
	case body.Distributed != nil && body.Distributed.ItemReader != nil:
	case s.QueryLanguage == asl.JSONata:
		if items, f = x.queryItems(t, body, in); f != nil {
			return nil, 0, f
		}
	default:
		list, path := in, "$"
		if p := body.ItemsPath; p != nil {
			v, err := p.Eval(x.environment(t, in))
			if err != nil {
				return nil, 0, x.evaluationFailure(t, err)
			}
			list, path = v, p.String()
		}
		if list.Kind() != value.ArrayKind {
			return nil, 0, x.runtimeFailure(t, fmt.Sprintf("Reference path %q must point to array.", path))
		}
		items = append([]value.Value{}, list.Items()...)
		x.observe(t, AfterItemsPath, list)
	}
	limit, f = x.mapNumber(t, "MaxConcurrencyPath", body.MaxConcurrency, body.MaxConcurrencyPath, body.MaxConcurrencyQuery, in)
	if f == nil {
		x.observe(t, MaxConcurrency, value.Int(limit))
	}
	return items, limit, f
}

// queryItems is Items of a JSONata state, or its input.
func (x *Execution) queryItems(t *thread, body *asl.Map, in value.Value) ([]value.Value, *failure) {
	if body.Items != nil {
		var f *failure
		if in, f = x.evaluateTo(t, body.Items, value.ArrayKind); f != nil {
			return nil, f
		}
	}
	if in.Kind() != value.ArrayKind {
		return nil, x.evaluationFailure(t, &expr.Error{Name: expr.QueryEvaluation, Message: "Map state input must be an array but was: " + in.JSON()})
	}
	x.observe(t, AfterItems, in)
	return append([]value.Value{}, in.Items()...), nil
}

// mapNumber is an integer of a Map that stands in the definition, behind a path or in an expression.
func (x *Execution) mapNumber(t *thread, field string, fixed int64, p *expr.Path, q *expr.Query, in value.Value) (int64, *failure) {
	switch {
	case q != nil:
		return x.queryInteger(t, q, 0)
	case p != nil:
		return x.mapInteger(t, field, p, in)
	}
	return fixed, nil
}

// startIteration starts the next iteration of a Map. It reports whether the Map goes on.
func (x *Execution) startIteration(b *block, s *state, previous int64) bool {
	i := b.next
	b.next++
	owner := b.owner
	id := x.record(previous, history.MapIterationStarted, &history.MapIteration{Name: s.Name, Index: i})
	iteration := &thread{block: b, index: i, state: s.starts[0], input: b.items[i], last: id, outer: owner.scope()}
	b.threads[i] = iteration
	if selector := s.Body.(*asl.Map).ItemSelector; selector != nil {
		v, err := x.selectItem(owner, selector, b.effective, iteration)
		if err != nil {
			f := x.evaluationFailure(owner, err)
			if !f.catchable() {
				x.failState(owner, s, *f)
				return false
			}
			iteration.last = owner.last
			x.failThread(iteration, *f) // which ends its siblings
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

// selectItem evaluates ItemSelector for one item.
func (x *Execution) selectItem(owner *thread, selector expr.Payload, in value.Value, item *thread) (value.Value, error) {
	env := x.environment(owner, in)
	x.view.item = item
	v, err := selector.Eval(env)
	if err == nil {
		x.note(owner, Observation{Aspect: AfterItemSelector, Index: item.index, Value: v})
	}
	return v, err
}

// toleranceOf evaluates the Tolerated... fields, which have no effect on an inline Map but must be right (recorded).
func (x *Execution) toleranceOf(t *thread, body *asl.Map, in value.Value) (Tolerance, *failure) {
	var out Tolerance
	var f *failure
	out.Count, f = x.mapNumber(t, "ToleratedFailureCountPath", body.ToleratedFailureCount, body.ToleratedFailureCountPath, body.ToleratedFailureCountQuery, in)
	if f != nil {
		return out, f
	}
	if out.Count < 0 {
		return out, x.runtimeFailure(t, "ToleratedFailureCount cannot be negative.")
	}
	if out.Count != 0 {
		x.observe(t, ToleratedFailureCount, value.Int(out.Count))
	}
	out.Percentage, f = x.percentageOf(t, body, in)
	if f == nil && out.Percentage != 0 {
		x.observe(t, ToleratedFailurePercentage, value.Float(out.Percentage))
	}
	return out, f
}

// percentageOf is ToleratedFailurePercentage in any of its forms.
func (x *Execution) percentageOf(t *thread, body *asl.Map, in value.Value) (n float64, f *failure) {
	switch p := body.ToleratedFailurePercentagePath; {
	case body.ToleratedFailurePercentageQuery != nil:
		v, f := x.evaluateTo(t, body.ToleratedFailurePercentageQuery, value.NumberKind)
		if f != nil {
			return 0, f
		}
		n = v.Float64()
	case p != nil:
		v, err := p.Eval(x.environment(t, in))
		if err != nil {
			return 0, x.evaluationFailure(t, err)
		}
		if n, err = strconv.ParseFloat(display(v), 64); err != nil {
			return 0, x.runtimeFailure(t, fmt.Sprintf("The ToleratedFailurePercentagePath field refers to value \"%s\" which is not a valid float: %s", display(v), p))
		}
	default:
		return body.ToleratedFailurePercentage, nil
	}
	if math.IsNaN(n) || n < 0 || n > 100 {
		return 0, x.runtimeFailure(t, "ToleratedFailurePercentage must be between 0 and 100.")
	}
	return n, nil
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
