// Package asl reads Amazon States Language: it turns the text of a definition into a Machine, or says what is
// wrong with it, all in one pass and each finding with its line and column.
//
//	m, findings := asl.Parse(text, asl.Options{})
//	if findings.HasErrors() {
//		return findings // an error with AWS's InvalidDefinition message
//	}
//
// Codes, wording, places and order are AWS's where they are known. What a correct definition asks for and this
// version cannot do yet is refused too (SFNX_UNSUPPORTED), so a Machine can always be run. The package runs
// nothing, reads no files and replaces no ${placeholders}.
package asl

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sfnx/sfnx/internal/jackson"
	"github.com/sfnx/sfnx/internal/value"
)

// MaxDefinitionSize is the longest definition that AWS takes, in bytes.
const MaxDefinitionSize = 1 << 20

// maxNesting is how deep Parallel and Map states may stand inside one another. AWS has a limit
// (TOO_DEEPLY_NESTED) but does not publish it.
const maxNesting = 25

// Options say how a definition will be used. The zero Options are those of a STANDARD state machine.
type Options struct {
	// Type is the type of the state machine: STANDARD, also if empty, or EXPRESS, which cannot do all that a definition may ask for.
	Type string
	// AllowPlaceholders accepts, with a warning, a Resource with a ${Name} that AWS SAM or CloudFormation would replace:
	// one that is nothing else counts as a Lambda function.
	AllowPlaceholders bool
}

// Parse reads a definition. The machine is nil if, and only if, the findings have errors.
func Parse(text []byte, opts Options) (*Machine, Diagnostics) {
	p := &parser{opts: opts, text: string(text), states: map[string]bool{}, suggestions: suggestionBudget, room: findingsBudget}
	m := p.machine()
	if p.leftOut != "" {
		p.found = append(p.found, Diagnostic{Severity: p.leftOut, Code: TooManyFindings, Message: "There are more findings than can be listed", Ours: true, Pos: Position{Line: 1, Column: 1}})
	}
	if p.found.HasErrors() {
		return nil, p.found
	}
	return m, p.found
}

type parser struct {
	opts        Options
	text        string
	positions   *positions
	found       Diagnostics
	room        int             // bytes that further findings may take
	leftOut     Severity        // the worst of the findings for which there was no room
	language    QueryLanguage   // of the machine: what a state without QueryLanguage has, at any depth (measured)
	states      map[string]bool // names of all states so far
	badName     bool            // a state name is not allowed
	flows       []*flow         // of all scopes, outer ones first
	suggestions int             // comparisons left for didYouMean
	inState     string          // name of the state in progress
	reads       []string        // workflow variables that it reads
	variables   *variables      // of the scope in progress
	allScopes   []*variables    // outer ones first
}

// findingsBudget bounds the texts of all findings of one parse, in bytes.
const findingsBudget = 16 << 20

func (p *parser) machine() *Machine {
	if len(p.text) > MaxDefinitionSize {
		p.found = append(p.found, Diagnostic{Severity: SeverityError, Code: DefinitionTooLarge, Ours: true, Pos: Position{Line: 1, Column: 1},
			Message: fmt.Sprintf("The definition has %d bytes, the limit is %d", len(p.text), MaxDefinitionSize)})
		return nil
	}
	p.positions = newPositions(p.text)
	node, err := readDocument(p.text, p.duplicate)
	if err == nil && node.kind != '{' || strings.TrimSpace(p.text) == "" {
		err = &syntaxError{node.start, "Definition must be a valid JSON object"} // recorded for the empty text
	}
	if err != nil {
		d := Diagnostic{Severity: SeverityError, Code: InvalidJSONDescription, Message: err.msg, Pos: p.positions.at(err.offset)}
		if e := jackson.Explain(p.text); e != nil {
			d.Message, d.Syntax = e.Brief, e
		}
		p.found = append(p.found, d)
		return nil
	}

	root := &place{node: node}
	p.language = JSONPath
	if at := root.field("QueryLanguage"); at != nil {
		p.language = p.queryLanguage(at)
	}
	p.checkFields(root, machineFields, p.language)
	p.word(root.field("Version"), "1.0")
	m := &Machine{
		Comment:        p.str(root.field("Comment")),
		QueryLanguage:  p.language,
		TimeoutSeconds: p.integer(root.field("TimeoutSeconds"), 1, maxSeconds),
		Scope:          *p.scope(root, 0),
	}
	for _, v := range p.allScopes {
		p.checkVariables(v)
	}
	for _, f := range p.flows {
		p.checkTransitions(f)
	}
	return m
}

// queryLanguage is the language that a field QueryLanguage names, the machine's if it names none.
func (p *parser) queryLanguage(at *place) QueryLanguage {
	switch language := QueryLanguage(p.word(at, string(JSONPath), string(JSONata))); language {
	case JSONPath, JSONata:
		return language
	}
	return p.language
}

func (p *parser) duplicate(pointer func() string, name string, nameStart int) {
	p.add(Diagnostic{Severity: SeverityWarning, Code: DuplicateMember, Ours: true, Pos: p.positions.at(nameStart),
		Message: fmt.Sprintf("The object already has a member '%s': only the last one counts", name)},
		func() string { return "" }, pointer)
}

// report adds an error about the value at pl. What it returns may be changed until the next report.
func (p *parser) report(code string, pl *place, message string) *Diagnostic {
	return p.add(Diagnostic{Severity: SeverityError, Code: code, Message: message, Pos: p.positions.at(pl.start)}, pl.location, pl.pointer)
}

// add keeps a finding and gives it its place, as long as there is room.
func (p *parser) add(d Diagnostic, location, pointer func() string) *Diagnostic {
	if p.room <= 0 {
		if p.leftOut != SeverityError {
			p.leftOut = d.Severity
		}
		return &d
	}
	d.Location, d.Pointer = location(), pointer()
	p.room -= len(d.Location) + len(d.Pointer) + len(d.Message)
	p.found = append(p.found, d)
	return &p.found[len(p.found)-1]
}

// schema reports a SCHEMA_VALIDATION_FAILED.
func (p *parser) schema(pl *place, message string) *Diagnostic {
	return p.report(SchemaValidationFailed, pl, message)
}

// atName is schema, but it points at the name of the member.
func (p *parser) atName(pl *place, message string) *Diagnostic {
	d := p.schema(pl, message)
	d.Pos = p.positions.at(pl.nameStart)
	return d
}

// warn adds a warning of sfnx.
func (p *parser) warn(code string, pl *place, message string) *Diagnostic {
	return p.add(Diagnostic{Severity: SeverityWarning, Code: code, Message: message, Ours: true, Pos: p.positions.at(pl.start)}, pl.location, pl.pointer)
}

// value is the JSON value at pl, sharing the text.
func (p *parser) value(pl *place) value.Value {
	v, err := value.Parse(p.text[pl.start:pl.end])
	if err != nil {
		var syntax *value.SyntaxError
		offset := pl.start
		if errors.As(err, &syntax) {
			offset += syntax.Offset
		}
		p.report(InvalidJSONDescription, pl, err.Error()).Pos = p.positions.at(offset)
	}
	return v
}
