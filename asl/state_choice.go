package asl

import (
	"fmt"
	"strings"

	"github.com/sfnx/sfnx/internal/expr"
)

// operators are the comparison operators and the kind of their operand.
var operators = []struct {
	name    Operator
	operand operand
	path    bool // has a variant with the suffix Path
}{
	{StringEquals, stringOperand, true}, {StringLessThan, stringOperand, true}, {StringGreaterThan, stringOperand, true},
	{StringLessThanEquals, stringOperand, true}, {StringGreaterThanEquals, stringOperand, true}, {StringMatches, stringOperand, false},
	{NumericEquals, numberOperand, true}, {NumericLessThan, numberOperand, true}, {NumericGreaterThan, numberOperand, true},
	{NumericLessThanEquals, numberOperand, true}, {NumericGreaterThanEquals, numberOperand, true},
	{BooleanEquals, booleanOperand, true},
	{TimestampEquals, timestampOperand, true}, {TimestampLessThan, timestampOperand, true}, {TimestampGreaterThan, timestampOperand, true},
	{TimestampLessThanEquals, timestampOperand, true}, {TimestampGreaterThanEquals, timestampOperand, true},
	{IsNull, booleanOperand, false}, {IsPresent, booleanOperand, false}, {IsNumeric, booleanOperand, false},
	{IsString, booleanOperand, false}, {IsBoolean, booleanOperand, false}, {IsTimestamp, booleanOperand, false},
}

type operand uint8

const (
	stringOperand operand = iota
	numberOperand
	booleanOperand
	timestampOperand
	pathOperand
)

// comparisons are the fields that make a rule a comparison.
var comparisons = func() map[string]operand {
	m := map[string]operand{}
	for _, op := range operators {
		m[string(op.name)] = op.operand
		if op.path {
			m[string(op.name)+"Path"] = pathOperand
		}
	}
	return m
}()

var operatorFields = func() fields {
	var fs fields
	for _, op := range operators {
		fs = append(fs, field{string(op.name), jp})
		if op.path {
			fs = append(fs, field{string(op.name) + "Path", jp})
		}
	}
	return fs
}()

func (p *parser) choiceState(at *place, language QueryLanguage, t *transitions) *Choice {
	body := &Choice{Default: p.str(at.field("Default"))}
	choices := at.field("Choices")
	t.unsure = choices == nil || len(choices.members) == 0
	p.filled(choices, func(rule *place) {
		if !p.object(rule) {
			t.unsure = true
			return
		}
		p.checkFields(rule, ruleFields, language)
		next := rule.field("Next")
		t.to(next)
		r := ChoiceRule{Next: p.str(next)}
		p.str(rule.field("Comment"))
		field := fmt.Sprintf("Choices[%d]/", rule.index)
		if language == JSONPath {
			r.Condition = p.condition(rule)
		} else if condition := rule.field("Condition"); condition == nil {
			p.schema(rule, "These fields are required: [Condition]")
		} else {
			r.Query, r.Output = p.query(condition, field+"Condition"), p.query(rule.field("Output"), field+"Output")
		}
		r.Assign = p.assign(rule.field("Assign"), language, field+"Assign", false)
		body.Choices = append(body.Choices, r)
	})
	t.to(at.field("Default"))
	return body
}

// condition reads what a rule asks, nil if it is wrong. Fields that it must not have are reported already.
func (p *parser) condition(rule *place) Condition {
	var found []*place
	var names []string
	mistaken := false
	rule.each(func(f *place) {
		_, comparison := comparisons[f.name]
		if comparison || f.name == "And" || f.name == "Or" || f.name == "Not" {
			found, names = append(found, f), append(names, f.name)
		}
		u := ruleFields.find(f.name)
		mistaken = mistaken || u == no || u == ja
	})
	switch {
	case len(found) > 1:
		d := p.atName(found[1], "There should only be one of the following fields: ["+strings.Join(names, ", ")+"]")
		d.Location = rule.location()
		return nil
	case len(found) == 0:
		if !mistaken { // a misspelt operator is one finding, not two
			p.schema(rule, "A Choice Rule must have exactly one comparison operator, And, Or or Not")
		}
		return nil
	}

	f := found[0]
	if operand, ok := comparisons[f.name]; ok {
		return p.comparison(rule, f, operand)
	}
	if v := rule.field("Variable"); v != nil {
		d := p.atName(v, "Field 'Variable' is not supported")
		d.Location = rule.location()
	}
	if f.name == "Not" {
		if c := p.nestedCondition(f); c != nil {
			return &Not{c}
		}
		return nil
	}
	var conditions []Condition
	p.filled(f, func(at *place) {
		if c := p.nestedCondition(at); c != nil {
			conditions = append(conditions, c)
		}
	})
	if f.name == "And" {
		return And(conditions)
	}
	return Or(conditions)
}

// nestedCondition reads a rule inside And, Or or Not, nil if it is wrong.
func (p *parser) nestedCondition(at *place) Condition {
	if !p.object(at) {
		return nil
	}
	p.checkFields(at, conditionFields, JSONPath)
	p.str(at.field("Comment"))
	return p.condition(at)
}

func (p *parser) comparison(rule, f *place, operand operand) Condition {
	variable := rule.field("Variable")
	if variable == nil {
		p.schema(rule, "These fields are required: [Variable]")
	}
	c := &Comparison{Operator: Operator(f.name), Variable: p.variablePath(variable)}
	switch operand {
	case pathOperand:
		c.Operator = Operator(strings.TrimSuffix(f.name, "Path"))
		c.Path = p.referencePath(f)
		return c
	case stringOperand:
		p.str(f)
	case numberOperand:
		if f.kind != '0' {
			p.schema(f, "Expected value of type Number")
		}
	case booleanOperand:
		p.boolean(f)
	case timestampOperand:
		p.timestamp(f)
	}
	c.Value = expr.Literal{Value: p.value(f)}
	return c
}
