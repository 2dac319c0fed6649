// Package expr is the one door to the expression languages of a state: paths, intrinsic functions, payload
// templates. Everything is compiled once, immutable and safe for concurrent use; evaluating reads an Env and
// nothing else.
//
//	t, problems := expr.CompileTemplate(doc)          // {"id.$": "$.order.id", "n": 1}
//	v, err := t.Eval(&expr.Env{Input: input})         // err is *expr.Error
//
// It knows nothing of states.
package expr

import (
	"time"

	"github.com/sfnx/sfnx/internal/value"
)

// Env is what an expression can see. The zero Env has no input, an empty context and no variables.
type Env struct {
	Input   value.Value // $
	Context Context     // $$; nil: an empty object
	Vars    Variables   // $name; nil: none
	Random  Random      // MathRandom, UUID; nil: such a call fails
	States  States      // $states of JSONata; nil: undefined
	Now     time.Time   // $now and $millis of JSONata

	withContext bool // the expression under way may look at $states.context
}

// Payload is a value of a definition that may hold expressions: a *Template in JSONPath, a *Query in JSONata.
type Payload interface {
	// Eval fills the expressions in. The error is an *Error.
	Eval(env *Env) (value.Value, error)
	// Variables are the names of the workflow variables that it reads, as often as it does.
	Variables() []string
}

// States makes $states when an expression asks for it.
type States interface {
	// StatesObject is $states; its member context may be left out if it is not wanted.
	StatesObject(withContext bool) value.Value
}

// Context makes the context object when an expression asks for it.
type Context interface {
	ContextObject() value.Value
}

// Variables are the workflow variables in scope.
type Variables interface {
	Variable(name string) (value.Value, bool)
}

// Random is the seeded source of one execution.
type Random interface {
	Uint64() uint64
}

// The error names that evaluation can raise.
const (
	Runtime         = "States.Runtime"
	QueryEvaluation = "States.QueryEvaluationError"
)

// Error is a failed evaluation in AWS's words, without the prefix that names the state.
type Error struct {
	Name     string // Runtime or QueryEvaluation
	Message  string
	Location string // field of the state, where AWS gives one: Output/result
	Code     string // of JSONata: T2001; empty if it has none
	Position int    // in the JSONata expression: UTF-16 code units up to the end of the token; 0 if unknown
}

func (e *Error) Error() string { return e.Name + ": " + e.Message }

// Literal is a constant value of a definition.
type Literal struct{ Value value.Value }
