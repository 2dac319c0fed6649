package jsonpath

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of a path's text: more segments than a document can be deep, and the nesting of filters.
const (
	MaxSegments = 1000
	MaxNesting  = 32
)

// Parse compiles a path. The error is a *SyntaxError.
func Parse(src string) (*Path, error) {
	p := &parser{src: src}
	path, ok := p.path()
	if ok && p.i < len(src) {
		ok = p.fail("unexpected %s, want . or [", p.here())
	}
	if !ok {
		return nil, p.err
	}
	return path, nil
}

type parser struct {
	src     string
	i       int
	nesting int // filters and parentheses that are open
	filters int // filters that are open: names end earlier there
	err     *SyntaxError
}

func (p *parser) fail(format string, args ...any) bool {
	if p.err == nil {
		p.err = syntaxError(p.src, min(p.i, len(p.src)), format, args...)
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
		return "end of path"
	}
	r, _ := utf8.DecodeRuneInString(p.src[p.i:])
	return strconv.QuoteRune(r)
}

func (p *parser) blank() {
	for p.i < len(p.src) && strings.IndexByte(" \t\r\n", p.src[p.i]) >= 0 {
		p.i++
	}
}

// path reads from $ (in a filter also @) to the first character that no path has.
func (p *parser) path() (*Path, bool) {
	start := p.i
	if p.peek() != '$' && (p.filters == 0 || p.peek() != '@') {
		return nil, p.fail("unexpected %s, want $", p.here())
	}
	p.i++
	path := &Path{definite: true}
	if p.filters == 0 && !p.rootName(path) {
		return nil, false
	}
	for p.continues(path.segments) {
		if len(path.segments) == MaxSegments {
			return nil, p.fail("a path has at most %d segments", MaxSegments)
		}
		s, ok := p.segment()
		if !ok {
			return nil, false
		}
		path.segments = append(path.segments, s)
	}
	for i := range path.segments {
		switch path.segments[i].kind {
		case member, index, fromEnd:
		case members: // at the end: one object of the members
			path.definite = path.definite && i == len(path.segments)-1
		default:
			path.definite = false
		}
	}
	path.src = p.src[start:p.i]
	return path, true
}

// continues reports whether a segment follows. After a bracket or a deep scan a name needs no dot.
func (p *parser) continues(before []segment) bool {
	if p.peek() == '.' || p.peek() == '[' {
		return true
	}
	return len(before) > 0 && p.i < len(p.src) && (p.filters == 0 || before[len(before)-1].kind == scan)
}

// rootName reads the rest of $$ or $name.
func (p *parser) rootName(path *Path) bool {
	start := p.i
	if p.peek() == '$' {
		p.i++
	} else {
		for p.i < len(p.src) {
			r, n := utf8.DecodeRuneInString(p.src[p.i:])
			if r != '_' && !unicode.IsLetter(r) && (p.i == start || !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r)) {
				break
			}
			p.i += n
		}
	}
	path.root = p.src[start:p.i]
	if p.i < len(p.src) && p.peek() != '.' && p.peek() != '[' {
		return p.fail("unexpected %s, want . or [", p.here())
	}
	return true
}

func (p *parser) segment() (segment, bool) {
	if p.peek() == '[' {
		return p.bracket()
	}
	if strings.HasPrefix(p.src[p.i:], "..") {
		p.i += 2
		if p.i >= len(p.src) || p.peek() == '.' {
			return segment{}, p.fail("unexpected %s after .., want a name, * or [", p.here())
		}
		return segment{kind: scan}, true
	}
	if p.peek() == '.' {
		p.i++
		if p.peek() == '[' { // $.['name'], as in AWS's guide
			return p.bracket()
		}
	}
	if p.peek() == '*' {
		p.i++
		return segment{kind: wildcard}, true
	}
	return p.dotted()
}

// dotted reads a name without quotes. A backslash takes the special meaning from the next character (ASL "Paths").
func (p *parser) dotted() (segment, bool) {
	s := segment{kind: member}
	var name strings.Builder
	for p.i < len(p.src) {
		r, n := utf8.DecodeRuneInString(p.src[p.i:])
		switch {
		case r == '\\':
			if !p.escape(&name, false) {
				return s, false
			}
			continue
		case r == '.' || r == '[':
			return s, p.named(&s, name.String())
		case p.filters > 0 && strings.ContainsRune(" \t\r\n=!<>~()&|,]", r):
			return s, p.named(&s, name.String())
		case r == ' ' || r == ']' || r < ' ':
			return s, p.fail("unexpected %s in a name, write ['...'] around it", p.here())
		case strings.ContainsRune("@,:?*()", r):
			s.special = true
		}
		name.WriteString(p.src[p.i : p.i+n])
		p.i += n
	}
	return s, p.named(&s, name.String())
}

func (p *parser) named(s *segment, name string) bool {
	if name == "" {
		return p.fail("unexpected %s, want a name, * or [", p.here())
	}
	s.name = name
	return true
}

// escape reads a backslash and what follows. \uXXXX is a UTF-16 unit; in quotes the letters of JSON's escapes count too.
func (p *parser) escape(b *strings.Builder, quoted bool) bool {
	p.i++
	if p.i >= len(p.src) {
		return p.fail("unexpected end of path after a backslash")
	}
	c := p.src[p.i]
	if quoted {
		if i := strings.IndexByte("bfnrt", c); i >= 0 {
			p.i++
			b.WriteByte("\b\f\n\r\t"[i])
			return true
		}
	}
	if c == 'u' {
		if r, ok := p.unit(p.i + 1); ok {
			p.i += 5
			if utf16.IsSurrogate(r) && strings.HasPrefix(p.src[p.i:], `\u`) {
				if low, ok := p.unit(p.i + 2); ok {
					r = utf16.DecodeRune(r, low)
					p.i += 6
				}
			}
			b.WriteRune(r)
			return true
		}
	}
	_, n := utf8.DecodeRuneInString(p.src[p.i:])
	b.WriteString(p.src[p.i : p.i+n])
	p.i += n
	return true
}

func (p *parser) unit(at int) (rune, bool) {
	if at+4 > len(p.src) {
		return 0, false
	}
	n, err := strconv.ParseUint(p.src[at:at+4], 16, 16)
	return rune(n), err == nil
}

func (p *parser) open() bool {
	if p.nesting++; p.nesting > MaxNesting {
		return p.fail("filters nest at most %d deep", MaxNesting)
	}
	return true
}
