package jsonata

import (
	"math"
	"strconv"
	"strings"

	"github.com/sfnx/sfnx/internal/value"
)

// numberText is a number as JavaScript writes it.
func numberText(f float64) string {
	switch {
	case f != f:
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return value.Float(f).JSON()
}

// safeInt is a whole number that a float64 holds exactly.
func safeInt(v value.Value) (int64, bool) {
	if !v.IsInt() {
		return 0, false
	}
	n, _ := v.Int64()
	return n, n < 1<<53 && n > -1<<53
}

// shortNumber is a number as $string writes it: 15 digits unless it is whole.
func shortNumber(v value.Value) string {
	if n, ok := safeInt(v); ok {
		return strconv.FormatInt(n, 10)
	}
	f := v.Float64()
	if f == math.Trunc(f) {
		return numberText(f)
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'e', 14, 64), 64)
	return numberText(rounded)
}

func parseNumber(text string) value.Value {
	f, _ := strconv.ParseFloat(text, 64)
	return value.Float(f)
}

// text is a value as a string; undefined is empty.
func (ev *evaluator) text(v value.Value) (string, *Error) {
	switch v.Kind() {
	case value.StringKind:
		return v.Str(), nil
	case value.UndefinedKind, value.OpaqueKind:
		return "", nil
	case value.NumberKind:
		if f := v.Float64(); f-f != 0 {
			return "", &Error{Code: "D3001", value: v}
		}
		return shortNumber(v), nil
	}
	return ev.stringify(v, "")
}

func (ev *evaluator) stringify(v value.Value, indent string) (string, *Error) {
	s, err := stringify(v, indent, ev.bytes)
	if err == nil {
		err = ev.charge(len(s))
	}
	if err == nil {
		err = ev.step(len(s) / 16)
	}
	return s, err
}

// stringify is JSON.stringify with the language's rules for numbers and functions. With indent it writes lines.
// A value may be much longer as text than in memory, where its parts are shared: it stops after limit bytes.
func stringify(v value.Value, indent string, limit int64) (string, *Error) {
	w := jsonWriter{indent: indent, limit: limit}
	err := w.write(v, 0)
	return string(w.b), err
}

type jsonWriter struct {
	b      []byte
	indent string
	limit  int64
}

func (w *jsonWriter) line(depth int) {
	if w.indent != "" {
		w.b = append(w.b, '\n')
		for range depth {
			w.b = append(w.b, w.indent...)
		}
	}
}

func (w *jsonWriter) write(v value.Value, depth int) *Error {
	if depth > 2*value.MaxDepth {
		return &Error{Code: CodeDepth}
	}
	if int64(len(w.b)) > w.limit {
		return &Error{Code: CodeBytes}
	}
	switch v.Kind() {
	case value.UndefinedKind, value.NullKind:
		w.b = append(w.b, "null"...)
	case value.OpaqueKind:
		w.b = append(w.b, `""`...)
	case value.NumberKind:
		if err := finite(v); err != nil {
			return err
		}
		if f := v.Float64(); f != f {
			w.b = append(w.b, "null"...)
		} else {
			w.b = append(w.b, shortNumber(v)...)
		}
	case value.StringKind:
		w.b = appendJSString(w.b, v.Str())
	case value.ArrayKind:
		w.b = append(w.b, '[')
		for i, item := range v.Items() {
			if i > 0 {
				w.b = append(w.b, ',')
			}
			w.line(depth + 1)
			if err := w.write(item, depth+1); err != nil {
				return err
			}
		}
		if v.Len() > 0 {
			w.line(depth)
		}
		w.b = append(w.b, ']')
	case value.ObjectKind:
		w.b = append(w.b, '{')
		for i := range v.Len() {
			k, item := v.Member(i)
			if i > 0 {
				w.b = append(w.b, ',')
			}
			w.line(depth + 1)
			w.b = append(appendJSString(w.b, k), ':')
			if w.indent != "" {
				w.b = append(w.b, ' ')
			}
			if err := w.write(item, depth+1); err != nil {
				return err
			}
		}
		if v.Len() > 0 {
			w.line(depth)
		}
		w.b = append(w.b, '}')
	default:
		w.b = v.AppendJSON(w.b)
	}
	return nil
}

// appendJSString quotes as JavaScript does, with small letters in \u00xx.
func appendJSString(b []byte, s string) []byte {
	from := len(b)
	b = value.AppendQuoted(b, s)
	for i := from; i+5 < len(b); i++ {
		if b[i] == '\\' {
			if b[i+1] == 'u' {
				for k := i + 2; k < i+6; k++ {
					if b[k] >= 'A' && b[k] <= 'F' {
						b[k] += 'a' - 'A'
					}
				}
			}
			i++
		}
	}
	return b
}

func stringOf(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() {
		return undefined, nil
	}
	if v.Mark()&outerMark != 0 {
		v = v.Items()[0]
	}
	if arg(args, 1).Bool() && (v.Kind() == value.ArrayKind || v.Kind() == value.ObjectKind) {
		s, err := ev.stringify(v, "  ")
		return value.String(s), err
	}
	s, err := ev.text(v)
	return value.String(s), err
}

// textFunction is a function of one string.
func textFunction(f func(string) value.Value) native {
	return func(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
		v := arg(args, 0)
		if v.IsUndefined() {
			return undefined, nil
		}
		s := v.Str()
		if err := ev.step(len(s) / 16); err != nil {
			return undefined, err
		}
		return f(s), ev.charge(len(s))
	}
}

var (
	lowercase = textFunction(func(s string) value.Value { return value.String(mapCase(s, strings.ToLower)) })
	uppercase = textFunction(func(s string) value.Value {
		return value.String(mapCase(s, func(s string) string {
			if !isASCII(s) {
				s = special.Replace(s)
			}
			return strings.ToUpper(s)
		}))
	})
	length = textFunction(func(s string) value.Value { return value.Int(int64(lengthOf(s))) })
	trim   = textFunction(func(s string) value.Value {
		blank := func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }
		return value.String(strings.Join(strings.FieldsFunc(s, blank), " "))
	})
)

func substring(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() {
		return undefined, nil
	}
	s := v.Str()
	if err := ev.step(len(s) / 16); err != nil {
		return undefined, err
	}
	n := float64(lengthOf(s))
	start := arg(args, 1).Float64()
	if n+start < 0 {
		start = 0
	}
	end := n
	if l := arg(args, 2); !l.IsUndefined() {
		if l.Float64() <= 0 {
			return value.String(""), nil
		}
		end = start + l.Float64()
		if start < 0 {
			end += n
		}
	}
	from, to := sliceIndex(start, n), sliceIndex(end, n)
	if from >= to {
		return value.String(""), nil
	}
	if len(s) == int(n) {
		return value.String(s[from:to]), nil
	}
	at := byteOf(s, from)
	return value.String(s[at : at+byteOf(s[at:], to-from)]), nil
}

// sliceIndex is an argument of JavaScript's slice: truncated, counted from the end if negative, kept within the length.
func sliceIndex(f, n float64) int {
	if f != f {
		return 0
	}
	f = math.Trunc(f)
	if f < 0 {
		f = math.Max(0, f+n)
	}
	return int(math.Min(f, n))
}

func substringBefore(_ *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() || arg(args, 1).IsUndefined() {
		return v, nil
	}
	before, _, _ := strings.Cut(v.Str(), arg(args, 1).Str())
	return value.String(before), nil
}

func substringAfter(_ *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() || arg(args, 1).IsUndefined() {
		return v, nil
	}
	_, after, ok := strings.Cut(v.Str(), arg(args, 1).Str())
	if !ok {
		after = v.Str()
	}
	return value.String(after), nil
}

func pad(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() {
		return undefined, nil
	}
	s, fill := v.Str(), arg(args, 2).Str()
	if fill == "" {
		fill = " "
	}
	width := math.Trunc(arg(args, 1).Float64())
	missing := math.Abs(width) - float64(lengthOf(s))
	if !(missing > 0) {
		return v, nil
	}
	size := missing*float64(len(fill)) + float64(len(s))
	if size > math.MaxInt32 {
		return undefined, &Error{Code: CodeBytes}
	}
	if err := ev.charge(int(size)); err != nil {
		return undefined, err
	}
	n := int(missing)
	padding := strings.Repeat(fill, n)
	if l := lengthOf(fill); l > 1 {
		padding = padding[:byteOf(padding, n)]
	}
	if width > 0 {
		return value.String(concat(s, padding)), nil
	}
	return value.String(concat(padding, s)), nil
}

func join(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() {
		return undefined, nil
	}
	items, separator := v.Items(), arg(args, 1).Str()
	size := 0
	for _, item := range items {
		size += len(item.Str()) + len(separator)
	}
	if err := ev.charge(size); err != nil {
		return undefined, err
	}
	if err := ev.step(len(items)); err != nil {
		return undefined, err
	}
	b := make([]byte, 0, size)
	for i, item := range items {
		if i > 0 {
			b = append(b, separator...)
		}
		b = append(b, item.Str()...)
	}
	if !isASCII(separator) || separator == "" {
		b = joinSurrogates(b)
	}
	return value.String(string(b)), nil
}
