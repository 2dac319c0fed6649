package sim

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/simtime"
)

// happening is an input that is due for an execution.
type happening struct {
	execution *execution
	input     interp.Input
}

// execution is one execution of the region: the engine's state and what the world keeps for it.
type execution struct {
	arn     string
	name    string
	machine *machine
	input   *string // as it was given
	start   time.Time
	engine  *interp.Execution
	events  []history.Event
	batch   []interp.Input                    // what happens to it at the present instant
	pending map[any]*simtime.Entry[happening] // by TimerID or TaskID
	tasks   map[interp.TaskID]*task
	parents []*task // the .sync tasks that wait for this execution
	depth   int     // how many executions have started one another, down to this one
	run     *mapRun // the Map Run that this execution is an iteration of; nil if none
	index   int     // in run
	runs    map[interp.RunID]*mapRun
	// broken says why the region cannot go on with the execution: a task that nobody answers, a loop that cannot end.
	broken *backend.Error
}

// task is an open task of an execution.
type task struct {
	interp.ScheduleTask
	execution *execution
	answer    Answer     // of an activity, from acceptance to start
	answered  bool       // whether answer holds one
	child     *execution // that a .sync task waits for
}

// step advances an execution by inputs of the present instant.
func (r *Region) step(x *execution, inputs ...interp.Input) {
	var feed []interp.Input
	for _, in := range inputs {
		feed = append(feed, r.prepare(x, in)...)
		if x.broken != nil {
			return
		}
	}
	out := x.engine.Step(r.now, feed...)
	x.events = append(x.events, out.Events...)
	if r.config.Observe != nil {
		for i := range out.Events {
			r.config.Observe(x.arn, out.Events[i])
		}
	}
	for _, c := range out.Commands {
		r.carryOut(x, c)
	}
	if err := x.engine.Halted(); err != nil {
		r.give(x, "%v", err)
	}
	if x.status().Terminal() {
		r.ended(x)
	}
}

// prepare does what the world has to do before an execution learns of an input.
func (r *Region) prepare(x *execution, in interp.Input) []interp.Input {
	switch in := in.(type) {
	case interp.TimerFired:
		delete(x.pending, in.Timer)
	case interp.TaskAccepted:
		if t := x.tasks[in.Task]; t != nil { // else its token has been answered at this very instant
			return r.accept(t)
		}
	case interp.TaskStarted:
		if t := x.tasks[in.Task]; t != nil {
			return r.work(t, in)
		}
	case interp.TaskSucceeded:
		r.close(x, in.Task)
	case interp.TaskFailed:
		r.close(x, in.Task)
	}
	return []interp.Input{in}
}

// close forgets a task that has been answered.
func (r *Region) close(x *execution, id interp.TaskID) {
	if t := x.tasks[id]; t != nil {
		r.closeToken(t.Token)
		delete(x.tasks, id)
	}
	r.cancel(x, id)
}

func (r *Region) carryOut(x *execution, c interp.Command) {
	switch c := c.(type) {
	case interp.SetTimer:
		x.pending[c.Timer] = r.push(x, c.At, interp.TimerFired{Timer: c.Timer})
	case interp.CancelTimer:
		r.cancel(x, c.Timer)
	case interp.ScheduleTask:
		t := &task{ScheduleTask: c, execution: x}
		x.tasks[c.Task] = t
		r.openToken(t)
		var first interp.Input = interp.TaskStarted{Task: c.Task}
		if c.Resource.Kind == asl.Activity {
			first = interp.TaskAccepted{Task: c.Task}
		}
		x.pending[c.Task] = r.push(x, r.now, first)
	case interp.StartMapRun:
		r.startMapRun(x, c)
	case interp.CancelMapRun:
		r.cancelMapRun(x, c.Run)
	case interp.CancelTask:
		t := x.tasks[c.Task]
		r.close(x, c.Task)
		r.stopChild(t)
	default:
		panic(fmt.Sprintf("sim: unknown command %T", c))
	}
}

// answerAt puts the input of a task where it is due.
func (r *Region) answerAt(t *task, at time.Time, in interp.Input) {
	t.execution.pending[t.Task] = r.push(t.execution, at, in)
}

func (r *Region) push(x *execution, at time.Time, in interp.Input) *simtime.Entry[happening] {
	if at.Before(r.now) {
		at = r.now
	}
	return r.due.Push(at, happening{x, in})
}

func (r *Region) cancel(x *execution, id any) {
	if e, ok := x.pending[id]; ok {
		r.due.Remove(e)
		delete(x.pending, id)
	}
}

// give up on an execution that the region cannot carry on; whoever asks for it is told why.
func (r *Region) give(x *execution, format string, args ...any) {
	if x.broken != nil {
		return
	}
	x.broken = &backend.Error{Code: backend.Validation, Message: fmt.Sprintf(format, args...)}
	for id := range x.pending {
		r.cancel(x, id)
	}
	for _, id := range slices.Sorted(maps.Keys(x.runs)) {
		r.closeMapRun(x.runs[id], "FAILED")
	}
	for _, waiting := range x.waiting() { // who waits for it cannot go on either
		r.give(waiting, "%s: %s", x.arn, x.broken.Message)
	}
}

// nextChange is when something is next due in the region: it may be what an execution waits for, be it a time, a child or
// somebody with the token of its task. It is unknown for an execution that is over or broken.
func (r *Region) nextChange(x *execution) (at time.Time, known bool) {
	if x.broken != nil || x.status().Terminal() {
		return time.Time{}, false
	}
	return r.due.Next()
}

// waiting are the executions that wait for this one.
func (x *execution) waiting() []*execution {
	var list []*execution
	for _, t := range x.parents {
		list = append(list, t.execution)
	}
	if x.run != nil {
		list = append(list, x.run.parent)
	}
	return list
}

// ended tells whoever waits for an execution that it is over.
func (r *Region) ended(x *execution) {
	r.childEnded(x)
	if x.run != nil {
		r.iterationEnded(x)
	}
}
