package asl

import (
	"slices"

	"github.com/sfnx/sfnx/internal/expr"
)

// state reads one state, and says where it leads.
func (p *parser) state(at *place, depth int) (*State, transitions) {
	outer, reads := p.inState, p.reads
	p.inState, p.reads = at.name, nil
	s, t := p.stateOf(at, depth)
	slices.Sort(p.reads)
	s.VariableReferences = slices.Compact(p.reads)
	p.inState, p.reads = outer, reads
	return s, t
}

func (p *parser) stateOf(at *place, depth int) (*State, transitions) {
	s := &State{Name: at.name, QueryLanguage: p.language, Pos: p.positions.at(at.start)}
	if !p.badName { // a name without limit would stand in the pointer of each state inside
		s.Pointer = at.location()
	}
	t := transitions{at: at}
	if l := at.field("QueryLanguage"); l != nil {
		s.QueryLanguage = p.queryLanguage(l)
		if p.language == JSONata && s.QueryLanguage == JSONPath {
			p.schema(at, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine")
			s.QueryLanguage = JSONata
		}
	}
	if s.Type = Type(p.word(at.field("Type"), typeNames...)); s.Type == "" {
		if !at.has("Type") {
			p.schema(at, "These fields are required: [Type]")
		}
		t.unsure = true
		t.to(at.field("Next"), at.field("Default"))
		return s, t
	}

	allowed := fieldsOf[s.Type]
	p.checkFields(at, allowed, s.QueryLanguage)
	s.Comment = p.str(at.field("Comment"))
	if allowed.find("Next") != no {
		p.next(at, s, &t)
	}
	if s.QueryLanguage == JSONPath {
		p.dataFlow(at, s, allowed)
	} else {
		p.queries(at, s, allowed)
	}
	if allowed.find("Assign") != no {
		s.Assign = p.assign(at.field("Assign"), s.QueryLanguage, "Assign", false)
	}
	p.retry(at, s)
	p.catch(at, s, &t)

	switch s.Type {
	case PassType:
		s.Body = p.pass(at)
	case TaskType:
		s.Body = p.task(at, s.QueryLanguage)
	case ChoiceType:
		s.Body = p.choiceState(at, s.QueryLanguage, &t)
	case WaitType:
		s.Body = p.wait(at, s.QueryLanguage)
	case SucceedType:
		t.terminal = true
		s.Body = &Succeed{}
	case FailType:
		t.terminal = true
		s.Body = p.failState(at, s.QueryLanguage)
	case ParallelType:
		s.Body = p.parallel(at, depth)
	case MapType:
		s.Body = p.mapState(at, s.QueryLanguage, depth)
	}
	return s, t
}

// next reads Next and End. ASL "Transitions": one of the two.
func (p *parser) next(at *place, s *State, t *transitions) {
	next, end := at.field("Next"), at.field("End")
	s.End = p.boolean(end)
	if next != nil {
		s.Next = p.str(next)
		t.to(next)
	}
	t.terminal = s.End
	switch {
	case next != nil && s.End:
		p.only(at, "Next", "End")
	case next == nil && !s.End:
		t.unsure = true
		if end == nil || end.kind == 'f' {
			p.one(at, "Next", "End")
		}
	}
}

// dataFlow reads the fields that JSONPath states share. A field that the type must not have is checkFields' finding.
func (p *parser) dataFlow(at *place, s *State, allowed fields) {
	field := func(name string) *place {
		if allowed.find(name) == no {
			return nil
		}
		return at.field(name)
	}
	s.InputPath = p.pathField(field("InputPath"), p.path)
	s.OutputPath = p.pathField(field("OutputPath"), p.path)
	s.ResultPath = p.pathField(field("ResultPath"), p.resultPath)
	s.ResultSelector = p.template(field("ResultSelector"))
	if s.Type != MapType { // the Parameters of a Map state are its ItemSelector
		s.Parameters = p.payload(field("Parameters"), JSONPath, "")
	}
}

// queries reads the fields that JSONata states share.
func (p *parser) queries(at *place, s *State, allowed fields) {
	if allowed.find("Arguments") != no {
		s.Parameters = p.payload(at.field("Arguments"), JSONata, "Arguments")
	}
	if allowed.find("Output") != no {
		s.Output = p.query(at.field("Output"), "Output")
	}
}

func (p *parser) pass(at *place) *Pass {
	body := &Pass{}
	if result := at.field("Result"); result != nil {
		body.Result = &expr.Literal{Value: p.value(result)}
	}
	return body
}

func (p *parser) wait(at *place, language QueryLanguage) *Wait {
	body := &Wait{}
	f := p.one(at, "Seconds", "Timestamp", "SecondsPath", "TimestampPath")
	if f == nil {
		return body
	}
	if language == JSONata {
		body.SecondsQuery, body.TimestampQuery = p.queryText(at.field("Seconds"), "Seconds"), p.queryText(at.field("Timestamp"), "Timestamp")
		if f.kind == '"' && expr.IsQuery(p.str(f)) {
			return body
		}
	}
	switch f.name {
	case "Seconds":
		seconds := p.integer(f, 0, maxSeconds)
		body.Seconds = &seconds
	case "Timestamp":
		body.Timestamp = p.timestamp(f)
	case "SecondsPath":
		body.SecondsPath = p.referencePath(f)
	case "TimestampPath":
		body.TimestampPath = p.referencePath(f)
	}
	return body
}

// timestamp reads a literal timestamp, nil if it is wrong.
func (p *parser) timestamp(pl *place) *Timestamp {
	text := p.str(pl)
	if pl.kind != '"' {
		return nil
	}
	t, err := ParseTimestamp(text)
	if err != nil {
		p.schema(pl, "String does not match RFC3339 timestamp")
		return nil
	}
	return &Timestamp{t}
}

func (p *parser) failState(at *place, language QueryLanguage) *Fail {
	body := &Fail{}
	p.only(at, "Error", "ErrorPath")
	p.only(at, "Cause", "CausePath")
	text := func(pl *place) *string {
		if pl == nil {
			return nil
		}
		s := p.str(pl)
		return &s
	}
	body.Error, body.Cause = text(at.field("Error")), text(at.field("Cause"))
	if language == JSONPath {
		body.ErrorPath, body.CausePath = p.expression(at.field("ErrorPath")), p.expression(at.field("CausePath"))
	} else {
		body.ErrorQuery, body.CauseQuery = p.queryText(at.field("Error"), "Error"), p.queryText(at.field("Cause"), "Cause")
	}
	return body
}

func (p *parser) parallel(at *place, depth int) *Parallel {
	body := &Parallel{}
	p.filled(at.field("Branches"), func(b *place) {
		if s := p.nested(b, branchFields, depth); s != nil {
			body.Branches = append(body.Branches, s)
		}
	})
	return body
}
