package history

// Appender is anything that can write itself as compact JSON. The engine's values satisfy it, which is how an
// event refers to a payload without copying it: the text is produced only when somebody reads it.
type Appender interface {
	AppendJSON(dst []byte) []byte
}

// Text is a JSON text carried by an event (input, output, parameters): either literal, or rendered from a
// value when it is read. The zero Text is absent.
type Text struct {
	raw  string
	from Appender
}

// Literal is a Text that already is text; it is passed on byte for byte.
func Literal(s string) Text { return Text{raw: s} }

// Lazy is a Text rendered from v each time it is read. v must never change.
func Lazy(v Appender) Text { return Text{from: v} }

// IsZero reports whether the text is absent, as opposed to the empty string of a Literal.
func (t Text) IsZero() bool { return t.from == nil && t.raw == "" }

// String renders the JSON text.
func (t Text) String() string {
	if t.from != nil {
		return string(t.from.AppendJSON(nil))
	}
	return t.raw
}

// Source is the value behind a lazy text, or nil for a literal one.
func (t Text) Source() Appender { return t.from }
