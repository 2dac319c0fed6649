package interp

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/internal/expr"
	"github.com/sfnx/sfnx/internal/value"
)

// condition is a compiled asl.Condition: *comparison, allOf, anyOf or *negation.
type condition interface {
	holds(env *expr.Env) (bool, error)
}

type (
	allOf    []condition
	anyOf    []condition
	negation struct{ condition }
)

// compileCondition prepares a condition: operators as functions, patterns and timestamps parsed.
func compileCondition(c asl.Condition) condition {
	switch c := c.(type) {
	case asl.And:
		return allOf(compileConditions(c))
	case asl.Or:
		return anyOf(compileConditions(c))
	case *asl.Not:
		return &negation{compileCondition(c.Condition)}
	case *asl.Comparison:
		return compileComparison(c)
	}
	panic(fmt.Sprintf("interp: unknown condition %T", c))
}

func compileConditions(list []asl.Condition) []condition {
	out := make([]condition, len(list))
	for i, c := range list {
		out[i] = compileCondition(c)
	}
	return out
}

// holds stops at the first condition that decides, so that a guard protects what follows it.
func (list allOf) holds(env *expr.Env) (bool, error) {
	for _, c := range list {
		if ok, err := c.holds(env); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (list anyOf) holds(env *expr.Env) (bool, error) {
	for _, c := range list {
		if ok, err := c.holds(env); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

func (n *negation) holds(env *expr.Env) (bool, error) {
	ok, err := n.condition.holds(env)
	return !ok, err
}

// comparison compares a variable with an operand. A value of another type than the operator's never matches; only a
// missing one is an error.
type comparison struct {
	variable *expr.Path
	path     *expr.Path // operand; nil if constant
	operand  value.Value
	presence bool // IsPresent
	source   *asl.Comparison
	test     func(v, operand value.Value) bool
}

func compileComparison(c *asl.Comparison) *comparison {
	out := &comparison{variable: c.Variable, path: c.Path, operand: c.Value.Value, presence: c.Operator == asl.IsPresent, source: c}
	switch op := string(c.Operator); {
	case out.presence:
	case c.Operator == asl.BooleanEquals:
		out.test = func(a, b value.Value) bool { return both(a, b, value.BoolKind) && a.Bool() == b.Bool() }
	case c.Operator == asl.StringMatches:
		pattern := compilePattern(out.operand.Str())
		out.test = func(a, _ value.Value) bool { return a.Kind() == value.StringKind && matchesPattern(a.Str(), pattern) }
	case strings.HasPrefix(op, "Is"):
		is := typeTest(c.Operator)
		out.test = func(a, want value.Value) bool { return is(a) == want.Bool() }
	case strings.HasPrefix(op, "String"):
		ok := relation(op[len("String"):])
		out.test = func(a, b value.Value) bool {
			return both(a, b, value.StringKind) && ok(compareStrings(a.Str(), b.Str()))
		}
	case strings.HasPrefix(op, "Numeric"):
		ok := relation(op[len("Numeric"):])
		out.test = func(a, b value.Value) bool {
			return both(a, b, value.NumberKind) && ok(compareDoubles(a.Float64(), b.Float64()))
		}
	case strings.HasPrefix(op, "Timestamp"):
		out.test = compareInstants(relation(op[len("Timestamp"):]), out)
	default:
		panic("interp: unknown operator " + op)
	}
	return out
}

func (c *comparison) holds(env *expr.Env) (bool, error) {
	v, err := c.variable.Eval(env)
	if c.presence {
		if _, missing := errors.AsType[*expr.Missing](err); err != nil && !missing {
			return false, err
		}
		return (err == nil) == c.operand.Bool(), nil
	}
	if err != nil {
		return false, invalidChoicePath(c.variable, err)
	}
	operand := c.operand
	if c.path != nil {
		if operand, err = c.path.Eval(env); err != nil {
			return false, invalidChoicePath(c.path, err)
		}
	}
	return c.test(v, operand), nil
}

// invalidChoicePath puts a missing value into the words of a Choice (measured); another failure keeps its own.
func invalidChoicePath(p *expr.Path, err error) error {
	if _, missing := errors.AsType[*expr.Missing](err); !missing {
		return err
	}
	return fmt.Errorf("Invalid path '%s': The choice state's condition path references an invalid value.", p) //nolint:staticcheck // AWS's wording
}

func both(a, b value.Value, k value.Kind) bool { return a.Kind() == k && b.Kind() == k }

func typeTest(op asl.Operator) func(value.Value) bool {
	switch op {
	case asl.IsNull:
		return value.Value.IsNull
	case asl.IsBoolean:
		return func(v value.Value) bool { return v.Kind() == value.BoolKind }
	case asl.IsNumeric:
		return func(v value.Value) bool { return v.Kind() == value.NumberKind }
	case asl.IsString:
		return func(v value.Value) bool { return v.Kind() == value.StringKind }
	case asl.IsTimestamp:
		return func(v value.Value) bool { _, ok := instant(v); return ok }
	}
	panic("interp: unknown operator " + string(op))
}

// relation reads the second half of an operator's name.
func relation(name string) func(order int) bool {
	switch name {
	case "Equals":
		return func(c int) bool { return c == 0 }
	case "LessThan":
		return func(c int) bool { return c < 0 }
	case "LessThanEquals":
		return func(c int) bool { return c <= 0 }
	case "GreaterThan":
		return func(c int) bool { return c > 0 }
	case "GreaterThanEquals":
		return func(c int) bool { return c >= 0 }
	}
	panic("interp: unknown comparison " + name)
}

// compareInstants compares timestamps as points in time; a constant operand is read once.
func compareInstants(ok func(int) bool, c *comparison) func(a, b value.Value) bool {
	fixed, isFixed := instant(c.operand)
	return func(a, b value.Value) bool {
		x, isTime := instant(a)
		y, isTime2 := fixed, isFixed
		if c.path != nil {
			y, isTime2 = instant(b)
		}
		return isTime && isTime2 && ok(x.Compare(y))
	}
}

func instant(v value.Value) (time.Time, bool) {
	if v.Kind() != value.StringKind {
		return time.Time{}, false
	}
	at, err := asl.ParseTimestamp(v.Str())
	return at, err == nil
}
