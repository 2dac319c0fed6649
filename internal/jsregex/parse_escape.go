package jsregex

import (
	"errors"
	"slices"
	"unicode"
	"unicode/utf16"
)

// groupName reads an identifier and the > behind it.
func (p *parser) groupName() (string, bool) {
	var name []rune
	for {
		c := p.peek(0)
		if c == end {
			return "", false
		}
		p.pos++
		switch {
		case c == '>':
			return string(name), len(name) > 0
		case c == '\\':
			var ok bool
			if c, ok = p.nameEscape(); !ok {
				return "", false
			}
		case utf16.IsSurrogate(c):
			if c = utf16.DecodeRune(c, p.peek(0)); c == unicode.ReplacementChar {
				return "", false
			}
			p.pos++
		}
		start := c == '$' || c == '_' || unicode.IsLetter(c) || unicode.In(c, unicode.Nl, unicode.Other_ID_Start)
		if !start && (len(name) == 0 || !unicode.In(c, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue) && c != 0x200c && c != 0x200d) {
			return "", false
		}
		name = append(name, c)
	}
}

// nameEscape reads what follows the backslash of \uHHHH, of two of them, or of \u{...} in a name.
func (p *parser) nameEscape() (rune, bool) {
	if p.accept("u{") {
		r, digits := rune(0), 0
		for ; hexValue(p.peek(0)) >= 0 && r <= unicode.MaxRune; digits++ {
			r = r<<4 | hexValue(p.peek(0))
			p.pos++
		}
		return r, digits > 0 && r <= unicode.MaxRune && p.accept("}")
	}
	if !p.accept("u") {
		return 0, false
	}
	r, ok := p.hex(4)
	if ok && utf16.IsSurrogate(r) {
		var low rune
		if ok = p.accept(`\u`); ok {
			low, ok = p.hex(4)
		}
		r = utf16.DecodeRune(r, low)
		ok = ok && r != unicode.ReplacementChar
	}
	return r, ok
}

func hexValue(r rune) rune {
	switch {
	case isDigit(r):
		return r - '0'
	case 'a' <= r|0x20 && r|0x20 <= 'f' && r > 0:
		return r | 0x20 - 'a' + 10
	}
	return -1
}

// hex reads exactly n hexadecimal digits, or nothing.
func (p *parser) hex(n int) (r rune, ok bool) {
	for i := range n {
		v := hexValue(p.peek(i))
		if v < 0 {
			return 0, false
		}
		r = r<<4 | v
	}
	p.pos += n
	return r, true
}

// escape reads what follows a backslash outside a class.
func (p *parser) escape() (node, bool, error) {
	c := p.peek(0)
	switch {
	case c == end:
		return nil, false, errors.New(`\ at end of pattern`)
	case c == 'b' || c == 'B':
		p.pos++
		if c == 'b' {
			return assertion(opWordBoundary), false, nil
		}
		return assertion(opNoWordBoundary), false, nil
	case '1' <= c && c <= '9':
		start := p.pos
		if n, _ := p.number(); n <= p.all {
			return &backref{group: n, fold: p.fold}, true, nil
		}
		p.pos = start
	case c == 'k' && p.named:
		p.pos++
		if !p.accept("<") {
			return nil, false, errors.New("Invalid named reference")
		}
		name, ok := p.groupName()
		if !ok {
			return nil, false, errors.New("Invalid capture group name")
		}
		ref := &backref{fold: p.fold}
		p.pending[ref] = name
		return ref, true, nil
	}
	if s := classEscape(c); s != nil {
		p.pos++
		return unit{s}, true, nil
	}
	return p.literal(p.characterEscape(false)), true, nil
}

// characterEscape reads what follows a backslash and stands for one character.
func (p *parser) characterEscape(inClass bool) rune {
	c := p.peek(0)
	p.pos++
	switch c {
	case 't':
		return '\t'
	case 'n':
		return '\n'
	case 'v':
		return '\v'
	case 'f':
		return '\f'
	case 'r':
		return '\r'
	case 'c':
		next := p.peek(0)
		if 'a' <= next|0x20 && next|0x20 <= 'z' && next > 0 || inClass && (isDigit(next) || next == '_') {
			p.pos++
			return next & 31
		}
		p.pos--
		return '\\' // and the c is read again, as itself
	case 'x', 'u':
		n := 2
		if c == 'u' {
			n = 4
		}
		if r, ok := p.hex(n); ok {
			return r
		}
		return c
	}
	if '0' <= c && c <= '7' {
		r := c - '0'
		for n := 1; n < 3 && '0' <= p.peek(0) && p.peek(0) <= '7' && r*8+p.peek(0)-'0' <= 0377; n++ {
			r = r*8 + p.peek(0) - '0'
			p.pos++
		}
		return r
	}
	return c
}

// class reads [...].
func (p *parser) class() (*set, error) {
	p.pos++
	negated := p.accept("^")
	s := &set{}
	for !p.accept("]") {
		low, lowSet, err := p.classAtom()
		if err != nil {
			return nil, err
		}
		if p.peek(0) != '-' || p.peek(1) == ']' || p.peek(1) == end {
			s.addAtom(low, lowSet)
			continue
		}
		p.pos++
		high, highSet, err := p.classAtom()
		switch {
		case err != nil:
			return nil, err
		case lowSet != nil || highSet != nil:
			s.addAtom(low, lowSet)
			s.add('-', '-')
			s.addAtom(high, highSet)
		case low > high:
			return nil, errors.New("Range out of order in character class")
		default:
			s.add(low, high)
		}
	}
	s.tidy()
	s = p.closed(s)
	if negated {
		s = s.complement()
	}
	return s, nil
}

// classAtom reads a character of a class, or a set such as \d.
func (p *parser) classAtom() (rune, *set, error) {
	c := p.peek(0)
	p.pos++
	switch {
	case c == end:
		return 0, nil, errors.New("Unterminated character class")
	case c != '\\':
		return c, nil, nil
	}
	switch c = p.peek(0); {
	case c == end:
		return 0, nil, errors.New(`\ at end of pattern`)
	case c == 'b':
		p.pos++
		return '\b', nil, nil
	case c == 'k' && p.named:
		return 0, nil, errors.New("Invalid escape")
	}
	if s := classEscape(c); s != nil {
		p.pos++
		return 0, s, nil
	}
	return p.characterEscape(true), nil, nil
}

// classEscape is the set of \d, \s, \w and their complements.
func classEscape(c rune) *set {
	var s *set
	switch c {
	case 'd', 'D':
		s = &set{}
		s.add('0', '9')
	case 'w', 'W':
		s = wordCharacters()
	case 's', 'S':
		s = whiteSpace()
	default:
		return nil
	}
	if slices.Contains([]rune("DWS"), c) {
		return s.complement()
	}
	return s
}
