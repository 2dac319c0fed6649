package value

import (
	"math"
	"strconv"
)

// JSON is the compact JSON text: no blanks, members in order, numbers as they were read, only what must be
// escaped escaped (as Jackson writes it: \b \t \n \f \r \" \\ and \u00XX in capitals), other characters as UTF-8.
func (v Value) JSON() string {
	b := v.AppendJSON(make([]byte, 0, v.size))
	return string(b)
}

// String is JSON, for fmt.
func (v Value) String() string {
	if v.kind == UndefinedKind {
		return "undefined"
	}
	return v.JSON()
}

// MarshalJSON is JSON, for encoding/json. Undefined becomes null.
func (v Value) MarshalJSON() ([]byte, error) { return v.AppendJSON(nil), nil }

// AppendJSON appends the compact JSON text to dst.
func (v Value) AppendJSON(dst []byte) []byte {
	switch v.kind {
	case BoolKind:
		return strconv.AppendBool(dst, v.num == 1)
	case NumberKind:
		switch v.form {
		case integer:
			return strconv.AppendInt(dst, int64(v.num), 10)
		case literal:
			return append(dst, v.text()...)
		}
		return appendFloat(dst, math.Float64frombits(v.num))
	case StringKind:
		return AppendQuoted(dst, v.Str())
	case ArrayKind:
		dst = append(dst, '[')
		for i, item := range v.Items() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = item.AppendJSON(dst)
		}
		return append(dst, ']')
	case ObjectKind:
		o := (*object)(v.ptr)
		dst = append(dst, '{')
		for i, key := range o.shape.keys {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(AppendQuoted(dst, key), ':')
			dst = o.vals[i].AppendJSON(dst)
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

// appendFloat writes a computed number as ECMAScript does, which is also what Jackson keeps readable: shortest
// digits, exponent only outside 1e-7..1e21.
func appendFloat(dst []byte, f float64) []byte {
	abs := math.Abs(f)
	if abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		n := len(dst)
		dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
		// e-09 -> e-9
		if k := len(dst); k-n >= 4 && dst[k-4] == 'e' && dst[k-3] == '-' && dst[k-2] == '0' {
			dst[k-2] = dst[k-1]
			dst = dst[:k-1]
		}
		return dst
	}
	return strconv.AppendFloat(dst, f, 'f', -1, 64)
}

// escape is the number of bytes that a byte needs beyond itself inside a JSON string.
var escape = func() (t [256]uint8) {
	for c := 0; c < 0x20; c++ {
		t[c] = 5
	}
	for _, c := range "\b\t\n\f\r\"\\" {
		t[c] = 1
	}
	return t
}()

const upperHex = "0123456789ABCDEF"

// surrogateLead is the first byte of the three-byte form of a lone surrogate (and of U+D000-U+D7FF).
const surrogateLead = 0xED

func loneSurrogateAt(s string, i int) bool {
	return s[i] == surrogateLead && i+2 < len(s) && s[i+1] >= 0xA0
}

// quotedSize is the length of s as a JSON string.
func quotedSize(s string) int {
	n := len(s) + 2
	for i := 0; i < len(s); i++ {
		c := s[i]
		n += int(escape[c])
		if c == surrogateLead && loneSurrogateAt(s, i) {
			n += 3
		}
	}
	return n
}

// AppendQuoted appends s as a JSON string.
func AppendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if escape[c] == 0 {
			if c == surrogateLead && loneSurrogateAt(s, i) {
				dst = append(dst, s[start:i]...)
				r := uint16(c&0x0F)<<12 | uint16(s[i+1]&0x3F)<<6 | uint16(s[i+2]&0x3F)
				dst = append(dst, '\\', 'u', upperHex[r>>12], upperHex[r>>8&15], upperHex[r>>4&15], upperHex[r&15])
				i += 2
				start = i + 1
			}
			continue
		}
		dst = append(dst, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\t':
			dst = append(dst, '\\', 't')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\f':
			dst = append(dst, '\\', 'f')
		case '\r':
			dst = append(dst, '\\', 'r')
		default:
			dst = append(dst, '\\', 'u', '0', '0', upperHex[c>>4], upperHex[c&15])
		}
	}
	return append(append(dst, s[start:]...), '"')
}

func intSize(i int64) uint32 {
	var n uint32 = 1
	u := uint64(i)
	if i < 0 {
		n, u = 2, -u
	}
	for u >= 10 {
		u /= 10
		n++
	}
	return n
}
