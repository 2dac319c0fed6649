package expr

import (
	"strconv"
	"strings"

	"github.com/sfnx/sfnx/internal/intrinsic"
	"github.com/sfnx/sfnx/internal/value"
)

// Template is a compiled payload template: Parameters, ItemSelector, ResultSelector. Only keys that end in .$ hold
// expressions; a text in an array never does (ASL "Payload Template").
//
// An evaluated object has its other members first, in the order of the template, then those of the .$ keys in the order
// of a java.util.HashMap of their names, as AWS's recorded results show.
type Template struct{ root *node }

// Problem is a mistake in a template.
type Problem struct {
	Pointer string // RFC 6901 inside the template: /a/b.$
	Field   string // b.$
	Message string // AWS's
	Detail  string // what is wrong with the value, and where; "" if the Message says it
}

// node is a part of a template: a constant, an expression, or an object or array with holes.
type node struct {
	constant   value.Value
	expression *Expression
	field      string // of the expression
	shape      *value.Shape
	values     []value.Value // of the object or array; the holes are Undefined
	holes      []hole
}

type hole struct {
	at int
	*node
}

// CompileTemplate compiles a template. It reports all its problems; with any, the template is nil.
func CompileTemplate(doc value.Value) (*Template, []Problem) {
	var c compiler
	root := c.compile(doc, "")
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return &Template{root}, nil
}

// Constant reports whether the template holds no expression: Eval gives the same value each time.
func (t *Template) Constant() bool { return t.root.isConstant() }

// Eval fills the template in. The error is an *Error.
func (t *Template) Eval(env *Env) (value.Value, error) {
	s := scope{env: env}
	return t.root.eval(&s)
}

func (n *node) isConstant() bool { return n.expression == nil && len(n.holes) == 0 }

func (n *node) eval(s *scope) (value.Value, error) {
	switch {
	case n.expression != nil:
		return n.expression.eval(s, n.field)
	case len(n.holes) == 0:
		return n.constant, nil
	}
	values := make([]value.Value, len(n.values))
	copy(values, n.values)
	for _, h := range n.holes {
		v, err := h.eval(s)
		if err != nil {
			return value.Value{}, err
		}
		values[h.at] = v
	}
	if n.shape == nil {
		return value.Array(values...), nil
	}
	return value.ObjectOf(n.shape, values), nil
}

type compiler struct{ problems []Problem }

func (c *compiler) compile(doc value.Value, pointer string) *node {
	switch doc.Kind() {
	case value.ArrayKind:
		n := &node{constant: doc}
		for i, item := range doc.Items() {
			n.add(i, c.compile(item, pointer+"/"+strconv.Itoa(i)))
		}
		return n
	case value.ObjectKind:
		return c.object(doc, pointer)
	}
	return &node{constant: doc}
}

// add appends the value or hole at a place.
func (n *node) add(at int, part *node) {
	if part.isConstant() {
		n.values = append(n.values, part.constant)
		return
	}
	n.values = append(n.values, value.Value{})
	n.holes = append(n.holes, hole{at, part})
}

func (c *compiler) object(doc value.Value, pointer string) *node {
	n := &node{constant: doc}
	var keys []string
	var names []value.Value // of the .$ keys, stripped
	var expressions []*node
	for i := range doc.Len() {
		key, v := doc.Member(i)
		at := pointer + "/" + escapePointer.Replace(key)
		name, dynamic := strings.CutSuffix(key, ".$")
		if !dynamic {
			n.add(len(keys), c.compile(v, at))
			keys = append(keys, key)
			continue
		}
		if _, taken := doc.Get(name); taken {
			c.problem(at, key, "The fields '"+name+"' and '"+key+"' have the same name", "")
		}
		names = append(names, value.String(name))
		expressions = append(expressions, c.expression(v, at, key))
	}
	for _, i := range intrinsic.HashOrder(names) {
		n.add(len(keys), expressions[i])
		keys = append(keys, names[i].Str())
	}
	if len(n.holes) > 0 {
		n.shape = value.NewShape(keys)
	}
	return n
}

func (c *compiler) expression(v value.Value, pointer, field string) *node {
	n := &node{field: field, expression: &Expression{}}
	if v.Kind() != value.StringKind {
		kind := strings.ToUpper(v.Kind().String())
		article := "a "
		if kind[0] == 'A' || kind[0] == 'O' {
			article = "an "
		}
		c.problem(pointer, field, "The value for the field '"+field+"' must be a STRING that contains a JSONPath but was "+article+kind, "")
		return n
	}
	e, err := ParseExpression(v.Str())
	if err != nil {
		c.problem(pointer, field, "The value for the field '"+field+"' must be a valid JSONPath or a valid intrinsic function call", err.Error())
		return n
	}
	n.expression = e
	return n
}

func (c *compiler) problem(pointer, field, message, detail string) {
	c.problems = append(c.problems, Problem{pointer, field, message, detail})
}

var escapePointer = strings.NewReplacer("~", "~0", "/", "~1")
