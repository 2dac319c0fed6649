package interp

import (
	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/internal/value"
)

// choose takes the first rule that holds, else Default.
func (x *Execution) choose(t *thread, s *state, body *asl.Choice) {
	in, f := x.inputPath(t, s)
	w := way{s.Assign, s.Output, s.fallback}
	for i := range body.Choices {
		var ok bool
		if f == nil {
			ok, f = x.holds(t, s, body, i, in)
		}
		if f != nil {
			break
		}
		x.noteRule(t, s, i, in, ok)
		if ok {
			w = way{body.Choices[i].Assign, body.Choices[i].Output, s.choices[i]}
			break
		}
	}
	if f == nil && w.next == none {
		f = x.runtimeFailure(t, "Failed to transition out of the state. The state does not point to a next state.")
	}
	if f != nil {
		x.failState(t, s, *f)
		return
	}
	x.leave(t, s, in, w)
}

// holds decides a rule.
func (x *Execution) holds(t *thread, s *state, body *asl.Choice, i int, in value.Value) (bool, *failure) {
	if q := body.Choices[i].Query; q != nil {
		v, f := x.evaluateTo(t, q, value.BoolKind)
		return v.Bool(), f
	}
	ok, err := s.rules[i].holds(x.environment(t, in))
	if err != nil {
		return false, x.evaluationFailure(t, err)
	}
	return ok, nil
}
