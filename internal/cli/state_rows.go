package cli

import (
	"fmt"
	"strings"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/value"
)

// traceRow is one line of a trace.
type traceRow struct{ label, text string }

// shownItems is how many items of a Map are shown one by one.
const shownItems = 5

// rows are the steps under the names of the fields that made them. A field that the state does not have made none.
func (t *stateTrace) rows() []traceRow {
	var rows []traceRow
	add := func(label string, v value.Value) { rows = append(rows, traceRow{label, v.JSON()}) }
	var looked []string // what the comparisons of a rule saw
	held, items, all := false, 0, t.count(interp.AfterItemSelector)
	for _, o := range t.steps {
		switch o.Aspect {
		case interp.RawInput:
			add("input", o.Value)
		case interp.Result:
			add("result", o.Value)
		case interp.Variables:
			for i := range o.Value.Len() {
				name, v := o.Value.Member(i)
				add("Assign "+name, v)
			}
		case interp.AfterItemSelector:
			switch items++; {
			case items <= shownItems:
				add(fmt.Sprintf("ItemSelector[%d]", o.Index), o.Value)
			case items == all:
				rows = append(rows, traceRow{"ItemSelector", fmt.Sprintf("... %d items in all", all)})
			}
		case interp.Compared:
			looked = append(looked, comparedText(o))
		case interp.Rule:
			held = o.Value.Bool()
			rows = append(rows, traceRow{fmt.Sprintf("Choices[%d]", o.Index), t.ruleText(o, looked)})
			looked = nil
		case interp.ErrorOutput:
			add("error", o.Value)
		case interp.RetryIndex:
			rows = append(rows, traceRow{fmt.Sprintf("Retry[%s]", o.Value), "matches, no attempt is left"})
		case interp.RetryBackoff:
			rows[len(rows)-1].text = "matches, would try again after " + o.Value.JSON() + "s"
		case interp.CatchIndex:
			rows = append(rows, traceRow{fmt.Sprintf("Catch[%s]", o.Value), "matches"})
		case interp.StateOutput:
			if _, isChoice := t.state.Body.(*asl.Choice); isChoice && !held {
				rows = append(rows, traceRow{"Default", "no rule holds"})
			}
			if label, ok := t.outputLabel(); ok {
				add(label, o.Value)
			}
		default:
			if label, ok := t.fieldOf(o); ok {
				add(label, o.Value)
			}
		}
	}
	return rows
}

func (t *stateTrace) count(a interp.Aspect) int {
	n := 0
	for _, o := range t.steps {
		if o.Aspect == a {
			n++
		}
	}
	return n
}

// fieldOf is the field of the definition that made a step, if the state has it.
func (t *stateTrace) fieldOf(o interp.Observation) (label string, has bool) {
	s := t.state
	body, _ := s.Body.(*asl.Map)
	switch o.Aspect {
	case interp.AfterInputPath:
		return "InputPath", present(s.InputPath)
	case interp.AfterParameters:
		return "Parameters", s.Parameters != nil
	case interp.AfterArguments:
		return "Arguments", true
	case interp.AfterResultSelector:
		return "ResultSelector", s.ResultSelector != nil
	case interp.AfterResultPath:
		return "ResultPath", present(s.ResultPath)
	case interp.AfterItemsPath:
		return "ItemsPath", body.ItemsPath != nil
	case interp.AfterItems:
		return "Items", body.Items != nil
	case interp.MaxConcurrency:
		return "MaxConcurrency", o.Value.Float64() != 0
	case interp.ToleratedFailureCount:
		return "ToleratedFailureCount", true
	case interp.ToleratedFailurePercentage:
		return "ToleratedFailurePercentage", true
	}
	return "", false // NextState stands in the summary
}

func present(p asl.PathField) bool { return p.Null || p.Path != nil }

// outputLabel is the field that made the output last, if the state has one.
func (t *stateTrace) outputLabel() (label string, has bool) {
	s := t.state
	isPath := s.QueryLanguage == asl.JSONPath
	if c, caught := t.find(interp.CatchIndex); caught {
		i, _ := c.Value.Int64()
		if isPath {
			return fmt.Sprintf("Catch[%d]/ResultPath", i), present(s.Catch[i].ResultPath)
		}
		return fmt.Sprintf("Catch[%d]/Output", i), s.Catch[i].Output != nil
	}
	if rule, ok := t.find(interp.Rule); ok && rule.Value.Bool() && !isPath {
		return fmt.Sprintf("Choices[%d]/Output", rule.Index), s.Body.(*asl.Choice).Choices[rule.Index].Output != nil
	}
	if isPath {
		return "OutputPath", present(s.OutputPath)
	}
	return "Output", s.Output != nil
}

// ruleText says whether a rule of a Choice holds, and why.
func (t *stateTrace) ruleText(o interp.Observation, looked []string) string {
	text := "does not hold: "
	if o.Value.Bool() {
		text = "holds: "
	}
	if q := t.state.Body.(*asl.Choice).Choices[o.Index].Query; q != nil {
		return text + q.String()
	}
	return text + strings.Join(looked, "; ")
}

// comparedText is a comparison and what stood behind its paths: $.n NumericLessThanPath $limit ($.n is 5, $limit is 7).
func comparedText(o interp.Observation) string {
	c := o.Comparison
	if c.Path != nil {
		return fmt.Sprintf("%s %sPath %s (%s%s, %s%s)", c.Variable, c.Operator, c.Path, c.Variable, isOrMissing(o.Variable), c.Path, isOrMissing(o.Operand))
	}
	return fmt.Sprintf("%s %s %s (%s%s)", c.Variable, c.Operator, c.Value.Value, c.Variable, isOrMissing(o.Variable))
}

func isOrMissing(v value.Value) string {
	if v.IsUndefined() {
		return " is missing"
	}
	return " is " + v.JSON()
}
