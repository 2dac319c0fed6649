package jsonata

import (
	"math"
	"strconv"
	"strings"

	"github.com/sfnx/sfnx/internal/value"
)

// limitOf is an optional limit, -1 if there is none.
func limitOf(v value.Value, code string) (float64, *Error) {
	if v.IsUndefined() {
		return -1, nil
	}
	if v.Float64() < 0 {
		return 0, &Error{Code: code, value: v}
	}
	return v.Float64(), nil
}

func containsText(ev *evaluator, c caller, args []value.Value) (value.Value, *Error) {
	v, token := arg(args, 0), arg(args, 1)
	if v.IsUndefined() || token.IsUndefined() {
		return undefined, nil
	}
	if token.Kind() == value.StringKind {
		return value.Bool(strings.Contains(v.Str(), token.Str())), ev.step(len(v.Str()) / 16)
	}
	hit := false
	err := ev.matches(functionOf(token), v.Str(), 1, c, func(*found) *Error {
		hit = true
		return nil
	})
	return value.Bool(hit), err
}

var foundShape = value.NewShape([]string{"match", "index", "groups"})

func match(ev *evaluator, c caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() {
		return undefined, nil
	}
	limit, err := limitOf(arg(args, 2), "D3040")
	if err != nil {
		return undefined, err
	}
	s := v.Str()
	var out []value.Value
	at, units := 0, 0
	err = ev.matches(functionOf(arg(args, 1)), s, limit, c, func(m *found) *Error {
		if at > m.start || !whole(s, at) {
			at, units = 0, 0
		}
		units += unitsBefore(s[at:], m.start-at)
		at = m.start
		out = append(out, value.ObjectOf(foundShape, []value.Value{value.String(m.match), value.Int(int64(units)), value.Array(m.groups...)}))
		return ev.step(1)
	})
	return sequence(out), err
}

func split(ev *evaluator, c caller, args []value.Value) (value.Value, *Error) {
	v, separator := arg(args, 0), arg(args, 1)
	if v.IsUndefined() {
		return undefined, nil
	}
	limit, err := limitOf(arg(args, 2), "D3020")
	if err != nil {
		return undefined, err
	}
	s := v.Str()
	var out []value.Value
	add := func(part string) *Error {
		out = append(out, value.String(part))
		return ev.charge(itemBytes)
	}
	if limit == 0 {
		return value.Array(), nil
	}
	if separator.Kind() != value.StringKind {
		if separator.IsUndefined() {
			return value.Array(v), nil
		}
		start := 0
		err := ev.matches(functionOf(separator), s, limit, c, func(m *found) *Error {
			part := cut(s, min(start, len(s)), max(start, m.start))
			start = m.end
			return add(part)
		})
		if err == nil && (limit < 0 || float64(len(out)) < limit) {
			err = add(cut(s, min(start, len(s)), len(s)))
		}
		return value.Array(out...), err
	}
	if limit > 0 {
		limit = math.Trunc(limit)
	}
	full := func() bool { return limit >= 0 && float64(len(out)) >= limit }
	if separator.Str() == "" {
		parts := units(s, limit)
		return value.Array(parts...), ev.charge(headerBytes + itemBytes*len(parts))
	}
	for !full() {
		before, after, ok := strings.Cut(s, separator.Str())
		if err := add(before); err != nil {
			return undefined, err
		}
		if !ok {
			break
		}
		s = after
	}
	return value.Array(out...), nil
}

// units are the UTF-16 code units of s, at most limit if that is not negative.
func units(s string, limit float64) []value.Value {
	var out []value.Value
	for i := 0; i < len(s) && (limit < 0 || float64(len(out)) < limit); {
		r, n := decode(s, i)
		if r < 0x10000 {
			out = append(out, value.String(s[i:i+n]))
		} else {
			out = append(out, value.String(cut(s, i, i+2)))
			if limit < 0 || float64(len(out)) < limit {
				out = append(out, value.String(cut(s, i+2, i+4)))
			}
		}
		i += n
	}
	return out
}

func replace(ev *evaluator, c caller, args []value.Value) (value.Value, *Error) {
	v, pattern, by := arg(args, 0), arg(args, 1), arg(args, 2)
	if v.IsUndefined() {
		return undefined, nil
	}
	if pattern.Kind() == value.StringKind && pattern.Str() == "" {
		return undefined, &Error{Code: "D3010", value: pattern}
	}
	limit, err := limitOf(arg(args, 3), "D3011")
	if err != nil {
		return undefined, err
	}
	if pattern.IsUndefined() {
		return v, nil
	}
	s := v.Str()
	var b []byte
	add := func(part string) *Error {
		b = append(b, part...)
		return ev.charge(len(part))
	}
	if pattern.Kind() == value.StringKind {
		for n := 0; limit < 0 || float64(n) < limit; n++ {
			before, after, ok := strings.Cut(s, pattern.Str())
			if !ok {
				break
			}
			if by.Kind() != value.StringKind {
				return undefined, &Error{Code: "D3012", value: by}
			}
			if err := add(before); err != nil {
				return undefined, err
			}
			if err := add(by.Str()); err != nil {
				return undefined, err
			}
			s = after
		}
		err := add(s)
		return value.String(string(joinSurrogates(b))), err
	}
	at := 0
	err = ev.matches(functionOf(pattern), s, limit, c, func(m *found) *Error {
		if err := add(cut(s, min(at, m.start), m.start)); err != nil {
			return err
		}
		at = max(m.start, min(m.end, len(s)))
		if by.Kind() == value.StringKind {
			return add(expand(by.Str(), m))
		}
		r, err := ev.replacement(functionOf(by), s, m, c)
		if err != nil {
			return err
		}
		return add(r)
	})
	if err == nil {
		err = add(cut(s, at, len(s)))
	}
	return value.String(string(joinSurrogates(b))), err
}

// replacement asks a function what to put in the place of a match.
func (ev *evaluator) replacement(f *function, s string, m *found, c caller) (string, *Error) {
	object := value.ObjectOf(matchShape, []value.Value{
		value.String(m.match), value.Int(int64(unitsBefore(s, m.start))), value.Int(int64(unitsBefore(s, m.end))), value.Array(m.groups...),
		value.Opaque(&function{kind: nativeFunction, native: nothing}),
	})
	v, err := ev.apply(f, []value.Value{object}, caller{context: value.Null(), frame: c.frame})
	if err != nil {
		return "", err
	}
	if v.Kind() != value.StringKind {
		return "", &Error{Code: "D3012", value: v}
	}
	return v.Str(), nil
}

// nothing is the function next of a match that is being replaced.
func nothing(*evaluator, caller, []value.Value) (value.Value, *Error) { return undefined, nil }

// expand fills in $0 to $99 and $$ in a replacement.
func expand(template string, m *found) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(template, "$")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		template = rest
		switch {
		case strings.HasPrefix(rest, "$"):
			b.WriteByte('$')
			template = rest[1:]
			continue
		case strings.HasPrefix(rest, "0"):
			b.WriteString(m.match)
			template = rest[1:]
			continue
		}
		digits := 1
		for n := len(m.groups); n >= 10; n /= 10 {
			digits++
		}
		n, width := leadingInt(rest, digits)
		if digits > 1 && n > len(m.groups) {
			n, width = leadingInt(rest, digits-1)
		}
		if width == 0 {
			b.WriteByte('$')
			continue
		}
		if n >= 1 && n <= len(m.groups) {
			b.WriteString(m.groups[n-1].Str())
		}
		template = rest[width:]
	}
}

// leadingInt reads at most digits decimal digits.
func leadingInt(s string, digits int) (n, width int) {
	for width < digits && width < len(s) && s[width] >= '0' && s[width] <= '9' {
		width++
	}
	n, _ = strconv.Atoi(s[:width])
	return n, width
}
