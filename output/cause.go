package output

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// unpack makes a cause readable. A cause often is JSON (a Lambda function's error), and JSON within JSON (that of a
// child execution): objects and arrays inside of strings are opened, and the whole is indented. Any other text stays
// as it is.
func unpack(cause string) string {
	const depth = 8 // of JSON within JSON
	text, ok := expand(cause, depth)
	if !ok {
		return cause
	}
	var b bytes.Buffer
	out := jsontext.NewEncoder(&b, jsontext.WithIndent("  "), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if err := out.WriteValue(text); err != nil {
		return cause
	}
	return strings.TrimSpace(b.String())
}

// expand gives the JSON object or array in a text with the strings inside of it expanded.
func expand(text string, depth int) (jsontext.Value, bool) {
	trimmed := strings.TrimSpace(text)
	if depth == 0 || !strings.HasPrefix(trimmed, "{") && !strings.HasPrefix(trimmed, "[") {
		return nil, false
	}
	in := jsontext.NewDecoder(strings.NewReader(trimmed), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	var b bytes.Buffer
	out := jsontext.NewEncoder(&b, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for {
		token, err := in.ReadToken()
		if errors.Is(err, io.EOF) {
			return b.Bytes(), true
		}
		if err != nil {
			return nil, false
		}
		kind, length := in.StackIndex(in.StackDepth())
		isName := kind == '{' && length%2 == 1
		if token.Kind() == '"' && !isName {
			if inner, ok := expand(token.String(), depth-1); ok {
				err = out.WriteValue(inner)
			} else {
				err = out.WriteToken(token)
			}
		} else {
			err = out.WriteToken(token)
		}
		if err != nil {
			return nil, false
		}
	}
}
