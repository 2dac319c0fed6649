package jsonpath

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/sfnx/sfnx/internal/value"
)

// condition is what stands in a filter: anyOf, allOf, not, exists or comparison.
type condition interface {
	holds(c *collector, item value.Value) bool
}

type (
	anyOf      []condition
	allOf      []condition
	not        struct{ condition }
	exists     struct{ operand }
	comparison struct {
		left  operand
		op    string
		right operand
	}
)

// operand is a literal, a regular expression, or a path from the item (@) or the document ($).
type operand struct {
	literal value.Value
	pattern *regexp.Regexp
	path    *Path
	item    bool
}

// passes reports whether a filter takes an element. Scalars are never taken (AWS's guide: "@ does not match scalar
// values. It only matches objects").
func (c *collector) passes(filter condition, item value.Value) bool {
	if item.Kind() != value.ObjectKind && item.Kind() != value.ArrayKind {
		return c.spend(1) && false
	}
	return filter.holds(c, item)
}

func (l anyOf) holds(c *collector, item value.Value) bool {
	for _, x := range l {
		if x.holds(c, item) {
			return true
		}
	}
	return false
}

func (l allOf) holds(c *collector, item value.Value) bool {
	for _, x := range l {
		if !x.holds(c, item) {
			return false
		}
	}
	return true
}

func (n not) holds(c *collector, item value.Value) bool { return !n.condition.holds(c, item) }

// A null exists. An indefinite path exists if it matches something.
func (e exists) holds(c *collector, item value.Value) bool {
	v := e.value(c, item)
	return !v.IsUndefined() && (e.path.definite || v.Len() > 0)
}

// value is Undefined where a path leads nowhere, or no steps are left.
func (o operand) value(c *collector, item value.Value) value.Value {
	if o.path == nil {
		return o.literal
	}
	if !c.spend(1 + len(o.path.segments)) {
		return value.Value{}
	}
	doc := c.root
	if o.item {
		doc = item
	}
	var v value.Value
	var err error
	if o.path.definite {
		v, err = o.path.Eval(doc)
	} else {
		v, err = c.collect(o.path, doc)
	}
	if err != nil {
		return value.Value{}
	}
	return v
}

func (x comparison) holds(c *collector, item value.Value) bool {
	left, right := x.left.value(c, item), x.right.value(c, item)
	if !c.spend(1 + (left.Size()+right.Size())/8) {
		return false
	}
	switch x.op {
	case "==":
		return equal(left, right)
	case "!=":
		return !equal(left, right)
	case "<", "<=", ">", ">=":
		return ordered(left, x.op, right)
	case "=~":
		if x.right.pattern != nil {
			return matches(x.right.pattern, left)
		}
		return matches(x.left.pattern, right)
	case "in":
		return contains(right, left)
	case "nin":
		return !contains(right, left)
	case "contains":
		if left.Kind() == value.StringKind {
			return right.Kind() == value.StringKind && strings.Contains(left.Str(), right.Str())
		}
		return contains(left, right)
	case "size":
		n, ok := right.Int64()
		return ok && left.Kind() != value.ObjectKind && n == int64(length(left))
	case "empty":
		return right.Kind() == value.BoolKind && length(left) >= 0 && (length(left) == 0) == right.Bool()
	}
	return c.shares(left, x.op, right)
}

// equal compares as the engine does: numbers by value, a number with a text that spells one, an absent value with
// nothing, not even another absent one.
func equal(a, b value.Value) bool {
	switch {
	case a.Kind() == value.NumberKind && b.Kind() == value.StringKind:
		n, err := value.Parse(b.Str())
		return err == nil && n.Kind() == value.NumberKind && value.Equal(a, n)
	case a.Kind() == value.StringKind && b.Kind() == value.NumberKind:
		return equal(b, a)
	}
	return !a.IsUndefined() && value.Equal(a, b)
}

// ordered compares two numbers, or two scalars as texts of which one is a string. Everything else is false.
func ordered(a value.Value, op string, b value.Value) bool {
	var order int
	switch {
	case a.Kind() == value.NumberKind && b.Kind() == value.NumberKind:
		order = value.CompareNumbers(a, b)
	case isText(a) && isText(b):
		order = strings.Compare(text(a), text(b))
	default:
		return false
	}
	switch op {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

func isText(v value.Value) bool {
	return v.Kind() == value.StringKind || v.Kind() == value.NumberKind
}

func text(v value.Value) string {
	if v.Kind() == value.StringKind {
		return v.Str()
	}
	return v.JSON()
}

// matches tests a scalar, or any scalar of an array.
func matches(re *regexp.Regexp, v value.Value) bool {
	switch v.Kind() {
	case value.ArrayKind:
		for _, item := range v.Items() {
			if item.Kind() != value.ArrayKind && matches(re, item) {
				return true
			}
		}
		return false
	case value.StringKind, value.NumberKind, value.BoolKind:
		return re != nil && re.MatchString(text(v))
	}
	return false
}

func contains(list, v value.Value) bool {
	for _, item := range list.Items() {
		if equal(v, item) {
			return true
		}
	}
	return false
}

// length is the number of elements, members or characters, -1 for what has none.
func length(v value.Value) int {
	switch v.Kind() {
	case value.StringKind:
		return utf8.RuneCountInString(v.Str())
	case value.ArrayKind, value.ObjectKind:
		return v.Len()
	}
	return -1
}

// shares is subsetof, anyof and noneof of two arrays; false for anything else. Each pair of elements is a step.
func (c *collector) shares(a value.Value, op string, b value.Value) bool {
	if a.Kind() != value.ArrayKind || b.Kind() != value.ArrayKind || !c.spend(a.Len()*b.Len()) {
		return false
	}
	n := 0
	for _, item := range a.Items() {
		if contains(b, item) {
			n++
		}
	}
	switch op {
	case "subsetof":
		return n == a.Len()
	case "anyof":
		return n > 0
	}
	return n == 0
}
