package tasks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Problem is one mistake in a mock configuration.
type Problem struct {
	Line    int    // from 1
	Column  int    // from 1, in characters
	Pointer string // RFC 6901 pointer to the value; empty for the whole text
	Message string
}

// String is the mistake on one line: 12:9: message at /MockedResponses/Paid/0.
func (p Problem) String() string {
	s := fmt.Sprintf("%d:%d: %s", p.Line, p.Column, p.Message)
	if p.Pointer != "" {
		s += " at " + p.Pointer
	}
	return s
}

// Problems are the mistakes of a mock configuration, in the order of the text.
type Problems []Problem

// Error lists the mistakes, one on a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// place is where a value, or the name of a member, stands in the text.
type place struct {
	offset  int
	pointer string
}

type mistake struct {
	place
	message string
}

// problems puts mistakes in the order of the text and finds their lines.
func problems(text string, mistakes []mistake) Problems {
	slices.SortStableFunc(mistakes, func(a, b mistake) int { return cmp.Compare(a.offset, b.offset) })
	out := make(Problems, len(mistakes))
	line, column, read := 1, 1, 0
	for i, m := range mistakes {
		between := text[read:m.offset]
		if n := strings.LastIndexByte(between, '\n'); n >= 0 {
			line += strings.Count(between, "\n")
			column, between = 1, between[n+1:]
		}
		column += utf8.RuneCountInString(between)
		read = m.offset
		out[i] = Problem{Line: line, Column: column, Pointer: m.pointer, Message: m.message}
	}
	return out
}
