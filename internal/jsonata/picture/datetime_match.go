package picture

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// match cuts s into the texts of d's parts: part i is s[cuts[i]:cuts[i+1]]. Of all ways it takes the one that
// jsonata's greedy regular expression takes, but never tries them out: first, from the back, it marks the positions
// from where the rest of the picture matches the rest of the text; then one walk from the front keeps to them.
func (d *DateTime) match(s string) (cuts []int, ok bool) {
	var pieces []piece
	var owner []int
	for i := range d.parts {
		for _, p := range d.parts[i].pieces() {
			pieces, owner = append(pieces, p), append(owner, i)
		}
	}
	starts := make([]positions, len(pieces)+1)
	starts[len(pieces)] = newPositions(len(s))
	starts[len(pieces)].add(len(s))
	for i := len(pieces) - 1; i >= 0; i-- {
		starts[i] = pieces[i].starts(s, starts[i+1])
	}
	if !starts[0].has(0) {
		return nil, false
	}
	cuts = make([]int, len(d.parts)+1)
	at := 0
	for i, p := range pieces {
		at = p.end(s, at, starts[i], starts[i+1])
		cuts[owner[i]+1] = at
	}
	return cuts, true
}

// positions is a set of byte offsets.
type positions []uint64

func newPositions(n int) positions { return make(positions, n/64+1) }

func (p positions) add(i int)      { p[i/64] |= 1 << (i % 64) }
func (p positions) has(i int) bool { return p[i/64]&(1<<(i%64)) != 0 }

// piece is an element of a part: a literal, a run of characters of one kind, number words, or one of some endings.
// Letters match in either case.
type piece struct {
	literal string
	in      func(c byte) bool
	exactly int // the length of the run; 0 is one or more
	words   bool
	endings []string // of two characters
}

func (p *part) pieces() []piece {
	digits := piece{in: isDigit}
	switch {
	case p.component == 0:
		return []piece{{literal: p.literal}}
	case p.component == 'Z' || p.component == 'z':
		list := []piece{{in: func(c byte) bool { return c == '+' || c == '-' }, exactly: 1}, digits}
		if sep := p.zoneSeparator(); sep != "" {
			list = append(list, piece{literal: sep}, digits)
		}
		if p.component == 'z' {
			return append([]piece{{literal: "GMT"}}, list...)
		}
		return list
	case p.component == 'f':
		return []piece{digits}
	case p.names || p.integer == nil || p.integer.numbering == letters:
		return []piece{{in: func(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }}}
	case p.integer.numbering == roman:
		return []piece{{in: func(c byte) bool { return strings.IndexByte("mdclxvi", c|0x20) >= 0 }}}
	case p.integer.numbering == words:
		return []piece{{words: true}}
	}
	digits.exactly = p.digits
	if p.integer.ordinal {
		return []piece{digits, {endings: []string{"th", "st", "nd", "rd"}}}
	}
	return []piece{digits}
}

// starts marks where p can begin so that it ends in next.
func (p *piece) starts(s string, next positions) positions {
	starts := newPositions(len(s))
	run := 0
	for i := len(s); i >= 0; i-- {
		if p.in == nil {
			if p.step(s, i, starts, next) >= 0 {
				starts.add(i)
			}
			continue
		}
		if i == len(s) || !p.in(s[i]) {
			run = 0
			continue
		}
		run++
		if p.exactly == 0 && (next.has(i+1) || starts.has(i+1)) || p.exactly > 0 && run >= p.exactly && next.has(i+p.exactly) {
			starts.add(i)
		}
	}
	return starts
}

// end is where p ends that begins at from, one of starts: the last of next that a run reaches.
func (p *piece) end(s string, from int, starts, next positions) int {
	switch {
	case p.in != nil && p.exactly > 0:
		return from + p.exactly
	case p.in != nil:
		end := -1
		for i := from; i < len(s) && p.in(s[i]); i++ {
			if next.has(i + 1) {
				end = i + 1
			}
		}
		return end
	}
	at := p.step(s, from, starts, next)
	for p.words && starts.has(at) {
		at = p.step(s, at, starts, next)
	}
	return at
}

// step is the end of the literal, of the ending, or of one number word at from, or -1 if it does not lead into next;
// a word may also lead to where another begins.
func (p *piece) step(s string, from int, starts, next positions) int {
	switch {
	case p.words:
		for _, w := range wordValues {
			if end := from + len(w.word); hasFold(s, from, w.word) && (starts.has(end) || next.has(end)) {
				return end
			}
		}
		for _, filler := range []string{"and", "-", ",", " "} {
			if end := from + len(filler); hasFold(s, from, filler) && (starts.has(end) || next.has(end)) {
				return end
			}
		}
	case p.endings != nil:
		for _, ending := range p.endings {
			if end := from + len(ending); hasFold(s, from, ending) && next.has(end) {
				return end
			}
		}
	default:
		if end := foldEnd(s, from, p.literal); end >= 0 && next.has(end) {
			return end
		}
	}
	return -1
}

// hasFold says whether word, in ASCII, stands at s[from:] in any case.
func hasFold(s string, from int, word string) bool {
	return len(s)-from >= len(word) && foldEnd(s, from, word) == from+len(word)
}

// foldEnd is the end of literal at s[from:], compared as a regular expression with flag i compares, or -1.
func foldEnd(s string, from int, literal string) int {
	for _, want := range literal {
		if from >= len(s) {
			return -1
		}
		got, size := utf8.DecodeRuneInString(s[from:])
		if got != want && canonical(got) != canonical(want) {
			return -1
		}
		from += size
	}
	return from
}

// canonical is ECMAScript's Canonicalize without flag u: upper case, except that nothing becomes ASCII.
func canonical(r rune) rune {
	upper := unicode.ToUpper(r)
	if r >= utf8.RuneSelf && upper < utf8.RuneSelf || r > 0xffff {
		return r
	}
	return upper
}
