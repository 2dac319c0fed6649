package value

// Equal reports whether two values are the same JSON: numbers by value (1 and 1.0 are equal), objects whatever
// the order of their members.
func Equal(a, b Value) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case BoolKind:
		return a.num == b.num
	case NumberKind:
		return CompareNumbers(a, b) == 0
	case StringKind:
		return a.Str() == b.Str()
	case ArrayKind:
		x, y := a.Items(), b.Items()
		if len(x) != len(y) {
			return false
		}
		for i := range x {
			if !Equal(x[i], y[i]) {
				return false
			}
		}
	case ObjectKind:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			k, x := a.Member(i)
			if y, ok := b.Get(k); !ok || !Equal(x, y) {
				return false
			}
		}
	}
	return true
}

// CompareNumbers orders two numbers: -1, 0 or 1. Integers compare exactly, everything else as float64.
func CompareNumbers(a, b Value) int {
	if a.form == integer && b.form == integer {
		return order(int64(a.num), int64(b.num))
	}
	if a.form == literal && b.form == literal && a.text() == b.text() {
		return 0
	}
	return order(a.Float64(), b.Float64())
}

func order[T int64 | float64](x, y T) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}
