package interp_test

import (
	"slices"
	"time"

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
	answers map[interp.TaskID]answer // of tasks that have not started
	events  []history.Event
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
}

type answerKind uint8

const (
	returns answerKind = iota
	throws
	never  // it starts and never ends
	queued // nobody even starts it
)

// config is what a conversation can choose.
type config struct {
	start  time.Time
	seed   uint64
	limits interp.Limits
	input  string
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
		InputText: c.input, Input: input, Seed: c.seed, Limits: c.limits,
	})
	return &world{x: x, now: c.start, worker: worker, answers: map[interp.TaskID]answer{}, ledger: newLedger(x, c)}
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

// drop takes back what is due for a timer or task.
func (w *world) drop(id any) {
	w.pending = slices.DeleteFunc(w.pending, func(p pending) bool {
		timer, task := subject(p.input)
		return id == any(timer) || id == any(task)
	})
}

// subject is the timer or the task that an input is about.
func subject(in interp.Input) (interp.TimerID, interp.TaskID) {
	switch in := in.(type) {
	case interp.TimerFired:
		return in.Timer, 0
	case interp.TaskStarted:
		return 0, in.Task
	case interp.TaskSucceeded:
		return 0, in.Task
	case interp.TaskFailed:
		return 0, in.Task
	}
	return 0, 0
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
	for _, in := range inputs {
		if in, ok := in.(interp.TaskStarted); ok {
			w.work(in.Task)
		}
	}
	out := w.x.Step(w.now, inputs...)
	w.ledger.book(w.now, inputs, out)
	w.events = append(w.events, out.Events...)
	for _, c := range out.Commands {
		switch c := c.(type) {
		case interp.SetTimer:
			w.push(c.At, interp.TimerFired{Timer: c.Timer})
		case interp.CancelTimer:
			w.drop(c.Timer)
		case interp.ScheduleTask:
			if a := w.worker(c); a.kind != queued {
				w.answers[c.Task] = a
				w.push(w.now, interp.TaskStarted{Task: c.Task})
			}
		case interp.CancelTask:
			w.drop(c.Task)
		}
	}
}

// work makes the answer of a task that starts due.
func (w *world) work(id interp.TaskID) {
	a, ok := w.answers[id]
	delete(w.answers, id)
	switch {
	case !ok || a.kind == never:
	case a.kind == returns:
		w.push(w.now.Add(a.delay), interp.TaskSucceeded{Task: id, Output: a.output})
	case a.kind == throws:
		w.push(w.now.Add(a.delay), interp.TaskFailed{Task: id, Error: a.err, Cause: a.cause})
	}
}
