package interp

// compareDoubles: numbers compare as doubles (recorded).
func compareDoubles(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// compareStrings orders by UTF-16 code units, as Java does: characters beyond U+FFFF come before U+E000-U+FFFF.
func compareStrings(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if n == len(a) || n == len(b) {
		return len(a) - len(b)
	}
	x, y := a[n], b[n]
	if x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0) {
		return int(y) - int(x)
	}
	return int(x) - int(y)
}

// matchesPattern is StringMatches: * stands for any characters, \* and \\ for themselves. It looks back to the latest
// star only, so the work is bounded by the product of the lengths.
func matchesPattern(s string, p []patternItem) bool {
	i, j := 0, 0
	star, mark := -1, 0
	for i < len(s) {
		switch {
		case j < len(p) && p[j].star:
			star, mark = j, i
			j++
		case j < len(p) && p[j].char == s[i]:
			i++
			j++
		case star >= 0:
			mark++
			i, j = mark, star+1
		default:
			return false
		}
	}
	for j < len(p) && p[j].star {
		j++
	}
	return j == len(p)
}

type patternItem struct {
	char byte
	star bool
}

func compilePattern(pattern string) []patternItem {
	items := make([]patternItem, 0, len(pattern))
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		if c == '\\' && i+1 < len(pattern) && (pattern[i+1] == '*' || pattern[i+1] == '\\') {
			i++
			items = append(items, patternItem{char: pattern[i]})
			continue
		}
		items = append(items, patternItem{char: c, star: c == '*'})
	}
	return items
}
