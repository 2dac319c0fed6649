package interp

import (
	"time"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/value"
)

// TaskID names one attempt of one Task within an execution; it is never used again.
type TaskID int64

// RunID names one Map Run within an execution; it is never used again.
type RunID int64

// TimerID names one timer within an execution; it is never used again.
type TimerID int64

// Input is something that happened: Start, TimerFired, one of the Task inputs, or Stop.
type Input interface{ input() }

// Start begins the execution. It is the first input, once.
type Start struct{}

// TimerFired says that the time of a SetTimer has come.
type TimerFired struct{ Timer TimerID }

// TaskAccepted says that an activity exists and its task waits for a worker. Other tasks need no acceptance.
type TaskAccepted struct{ Task TaskID }

// TaskRefused says that a task cannot even be scheduled; Message is the rest of a States.Runtime cause.
type TaskRefused struct {
	Task    TaskID
	Message string
}

// TaskStarted says that somebody works on a task.
type TaskStarted struct {
	Task       TaskID
	WorkerName string // of an activity, if the worker gave one
}

// TaskSubmitted says that the call of a .sync or .waitForTaskToken task has been answered; its result is still to come.
type TaskSubmitted struct {
	Task   TaskID
	Output value.Value
}

// TaskHeartbeat says that a worker is still at it.
type TaskHeartbeat struct{ Task TaskID }

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

// MapRunSucceeded is the result of a Map Run.
type MapRunSucceeded struct {
	Run    RunID
	Output value.Value
}

// MapRunFailed is the failure of a Map Run: its reader, its writer, or too many of its items.
type MapRunFailed struct {
	Run   RunID
	Error string
	Cause string
}

// ItemRefused says that SelectItem failed: the Map state fails with that error.
type ItemRefused struct {
	Run RunID
	Err error
}

// Stop is StopExecution.
type Stop struct {
	Error *string
	Cause *string
}

func (Start) input()           {}
func (TimerFired) input()      {}
func (TaskAccepted) input()    {}
func (TaskRefused) input()     {}
func (TaskStarted) input()     {}
func (TaskSubmitted) input()   {}
func (TaskHeartbeat) input()   {}
func (TaskSucceeded) input()   {}
func (TaskFailed) input()      {}
func (MapRunSucceeded) input() {}
func (MapRunFailed) input()    {}
func (ItemRefused) input()     {}
func (Stop) input()            {}

// Command is something to carry out: ScheduleTask, CancelTask, StartMapRun, CancelMapRun, SetTimer or CancelTimer.
type Command interface{ command() }

// ScheduleTask asks for a task to be done: answer with TaskStarted, TaskSubmitted where the resource has a pattern, then
// TaskSucceeded or TaskFailed. The task of an activity is accepted or refused first.
type ScheduleTask struct {
	Task       TaskID
	State      string       // name of the Task state
	Resource   asl.Resource // what is to be called
	Parameters value.Value  // effective input: what the task gets
	Input      value.Value  // input of the state, before InputPath
	RetryCount int          // 0 for the first attempt of this visit of the state
	RoleArn    string       // Credentials.RoleArn, if any
	Token      string       // of activities and of resources with a pattern

	TimeoutSeconds   int64 // 0: none
	HeartbeatSeconds int64 // 0: none
}

// CancelTask says that nobody waits for a task any more. An answer that comes all the same is ignored.
type CancelTask struct{ Task TaskID }

// StartMapRun asks for the iterations of a distributed Map as executions of their own: answer with MapRunSucceeded or
// MapRunFailed. The input of each comes from SelectItem.
type StartMapRun struct {
	Run         RunID
	Arn         string        // of the Map Run
	MachineArn  string        // of its child executions
	State       string        // name of the Map state
	Map         *asl.Map      // Distributed is set
	Processor   *Program      // what each child execution runs
	Items       []value.Value // nil if an ItemReader reads them
	Reader      value.Value   // Parameters of the ItemReader
	Writer      value.Value   // Parameters of the ResultWriter
	BatchInput  value.Value   // Undefined if the batch has none
	MaxItems    int64         // to read; 0: all
	BatchItems  int64         // items of a batch; 0: no limit
	BatchBytes  int64         // bytes of a batch; 0: no limit
	Concurrency int64         // child executions at a time; 0: as many as possible
	Tolerance   Tolerance
}

// Tolerance is how many items may fail.
type Tolerance struct {
	Count      int64
	Percentage float64
}

// CancelMapRun says that nobody waits for a Map Run any more: its child executions are to be stopped.
type CancelMapRun struct{ Run RunID }

// SetTimer asks for TimerFired at a point in time; a time in the past means now.
type SetTimer struct {
	Timer TimerID
	At    time.Time
}

// CancelTimer takes a SetTimer back.
type CancelTimer struct{ Timer TimerID }

func (ScheduleTask) command() {}
func (CancelTask) command()   {}
func (StartMapRun) command()  {}
func (CancelMapRun) command() {}
func (SetTimer) command()     {}
func (CancelTimer) command()  {}

// Output is what a step asks of its driver: first record the events, then carry the commands out, in order.
// The slices are valid until the next step.
type Output struct {
	Events   []history.Event
	Commands []Command
}
