package jsonata

import "github.com/sfnx/sfnx/internal/value"

// transform is |pattern|update, delete|: a function that returns its argument with changes.
type transform struct {
	pattern, update, remove   node // remove may be nil
	clone                     node // $clone, which the environment may have replaced
	pos, updatePos, removePos int
	depth                     int
}

var transformSignature = mustSignature("<(oa):o>")

func (n *transform) eval(_ *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	return value.Opaque(&function{kind: transformFunction, arity: 1, signature: transformSignature, transform: n, frame: fr, input: in}), nil
}

// change is what a transformation does to one object.
type change struct {
	update value.Value
	remove []string
}

// run finds the objects that the pattern matches and builds a copy in which they are changed. Values do not change,
// so the objects are told apart by a copy of their own, made first.
func (n *transform) run(ev *evaluator, in value.Value, f *function) (value.Value, *Error) {
	if in.IsUndefined() {
		return value.Value{}, nil
	}
	v, err := n.clone.eval(ev, in, f.frame)
	if err != nil {
		return value.Value{}, err
	}
	if functionOf(v) == nil {
		return value.Value{}, &Error{Code: "T2013", Position: n.pos}
	}
	doc, err := ev.distinctCopy(in, 0)
	if err != nil {
		return value.Value{}, err
	}
	matches, err := n.pattern.eval(ev, doc, f.frame)
	if err != nil {
		return value.Value{}, err
	}
	list := []value.Value{matches}
	switch matches.Kind() {
	case value.UndefinedKind:
		return doc, nil
	case value.ArrayKind:
		list = matches.Items()
	}
	changes := map[value.Value]*change{}
	for _, m := range list {
		if err := ev.step(1); err != nil {
			return value.Value{}, err
		}
		if err := n.note(ev, m, f, changes); err != nil {
			return value.Value{}, err
		}
	}
	return ev.rebuild(doc, changes)
}

// note works out the change of one match. A second match of the same object sees the first one's change.
func (n *transform) note(ev *evaluator, m value.Value, f *function, changes map[value.Value]*change) *Error {
	id := m.WithMark(0)
	seen := m
	earlier := changes[id]
	if earlier != nil {
		var err *Error
		if seen, err = ev.changed(m, earlier); err != nil {
			return err
		}
	}
	update, err := n.update.eval(ev, seen, f.frame)
	if err != nil {
		return err
	}
	if !update.IsUndefined() && update.Kind() != value.ObjectKind {
		return &Error{Code: "T2011", Position: n.updatePos, value: update}
	}
	if m.Kind() == value.ObjectKind && !update.IsUndefined() {
		if seen, err = ev.changed(seen, &change{update: update}); err != nil {
			return err
		}
	}
	var remove []string
	if n.remove != nil {
		v, err := n.remove.eval(ev, seen, f.frame)
		if err != nil {
			return err
		}
		list := []value.Value{v}
		if v.Kind() == value.ArrayKind {
			list = v.Items()
		}
		for _, k := range list {
			if k.Kind() != value.StringKind {
				if v.IsUndefined() {
					break
				}
				return &Error{Code: "T2012", Position: n.removePos, value: v}
			}
			remove = append(remove, k.Str())
		}
	}
	if m.Kind() != value.ObjectKind {
		return nil
	}
	if seen, err = ev.changed(seen, &change{remove: remove}); err != nil {
		return err
	}
	changes[id] = &change{update: seen}
	return nil
}

// changed is an object with a change made: members set, then others removed.
func (ev *evaluator) changed(v value.Value, c *change) (value.Value, *Error) {
	if c.update.IsUndefined() && len(c.remove) == 0 {
		return v, nil
	}
	members := make([]value.Member, 0, v.Len()+c.update.Len())
	for _, o := range []value.Value{v, c.update} {
		for i := range o.Len() {
			k, x := o.Member(i)
			members = append(members, value.Member{Key: k, Value: x})
		}
	}
	kept := members[:0]
	for _, m := range members {
		if !contains(c.remove, m.Key) {
			kept = append(kept, m)
		}
	}
	if err := ev.step(len(members)); err != nil {
		return value.Value{}, err
	}
	return value.Object(kept...), ev.charge(headerBytes + 2*itemBytes*len(members))
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// distinctCopy copies objects and arrays, so that no two of them are the same one.
func (ev *evaluator) distinctCopy(v value.Value, depth int) (value.Value, *Error) {
	switch v.Kind() {
	case value.OpaqueKind:
		return value.String(""), nil
	case value.NumberKind:
		if v.IsInt() {
			return v, nil
		}
		text, err := ev.text(v)
		if err != nil {
			return value.Value{}, err
		}
		if text == v.JSON() {
			return v, nil
		}
		return parseNumber(text), nil
	case value.ArrayKind:
		items := v.Items()
		if err := ev.enter(len(items), depth); err != nil {
			return value.Value{}, err
		}
		if err := ev.charge(headerBytes + itemBytes*len(items)); err != nil {
			return value.Value{}, err
		}
		out := make([]value.Value, len(items))
		for i, item := range items {
			x, err := ev.distinctCopy(item, depth+1)
			if err != nil {
				return value.Value{}, err
			}
			out[i] = x
		}
		return value.Array(out...), nil
	case value.ObjectKind:
		if err := ev.enter(v.Len(), depth); err != nil {
			return value.Value{}, err
		}
		if err := ev.charge(headerBytes + itemBytes*v.Len()); err != nil {
			return value.Value{}, err
		}
		members := make([]value.Member, v.Len())
		for i := range members {
			k, item := v.Member(i)
			x, err := ev.distinctCopy(item, depth+1)
			if err != nil {
				return value.Value{}, err
			}
			members[i] = value.Member{Key: k, Value: x}
		}
		return value.Object(members...), nil
	}
	return v, nil
}

// rebuild makes the changes, from the outside in: what a change put in may hold further objects to change.
func (ev *evaluator) rebuild(v value.Value, changes map[value.Value]*change) (value.Value, *Error) {
	return ev.rebuildAt(v, changes, 0)
}

func (ev *evaluator) rebuildAt(v value.Value, changes map[value.Value]*change, depth int) (value.Value, *Error) {
	if v.Kind() != value.ArrayKind && v.Kind() != value.ObjectKind {
		return v, nil
	}
	if err := ev.enter(v.Len(), depth); err != nil {
		return value.Value{}, err
	}
	if v.Kind() == value.ArrayKind {
		out := make([]value.Value, v.Len())
		for i, item := range v.Items() {
			x, err := ev.rebuildAt(item, changes, depth+1)
			if err != nil {
				return value.Value{}, err
			}
			out[i] = x
		}
		return value.Array(out...), nil
	}
	if c := changes[v.WithMark(0)]; c != nil {
		delete(changes, v.WithMark(0)) // an update that holds the object itself is not changed again
		v = c.update
	}
	members := make([]value.Member, v.Len())
	for i := range members {
		k, item := v.Member(i)
		x, err := ev.rebuildAt(item, changes, depth+1)
		if err != nil {
			return value.Value{}, err
		}
		members[i] = value.Member{Key: k, Value: x}
	}
	return value.Object(members...), nil
}
