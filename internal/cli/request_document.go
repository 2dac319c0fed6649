package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"github.com/sfnx/sfnx/internal/secret"
)

// document reads a request document: one JSON object whose keys are those of the fields. An unknown key, a key that is
// given twice and a value of the wrong type are field errors. null is as good as leaving the key out.
func (m *merge) document(name string) {
	data, err := m.read(name, source{"--request", byFlag})
	if err != nil {
		m.fail("request", name, err.Error())
		return
	}
	if err := m.members(string(data)); err != nil {
		m.fail("request", name, err.Error())
	}
}

func (m *merge) members(data string) error {
	// Whether the texts in it are good is for the rules of their fields to say.
	dec := jsontext.NewDecoder(strings.NewReader(data), jsontext.AllowDuplicateNames(true))
	if dec.PeekKind() != '{' {
		if _, err := dec.ReadValue(); err != nil {
			return notJSON(data, err)
		}
		return errors.New("want a JSON object")
	}
	if _, err := dec.ReadToken(); err != nil {
		return notJSON(data, err)
	}
	seen := map[string]bool{}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return notJSON(data, err)
		}
		key := name.String()
		value, err := dec.ReadValue()
		if err != nil {
			return notJSON(data, err)
		}
		if seen[key] {
			m.fail(key, "", "stands twice in the request document")
		}
		seen[key] = true
		m.member(key, value.Clone())
	}
	if _, err := dec.ReadToken(); err != nil {
		return notJSON(data, err)
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return errors.New("want one JSON object and nothing after it")
	}
	return nil
}

// member takes one member of the document.
func (m *merge) member(key string, value jsontext.Value) {
	f, known := fieldOf(key)
	if !known {
		m.fail(key, "", "is no key of a request document"+meantKey(key))
		return
	}
	if value.Kind() == 'n' {
		return
	}
	texts, ok := textsOf(f.kind, value)
	if !ok {
		shown := string(value)
		if f.secret || slices.Contains(value, '{') { // what stands in an object may be a secret
			shown = secret.Mask
		}
		m.broken[key] = true
		m.fail(key, shown, fmt.Sprintf("want %s, got %s", f.kind, kindName(value.Kind())))
		return
	}
	delete(m.broken, key)
	m.values[key] = given{texts, source{"the request document", byDocument}}
}

// textsOf is a value of the document as a variable or flag would have given it.
func textsOf(k kind, value jsontext.Value) ([]string, bool) {
	got := value.Kind()
	var want []jsontext.Kind
	switch k {
	case textKind:
		want = []jsontext.Kind{'"'}
	case booleanKind:
		want = []jsontext.Kind{'t', 'f'}
	case integerKind:
		want = []jsontext.Kind{'0'}
	case durationKind:
		want = []jsontext.Kind{'0', '"'}
	case jsonKind:
		want = []jsontext.Kind{'"', '{', '['}
	case listKind:
		want = []jsontext.Kind{'"', '['}
	}
	switch {
	case !slices.Contains(want, got):
		return nil, false
	case got == '"':
		return []string{unquoted(value)}, true
	case got == '[' && k == listKind:
		return stringsOf(value)
	}
	return []string{string(value)}, true
}

// stringsOf is the members of an array of strings.
func stringsOf(array jsontext.Value) (texts []string, ok bool) {
	dec := jsontext.NewDecoder(strings.NewReader(string(array)))
	for {
		t, err := dec.ReadToken()
		switch {
		case err != nil:
			return texts, errors.Is(err, io.EOF) && len(texts) > 0
		case t.Kind() == '"':
			texts = append(texts, t.String())
		case dec.StackDepth() > 1 || t.Kind() != '[' && t.Kind() != ']':
			return nil, false
		}
	}
}

// unquoted is the text of a JSON string that is known to be one.
func unquoted(value jsontext.Value) string {
	text, err := jsontext.AppendUnquote(nil, value)
	if err != nil {
		panic(fmt.Errorf("a string that was read cannot be unquoted: %w", err))
	}
	return string(text)
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '"':
		return "a string"
	case '0':
		return "a number"
	case 't', 'f':
		return "a boolean"
	case '{':
		return "an object"
	case '[':
		return "an array"
	}
	return "null"
}

// notJSON says where a document stops being JSON, without repeating what stands there.
func notJSON(data string, err error) error {
	var syntax *jsontext.SyntacticError
	offset := len(data)
	if errors.As(err, &syntax) {
		offset = min(int(syntax.ByteOffset), len(data))
	}
	before := data[:offset]
	line := strings.Count(before, "\n") + 1
	column := len(before) - strings.LastIndexByte(before, '\n')
	return fmt.Errorf("is not JSON from line %d, column %d on", line, column)
}

// meantKey says which key was probably meant, or which keys there are.
func meantKey(key string) string {
	for _, f := range fields {
		if f.key != "" && keyOf(f.flag) == key {
			return didYouMean([]string{f.key})
		}
	}
	names := &cobra.Command{SuggestionsMinimumDistance: suggestionDistance}
	var all []string
	for _, f := range fields {
		if f.key != "" {
			all = append(all, f.key)
			names.AddCommand(&cobra.Command{Use: f.key, Run: func(*cobra.Command, []string) {}})
		}
	}
	if near := names.SuggestionsFor(key); len(near) > 0 && key != "" {
		return didYouMean(near)
	}
	return "; the keys are " + strings.Join(all, ", ")
}
