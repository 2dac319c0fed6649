package interp_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/value"
)

// ledger watches an execution from outside, step by step, and notes whatever must never be. It knows the contract of
// Step and the rules of a history, and nothing of the machine.
type ledger struct {
	x        *interp.Execution
	start    time.Time
	limits   interp.Limits
	problems []string

	now     time.Time
	events  []history.Event
	counts  map[history.Type]int
	visited map[string]int // visits of a state that are not over, by name
	timers  openSet[interp.TimerID]
	tasks   openSet[interp.TaskID]
	runs    openSet[interp.RunID]
	ended   bool
}

// openSet are the ids that an execution has asked for and still waits for.
type openSet[ID ~int64] struct {
	open map[ID]bool
	last ID   // the latest that was asked for
	dead []ID // the latest that are no longer awaited
}

func newLedger(x *interp.Execution, c config) *ledger {
	return &ledger{
		x: x, start: c.start, limits: c.limits, now: c.start, counts: map[history.Type]int{}, visited: map[string]int{},
		timers: openSet[interp.TimerID]{open: map[interp.TimerID]bool{}},
		tasks:  openSet[interp.TaskID]{open: map[interp.TaskID]bool{}},
		runs:   openSet[interp.RunID]{open: map[interp.RunID]bool{}},
	}
}

func (l *ledger) wrong(format string, args ...any) {
	l.problems = append(l.problems, fmt.Sprintf(format, args...))
}

// book checks one step.
func (l *ledger) book(now time.Time, inputs []interp.Input, out interp.Output) {
	if l.ended && len(out.Events)+len(out.Commands) > 0 {
		l.wrong("after its end the execution gives %d events and %d commands", len(out.Events), len(out.Commands))
	}
	l.now = now
	for _, e := range out.Events {
		l.event(e)
	}
	// What is handed in is settled. It may be taken back in the same step, when something else comes first.
	var timers []interp.TimerID
	var tasks []interp.TaskID
	var runs []interp.RunID
	for _, in := range inputs {
		if a := subject(in); a.ends {
			timers, tasks, runs = l.timers.settle(a.timer, timers), l.tasks.settle(a.task, tasks), l.runs.settle(a.run, runs)
		}
	}
	for _, c := range out.Commands {
		var err error
		switch c := c.(type) {
		case interp.SetTimer:
			err = l.timers.ask(c.Timer)
		case interp.CancelTimer:
			err = l.timers.cancel(c.Timer, timers)
		case interp.ScheduleTask:
			err = l.tasks.ask(c.Task)
		case interp.CancelTask:
			err = l.tasks.cancel(c.Task, tasks)
		case interp.StartMapRun:
			err = l.runs.ask(c.Run)
		case interp.CancelMapRun:
			err = l.runs.cancel(c.Run, runs)
		default:
			err = fmt.Errorf("it is of type %T", c)
		}
		if err != nil {
			l.wrong("the command %#v: %v", c, err)
		}
	}
	l.ended = l.x.Status() != interp.Running || l.x.Halted() != nil
	if l.ended && len(l.timers.open)+len(l.tasks.open)+len(l.runs.open) > 0 {
		l.wrong("at its end the execution still waits for the timers %v, the tasks %v and the Map Runs %v", slices.Collect(maps.Keys(l.timers.open)), slices.Collect(maps.Keys(l.tasks.open)), slices.Collect(maps.Keys(l.runs.open)))
	}
}

func (s *openSet[ID]) ask(id ID) error {
	if id != s.last+1 {
		return fmt.Errorf("want the id %d", s.last+1)
	}
	s.last = id
	s.open[id] = true
	return nil
}

// settle notes that the world answers. now are those settled in this step.
func (s *openSet[ID]) settle(id ID, now []ID) []ID {
	if !s.open[id] {
		return now
	}
	delete(s.open, id)
	s.dead = append(s.dead, id)
	return append(now, id)
}

func (s *openSet[ID]) cancel(id ID, now []ID) error {
	if !s.open[id] && !slices.Contains(now, id) {
		return errors.New("it is not awaited")
	}
	if s.open[id] {
		delete(s.open, id)
		s.dead = append(s.dead, id)
	}
	return nil
}

// unknown is beyond the ids that the step to come may ask for.
const unknown = 1_000_000

// stale are inputs that nobody waits for: whatever was settled last, and what was never asked for.
func (l *ledger) stale() []interp.Input {
	inputs := []interp.Input{interp.TimerFired{Timer: l.timers.last + unknown}, interp.TaskSucceeded{Task: l.tasks.last + unknown, Output: value.Int(7)}, interp.MapRunSucceeded{Run: l.runs.last + unknown, Output: value.Int(7)}}
	for _, id := range l.timers.dead[max(0, len(l.timers.dead)-3):] {
		inputs = append(inputs, interp.TimerFired{Timer: id})
	}
	for _, id := range l.tasks.dead[max(0, len(l.tasks.dead)-3):] {
		inputs = append(inputs, interp.TaskAccepted{Task: id}, interp.TaskRefused{Task: id}, interp.TaskStarted{Task: id}, interp.TaskHeartbeat{Task: id},
			interp.TaskSubmitted{Task: id, Output: value.Int(7)}, interp.TaskSucceeded{Task: id, Output: value.Int(7)}, interp.TaskFailed{Task: id})
	}
	for _, id := range l.runs.dead[max(0, len(l.runs.dead)-3):] {
		inputs = append(inputs, interp.ItemRefused{Run: id}, interp.MapRunFailed{Run: id}, interp.MapRunSucceeded{Run: id, Output: value.Int(7)})
	}
	return inputs
}
