package sim

import (
	"github.com/sfnx/sfnx/internal/value"
)

// results gathers what the child executions of a Map Run leave.
type results interface {
	add(child *execution) error
	finish(run *mapRun) (value.Value, error)
}

// openResults decides where results go: into the output of the state, or to files.
func (r *Region) openResults(run *mapRun) (results, error) {
	return &collected{}, nil
}

// collected are results that become the output of the state, in the order of the items. What failed contributes none.
type collected struct {
	outputs []value.Value // by index; Undefined where there is none
}

func (c *collected) add(child *execution) error {
	for len(c.outputs) <= child.index {
		c.outputs = append(c.outputs, value.Value{})
	}
	c.outputs[child.index], _, _ = child.engine.Result()
	return nil
}

func (c *collected) finish(*mapRun) (value.Value, error) {
	out := c.outputs[:0]
	for _, v := range c.outputs {
		if !v.IsUndefined() {
			out = append(out, v)
		}
	}
	return value.Array(out...), nil
}
