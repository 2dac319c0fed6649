package cli

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// substitutions are the values of the ${placeholders} of a definition, each as JSON: what DefinitionSubstitutions is to
// AWS SAM and CloudFormation. Placeholders without a value stay as they are.
type substitutions map[string]jsontext.Value

// parseSubstitutions reads a JSON object of strings, numbers and booleans.
func parseSubstitutions(data string) (substitutions, error) {
	dec := jsontext.NewDecoder(strings.NewReader(data))
	if dec.PeekKind() != '{' {
		return nil, errors.New(`want a JSON object such as {"ChargeFunctionArn": "arn:aws:lambda:..."}`)
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, notJSON(data, err)
	}
	s := substitutions{}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, notJSON(data, err)
		}
		key := name.String()
		value, err := dec.ReadValue()
		if err != nil {
			return nil, notJSON(data, err)
		}
		if !strings.ContainsRune(`"0tf`, rune(value.Kind())) {
			return nil, fmt.Errorf("%q is %s, want a string, a number or a boolean", key, kindName(value.Kind()))
		}
		s[key] = value.Clone()
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, notJSON(data, err)
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errors.New("want one JSON object and nothing after it")
	}
	return s, nil
}

// substituted is a definition with values in place of its placeholders.
type substituted struct {
	text     string
	original string
	pieces   []piece // in the order of the text
}

// piece is a value in place of a placeholder: where it stands in the text, and where the placeholder stood.
type piece struct{ start, end, originalStart, originalEnd int }

// apply replaces the placeholders of a definition. Inside a JSON string a value is its text, escaped as JSON asks for;
// outside of strings it is the JSON value.
func (s substitutions) apply(text string) substituted {
	out := substituted{text: text, original: text}
	if len(s) == 0 {
		return out
	}
	var b strings.Builder
	quoted, kept := false, 0
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case text[i] == '\\':
			i++ // what it escapes
		case strings.HasPrefix(text[i:], "${"):
			length := strings.IndexAny(text[i:], "}\"\\")
			if length < 0 || text[i+length] != '}' {
				continue
			}
			value, known := s[text[i+2:i+length]]
			if !known {
				continue
			}
			literal := string(value)
			if quoted && value.Kind() == '"' {
				literal = literal[1 : len(literal)-1]
			}
			b.WriteString(text[kept:i])
			p := piece{start: b.Len(), originalStart: i, originalEnd: i + length + 1}
			b.WriteString(literal)
			p.end = b.Len()
			out.pieces = append(out.pieces, p)
			kept = p.originalEnd
			i = kept - 1
		}
	}
	b.WriteString(text[kept:])
	out.text = b.String()
	return out
}

// origin is where the byte at an offset of the text comes from. All of a value comes from the start of its placeholder.
func (s *substituted) origin(offset int) int {
	i := sort.Search(len(s.pieces), func(i int) bool { return s.pieces[i].start > offset })
	if i == 0 {
		return offset
	}
	p := s.pieces[i-1]
	if offset < p.end {
		return p.originalStart
	}
	return p.originalEnd + offset - p.end
}
