package interp_test

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/value"
)

// world drives one execution in virtual time: it keeps what is due in order, and hands in together what belongs to one
// instant.
type world struct {
	x       *interp.Execution
	now     time.Time
	pending []pending // by time, then by age
	worker  func(interp.ScheduleTask) answer
	mapRun  func(interp.StartMapRun) answer
	answers map[interp.TaskID]answer // of tasks that have not started
	events  []history.Event
	notes   map[int64][]string // what was asked of the world, by the last event before
	tokens  map[interp.TaskID]string
	ledger  *ledger
	// stale mixes answers in that nobody waits for any more. They must not change anything.
	stale bool
	// stop is a StopExecution, after everything else that happens at its time.
	stop *pending
}

// pending is an input that is due.
type pending struct {
	at    time.Time
	input interp.Input
}

// answer is what becomes of one task.
type answer struct {
	kind  answerKind
	delay time.Duration
	// of a return
	output value.Value
	// of a throw
	err   *string
	cause *string
	// of a refusal, for a Map Run that of an item
	message string

	// of a task with a pattern, and of an activity
	submitted *value.Value    // response to the call
	taken     time.Duration   // until a worker has it
	worker    string          // who has it
	beats     []time.Duration // heartbeats, after it has started
	// of a Map Run
	items []interp.Item // that its reader finds
}

type answerKind uint8

const (
	returns answerKind = iota
	throws
	never  // it starts and never ends
	queued // nobody even starts it
	refused
)

// config is what a conversation can choose.
type config struct {
	start  time.Time
	seed   uint64
	limits interp.Limits
	input  string
	asOf   time.Time
}

// fataler is what a world needs of a test.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func newWorld(t fataler, p *interp.Program, c config, worker func(interp.ScheduleTask) answer) *world {
	t.Helper()
	input, err := value.Parse(c.input)
	if err != nil {
		t.Fatalf("input: %v", err)
	}
	x := interp.New(p, interp.Config{
		ExecutionArn: "arn:aws:states:us-east-1:123456789012:execution:machine:run", Name: "run",
		StateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:machine", StateMachineName: "machine",
		RoleArn: "arn:aws:iam::123456789012:role/machine", Region: "us-east-1",
		InputText: c.input, Input: input, Seed: c.seed, Limits: c.limits, AsOf: c.asOf,
	})
	return &world{x: x, now: c.start, worker: worker, answers: map[interp.TaskID]answer{}, notes: map[int64][]string{}, tokens: map[interp.TaskID]string{}, ledger: newLedger(x, c)}
}

// push makes an input due, after everything that is due at the same time already.
func (w *world) push(at time.Time, in interp.Input) {
	if at.Before(w.now) {
		at = w.now
	}
	i := len(w.pending)
	for i > 0 && w.pending[i-1].at.After(at) {
		i--
	}
	w.pending = slices.Insert(w.pending, i, pending{at, in})
}

// drop takes back what is due for a timer, a task or a Map Run.
func (w *world) drop(id any) {
	w.pending = slices.DeleteFunc(w.pending, func(p pending) bool {
		about := subject(p.input)
		return id == any(about.timer) || id == any(about.task) || id == any(about.run)
	})
}

// about is what an input is about.
type about struct {
	timer interp.TimerID
	task  interp.TaskID
	run   interp.RunID
	ends  bool // nothing is awaited any more
}

func subject(in interp.Input) about {
	switch in := in.(type) {
	case interp.TimerFired:
		return about{timer: in.Timer, ends: true}
	case interp.TaskAccepted:
		return about{task: in.Task}
	case interp.TaskStarted:
		return about{task: in.Task}
	case interp.TaskSubmitted:
		return about{task: in.Task}
	case interp.TaskHeartbeat:
		return about{task: in.Task}
	case interp.TaskRefused:
		return about{task: in.Task, ends: true}
	case interp.TaskSucceeded:
		return about{task: in.Task, ends: true}
	case interp.TaskFailed:
		return about{task: in.Task, ends: true}
	case interp.MapRunSucceeded:
		return about{run: in.Run, ends: true}
	case interp.MapRunFailed:
		return about{run: in.Run, ends: true}
	case interp.ItemRefused: // the Map Run itself is cancelled thereupon
		return about{run: in.Run}
	}
	return about{}
}

// run starts the execution and plays until nothing is due, or for a number of steps.
func (w *world) run(steps int) {
	w.step(interp.Start{})
	for ; steps > 0 && w.instant(); steps-- {
	}
}

// instant lets happen what is due next. It reports whether there was anything.
func (w *world) instant() bool {
	stops := w.stop != nil && (len(w.pending) == 0 || !w.pending[0].at.Before(w.stop.at))
	switch {
	case stops:
		w.now = w.stop.at
	case len(w.pending) > 0:
		w.now = w.pending[0].at
	default:
		return false
	}
	var batch []interp.Input
	for len(w.pending) > 0 && w.pending[0].at.Equal(w.now) {
		batch = append(batch, w.pending[0].input)
		w.pending = w.pending[1:]
	}
	if stops {
		batch, w.stop = append(batch, w.stop.input), nil
	}
	if w.stale {
		batch = append(append(w.ledger.stale(), batch...), w.ledger.stale()...)
	}
	w.step(batch...)
	return true
}

func (w *world) step(inputs ...interp.Input) {
	var feed []interp.Input
	for _, in := range inputs {
		feed = append(feed, in)
		if in, ok := in.(interp.TaskStarted); ok {
			feed = append(feed, w.work(in.Task)...)
		}
	}
	out := w.x.Step(w.now, feed...)
	w.ledger.book(w.now, feed, out)
	w.events = append(w.events, out.Events...)
	for _, c := range out.Commands {
		switch c := c.(type) {
		case interp.SetTimer:
			w.push(c.At, interp.TimerFired{Timer: c.Timer})
		case interp.CancelTimer:
			w.drop(c.Timer)
		case interp.ScheduleTask:
			if c.Token != "" {
				w.tokens[c.Task] = c.Token
			}
			w.schedule(c)
		case interp.CancelTask:
			if w.tokens[c.Task] != "" {
				w.note("cancels task %d", c.Task)
			}
			w.drop(c.Task)
		case interp.StartMapRun:
			w.startMapRun(c)
		case interp.CancelMapRun:
			w.note("cancels Map Run %d", c.Run)
			w.drop(c.Run)
		}
	}
}

// note tells something below the latest event.
func (w *world) note(format string, args ...any) {
	last := int64(len(w.events))
	w.notes[last] = append(w.notes[last], fmt.Sprintf(format, args...))
}

// schedule makes the start of a task due.
func (w *world) schedule(c interp.ScheduleTask) {
	a := w.worker(c)
	switch {
	case c.Resource.Kind != asl.Activity:
		a.taken = 0
	case a.kind == refused:
		w.push(w.now, interp.TaskRefused{Task: c.Task, Message: a.message})
		return
	default:
		w.push(w.now, interp.TaskAccepted{Task: c.Task})
	}
	if c.Resource.Pattern == asl.RequestResponse {
		a.submitted = nil
	}
	if a.kind != queued {
		w.answers[c.Task] = a
		w.push(w.now.Add(a.taken), interp.TaskStarted{Task: c.Task, WorkerName: a.worker})
	}
}

// work makes the answer of a task that starts due. It gives what comes together with the start.
func (w *world) work(id interp.TaskID) (together []interp.Input) {
	a, ok := w.answers[id]
	delete(w.answers, id)
	if !ok {
		return nil
	}
	if a.submitted != nil {
		together = append(together, interp.TaskSubmitted{Task: id, Output: *a.submitted})
	}
	for _, beat := range a.beats {
		w.push(w.now.Add(beat), interp.TaskHeartbeat{Task: id})
	}
	switch a.kind {
	case returns:
		w.push(w.now.Add(a.delay), interp.TaskSucceeded{Task: id, Output: a.output})
	case throws:
		w.push(w.now.Add(a.delay), interp.TaskFailed{Task: id, Error: a.err, Cause: a.cause})
	}
	return together
}

// startMapRun tells what a Map Run is to do, selects its items, and makes its answer due.
func (w *world) startMapRun(c interp.StartMapRun) {
	a := w.mapRun(c)
	w.note("Map Run %d%s", c.Run, orders(c))
	items := a.items
	if c.Items != nil {
		items = nil
		for _, v := range c.Items {
			items = append(items, interp.Item{Value: v})
		}
	}
	for i, item := range items {
		v, err := w.x.SelectItem(c.Run, i, item)
		if err != nil {
			w.note("item %d is refused: %v", i, err)
			w.push(w.now.Add(a.delay), interp.ItemRefused{Run: c.Run, Err: err})
			return
		}
		w.note("item %d is %s", i, v)
	}
	switch a.kind {
	case returns:
		w.push(w.now.Add(a.delay), interp.MapRunSucceeded{Run: c.Run, Output: a.output})
	case throws:
		w.push(w.now.Add(a.delay), interp.MapRunFailed{Run: c.Run, Error: *a.err, Cause: *a.cause})
	case refused:
		w.push(w.now.Add(a.delay), interp.ItemRefused{Run: c.Run, Err: errors.New(a.message)})
	}
}
