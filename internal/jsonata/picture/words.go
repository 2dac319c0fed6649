package picture

import (
	"math"
	"slices"
	"strings"
	"unicode/utf16"
)

var (
	units = strings.Fields("Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen " +
		"Fifteen Sixteen Seventeen Eighteen Nineteen")
	unitOrdinals = strings.Fields("Zeroth First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh " +
		"Twelfth Thirteenth Fourteenth Fifteenth Sixteenth Seventeenth Eighteenth Nineteenth")
	tens   = strings.Fields("Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety")
	powers = strings.Fields("Thousand Million Billion Trillion") // of a thousand
)

// toWords writes n, a finite non-negative integer, in English words and title case.
func toWords(n float64, ordinal bool) string {
	switch {
	case n < 20:
		if ordinal {
			return unitOrdinals[int(n)]
		}
		return units[int(n)]
	case n < 100:
		word := tens[int(n)/10-2]
		switch rest := math.Mod(n, 10); {
		case rest > 0:
			return word + "-" + toWords(rest, ordinal)
		case ordinal:
			return strings.TrimSuffix(word, "y") + "ieth"
		}
		return word
	case n < 1000:
		return units[int(n)/100] + " Hundred" + remainder(math.Mod(n, 100), ordinal)
	}
	power := len(powers)
	for power > 1 && n < math.Pow10(3*power) {
		power--
	}
	factor := math.Pow10(3 * power)
	many := math.Floor(n / factor)
	return toWords(many, false) + " " + powers[power-1] + remainder(n-float64(many*factor), ordinal) // the conversion keeps every machine from fusing the two
}

func remainder(n float64, ordinal bool) string {
	switch {
	case n >= 100:
		return ", " + toWords(n, ordinal)
	case n > 0:
		return " and " + toWords(n, ordinal)
	case ordinal:
		return "th"
	}
	return ""
}

// wordValues are the number words in lower case, in jsonata's order, which decides between words where one begins
// another.
var wordValues = func() (list []wordValue) {
	add := func(word string, value float64) {
		list = append(list, wordValue{strings.ToLower(word), value})
	}
	for i, word := range units {
		add(word, float64(i))
	}
	for i, word := range unitOrdinals {
		add(word, float64(i))
	}
	for i, word := range append(slices.Clone(tens), "Hundred") {
		add(word, float64(20+10*i))
		add(word[:len(word)-1]+"ieth", float64(20+10*i))
	}
	add("Hundredth", 100)
	for i, word := range powers {
		add(word, math.Pow10(3*i+3))
		add(word+"th", math.Pow10(3*i+3))
	}
	return list
}()

type wordValue struct {
	word  string
	value float64
}

// fromWords adds up number words in lower case, parted by blanks, hyphens, commas and "and"; NaN for any other word.
func fromWords(s string) float64 {
	sums := []float64{0}
	for _, word := range splitWords([]rune(s)) {
		value := math.NaN()
		if i := slices.IndexFunc(wordValues, func(w wordValue) bool { return w.word == word }); i >= 0 {
			value = wordValues[i].value
		}
		last := len(sums) - 1
		switch {
		case !(value < 100):
			sums[last] *= value
		case sums[last] >= 1000:
			sums = append(sums, value)
		default:
			sums[last] += value
		}
	}
	total := 0.0
	for _, sum := range sums {
		total += sum
	}
	return total
}

func splitWords(s []rune) (list []string) {
	start := 0
	cut := func(at, width int) {
		list = append(list, string(s[start:at]))
		start = at + width
	}
	space := func(i int) bool { return i < len(s) && isSpace(s[i]) }
	for i := 0; i < len(s); i = max(i+1, start) {
		switch {
		case s[i] == ',' && space(i+1):
			cut(i, 2)
		case space(i) && space(i+4) && string(s[i+1:i+4]) == "and":
			cut(i, 5)
		case space(i) || s[i] == '-' || s[i] == '\\':
			cut(i, 1)
		}
	}
	return append(list, string(s[start:]))
}

var numerals = []struct {
	value float64
	text  string
}{
	{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"},
	{5, "V"}, {4, "IV"}, {1, "I"},
}

func toRoman(n float64) string {
	var b strings.Builder
	for _, numeral := range numerals {
		for ; n >= numeral.value; n -= numeral.value {
			b.WriteString(numeral.text)
		}
	}
	return b.String()
}

// fromRoman reads capital numerals, any smaller one before a larger counting as negative.
func fromRoman(s string) float64 {
	total, most := 0.0, 1.0
	for i := len(s) - 1; i >= 0; i-- {
		value := math.NaN()
		for _, numeral := range numerals {
			if numeral.text == s[i:i+1] {
				value = numeral.value
			}
		}
		if value < most {
			total -= value
		} else {
			most = value
			total += value
		}
	}
	return total
}

// toLetters names n like a spreadsheet column, in capitals.
func toLetters(n float64) string {
	var b []byte
	for ; n > 0; n = math.Floor((n - 1) / 26) {
		b = append(b, 'A'+byte(math.Mod(n-1, 26)))
	}
	slices.Reverse(b)
	return string(b)
}

func fromLetters(s, first string) float64 {
	total := 0.0
	code := utf16.Encode([]rune(s))
	for i := range code {
		total += float64(float64(int(code[len(code)-1-i])-int(first[0])+1) * math.Pow(26, float64(i)))
	}
	return total
}
