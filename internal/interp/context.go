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

	result      value.Value // $states.result; Undefined if there is none
	errorOutput value.Value // $states.errorOutput
	states      value.Value // made once, or twice: with the context when that is asked for
	hasContext  bool
}

// StatesObject makes $states.
func (w *view) StatesObject(withContext bool) value.Value {
	if w.states.IsUndefined() || withContext && !w.hasContext {
		w.hasContext = withContext
		if w.states = value.ObjectOf(inputShape, []value.Value{w.t.input}); withContext {
			w.states = value.ObjectOf(statesShape, []value.Value{w.t.input, w.ContextObject()})
		}
		if !w.result.IsUndefined() {
			w.states = w.states.With("result", w.result)
		}
		if !w.errorOutput.IsUndefined() {
			w.states = w.states.With("errorOutput", w.errorOutput)
		}
	}
	return w.states
}

var (
	executionShape      = value.NewShape([]string{"Id", "Input", "StartTime", "Name", "RoleArn", "RedriveCount"})
	firstExecutionShape = value.NewShape([]string{"Id", "Input", "StartTime", "Name", "RoleArn"})
	stateMachineShape   = value.NewShape([]string{"Id", "Name"})
	stateShape          = value.NewShape([]string{"Name", "EnteredTime"})
	retriedStateShape   = value.NewShape([]string{"Name", "EnteredTime", "RetryCount"})
	contextShapes       = [2][2]*value.Shape{
		{value.NewShape([]string{"Execution", "StateMachine", "State"}), value.NewShape([]string{"Execution", "StateMachine", "State", "Map"})},
		{value.NewShape([]string{"Execution", "StateMachine", "State", "Task"}), value.NewShape([]string{"Execution", "StateMachine", "State", "Task", "Map"})},
	}
	taskShape   = value.NewShape([]string{"Token"})
	inputShape  = value.NewShape([]string{"input"})
	statesShape = value.NewShape([]string{"input", "context"})
	itemShape   = value.NewShape([]string{"Index", "Value"})
	mapShape    = value.NewShape([]string{"Item"})
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
		shape, members := executionShape, []value.Value{value.String(c.ExecutionArn), c.Input, timestamp(x.start), value.String(c.Name), value.String(c.RoleArn), value.Int(0)}
		if !x.since(sinceRedriveCount) {
			shape, members = firstExecutionShape, members[:5]
		}
		x.fixed = value.Array(value.ObjectOf(shape, members), value.ObjectOf(stateMachineShape, []value.Value{value.String(c.StateMachineArn), value.String(c.StateMachineName)}))
	}
	members := append(make([]value.Value, 0, 5), x.fixed.Items()...)
	members = append(members, w.state())
	hasTask, hasMap := 0, 0
	if token := w.t.token(); token != "" {
		hasTask = 1
		members = append(members, value.ObjectOf(taskShape, []value.Value{value.String(token)}))
	}
	if item := w.iteration(); item != nil {
		hasMap = 1
		current := item.mapItem()
		members = append(members, value.ObjectOf(mapShape, []value.Value{current}))
	}
	object := value.ObjectOf(contextShapes[hasTask][hasMap], members)
	for i := range x.config.Test.Context.Len() {
		object = object.With(x.config.Test.Context.Member(i))
	}
	return object
}

// mapItem is $$.Map.Item of an iteration.
func (t *thread) mapItem() value.Value {
	item := Item{}
	if t.origin != nil {
		item = *t.origin
	} else {
		item.Value = t.block.items[t.index]
	}
	v := value.ObjectOf(itemShape, []value.Value{value.Int(int64(t.index)), item.Value})
	if item.Key != "" {
		v = v.With("Key", value.String(item.Key))
	}
	if item.Source != "" {
		v = v.With("Source", value.String(item.Source))
	}
	return v
}

// iteration is the innermost one that the thread belongs to, nil outside of Maps.
func (w *view) iteration() *thread {
	if w.item != nil {
		return w.item
	}
	for t := w.t; t.block != nil; t = t.block.owner {
		if t.block.items != nil {
			return t
		}
	}
	return nil
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
