package value

import "unsafe"

// Shape is the ordered list of member names of an object. Objects made one after the other by the same template,
// or by changing a member's value, share one shape.
type Shape struct {
	keys  []string
	index map[string]int // nil while a scan is faster
	size  int            // bytes of braces, quoted names, colons and commas
}

// scanLimit is the number of members up to which comparing names beats a map (measured in BenchmarkGet).
const scanLimit = 8

// NewShape makes a shape; the names must be distinct. It takes ownership of keys.
func NewShape(keys []string) *Shape {
	s := &Shape{keys: keys, size: 2}
	for _, k := range keys {
		s.size += quotedSize(k) + 2
	}
	if len(keys) > 0 {
		s.size--
	}
	if len(keys) > scanLimit {
		s.index = make(map[string]int, len(keys))
		for i, k := range keys {
			s.index[k] = i
		}
	}
	return s
}

// Find is the position of a name, or -1.
func (s *Shape) Find(key string) int {
	if s.index != nil {
		if i, ok := s.index[key]; ok {
			return i
		}
		return -1
	}
	for i, k := range s.keys {
		if k == key {
			return i
		}
	}
	return -1
}

type object struct {
	shape *Shape
	vals  []Value
}

var emptyShape = NewShape(nil)

// Member is one name and value of an object.
type Member struct {
	Key   string
	Value Value
}

// Object makes an object; of members with the same name the last one wins, at the place of the first.
func Object(members ...Member) Value {
	keys, vals := make([]string, 0, len(members)), make([]Value, 0, len(members))
	var seen map[string]int
	if len(members) > scanLimit {
		seen = make(map[string]int, len(members))
	}
	for _, m := range members {
		at := -1
		if seen == nil {
			at = position(keys, m.Key)
		} else if i, ok := seen[m.Key]; ok {
			at = i
		}
		if at >= 0 {
			vals[at] = m.Value
			continue
		}
		if seen != nil {
			seen[m.Key] = len(keys)
		}
		keys, vals = append(keys, m.Key), append(vals, m.Value)
	}
	return ObjectOf(NewShape(keys), vals)
}

func position(keys []string, key string) int {
	for i, k := range keys {
		if k == key {
			return i
		}
	}
	return -1
}

// ObjectOf makes an object of a shape and one value for each of its names. It takes ownership of vals.
func ObjectOf(shape *Shape, vals []Value) Value {
	if len(vals) != len(shape.keys) {
		panic("value: an object needs one value for each name of its shape")
	}
	size := shape.size
	for i := range vals {
		size += int(vals[i].size)
	}
	return Value{kind: ObjectKind, ptr: unsafe.Pointer(&object{shape, vals}), size: saturate(size)}
}

// Get is the member with that name; ok is false if there is none or v is no object.
func (v Value) Get(key string) (member Value, ok bool) {
	if v.kind != ObjectKind {
		return Value{}, false
	}
	o := (*object)(v.ptr)
	if i := o.shape.Find(key); i >= 0 {
		return o.vals[i], true
	}
	return Value{}, false
}

// Member is member i of an object, in order. It panics if there is none.
func (v Value) Member(i int) (key string, member Value) {
	o := (*object)(v.ptr)
	if v.kind != ObjectKind {
		panic("value: Member of a " + v.kind.String())
	}
	return o.shape.keys[i], o.vals[i]
}

// Keys are the member names of an object in order, nil for other kinds. They must not be changed.
func (v Value) Keys() []string {
	if v.kind != ObjectKind {
		return nil
	}
	return (*object)(v.ptr).shape.keys
}

// With is a copy of an object with one member set: replaced in its place, or added at the end.
// It panics if v is no object.
func (v Value) With(key string, member Value) Value {
	if v.kind != ObjectKind {
		panic("value: With on a " + v.kind.String())
	}
	o := (*object)(v.ptr)
	if i := o.shape.Find(key); i >= 0 {
		vals := make([]Value, len(o.vals))
		copy(vals, o.vals)
		size := int(v.size) - int(vals[i].size) + int(member.size)
		vals[i] = member
		return Value{kind: ObjectKind, ptr: unsafe.Pointer(&object{o.shape, vals}), size: saturate(size)}
	}
	n := len(o.vals)
	keys, vals := make([]string, n+1), make([]Value, n+1)
	copy(keys, o.shape.keys)
	copy(vals, o.vals)
	keys[n], vals[n] = key, member
	return ObjectOf(NewShape(keys), vals)
}

// EmptyObject is {}.
func EmptyObject() Value { return ObjectOf(emptyShape, nil) }
