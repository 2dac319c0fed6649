// Package jsonpath compiles JSONPath texts and evaluates them on values, in the dialect of AWS Step Functions:
// the early Jayway engine (definite and indefinite paths, its error texts) with the filter operators of the later one.
//
//	p, err := jsonpath.Parse("$.orders[?(@.total > 100)].id") // err is a *SyntaxError
//	v, err := p.Eval(doc)                                     // err is a *NotFound or ErrTooManySteps
//
// A Path is immutable and safe for concurrent use. The package knows nothing of states: a path may start at $, $$ or
// $name, and what stands behind that root is the caller's business. There are no functions: on AWS $.list.length()
// looks for a member of that name (measured), and so it does here.
package jsonpath

import (
	"strconv"
	"strings"
)

// Path is a compiled path.
type Path struct {
	src      string
	root     string
	segments []segment
	definite bool
}

type kind uint8

const (
	member   kind = iota // .a ['a']
	members              // ['a','b']
	index                // [3]
	fromEnd              // [(@.length-3)]
	indices              // [0,3]
	slice                // [1:3]
	wildcard             // .* [*]
	scan                 // ..
	filtered             // [?(...)]
)

type segment struct {
	kind    kind
	special bool   // a dotted name with a character that Reference Paths must escape
	name    string // member
	names   []string
	n       int   // index; fromEnd: how far
	ns      []int // indices
	bounds  bounds
	filter  condition
	text    string // the filter as written, brackets included
}

// bounds are the ends of a slice; a side that is not there has a false flag.
type bounds struct {
	from, to       int
	hasFrom, hasTo bool
}

// String is the path as it was written.
func (p *Path) String() string { return p.src }

// Root is what follows the first $: "" for the document itself, "$" for $$, a name for $name.
func (p *Path) Root() string { return p.root }

// IsRoot reports whether the path is its root alone.
func (p *Path) IsRoot() bool { return len(p.segments) == 0 }

// Definite reports whether the path stands for one node. Others give the array of their matches.
func (p *Path) Definite() bool { return p.definite }

// IsReference reports whether the path is a Reference Path: names and indices only, the characters @ , : ? * ( ) in a
// dotted name escaped (ASL "Reference Paths").
func (p *Path) IsReference() bool {
	for i := range p.segments {
		if s := &p.segments[i]; s.kind != member && s.kind != index || s.special {
			return false
		}
	}
	return true
}

// Normal is the form that error texts show: $['a'][0], whatever the root.
func (p *Path) Normal() string { return p.upTo(len(p.segments)) }

// upTo is the normal form of the first n segments.
func (p *Path) upTo(n int) string { return "$" + fragments(p.segments[:n]) }

func fragments(segments []segment) string {
	var b strings.Builder
	for i := range segments {
		segments[i].write(&b)
	}
	return b.String()
}

func (s *segment) write(b *strings.Builder) {
	switch s.kind {
	case member:
		b.WriteString("['" + s.name + "']")
	case members:
		b.WriteString("['" + strings.Join(s.names, "', '") + "']")
	case index:
		b.WriteString("[" + strconv.Itoa(s.n) + "]")
	case fromEnd:
		b.WriteString("[@.size()-" + strconv.Itoa(s.n) + "]")
	case indices:
		b.WriteByte('[')
		for i, n := range s.ns {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strconv.Itoa(n))
		}
		b.WriteByte(']')
	case slice:
		b.WriteByte('[')
		if s.bounds.hasFrom {
			b.WriteString(strconv.Itoa(s.bounds.from))
		}
		b.WriteByte(':')
		if s.bounds.hasTo {
			b.WriteString(strconv.Itoa(s.bounds.to))
		}
		b.WriteByte(']')
	case wildcard:
		b.WriteString("[*]")
	case scan:
		b.WriteString("..")
	case filtered:
		b.WriteString(s.text)
	}
}
