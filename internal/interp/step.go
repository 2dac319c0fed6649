package interp

import (
	"time"

	"github.com/sfnx/sfnx/history"
)

// Step folds what happened at one instant and runs until nothing can go on without the world. Inputs that belong
// to the same instant are handed in together: they are all recorded before any of them has consequences, as the
// recordings show. Inputs for timers and tasks that are no longer awaited are ignored.
func (x *Execution) Step(now time.Time, inputs ...Input) Output {
	x.now = now
	// Let go of the payloads of the last step, and of the room that a large one took.
	clear(x.events)
	clear(x.commands)
	x.events, x.commands = x.events[:0], x.commands[:0]
	if cap(x.events) > keptEvents {
		x.events = nil
	}
	for _, in := range inputs {
		if x.going() {
			x.fold(in)
		}
	}
	for len(x.queue) > 0 {
		round := x.queue
		x.queue, x.spare = x.spare[:0], round
		for _, t := range round {
			if t.phase != over {
				x.turn(t)
			}
		}
		clear(round)
	}
	return Output{Events: x.events, Commands: x.commands}
}

// fold records one input and gives the thread concerned a turn.
func (x *Execution) fold(in Input) {
	switch in := in.(type) {
	case Start:
		x.begin()
	case TimerFired:
		x.fire(in.Timer)
	case TaskAccepted:
		if t := x.tasks[in.Task]; t != nil {
			x.taskScheduled(t)
		}
	case TaskRefused:
		if t := x.tasks[in.Task]; t != nil {
			x.forget(t)
			t.failure = *x.runtimeFailure(t, in.Message)
			x.enqueue(t, failing)
		}
	case TaskStarted:
		if t := x.tasks[in.Task]; t != nil {
			x.taskStarted(t, in.WorkerName)
		}
	case TaskSubmitted:
		if t := x.tasks[in.Task]; t != nil {
			x.taskSubmitted(t, in.Output)
		}
	case TaskHeartbeat:
		if t := x.tasks[in.Task]; t != nil {
			x.startHeartbeat(t)
		}
	case TaskSucceeded:
		if t := x.tasks[in.Task]; t != nil {
			x.forget(t)
			x.taskSucceeded(t, in.Output)
		}
	case TaskFailed:
		if t := x.tasks[in.Task]; t != nil {
			x.forget(t)
			x.taskFailed(t, failure{name: in.Error, cause: in.Cause})
		}
	case MapRunSucceeded:
		if t := x.runs[in.Run]; t != nil {
			x.mapRunSucceeded(t, in.Output)
		}
	case MapRunFailed:
		if t := x.runs[in.Run]; t != nil {
			x.mapRunFailed(t, failure{name: &in.Error, cause: &in.Cause})
		}
	case ItemRefused:
		if t := x.runs[in.Run]; t != nil {
			x.itemRefused(t, in.Err)
		}
	case Stop:
		f := failure{name: in.Error, cause: in.Cause}
		x.end(result{status: Aborted, failure: f}, 0, history.ExecutionAborted, f.details())
	default:
		panic("interp: unknown input")
	}
}

// begin starts the main line.
func (x *Execution) begin() {
	c := x.config
	x.start = x.now
	x.record(0, history.ExecutionStarted, &history.ExecutionStartedDetails{Input: history.Literal(c.InputText), RoleArn: c.RoleArn, StateMachineAliasArn: c.AliasArn, StateMachineVersionArn: c.VersionArn})
	// A year may be reached, but not passed; a machine's own TimeoutSeconds ends the execution on the second.
	limit, ok := c.Limits.Duration+time.Millisecond, c.Limits.Duration > 0
	if s := time.Duration(x.program.timeout) * time.Second; s > 0 && (!ok || s < limit) {
		limit, ok = s, true
	}
	if ok {
		x.deadline = x.setTimer(nil, executionTimer, x.now.Add(limit))
	}
	x.root = &thread{state: x.program.start, input: c.Input}
	x.assign(x.root, c.Test.Variables)
	x.enqueue(x.root, entering)
}

func (x *Execution) fire(id TimerID) {
	tm, ok := x.timers[id]
	if !ok {
		return
	}
	delete(x.timers, id)
	t := tm.thread
	if t != nil && tm.kind != heartbeatTimer {
		t.timer = 0
	}
	switch tm.kind {
	case waitTimer:
		x.enqueue(t, resulting)
	case retryTimer:
		x.enqueue(t, retrying)
	case taskTimer:
		x.taskTimedOut(t, false)
	case heartbeatTimer:
		t.call.heartbeat = 0
		x.taskTimedOut(t, true)
	case executionTimer:
		// Measured: error and cause stand in the history only.
		x.end(result{status: TimedOut}, 0, history.ExecutionTimedOut, &history.Failure{Error: ptr(errTimeout)})
	}
}

// forget drops a task that has answered, and its timeout.
func (x *Execution) forget(t *thread) {
	delete(x.tasks, t.task)
	t.task = 0
	x.cancelTimer(t.timer)
	t.timer = 0
	x.stopHeartbeat(t)
}

// turn lets a thread visit a state, or fold what it waited for.
func (x *Execution) turn(t *thread) {
	s := x.program.states[t.state]
	switch t.phase {
	case entering:
		if !x.mayVisit(t, s) {
			return
		}
		t.enteredAt, t.retries, t.used, t.before = x.now, 0, nil, t.last
		x.observe(t, RawInput, t.input)
		t.enteredID = x.event(t, s.entered, &history.StateEntered{Name: s.Name, Input: history.Lazy(t.input)})
		x.work(t, s)
	case retrying:
		x.work(t, s)
	case resulting:
		x.resume(t, s)
	case failing:
		x.failState(t, s, t.failure)
	default:
		panic("interp: a thread that waits has a turn")
	}
}

// mayVisit guards against a loop in which no time passes and which no limit ends.
func (x *Execution) mayVisit(t *thread, s *state) bool {
	if x.now.After(t.moved) {
		t.moved, t.visits = x.now, 0
	}
	t.visits++
	if limit := x.config.Limits.Visits; limit > 0 && t.visits > limit {
		x.halt("the execution entered %d states without any time passing, last %q: a loop without an end or a Wait", limit, s.Name)
		return false
	}
	return true
}
