package jsonpath

import "github.com/sfnx/sfnx/internal/value"

// Set is the document with v at a Reference Path: a member is replaced in its place or added at the end, objects that
// are missing on the way are made, an index must be there. The document itself is unchanged. ok is false where the path
// leads through something else, or is no Reference Path.
func (p *Path) Set(doc, v value.Value) (out value.Value, ok bool) {
	return set(p.segments, doc, v)
}

func set(segments []segment, doc, v value.Value) (value.Value, bool) {
	if len(segments) == 0 {
		return v, true
	}
	s, rest := &segments[0], segments[1:]
	switch s.kind {
	case index:
		old, ok := s.element(doc)
		if !ok {
			return value.Value{}, false
		}
		item, ok := set(rest, old, v)
		if !ok {
			return value.Value{}, false
		}
		return doc.WithItem(s.n, item), true
	case member:
		if doc.IsUndefined() {
			doc = value.EmptyObject()
		}
		if doc.Kind() != value.ObjectKind {
			return value.Value{}, false
		}
		old, _ := doc.Get(s.name)
		m, ok := set(rest, old, v)
		if !ok {
			return value.Value{}, false
		}
		return doc.With(s.name, m), true
	}
	return value.Value{}, false
}
