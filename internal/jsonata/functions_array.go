package jsonata

import "github.com/sfnx/sfnx/internal/value"

func zip(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	n := -1
	for _, a := range args {
		if l := a.Len(); n < 0 || l < n {
			n = l
		}
	}
	if len(args) == 0 {
		n = 0
	}
	if err := ev.charge(headerBytes + n*(headerBytes+itemBytes*(1+len(args)))); err != nil {
		return undefined, err
	}
	if err := ev.step(n); err != nil {
		return undefined, err
	}
	out := make([]value.Value, n)
	for i := range out {
		t := make([]value.Value, len(args))
		for k, a := range args {
			t[k] = a.Items()[i]
		}
		out[i] = value.Array(t...)
	}
	return value.Array(out...), nil
}

func appendTo(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	return ev.appendValues(arg(args, 0), arg(args, 1))
}

func exists(_ *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	return value.Bool(!arg(args, 0).IsUndefined()), nil
}

func reverse(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	n := v.Len()
	if n < 2 {
		return v, nil
	}
	out := make([]value.Value, n)
	for i, item := range v.Items() {
		out[n-1-i] = item
	}
	return value.Array(out...), ev.charge(headerBytes + itemBytes*n)
}

func shuffle(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.Len() < 2 {
		return v, nil
	}
	out := make([]value.Value, v.Len())
	for i, item := range v.Items() {
		j := int(ev.random() * float64(i+1))
		out[i] = out[j]
		out[j] = item
	}
	if err := ev.step(len(out)); err != nil {
		return undefined, err
	}
	return value.Array(out...), ev.charge(headerBytes + itemBytes*len(out))
}

func distinct(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.Kind() != value.ArrayKind || v.Len() < 2 {
		return v, nil
	}
	var out []value.Value
	texts := map[string]bool{} // strings are the usual case: no need to compare each with each
	for _, item := range v.Items() {
		if err := ev.step(1); err != nil {
			return undefined, err
		}
		if item.Kind() == value.StringKind {
			if !texts[item.Str()] {
				texts[item.Str()] = true
				out = append(out, item)
			}
			continue
		}
		seen := false
		for _, x := range out {
			if err := ev.step(1); err != nil {
				return undefined, err
			}
			var err *Error
			if seen, err = ev.equal(item, x, 0); err != nil {
				return undefined, err
			}
			if seen {
				break
			}
		}
		if !seen {
			out = append(out, item)
		}
	}
	return value.Array(out...).WithMark(v.Mark() & seqMark), ev.charge(headerBytes + itemBytes*len(out))
}

func keys(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	var out []value.Value
	seen := map[string]bool{}
	err := ev.collectKeys(arg(args, 0), 0, func(k string) {
		if !seen[k] {
			seen[k] = true
			out = append(out, value.String(k))
		}
	})
	if err != nil {
		return undefined, err
	}
	return sequence(out), ev.charge(headerBytes + itemBytes*len(out))
}

func (ev *evaluator) collectKeys(v value.Value, depth int, add func(string)) *Error {
	if err := ev.enter(v.Len(), depth); err != nil {
		return err
	}
	if v.Kind() == value.ArrayKind {
		for _, item := range v.Items() {
			if err := ev.collectKeys(item, depth+1, add); err != nil {
				return err
			}
		}
	}
	for _, k := range v.Keys() {
		add(k)
	}
	return nil
}

func lookup(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	return ev.lookupIn(arg(args, 0), arg(args, 1).Str(), 0)
}

func spread(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.Kind() != value.ArrayKind && v.Kind() != value.ObjectKind {
		return v, nil
	}
	out, err := ev.spreadOut(v, nil, 0)
	if v.Kind() == value.ArrayKind && v.Len() > 0 {
		return value.Array(out...), err
	}
	return sequence(out), err
}

func (ev *evaluator) spreadOut(v value.Value, out []value.Value, depth int) ([]value.Value, *Error) {
	err := ev.enter(v.Len(), depth)
	switch v.Kind() {
	case value.UndefinedKind:
	case value.ArrayKind:
		for _, item := range v.Items() {
			if err != nil {
				break
			}
			out, err = ev.spreadOut(item, out, depth+1)
		}
	case value.ObjectKind:
		if err == nil {
			err = ev.charge(v.Len() * (headerBytes + 3*itemBytes))
		}
		for i := 0; err == nil && i < v.Len(); i++ {
			k, item := v.Member(i)
			out = append(out, value.Object(value.Member{Key: k, Value: item}))
		}
	default:
		out = append(out, v)
	}
	return out, err
}

func merge(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() {
		return undefined, nil
	}
	n := 0
	for _, o := range v.Items() {
		n += members(o)
	}
	if err := ev.charge(headerBytes + 2*itemBytes*n); err != nil {
		return undefined, err
	}
	if err := ev.step(n); err != nil {
		return undefined, err
	}
	all := make([]value.Member, 0, n)
	for _, o := range v.Items() {
		for i := range members(o) {
			k, item := o.Member(i)
			all = append(all, value.Member{Key: k, Value: item})
		}
	}
	return value.Object(all...), nil
}

func typeOf(_ *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() {
		return undefined, nil
	}
	if f := v.Float64(); f != f { // the reference does not take NaN for a number
		return value.String("object"), nil
	}
	return value.String(v.Kind().String()), nil
}

func boolean(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() {
		return undefined, nil
	}
	ok, err := ev.truth(v)
	return value.Bool(ok), err
}

func not(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() {
		return undefined, nil
	}
	ok, err := ev.truth(v)
	return value.Bool(!ok), err
}

func raise(_ *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	text := arg(args, 0).Str()
	if text == "" {
		text = "$error() function evaluated"
	}
	return undefined, &Error{Code: "D3137", word: text}
}

func assert(_ *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	if truthy(arg(args, 0)) {
		return undefined, nil
	}
	text := arg(args, 1).Str()
	if text == "" {
		text = "$assert() statement failed"
	}
	return undefined, &Error{Code: "D3141", word: text}
}

// clone copies what JSON can hold; functions become empty strings.
func clone(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	return ev.distinctCopy(arg(args, 0), 0)
}

// evaluate is $eval: it sees the variables of the place where it is called.
func evaluate(ev *evaluator, c caller, args []value.Value) (value.Value, *Error) {
	v, in := arg(args, 0), c.context
	if v.IsUndefined() {
		return undefined, nil
	}
	if focus := arg(args, 1); !focus.IsUndefined() {
		if in = focus; in.Kind() == value.ArrayKind && in.Mark()&seqMark == 0 {
			in = value.Array(in).WithMark(seqMark | outerMark)
		}
	}
	if err := ev.step(len(v.Str())); err != nil {
		return undefined, err
	}
	if err := ev.charge(len(v.Str()) * itemBytes); err != nil {
		return undefined, err
	}
	var outer *scope
	if c.frame != nil {
		outer = c.frame.scope
	}
	e, err := compile(v.Str(), outer)
	if err != nil {
		return undefined, &Error{Code: "D3120", value: value.String(err.Message)}
	}
	fr := c.frame
	if e.scope != nil {
		fr = newFrame(fr, e.scope)
	}
	ev.leaked, ev.spare = true, nil
	expr, globals := ev.expr, ev.globals
	ev.expr, ev.globals = e, make([]value.Value, len(e.globals))
	defer func() { ev.expr, ev.globals = expr, globals }()
	if err := ev.deeper(2); err != nil {
		return undefined, err
	}
	out, err := e.root.eval(ev, in, fr)
	ev.depth -= 2
	if err != nil {
		if err.Code[0] == 'B' {
			return undefined, err
		}
		return undefined, &Error{Code: "D3121", value: value.String(err.finish(e.src).Message)}
	}
	return out, nil
}
