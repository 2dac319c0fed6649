package interp

import (
	"time"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/value"
)

// TaskID names one attempt of one Task within an execution; it is never used again.
type TaskID int64

// TimerID names one timer within an execution; it is never used again.
type TimerID int64

// Input is something that happened: Start, TimerFired, TaskStarted, TaskSucceeded, TaskFailed or Stop.
type Input interface{ input() }

// Start begins the execution. It is the first input, once.
type Start struct{}

// TimerFired says that the time of a SetTimer has come.
type TimerFired struct{ Timer TimerID }

// TaskStarted says that somebody works on a task.
type TaskStarted struct{ Task TaskID }

// TaskSucceeded is the result of a task.
type TaskSucceeded struct {
	Task   TaskID
	Output value.Value
}

// TaskFailed is the failure of a task. A nil member was not given.
type TaskFailed struct {
	Task  TaskID
	Error *string
	Cause *string
}

// Stop is StopExecution.
type Stop struct {
	Error *string
	Cause *string
}

func (Start) input()         {}
func (TimerFired) input()    {}
func (TaskStarted) input()   {}
func (TaskSucceeded) input() {}
func (TaskFailed) input()    {}
func (Stop) input()          {}

// Command is something to carry out: ScheduleTask, CancelTask, SetTimer or CancelTimer.
type Command interface{ command() }

// ScheduleTask asks for a task to be done: answer with TaskStarted, then TaskSucceeded or TaskFailed.
type ScheduleTask struct {
	Task       TaskID
	State      string        // name of the Task state
	Resource   asl.Resource  // what is to be called
	Parameters value.Value   // effective input: what the task gets
	Input      value.Value   // input of the state, before InputPath
	RetryCount int           // 0 for the first attempt of this visit of the state
	RoleArn    string        // Credentials.RoleArn, if any
	Timeout    time.Duration // after which the answer comes too late; 0: none
}

// CancelTask says that nobody waits for a task any more. An answer that comes all the same is ignored.
type CancelTask struct{ Task TaskID }

// SetTimer asks for TimerFired at a point in time; a time in the past means now.
type SetTimer struct {
	Timer TimerID
	At    time.Time
}

// CancelTimer takes a SetTimer back.
type CancelTimer struct{ Timer TimerID }

func (ScheduleTask) command() {}
func (CancelTask) command()   {}
func (SetTimer) command()     {}
func (CancelTimer) command()  {}

// Output is what a step asks of its driver: first record the events, then carry the commands out, in order.
// The slices are valid until the next step.
type Output struct {
	Events   []history.Event
	Commands []Command
}
