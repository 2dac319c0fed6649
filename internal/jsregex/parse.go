package jsregex

import (
	"errors"
	"math"
	"slices"
	"unicode"
	"unicode/utf16"
)

// node is a piece of a pattern. The set is closed.
type node interface{ isNode() }

type (
	unit     struct{ set *set } // one UTF-16 code unit
	sequence []node
	choice   []node
	capture  struct {
		group int // from 1
		body  node
	}
	repeat struct {
		body     node
		min, max int // max is unlimited at math.MaxInt32
		lazy     bool
		from, to int // the capturing groups inside: from < group <= to
	}
	assertion opcode
	look      struct {
		body             node
		behind, negative bool
	}
	backref struct {
		group int
		fold  bool
	}
)

func (unit) isNode()      {}
func (sequence) isNode()  {}
func (choice) isNode()    {}
func (capture) isNode()   {}
func (repeat) isNode()    {}
func (assertion) isNode() {}
func (look) isNode()      {}
func (*backref) isNode()  {}

// deepest bounds the nesting of groups, where V8 runs out of stack sooner or later.
const deepest = 1000

// parser reads the grammar of ECMA-262 22.2.1 with the additions of Annex B.1.2.
type parser struct {
	src             []uint16
	pos             int
	fold, multiline bool

	groups  int // seen so far
	all     int // in the whole pattern
	names   map[string]int
	pending map[*backref]string // references by name, resolved at the end
	named   bool                // the pattern has named groups: \k is a reference
	depth   int
}

const end = -1

// peek is the unit n after the current one, or end.
func (p *parser) peek(n int) rune {
	if p.pos+n < len(p.src) {
		return rune(p.src[p.pos+n])
	}
	return end
}

func (p *parser) accept(text string) bool {
	for i, r := range text {
		if p.peek(i) != r {
			return false
		}
	}
	p.pos += len(text)
	return true
}

func (p *parser) parse() (node, error) {
	p.names, p.pending = map[string]int{}, map[*backref]string{}
	p.countGroups()
	root, err := p.disjunction()
	if err != nil {
		return nil, err
	}
	if p.peek(0) == ')' {
		return nil, errors.New("Unmatched ')'")
	}
	for ref, name := range p.pending {
		if ref.group = p.names[name]; ref.group == 0 {
			return nil, errors.New("Invalid named capture referenced")
		}
	}
	return root, nil
}

// countGroups looks ahead: whether \2 is a reference depends on groups that may come later.
func (p *parser) countGroups() {
	inClass := false
	for i := 0; i < len(p.src); i++ {
		at := func(n int) uint16 {
			if i+n < len(p.src) {
				return p.src[i+n]
			}
			return 0
		}
		switch p.src[i] {
		case '\\':
			i++
		case '[':
			inClass = true
		case ']':
			inClass = false
		case '(':
			switch {
			case inClass:
			case at(1) != '?':
				p.all++
			case at(2) == '<' && at(3) != '=' && at(3) != '!':
				p.all++
				p.named = true
			}
		}
	}
}

func (p *parser) disjunction() (node, error) {
	if p.depth++; p.depth > deepest {
		return nil, errors.New("Regular expression too large")
	}
	defer func() { p.depth-- }()
	var list choice
	for {
		alternative, err := p.alternative()
		if err != nil {
			return nil, err
		}
		list = append(list, alternative)
		if !p.accept("|") {
			break
		}
	}
	if len(list) == 1 {
		return list[0], nil
	}
	return list, nil
}

func (p *parser) alternative() (node, error) {
	var list sequence
	for {
		switch p.peek(0) {
		case end, '|', ')':
			return list, nil
		}
		before := p.groups
		term, repeatable, err := p.term()
		if err != nil {
			return nil, err
		}
		bare := p.pos
		quantified, err := p.quantified(term, before)
		_, isLook := term.(look)
		switch {
		case repeatable && err != nil:
			return nil, err
		case repeatable:
			term = quantified
		case isLook && p.pos > bare:
			return nil, errors.New("Invalid quantifier")
		default:
			p.pos = bare // what cannot be repeated has nothing to say about the quantifier: the next term has
		}
		list = append(list, term)
	}
}

// quantified reads the quantifier behind term, if there is one.
func (p *parser) quantified(term node, groupsBefore int) (node, error) {
	r := repeat{body: term, max: math.MaxInt32, from: groupsBefore, to: p.groups}
	switch {
	case p.accept("*"):
	case p.accept("+"):
		r.min = 1
	case p.accept("?"):
		r.max = 1
	default:
		ok := false
		if r.min, r.max, ok = p.braces(); !ok {
			return term, nil
		}
		if r.min > r.max {
			return nil, errors.New("numbers out of order in {} quantifier")
		}
	}
	r.lazy = p.accept("?")
	return r, nil
}

// braces reads {n}, {n,} or {n,m}; anything else after a brace is not a quantifier.
func (p *parser) braces() (least, most int, ok bool) {
	start := p.pos
	if !p.accept("{") {
		return 0, 0, false
	}
	least, ok = p.number()
	most = least
	if ok && p.accept(",") {
		var given bool
		if most, given = p.number(); !given {
			most = math.MaxInt32
		}
	}
	if ok = ok && p.accept("}"); !ok {
		p.pos = start
	}
	return least, most, ok
}

func (p *parser) number() (n int, ok bool) {
	for ; isDigit(p.peek(0)); p.pos++ {
		n, ok = min(n*10+int(p.peek(0)-'0'), math.MaxInt32), true
	}
	return n, ok
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// term reads an assertion or an atom, and says whether a quantifier may follow.
func (p *parser) term() (term node, repeatable bool, err error) {
	c := p.peek(0)
	switch c {
	case '^', '$':
		p.pos++
		return p.lineAssertion(c), false, nil
	case '(':
		return p.group()
	case '*', '+', '?':
		return nil, false, errors.New("Nothing to repeat")
	case '{':
		if _, _, ok := p.braces(); ok {
			return nil, false, errors.New("Nothing to repeat")
		}
	case '.':
		p.pos++
		return unit{lineTerminators().complement()}, true, nil
	case '[':
		s, err := p.class()
		return unit{s}, true, err
	case '\\':
		p.pos++
		return p.escape()
	}
	p.pos++
	return p.literal(c), true, nil
}

func (p *parser) lineAssertion(c rune) node {
	switch {
	case c == '^' && p.multiline:
		return assertion(opLineStart)
	case c == '^':
		return assertion(opTextStart)
	case p.multiline:
		return assertion(opLineEnd)
	}
	return assertion(opTextEnd)
}

func (p *parser) literal(c rune) node {
	s := &set{}
	s.add(c, c)
	return unit{p.closed(s)}
}

func (p *parser) closed(s *set) *set {
	if p.fold {
		return s.closeOverCase()
	}
	return s
}

func (p *parser) group() (node, bool, error) {
	var l look
	var kind func(body node) node
	repeatable := true
	switch {
	case p.accept("(?:"):
		kind = func(body node) node { return body }
	case p.accept("(?="):
	case p.accept("(?!"):
		l.negative = true
	case p.accept("(?<="):
		l.behind, repeatable = true, false
	case p.accept("(?<!"):
		l.behind, l.negative, repeatable = true, true, false
	default:
		p.pos++
		p.groups++
		number := p.groups
		if p.accept("?") {
			if !p.accept("<") {
				return nil, false, errors.New("Invalid group")
			}
			name, ok := p.groupName()
			if !ok {
				return nil, false, errors.New("Invalid capture group name")
			}
			if p.names[name] != 0 {
				return nil, false, errors.New("Duplicate capture group name")
			}
			p.names[name] = number
		}
		kind = func(body node) node { return capture{number, body} }
	}
	body, err := p.disjunction()
	if err != nil {
		return nil, false, err
	}
	if !p.accept(")") {
		return nil, false, errors.New("Unterminated group")
	}
	if kind != nil {
		return kind(body), repeatable, nil
	}
	l.body = body
	return l, repeatable, nil
}

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
