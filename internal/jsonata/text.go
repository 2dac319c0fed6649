package jsonata

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Strings are UTF-8 in which a lone surrogate stands as its three-byte form. JavaScript's strings are UTF-16, so
// whatever counts, orders or cuts text by code unit goes through this file.

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// surrogateAt reports whether a lone surrogate starts at i.
func surrogateAt[T string | []byte](s T, i int) bool {
	return s[i] == 0xED && i+2 < len(s) && s[i+1] >= 0xA0 && s[i+1] < 0xC0 && s[i+2]&0xC0 == 0x80
}

// decode is the code point at i, a lone surrogate included, and its length in bytes.
func decode(s string, i int) (rune, int) {
	if c := s[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	if surrogateAt(s, i) {
		return rune(s[i]&0x0F)<<12 | rune(s[i+1]&0x3F)<<6 | rune(s[i+2]&0x3F), 3
	}
	return utf8.DecodeRuneInString(s[i:])
}

// wellFormed replaces the bytes of a text that are no part of a character.
func wellFormed(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, n := decode(s, i)
		b = appendUnit(b, r)
		i += n
	}
	return string(joinSurrogates(b))
}

// appendUnit appends a code point or a lone surrogate.
func appendUnit(b []byte, r rune) []byte {
	if utf16.IsSurrogate(r) {
		return append(b, 0xE0|byte(r>>12), 0x80|byte(r>>6&0x3F), 0x80|byte(r&0x3F))
	}
	return utf8.AppendRune(b, r)
}

// joinSurrogates makes one character of each high surrogate that a low one follows.
func joinSurrogates(b []byte) []byte {
	for i := 0; i+5 < len(b); i++ {
		if b[i] == 0xED && b[i+1] >= 0xA0 && b[i+1] < 0xB0 && b[i+3] == 0xED && b[i+4] >= 0xB0 {
			high, _ := decode(string(b[i:i+3]), 0)
			low, _ := decode(string(b[i+3:i+6]), 0)
			var r [4]byte
			utf8.EncodeRune(r[:], utf16.DecodeRune(high, low))
			b = append(append(b[:i:i], r[:]...), b[i+6:]...)
		}
	}
	return b
}

// concat joins two strings; halves of a character that meet become one.
func concat(a, b string) string {
	if meet(a, b) {
		return string(joinSurrogates([]byte(a + b)))
	}
	return a + b
}

// meet reports whether a ends and b starts with a surrogate.
func meet(a, b string) bool {
	n := len(a)
	return n >= 3 && len(b) >= 3 && b[0] == 0xED && surrogateAt(a, n-3) && surrogateAt(b, 0)
}

// lengthOf is the number of code points.
func lengthOf(s string) int {
	if isASCII(s) {
		return len(s)
	}
	n := 0
	for i := 0; i < len(s); n++ {
		_, size := decode(s, i)
		i += size
	}
	return n
}

// unitsBefore is the number of UTF-16 code units before byte offset end.
func unitsBefore(s string, end int) int {
	n := 0
	for i := 0; i < end && i < len(s); n++ {
		r, size := decode(s, i)
		if r >= 0x10000 && i+2 < end {
			n++
		}
		i += size
	}
	return n
}

// byteOf is the byte offset of code point n, or the length of s.
func byteOf(s string, n int) int {
	i := 0
	for ; n > 0 && i < len(s); n-- {
		_, size := decode(s, i)
		i += size
	}
	return i
}

// compareText orders two strings by UTF-16 code unit.
func compareText(a, b string) int {
	n := min(len(a), len(b))
	for i := 0; i < n; i++ {
		if a[i] == b[i] {
			continue
		}
		// Only characters beyond the first plane (0xF0...) sort before U+E000 to U+FFFF (0xEE, 0xEF) in UTF-16.
		if x, y := a[i] >= 0xF0, b[i] >= 0xF0; x != y && a[i] >= 0xEE && b[i] >= 0xEE {
			if x {
				return -1
			}
			return 1
		}
		if a[i] < b[i] {
			return -1
		}
		return 1
	}
	return len(a) - len(b)
}

// special are the letters that become more than one when their case changes.
var special = strings.NewReplacer("ß", "SS", "ŉ", "ʼN", "ǰ", "J̌", "ﬀ", "FF", "ﬁ", "FI", "ﬂ", "FL", "ﬃ", "FFI", "ﬄ", "FFL", "ﬅ", "ST", "ﬆ", "ST")

// mapCase applies a mapping of characters and keeps lone surrogates.
func mapCase(s string, mapping func(string) string) string {
	var b strings.Builder
	start := 0
	for i := 0; i < len(s); i++ {
		if surrogateAt(s, i) {
			b.WriteString(mapping(s[start:i]))
			b.WriteString(s[i : i+3])
			i += 2
			start = i + 1
		}
	}
	if start == 0 {
		return mapping(s)
	}
	b.WriteString(mapping(s[start:]))
	return b.String()
}
