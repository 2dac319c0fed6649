package dataset

import (
	"time"

	"github.com/sfnx/sfnx/internal/value"
)

// Child is one child execution of a Map Run, ended or never started.
type Child struct {
	ExecutionArn        string
	Name                string
	StateMachineArn     string
	Status              string      // SUCCEEDED, FAILED, TIMED_OUT, ABORTED or PENDING
	Input               value.Value // undefined: not given
	Output              value.Value // undefined: none
	Error               *string
	Cause               *string
	RedriveCount        int64
	RedriveStatus       string
	RedriveStatusReason string    // empty: none
	StartDate           time.Time // zero: none
	StopDate            time.Time // zero: none
}

// Record is the child as DescribeExecution shows it in a result file: Input and Output are JSON texts, members that the
// child does not have are left out (AWS's guide, "ResultWriter").
func (c *Child) Record() value.Value {
	var members []value.Member
	add := func(key string, v value.Value) { members = append(members, value.Member{Key: key, Value: v}) }
	included := value.Object(value.Member{Key: "Included", Value: value.Bool(true)})
	date := func(key string, t time.Time) {
		if !t.IsZero() {
			add(key, value.String(t.UTC().Format("2006-01-02T15:04:05.000Z")))
		}
	}
	if c.Cause != nil {
		add("Cause", value.String(*c.Cause))
	}
	if c.Error != nil {
		add("Error", value.String(*c.Error))
	}
	add("ExecutionArn", value.String(c.ExecutionArn))
	if !c.Input.IsUndefined() {
		add("Input", value.String(c.Input.JSON()))
		add("InputDetails", included)
	}
	add("Name", value.String(c.Name))
	if !c.Output.IsUndefined() {
		add("Output", value.String(c.Output.JSON()))
		add("OutputDetails", included)
	}
	add("RedriveCount", value.Int(c.RedriveCount))
	add("RedriveStatus", value.String(c.RedriveStatus))
	if c.RedriveStatusReason != "" {
		add("RedriveStatusReason", value.String(c.RedriveStatusReason))
	}
	date("StartDate", c.StartDate)
	add("StateMachineArn", value.String(c.StateMachineArn))
	add("Status", value.String(c.Status))
	date("StopDate", c.StopDate)
	return value.Object(members...)
}

// Results are what a child adds to the results under a Transformation: NONE (or empty) its record, COMPACT its output,
// FLATTEN its output or, if that is an array, the elements. A child that did not succeed is always a record.
func (c *Child) Results(transformation string) []value.Value {
	switch {
	case c.Status != "SUCCEEDED" || transformation == "" || transformation == "NONE":
		return []value.Value{c.Record()}
	case transformation == "FLATTEN" && c.Output.Kind() == value.ArrayKind:
		return c.Output.Items()
	}
	return []value.Value{c.Output}
}
