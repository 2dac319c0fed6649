package picture

import (
	"math"
	"slices"
)

// FormatBase writes f, rounded to an integer (half to even), in base radix, 2 to 36; jsonata's default radix is 10.
func FormatBase(f, radix float64) (string, *Error) {
	f, radix = roundEven(f, 0), roundEven(radix, 0)
	if !(radix >= 2 && radix <= 36) {
		return "", fail("D3100", radix)
	}
	if radix == 10 || math.IsNaN(f) || math.IsInf(f, 0) {
		return jsNumber(f), nil
	}
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	var out []byte
	rest := math.Abs(f)
	for rest/radix >= 1<<53 { // the digits that a float64 does not hold are zeros
		rest /= radix
		out = append(out, '0')
	}
	for {
		digit := math.Mod(rest, radix)
		out = append(out, digits[int(digit)])
		rest = (rest - digit) / radix
		if rest <= 0 {
			break
		}
	}
	if f < 0 {
		out = append(out, '-')
	}
	slices.Reverse(out)
	return string(out), nil
}
