package sim

import (
	"context"
	"fmt"
	"time"

	"github.com/sfnx/sfnx/backend"
)

// MapRun is a Map Run as DescribeMapRun tells of it.
type MapRun struct {
	MapRunArn       string
	ExecutionArn    string
	Status          string // RUNNING, SUCCEEDED, FAILED or ABORTED
	StartDate       time.Time
	StopDate        time.Time // zero while it runs
	Items           int       // read so far
	ExecutionCounts ExecutionCounts
}

// ExecutionCounts are the child executions of a Map Run, by how they ended.
type ExecutionCounts struct{ Total, Running, Succeeded, Failed, TimedOut, Aborted int }

// DescribeMapRun reads a Map Run. What its end put a stop to counts as aborted.
func (r *Region) DescribeMapRun(_ context.Context, mapRunArn string) (MapRun, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	run := r.mapRuns[mapRunArn]
	if run == nil {
		return MapRun{}, &backend.Error{Code: backend.Validation, Op: "DescribeMapRun", AWSCode: "ResourceNotFound", Message: fmt.Sprintf("Resource not found: '%s'", mapRunArn)}
	}
	return *run, nil
}

// show lets a Map Run be described, also when it is over.
func (r *Region) show(run *mapRun) {
	run.shown = &MapRun{MapRunArn: run.Arn, ExecutionArn: run.parent.arn, Status: run.status, StartDate: r.now}
	r.mapRuns[run.Arn] = run.shown
}

func (m *MapRun) started(items int) {
	m.Items = items
	m.ExecutionCounts.Total++
	m.ExecutionCounts.Running++
}

func (m *MapRun) ended(s backend.Status) {
	c := &m.ExecutionCounts
	c.Running--
	switch s {
	case backend.Succeeded:
		c.Succeeded++
	case backend.TimedOut:
		c.TimedOut++
	case backend.Aborted:
		c.Aborted++
	default:
		c.Failed++
	}
}

func (m *MapRun) close(status string, now time.Time) {
	m.Status, m.StopDate = status, now
	m.ExecutionCounts.Aborted += m.ExecutionCounts.Running
	m.ExecutionCounts.Running = 0
}
