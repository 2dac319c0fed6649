// Package value is the JSON value that everything inside sfnx works on.
//
// A Value is immutable and small (24 bytes, passed by value), so states, iterations, branches and events share
// one without copying. Object members keep their order, numbers keep their literal, and the size of the compact
// JSON text is known without writing it, which makes AWS's 262,144-byte rule a comparison:
//
//	v, err := value.Parse(`{"a":[1,2.50]}`)
//	a, ok := v.Get("a")
//	v2 := v.With("b", value.Int(3))   // v is unchanged; v2 shares everything but the member list
//	v2.Size() == len(v2.JSON())
//
// The zero Value is Undefined: no value at all, which is not null. The package knows nothing of paths,
// templates or states.
package value

import (
	"math"
	"strconv"
	"unsafe"
)

// Kind is the JSON type of a Value.
type Kind uint8

// The kinds. Undefined is the kind of the zero Value and never occurs inside an array or object.
const (
	UndefinedKind Kind = iota
	NullKind
	BoolKind
	NumberKind
	StringKind
	ArrayKind
	ObjectKind
	OpaqueKind // something of an expression language that is no JSON, as a function; never leaves its evaluation
)

// String is the word that AWS uses in messages: null, boolean, number, string, array, object.
func (k Kind) String() string {
	switch k {
	case NullKind:
		return "null"
	case BoolKind:
		return "boolean"
	case NumberKind:
		return "number"
	case StringKind:
		return "string"
	case ArrayKind:
		return "array"
	case ObjectKind:
		return "object"
	case OpaqueKind:
		return "function"
	}
	return "undefined"
}

// form says how a number is held.
type form uint8

const (
	integer  form = iota // num is an int64
	floating             // num is float64 bits, the text is derived
	literal              // num is float64 bits, ptr the text as it was read, size its length
)

// Value is one immutable JSON value.
type Value struct {
	// ptr is the data of a string or of a number's literal, *array or *object. unsafe.Pointer keeps a Value at
	// 24 bytes without an allocation per number or string; only this file and object.go touch it.
	ptr  unsafe.Pointer
	num  uint64
	size uint32 // bytes of the compact JSON text
	kind Kind
	form form
	mark uint8
}

type array struct{ items []Value }

// Null is the JSON null.
func Null() Value { return Value{kind: NullKind, size: 4} }

// Bool is true or false.
func Bool(b bool) Value {
	if b {
		return Value{kind: BoolKind, num: 1, size: 4}
	}
	return Value{kind: BoolKind, size: 5}
}

// Int is a whole number.
func Int(i int64) Value {
	return Value{kind: NumberKind, form: integer, num: uint64(i), size: intSize(i)}
}

// Float is a number that was computed. Whole numbers in the range where float64 is exact are held, and written, as integers.
// f must be finite.
func Float(f float64) Value {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return Int(int64(f))
	}
	var buf [32]byte
	return Value{kind: NumberKind, form: floating, num: math.Float64bits(f), size: uint32(len(appendFloat(buf[:0], f)))}
}

// String is a text. s must be UTF-8; a lone surrogate may stand in it as its three-byte form.
func String(s string) Value {
	return Value{kind: StringKind, ptr: unsafe.Pointer(unsafe.StringData(s)), num: uint64(len(s)), size: uint32(quotedSize(s))}
}

// Array is a list; it takes ownership of items.
func Array(items ...Value) Value {
	size := 2
	for i := range items {
		size += int(items[i].size) + 1
	}
	if len(items) > 0 {
		size--
	}
	return Value{kind: ArrayKind, ptr: unsafe.Pointer(&array{items}), size: saturate(size)}
}

// Opaque carries something that is no JSON through the evaluation of an expression. Its size is the largest there
// is, and so is that of everything it is put into: a smaller value is JSON all the way down.
func Opaque(x any) Value {
	return Value{kind: OpaqueKind, ptr: unsafe.Pointer(&x), size: math.MaxUint32}
}

// Opaque is what Opaque was given, nil for other kinds.
func (v Value) Opaque() any {
	if v.kind != OpaqueKind {
		return nil
	}
	return *(*any)(v.ptr)
}

// Mark is the note that WithMark left, 0 if none did.
func (v Value) Mark() uint8 { return v.mark }

// WithMark is the same value with a note on it, for an evaluator that tells arrays of one origin from another.
// JSON, Equal and everything made of v are blind to it.
func (v Value) WithMark(mark uint8) Value {
	v.mark = mark
	return v
}

// saturate keeps sizes beyond 4 GiB at the largest number, so that "larger than the limit" stays true.
func saturate(n int) uint32 {
	if n > math.MaxUint32 {
		return math.MaxUint32
	}
	return uint32(n)
}

// Kind is the JSON type.
func (v Value) Kind() Kind { return v.kind }

// IsUndefined reports whether there is no value at all.
func (v Value) IsUndefined() bool { return v.kind == UndefinedKind }

// IsNull reports whether v is the JSON null.
func (v Value) IsNull() bool { return v.kind == NullKind }

// Size is the number of bytes of the compact JSON text in UTF-8.
func (v Value) Size() int { return int(v.size) }

// Bool is the truth value of a boolean, false for other kinds.
func (v Value) Bool() bool { return v.kind == BoolKind && v.num == 1 }

// Str is the text of a string, "" for other kinds.
func (v Value) Str() string {
	if v.kind != StringKind {
		return ""
	}
	return unsafe.String((*byte)(v.ptr), int(v.num))
}

// Items is the list of an array, nil for other kinds. It must not be changed.
func (v Value) Items() []Value {
	if v.kind != ArrayKind {
		return nil
	}
	return (*array)(v.ptr).items
}

// Len is the number of elements of an array or members of an object, 0 for other kinds.
func (v Value) Len() int {
	switch v.kind {
	case ArrayKind:
		return len((*array)(v.ptr).items)
	case ObjectKind:
		return len((*object)(v.ptr).vals)
	}
	return 0
}

// WithItem is a copy of an array with element i replaced. It panics if v has no such element.
func (v Value) WithItem(i int, item Value) Value {
	old := v.Items()
	items := make([]Value, len(old))
	copy(items, old)
	items[i] = item
	size := int(v.size) - int(old[i].size) + int(item.size)
	return Value{kind: ArrayKind, ptr: unsafe.Pointer(&array{items}), size: saturate(size)}
}

// text is the literal of a number of the form literal.
func (v Value) text() string { return unsafe.String((*byte)(v.ptr), int(v.size)) }

// IsInt reports whether v is a number that an int64 holds exactly and that is written without fraction or exponent.
func (v Value) IsInt() bool { return v.kind == NumberKind && v.form == integer }

// Int64 is the number as an int64; ok is false if v is no number, has a fraction or does not fit.
// 3.0 and 3e0 are the integer 3.
func (v Value) Int64() (n int64, ok bool) {
	if v.kind != NumberKind {
		return 0, false
	}
	if v.form == integer {
		return int64(v.num), true
	}
	f := math.Float64frombits(v.num)
	if f != math.Trunc(f) || f < -1<<63 || f >= 1<<63 {
		return 0, false
	}
	if v.form == literal {
		if i, err := strconv.ParseInt(v.text(), 10, 64); err == nil {
			return i, true
		}
	}
	return int64(f), true
}

// Float64 is the number as a float64, 0 for other kinds.
func (v Value) Float64() float64 {
	if v.kind != NumberKind {
		return 0
	}
	if v.form == integer {
		return float64(int64(v.num))
	}
	return math.Float64frombits(v.num)
}
