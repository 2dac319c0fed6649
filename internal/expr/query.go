package expr

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sfnx/sfnx/internal/jsonata"
	"github.com/sfnx/sfnx/internal/value"
)

// Query is a compiled value of a JSONata state: any JSON, in which the texts {% ... %} are expressions.
type Query struct {
	root  *queryNode
	field string // AWS's location: Output, Arguments, Choices[0]/Condition
}

// QueryProblem is a mistake in a Query.
type QueryProblem struct {
	Pointer     string // RFC 6901 inside the value
	Message     string // AWS's
	Unsupported bool   // the expression is right, but not here: AWS's UNSUPPORTED_JSONATA_EXPRESSION
	Detail      string // where in the expression
	Code        string // of JSONata: S0201; empty if it has none
	Position    int    // in the expression: UTF-16 code units up to the end of the token; 0 if unknown
}

// queryNode is a part of a Query: a constant, an expression, or an object or array with holes.
type queryNode struct {
	constant value.Value
	expr     *jsonata.Expr
	src      string   // of the expression, trimmed
	at       string   // location of the expression
	context  bool     // it may look at $states.context
	reads    []string // workflow variables
	shape    *value.Shape
	values   []value.Value // the holes are Undefined
	holes    []queryHole
}

type queryHole struct {
	at int
	*queryNode
}

// IsQuery reports whether a text of a JSONata state is an expression. ASL: it begins with {% and ends with %}, exactly.
func IsQuery(s string) bool {
	return len(s) >= 4 && strings.HasPrefix(s, "{%") && strings.HasSuffix(s, "%}")
}

// CompileQuery compiles a value of the field at a location. It reports all its problems; with any, the query is nil.
// errorOutput says whether $states.errorOutput is there, as in a Catch.
func CompileQuery(doc value.Value, field string, errorOutput bool) (*Query, []QueryProblem) {
	c := queryCompiler{errorOutput: errorOutput}
	root := c.compile(doc, field, "")
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return &Query{root, field}, nil
}

type queryCompiler struct {
	errorOutput bool
	problems    []QueryProblem
}

func (c *queryCompiler) compile(doc value.Value, at, pointer string) *queryNode {
	n := &queryNode{constant: doc, at: at}
	switch doc.Kind() {
	case value.StringKind:
		if IsQuery(doc.Str()) {
			c.expression(n, doc.Str(), pointer)
		}
	case value.ArrayKind:
		for i, item := range doc.Items() {
			n.add(i, c.compile(item, at+"["+strconv.Itoa(i)+"]", pointer+"/"+strconv.Itoa(i)))
		}
	case value.ObjectKind:
		for i := range doc.Len() {
			key, v := doc.Member(i)
			n.add(i, c.compile(v, at+"/"+key, pointer+"/"+escapePointer.Replace(key)))
		}
		if len(n.holes) > 0 {
			n.shape = value.NewShape(doc.Keys())
		}
	}
	return n
}

func (n *queryNode) add(at int, part *queryNode) {
	if part.expr == nil && len(part.holes) == 0 {
		n.values = append(n.values, part.constant)
		return
	}
	n.values = append(n.values, value.Value{})
	n.holes = append(n.holes, queryHole{at, part})
}

func (c *queryCompiler) expression(n *queryNode, text, pointer string) {
	n.src = strings.TrimSpace(text[2 : len(text)-2])
	e, err := jsonata.Compile(n.src)
	if err != nil {
		c.problems = append(c.problems, QueryProblem{Pointer: pointer, Message: err.Message, Detail: err.Code + " at position " + strconv.Itoa(err.Position), Code: err.Code, Position: err.Position})
		return
	}
	refs := e.References()
	if problem, at := unsupportedQuery(refs, c.errorOutput); problem != "" {
		c.problems = append(c.problems, QueryProblem{Pointer: pointer, Message: problem, Unsupported: true, Position: at})
		return
	}
	n.expr, n.context, n.reads = e, usesContext(refs), variablesRead(refs)
}

// Eval fills the query in. The error is an *Error.
func (q *Query) Eval(env *Env) (value.Value, error) { return q.root.eval(env) }

// EvalTo is Eval for a field that takes values of one kind only. AWS's word for the kind stands in the error.
func (q *Query) EvalTo(env *Env, kind value.Kind) (value.Value, error) {
	v, err := q.root.eval(env)
	if err == nil && v.Kind() != kind {
		return v, q.root.fail("returned an unexpected result type. Expected '%s', but was '%s' for value: %s", kind, v.Kind(), v)
	}
	return v, err
}

// Field is the location of the field that the query is for.
func (q *Query) Field() string { return q.field }

func (n *queryNode) eval(env *Env) (value.Value, error) {
	switch {
	case n.expr != nil:
		return n.evaluate(env)
	case len(n.holes) == 0:
		return n.constant, nil
	}
	values := make([]value.Value, len(n.values))
	copy(values, n.values)
	for _, h := range n.holes {
		v, err := h.eval(env)
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

func (n *queryNode) evaluate(env *Env) (value.Value, error) {
	env.withContext = n.context
	v, err := n.expr.Eval(jsonata.Env{Bindings: env.bind, Functions: dialect, Now: env.Now, Random: env.float})
	switch {
	case err != nil:
		return value.Value{}, n.failed(err)
	case v.IsUndefined():
		return value.Value{}, n.fail("returned nothing (undefined).")
	}
	return v, nil
}

// failed puts an error of the evaluation into AWS's words (recorded, measured).
func (n *queryNode) failed(err *jsonata.Error) error {
	var e *Error
	switch err.Code {
	case jsonata.CodeFunction:
		e = n.fail("returned an unsupported result type.")
	case jsonata.CodeBytes:
		e = n.fail("threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage")
	case jsonata.CodeDepth:
		e = n.fail("threw an error during evaluation: Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive")
	case jsonata.CodeSteps:
		e = n.fail("threw an error during evaluation: Expression evaluation timeout: Check for infinite loop")
	default:
		e = n.fail("threw an error during evaluation. %s: %s", err.Code, err.Message)
		e.Code = err.Code
	}
	e.Position = err.Position
	return e
}

func (n *queryNode) fail(format string, args ...any) *Error {
	return &Error{Name: QueryEvaluation, Location: n.at, Message: fmt.Sprintf("The JSONata expression '%s' specified for the field '%s' ", n.src, n.at) + fmt.Sprintf(format, args...)}
}

// bind finds $states and the workflow variables.
func (env *Env) bind(name string) (value.Value, bool) {
	if name == "states" && env.States != nil {
		return env.States.StatesObject(env.withContext), true
	}
	if env.Vars == nil {
		return value.Value{}, false
	}
	return env.Vars.Variable(name)
}

// float is a number in [0, 1).
func (env *Env) float() float64 {
	if env.Random == nil {
		return 0
	}
	return float64(env.Random.Uint64()>>11) / (1 << 53)
}

// String is the query as it was written: an expression in {% %}, or JSON.
func (q *Query) String() string {
	if q.root.expr != nil {
		return "{% " + q.root.src + " %}"
	}
	return q.root.constant.JSON()
}
