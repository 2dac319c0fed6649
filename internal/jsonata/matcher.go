package jsonata

import (
	"strings"

	"github.com/sfnx/sfnx/internal/value"
)

// found is one match of a regular expression or of a function that stands for one.
type found struct {
	match      string
	start, end int // byte offsets
	groups     []value.Value
	next       *function // of a match that a function found
}

// matches calls each for every match in s until it returns false, at most limit times if limit is not negative.
func (ev *evaluator) matches(f *function, s string, limit float64, c caller, each func(*found) *Error) *Error {
	if f == nil {
		return &Error{Code: "T1006"}
	}
	if f.kind != regexFunction {
		return ev.matchesOf(f, s, limit, c, each)
	}
	for n, from := 0, 0; limit < 0 || float64(n) < limit; n++ {
		m, err := ev.find(f, s, from)
		if err != nil || m == nil {
			return err
		}
		if n > 0 && m.match == "" {
			return &Error{Code: "D1004", Position: f.pos, value: value.String(f.source)}
		}
		if err := each(m); err != nil {
			return err
		}
		if from = m.end; from >= len(s) {
			return nil
		}
	}
	return nil
}

// find is the first match from a byte offset on, nil if there is none.
func (ev *evaluator) find(f *function, s string, from int) (*found, *Error) {
	m, err := f.regex.Find(s, from, &ev.steps)
	if err != nil {
		return nil, &Error{Code: CodeSteps, Position: f.pos, Token: f.source}
	}
	if m == nil {
		return nil, nil
	}
	out := &found{match: cut(s, m.Start, m.End), start: m.Start, end: m.End, groups: make([]value.Value, len(m.Groups))}
	for i, g := range m.Groups {
		if g.Start < 0 {
			ev.dirty = true // a hole
			continue
		}
		out.groups[i] = value.String(cut(s, g.Start, g.End))
	}
	return out, ev.charge(headerBytes*2 + itemBytes*(3+len(m.Groups)))
}

// cut is a part of s; an offset in the middle of a character cuts it into surrogates.
func cut(s string, from, to int) string {
	if from >= to {
		return ""
	}
	if whole(s, from) && whole(s, to) {
		return s[from:to]
	}
	var b []byte
	if !whole(s, from) {
		r, _ := decode(s, from-2)
		b = appendUnit(b, 0xDC00+(r-0x10000)&0x3FF)
		from += 2
	}
	end := to
	if !whole(s, to) {
		end -= 2
	}
	if from < end {
		b = append(b, s[from:end]...)
	}
	if !whole(s, to) {
		r, _ := decode(s, end)
		b = appendUnit(b, 0xD800+(r-0x10000)>>10)
	}
	return string(b)
}

// whole reports whether no character is cut at i.
func whole(s string, i int) bool {
	return i < 2 || i >= len(s) || s[i]&0xC0 != 0x80 || s[i-2] < 0xF0
}

// matchObject is what a regular expression returns when it is called as a function.
func (ev *evaluator) matchObject(f *function, args []value.Value) (value.Value, *Error) {
	if len(args) == 0 {
		args = []value.Value{undefined}
	}
	s, err := ev.scriptText(args[0], 0)
	if err != nil {
		return undefined, err
	}
	from := 0
	if at := args[1:]; len(at) > 0 && at[0].Float64() > 0 { // the reference takes an index that $map gives for the place to start
		if at[0].Float64() > float64(unitsBefore(s, len(s))) {
			return undefined, nil
		}
		from = ev.byteAt(s, at[0])
	}
	return ev.matchFrom(f, s, from, false)
}

// scriptText is what JavaScript makes of a value where it needs a string.
func (ev *evaluator) scriptText(v value.Value, depth int) (string, *Error) {
	switch v.Kind() {
	case value.StringKind:
		return v.Str(), nil
	case value.NumberKind:
		return numberText(v.Float64()), nil
	case value.UndefinedKind, value.NullKind, value.BoolKind:
		return v.String(), nil
	case value.ArrayKind:
		err := ev.enter(v.Len(), depth)
		parts := make([]string, v.Len())
		for i, item := range v.Items() {
			if err != nil {
				break
			}
			if item.Kind() != value.NullKind && !item.IsUndefined() {
				parts[i], err = ev.scriptText(item, depth+1)
			}
		}
		s := strings.Join(parts, ",")
		if err == nil {
			err = ev.charge(len(s))
		}
		return s, err
	}
	return "[object Object]", nil
}

var matchShape = value.NewShape([]string{"match", "start", "end", "groups", "next"})

func (ev *evaluator) matchFrom(f *function, s string, from int, again bool) (value.Value, *Error) {
	m, err := ev.find(f, s, from)
	if err != nil || m == nil {
		return undefined, err
	}
	if again && m.match == "" {
		return undefined, &Error{Code: "D1004", Position: f.pos, value: value.String(f.source)}
	}
	next := &function{kind: nextFunction, regex: f.regex, source: f.source, pos: f.pos, text: s, from: m.end}
	return value.ObjectOf(matchShape, []value.Value{
		value.String(m.match), value.Int(int64(unitsBefore(s, m.start))), value.Int(int64(unitsBefore(s, m.end))), value.Array(m.groups...), value.Opaque(next),
	}), nil
}

func (ev *evaluator) nextMatch(f *function) (value.Value, *Error) {
	if f.from >= len(f.text) {
		return undefined, nil
	}
	return ev.matchFrom(f, f.text, f.from, true)
}

// matchesOf asks a function for matches: objects with match, start, end, groups and a function next.
func (ev *evaluator) matchesOf(f *function, s string, limit float64, c caller, each func(*found) *Error) *Error {
	args := []value.Value{value.String(s)}
	for n := 0; limit < 0 || float64(n) < limit; n++ {
		v, err := ev.apply(f, args, caller{context: value.Null(), frame: c.frame})
		if err != nil || v.IsUndefined() {
			return err
		}
		start, _ := v.Get("start")
		end, _ := v.Get("end")
		groups, _ := v.Get("groups")
		next, _ := v.Get("next")
		if truthy(v) && start.Kind() != value.NumberKind && groups.Kind() != value.ArrayKind && functionOf(next) == nil {
			return &Error{Code: "T1010"}
		}
		text, _ := v.Get("match")
		at := ev.byteAt(s, start)
		m := &found{match: text.Str(), start: at, end: ev.byteAt(s, end), groups: groups.Items(), next: functionOf(next)}
		if err := each(m); err != nil {
			return err
		}
		f, args = m.next, nil
	}
	return nil
}

// byteAt is the byte offset of a UTF-16 offset.
func (ev *evaluator) byteAt(s string, v value.Value) int {
	n := int(max(0, min(v.Float64(), float64(len(s)))))
	if isASCII(s) {
		return n
	}
	i := 0
	for units := 0; i < len(s) && units < n; units++ {
		r, size := decode(s, i)
		if r >= 0x10000 {
			units++
		}
		i += size
	}
	return i
}

// truthy is JavaScript's own idea of truth.
func truthy(v value.Value) bool {
	switch v.Kind() {
	case value.UndefinedKind, value.NullKind:
		return false
	case value.BoolKind:
		return v.Bool()
	case value.NumberKind:
		f := v.Float64()
		return f != 0 && f == f
	case value.StringKind:
		return v.Str() != ""
	}
	return true
}
