package interp

import (
	"time"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/internal/value"
)

// view is the context object ($$) as one thread sees it, made only when an expression asks.
type view struct {
	x    *Execution
	t    *thread
	item *thread // the iteration whose ItemSelector is evaluated; nil otherwise
}

var (
	executionShape    = value.NewShape([]string{"Id", "Input", "StartTime", "Name", "RoleArn", "RedriveCount"})
	stateMachineShape = value.NewShape([]string{"Id", "Name"})
	stateShape        = value.NewShape([]string{"Name", "EnteredTime"})
	retriedStateShape = value.NewShape([]string{"Name", "EnteredTime", "RetryCount"})
	contextShape      = value.NewShape([]string{"Execution", "StateMachine", "State"})
	mapContextShape   = value.NewShape([]string{"Execution", "StateMachine", "State", "Map"})
	itemShape         = value.NewShape([]string{"Index", "Value"})
	mapShape          = value.NewShape([]string{"Item"})
)

// timestamp is how AWS writes a time into the context object.
func timestamp(t time.Time) value.Value {
	return value.String(t.UTC().Format("2006-01-02T15:04:05.000Z"))
}

// ContextObject makes $$ (recorded key order).
func (w *view) ContextObject() value.Value {
	x := w.x
	if x.fixed.IsUndefined() {
		c := x.config
		x.fixed = value.Array(
			value.ObjectOf(executionShape, []value.Value{value.String(c.ExecutionArn), c.Input, timestamp(x.start), value.String(c.Name), value.String(c.RoleArn), value.Int(0)}),
			value.ObjectOf(stateMachineShape, []value.Value{value.String(c.StateMachineArn), value.String(c.StateMachineName)}),
		)
	}
	members := append(make([]value.Value, 0, 4), x.fixed.Items()...)
	members = append(members, w.state())
	item := w.item
	for t := w.t; item == nil && t != nil && t.block != nil; t = t.block.owner {
		if t.block.items != nil {
			item = t
		}
	}
	if item == nil {
		return value.ObjectOf(contextShape, members)
	}
	current := value.ObjectOf(itemShape, []value.Value{value.Int(int64(item.index)), item.block.items[item.index]})
	return value.ObjectOf(mapContextShape, append(members, value.ObjectOf(mapShape, []value.Value{current})))
}

// state is $$.State; RetryCount stands there only for the types that can retry (recorded).
func (w *view) state() value.Value {
	s := w.x.program.states[w.t.state]
	name, entered := value.String(s.Name), timestamp(w.t.enteredAt)
	switch s.Body.(type) {
	case *asl.Task, *asl.Parallel, *asl.Map:
		return value.ObjectOf(retriedStateShape, []value.Value{name, entered, value.Int(int64(w.t.retries))})
	}
	return value.ObjectOf(stateShape, []value.Value{name, entered})
}
