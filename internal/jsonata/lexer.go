package jsonata

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sfnx/sfnx/internal/value"
)

type tokenKind uint8

const (
	endToken tokenKind = iota
	nameToken
	variableToken
	operatorToken
	stringToken
	numberToken
	literalToken // true, false, null
	regexToken
)

// token is one word of the source. pos is the byte offset just after it, which is what the reference reports.
type token struct {
	kind  tokenKind
	text  string      // name, operator, text of a string, pattern of a regular expression
	flags string      // of a regular expression
	val   value.Value // of a number or literal
	pos   int
}

// shown is the token as error messages quote it.
func (t token) shown() value.Value {
	switch t.kind {
	case numberToken, literalToken:
		return t.val
	case endToken:
		return value.String("(end)")
	}
	return value.String(t.text)
}

type lexer struct {
	src string
	i   int
}

// operatorBytes are the characters that end a name.
const operatorBytes = ".[]{}(),@#;:?+-*/%|=<>^&!~"

var doubleOperators = []string{"..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??"}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' }

// skip passes blanks and comments.
func (l *lexer) skip() *Error {
	for {
		for l.i < len(l.src) && isBlank(l.src[l.i]) {
			l.i++
		}
		if !strings.HasPrefix(l.src[l.i:], "/*") {
			return nil
		}
		end := strings.Index(l.src[l.i+2:], "*/")
		if end < 0 {
			return &Error{Code: "S0106", Position: l.i}
		}
		l.i += 2 + end + 2
	}
}

// next reads one token. In infix position a slash is division, elsewhere it opens a regular expression.
func (l *lexer) next(infix bool) (token, *Error) {
	if err := l.skip(); err != nil {
		return token{}, err
	}
	if l.i >= len(l.src) {
		return token{kind: endToken, pos: len(l.src)}, nil
	}
	c := l.src[l.i]
	if c == '/' && !infix {
		return l.regex()
	}
	for _, op := range doubleOperators {
		if strings.HasPrefix(l.src[l.i:], op) {
			return l.operator(op), nil
		}
	}
	switch {
	case strings.IndexByte(operatorBytes, c) >= 0:
		return l.operator(l.src[l.i : l.i+1]), nil
	case c == '"' || c == '\'':
		return l.quoted(c)
	case c >= '0' && c <= '9':
		return l.number()
	case c == '`':
		return l.backquoted()
	}
	return l.word(), nil
}

func (l *lexer) operator(op string) token {
	l.i += len(op)
	return token{kind: operatorToken, text: op, pos: l.i}
}

func (l *lexer) regex() (token, *Error) {
	l.i++
	start, depth := l.i, 0
	for ; l.i < len(l.src); l.i++ {
		c := l.src[l.i]
		if c == '/' && depth == 0 && !l.escapedAt(l.i) {
			if l.i == start {
				return token{}, &Error{Code: "S0301", Position: l.i}
			}
			t := token{kind: regexToken, text: l.src[start:l.i]}
			l.i++
			from := l.i
			for l.i < len(l.src) && (l.src[l.i] == 'i' || l.src[l.i] == 'm') {
				l.i++
			}
			t.flags, t.pos = l.src[from:l.i], l.i
			return t, nil
		}
		if l.src[l.i-1] == '\\' {
			continue
		}
		switch c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		}
	}
	return token{}, &Error{Code: "S0302", Position: l.i}
}

// escapedAt reports whether an odd number of backslashes stands before i.
func (l *lexer) escapedAt(i int) bool {
	n := 0
	for i > n && l.src[i-n-1] == '\\' {
		n++
	}
	return n%2 == 1
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (l *lexer) quoted(quote byte) (token, *Error) {
	l.i++
	start := l.i
	var b []byte
	for l.i < len(l.src) {
		c := l.src[l.i]
		switch {
		case c == quote:
			s := l.src[start:l.i]
			if b != nil {
				s = string(joinSurrogates(append(b, s...)))
			}
			l.i++
			return token{kind: stringToken, text: s, pos: l.i}, nil
		case c != '\\':
			l.i++
		default:
			b = append(b, l.src[start:l.i]...)
			l.i++
			r, err := l.escape()
			if err != nil {
				return token{}, err
			}
			b = appendUnit(b, r)
			if b == nil {
				b = []byte{}
			}
			start = l.i
		}
	}
	return token{}, &Error{Code: "S0101", Position: l.i}
}

// escape reads what follows a backslash.
func (l *lexer) escape() (rune, *Error) {
	if l.i >= len(l.src) {
		return 0, &Error{Code: "S0103", Position: l.i}
	}
	if plain := escapes[l.src[l.i]]; plain != 0 {
		l.i++
		return rune(plain), nil
	}
	if l.src[l.i] != 'u' {
		_, n := utf8.DecodeRuneInString(l.src[l.i:])
		return 0, &Error{Code: "S0103", Position: l.i, Token: l.src[l.i : l.i+n]}
	}
	if l.i+5 <= len(l.src) {
		if n, err := strconv.ParseUint(l.src[l.i+1:l.i+5], 16, 16); err == nil && l.src[l.i+1] != '+' {
			l.i += 5
			return rune(n), nil
		}
	}
	return 0, &Error{Code: "S0104", Position: l.i}
}

func (l *lexer) number() (token, *Error) {
	i := l.i
	digits := func(i int) int {
		for i < len(l.src) && l.src[i] >= '0' && l.src[i] <= '9' {
			i++
		}
		return i
	}
	if l.src[i] == '0' {
		i++
	} else {
		i = digits(i)
	}
	whole := true
	if i+1 < len(l.src) && l.src[i] == '.' {
		if j := digits(i + 1); j > i+1 {
			i, whole = j, false
		}
	}
	if i < len(l.src) && (l.src[i] == 'e' || l.src[i] == 'E') {
		from := i + 1
		if from < len(l.src) && (l.src[from] == '-' || l.src[from] == '+') {
			from++
		}
		if j := digits(from); j > from {
			i, whole = j, false
		}
	}
	text := l.src[l.i:i]
	f, _ := strconv.ParseFloat(text, 64)
	if math.IsInf(f, 0) {
		return token{}, &Error{Code: "S0102", Position: l.i, Token: text}
	}
	l.i = i
	t := token{kind: numberToken, text: text, val: value.Float(f), pos: i}
	if n, err := strconv.ParseInt(text, 10, 64); whole && err == nil {
		t.val = value.Int(n)
	}
	return t, nil
}

func (l *lexer) backquoted() (token, *Error) {
	end := strings.IndexByte(l.src[l.i+1:], '`')
	if end < 0 {
		l.i = len(l.src)
		return token{}, &Error{Code: "S0105", Position: l.i}
	}
	name := l.src[l.i+1 : l.i+1+end]
	l.i += end + 2
	return token{kind: nameToken, text: name, pos: l.i}, nil
}

func (l *lexer) word() token {
	start := l.i
	for l.i < len(l.src) && !isBlank(l.src[l.i]) && strings.IndexByte(operatorBytes, l.src[l.i]) < 0 {
		l.i++
	}
	t := token{kind: nameToken, text: l.src[start:l.i], pos: l.i}
	switch {
	case t.text[0] == '$':
		t.kind, t.text = variableToken, t.text[1:]
	case t.text == "and" || t.text == "or" || t.text == "in":
		t.kind = operatorToken
	case t.text == "true" || t.text == "false":
		t.kind, t.val = literalToken, value.Bool(t.text == "true")
	case t.text == "null":
		t.kind, t.val = literalToken, value.Null()
	}
	return t
}
