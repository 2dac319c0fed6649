package jsregex

import (
	"errors"
	"math"
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
