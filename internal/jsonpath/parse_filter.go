package jsonpath

import (
	"regexp"
	"slices"
	"strings"

	"github.com/sfnx/sfnx/internal/value"
)

// filterSegment reads ?(condition).
func (p *parser) filterSegment() (segment, bool) {
	p.i++
	p.blank()
	if p.peek() != '(' {
		return segment{}, p.fail("unexpected %s after ?, want (", p.here())
	}
	p.filters++
	c, ok := p.parenthesis()
	p.filters--
	return segment{kind: filtered, filter: c}, ok
}

func (p *parser) parenthesis() (condition, bool) {
	if !p.open() {
		return nil, false
	}
	p.i++
	c, ok := p.or()
	if !ok {
		return nil, false
	}
	if p.peek() != ')' {
		return nil, p.fail("unexpected %s in a filter, want && , || or )", p.here())
	}
	p.i++
	p.nesting--
	return c, true
}

func (p *parser) or() (condition, bool) {
	var all anyOf
	for {
		c, ok := p.and()
		if !ok {
			return nil, false
		}
		all = append(all, c)
		if !strings.HasPrefix(p.src[p.i:], "||") {
			break
		}
		p.i += 2
	}
	if len(all) == 1 {
		return all[0], true
	}
	return all, true
}

func (p *parser) and() (condition, bool) {
	var all allOf
	for {
		c, ok := p.term()
		if !ok {
			return nil, false
		}
		all = append(all, c)
		p.blank()
		if !strings.HasPrefix(p.src[p.i:], "&&") {
			break
		}
		p.i += 2
	}
	if len(all) == 1 {
		return all[0], true
	}
	return all, true
}

func (p *parser) term() (condition, bool) {
	p.blank()
	switch p.peek() {
	case '(':
		return p.parenthesis()
	case '!':
		if !p.open() {
			return nil, false
		}
		p.i++
		c, ok := p.term()
		p.nesting--
		return not{c}, ok
	}
	return p.comparison()
}

func (p *parser) comparison() (condition, bool) {
	start := p.i
	left, ok := p.operand()
	if !ok {
		return nil, false
	}
	p.blank()
	if c := p.peek(); c == ')' || c == '&' || c == '|' {
		if left.path == nil {
			p.i = start
			return nil, p.fail("a filter needs a path here, like @.name, or a comparison")
		}
		return exists{left}, true
	}
	op, ok := p.operator()
	if !ok {
		return nil, false
	}
	p.blank()
	right, ok := p.operand()
	if !ok {
		return nil, false
	}
	p.blank()
	return comparison{left, op, right}, true
}

const operators = "== != < <= > >= =~ in nin subsetof anyof noneof contains size empty"

// operator reads signs or letters.
func (p *parser) operator() (string, bool) {
	start := p.i
	for strings.IndexByte("=!<>~", p.peek()) >= 0 {
		p.i++
	}
	if p.i == start {
		for p.peek() >= 'a' && p.peek() <= 'z' {
			p.i++
		}
	}
	op := p.src[start:p.i]
	if op == "" || !slices.Contains(strings.Fields(operators), op) {
		p.i = start
		return "", p.fail("unexpected %s in a filter, want one of %s", p.here(), operators)
	}
	return op, true
}

// operand reads a path, a literal or a regular expression.
func (p *parser) operand() (operand, bool) {
	switch c := p.peek(); c {
	case '@', '$':
		path, ok := p.path()
		return operand{path: path, item: c == '@'}, ok
	case '/':
		return p.pattern()
	}
	v, ok := p.literal()
	return operand{literal: v}, ok
}

// pattern reads /regular expression/flags. It must match the whole text, as in Java's matches.
func (p *parser) pattern() (operand, bool) {
	start := p.i
	for p.i++; p.i < len(p.src) && p.src[p.i] != '/'; p.i++ {
		if p.src[p.i] == '\\' {
			p.i++
		}
	}
	if p.i >= len(p.src) {
		p.i = start
		return operand{}, p.fail("the regular expression has no end, want /")
	}
	text := strings.ReplaceAll(p.src[start+1:p.i], `\/`, "/")
	var flags string
	for p.i++; p.i < len(p.src) && p.src[p.i] >= 'a' && p.src[p.i] <= 'z'; p.i++ {
		if strings.IndexByte("ims", p.src[p.i]) < 0 {
			return operand{}, p.fail("unknown flag %s of a regular expression, want i, m or s", p.here())
		}
		flags = "(?" + string(p.src[p.i]) + ")" + flags
	}
	re, err := regexp.Compile(flags + `\A(?:` + text + `)\z`)
	if err != nil {
		p.i = start
		return operand{}, p.fail("%v", err)
	}
	return operand{pattern: re}, true
}

// literal reads a text in either kind of quotes, a number, a word of JSON, or an array or object of them.
func (p *parser) literal() (value.Value, bool) {
	switch p.peek() {
	case '\'', '"':
		s, ok := p.quoted()
		return value.String(s), ok
	case '[':
		return p.arrayLiteral()
	case '{':
		return p.objectLiteral()
	}
	end := p.i
	for end < len(p.src) && strings.IndexByte(" \t\r\n=!<>~()&|,[]{}:", p.src[end]) < 0 {
		end++
	}
	v, err := value.Parse(p.src[p.i:end])
	if err != nil || end == p.i {
		return v, p.fail("unexpected %s in a filter, want @, $, a quoted text, a number, true, false, null, [ or {", p.here())
	}
	p.i = end
	return v, true
}

func (p *parser) arrayLiteral() (value.Value, bool) {
	var items []value.Value
	ok := p.list(']', func() bool {
		v, ok := p.literal()
		items = append(items, v)
		return ok
	})
	return value.Array(items...), ok
}

func (p *parser) objectLiteral() (value.Value, bool) {
	var members []value.Member
	ok := p.list('}', func() bool {
		key, ok := p.quoted()
		if !ok {
			return false
		}
		p.blank()
		if p.peek() != ':' {
			return p.fail("unexpected %s after a member name, want :", p.here())
		}
		p.i++
		p.blank()
		v, ok := p.literal()
		members = append(members, value.Member{Key: key, Value: v})
		return ok
	})
	return value.Object(members...), ok
}

// list reads elements up to the closing bracket.
func (p *parser) list(end byte, element func() bool) bool {
	if !p.open() {
		return false
	}
	p.i++
	p.blank()
	for p.peek() != end {
		if !element() {
			return false
		}
		p.blank()
		if p.peek() == ',' {
			p.i++
			p.blank()
		} else if p.peek() != end {
			return p.fail("unexpected %s in a list, want , or %c", p.here(), end)
		}
	}
	p.i++
	p.nesting--
	return true
}
