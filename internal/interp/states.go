package interp

import (
	"fmt"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/internal/expr"
	"github.com/sfnx/sfnx/internal/value"
)

// work does what a state is for: at once, or by asking for a timer, a task or threads and waiting for them.
func (x *Execution) work(t *thread, s *state) {
	switch body := s.Body.(type) {
	case *asl.Pass:
		x.pass(t, s, body)
	case *asl.Succeed:
		x.passThrough(t, s, way{nil, s.Output, none})
	case *asl.Fail:
		x.fail(t, body)
	case *asl.Wait:
		x.wait(t, s, body)
	case *asl.Choice:
		x.choose(t, s, body)
	case *asl.Task:
		x.schedule(t, s, body)
	case *asl.Parallel:
		x.fork(t, s)
	case *asl.Map:
		x.iterate(t, s, body)
	default:
		panic(fmt.Sprintf("interp: unknown state body %T", body))
	}
}

// resume goes on with a state whose wait is over.
func (x *Execution) resume(t *thread, s *state) {
	if _, ok := s.Body.(*asl.Wait); ok {
		x.passThrough(t, s, way{s.Assign, s.Output, s.next})
		return
	}
	x.finish(t, s, t.result)
}

// pass: output = OutputPath(ResultPath(Result, else Parameters, else InputPath)).
func (x *Execution) pass(t *thread, s *state, body *asl.Pass) {
	if body.Result != nil {
		x.finish(t, s, body.Result.Value)
		return
	}
	in, f := x.effectiveInput(t, s)
	if f != nil {
		x.failState(t, s, *f)
		return
	}
	x.leave(t, s, in, way{s.Assign, s.Output, s.next})
}

// passThrough leaves a state that does nothing with its input: Succeed, Wait, Choice.
func (x *Execution) passThrough(t *thread, s *state, w way) {
	in, f := x.inputPath(t, s)
	if f != nil {
		x.failState(t, s, *f)
		return
	}
	x.leave(t, s, in, w)
}

// fail raises the error of a Fail state; it has no exit event.
func (x *Execution) fail(t *thread, body *asl.Fail) {
	f := failure{name: body.Error, cause: body.Cause}
	for _, field := range []struct {
		name string
		from *expr.Expression
		to   **string
	}{{"ErrorPath", body.ErrorPath, &f.name}, {"CausePath", body.CausePath, &f.cause}} {
		if field.from == nil {
			continue
		}
		v, err := field.from.Eval(x.environment(t, t.input), field.name)
		if err != nil {
			x.failThread(t, *x.evaluationFailure(t, err))
			return
		}
		if v.Kind() != value.StringKind {
			x.failThread(t, *x.runtimeFailure(t, fmt.Sprintf("The %s parameter does not reference a string value: %s == %s", field.name, field.from, v)))
			return
		}
		*field.to = ptr(v.Str())
	}
	for _, field := range []struct {
		from *expr.Query
		to   **string
	}{{body.ErrorQuery, &f.name}, {body.CauseQuery, &f.cause}} {
		if field.from == nil {
			continue
		}
		v, failed := x.evaluateTo(t, field.from, value.StringKind)
		if failed != nil {
			x.failThread(t, *failed)
			return
		}
		*field.to = ptr(v.Str())
	}
	x.failThread(t, f)
}
