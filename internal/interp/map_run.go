package interp

import (
	"fmt"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/value"
)

// mapRun is one attempt of a distributed Map.
type mapRun struct {
	id        RunID
	started   int64       // id of MapRunStarted
	effective value.Value // the input that ItemSelector sees
}

// startMapRun asks for the child executions of a distributed Map. c holds what has been evaluated already.
func (x *Execution) startMapRun(t *thread, s *state, body *asl.Map, c StartMapRun, in value.Value) {
	if f := x.readerOf(t, body.Distributed, &c, in); f != nil {
		x.failState(t, s, *f)
		return
	}
	x.lastRun++
	label := body.Distributed.Label
	if label == "" {
		label = x.random.uuid()
	}
	arn := resourceArn(x.config.StateMachineArn)
	c.Run, c.State, c.Map, c.Processor = x.lastRun, s.Name, body, x.program.processor(s)
	c.MachineArn = arn.with("stateMachine", label)
	c.Arn = arn.with("mapRun", label) + ":" + x.random.uuid()
	started := x.event(t, history.MapRunStarted, &history.MapRun{MapRunArn: c.Arn})
	if !x.going() {
		return
	}
	t.phase, t.run = waiting, &mapRun{c.Run, started, in}
	x.runs[c.Run] = t
	x.commands = append(x.commands, c)
}

// readerOf evaluates the fields of ItemReader, ItemBatcher and ResultWriter.
func (x *Execution) readerOf(t *thread, d *asl.Distributed, c *StartMapRun, in value.Value) (f *failure) {
	c.Reader, c.Writer = value.EmptyObject(), value.EmptyObject()
	if r := d.ItemReader; r != nil {
		if c.Reader, f = x.evaluate(t, r.Parameters, in); f != nil {
			return f
		}
		if c.MaxItems, f = x.mapNumber(t, "MaxItemsPath", r.Config.MaxItems, r.Config.MaxItemsPath, r.Config.MaxItemsQuery, in); f != nil {
			return f
		}
	}
	if b := d.ItemBatcher; b != nil {
		if c.BatchItems, f = x.mapNumber(t, "MaxItemsPerBatchPath", b.MaxItemsPerBatch, b.MaxItemsPerBatchPath, b.MaxItemsPerBatchQuery, in); f != nil {
			return f
		}
		if c.BatchBytes, f = x.mapNumber(t, "MaxInputBytesPerBatchPath", b.MaxInputBytesPerBatch, b.MaxInputBytesPerBatchPath, b.MaxInputBytesPerBatchQuery, in); f != nil {
			return f
		}
		if b.BatchInput != nil {
			if c.BatchInput, f = x.evaluate(t, b.BatchInput, in); f != nil {
				return f
			}
		}
	}
	if w := d.ResultWriter; w != nil {
		c.Writer, f = x.evaluate(t, w.Parameters, in)
	}
	return f
}

// Item is one item of a Map Run. Key and Source are empty where $$.Map.Item has none.
type Item struct {
	Value  value.Value
	Key    string
	Source string
}

// SelectItem is the input of a Map Run's child execution: the item itself, or what ItemSelector makes of it. An error is
// to be handed back as ItemRefused.
func (x *Execution) SelectItem(run RunID, index int, item Item) (value.Value, error) {
	t := x.runs[run]
	if t == nil {
		return item.Value, fmt.Errorf("the Map Run %d is over", run)
	}
	selector := x.program.states[t.state].Body.(*asl.Map).ItemSelector
	if selector == nil {
		return item.Value, nil
	}
	return x.selectItem(t, selector, t.run.effective, &thread{index: index, origin: &item})
}

// mapRunSucceeded: MapStateSucceeded points to the end of the Map Run, MapStateExited to its start (recorded).
func (x *Execution) mapRunSucceeded(t *thread, output value.Value) {
	s := x.program.states[t.state]
	delete(x.runs, t.run.id)
	end := x.record(t.last, history.MapRunSucceeded, nil)
	if f := x.tooLarge(s.Name, output); f != nil {
		t.last, t.failure = end, *f
		x.enqueue(t, failing)
		return
	}
	x.record(end, history.MapStateSucceeded, nil)
	if t.last = t.run.started; !x.since(sinceExitAtMapRunStart) {
		t.last = end
	}
	t.run, t.result = nil, output
	x.enqueue(t, resulting)
}

func (x *Execution) mapRunFailed(t *thread, f failure) {
	delete(x.runs, t.run.id)
	x.event(t, history.MapRunFailed, f.details())
	t.failure = f
	x.enqueue(t, failing)
}

// itemRefused ends a Map Run whose ItemSelector cannot be evaluated.
func (x *Execution) itemRefused(t *thread, err error) {
	x.settle(t)
	t.failure = *x.evaluationFailure(t, err)
	x.enqueue(t, failing)
}
