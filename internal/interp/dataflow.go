package interp

import (
	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/expr"
	"github.com/sfnx/sfnx/internal/value"
)

// The data flow of a JSONPath state:
//
//	raw input -InputPath-> -Parameters-> effective input -work-> raw result
//	  -ResultSelector-> -ResultPath (into the raw input)-> -OutputPath-> output

// environment is what the expressions of a thread's state see, with input as $. It is valid until the next call.
func (x *Execution) environment(t *thread, input value.Value) *expr.Env {
	x.view.t, x.view.item = t, nil
	x.env.Input = input
	return &x.env
}

// applyPath is InputPath and OutputPath: absent is $, null is {}.
func (x *Execution) applyPath(t *thread, p asl.PathField, v value.Value) (value.Value, *failure) {
	switch {
	case p.Null:
		return value.EmptyObject(), nil
	case p.Path == nil || p.Path.IsRoot():
		return v, nil
	}
	out, err := p.Path.Eval(x.environment(t, v))
	if err != nil {
		return value.Value{}, x.evaluationFailure(t, err)
	}
	return out, nil
}

// effectiveInput is InputPath, then Parameters.
func (x *Execution) effectiveInput(t *thread, s *state) (value.Value, *failure) {
	in, f := x.applyPath(t, s.InputPath, t.input)
	if f != nil || s.Parameters == nil {
		return in, f
	}
	out, err := s.Parameters.Eval(x.environment(t, in))
	if err != nil {
		return value.Value{}, x.evaluationFailure(t, err)
	}
	return out, nil
}

// evaluate is a template on a document; without a template it is {}.
func (x *Execution) evaluate(t *thread, template *expr.Template, doc value.Value) (value.Value, *failure) {
	if template == nil {
		return value.EmptyObject(), nil
	}
	v, err := template.Eval(x.environment(t, doc))
	if err != nil {
		return v, x.evaluationFailure(t, err)
	}
	return v, nil
}

// applyResultPath puts a result into the raw input: absent is $ (replace), null discards the result.
func (x *Execution) applyResultPath(t *thread, p asl.PathField, raw, result value.Value) (value.Value, *failure) {
	switch {
	case p.Null:
		return raw, nil
	case p.Path == nil || p.Path.IsRoot():
		return result, nil
	}
	out, err := p.Path.Set(raw, result)
	if err != nil {
		return value.Value{}, x.evaluationFailure(t, err)
	}
	return out, nil
}

// finish folds the raw result of a state into its output and leaves the state.
func (x *Execution) finish(t *thread, s *state, result value.Value) {
	output, f := x.outputOf(t, s, result)
	if f != nil {
		x.failState(t, s, *f)
		return
	}
	x.exit(t, s, output, s.next)
}

func (x *Execution) outputOf(t *thread, s *state, result value.Value) (value.Value, *failure) {
	if s.ResultSelector != nil {
		selected, err := s.ResultSelector.Eval(x.environment(t, result))
		if err != nil {
			return value.Value{}, x.evaluationFailure(t, err)
		}
		result = selected
	}
	out, f := x.applyResultPath(t, s.ResultPath, t.input, result)
	if f != nil {
		return value.Value{}, f
	}
	if out, f = x.applyPath(t, s.OutputPath, out); f != nil {
		return value.Value{}, f
	}
	return out, x.tooLarge(s.Name, out)
}

// exit leaves a state for the next one, or ends the thread.
func (x *Execution) exit(t *thread, s *state, output value.Value, next int) {
	x.event(t, s.exited, &history.StateExited{Name: s.Name, Output: history.Lazy(output)})
	t.call = nil
	if next == none {
		x.succeed(t, output)
		return
	}
	t.state, t.input = next, output
	x.enqueue(t, entering)
}

// succeed ends a thread with its output.
func (x *Execution) succeed(t *thread, output value.Value) {
	if t.block != nil {
		t.phase = over
		x.join(t, output)
		return
	}
	x.end(result{status: Succeeded, output: output}, t.last, history.ExecutionSucceeded, &history.Succeeded{Output: history.Lazy(output)})
}
