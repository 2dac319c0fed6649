package interp

import (
	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/internal/value"
)

// Aspect says what an Observation shows, in the words of TestState's inspectionData where it has one.
type Aspect string

// The aspects of TestState.
const (
	RawInput                   Aspect = "input"
	AfterInputPath             Aspect = "afterInputPath"
	AfterParameters            Aspect = "afterParameters"
	AfterArguments             Aspect = "afterArguments"
	AfterItemsPath             Aspect = "afterItemsPath"
	AfterItemSelector          Aspect = "afterItemSelector" // Index is the item's
	MaxConcurrency             Aspect = "maxConcurrency"
	ToleratedFailureCount      Aspect = "toleratedFailureCount"
	ToleratedFailurePercentage Aspect = "toleratedFailurePercentage"
	Result                     Aspect = "result"
	AfterResultSelector        Aspect = "afterResultSelector"
	AfterResultPath            Aspect = "afterResultPath"
	Variables                  Aspect = "variables" // an object with what is assigned
	RetryIndex                 Aspect = "retryIndex"
	RetryBackoff               Aspect = "retryBackoffIntervalSeconds"
	CatchIndex                 Aspect = "catchIndex"
)

// The aspects that TestState does not show like this.
const (
	AfterItems  Aspect = "afterItems"  // of a JSONata Map
	Compared    Aspect = "compared"    // a comparison in rule Index of a Choice
	Rule        Aspect = "rule"        // whether rule Index of a Choice holds
	ErrorOutput Aspect = "errorOutput" // a failure, before Retry and Catch
	StateOutput Aspect = "output"
	NextState   Aspect = "nextState" // its name
)

// Observation is one step in the data flow of a state.
type Observation struct {
	State  string // name
	Nested bool   // the state belongs to a branch or an iteration
	Aspect Aspect
	Index  int
	Value  value.Value // Undefined for a Compared

	Comparison *asl.Comparison // of a Compared, and what stood behind its paths; Undefined if that is missing
	Variable   value.Value
	Operand    value.Value
}

func (x *Execution) observe(t *thread, a Aspect, v value.Value) {
	if x.config.Observe != nil {
		x.note(t, Observation{Aspect: a, Value: v})
	}
}

func (x *Execution) note(t *thread, o Observation) {
	if x.config.Observe != nil {
		o.State, o.Nested = x.program.states[t.state].Name, t.block != nil
		x.config.Observe(o)
	}
}

// noteRule shows a rule of a Choice, and what its comparisons looked at.
func (x *Execution) noteRule(t *thread, s *state, i int, in value.Value, holds bool) {
	if x.config.Observe == nil {
		return
	}
	if c := s.rules[i]; c != nil {
		x.noteComparisons(t, i, c, in)
	}
	x.note(t, Observation{Aspect: Rule, Index: i, Value: value.Bool(holds)})
}

func (x *Execution) noteComparisons(t *thread, rule int, c condition, in value.Value) {
	switch c := c.(type) {
	case allOf:
		for _, part := range c {
			x.noteComparisons(t, rule, part, in)
		}
	case anyOf:
		for _, part := range c {
			x.noteComparisons(t, rule, part, in)
		}
	case *negation:
		x.noteComparisons(t, rule, c.condition, in)
	case *comparison:
		o := Observation{Aspect: Compared, Index: rule, Comparison: c.source}
		env := x.environment(t, in)
		o.Variable, _ = c.variable.Eval(env) // an error means that it is missing
		if c.path != nil {
			o.Operand, _ = c.path.Eval(env)
		}
		x.note(t, o)
	}
}
