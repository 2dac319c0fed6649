package asl

import (
	"fmt"
	"unicode/utf8"
)

const maxNameLength = 80

// scope reads the states of the machine, of a branch or of a processor. depth counts the Parallel and Map states around it.
func (p *parser) scope(at *place, depth int) *Scope {
	s := &Scope{}
	f := &flow{at: at, startAt: at.field("StartAt")}
	p.flows = append(p.flows, f)
	defer p.enterVariables(f)()
	if f.startAt != nil {
		s.StartAt = p.str(f.startAt)
		if f.startAt.kind != '"' {
			f.startAt = nil
		}
	}
	states := at.field("States")
	if states == nil || !p.object(states) {
		return s
	}
	if len(states.members) == 0 {
		p.schema(states, "Value cannot be empty")
	}
	s.States = make([]*State, 0, len(states.members))
	s.index = make(map[string]*State, len(states.members))
	f.states = make([]transitions, 0, len(states.members))
	states.each(func(at *place) {
		p.stateName(at)
		if !p.object(at) {
			f.states = append(f.states, transitions{at: at, unsure: true})
			return
		}
		st, t := p.state(at, depth)
		s.States = append(s.States, st)
		s.index[st.Name] = st
		f.states = append(f.states, t)
	})
	return s
}

// stateName checks the name of the state at pl. ASL "States": unique in the whole machine.
func (p *parser) stateName(pl *place) {
	var d *Diagnostic
	switch {
	case pl.name == "":
		d = p.report(InvalidStateName, pl, "Invalid State name: State name cannot be empty")
		p.badName = true
	case utf8.RuneCountInString(pl.name) > maxNameLength:
		d = p.report(InvalidStateName, pl, fmt.Sprintf("Invalid State name: State '%s' exceeds the %d-character limit allowed by the service", pl.name, maxNameLength))
		p.badName = true
	case p.states[pl.name]:
		d = p.report(DuplicateStateName, pl, "Duplicate State name: "+pl.name)
	default:
		p.states[pl.name] = true
		return
	}
	d.Pos = p.positions.at(pl.nameStart)
}

// nested reads the scope of a Parallel or Map state, nil if it cannot be read.
func (p *parser) nested(at *place, allowed fields, depth int) *Scope {
	if !p.object(at) {
		return nil
	}
	if depth >= maxNesting {
		d := p.report(TooDeeplyNested, at, "The states are too deeply nested")
		d.Hint = fmt.Sprintf("sfnx reads %d Parallel and Map states inside one another", maxNesting)
		return nil
	}
	p.checkFields(at, allowed, p.language)
	return p.scope(at, depth+1)
}
