package jsonata

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/sfnx/sfnx/internal/value"
)

// base64encode takes each character as one byte (the low eight bits of its code units).
func base64encode(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() {
		return undefined, nil
	}
	s := v.Str()
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, n := decode(s, i)
		if i += n; r >= 0x10000 {
			r -= 0x10000
			b = append(b, byte(r>>10), byte(r))
			continue
		}
		b = append(b, byte(r))
	}
	out := base64.StdEncoding.EncodeToString(b)
	return value.String(out), ev.charge(len(out))
}

// base64decode makes one character of each byte. Characters outside the alphabet are passed over,
// beyond ASCII they end the text, as in Node.
func base64decode(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() {
		return undefined, nil
	}
	clean := make([]byte, 0, len(v.Str()))
	for _, c := range []byte(v.Str()) {
		switch c {
		case '-':
			c = '+'
		case '_':
			c = '/'
		}
		if c == '=' || c >= utf8.RuneSelf {
			break
		}
		if c == '+' || c == '/' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			clean = append(clean, c)
		}
	}
	if len(clean)%4 == 1 {
		clean = clean[:len(clean)-1]
	}
	b, err := base64.RawStdEncoding.DecodeString(string(clean))
	if err != nil {
		b = nil // cannot happen: the text has been made to fit
	}
	out := make([]byte, 0, len(b))
	for _, c := range b {
		out = utf8.AppendRune(out, rune(c))
	}
	return value.String(string(out)), ev.charge(len(out))
}

const (
	unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()"
	reservedIn = ";/?:@&=+$,#"
)

// escaper is $encodeUrl or $encodeUrlComponent: all but the kept characters become percent escapes.
func escaper(name, kept string) native {
	return func(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
		v := arg(args, 0)
		if v.IsUndefined() {
			return undefined, nil
		}
		s := v.Str()
		var b strings.Builder
		for i := 0; i < len(s); i++ {
			switch c := s[i]; {
			case surrogateAt(s, i):
				return undefined, &Error{Code: "D3140", value: v, word: name}
			case strings.IndexByte(kept, c) >= 0:
				b.WriteByte(c)
			default:
				const hex = "0123456789ABCDEF"
				b.Write([]byte{'%', hex[c>>4], hex[c&15]})
			}
		}
		return value.String(b.String()), ev.charge(b.Len())
	}
}

// unescaper is $decodeUrl or $decodeUrlComponent: escapes of the kept characters stay.
func unescaper(name, kept string) native {
	return func(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
		v := arg(args, 0)
		if v.IsUndefined() {
			return undefined, nil
		}
		s := v.Str()
		malformed := &Error{Code: "D3140", value: v, word: name}
		b := make([]byte, 0, len(s))
		for i := 0; i < len(s); i++ {
			if s[i] != '%' {
				b = append(b, s[i])
				continue
			}
			c, ok := percent(s, i)
			if !ok {
				return undefined, malformed
			}
			if c < utf8.RuneSelf {
				if strings.IndexByte(kept, c) >= 0 {
					b = append(b, s[i:i+3]...)
				} else {
					b = append(b, c)
				}
				i += 2
				continue
			}
			seq := []byte{c}
			for i += 3; !utf8.FullRune(seq); i += 3 {
				next, ok := percent(s, i)
				if !ok || next&0xC0 != 0x80 {
					return undefined, malformed
				}
				seq = append(seq, next)
			}
			i--
			if r, n := utf8.DecodeRune(seq); r == utf8.RuneError && n < 2 {
				return undefined, malformed
			}
			b = append(b, seq...)
		}
		return value.String(string(b)), ev.charge(len(b))
	}
}

// percent is the byte of the escape at i.
func percent(s string, i int) (byte, bool) {
	if i+2 >= len(s) || s[i] != '%' {
		return 0, false
	}
	c := 0
	for _, d := range []byte(s[i+1 : i+3]) {
		v := strings.IndexByte("0123456789abcdef", d|0x20)
		if d < '0' || d > '9' && d < 'A' || v < 0 {
			return 0, false
		}
		c = c<<4 | v
	}
	return byte(c), true
}

var (
	encodeURLComponent = escaper("encodeUrlComponent", unreserved)
	encodeURL          = escaper("encodeUrl", unreserved+reservedIn)
	decodeURLComponent = unescaper("decodeUrlComponent", "")
	decodeURL          = unescaper("decodeUrl", reservedIn)
)
