package jsonpath

import (
	"strconv"
	"strings"
)

// bracket reads [...].
func (p *parser) bracket() (segment, bool) {
	start := p.i
	p.i++
	p.blank()
	var s segment
	var ok bool
	switch c := p.peek(); {
	case c == '\'' || c == '"':
		s, ok = p.quotedNames()
	case c == '*':
		p.i++
		s, ok = segment{kind: wildcard}, true
	case c == '?':
		s, ok = p.filterSegment()
	case c == '(' || c == '@':
		s, ok = p.contextSize()
	case c == '-' || c == ':' || c >= '0' && c <= '9':
		s, ok = p.positions()
	default:
		return s, p.fail("unexpected %s, want a quoted name, an index, a slice, * or ?(", p.here())
	}
	if !ok {
		return s, false
	}
	p.blank()
	if p.peek() != ']' {
		return s, p.fail("unexpected %s, want ]", p.here())
	}
	p.i++
	if s.kind == filtered {
		s.text = p.src[start:p.i]
	}
	return s, true
}

func (p *parser) quotedNames() (segment, bool) {
	s := segment{kind: members}
	for {
		name, ok := p.quoted()
		if !ok {
			return s, false
		}
		s.names = append(s.names, name)
		p.blank()
		if p.peek() != ',' {
			break
		}
		p.i++
		p.blank()
	}
	if len(s.names) == 1 {
		return segment{kind: member, name: s.names[0]}, true
	}
	return s, true
}

func (p *parser) quoted() (string, bool) {
	quote := p.peek()
	if quote != '\'' && quote != '"' {
		return "", p.fail("unexpected %s, want a quoted text", p.here())
	}
	open := p.i
	p.i++
	var b strings.Builder
	for p.i < len(p.src) {
		switch c := p.src[p.i]; c {
		case quote:
			p.i++
			return b.String(), true
		case '\\':
			if !p.escape(&b, true) {
				return "", false
			}
		default:
			b.WriteByte(c)
			p.i++
		}
	}
	p.i = open
	return "", p.fail("the quoted text has no end")
}

func (p *parser) integer() (int, bool) {
	start := p.i
	if p.peek() == '-' {
		p.i++
	}
	for p.i < len(p.src) && p.src[p.i] >= '0' && p.src[p.i] <= '9' {
		p.i++
	}
	n, err := strconv.ParseInt(p.src[start:p.i], 10, 32)
	if err != nil {
		p.i = start
		return 0, p.fail("unexpected %s, want an integer of at most 32 bits", p.here())
	}
	return int(n), true
}

// positions reads an index, several, or a slice. A slice has no step and at least one end, as in AWS's engine.
func (p *parser) positions() (segment, bool) {
	s := segment{kind: slice}
	if p.peek() != ':' {
		n, ok := p.integer()
		if !ok {
			return s, false
		}
		p.blank()
		if p.peek() != ':' {
			return p.moreIndices(n)
		}
		s.bounds.from, s.bounds.hasFrom = n, true
	}
	p.i++
	p.blank()
	if p.peek() != ']' || !s.bounds.hasFrom {
		n, ok := p.integer()
		if !ok {
			return s, false
		}
		s.bounds.to, s.bounds.hasTo = n, true
	}
	return s, true
}

func (p *parser) moreIndices(first int) (segment, bool) {
	s := segment{kind: indices, ns: []int{first}}
	for p.blank(); p.peek() == ','; p.blank() {
		p.i++
		p.blank()
		n, ok := p.integer()
		if !ok {
			return s, false
		}
		s.ns = append(s.ns, n)
	}
	if len(s.ns) == 1 {
		return segment{kind: index, n: first}, true
	}
	return s, true
}

// contextSize reads (@.length-1), the way of AWS's engine to count from the end (measured), or (@.size()-1).
func (p *parser) contextSize() (segment, bool) {
	parens := p.peek() == '('
	if parens {
		p.i++
		p.blank()
	}
	rest, ok := strings.CutPrefix(p.src[p.i:], "@.length")
	if !ok {
		rest, ok = strings.CutPrefix(p.src[p.i:], "@.size")
	}
	if !ok {
		return segment{}, p.fail("unexpected %s, want @.length-1", p.here())
	}
	p.i = len(p.src) - len(strings.TrimPrefix(rest, "()"))
	p.blank()
	if p.peek() != '-' {
		return segment{}, p.fail("unexpected %s, want - and a number", p.here())
	}
	p.i++
	p.blank()
	n, ok := p.integer()
	if !ok {
		return segment{}, false
	}
	p.blank()
	if parens {
		if p.peek() != ')' {
			return segment{}, p.fail("unexpected %s, want )", p.here())
		}
		p.i++
	}
	return segment{kind: fromEnd, n: n}, true
}
