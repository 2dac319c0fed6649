package output

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
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

// What a cause may take of a terminal.
const (
	mostLines = 40
	mostTrace = 8 // of these, each stack trace
)

var traceBegins = regexp.MustCompile(`^( *)"(stackTrace|stack_trace|trace|stack)": \[$`)

// abridged leaves out the end of stack traces, in JSON as unpack indents it, and of what still is too long. The document
// has all of it.
func abridged(text string) string {
	lines := strings.Split(text, "\n")
	var kept []string
	for i := 0; i < len(lines); i++ {
		kept = append(kept, lines[i])
		trace := traceBegins.FindStringSubmatch(lines[i])
		if trace == nil {
			continue
		}
		length := slices.IndexFunc(lines[i+1:], func(line string) bool { return strings.TrimRight(line, ",") == trace[1]+"]" })
		if length > mostTrace {
			kept = append(kept, lines[i+1:i+1+mostTrace]...)
			kept = append(kept, trace[1]+"  "+more(length-mostTrace))
			i += length
		}
	}
	if len(kept) > mostLines {
		kept = append(kept[:mostLines:mostLines], more(len(kept)-mostLines))
	}
	return strings.Join(kept, "\n")
}

func more(lines int) string {
	if lines == 1 {
		return "... 1 more line"
	}
	return fmt.Sprintf("... %d more lines", lines)
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
