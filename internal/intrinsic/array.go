package intrinsic

import (
	"math"
	"sort"

	"github.com/sfnx/sfnx/internal/value"
)

// maxRange is the largest result of States.ArrayRange (AWS's guide).
const maxRange = 1000

// list is the first argument if it is an array.
func (in invocation) list() ([]value.Value, bool) {
	return in.args[0].Items(), in.args[0].Kind() == value.ArrayKind
}

// whole is argument i as a 32-bit integer, its fraction cut off (measured: not rounded, whatever AWS's guide says).
func (in invocation) whole(i int) (int, bool) {
	f := math.Trunc(in.args[i].Float64())
	return int(f), in.args[i].Kind() == value.NumberKind && f >= math.MinInt32 && f <= math.MaxInt32
}

func arrayOf(in invocation) (value.Value, error) { return value.Array(in.args...), nil }

func arrayPartition(in invocation) (value.Value, error) {
	if len(in.args) != 2 {
		return in.invalid()
	}
	items, ok := in.list()
	size, ok2 := in.whole(1)
	if !ok || !ok2 || size < 1 {
		return in.invalid()
	}
	var chunks []value.Value
	for ; len(items) > size; items = items[size:] {
		chunks = append(chunks, value.Array(items[:size]...))
	}
	if len(items) > 0 {
		chunks = append(chunks, value.Array(items...))
	}
	return value.Array(chunks...), nil
}

// arrayContains compares by Java's texts: members of another order differ, 1 is the same as "1" (measured).
func arrayContains(in invocation) (value.Value, error) {
	if len(in.args) != 2 {
		return in.invalid()
	}
	if err := in.heavy(in.args...); err != nil {
		return value.Value{}, err
	}
	items, ok := in.list()
	if !ok {
		return in.invalid()
	}
	want := string(appendJava(nil, in.args[1]))
	var text []byte
	for _, item := range items {
		if text = appendJava(text[:0], item); string(text) == want {
			return value.Bool(true), nil
		}
	}
	return value.Bool(false), nil
}

func arrayRange(in invocation) (value.Value, error) {
	if len(in.args) != 3 {
		return in.invalid()
	}
	from, ok := in.whole(0)
	to, ok2 := in.whole(1)
	step, ok3 := in.whole(2)
	if !ok || !ok2 || !ok3 || step == 0 {
		return in.invalid()
	}
	n := max((to-from)/step+1, 0)
	if (to-from)*step < 0 { // the step leads away
		n = 0
	}
	if n > maxRange {
		return in.invalid()
	}
	items := make([]value.Value, n)
	for i := range items {
		items[i] = value.Int(int64(from + i*step))
	}
	return value.Array(items...), nil
}

// arrayGetItem gives null for every index of an empty array, and fails out of the range of others (measured).
func arrayGetItem(in invocation) (value.Value, error) {
	if len(in.args) != 2 {
		return in.invalid()
	}
	items, ok := in.list()
	i, ok2 := in.whole(1)
	switch {
	case !ok || !ok2:
		return in.invalid()
	case len(items) == 0:
		return value.Null(), nil
	case i < 0 || i >= len(items):
		return in.invalid()
	}
	return items[i], nil
}

func arrayLength(in invocation) (value.Value, error) {
	if len(in.args) != 1 {
		return in.invalid()
	}
	items, ok := in.list()
	if !ok {
		return in.invalid()
	}
	return value.Int(int64(len(items))), nil
}

// arrayUnique gives the elements in the order of a java.util.HashSet (measured).
func arrayUnique(in invocation) (value.Value, error) {
	if len(in.args) != 1 {
		return in.invalid()
	}
	if err := in.heavy(in.args...); err != nil {
		return value.Value{}, err
	}
	items, ok := in.list()
	if !ok {
		return in.invalid()
	}
	seen := make(map[string]bool, len(items))
	var set []value.Value
	var text []byte
	for _, item := range items {
		if text = appendIdentity(text[:0], item); !seen[string(text)] {
			seen[string(text)] = true
			set = append(set, item)
		}
	}
	out := make([]value.Value, len(set))
	for i, at := range HashOrder(set) {
		out[i] = set[at]
	}
	return value.Array(out...), nil
}

// appendIdentity appends a text that two values share exactly if Java's equals holds: members in any order, an integer
// never equal to a decimal fraction.
func appendIdentity(dst []byte, v value.Value) []byte {
	switch v.Kind() {
	case value.NumberKind:
		return appendNumber(dst, v)
	case value.ArrayKind:
		dst = append(dst, '[')
		for _, item := range v.Items() {
			dst = append(appendIdentity(dst, item), ',')
		}
		return append(dst, ']')
	case value.ObjectKind:
		keys := append([]string(nil), v.Keys()...)
		sort.Strings(keys)
		dst = append(dst, '{')
		for _, key := range keys {
			m, _ := v.Get(key)
			dst = append(appendIdentity(append(value.AppendQuoted(dst, key), ':'), m), ',')
		}
		return append(dst, '}')
	}
	return v.AppendJSON(dst)
}
