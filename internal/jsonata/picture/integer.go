package picture

import (
	"math"
	"slices"
	"strings"
)

// longest bounds pictures, field widths and the texts that pictures parse, in characters: a picture from the data
// must not be able to ask for gigabytes.
const longest = 1000

type numbering int

const (
	decimal numbering = iota
	letters
	roman
	words
	sequence // known to XPath, not to jsonata
)

type letterCase int

const (
	lowerCase letterCase = iota
	upperCase
	titleCase
)

func (c letterCase) apply(s string) string {
	switch c {
	case lowerCase:
		return strings.ToLower(s)
	case upperCase:
		return strings.ToUpper(s)
	default:
		return s // names and number words are stored in title case
	}
}

// Integer is an analysed picture of $formatInteger and $parseInteger.
type Integer struct {
	numbering  numbering
	letterCase letterCase
	ordinal    bool
	token      string // what stood in the picture, for messages

	// of a decimal picture:
	zero      rune // the digit family's zero
	mandatory int  // digits that are always written
	optional  int
	groups    []group // from the right
	regular   int     // the distance of evenly spaced equal separators, or 0
}

type group struct {
	at        int // digits to the right of the separator
	separator rune
}

// FormatInteger writes the floor of f by picture.
func FormatInteger(f float64, picture string) (string, *Error) {
	p, err := CompileInteger(picture)
	if err != nil {
		return "", err
	}
	return p.Format(f)
}

// ParseInteger reads what FormatInteger wrote by the same picture. As in jsonata the text is not checked against
// the picture; what makes no number gives NaN.
func ParseInteger(s, picture string) (float64, *Error) {
	p, err := CompileInteger(picture)
	if err != nil {
		return 0, err
	}
	return p.Parse(s)
}

// CompileInteger analyses picture.
func CompileInteger(picture string) (*Integer, *Error) {
	p := &Integer{token: picture}
	if i := strings.LastIndexByte(picture, ';'); i >= 0 {
		p.token, p.ordinal = picture[:i], strings.HasPrefix(picture[i+1:], "o")
	}
	switch p.token {
	case "A":
		p.numbering, p.letterCase = letters, upperCase
	case "a":
		p.numbering = letters
	case "I":
		p.numbering, p.letterCase = roman, upperCase
	case "i":
		p.numbering = roman
	case "W":
		p.numbering, p.letterCase = words, upperCase
	case "Ww":
		p.numbering, p.letterCase = words, titleCase
	case "w":
		p.numbering = words
	default:
		return p, p.analyseDigits()
	}
	return p, nil
}

// digitFamilies are the zeros of the decimal digits that jsonata knows.
var digitFamilies = []rune{
	0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50,
	0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620,
	0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
}

// analyseDigits reads a decimal digit pattern (F&O 4.6.1) from right to left.
func (p *Integer) analyseDigits() *Error {
	picture := []rune(p.token)
	if len(picture) > longest {
		return fail("D1011", len(picture))
	}
	for _, r := range slices.Backward(picture) {
		family := slices.IndexFunc(digitFamilies, func(zero rune) bool { return zero <= r && r < zero+10 })
		switch {
		case family >= 0:
			if p.mandatory > 0 && p.zero != digitFamilies[family] {
				return fail("D3131")
			}
			p.zero = digitFamilies[family]
			p.mandatory++
		case r == '#':
			p.optional++
		default:
			p.groups = append(p.groups, group{at: p.mandatory + p.optional, separator: r})
		}
	}
	if p.mandatory == 0 {
		p.numbering = sequence
		return nil
	}
	var positions []int
	for _, g := range p.groups {
		if g.separator != p.groups[0].separator {
			return nil
		}
		positions = append(positions, g.at)
	}
	p.regular = evenSpacing(positions)
	return nil
}

// Format writes the floor of f.
func (p *Integer) Format(f float64) (string, *Error) {
	f = math.Floor(f)
	n := math.Abs(f)
	var text string
	switch p.numbering {
	case decimal:
		text = p.formatDigits(n)
	case letters:
		if math.IsInf(n, 0) {
			return "", fail("D1011", f)
		}
		text = p.letterCase.apply(toLetters(n))
	case roman:
		if n >= 1000*longest {
			return "", fail("D1011", f)
		}
		text = p.letterCase.apply(toRoman(n))
	case words:
		if math.IsInf(n, 0) || math.IsNaN(n) {
			return "", fail("D1011", f)
		}
		text = p.letterCase.apply(toWords(n, p.ordinal))
	default:
		return "", fail("D3130", p.token)
	}
	if f < 0 {
		text = "-" + text
	}
	return text, nil
}

func (p *Integer) formatDigits(n float64) string {
	text := []rune(jsNumber(n))
	text = append(zeros('0', p.mandatory-len(text)), text...)
	for i := range text {
		text[i] += p.zero - '0'
	}
	if p.regular > 0 {
		for i := (len(text) - 1) / p.regular; i > 0; i-- {
			text = insertAt(text, len(text)-i*p.regular, []rune{p.groups[0].separator}, false)
		}
	} else {
		for _, g := range slices.Backward(p.groups) {
			text = insertAt(text, len(text)-g.at, []rune{g.separator}, false)
		}
	}
	if p.ordinal {
		text = append(text, []rune(ordinalSuffix(text))...)
	}
	return string(text)
}

func ordinalSuffix(digits []rune) string {
	if n := len(digits); n < 2 || digits[n-2] != '1' {
		switch digits[n-1] {
		case '1':
			return "st"
		case '2':
			return "nd"
		case '3':
			return "rd"
		}
	}
	return "th"
}

// Parse reads s.
func (p *Integer) Parse(s string) (float64, *Error) {
	switch p.numbering {
	case decimal:
		return p.parseDigits(s), nil
	case letters:
		return fromLetters(s, p.letterCase.apply("A")), nil
	case roman:
		if p.letterCase == lowerCase {
			s = strings.ToUpper(s)
		}
		return fromRoman(s), nil
	case words:
		return fromWords(strings.ToLower(s)), nil
	default:
		return 0, fail("D3130", p.token)
	}
}

func (p *Integer) parseDigits(s string) float64 {
	text := []rune(s)
	if p.ordinal {
		text = text[:max(0, len(text)-2)]
	}
	text = slices.DeleteFunc(text, func(r rune) bool {
		if p.regular > 0 {
			return r == ',' // jsonata takes no other separator out of a regular grouping
		}
		return slices.ContainsFunc(p.groups, func(g group) bool { return g.separator == r })
	})
	for i := range text {
		text[i] += '0' - p.zero
	}
	return parseInt(string(text))
}
