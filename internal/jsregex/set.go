package jsregex

import (
	"cmp"
	"slices"
	"unicode"
	"unicode/utf8"
)

const lastUnit = 0xffff

// set is a set of UTF-16 code units. It is built by adding and then tidied, once.
type set struct {
	ascii [2]uint64
	wide  []span // from 0x80; in order and apart when tidy
}

type span struct{ low, high rune }

func (s *set) add(low, high rune) {
	for c := low; c <= high && c < utf8.RuneSelf; c++ {
		s.ascii[c/64] |= 1 << (c % 64)
	}
	if high >= utf8.RuneSelf {
		s.wide = append(s.wide, span{max(low, utf8.RuneSelf), high})
	}
}

func (s *set) addAtom(c rune, atom *set) {
	if atom == nil {
		s.add(c, c)
		return
	}
	s.ascii[0] |= atom.ascii[0]
	s.ascii[1] |= atom.ascii[1]
	s.wide = append(s.wide, atom.wide...)
}

// tidy puts the spans in order and joins those that touch.
func (s *set) tidy() {
	slices.SortFunc(s.wide, func(a, b span) int { return cmp.Compare(a.low, b.low) })
	joined := s.wide[:0]
	for _, next := range s.wide {
		if n := len(joined); n > 0 && next.low <= joined[n-1].high+1 {
			joined[n-1].high = max(joined[n-1].high, next.high)
		} else {
			joined = append(joined, next)
		}
	}
	s.wide = joined
}

func (s *set) has(c rune) bool {
	if c < utf8.RuneSelf {
		return s.ascii[c/64]&(1<<(c%64)) != 0
	}
	_, found := slices.BinarySearchFunc(s.wide, c, func(in span, c rune) int {
		switch {
		case in.high < c:
			return -1
		case in.low > c:
			return 1
		}
		return 0
	})
	return found
}

func (s *set) complement() *set {
	out := &set{ascii: [2]uint64{^s.ascii[0], ^s.ascii[1]}}
	next := rune(utf8.RuneSelf)
	for _, in := range s.wide {
		if in.low > next {
			out.wide = append(out.wide, span{next, in.low - 1})
		}
		next = in.high + 1
	}
	if next <= lastUnit {
		out.wide = append(out.wide, span{next, lastUnit})
	}
	return out
}

// single is the only member of s in ASCII; not ok if s has others.
func (s *set) single() (c byte, ok bool) {
	n := 0
	for r := range rune(utf8.RuneSelf) {
		if s.has(r) {
			c = byte(r)
			n++
		}
	}
	return c, n == 1 && len(s.wide) == 0
}

// closeOverCase adds every unit that flag i takes for one of s.
func (s *set) closeOverCase() *set {
	out := &set{ascii: s.ascii, wide: slices.Clone(s.wide)}
	for c := rune('A'); c <= 'Z'; c++ {
		if s.has(c) || s.has(c|0x20) {
			out.add(c, c)
			out.add(c|0x20, c|0x20)
		}
	}
	var more []span
	for _, in := range s.wide {
		for _, cased := range unicode.CaseRanges {
			for c := max(in.low, rune(cased.Lo)); c <= min(in.high, rune(cased.Hi)); c++ {
				for other := unicode.SimpleFold(c); other != c; other = unicode.SimpleFold(other) {
					if other >= utf8.RuneSelf && canonical(other) == canonical(c) && !s.has(other) {
						more = append(more, span{other, other})
					}
				}
			}
		}
	}
	out.wide = append(out.wide, more...)
	out.tidy()
	return out
}

// canonical is Canonicalize of ECMA-262 22.2.2.7.3 without flag u: the upper case, unless that is several
// characters, or ASCII for one that is not.
func canonical(c rune) rune {
	switch {
	case 'a' <= c && c <= 'z':
		return c - 0x20
	case c < utf8.RuneSelf:
		return c
	case 0x1f80 <= c && c <= 0x1faf, c == 0x1fb3, c == 0x1fc3, c == 0x1ff3, c == 0x1fbc, c == 0x1fcc, c == 0x1ffc:
		return c // Greek with iota subscript: its upper case has the iota beside it
	}
	if upper := unicode.ToUpper(c); upper >= utf8.RuneSelf && upper <= lastUnit {
		return upper
	}
	return c
}

func wordCharacters() *set {
	s := &set{}
	s.add('0', '9')
	s.add('A', 'Z')
	s.add('a', 'z')
	s.add('_', '_')
	return s
}

func isWord(c rune) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || isDigit(c) || c == '_'
}

func lineTerminators() *set {
	s := &set{}
	s.add('\n', '\n')
	s.add('\r', '\r')
	s.add(0x2028, 0x2029)
	return s
}

func whiteSpace() *set {
	s := lineTerminators()
	s.add('\t', '\r')
	s.add(' ', ' ')
	s.add(0xa0, 0xa0)
	s.add(0x1680, 0x1680)
	s.add(0x2000, 0x200a)
	s.add(0x202f, 0x202f)
	s.add(0x205f, 0x205f)
	s.add(0x3000, 0x3000)
	s.add(0xfeff, 0xfeff)
	s.tidy()
	return s
}
