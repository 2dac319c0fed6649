package asl

import (
	"strconv"
	"strings"
)

// maxSeconds is the longest TimeoutSeconds, HeartbeatSeconds, Seconds and IntervalSeconds.
const maxSeconds = 99_999_999

// The readers below take a nil place for an absent field, and report a value of the wrong type or range.

// str is a string, "" if absent or wrong.
func (p *parser) str(pl *place) string {
	if pl == nil {
		return ""
	}
	if pl.kind != '"' {
		p.schema(pl, "Expected value of type String")
		return ""
	}
	if text := p.text[pl.start+1 : pl.end-1]; strings.IndexByte(text, '\\') < 0 {
		return text
	}
	return p.value(pl).Str()
}

// boolean is a boolean, false if absent or wrong.
func (p *parser) boolean(pl *place) bool {
	if pl == nil {
		return false
	}
	if pl.kind != 't' && pl.kind != 'f' {
		p.schema(pl, "Expected value of type Boolean")
	}
	return pl.kind == 't'
}

// integer is a whole number from least to most, 0 if absent or wrong.
func (p *parser) integer(pl *place, least, most int64) int64 {
	if pl == nil {
		return 0
	}
	text := p.text[pl.start:pl.end]
	if pl.kind != '0' || strings.ContainsAny(text, ".eE") {
		p.schema(pl, "Expected value of type Integer")
		return 0
	}
	n, _ := strconv.ParseInt(text, 10, 64) // out of range: the nearest that an int64 holds
	switch {
	case n < least:
		p.schema(pl, "Minimum value is "+strconv.FormatInt(least, 10))
	case n > most:
		p.schema(pl, "Maximum value is "+strconv.FormatInt(most, 10))
	default:
		return n
	}
	return 0
}

// float is a number, not below least and, unless most is 0, not above most; 0 if absent or wrong.
func (p *parser) float(pl *place, least, most float64) float64 {
	if pl == nil {
		return 0
	}
	if pl.kind != '0' {
		p.schema(pl, "Expected value of type Number")
		return 0
	}
	f := p.value(pl).Float64()
	switch {
	case f < least:
		p.schema(pl, "Minimum value is "+strconv.FormatFloat(least, 'f', 1, 64))
	case most != 0 && f > most:
		p.schema(pl, "Maximum value is "+strconv.FormatFloat(most, 'f', 1, 64))
	default:
		return f
	}
	return 0
}

// word is one of the given words, "" if absent or wrong.
func (p *parser) word(pl *place, words ...string) string {
	if pl == nil {
		return ""
	}
	if pl.kind == '"' {
		got := p.str(pl)
		for _, w := range words {
			if got == w {
				return w
			}
		}
	}
	d := p.schema(pl, "The field '"+pl.name+"' should have one of these values: ["+strings.Join(words, ", ")+"]")
	if pl.kind == '"' {
		d.Hint = p.didYouMean(p.str(pl), len(words), func(i int) string { return words[i] })
	}
	return ""
}

// object reports whether pl is an object.
func (p *parser) object(pl *place) bool {
	if pl.kind == '{' {
		return true
	}
	p.schema(pl, "Expected value of type Object")
	return false
}

// array calls f for each element of an array. An absent array has none.
func (p *parser) array(pl *place, f func(*place)) {
	if pl == nil {
		return
	}
	if pl.kind != '[' {
		p.schema(pl, "Expected value of type Array")
		return
	}
	pl.each(f)
}

// filled is array for one that must not be empty.
func (p *parser) filled(pl *place, f func(*place)) {
	if pl != nil && pl.kind == '[' && len(pl.members) == 0 {
		p.schema(pl, "Value cannot be empty")
		return
	}
	p.array(pl, f)
}
