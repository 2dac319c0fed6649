package cli

import (
	"strings"
	"time"

	"github.com/sfnx/sfnx/history"
)

// visit is one visit of a state, as the history tells it.
type visit struct {
	name      string
	kind      string // type of the state, or what a task calls: lambda:invoke
	task      bool
	entered   time.Time
	left      time.Time
	done      bool
	attempts  int
	errors    []string // of the attempts that failed, in order
	failure   string   // the error that ended the execution here
	inside    []*visit // of a Parallel or Map, in the order in which they were entered
	parent    *visit   // nil for what stands for the execution itself
	iteration int      // of the Map around it; -1 if there is none
}

// place is where an event belongs: to a visit, in a scope of states.
type place struct {
	visit     *visit
	scope     *visit // the Parallel or Map around it
	iteration int
}

// timeline is the visits of the outermost scope, made from the events of one execution. Each event names the one that
// caused it, which tells branches and iterations apart.
func timeline(events []history.Event) []*visit {
	execution := &visit{iteration: -1}
	places := make(map[int64]place, len(events))
	for _, e := range events {
		at, known := places[e.PreviousEventID]
		if !known {
			at = place{visit: execution, scope: execution, iteration: -1}
		}
		places[e.ID] = at.after(e)
	}
	return execution.inside
}

// after is the place of an event that was caused at p.
func (p place) after(e history.Event) place {
	switch d := e.Details.(type) {
	case *history.StateEntered:
		v := &visit{name: d.Name, kind: strings.TrimSuffix(string(e.Type), "StateEntered"), entered: e.Timestamp, parent: p.scope, iteration: p.iteration}
		v.task = v.kind == "Task"
		p.scope.inside = append(p.scope.inside, v)
		return place{visit: v, scope: p.scope, iteration: p.iteration}
	case *history.StateExited:
		v := p.visit
		for v.parent != nil && v.name != d.Name { // out of what failed inside and was caught
			v = v.parent
		}
		v.left, v.done = e.Timestamp, true
		return v.place()
	case *history.MapIteration:
		if e.Type == history.MapIterationStarted {
			return place{visit: p.scope, scope: p.scope, iteration: d.Index}
		}
		return place{visit: p.scope, scope: p.scope, iteration: -1}
	}
	switch e.Type {
	case history.ParallelStateStarted, history.MapStateStarted:
		p.visit.attempts++
		return place{visit: p.visit, scope: p.visit, iteration: -1}
	case history.ParallelStateSucceeded, history.ParallelStateFailed, history.MapStateSucceeded, history.MapStateFailed:
		return p.scope.place()
	}
	p.visit.take(e)
	return p
}

// place is between the states of the scope in which v stands.
func (v *visit) place() place {
	if v.parent == nil {
		return place{visit: v, scope: v, iteration: -1}
	}
	return place{visit: v, scope: v.parent, iteration: v.iteration}
}

// take adds what an event tells about the work of a state.
func (v *visit) take(e history.Event) {
	switch d := e.Details.(type) {
	case *history.TaskScheduledDetails:
		v.kind = d.ResourceType + ":" + d.Resource
		v.attempts++
	case *history.LambdaFunctionScheduledDetails:
		v.kind = "lambda " + d.Resource[strings.LastIndex(d.Resource, ":")+1:]
		v.attempts++
	case *history.ActivityScheduledDetails:
		v.kind = "activity " + d.Resource[strings.LastIndex(d.Resource, ":")+1:]
		v.attempts++
	case *history.TaskFailure:
		v.errors = append(v.errors, errorName(d.Error))
	case *history.EvaluationFailedDetails:
		v.errors = append(v.errors, d.Error)
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
