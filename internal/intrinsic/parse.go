package intrinsic

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sfnx/sfnx/internal/value"
)

// SyntaxError says where a text stops being a call.
type SyntaxError struct {
	Column int // from 1, in characters
	Msg    string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Msg) }

// Parse compiles a call. Blanks may stand around arguments. The error is a *SyntaxError.
func Parse(src string) (*Call, error) {
	p := &parser{src: src}
	n, ok := p.call(1)
	if ok {
		p.blank()
		if p.i < len(src) {
			ok = p.fail("unexpected %s after the call", p.here())
		}
	}
	if !ok {
		return nil, p.err
	}
	return &Call{src: src, node: n, paths: p.paths}, nil
}

type parser struct {
	src   string
	i     int
	paths []Path
	err   *SyntaxError
}

func (p *parser) fail(format string, args ...any) bool {
	if p.err == nil {
		before := p.src[:min(p.i, len(p.src))]
		p.err = &SyntaxError{Column: utf8.RuneCountInString(before) + 1, Msg: fmt.Sprintf(format, args...)}
	}
	return false
}

func (p *parser) peek() byte {
	if p.i < len(p.src) {
		return p.src[p.i]
	}
	return 0
}

// here describes what stands at the current place.
func (p *parser) here() string {
	if p.i >= len(p.src) {
		return "end of call"
	}
	r, _ := utf8.DecodeRuneInString(p.src[p.i:])
	return strconv.QuoteRune(r)
}

func (p *parser) blank() {
	for p.i < len(p.src) && strings.IndexByte(" \t\r\n", p.src[p.i]) >= 0 {
		p.i++
	}
}

// call reads States.Name(argument, ...).
func (p *parser) call(nesting int) (*node, bool) {
	if nesting > MaxNesting {
		return nil, p.fail("calls nest at most %d deep", MaxNesting)
	}
	name, _, ok := strings.Cut(p.src[p.i:], "(")
	fn := functions[name]
	switch {
	case !ok:
		return nil, p.fail("a call is written States.Name(arguments): ( is missing")
	case fn == nil:
		return nil, p.fail("there is no function %s; want one of %s", strconv.Quote(name), functionNames)
	}
	p.i += len(name) + 1
	n := &node{path: -1, fn: fn}
	p.blank()
	if p.peek() == ')' {
		p.i++
		return n, true
	}
	for {
		p.blank()
		start := p.i
		arg, ok := p.argument(nesting)
		if !ok {
			return nil, false
		}
		if p.src[start] == '\'' && len(n.args) == 0 { // braces count as they were written
			arg.template = parseTemplate(p.src[start+1 : p.i-1])
		}
		n.args = append(n.args, arg)
		p.blank()
		switch p.peek() {
		case ',':
			p.i++
		case ')':
			p.i++
			return n, true
		default:
			return nil, p.fail("unexpected %s after an argument, want , or )", p.here())
		}
	}
}

func (p *parser) argument(nesting int) (*node, bool) {
	switch {
	case p.peek() == '\'':
		return p.text()
	case p.peek() == '$':
		return p.pathText()
	case strings.HasPrefix(p.src[p.i:], "States."):
		return p.call(nesting + 1)
	}
	word := p.src[p.i:]
	if end := strings.IndexAny(word, " \t\r\n,()'\"[{"); end >= 0 {
		word = word[:end]
	}
	v, err := value.Parse(word)
	if err != nil {
		return nil, p.fail("unexpected %s, want an argument: 'text', a number, true, false, null, a path or a call", p.here())
	}
	p.i += len(word)
	return &node{path: -1, constant: v}, true
}

// text reads a text in single quotes. A backslash may stand before ' { } and \ only (recorded).
func (p *parser) text() (*node, bool) {
	open := p.i
	p.i++
	var b strings.Builder
	for p.i < len(p.src) {
		switch c := p.src[p.i]; {
		case c == '\'':
			p.i++
			return &node{path: -1, constant: value.String(b.String())}, true
		case c == '\\' && p.i+1 < len(p.src) && strings.IndexByte(`'{}\`, p.src[p.i+1]) >= 0:
			b.WriteByte(p.src[p.i+1])
			p.i += 2
		case c == '\\':
			return nil, p.fail(`a backslash may stand before ' { } and \ only`)
		default:
			b.WriteByte(c)
			p.i++
		}
	}
	p.i = open
	return nil, p.fail("the text has no end, want '")
}

// pathText finds the end of a path: a blank, comma or parenthesis outside its brackets and their quotes.
func (p *parser) pathText() (*node, bool) {
	start := p.i
	var depth int
	var quote byte
	for ; p.i < len(p.src); p.i++ {
		switch c := p.src[p.i]; {
		case quote != 0 && c == '\\':
			p.i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case depth > 0 && (c == '\'' || c == '"'):
			quote = c
		case c == '[' || c == '(':
			depth++
		case depth == 0 && strings.IndexByte(" \t\r\n,)", c) >= 0:
			return p.slot(start), true
		case c == ']' || c == ')':
			depth--
		}
	}
	p.i = min(p.i, len(p.src))
	return p.slot(start), true
}

func (p *parser) slot(start int) *node {
	p.paths = append(p.paths, Path{Text: p.src[start:p.i], Offset: start})
	return &node{path: len(p.paths) - 1}
}
