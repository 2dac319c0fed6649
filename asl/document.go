package asl

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth is the deepest nesting of JSON that is read; AWS's parser has the same limit.
const maxDepth = 1000

// node is a JSON value of the definition and the place it was read from. Scalars stay text until they are asked for.
type node struct {
	kind       jsontext.Kind // '{' '[' '"' '0' 't' 'f' 'n'
	start, end int           // bytes of the text
	members    []member      // of an object, without those that a later one replaces; elements of an array have no name
}

type member struct {
	name      string
	nameStart int
	node      node
}

// syntaxError says where a text stops being a JSON document, and why.
type syntaxError struct {
	offset int
	msg    string
}

// document reads the definition into nodes.
type document struct {
	text string
	dec  *jsontext.Decoder
	// duplicate is told about each member that has the name of an earlier one.
	duplicate func(pointer func() string, name string, nameStart int)
}

func readDocument(text string, duplicate func(pointer func() string, name string, nameStart int)) (root node, err *syntaxError) {
	if !utf8.ValidString(text) {
		return node{}, &syntaxError{invalidUTF8(text), "invalid UTF-8"}
	}
	d := &document{
		text: text,
		// An escaped half of a surrogate pair counts as invalid UTF-8 here, but AWS keeps it.
		dec:       jsontext.NewDecoder(strings.NewReader(text), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)),
		duplicate: duplicate,
	}
	root, err = d.value(0)
	if err != nil {
		return node{}, err
	}
	start := d.next()
	if _, err := d.dec.ReadToken(); !errors.Is(err, io.EOF) {
		return node{}, &syntaxError{start, "unexpected text after the definition"}
	}
	return root, nil
}

// invalidUTF8 is where the first byte stands that is not UTF-8.
func invalidUTF8(text string) int {
	offset := 0
	for offset < len(text) {
		r, size := utf8.DecodeRuneInString(text[offset:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		offset += size
	}
	return offset
}

// next is where the next token starts. Blanks, commas and colons before it are the decoder's to check.
func (d *document) next() int {
	i := int(d.dec.InputOffset())
	for i < len(d.text) && strings.IndexByte(" \t\r\n,:", d.text[i]) >= 0 {
		i++
	}
	return i
}

func (d *document) token() (jsontext.Token, int, *syntaxError) {
	start := d.next()
	tok, err := d.dec.ReadToken()
	if err == nil {
		return tok, start, nil
	}
	var syntax *jsontext.SyntacticError
	if !errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF) {
		return tok, start, &syntaxError{len(d.text), "unexpected end of the definition"}
	}
	at := min(int(syntax.ByteOffset), len(d.text)-1)
	if d.text[at] == ',' && start < len(d.text) && (d.text[start] == '}' || d.text[start] == ']') {
		return tok, start, &syntaxError{at, "unexpected ',' after the last element"}
	}
	return tok, start, &syntaxError{at, syntax.Err.Error()}
}

func (d *document) value(depth int) (node, *syntaxError) {
	tok, start, err := d.token()
	if err != nil {
		return node{}, err
	}
	return d.rest(tok, start, depth)
}

// rest reads what belongs to the value that tok starts.
func (d *document) rest(tok jsontext.Token, start, depth int) (node, *syntaxError) {
	n := node{kind: tok.Kind(), start: start}
	if n.kind == '{' || n.kind == '[' {
		if depth++; depth > maxDepth {
			return node{}, &syntaxError{start, fmt.Sprintf("nested deeper than %d levels", maxDepth)}
		}
		closing := jsontext.Kind('}')
		if n.kind == '[' {
			closing = ']'
		}
		for {
			tok, start, err := d.token()
			if err != nil {
				return node{}, err
			}
			if tok.Kind() == closing {
				break
			}
			m := member{nameStart: start}
			if n.kind == '{' {
				m.name = tok.String()
				m.node, err = d.value(depth)
			} else {
				m.node, err = d.rest(tok, start, depth)
			}
			if err != nil {
				return node{}, err
			}
			n.members = append(n.members, m)
		}
		if n.kind == '{' {
			n.members = d.lastOfEachName(n.members)
		}
	}
	n.end = int(d.dec.InputOffset())
	return n, nil
}

// lastOfEachName keeps the last of the members of one name, at the place of the first, as AWS's parser does.
func (d *document) lastOfEachName(members []member) []member {
	if len(members) < 2 {
		return members
	}
	kept := members[:0]
	find := func(name string) int {
		for i := range kept {
			if kept[i].name == name {
				return i
			}
		}
		return -1
	}
	if len(members) > 16 {
		seen := make(map[string]int, len(members))
		find = func(name string) int {
			if i, ok := seen[name]; ok {
				return i
			}
			seen[name] = len(kept)
			return -1
		}
	}
	for _, m := range members {
		if i := find(m.name); i >= 0 {
			d.duplicate(func() string { return string(d.dec.StackPointer().AppendToken(m.name)) }, m.name, m.nameStart)
			kept[i] = m
		} else {
			kept = append(kept, m)
		}
	}
	return kept
}
