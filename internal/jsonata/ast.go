package jsonata

import "github.com/sfnx/sfnx/internal/value"

type kind uint8

const (
	endKind kind = iota
	nameKind
	variableKind
	stringKind
	literalKind // true, false, null
	numberKind
	regexKind
	operatorKind // and, or, in as a name; ? as a hole in a partial application
	binaryKind
	negateKind
	arrayKind
	objectKind
	callKind
	partialKind
	lambdaKind
	conditionKind
	elvisKind
	coalesceKind
	blockKind
	transformKind
	wildcardKind
	descendantKind
	parentKind
	// made by resolve
	pathKind
	sortKind
	bindKind
	applyKind
)

// names of the kinds as error messages say them.
var kindNames = [...]string{
	nameKind: "name", variableKind: "variable", stringKind: "string", literalKind: "value", numberKind: "number", regexKind: "regex",
	operatorKind: "operator", binaryKind: "binary", negateKind: "unary", arrayKind: "unary", objectKind: "unary", callKind: "function",
	partialKind: "partial", lambdaKind: "lambda", conditionKind: "condition", elvisKind: "condition", coalesceKind: "condition",
	blockKind: "block", transformKind: "transform", wildcardKind: "wildcard", descendantKind: "descendant", parentKind: "parent",
	pathKind: "path", sortKind: "sort", bindKind: "bind", applyKind: "apply",
}

// ast is one node of the syntax tree. The parser fills the upper half, resolve the lower.
type ast struct {
	kind  kind
	text  string      // name, variable, string, operator; pattern of a regular expression
	flags string      // of a regular expression
	val   value.Value // literal
	pos   int         // byte offset after the token

	lhs, rhs, third *ast        // operands; procedure and body; condition, then, else; pattern, update, delete
	list            []*ast      // arguments, parameters, elements, expressions, steps
	pairs           [][2]*ast   // object constructor, grouping
	terms           []orderTerm // order-by
	signature       *signature  // of a lambda
	keepArray       bool        // a[]: keep an array of one
	keepSingleton   bool        // the same, of a path
	consArray       bool        // an array constructor that must not be flattened
	tail            bool        // a call in tail position
	tuple           bool        // a step or path that makes tuples
	focus, index    string      // @$focus, #$index of a step
	ancestor        *slot       // what % of a later step refers to
	slot            *slot       // of a parent operator
	seeking         []*slot     // parents wanted from further left
	predicates      []stage     // of a node that is no step
	stages          []stage     // of a step
	group           *ast        // object constructor after a step
	depth           int         // of the tree below
}

type orderTerm struct {
	expr       *ast
	descending bool
}

// stage is a predicate, or the place where an index is bound after predicates.
type stage struct {
	filter *ast
	index  string
}

// slot connects a parent operator with the step whose input it means.
type slot struct {
	label string
	level int
	index int
}

// children calls visit for each node directly below, in the order of the source.
func (n *ast) children(visit func(*ast)) {
	each := func(c *ast) {
		if c != nil {
			visit(c)
		}
	}
	each(n.lhs)
	each(n.rhs)
	each(n.third)
	for _, c := range n.list {
		each(c)
	}
	for _, pair := range n.pairs {
		each(pair[0])
		each(pair[1])
	}
	for _, t := range n.terms {
		each(t.expr)
	}
	for _, s := range n.predicates {
		each(s.filter)
	}
	for _, s := range n.stages {
		each(s.filter)
	}
	each(n.group)
}

// measure works out the depth of the tree from the depths of the children.
func (n *ast) measure() {
	deepest := 0
	n.children(func(c *ast) { deepest = max(deepest, c.depth) })
	n.depth = deepest + 1
}
