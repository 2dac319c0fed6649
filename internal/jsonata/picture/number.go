package picture

import (
	"math"
	"slices"
	"strings"
)

// Number is an analysed picture of $formatNumber.
type Number struct {
	signs    signs
	positive subPicture
	negative subPicture
}

// signs are the characters of a decimal format (XPath F&O 4.7.1).
type signs struct {
	decimal, grouping, exponent, minus, percent, perMille, digit, separator []rune
	infinity, nan                                                           string
	zero                                                                    rune
}

// FormatNumber writes f by picture. options gives the decimal format's properties by jsonata's names, such as
// "decimal-separator" or "NaN"; nil means that none are given.
func FormatNumber(f float64, picture string, options func(name string) (string, bool)) (string, *Error) {
	n, err := CompileNumber(picture, options)
	if err != nil {
		return "", err
	}
	return n.Format(f), nil
}

// CompileNumber analyses picture; the options are those of FormatNumber.
func CompileNumber(picture string, options func(name string) (string, bool)) (*Number, *Error) {
	if len(picture) > longest {
		return nil, fail("D1011", len(picture))
	}
	signs, err := newSigns(options)
	if err != nil {
		return nil, err
	}
	n := &Number{signs: signs}
	parts := [][]rune{[]rune(picture)}
	if sep := string(n.signs.separator); sep != "" {
		parts = parts[:0]
		for text := range strings.SplitSeq(picture, sep) {
			parts = append(parts, []rune(text))
		}
	}
	if len(parts) > 2 {
		return nil, fail("D3080")
	}
	var subs []subPicture
	for _, part := range parts {
		split := n.signs.split(part)
		if code := n.signs.check(split); code != "" {
			return nil, fail(code)
		}
		subs = append(subs, n.signs.analyse(split))
	}
	n.positive = subs[0]
	if len(subs) == 2 {
		n.negative = subs[1]
	} else {
		n.negative = subs[0]
		n.negative.prefix = slices.Concat(n.signs.minus, subs[0].prefix)
	}
	return n, nil
}

// longestSign is generous: XPath wants single characters, jsonata also takes short texts such as "pm".
const longestSign = 100

func newSigns(options func(name string) (string, bool)) (s signs, err *Error) {
	property := func(name, otherwise string) string {
		if options == nil {
			return otherwise
		}
		text, ok := options(name)
		if !ok {
			return otherwise
		}
		if len(text) > longestSign {
			err = fail("D1011", len(text))
		}
		return text
	}
	s = signs{
		decimal:   []rune(property("decimal-separator", ".")),
		grouping:  []rune(property("grouping-separator", ",")),
		exponent:  []rune(property("exponent-separator", "e")),
		minus:     []rune(property("minus-sign", "-")),
		percent:   []rune(property("percent", "%")),
		perMille:  []rune(property("per-mille", "‰")),
		digit:     []rune(property("digit", "#")),
		separator: []rune(property("pattern-separator", ";")),
		infinity:  property("infinity", "Infinity"),
		nan:       property("NaN", "NaN"),
		zero:      '0',
	}
	for _, zero := range property("zero-digit", "0") {
		s.zero = zero
		break
	}
	return s, err
}

// isDecimal says whether r belongs to the decimal digit family, which starts at the zero digit.
func (s *signs) isDecimal(r rune) bool { return s.zero <= r && r < s.zero+10 }

func (s *signs) isDigit(r rune) bool { return s.isDecimal(r) || is(r, s.digit) }

func (s *signs) isActive(r rune) bool {
	return s.isDigit(r) || is(r, s.decimal) || is(r, s.exponent) || is(r, s.grouping) || is(r, s.separator)
}

func is(r rune, sign []rune) bool { return len(sign) == 1 && sign[0] == r }

func count(text []rune, in func(rune) bool) int {
	n := 0
	for _, r := range text {
		if in(r) {
			n++
		}
	}
	return n
}

// Format writes f. NaN and the infinities are written as the decimal format names them.
func (n *Number) Format(f float64) string {
	if math.IsNaN(f) {
		return n.signs.nan
	}
	pic := &n.positive
	if f < 0 {
		pic = &n.negative
	}
	if math.IsInf(f, 0) {
		return string(pic.prefix) + n.signs.infinity + string(pic.suffix)
	}
	f *= pic.scale
	exponent := 0
	if pic.exponentSize > 0 && f != 0 {
		f, exponent = scaleMantissa(f, pic.scalingFactor)
	}
	out := n.signs.mantissa(pic, f)
	if pic.exponentSize > 0 {
		digits := n.signs.digits(math.Abs(float64(exponent)), 0)
		out = append(out, n.signs.exponent...)
		if exponent < 0 {
			out = append(out, n.signs.minus...)
		}
		out = append(out, zeros(n.signs.zero, pic.exponentSize-len(digits))...)
		out = append(out, digits...)
	}
	return string(pic.prefix) + string(out) + string(pic.suffix)
}

// scaleMantissa brings f to the number of integer digits that the picture's mantissa has (F&O 4.7.5, rule 5).
func scaleMantissa(f float64, integerDigits int) (mantissa float64, exponent int) {
	most, least := math.Pow10(integerDigits), math.Pow10(integerDigits-1)
	for math.Abs(f) < least && !math.IsInf(f, 0) {
		f *= 10
		exponent--
	}
	for math.Abs(f) > most && !math.IsInf(f, 0) {
		f /= 10
		exponent++
	}
	return f, exponent
}

// mantissa writes |f|, rounded, padded and grouped (F&O 4.7.5, rules 6 to 12).
func (s *signs) mantissa(pic *subPicture, f float64) []rune {
	text := s.digits(math.Abs(roundEven(f, pic.maxFraction)), pic.maxFraction)
	point := slices.Index(text, '.')
	if point < 0 {
		point = len(text)
		text = append(text, '.')
	}
	text = slices.Concat(text[:point], s.decimal, text[point+1:])
	for len(text) > 0 && text[0] == s.zero {
		text = text[1:]
	}
	for len(text) > 0 && text[len(text)-1] == s.zero {
		text = text[:len(text)-1]
	}
	point = index(text, s.decimal, 0)
	left, right := pic.minInteger-point, pic.minFraction-(len(text)-point-1)
	text = slices.Concat(zeros(s.zero, left), text, zeros(s.zero, right))

	point = index(text, s.decimal, 0)
	if every := pic.regularGrouping; every > 0 {
		for n := 1; n <= (point-1)/every; n++ {
			text = insertAt(text, point-n*every, s.grouping, true)
		}
	} else {
		for _, at := range pic.integerGroups {
			text = insertAt(text, point-at, s.grouping, true)
			point++
		}
	}
	point = index(text, s.decimal, 0)
	for _, at := range pic.fractionGroups {
		text = insertAt(text, at+point+1, s.grouping, true)
	}
	point = index(text, s.decimal, 0)
	if len(text) > 0 && (!pic.hasPoint || point == len(text)-1) {
		text = text[:len(text)-1]
	}
	return text
}

// digits writes f, not negative, with so many decimal places in the picture's digits, "." between them.
func (s *signs) digits(f float64, places int) []rune {
	text := []rune(toFixed(f, places))
	for i, r := range text {
		if '0' <= r && r <= '9' {
			text[i] = r - '0' + s.zero
		}
	}
	return text
}

func zeros(zero rune, n int) []rune { return slices.Repeat([]rune{zero}, max(n, 0)) }
