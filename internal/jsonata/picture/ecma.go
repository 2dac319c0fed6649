package picture

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// jsNumber writes f as JavaScript's Number.prototype.toString does.
func jsNumber(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0:
		return "0"
	}
	if a := math.Abs(f); a >= 1e-6 && a < 1e21 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	return mantissa + "e" + exponent[:1] + strings.TrimLeft(exponent[1:], "0")
}

// parseInt is JavaScript's parseInt(s): blanks, a sign, then as many digits as there are, hexadecimal after 0x.
func parseInt(s string) float64 {
	s = strings.TrimLeftFunc(s, isSpace)
	sign := 1.0
	if s != "" && (s[0] == '-' || s[0] == '+') {
		if s[0] == '-' {
			sign = -1
		}
		s = s[1:]
	}
	if len(s) > 1 && s[0] == '0' && s[1]|0x20 == 'x' {
		digits := leading(s[2:], func(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' })
		if digits == "" {
			return math.NaN()
		}
		f, _ := strconv.ParseFloat("0x"+digits+"p0", 64) // out of range is an infinity, as it is there
		return sign * f
	}
	digits := leading(s, isDigit)
	if digits == "" {
		return math.NaN()
	}
	f, _ := strconv.ParseFloat(digits, 64)
	return sign * f
}

func leading(s string, in func(byte) bool) string {
	n := 0
	for n < len(s) && in(s[n]) {
		n++
	}
	return s[:n]
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isSpace is \s of ECMAScript.
func isSpace(r rune) bool {
	return '\t' <= r && r <= '\r' || r == ' ' || r == 0xa0 || r == 0xfeff || r == 0x2028 || r == 0x2029 || unicode.Is(unicode.Zs, r)
}

// roundEven rounds f to a number of decimal places, half to even. The point is shifted in the decimal text, so that
// 2.675 is not taken for the 2.67499... that it is in binary.
func roundEven(f float64, places int) float64 {
	if places == 0 {
		return math.RoundToEven(f)
	}
	shifted := shiftPoint(f, places)
	if math.IsInf(shifted, 0) {
		return f // far too large to have decimals
	}
	return shiftPoint(math.RoundToEven(shifted), -places)
}

func shiftPoint(f float64, places int) float64 {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	n, err := strconv.Atoi(exponent)
	if err != nil {
		return f // NaN and the infinities have no exponent
	}
	shifted, _ := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(n+places), 64)
	return shifted
}

// substring, index and lastIndex are String.prototype's, over code points; an empty needle is never found.
func substring(s []rune, start, end int) []rune {
	start, end = max(0, min(start, len(s))), max(0, min(end, len(s)))
	return s[min(start, end):max(start, end)]
}

func index(s, needle []rune, from int) int {
	for i := max(from, 0); len(needle) > 0 && i+len(needle) <= len(s); i++ {
		if slices.Equal(s[i:i+len(needle)], needle) {
			return i
		}
	}
	return -1
}

func lastIndex(s, needle []rune) int {
	last := -1
	for i := index(s, needle, 0); i >= 0; i = index(s, needle, i+1) {
		last = i
	}
	return last
}

// insertAt puts sep before s[at]. A position before the start cuts as slice (fromEnd) or substr of JavaScript cut,
// which is what an irregular grouping does to a number with fewer digits than the picture.
func insertAt(s []rune, at int, sep []rune, fromEnd bool) []rune {
	head, tail := at, at
	if at < 0 {
		head, tail = 0, max(0, len(s)+at)
		if fromEnd {
			head = tail
		}
	}
	head, tail = min(head, len(s)), min(tail, len(s))
	out := append([]rune(nil), s[:head]...)
	out = append(out, sep...)
	return append(out, s[tail:]...)
}

// toFixed is Number.prototype.toFixed for f >= 0, without its limit of 100 places.
func toFixed(f float64, places int) string {
	if f >= 1e21 {
		return jsNumber(f)
	}
	text := strconv.FormatFloat(f, 'f', places, 64)
	// strconv takes an exact tie to even, ECMAScript up: where the two differ, the last digit is even.
	if scaled := math.Ldexp(f, places+1); scaled == math.Trunc(scaled) && (text[len(text)-1]-'0')%2 == 0 {
		if more := strconv.FormatFloat(f, 'f', places+1, 64); strings.HasPrefix(more, text) && more[len(more)-1] == '5' {
			return text[:len(text)-1] + string(text[len(text)-1]+1)
		}
	}
	return text
}
