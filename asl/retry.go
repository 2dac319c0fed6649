package asl

import (
	"fmt"
	"strings"
)

const maxDelaySeconds = 31_622_400

func (p *parser) retry(at *place, s *State) {
	list := at.field("Retry")
	if list == nil || fieldsOf[s.Type].find("Retry") == no {
		return
	}
	taken := takenErrors{names: map[string]bool{}, task: s.Type == TaskType}
	p.array(list, func(r *place) {
		if !p.object(r) {
			return
		}
		p.checkFields(r, retrierFields, s.QueryLanguage)
		p.str(r.field("Comment"))
		retrier := Retrier{IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2}
		retrier.ErrorEquals = p.errorEquals(r, list, taken)
		if f := r.field("IntervalSeconds"); f != nil {
			retrier.IntervalSeconds = p.integer(f, 1, maxSeconds)
		}
		if f := r.field("MaxAttempts"); f != nil {
			retrier.MaxAttempts = p.integer(f, 0, maxSeconds)
		}
		if f := r.field("BackoffRate"); f != nil {
			retrier.BackoffRate = p.float(f, 1, 0)
		}
		if f := r.field("MaxDelaySeconds"); f != nil {
			retrier.MaxDelaySeconds = p.integer(f, 1, maxDelaySeconds)
			if retrier.MaxDelaySeconds != 0 && retrier.MaxDelaySeconds <= retrier.IntervalSeconds {
				p.schema(f, "MaxDelaySeconds must be greater than IntervalSeconds")
			}
		}
		retrier.FullJitter = p.word(r.field("JitterStrategy"), "NONE", "FULL") == "FULL"
		s.Retry = append(s.Retry, retrier)
	})
}

func (p *parser) catch(at *place, s *State, t *transitions) {
	list := at.field("Catch")
	if list == nil || fieldsOf[s.Type].find("Catch") == no {
		return
	}
	taken := takenErrors{names: map[string]bool{}, task: s.Type == TaskType}
	p.array(list, func(c *place) {
		if !p.object(c) {
			return
		}
		p.checkFields(c, catcherFields, s.QueryLanguage)
		p.str(c.field("Comment"))
		next := c.field("Next")
		t.to(next)
		catcher := Catcher{ErrorEquals: p.errorEquals(c, list, taken), Next: p.str(next)}
		field := fmt.Sprintf("Catch[%d]/", c.index)
		if s.QueryLanguage == JSONPath {
			catcher.ResultPath = p.pathField(c.field("ResultPath"), p.resultPath)
		} else {
			catcher.Output = p.compileQuery(c.field("Output"), field+"Output", true)
		}
		catcher.Assign = p.assign(c.field("Assign"), s.QueryLanguage, field+"Assign", true)
		s.Catch = append(s.Catch, catcher)
	})
}

// errorEquals reads the error names of an entry of list, which is a Retry or a Catch.
func (p *parser) errorEquals(entry, list *place, taken takenErrors) []string {
	at := entry.field("ErrorEquals")
	last := entry.index == len(list.members)-1
	var names []string
	p.filled(at, func(e *place) {
		name := p.str(e)
		names = append(names, name)
		switch {
		case name == "States.ALL" && !(last && len(at.members) == 1):
			p.schema(e, "States.ALL must appear alone and at end of list")
		case name == "States.Runtime":
			p.warn(NeverCaught, e, "States.Runtime can neither be retried nor caught")
		}
	})
	if len(names) > 0 && taken.all(names) {
		p.warn(NeverTried, at, "This entry of "+list.name+" is never tried: earlier ones take all of its errors")
	}
	for _, name := range names {
		taken.names[name] = true
	}
	return names
}

// takenErrors are the errors that earlier entries of a Retry or Catch take.
type takenErrors struct {
	names map[string]bool
	task  bool // of a Task state
}

func (t takenErrors) all(names []string) bool {
	for _, name := range names {
		// ASL "Errors": on a Task, States.TaskFailed takes what the task itself reports.
		if !t.names[name] && !(t.task && t.names["States.TaskFailed"] && !strings.HasPrefix(name, "States.")) {
			return false
		}
	}
	return true
}
