package jackson

import (
	"strings"
	"unicode"
)

const (
	eof       = -1
	wantValue = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
)

// document reads one value, however deep. Like all that follow it returns false after a failure.
func (s *scanner) document() bool {
	for {
		c, ok := s.blank()
		if !ok {
			return false
		}
		in := &s.levels[len(s.levels)-1]
		switch {
		case c == eof && in.open == 0:
			return true
		case c == eof:
			return s.failIn(in, "Unexpected end-of-input: expected close marker for %s (start marker at %s)", in)
		case c == ']' || c == '}':
			if !s.closes(in, c) {
				return false
			}
		default:
			if in.filled {
				if c != ',' {
					return s.unexpected(c, "was expecting comma to separate "+in.String()+" entries")
				}
				if c, ok = s.within(in); !ok {
					return false
				}
			}
			in.filled = true
			if !s.entry(in, c) {
				return false
			}
		}
		if len(s.levels) == 1 {
			return true
		}
	}
}

func (s *scanner) closes(in *level, c int) bool {
	want := '}'
	if c == '}' {
		want = ']'
	}
	if c == ']' && in.open != '[' || c == '}' && in.open != '{' {
		return s.failIn(in, "Unexpected close marker '%c': expected '%c' (for %s starting at %s)", c, want, in)
	}
	s.levels = s.levels[:len(s.levels)-1]
	return true
}

// entry reads a member or an element that starts with c, up to the opening bracket if it has one.
func (s *scanner) entry(in *level, c int) bool {
	if in.open == '{' {
		if c != '"' {
			return s.unexpected(c, "was expecting double-quote to start field name")
		}
		if !s.quoted("name", " in field name") {
			return false
		}
		c, ok := s.within(in)
		if ok && c != ':' {
			return s.unexpected(c, "was expecting a colon to separate field name and value")
		}
		if ok {
			c, ok = s.within(in)
		}
		return ok && s.value(in, c)
	}
	if in.open == '[' && c == '}' {
		return s.unexpected(c, "expected a value")
	}
	return s.value(in, c)
}

func (s *scanner) value(in *level, c int) bool {
	switch {
	case c == '{' || c == '[':
		s.levels = append(s.levels, level{open: c, line: s.line, column: s.i - s.lineStart})
		return true
	case c == '"':
		return s.quoted("string value", ": was expecting closing quote for a string value")
	case c == '-' || isDigit(c):
		return s.number(in, c)
	case c == 't':
		return s.word("true", 1)
	case c == 'f':
		return s.word("false", 1)
	case c == 'n':
		return s.word("null", 1)
	case c == 'N':
		return s.word("NaN", 1) && s.nonStandard("NaN")
	case c == 'I':
		return s.word("Infinity", 1) && s.nonStandard("Infinity")
	case c == '+':
		if c = s.next(); c == eof {
			return s.end(" in a Number value")
		}
		return s.noNumber(c, "+Infinity")
	case isIdentifierStart(c):
		return s.unrecognized(string(rune(c)))
	}
	return s.unexpected(c, "expected a valid value "+wantValue)
}

// word reads the rest of a word whose first n characters are read.
func (s *scanner) word(w string, n int) bool {
	for ; n < len(w); n++ {
		if s.i >= len(s.text) || s.text[s.i] != uint16(w[n]) {
			return s.unrecognized(w[:n])
		}
		s.i++
	}
	if s.i < len(s.text) && isIdentifierPart(int(s.text[s.i])) {
		return s.unrecognized(w)
	}
	return true
}

func (s *scanner) nonStandard(w string) bool {
	return s.fail("Non-standard token '%s': enable JsonParser.Feature.ALLOW_NON_NUMERIC_NUMBERS to allow", w)
}

// unrecognized fails with a whole token of which start is read.
func (s *scanner) unrecognized(start string) bool {
	var token strings.Builder
	token.WriteString(start)
	length := len([]rune(start))
	for s.i < len(s.text) && isIdentifierPart(int(s.text[s.i])) {
		token.WriteRune(rune(s.text[s.i]))
		s.i++
		if length++; length >= maxToken {
			token.WriteString("...")
			break
		}
	}
	return s.fail("Unrecognized token '%s': was expecting %s", token.String(), wantValue)
}

func (s *scanner) number(in *level, c int) bool {
	if c == '-' {
		switch c = s.next(); {
		case c == eof:
			return s.end("No digit following minus sign") // sic
		case !isDigit(c):
			return s.noNumber(c, "-Infinity")
		}
	}
	if c == '0' && s.i < len(s.text) && isDigit(int(s.text[s.i])) {
		return s.fail("Invalid numeric value: Leading zeroes not allowed")
	}
	c, _ = s.digits()
	if c == '.' {
		after, n := s.digits()
		if n == 0 {
			if after == eof {
				after = c
			}
			return s.fail("Unexpected character (%s) in numeric value: Decimal point not followed by a digit", describe(after))
		}
		c = after
	}
	if c == 'e' || c == 'E' {
		sign := s.i < len(s.text) && (s.text[s.i] == '+' || s.text[s.i] == '-')
		if sign {
			s.i++
		}
		after, n := s.digits()
		switch {
		case n == 0 && after == eof:
			return s.end("expected a digit for number exponent") // sic
		case n == 0:
			return s.fail("Unexpected character (%s) in numeric value: Exponent indicator not followed by a digit", describe(after))
		}
		c = after
	}
	if in.open == 0 && c != eof && c != ' ' && c != '\t' && c != '\r' && c != '\n' {
		return s.unexpected(c, "Expected space separating root-level values")
	}
	if c != eof {
		s.i--
	}
	return true
}

// digits reads digits and the character after them, and counts the digits.
func (s *scanner) digits() (after, n int) {
	for {
		c := s.next()
		if !isDigit(c) {
			return c, n
		}
		n++
	}
}

// noNumber fails where c follows a sign.
func (s *scanner) noNumber(c int, infinity string) bool {
	if c == 'I' && s.i < len(s.text) && s.text[s.i] == 'n' {
		return s.word(infinity, 2) && s.nonStandard(infinity)
	}
	return s.fail("Unexpected character (%s) in numeric value: expected digit (0-9) to follow minus sign, for valid numeric value", describe(c))
}

// quoted reads the rest of a string.
func (s *scanner) quoted(what, atEnd string) bool {
	for {
		switch c := s.next(); {
		case c == eof:
			return s.end(atEnd)
		case c == '"':
			return true
		case c == '\\':
			if !s.escape() {
				return false
			}
		case c < ' ':
			return s.fail("Illegal unquoted character (%s): has to be escaped using backslash to be included in %s", describe(c), what)
		}
	}
}

func (s *scanner) escape() bool {
	const atEnd = " in character escape sequence"
	c := s.next()
	switch {
	case c == eof:
		return s.end(atEnd)
	case c == 'u':
		for range 4 {
			c := s.next()
			if c == eof {
				return s.end(atEnd)
			}
			if !isDigit(c) && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
				return s.unexpected(c, "expected a hex-digit for character escape sequence")
			}
		}
	case !strings.ContainsRune(`btnfr"/\`, rune(c)):
		return s.fail("Unrecognized character escape %s", describe(c))
	}
	return true
}

// next is the next character, eof after the last.
func (s *scanner) next() int {
	if s.i >= len(s.text) {
		return eof
	}
	s.i++
	return int(s.text[s.i-1])
}

// blank is the next character that is no white space, eof if there is none.
func (s *scanner) blank() (c int, ok bool) {
	for {
		switch c = s.next(); {
		case c == '\n':
			s.line, s.lineStart = s.line+1, s.i
		case c == '\r':
			if s.i < len(s.text) && s.text[s.i] == '\n' {
				s.i++
			}
			s.line, s.lineStart = s.line+1, s.i
		case c == ' ' || c == '\t':
		case c == '/':
			return c, s.unexpected(c, "maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for parser)")
		case c != eof && c < ' ':
			return c, s.fail(`Illegal character (%s): only regular white space (\r, \n, \t) is allowed between tokens`, describe(c))
		default:
			return c, true
		}
	}
}

// within is blank where the text must not end.
func (s *scanner) within(in *level) (c int, ok bool) {
	if c, ok = s.blank(); ok && c == eof {
		return c, s.end(" within/between " + in.String() + " entries")
	}
	return c, ok
}

func isDigit(c int) bool { return c >= '0' && c <= '9' }

// isControl is Java's Character.isISOControl.
func isControl(c int) bool { return c >= 0 && c < ' ' || c >= 0x7F && c <= 0x9F }

// isIdentifierStart is Java's Character.isJavaIdentifierStart.
func isIdentifierStart(c int) bool {
	return unicode.In(rune(c), unicode.L, unicode.Nl, unicode.Sc, unicode.Pc)
}

// isIdentifierPart is Java's Character.isJavaIdentifierPart.
func isIdentifierPart(c int) bool {
	return isIdentifierStart(c) || unicode.In(rune(c), unicode.Nd, unicode.Mn, unicode.Mc, unicode.Cf) ||
		isControl(c) && (c < '\t' || c > '\r') && (c < 0x1C || c > 0x1F)
}
