package jsonata

import "github.com/sfnx/sfnx/internal/value"

// give calls a function with a value and as much of its key and its container as the function takes.
func (ev *evaluator) give(f *function, c caller, v, key, container value.Value) (value.Value, *Error) {
	base := len(ev.stack)
	n := max(1, min(f.arity, 3))
	ev.stack = append(ev.stack, v, key, container)
	out, err := ev.apply(f, ev.stack[base:base+n:base+n], c)
	ev.stack = ev.stack[:base]
	return out, err
}

// callback is the caller of a function that a built-in function was given.
func (c caller) callback() caller { return caller{context: value.Null(), frame: c.frame} }

func mapItems(ev *evaluator, c caller, args []value.Value) (value.Value, *Error) {
	v, f := arg(args, 0), functionOf(arg(args, 1))
	if v.IsUndefined() {
		return undefined, nil
	}
	if f == nil {
		return undefined, &Error{Code: "T1006"}
	}
	if err := ev.charge(headerBytes + itemBytes*v.Len()); err != nil {
		return undefined, err
	}
	back := c.callback()
	out := make([]value.Value, 0, v.Len())
	for i, item := range v.Items() {
		x, err := ev.give(f, back, item, value.Int(int64(i)), v)
		if err != nil {
			return undefined, err
		}
		if !x.IsUndefined() {
			out = append(out, ev.stored(x))
		}
	}
	return sequence(out), nil
}

// stored is a value that goes into an array: an array that would unwrap when it is taken out must not leave the evaluation.
func (ev *evaluator) stored(v value.Value) value.Value {
	if v.Mark() != 0 && v.Kind() == value.ArrayKind {
		ev.dirty = true
	}
	return v
}

func filterItems(ev *evaluator, c caller, args []value.Value) (value.Value, *Error) {
	v, f := arg(args, 0), functionOf(arg(args, 1))
	if v.IsUndefined() {
		return undefined, nil
	}
	if f == nil {
		return undefined, &Error{Code: "T1006"}
	}
	back := c.callback()
	var out []value.Value
	for i, item := range v.Items() {
		ok, err := ev.accepts(f, back, item, value.Int(int64(i)), v)
		if err != nil {
			return undefined, err
		}
		if ok {
			out = append(out, item)
		}
	}
	return sequence(out), ev.charge(headerBytes + itemBytes*len(out))
}

func (ev *evaluator) accepts(f *function, c caller, v, key, container value.Value) (bool, *Error) {
	x, err := ev.give(f, c, v, key, container)
	if err != nil {
		return false, err
	}
	return ev.truth(x)
}

func singleItem(ev *evaluator, c caller, args []value.Value) (value.Value, *Error) {
	v, f := arg(args, 0), functionOf(arg(args, 1))
	if v.IsUndefined() {
		return undefined, nil
	}
	back := c.callback()
	hit := false
	var out value.Value
	for i, item := range v.Items() {
		ok := f == nil
		if !ok {
			var err *Error
			if ok, err = ev.accepts(f, back, item, value.Int(int64(i)), v); err != nil {
				return undefined, err
			}
		}
		if ok && hit {
			return undefined, &Error{Code: "D3138"}
		}
		if ok {
			out, hit = item, true
		}
	}
	if !hit {
		return undefined, &Error{Code: "D3139"}
	}
	return out, nil
}

func reduce(ev *evaluator, c caller, args []value.Value) (value.Value, *Error) {
	v, f, acc := arg(args, 0), functionOf(arg(args, 1)), arg(args, 2)
	if v.IsUndefined() {
		return undefined, nil
	}
	if f == nil || f.arity < 2 {
		return undefined, &Error{Code: "D3050"}
	}
	back := c.callback()
	items, first := v.Items(), 0
	if acc.IsUndefined() && len(items) > 0 {
		acc, first = items[0], 1
	}
	for i := first; i < len(items); i++ {
		base := len(ev.stack)
		ev.stack = append(ev.stack, acc, items[i], value.Int(int64(i)), v)
		n := min(f.arity, 4)
		x, err := ev.apply(f, ev.stack[base:base+n:base+n], back)
		ev.stack = ev.stack[:base]
		if err != nil {
			return undefined, err
		}
		acc = x
	}
	return acc, nil
}

func sift(ev *evaluator, c caller, args []value.Value) (value.Value, *Error) {
	v, f := arg(args, 0), functionOf(arg(args, 1))
	if f == nil && members(v) > 0 {
		return undefined, &Error{Code: "T1006"}
	}
	back := c.callback()
	var out []value.Member
	for i := range members(v) {
		k, item := v.Member(i)
		ok, err := ev.accepts(f, back, item, value.String(k), v)
		if err != nil {
			return undefined, err
		}
		if ok {
			out = append(out, value.Member{Key: k, Value: item})
		}
	}
	if len(out) == 0 {
		return undefined, nil
	}
	return value.Object(out...), ev.charge(headerBytes + 2*itemBytes*len(out))
}

// members is the number of members of an object, 0 for anything else.
func members(v value.Value) int {
	if v.Kind() == value.ObjectKind {
		return v.Len()
	}
	return 0
}

func each(ev *evaluator, c caller, args []value.Value) (value.Value, *Error) {
	v, f := arg(args, 0), functionOf(arg(args, 1))
	if f == nil {
		return undefined, &Error{Code: "T1006"}
	}
	back := c.callback()
	var out []value.Value
	for i := range members(v) {
		k, item := v.Member(i)
		x, err := ev.give(f, back, item, value.String(k), v)
		if err != nil {
			return undefined, err
		}
		if !x.IsUndefined() {
			out = append(out, ev.stored(x))
		}
	}
	return sequence(out), ev.charge(headerBytes + itemBytes*len(out))
}

func sortItems(ev *evaluator, c caller, args []value.Value) (value.Value, *Error) {
	v, f := arg(args, 0), functionOf(arg(args, 1))
	if v.Len() < 2 {
		return v, nil
	}
	items := v.Items()
	after := func(a, b int) (bool, *Error) { return compareKeys(items[a], items[b]) > 0, ev.step(1) }
	if f == nil {
		if k := items[0].Kind(); !alike(items, k) || k != value.NumberKind && k != value.StringKind {
			return undefined, &Error{Code: "D3070"}
		}
	} else {
		back := c.callback()
		after = func(a, b int) (bool, *Error) {
			base := len(ev.stack)
			ev.stack = append(ev.stack, items[a], items[b])
			x, err := ev.apply(f, ev.stack[base:base+2:base+2], back)
			ev.stack = ev.stack[:base]
			return truthy(x), err
		}
	}
	if err := ev.charge(headerBytes + (itemBytes+16)*len(items)); err != nil {
		return undefined, err
	}
	order := make([]int, len(items))
	for i := range order {
		order[i] = i
	}
	if err := mergeSort(order, after); err != nil {
		return undefined, err
	}
	out := make([]value.Value, len(items))
	for i, k := range order {
		out[i] = items[k]
	}
	return value.Array(out...), nil
}

// alike reports whether all items are of one kind.
func alike(items []value.Value, k value.Kind) bool {
	for _, item := range items {
		if item.Kind() != k {
			return false
		}
	}
	return true
}
