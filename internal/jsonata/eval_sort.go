package jsonata

import "github.com/sfnx/sfnx/internal/value"

// order is a sort step: ^(a, >b).
type order struct {
	terms []term
	pos   int
}

type term struct {
	node       node
	descending bool
}

func (c *compiler) order(n *ast) *order {
	o := &order{pos: n.pos}
	for _, t := range n.terms {
		o.terms = append(o.terms, term{c.node(t.expr), t.descending})
	}
	return o
}

// row is something to sort and the terms evaluated for it so far.
type row struct {
	item  value.Value
	tuple int
	frame *frame
	keys  []value.Value
}

func (o *order) sort(ev *evaluator, in value.Value, fr *frame) (value.Value, *Error) {
	items := in.Items()
	if len(items) < 2 {
		return in, nil
	}
	rows := make([]row, len(items))
	for i, item := range items {
		rows[i] = row{item: item, frame: fr}
	}
	if err := o.rows(ev, rows); err != nil {
		return value.Value{}, err
	}
	out := make([]value.Value, len(rows))
	for i := range rows {
		out[i] = rows[i].item
	}
	return value.Array(out...), ev.charge(headerBytes + itemBytes*len(out))
}

func (o *order) sortTuples(ev *evaluator, in *tuples, fr *frame) (*tuples, *Error) {
	if len(in.rows) < 2 {
		return in, nil
	}
	rows := make([]row, len(in.rows))
	for i := range in.rows {
		rows[i] = row{item: in.rows[i].item, tuple: i, frame: in.rows[i].frame(fr, in.scope)}
	}
	if err := o.rows(ev, rows); err != nil {
		return nil, err
	}
	out := &tuples{scope: in.scope, rows: make([]tuple, len(rows))}
	for i, r := range rows {
		out.rows[i] = in.rows[r.tuple]
	}
	return out, nil
}

func (o *order) rows(ev *evaluator, rows []row) *Error {
	if err := ev.charge((headerBytes + 5*itemBytes) * len(rows)); err != nil { // rows, keys and room to merge
		return err
	}
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	err := mergeSort(order, func(a, b int) (bool, *Error) { return o.after(ev, &rows[a], &rows[b]) })
	if err != nil {
		return err
	}
	sorted := make([]row, len(rows))
	for i, k := range order {
		sorted[i] = rows[k]
	}
	copy(rows, sorted)
	return nil
}

// key is term n of a row, evaluated when it is first needed.
func (o *order) key(ev *evaluator, r *row, n int) (value.Value, *Error) {
	for len(r.keys) <= n {
		v, err := o.terms[len(r.keys)].node.eval(ev, r.item, r.frame)
		if err != nil {
			return value.Value{}, err
		}
		r.keys = append(r.keys, v)
	}
	return r.keys[n], nil
}

// after reports whether a must come after b.
func (o *order) after(ev *evaluator, a, b *row) (bool, *Error) {
	if err := ev.step(1); err != nil {
		return false, err
	}
	for i, t := range o.terms {
		x, err := o.key(ev, a, i)
		if err != nil {
			return false, err
		}
		y, err := o.key(ev, b, i)
		if err != nil {
			return false, err
		}
		xk, yk := x.Kind(), y.Kind()
		switch {
		case xk == value.UndefinedKind && yk == value.UndefinedKind:
			continue
		case xk == value.UndefinedKind:
			return true, nil
		case yk == value.UndefinedKind:
			return false, nil
		case !comparable(xk):
			return false, &Error{Code: "T2008", Position: o.pos, value: x}
		case !comparable(yk):
			return false, &Error{Code: "T2008", Position: o.pos, value: y}
		case xk != yk:
			return false, &Error{Code: "T2007", Position: o.pos, value: x, value2: y}
		}
		c := compareKeys(x, y)
		if c == 0 {
			continue
		}
		return c > 0 != t.descending, nil
	}
	return false, nil
}

// compareKeys orders two numbers or two strings.
func compareKeys(x, y value.Value) int {
	if x.Kind() == value.StringKind {
		return compareText(x.Str(), y.Str())
	}
	switch a, b := x.Float64(), y.Float64(); {
	case a == b:
		return 0
	case a < b:
		return -1
	}
	return 1
}

// mergeSort is the reference's: stable, and with the same comparisons in the same order.
func mergeSort(list []int, after func(a, b int) (bool, *Error)) *Error {
	if len(list) < 2 {
		return nil
	}
	return mergeHalves(list, make([]int, len(list)), after)
}

func mergeHalves(list, room []int, after func(a, b int) (bool, *Error)) *Error {
	if len(list) < 2 {
		return nil
	}
	middle := len(list) / 2
	if err := mergeHalves(list[:middle], room, after); err != nil {
		return err
	}
	if err := mergeHalves(list[middle:], room, after); err != nil {
		return err
	}
	left := room[:copy(room, list[:middle])]
	i, j, k := 0, middle, 0
	for i < len(left) && j < len(list) {
		swap, err := after(left[i], list[j])
		if err != nil {
			return err
		}
		if swap {
			list[k] = list[j]
			j++
		} else {
			list[k] = left[i]
			i++
		}
		k++
	}
	copy(list[k:], left[i:])
	return nil
}
