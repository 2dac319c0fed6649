// Package jsregex matches ECMAScript (ES2018) regular expressions with the flags i and m, as JSONata uses them.
//
//	re, err := jsregex.Compile(`(?<year>\d{4})-(\d\d)`, "")
//	budget := int64(1_000_000)
//	m, err := re.Find("on 2026-03-09", 0, &budget)   // m.Start 3, m.End 10, m.Groups[0] {3, 7}
//
// It is a backtracking matcher with everything that JavaScript has without flag u: look-ahead and look-behind,
// back-references, lazy quantifiers, groups that forget what they held when a loop comes round again, and the lenient
// syntax of Annex B. Go's regexp means something else in too many of these places to stand in for it. The matcher
// keeps the guarantee that makes regexp attractive wherever it can be had: once a search has become expensive, a
// pattern without look-around, back-references and counted groups remembers where it failed, and ends in time
// proportional to pattern times text. Every other pattern ends by the caller's budget of steps. Nothing recurses on
// the text, and memory is bounded.
//
// A text is UTF-8 and offsets count bytes, but as in JavaScript a character beyond U+FFFF is two units: its second
// half begins two bytes into it, and a match such as /./ may end there.
//
// It does not know the flags g, s, u and y, nor does it replace or split: that is the caller's.
package jsregex

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
)

// ErrBudget means that a search took more steps than its budget had left, or more memory than any search may have.
var ErrBudget = errors.New("the regular expression takes too many steps on this text: simplify it, or shorten the text")

// SyntaxError is a pattern that JavaScript rejects, in V8's words.
type SyntaxError struct {
	Pattern string
	Flags   string
	Message string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("Invalid regular expression: /%s/%s: %s", e.Pattern, e.Flags, e.Message)
}

// Regexp is a compiled pattern. It is immutable and may be shared.
type Regexp struct {
	prog      []inst
	groups    int // without the whole match
	registers int
	anchored  bool       // can match at 0 only
	first     *[256]bool // the bytes a match can begin with; nil if it can be empty
	linear    bool       // where it fails depends on nothing but instruction and position
	branches  int        // instructions that remember failures
}

// Match is where a pattern matched, in byte offsets.
type Match struct {
	Start, End int
	Groups     []Group // by number, from group 1
}

// Group is what a group captured; both offsets are -1 if it took no part.
type Group struct{ Start, End int }

// Compile reads pattern; flags are "i" and "m" in any combination. The error is a *SyntaxError.
func Compile(pattern, flags string) (*Regexp, error) {
	fail := func(message string) (*Regexp, error) {
		return nil, &SyntaxError{Pattern: pattern, Flags: flags, Message: message}
	}
	if strings.Trim(flags, "im") != "" || strings.Count(flags, "i") > 1 || strings.Count(flags, "m") > 1 {
		return fail("Invalid flags")
	}
	p := &parser{
		src:       utf16.Encode([]rune(pattern)),
		fold:      strings.Contains(flags, "i"),
		multiline: strings.Contains(flags, "m"),
	}
	root, err := p.parse()
	if err != nil {
		return fail(err.Error())
	}
	return compile(root, p.groups), nil
}

// NumGroups is the number of capturing groups.
func (r *Regexp) NumGroups() int { return r.groups }
