package output

import (
	"bytes"
	"encoding/json"
)

// pretty is the JSON of a value with two spaces of indentation and a newline.
func pretty(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	mustEncode(e, v)
	return b.Bytes()
}

// member is one member of an object whose order matters.
type member struct {
	key   string
	value any
}

// line is the JSON of an object on one line, and a newline.
func line(members []member) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for i, m := range members {
		b.WriteByte("{,"[min(i, 1)])
		mustEncode(e, m.key)
		b.Truncate(b.Len() - 1) // the encoder's newline
		b.WriteByte(':')
		mustEncode(e, m.value)
		b.Truncate(b.Len() - 1)
	}
	b.WriteString("}\n")
	return b.Bytes()
}

// mustEncode encodes a value of this package: texts, numbers and structs of these, which cannot fail.
func mustEncode(e *json.Encoder, v any) {
	if err := e.Encode(v); err != nil {
		panic(err)
	}
}
