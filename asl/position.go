package asl

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// positions finds line and column of any byte of a text without reading the text again.
type positions struct {
	text  string
	lines []int // where each line starts
	runes []int // characters before byte i*runeStep; nil if all characters are bytes
}

const runeStep = 1024

// Positions finds line and column of any byte of a text, for findings that are shown in another text than the one that was
// parsed: a definition before its placeholders were replaced.
func Positions(text string) func(offset int) Position { return newPositions(text).at }

func newPositions(text string) *positions {
	ps := &positions{text: text, lines: make([]int, 1, strings.Count(text, "\n")+1)}
	for i := 0; ; {
		next := strings.IndexByte(text[i:], '\n')
		if next < 0 {
			break
		}
		i += next + 1
		ps.lines = append(ps.lines, i)
	}
	if count := runesStarting(text); count < len(text) {
		count = 0
		for i := 0; i < len(text); i += runeStep {
			ps.runes = append(ps.runes, count)
			count += runesStarting(text[i:min(i+runeStep, len(text))])
		}
	}
	return ps
}

// at is the position of the byte at offset.
func (ps *positions) at(offset int) Position {
	line := sort.SearchInts(ps.lines, offset+1)
	return Position{Offset: offset, Line: line, Column: ps.before(offset) - ps.before(ps.lines[line-1]) + 1}
}

// before is the number of characters that start before offset.
func (ps *positions) before(offset int) int {
	if ps.runes == nil {
		return offset
	}
	i := min(offset/runeStep, len(ps.runes)-1)
	return ps.runes[i] + runesStarting(ps.text[i*runeStep:offset])
}

func runesStarting(s string) int {
	n := 0
	for i := range len(s) {
		if utf8.RuneStart(s[i]) {
			n++
		}
	}
	return n
}
