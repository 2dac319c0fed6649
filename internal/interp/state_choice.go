package interp

// choose takes the first rule that holds, else Default.
func (x *Execution) choose(t *thread, s *state) {
	in, f := x.applyPath(t, s.InputPath, t.input)
	if f != nil {
		x.failState(t, s, *f)
		return
	}
	next := s.fallback
	env := x.environment(t, in)
	for i, rule := range s.rules {
		ok, err := rule.holds(env)
		if err != nil {
			x.failState(t, s, *x.evaluationFailure(t, err))
			return
		}
		if ok {
			next = s.choices[i]
			break
		}
	}
	if next == none {
		x.failState(t, s, *x.runtimeFailure(t, "Failed to transition out of the state. The state does not point to a next state."))
		return
	}
	x.passThrough(t, s, next)
}
