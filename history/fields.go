package history

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// field ties a member of a details object to the place of its value, for writing and for reading.
type field struct {
	name string
	// at is *string, **string, *int, **int, **int64, *Text, *[]Variable or credentials.
	at any
	// required members are written even when they are empty.
	required bool
}

func required(name string, at any) field { return field{name: name, at: at, required: true} }
func optional(name string, at any) field { return field{name: name, at: at} }

// credentials is the member taskCredentials: {"roleArn": "..."}.
type credentials struct{ roleArn *string }

// fielder is what every details struct is.
type fielder interface {
	Details
	fields() []field
}

// appendFields writes a details object. Beside a text goes a second member that says it is whole, as AWS does:
// "input":"...","inputDetails":{"truncated":false}. This API never truncates (recorded).
func appendFields(dst []byte, fields []field) []byte {
	dst = append(dst, '{')
	first := true
	name := func(n string) {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = appendString(dst, n)
		dst = append(dst, ':')
	}
	for _, f := range fields {
		switch at := f.at.(type) {
		case *string:
			if f.required || *at != "" {
				name(f.name)
				dst = appendString(dst, *at)
			}
		case **string:
			if *at != nil {
				name(f.name)
				dst = appendString(dst, **at)
			}
		case *int:
			name(f.name)
			dst = strconv.AppendInt(dst, int64(*at), 10)
		case **int:
			if *at != nil {
				name(f.name)
				dst = strconv.AppendInt(dst, int64(**at), 10)
			}
		case **int64:
			if *at != nil {
				name(f.name)
				dst = strconv.AppendInt(dst, **at, 10)
			}
		case *Text:
			if at.IsZero() {
				continue
			}
			name(f.name)
			dst = appendString(dst, at.String())
			if f.name == "input" || f.name == "output" {
				name(f.name + "Details")
				dst = append(dst, `{"truncated":false}`...)
			}
		case *[]Variable:
			if len(*at) == 0 {
				continue
			}
			name(f.name)
			dst = appendVariables(dst, *at)
			name(f.name + "Details")
			dst = append(dst, `{"truncated":false}`...)
		case credentials:
			if *at.roleArn != "" {
				name(f.name)
				dst = append(dst, `{"roleArn":`...)
				dst = appendString(dst, *at.roleArn)
				dst = append(dst, '}')
			}
		default:
			panic(fmt.Sprintf("history: member %s has no writer for %T", f.name, at))
		}
	}
	return append(dst, '}')
}

func appendVariables(dst []byte, vars []Variable) []byte {
	dst = append(dst, '{')
	for i, v := range vars {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, v.Name)
		dst = append(dst, ':')
		dst = appendString(dst, v.Value.String())
	}
	return append(dst, '}')
}

func readFields(members []member, fields []field) error {
	for _, m := range members {
		for _, f := range fields {
			if f.name != m.name {
				continue
			}
			if err := readField(m.value, f.at); err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
		}
	}
	return nil
}

func readField(value json.RawMessage, at any) error {
	switch at := at.(type) {
	case *Text:
		var s string
		if err := json.Unmarshal(value, &s); err != nil {
			return err
		}
		*at = Literal(s)
	case *[]Variable:
		members, err := object(value)
		if err != nil {
			return err
		}
		*at = nil
		for _, m := range members {
			v := Variable{Name: m.name}
			if err := readField(m.value, &v.Value); err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
			*at = append(*at, v)
		}
	case credentials:
		members, err := object(value)
		if err != nil {
			return err
		}
		return readFields(members, []field{optional("roleArn", at.roleArn)})
	default:
		return json.Unmarshal(value, at)
	}
	return nil
}

const hex = "0123456789abcdef"

// appendString writes a JSON string with no more escapes than JSON asks for. Bytes that are not UTF-8 become U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(dst, s[start:i]...)
				dst = append(dst, "\ufffd"...)
				start = i + size
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}
