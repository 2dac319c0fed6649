package asl

import (
	"strconv"
	"strings"
)

// place is a value of the definition together with the way to it.
type place struct {
	node
	up        *place // nil for the whole definition
	name      string // as a member of up; empty for an element
	nameStart int
	index     int // as an element of up
}

// field is the member of that name, nil if there is none.
func (pl *place) field(name string) *place {
	for i := range pl.members {
		if pl.members[i].name == name && pl.kind == '{' {
			return pl.member(i)
		}
	}
	return nil
}

// has reports whether there is a member of that name.
func (pl *place) has(name string) bool { return pl.field(name) != nil }

// member is the i-th member of an object or element of an array.
func (pl *place) member(i int) *place {
	m := &pl.members[i]
	return &place{node: m.node, up: pl, name: m.name, nameStart: m.nameStart, index: i}
}

// each calls f for each member or element.
func (pl *place) each(f func(*place)) {
	for i := range pl.members {
		f(pl.member(i))
	}
}

// location is the place as AWS writes it: /States/A/Choices[0]/Next. The whole definition is "/".
func (pl *place) location() string {
	if pl.up == nil {
		return "/"
	}
	var b strings.Builder
	pl.write(&b, func(name string) string { return "/" + name }, func(i int) string { return "[" + strconv.Itoa(i) + "]" })
	return b.String()
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// pointer is the place as an RFC 6901 JSON pointer.
func (pl *place) pointer() string {
	var b strings.Builder
	pl.write(&b, func(name string) string { return "/" + pointerEscapes.Replace(name) }, func(i int) string { return "/" + strconv.Itoa(i) })
	return b.String()
}

func (pl *place) write(b *strings.Builder, member func(string) string, element func(int) string) {
	if pl.up == nil {
		return
	}
	pl.up.write(b, member, element)
	if pl.up.kind == '[' {
		b.WriteString(element(pl.index))
	} else {
		b.WriteString(member(pl.name))
	}
}
