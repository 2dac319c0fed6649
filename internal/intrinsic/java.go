package intrinsic

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/sfnx/sfnx/internal/value"
)

// appendJava appends a value as Java's toString shows it: texts as they are, [a, b], {k=v} (recorded).
func appendJava(dst []byte, v value.Value) []byte {
	switch v.Kind() {
	case value.StringKind:
		return append(dst, v.Str()...)
	case value.NumberKind:
		return appendNumber(dst, v)
	case value.ArrayKind:
		dst = append(dst, '[')
		for i, item := range v.Items() {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = appendJava(dst, item)
		}
		return append(dst, ']')
	case value.ObjectKind:
		dst = append(dst, '{')
		for i := range v.Len() {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			key, m := v.Member(i)
			dst = appendJava(append(append(dst, key...), '='), m)
		}
		return append(dst, '}')
	}
	return v.AppendJSON(dst)
}

// appendNumber appends an integer with all its digits and another number as Double.toString does.
func appendNumber(dst []byte, v value.Value) []byte {
	text := v.JSON()
	if !strings.ContainsAny(text, ".eE") {
		return append(dst, text...)
	}
	f := v.Float64()
	if abs := math.Abs(f); abs != 0 && (abs < 1e-3 || abs >= 1e7) {
		digits := strconv.FormatFloat(f, 'e', -1, 64)
		mantissa, exponent, _ := strings.Cut(digits, "e")
		if !strings.Contains(mantissa, ".") {
			mantissa += ".0"
		}
		n, _ := strconv.Atoi(exponent)
		return strconv.AppendInt(append(append(dst, mantissa...), 'E'), int64(n), 10)
	}
	dst = strconv.AppendFloat(dst, f, 'f', -1, 64)
	if f == math.Trunc(f) {
		dst = append(dst, ".0"...)
	}
	return dst
}

// javaHash is Object.hashCode of a value as Java's collections hold it.
func javaHash(v value.Value) int32 {
	var h int32
	switch v.Kind() {
	case value.BoolKind:
		if v.Bool() {
			return 1231
		}
		return 1237
	case value.NumberKind:
		if n, ok := v.Int64(); ok && v.IsInt() {
			if n == int64(int32(n)) {
				return int32(n)
			}
			return int32(n ^ int64(uint64(n)>>32))
		}
		bits := math.Float64bits(v.Float64())
		return int32(bits ^ bits>>32)
	case value.StringKind:
		for _, r := range v.Str() {
			if r1, r2 := utf16.EncodeRune(r); r1 != '\uFFFD' {
				h = 31*h + r1
				r = r2
			}
			h = 31*h + r
		}
	case value.ArrayKind:
		h = 1
		for _, item := range v.Items() {
			h = 31*h + javaHash(item)
		}
	case value.ObjectKind:
		for i := range v.Len() {
			key, m := v.Member(i)
			h += javaHash(value.String(key)) ^ javaHash(m)
		}
	}
	return h
}

// HashOrder gives the positions of distinct values in the order in which a java.util.HashMap with these keys, put in
// one after the other, iterates. AWS's results have this order wherever it collects members or elements (recorded).
func HashOrder(keys []value.Value) []int {
	buckets := uint32(16)
	for uint32(len(keys)) > buckets/4*3 {
		buckets *= 2
	}
	order, bucket := make([]int, len(keys)), make([]uint32, len(keys))
	for i, k := range keys {
		h := uint32(javaHash(k))
		order[i], bucket[i] = i, (h^h>>16)&(buckets-1)
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(bucket[a]) - int(bucket[b]) })
	return order
}

// random is java.util.Random.
type random struct{ seed uint64 }

const multiplier, mask48 = 0x5DEECE66D, 1<<48 - 1

func newRandom(seed int64) *random { return &random{(uint64(seed) ^ multiplier) & mask48} }

func (r *random) next(bits uint) int32 {
	r.seed = (r.seed*multiplier + 0xB) & mask48
	return int32(r.seed >> (48 - bits))
}

// nextInt is a number from 0 to bound-1; bound is positive.
func (r *random) nextInt(bound int32) int32 {
	if bound&(bound-1) == 0 {
		return int32(int64(bound) * int64(r.next(31)) >> 31)
	}
	for {
		u := r.next(31)
		n := u % bound
		if u-n+(bound-1) >= 0 { // else the sum overflowed: u is from the last, shorter stretch
			return n
		}
	}
}

// SeededDouble is the first nextDouble of a java.util.Random with that seed, in [0, 1).
func SeededDouble(seed int64) float64 {
	r := newRandom(seed)
	high := int64(r.next(26)) << 27
	return float64(high+int64(r.next(27))) / (1 << 53)
}
