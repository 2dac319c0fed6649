package sim

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/dataset"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/value"
)

// maxDistributedConcurrency is how many child executions a Map Run has at a time, whatever MaxConcurrency says.
const maxDistributedConcurrency = 10_000

// mapRun is a distributed Map in progress: it reads items, keeps as many child executions open as it may, and gathers
// their results in the order of the items.
type mapRun struct {
	interp.StartMapRun
	parent  *execution
	machine *machine
	feed    *feed
	open    map[int]*execution // child executions by index
	started int                // child executions
	status  string
	fell    int     // child executions that did not succeed
	results results // nil once they are finished
	shown   *MapRun
}

// startMapRun opens the items of a Map Run and starts as many iterations as may run.
func (r *Region) startMapRun(x *execution, c interp.StartMapRun) {
	machineArn, err := backend.ParseARN(c.MachineArn)
	if err != nil {
		r.give(x, "Map state %q: %v", c.State, err)
		return
	}
	typ := backend.Type(c.Map.Distributed.ExecutionType)
	run := &mapRun{StartMapRun: c, parent: x, status: "RUNNING", open: map[int]*execution{},
		machine: &machine{arn: machineArn, program: c.Processor, created: r.now,
			config: StateMachine{Name: machineArn.Name, Type: typ, RoleArn: x.machine.config.RoleArn}}}
	x.runs[c.Run] = run
	r.show(run)
	if run.feed, err = r.openFeed(run); err == nil {
		run.results, err = r.openResults(run)
	}
	if err != nil {
		r.failMapRun(run, err)
		return
	}
	r.fill(run)
}

// fill starts iterations until as many run as may, or there are no more items.
func (r *Region) fill(run *mapRun) {
	limit := int(run.Concurrency)
	if limit <= 0 || limit > maxDistributedConcurrency {
		limit = maxDistributedConcurrency
	}
	for run.status == "RUNNING" && len(run.open) < limit && !run.feed.over {
		input, ok, err := run.feed.next()
		if err != nil {
			r.failMapRun(run, err)
			return
		}
		if ok {
			r.startIteration(run, input)
		}
	}
	if run.status == "RUNNING" && len(run.open) == 0 && run.feed.over {
		r.finishMapRun(run)
	}
}

// startIteration starts one child execution.
func (r *Region) startIteration(run *mapRun, input value.Value) {
	index := run.started
	run.started++
	text := input.JSON()
	name := fmt.Sprintf("%016x-%d", r.seed(run.Arn), index)
	arn := run.machine.arn.Execution(name)
	if run.machine.config.Type == backend.Express {
		arn.Kind, arn.ID = "express", fmt.Sprintf("%016x", r.seed(run.Arn+name))
	}
	child := r.newExecution(arn.String(), run.machine, backend.StartExecutionInput{Name: name, Input: &text}, text, input)
	child.run, child.index = run, index
	run.open[index] = child
	run.shown.started(run.feed.count)
}

// iterationEnded takes the result of a child execution and goes on.
func (r *Region) iterationEnded(child *execution) {
	run := child.run
	child.run = nil
	delete(run.open, child.index)
	r.keepIteration(child)
	if run.status != "RUNNING" {
		return
	}
	run.shown.ended(child.status())
	if child.status() != backend.Succeeded {
		run.fell++
	}
	if err := run.results.add(childOf(child), child.index); err != nil {
		r.failMapRun(run, err)
		return
	}
	if run.intolerable() {
		r.exceed(run)
		return
	}
	r.fill(run)
}

// intolerable reports whether more child executions have failed than the state tolerates. A count of 0 is no tolerance of
// its own where a percentage is given.
func (run *mapRun) intolerable() bool {
	t := run.Tolerance
	if run.fell == 0 {
		return false
	}
	byCount := int64(run.fell) > t.Count && (t.Count > 0 || t.Percentage == 0)
	if t.Percentage == 0 {
		return byCount
	}
	total, known := run.feed.total()
	return byCount || known && float64(run.fell)*100 > t.Percentage*float64(total)
}

// finishMapRun ends a Map Run whose iterations are all over.
func (r *Region) finishMapRun(run *mapRun) {
	if run.intolerable() { // a percentage of a total that was not known before
		r.exceed(run)
		return
	}
	output, err := run.finish()
	if err != nil {
		r.failMapRun(run, err)
		return
	}
	r.closeMapRun(run, "SUCCEEDED")
	r.push(run.parent, r.now, interp.MapRunSucceeded{Run: run.Run, Output: output})
}

// finish ends the results.
func (run *mapRun) finish() (value.Value, error) {
	last := run.results
	run.results = nil
	return last.finish()
}

// exceed ends a Map Run in which too much has failed. What has ended is written all the same.
func (r *Region) exceed(run *mapRun) {
	if _, err := run.finish(); err != nil {
		r.failMapRun(run, err)
		return
	}
	r.failMapRun(run, &dataset.Error{Name: "States.ExceedToleratedFailureThreshold", Cause: "The specified tolerated failure threshold was exceeded"})
}

// failMapRun ends a Map Run that cannot go on: as a failure of the state if that is what it is, else the region gives up.
func (r *Region) failMapRun(run *mapRun, err error) {
	r.closeMapRun(run, "FAILED")
	var failure *dataset.Error
	var refused *itemRefusedError
	switch {
	case errors.As(err, &refused):
		r.push(run.parent, r.now, interp.ItemRefused{Run: run.Run, Err: refused.err})
	case errors.As(err, &failure) && failure.Name == dataset.Runtime:
		r.push(run.parent, r.now, interp.ItemRefused{Run: run.Run, Err: errors.New(failure.Cause)})
	case failure != nil:
		r.push(run.parent, r.now, interp.MapRunFailed{Run: run.Run, Error: failure.Name, Cause: failure.Cause})
	default:
		r.give(run.parent, "Map state %q: %v", run.State, err)
	}
}

// cancelMapRun stops a Map Run that nobody waits for any more.
func (r *Region) cancelMapRun(x *execution, id interp.RunID) {
	if run := x.runs[id]; run != nil {
		r.closeMapRun(run, "ABORTED")
	}
}

// closeMapRun ends a Map Run; child executions that are still open are stopped.
func (r *Region) closeMapRun(run *mapRun, status string) {
	run.status = status
	run.shown.close(status, r.now)
	delete(run.parent.runs, run.Run)
	if run.feed != nil {
		run.feed.close()
	}
	if run.results != nil {
		run.results.abort()
	}
	for _, index := range slices.Sorted(maps.Keys(run.open)) {
		r.push(run.open[index], r.now, interp.Stop{})
	}
}

// keepIteration lets an ended iteration be described for a while: what a Map Run of a million items leaves behind is
// bounded.
func (r *Region) keepIteration(child *execution) {
	r.iterations = append(r.iterations, child.arn)
	if len(r.iterations) > max(r.config.KeepIterations, 0) {
		delete(r.executions, r.iterations[0])
		r.iterations = r.iterations[1:]
	}
}

// itemRefusedError is an ItemSelector that cannot be evaluated.
type itemRefusedError struct{ err error }

func (e *itemRefusedError) Error() string { return e.err.Error() }
