package sim

import (
	"errors"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/dataset"
	"github.com/sfnx/sfnx/internal/value"
)

// results gathers what the child executions of a Map Run leave.
type results interface {
	add(child *dataset.Child, index int) error
	// finish gives the result of the Map state.
	finish() (value.Value, error)
	// abort gives up what has been gathered.
	abort()
}

// openResults decides where results go: into the output of the state, or to files.
func (r *Region) openResults(run *mapRun) (results, error) {
	writer := run.Map.Distributed.ResultWriter
	if writer == nil {
		return &collected{transformation: "COMPACT"}, nil
	}
	if writer.Resource == "" {
		transformation := writer.Transformation
		if transformation == "" {
			transformation = "COMPACT"
		}
		return &collected{transformation: transformation}, nil
	}
	if r.config.Sink == nil {
		return nil, errors.New("its ResultWriter writes to S3, and nothing stands for S3 here: name a directory with --s3")
	}
	location, err := dataset.Locate(writer.Resource, run.Writer)
	if err != nil {
		return nil, err
	}
	files, err := dataset.NewResultWriter(r.config.Sink, dataset.Destination{
		MapRunArn: run.Arn, Bucket: location.Bucket, Prefix: location.Prefix, Transformation: writer.Transformation, OutputType: writer.OutputType,
	})
	if err != nil {
		return nil, err
	}
	return written{files}, nil
}

// collected are results that become the output of the state, in the order of the items. What did not succeed
// contributes none, but for the record of it that the transformation NONE keeps.
type collected struct {
	transformation string
	byIndex        [][]value.Value
}

func (c *collected) add(child *dataset.Child, index int) error {
	for len(c.byIndex) <= index {
		c.byIndex = append(c.byIndex, nil)
	}
	if child.Status == string(backend.Succeeded) || c.transformation == "NONE" {
		c.byIndex[index] = child.Results(c.transformation)
	}
	return nil
}

func (c *collected) finish() (value.Value, error) {
	out := make([]value.Value, 0, len(c.byIndex))
	for _, v := range c.byIndex {
		out = append(out, v...)
	}
	return value.Array(out...), nil
}

func (c *collected) abort() {}

// written are results that go to files as they come.
type written struct{ files *dataset.ResultWriter }

func (w written) add(child *dataset.Child, _ int) error { return w.files.Add(child) }
func (w written) finish() (value.Value, error)          { return w.files.Close() }
func (w written) abort()                                { _ = w.files.Abort() } // nobody reads what has no manifest

// childOf is an ended child execution as results see it.
func childOf(x *execution) *dataset.Child {
	d := x.describe()
	output, _, _ := x.engine.Result()
	input, _ := value.Parse(*d.Input) // it was written by value
	return &dataset.Child{
		ExecutionArn: d.ExecutionArn, Name: d.Name, StateMachineArn: d.StateMachineArn, Status: string(d.Status), Input: input, Output: output,
		Error: d.Error, Cause: d.Cause, RedriveStatus: d.RedriveStatus, RedriveStatusReason: d.RedriveStatusReason, StartDate: d.StartDate, StopDate: d.StopDate,
	}
}
