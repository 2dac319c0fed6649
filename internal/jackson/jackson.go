// Package jackson says what is wrong with a text that is not JSON, in the words of the parser that AWS uses.
//
//	if e := jackson.Explain(`{'not': "json"}`); e != nil {
//		e.Message // Unexpected character (''' (code 39)): was expecting double-quote to start field name
//		e.Source  // [Source: (String)"{'not': "json"}"; line: 1, column: 3]
//	}
//
// Recorded: the messages of StartExecution, of CreateStateMachine and of ValidateStateMachineDefinition are those of
// Jackson 2.10 to 2.13 reading a String. The package makes no values, and has no opinion on what follows the first value
// of a text or on how deep a text is nested, both of which Jackson can be told to refuse.
package jackson

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
)

const (
	maxString  = 0x8000 // a longer text is read through a StringReader, whose contents are not shown
	maxSnippet = 500    // how much of a text is shown
	maxToken   = 256    // how much of a token is shown
)

// Error is what Jackson says of a text.
type Error struct {
	Message string // what is wrong
	Brief   string // Message without the parts of the text that some messages quote
	Source  string // the start of the text, and where reading stopped: one past the character that is wrong
}

// Explain is what Jackson says of text, nil if the first value in it is JSON or if there is none.
func Explain(text string) *Error {
	s := &scanner{text: utf16.Encode([]rune(text)), line: 1, levels: []level{{line: 1}}}
	if s.document() {
		return nil
	}
	return s.err
}

// level is an object, an array, or the text itself.
type level struct {
	open         int // '{', '[', or 0
	line, column int // of the opening bracket
	filled       bool
}

func (l *level) String() string {
	switch l.open {
	case '{':
		return "Object"
	case '[':
		return "Array"
	}
	return "root"
}

// scanner reads like Jackson's ReaderBasedJsonParser: in UTF-16, and at most one character ahead.
type scanner struct {
	text      []uint16
	i         int // of the next character
	line      int
	lineStart int
	levels    []level // open ones, the text itself first
	err       *Error
}

func (s *scanner) fail(format string, args ...any) bool {
	message := fmt.Sprintf(format, args...)
	s.err = &Error{Message: message, Brief: message, Source: s.source(s.line, s.i-s.lineStart+1)}
	return false
}

// failIn is fail with the place where in begins as the last argument.
func (s *scanner) failIn(in *level, format string, args ...any) bool {
	s.fail(format, append(args, s.source(in.line, in.column))...)
	s.err.Brief = fmt.Sprintf(format, append(args, fmt.Sprintf("line: %d, column: %d", in.line, in.column))...)
	return false
}

func (s *scanner) unexpected(c int, comment string) bool {
	return s.fail("Unexpected character (%s): %s", describe(c), comment)
}

func (s *scanner) end(where string) bool { return s.fail("Unexpected end-of-input%s", where) }

// describe names a character as Jackson's _getCharDesc does.
func describe(c int) string {
	switch {
	case isControl(c):
		return fmt.Sprintf("(CTRL-CHAR, code %d)", c)
	case c > 255:
		return fmt.Sprintf("'%c' (code %d / 0x%x)", c, c, c)
	}
	return fmt.Sprintf("'%c' (code %d)", c, c)
}

// source is Jackson's JsonLocation.
func (s *scanner) source(line, column int) string {
	var b strings.Builder
	b.WriteString("[Source: ")
	if len(s.text) > maxString {
		b.WriteString("(StringReader)")
	} else {
		shown := s.text[:min(len(s.text), maxSnippet)]
		b.WriteString(`(String)"` + string(utf16.Decode(shown)) + `"`)
		if cut := len(s.text) - len(shown); cut > 0 {
			b.WriteString("[truncated " + strconv.Itoa(cut) + " chars]")
		}
	}
	fmt.Fprintf(&b, "; line: %d, column: %d]", line, column)
	return b.String()
}
