package value

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// MaxDepth is the deepest nesting that Parse accepts, the limit of AWS's own parser.
const MaxDepth = 1000

// SyntaxError says where a text stops being JSON.
type SyntaxError struct {
	Offset int // bytes from the start
	Line   int // from 1
	Column int // from 1, in characters
	Msg    string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("not valid JSON at line %d, column %d: %s", e.Line, e.Column, e.Msg)
}

// Parse reads one JSON text. Values keep parts of text alive instead of copying them. Of members with the same
// name the last one wins, at the place of the first, as in AWS. Integers keep every digit, other numbers their
// literal; -0 is 0. The error is a *SyntaxError.
func Parse(text string) (Value, error) {
	p := parser{s: text}
	p.blank()
	v, ok := p.value(0)
	if ok {
		p.blank()
		if p.i < len(p.s) {
			ok = p.fail("unexpected %s after the value", p.here())
		}
	}
	if !ok {
		return Value{}, p.err
	}
	return v, nil
}

type parser struct {
	s      string
	i      int
	err    *SyntaxError
	keys   []string // stack of member names of the objects being read
	vals   []Value  // stack of values being read
	recent [8]*Shape
	next   int
}

func (p *parser) fail(format string, args ...any) bool {
	if p.err == nil {
		at := min(p.i, len(p.s))
		before := p.s[:at]
		line := strings.LastIndexByte(before, '\n') + 1
		p.err = &SyntaxError{Offset: at, Line: strings.Count(before, "\n") + 1, Column: utf8.RuneCountInString(before[line:]) + 1, Msg: fmt.Sprintf(format, args...)}
	}
	return false
}

// here describes what stands at the current place.
func (p *parser) here() string {
	if p.i >= len(p.s) {
		return "end of text"
	}
	r, _ := utf8.DecodeRuneInString(p.s[p.i:])
	return strconv.QuoteRune(r)
}

func (p *parser) blank() {
	for p.i < len(p.s) {
		switch p.s[p.i] {
		case ' ', '\t', '\n', '\r':
			p.i++
		default:
			return
		}
	}
}

func (p *parser) value(depth int) (Value, bool) {
	if p.i >= len(p.s) {
		return Value{}, p.fail("unexpected end of text, want a value")
	}
	switch c := p.s[p.i]; {
	case c == '{':
		return p.object(depth + 1)
	case c == '[':
		return p.array(depth + 1)
	case c == '"':
		s, ok := p.string()
		if !ok {
			return Value{}, false
		}
		return String(s), true
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	case c == 't':
		return p.word("true", Bool(true))
	case c == 'f':
		return p.word("false", Bool(false))
	case c == 'n':
		return p.word("null", Null())
	}
	return Value{}, p.fail("unexpected %s, want a value", p.here())
}

func (p *parser) word(w string, v Value) (Value, bool) {
	if !strings.HasPrefix(p.s[p.i:], w) {
		return Value{}, p.fail("unexpected %s, want a value", p.here())
	}
	p.i += len(w)
	return v, true
}

func (p *parser) deep(depth int) bool {
	if depth > MaxDepth {
		return p.fail("nested deeper than %d levels", MaxDepth)
	}
	return true
}

func (p *parser) array(depth int) (Value, bool) {
	if !p.deep(depth) {
		return Value{}, false
	}
	p.i++
	base := len(p.vals)
	p.blank()
	if p.i < len(p.s) && p.s[p.i] == ']' {
		p.i++
		return Array(), true
	}
	for {
		p.blank()
		v, ok := p.value(depth)
		if !ok {
			return Value{}, false
		}
		p.vals = append(p.vals, v)
		p.blank()
		switch {
		case p.i < len(p.s) && p.s[p.i] == ',':
			p.i++
		case p.i < len(p.s) && p.s[p.i] == ']':
			p.i++
			items := make([]Value, len(p.vals)-base)
			copy(items, p.vals[base:])
			p.vals = p.vals[:base]
			return Array(items...), true
		default:
			return Value{}, p.fail("unexpected %s in an array, want ',' or ']'", p.here())
		}
	}
}

func (p *parser) object(depth int) (Value, bool) {
	if !p.deep(depth) {
		return Value{}, false
	}
	p.i++
	kbase, vbase := len(p.keys), len(p.vals)
	p.blank()
	if p.i < len(p.s) && p.s[p.i] == '}' {
		p.i++
		return EmptyObject(), true
	}
	for {
		p.blank()
		if p.i >= len(p.s) || p.s[p.i] != '"' {
			return Value{}, p.fail("unexpected %s in an object, want a member name in double quotes", p.here())
		}
		key, ok := p.string()
		if !ok {
			return Value{}, false
		}
		p.blank()
		if p.i >= len(p.s) || p.s[p.i] != ':' {
			return Value{}, p.fail("unexpected %s after a member name, want ':'", p.here())
		}
		p.i++
		p.blank()
		v, ok := p.value(depth)
		if !ok {
			return Value{}, false
		}
		p.keys, p.vals = append(p.keys, key), append(p.vals, v)
		p.blank()
		switch {
		case p.i < len(p.s) && p.s[p.i] == ',':
			p.i++
		case p.i < len(p.s) && p.s[p.i] == '}':
			p.i++
			v := p.build(p.keys[kbase:], p.vals[vbase:])
			p.keys, p.vals = p.keys[:kbase], p.vals[:vbase]
			return v, true
		default:
			return Value{}, p.fail("unexpected %s in an object, want ',' or '}'", p.here())
		}
	}
}

// build makes an object of what was read, sharing the shape of a recent object with the same names.
func (p *parser) build(keys []string, vals []Value) Value {
	for _, s := range p.recent {
		if s != nil && sameKeys(s.keys, keys) {
			own := make([]Value, len(vals))
			copy(own, vals)
			return ObjectOf(s, own)
		}
	}
	members := make([]Member, len(keys))
	for i := range keys {
		members[i] = Member{keys[i], vals[i]}
	}
	v := Object(members...)
	p.recent[p.next%len(p.recent)] = (*object)(v.ptr).shape
	p.next++
	return v
}

func sameKeys(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func (p *parser) number() (Value, bool) {
	start := p.i
	if p.s[p.i] == '-' {
		p.i++
	}
	digits := func() int {
		from := p.i
		for p.i < len(p.s) && p.s[p.i] >= '0' && p.s[p.i] <= '9' {
			p.i++
		}
		return p.i - from
	}
	zero := p.i < len(p.s) && p.s[p.i] == '0'
	switch n := digits(); {
	case n == 0:
		return Value{}, p.fail("unexpected %s, want a digit", p.here())
	case zero && n > 1:
		return Value{}, p.fail("a number has a leading zero")
	}
	whole := true
	if p.i < len(p.s) && p.s[p.i] == '.' {
		whole = false
		p.i++
		if digits() == 0 {
			return Value{}, p.fail("unexpected %s, want a digit after '.'", p.here())
		}
	}
	if p.i < len(p.s) && (p.s[p.i] == 'e' || p.s[p.i] == 'E') {
		whole = false
		p.i++
		if p.i < len(p.s) && (p.s[p.i] == '+' || p.s[p.i] == '-') {
			p.i++
		}
		if digits() == 0 {
			return Value{}, p.fail("unexpected %s, want a digit in the exponent", p.here())
		}
	}
	text := p.s[start:p.i]
	if whole && len(text) <= 18 {
		n, _ := strconv.ParseInt(text, 10, 64) // at most 18 characters: cannot overflow
		return Int(n), true
	}
	return numberText(text, whole), true
}

// numberText is a number from its literal, which must be JSON's grammar.
func numberText(text string, whole bool) Value {
	if whole {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return Int(n)
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil { // out of range: the comparison value saturates, the literal stays
		f = math.Copysign(math.MaxFloat64, f)
	}
	return Value{kind: NumberKind, form: literal, num: math.Float64bits(f), ptr: unsafe.Pointer(unsafe.StringData(text)), size: uint32(len(text))}
}

// string reads a JSON string. Without escapes the result is a part of the text.
func (p *parser) string() (string, bool) {
	p.i++
	start := p.i
	ascii := true
	for p.i < len(p.s) {
		switch c := p.s[p.i]; {
		case c == '"':
			s := p.s[start:p.i]
			if !ascii && !utf8.ValidString(s) {
				p.i = start + invalidAt(s)
				return "", p.fail("the text is not valid UTF-8")
			}
			p.i++
			return s, true
		case c == '\\':
			return p.escaped(start)
		case c < 0x20:
			return "", p.fail("a control character (%#02x) must be escaped in a string", c)
		case c >= 0x80:
			ascii = false
			p.i++
		default:
			p.i++
		}
	}
	return "", p.fail("unexpected end of text in a string")
}

func invalidAt(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return i
			}
		}
	}
	return 0
}

// escaped reads the rest of a string that holds an escape.
func (p *parser) escaped(start int) (string, bool) {
	head := p.s[start:p.i]
	if !utf8.ValidString(head) {
		p.i = start + invalidAt(head)
		return "", p.fail("the text is not valid UTF-8")
	}
	b := append(make([]byte, 0, len(head)+32), head...)
	for p.i < len(p.s) {
		c := p.s[p.i]
		switch {
		case c == '"':
			p.i++
			return string(b), true
		case c < 0x20:
			return "", p.fail("a control character (%#02x) must be escaped in a string", c)
		case c >= 0x80:
			r, n := utf8.DecodeRuneInString(p.s[p.i:])
			if r == utf8.RuneError && n == 1 {
				return "", p.fail("the text is not valid UTF-8")
			}
			b = append(b, p.s[p.i:p.i+n]...)
			p.i += n
		case c != '\\':
			b = append(b, c)
			p.i++
		default:
			var ok bool
			if b, ok = p.escape(b); !ok {
				return "", false
			}
		}
	}
	return "", p.fail("unexpected end of text in a string")
}

// simple maps the letter of a two-character escape to its character.
var simple = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (p *parser) escape(b []byte) ([]byte, bool) {
	if p.i+1 >= len(p.s) {
		return b, p.fail("unexpected end of text in a string")
	}
	c := p.s[p.i+1]
	if plain := simple[c]; plain != 0 {
		p.i += 2
		return append(b, plain), true
	}
	if c != 'u' {
		return b, p.fail("unknown escape %q in a string", `\`+string(rune(c)))
	}
	r, ok := p.hex(p.i + 2)
	if !ok {
		return b, p.fail(`\u needs four hexadecimal digits`)
	}
	p.i += 6
	if utf16.IsSurrogate(r) {
		if strings.HasPrefix(p.s[p.i:], `\u`) {
			if low, ok := p.hex(p.i + 2); ok {
				if full := utf16.DecodeRune(r, low); full != utf8.RuneError {
					p.i += 6
					return utf8.AppendRune(b, full), true
				}
			}
		}
		return append(b, 0xE0|byte(r>>12), 0x80|byte(r>>6&0x3F), 0x80|byte(r&0x3F)), true // alone: kept as it is
	}
	return utf8.AppendRune(b, r), true
}

func (p *parser) hex(at int) (rune, bool) {
	if at+4 > len(p.s) {
		return 0, false
	}
	n, err := strconv.ParseUint(p.s[at:at+4], 16, 16)
	if err != nil || p.s[at] == '+' {
		return 0, false
	}
	return rune(n), true
}
