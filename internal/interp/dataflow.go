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

// The data flow of a JSONata state:
//
//	raw input ($states.input) -Arguments or Items-> work -> result ($states.result) -Output-> output
//
// Assign reads what stood there before the state in both languages; its variables are visible from the next state on.

// environment is what the expressions of a thread's state see, with input as $. It is valid until the next call.
func (x *Execution) environment(t *thread, input value.Value) *expr.Env {
	x.view = view{x: x, t: t}
	x.env.Input, x.env.Vars, x.env.Now = input, t, x.now
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

// inputPath is the input of a state after InputPath.
func (x *Execution) inputPath(t *thread, s *state) (value.Value, *failure) {
	in, f := x.applyPath(t, s.InputPath, t.input)
	if f == nil && s.QueryLanguage == asl.JSONPath {
		x.observe(t, AfterInputPath, in)
	}
	return in, f
}

// effectiveInput is InputPath, then Parameters.
func (x *Execution) effectiveInput(t *thread, s *state) (value.Value, *failure) {
	in, f := x.inputPath(t, s)
	if f != nil {
		return in, f
	}
	return x.parameters(t, s, in)
}

// parameters is Parameters, in JSONata Arguments, on what InputPath has left; without them it is that.
func (x *Execution) parameters(t *thread, s *state, in value.Value) (value.Value, *failure) {
	out := in
	if s.Parameters != nil {
		var err error
		if out, err = s.Parameters.Eval(x.environment(t, in)); err != nil {
			return value.Value{}, x.evaluationFailure(t, err)
		}
	}
	switch {
	case s.QueryLanguage == asl.JSONPath:
		x.observe(t, AfterParameters, out)
	case s.Parameters != nil:
		x.observe(t, AfterArguments, out)
	}
	return out, nil
}

// evaluate is a payload on a document; without a payload it is {}.
func (x *Execution) evaluate(t *thread, payload expr.Payload, doc value.Value) (value.Value, *failure) {
	if payload == nil {
		return value.EmptyObject(), nil
	}
	v, err := payload.Eval(x.environment(t, doc))
	if err != nil {
		return v, x.evaluationFailure(t, err)
	}
	return v, nil
}

// evaluateTo is a field of a JSONata state that takes values of one kind only.
func (x *Execution) evaluateTo(t *thread, q *expr.Query, kind value.Kind) (value.Value, *failure) {
	v, err := q.EvalTo(x.environment(t, value.Value{}), kind)
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

// way is how a state is left: what makes its output and its variables, and where it leads.
type way struct {
	assign expr.Payload
	output *expr.Query
	next   int
}

// finish folds the raw result of a state into its output and leaves the state.
func (x *Execution) finish(t *thread, s *state, result value.Value) {
	x.observe(t, Result, result)
	x.leave(t, s, result, way{s.Assign, s.Output, s.next})
}

// leave folds the raw result of a state into its output and variables, and leaves the state.
func (x *Execution) leave(t *thread, s *state, result value.Value, w way) {
	var output, assigned value.Value
	var f *failure
	if s.QueryLanguage == asl.JSONata {
		output, f = x.query(t, s, w.output, result)
	} else {
		output, f = x.outputOf(t, s, result)
	}
	if f == nil {
		f = x.tooLarge(s.Name, output)
	}
	if f == nil && w.assign != nil {
		env := x.environment(t, result)
		x.showResult(s, result)
		assigned, f = x.assignment(t, s, w.assign, env)
	}
	if f != nil {
		x.failState(t, s, *f)
		return
	}
	x.exit(t, s, output, assigned, w.next)
}

// query is the Output of a JSONata state; without one the result is the output.
func (x *Execution) query(t *thread, s *state, q *expr.Query, result value.Value) (value.Value, *failure) {
	if q == nil {
		return result, nil
	}
	env := x.environment(t, result)
	x.showResult(s, result)
	v, err := q.Eval(env)
	if err != nil {
		return v, x.evaluationFailure(t, err)
	}
	return v, nil
}

// showResult puts a result into $states, for the types of states that have one.
func (x *Execution) showResult(s *state, result value.Value) {
	switch s.Body.(type) {
	case *asl.Task, *asl.Parallel, *asl.Map:
		x.view.result = result
	}
}

// outputOf is ResultSelector, ResultPath and OutputPath.
func (x *Execution) outputOf(t *thread, s *state, result value.Value) (value.Value, *failure) {
	if s.ResultSelector != nil {
		selected, err := s.ResultSelector.Eval(x.environment(t, result))
		if err != nil {
			return value.Value{}, x.evaluationFailure(t, err)
		}
		result = selected
	}
	x.observe(t, AfterResultSelector, result)
	out, f := x.applyResultPath(t, s.ResultPath, t.input, result)
	if f != nil {
		return value.Value{}, f
	}
	x.observe(t, AfterResultPath, out)
	return x.applyPath(t, s.OutputPath, out)
}

// exit leaves a state for the next one, or ends the thread. assigned are the new variables, Undefined if there are none.
func (x *Execution) exit(t *thread, s *state, output, assigned value.Value, next int) {
	x.event(t, s.exited, &history.StateExited{Name: s.Name, Output: history.Lazy(output), AssignedVariables: variablesOf(assigned)})
	x.assign(t, assigned)
	t.call = nil
	x.observe(t, StateOutput, output)
	if next != none {
		x.observe(t, NextState, value.String(x.program.states[next].Name))
	}
	if next == none || x.alone(t) {
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
		x.dropVariables(t)
		x.join(t, output)
		return
	}
	x.end(result{status: Succeeded, output: output}, t.last, history.ExecutionSucceeded, &history.Succeeded{Output: history.Lazy(output)})
}
