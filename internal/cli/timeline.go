package cli

import (
	"strings"
	"time"

	"github.com/sfnx/sfnx/history"
)

// visit is one visit of a state, as the history tells it.
type visit struct {
	name     string
	kind     string // type of the state, or what a task calls: lambda:invoke
	task     bool
	block    string // Parallel or Map; empty for other states
	entered  time.Time
	left     time.Time
	done     bool
	attempts int
	errors   []string       // of the attempts that failed, in order
	failure  string         // the error that ended the execution here
	waiting  string         // what the task has got no answer from; empty if it has one
	answers  []history.Text // of states:startExecution: they name the executions that were started
	mapRun   string         // ARN; empty if this is no distributed Map
	inside   []*visit       // of a Parallel or Map, in the order in which they were entered
	parent   *visit         // nil for what stands for the execution itself
	lane     *lane          // of the Parallel or Map around it; nil if there is none
	lanes    int            // of a Parallel, in the attempt in progress
	open     bool           // a Parallel or Map that has started and neither failed nor succeeded
	log      []logged       // its own events, and those of its iterations

	// What the region knows besides.
	answered string   // by what: mocked
	facts    []string // of a Map Run or a started execution
	notes    []string // lines of their own
}

// lane is a branch of a Parallel or an iteration of a Map, in one attempt.
type lane struct {
	index  int
	branch bool
}

// logged is an event of a visit, and the lane inside that it is about; nil if it is about the state as a whole.
type logged struct {
	event history.Event
	lane  *lane
}

// place is where an event belongs: to a visit, in a scope of states.
type place struct {
	visit *visit
	scope *visit // the Parallel or Map around it
	lane  *lane
	fork  bool // each state that is entered from here begins a branch of the scope
}

// timeline makes visits from the events of one execution: the result stands for the execution itself, with the states of
// the outermost scope inside. Each event names the one that caused it, which tells branches and iterations apart.
func timeline(events []history.Event) *visit {
	execution := &visit{}
	places := make(map[int64]place, len(events))
	for _, e := range events {
		at, known := places[e.PreviousEventID]
		if !known {
			at = execution.place()
		}
		places[e.ID] = at.after(e)
	}
	return execution
}

// after is the place of an event that was caused at p.
func (p place) after(e history.Event) place {
	switch d := e.Details.(type) {
	case *history.StateEntered:
		v := &visit{name: d.Name, kind: strings.TrimSuffix(string(e.Type), "StateEntered"), entered: e.Timestamp, parent: p.scope, lane: p.lane}
		if p.fork {
			v.lane = &lane{index: p.scope.lanes, branch: true}
			p.scope.lanes++
		}
		if v.kind == "Parallel" || v.kind == "Map" {
			v.block = v.kind
		}
		v.task = v.kind == "Task"
		v.keep(e, nil)
		p.scope.inside = append(p.scope.inside, v)
		return v.place()
	case *history.StateExited:
		v := p.visit
		for v.parent != nil && v.name != d.Name { // out of what failed inside and was caught
			v = v.parent
		}
		v.left, v.done = e.Timestamp, true
		v.keep(e, nil)
		return v.place()
	case *history.MapIteration:
		v, l := p.around("Map")
		if e.Type == history.MapIterationStarted {
			l = &lane{index: d.Index}
			v.keep(e, l)
			return place{visit: v, scope: v, lane: l}
		}
		v.keep(e, l)
		return place{visit: v, scope: v}
	}
	switch e.Type {
	case history.ParallelStateStarted, history.MapStateStarted:
		v := p.visit
		if v.block == "" || v.attempts > 0 { // another attempt, caused by what failed inside
			v, _ = p.around(blockOf(e.Type))
		}
		v.attempts++
		v.lanes, v.open = 0, true
		v.keep(e, nil)
		return place{visit: v, scope: v, fork: e.Type == history.ParallelStateStarted}
	case history.ParallelStateSucceeded, history.ParallelStateFailed, history.MapStateSucceeded, history.MapStateFailed:
		v, _ := p.around(blockOf(e.Type))
		v.open = false
		v.keep(e, nil)
		return v.place()
	}
	p.visit.take(e)
	p.visit.keep(e, nil)
	return p
}

func blockOf(t history.Type) string {
	if strings.HasPrefix(string(t), "Map") {
		return "Map"
	}
	return "Parallel"
}

// around is the innermost Parallel or Map in progress at p, and the lane of it in which p is.
func (p place) around(block string) (*visit, *lane) {
	if p.visit.block == block && p.visit.open {
		if p.visit == p.scope {
			return p.visit, p.lane
		}
		return p.visit, nil
	}
	l := p.lane
	for v := p.scope; v != nil; v, l = v.parent, v.lane {
		if v.block == block && v.open {
			return v, l
		}
	}
	return p.visit, nil
}

// place is between the states of the scope in which v stands, after v.
func (v *visit) place() place {
	if v.parent == nil {
		return place{visit: v, scope: v}
	}
	return place{visit: v, scope: v.parent, lane: v.lane}
}

func (v *visit) keep(e history.Event, l *lane) { v.log = append(v.log, logged{e, l}) }

// take adds what an event tells about the work of a state.
func (v *visit) take(e history.Event) {
	switch d := e.Details.(type) {
	case *history.TaskScheduledDetails:
		v.kind = d.ResourceType + ":" + d.Resource
		v.attempts++
		v.waiting = ""
	case *history.LambdaFunctionScheduledDetails:
		v.kind = "lambda " + d.Resource[strings.LastIndex(d.Resource, ":")+1:]
		v.attempts++
	case *history.ActivityScheduledDetails:
		v.kind = "activity " + d.Resource[strings.LastIndex(d.Resource, ":")+1:]
		v.attempts++
		v.waiting = "waiting for a worker"
	case *history.ActivityStartedDetails:
		v.waiting = ""
	case *history.TaskOutput:
		submitted := e.Type == history.TaskSubmitted
		if v.waiting = ""; submitted && strings.HasSuffix(d.Resource, ".waitForTaskToken") {
			v.waiting = "waiting for a task token"
		}
		if (submitted || !strings.Contains(d.Resource, ".")) && strings.HasPrefix(d.Resource, "startExecution") {
			v.answers = append(v.answers, d.Output)
		}
	case *history.TaskFailure:
		v.errors = append(v.errors, errorName(d.Error))
		if e.Type == history.TaskFailed {
			v.waiting = ""
		}
	case *history.EvaluationFailedDetails:
		v.errors = append(v.errors, d.Error)
	case *history.MapRun:
		v.kind, v.mapRun = "distributed Map", d.MapRunArn
	case *history.Failure:
		switch e.Type {
		case history.ExecutionFailed:
			v.failure = errorName(d.Error)
		case history.ExecutionAborted, history.ExecutionTimedOut:
		default:
			v.errors = append(v.errors, errorName(d.Error))
		}
	}
}

func errorName(name *string) string {
	if name == nil || *name == "" {
		return "an error without a name"
	}
	return *name
}
