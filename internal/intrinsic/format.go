package intrinsic

import (
	"strings"

	"github.com/sfnx/sfnx/internal/value"
)

// template is the first argument of States.Format: the texts around its {}.
type template struct {
	texts []string
	fault string // why it is none; AWS says so when the call runs (measured)
}

// parseTemplate takes a template apart. A backslash makes a brace, a quote or a backslash plain.
func parseTemplate(s string) *template {
	t := &template{}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && strings.IndexByte(`'{}\`, s[i+1]) >= 0:
			i++
			b.WriteByte(s[i])
		case c == '{' && i+1 < len(s) && s[i+1] == '}':
			i++
			t.texts = append(t.texts, b.String())
			b.Reset()
		case c == '{':
			t.fault = "matching '}' not found for '{'"
			return t
		case c == '}':
			t.fault = "matching '{' not found for '}'"
			return t
		default:
			b.WriteByte(c)
		}
	}
	t.texts = append(t.texts, b.String())
	return t
}

func format(in invocation) (value.Value, error) {
	if len(in.args) == 0 || in.args[0].Kind() != value.StringKind {
		return in.invalid()
	}
	t := in.node.args[0].template
	if t == nil {
		t = parseTemplate(in.args[0].Str())
	}
	fills := in.args[1:]
	switch {
	case t.fault != "":
		return value.Value{}, &Failure{"Invalid template in States.Format: " + t.fault + "."}
	case len(fills) != len(t.texts)-1:
		return value.Value{}, &Failure{"Invalid arguments in States.Format: number of arguments do not match the occurrences of {}."}
	}
	if err := in.heavy(in.args...); err != nil {
		return value.Value{}, err
	}
	out := append(make([]byte, 0, 64), t.texts[0]...)
	for i, v := range fills {
		out = append(appendJava(out, v), t.texts[i+1]...)
	}
	return value.String(string(out)), nil
}
