package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/value"
)

// Executions that a Task started are shown below it if they are simple.
const (
	mostNestedVisits = 12
	deepestNesting   = 3
)

// annotate adds to the visits of an execution of a machine what the region knows besides its events.
func (w *world) annotate(visits []*visit, machine string, depth int) {
	for _, v := range visits {
		if v.task {
			v.answered = w.answered[stateOf{machine, v.name}]
		}
		w.annotate(v.inside, machine, depth)
		for _, answer := range v.answers {
			if c := w.child(answer); c != nil && v.answered == "" {
				w.nest(v, c, depth+1)
			}
		}
		if run, err := w.region.DescribeMapRun(context.Background(), v.mapRun); err == nil {
			v.facts = append(v.facts, mapRunFact(run))
		}
	}
}

// child is an execution that a Task started.
type child struct {
	execution backend.Execution
	events    []history.Event
	broken    error // why the region could not go on with it
}

// child is the execution that the answer of a states:startExecution speaks of, nil if the region has none that can be
// looked at.
func (w *world) child(answer history.Text) *child {
	response, err := value.Parse(answer.String())
	if err != nil {
		return nil
	}
	arn, _ := response.Get("ExecutionArn")
	ctx := context.Background()
	c := &child{}
	c.execution, err = w.region.DescribeExecution(ctx, arn.Str())
	var refused *backend.Error
	switch {
	case errors.As(err, &refused) && refused.AWSCode != "":
		return nil
	case err != nil:
		c.execution.ExecutionArn, c.broken = arn.Str(), err
	default:
		c.events, c.broken = allEvents(ctx, w.region, arn.Str())
	}
	return c
}

// nest shows an execution below the task that started it.
func (w *world) nest(v *visit, c *child, depth int) {
	if c.broken != nil {
		v.facts = append(v.facts, "its execution cannot go on")
		return
	}
	inside := timeline(c.events).inside
	if len(flat(inside)) > mostNestedVisits || depth > deepestNesting {
		v.notes = append(v.notes, fmt.Sprintf("%s  %s, %s", c.execution.ExecutionArn, c.execution.Status, count(len(c.events), "event")))
		return
	}
	v.facts = append(v.facts, "execution "+string(c.execution.Status))
	if arn, err := backend.ParseARN(c.execution.StateMachineArn); err == nil {
		w.annotate(inside, arn.Name, depth)
	}
	v.inside = append(v.inside, inside...)
}

// broken says which executions that the job's own one started could not go on, though nobody waited for them.
func (w *world) broken(events []history.Event) []string {
	var list []string
	for _, v := range flat(timeline(events).inside) {
		for _, answer := range v.answers {
			if c := w.child(answer); c != nil && c.broken != nil {
				list = append(list, fmt.Sprintf("%s, which %q started, cannot go on: %v", c.execution.ExecutionArn, v.name, c.broken))
			}
		}
	}
	return list
}

// flat is all visits, with what is inside of them.
func flat(visits []*visit) []*visit {
	var all []*visit
	for _, v := range visits {
		all = append(append(all, v), flat(v.inside)...)
	}
	return all
}

// mapRunFact is 3 items, 3 executions: 2 succeeded, 1 failed.
func mapRunFact(run sim.MapRun) string {
	executions := run.ExecutionCounts
	text := count(run.Items, "item") + ", " + count(executions.Total, "execution")
	var ended []string
	for _, part := range []struct {
		n    int
		what string
	}{
		{executions.Succeeded, "succeeded"}, {executions.Failed, "failed"}, {executions.TimedOut, "timed out"}, {executions.Aborted, "aborted"},
		{executions.Running, "running"},
	} {
		if part.n > 0 {
			ended = append(ended, fmt.Sprintf("%d %s", part.n, part.what))
		}
	}
	if len(ended) > 0 {
		text += ": " + strings.Join(ended, ", ")
	}
	return text
}
