package interp

import (
	"time"

	"github.com/sfnx/sfnx/internal/value"
)

// phase says what a thread does next when its turn comes, or what it waits for.
type phase uint8

const (
	entering  phase = iota // enter the state and work on it
	retrying               // work on the state again
	waiting                // for a timer, a task or a block
	resulting              // fold the result that has come
	failing                // fold the failure that has come
	over
)

// thread is the main line, a branch or an iteration.
type thread struct {
	block  *block // the Parallel or Map that it belongs to; nil for the main line
	index  int    // of the branch or iteration
	origin *Item  // of a Map Run, for its ItemSelector; nil elsewhere

	phase     phase
	state     int
	input     value.Value // raw input of the state
	result    value.Value // what the task returned, in phase resulting
	failure   failure     // in phase failing
	before    int64       // id of the event before StateEntered
	enteredID int64       // id of the StateEntered event
	enteredAt time.Time
	retries   int   // of this visit of the state
	used      []int // retries of this visit by retrier; nil until the first
	visits    int   // states visited since time last moved
	moved     time.Time

	last  int64   // id that the next event points back to
	timer TimerID // 0 if none
	task  TaskID  // 0 if none
	call  *call   // of the task, or of the one that is being prepared; nil elsewhere
	inner *block  // the Parallel or inline Map in progress
	own   *scope  // variables that this thread has assigned; nil until the first
	outer *scope  // variables of the threads around it
	run   *mapRun // the distributed Map in progress
}

// block is one attempt of a Parallel or Map.
type block struct {
	owner   *thread
	threads []*thread // those started and not over, by index; over ones are nil
	results []value.Value
	left    int // results that are still missing

	// of a Map only
	effective value.Value // the input that ItemSelector sees
	items     []value.Value
	next      int // index of the next iteration
}

// enqueue gives a thread a turn, unless the execution is over.
func (x *Execution) enqueue(t *thread, p phase) {
	if !x.going() {
		return
	}
	t.phase = p
	x.queue = append(x.queue, t)
}

// release cancels whatever a thread and the threads below it wait for. They never get a turn again.
func (x *Execution) release(t *thread) {
	if t.phase == over {
		return
	}
	t.phase = over
	x.settle(t)
	x.dropVariables(t)
	if t.inner != nil {
		for _, child := range t.inner.threads {
			if child != nil {
				x.release(child)
			}
		}
		t.inner = nil
	}
}

// settle cancels the timer and the task of a thread.
func (x *Execution) settle(t *thread) {
	if t.timer != 0 {
		x.cancelTimer(t.timer)
		t.timer = 0
	}
	x.stopHeartbeat(t)
	if t.run != nil && x.runs[t.run.id] == t {
		delete(x.runs, t.run.id)
		x.commands = append(x.commands, CancelMapRun{t.run.id})
	}
	if t.task != 0 {
		delete(x.tasks, t.task)
		x.commands = append(x.commands, CancelTask{t.task})
		t.task = 0
	}
}
