package fsm

import (
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/history"
)

// Left says what became of an execution that had not ended when the run did.
type Left string

// The values of Left.
const (
	LeftNothing  Left = ""         // none was started, or it had ended
	LeftRunning  Left = "running"  // nobody stopped it
	LeftStopped  Left = "stopped"  // stopped by this run, and seen ABORTED
	LeftStopping Left = "stopping" // the stop was asked for and perhaps accepted, the end not seen in time
	LeftEnded    Left = "ended"    // ended by itself before it could be stopped
	LeftUnknown  Left = "unknown"  // nobody knows whether one was started; see Outcome.Ambiguous
)

// Transition is a change of state that a run went through.
type Transition struct {
	From, To State
	Event    string
	At       time.Time
}

// PastEvent is what there is to say in a line about an event of the execution's history.
type PastEvent struct {
	ID        int64
	Timestamp time.Time
	Type      history.Type
	State     string // whose event it is; "" if it is not about one state, or nobody can tell
	Error     string // name of the error, "" if it has none
}

// Outcome is everything there is to say about a finished run.
type Outcome struct {
	Request Request
	Ending  State
	Stage   State // where the run ended

	FieldErrors []FieldError // broken field rules (Ending DataValidationError), in Stage Start those that only the machine or the state file shows
	Err         error        // what ended the run besides a status or a signal; ask with backend.CodeOf

	Identity backend.Identity
	Name     string // whole name of the execution; empty before it was frozen

	// Execution is what is known of the execution, nil if none is known to run: after StartExecution alone its ARNs,
	// name, start date and status RUNNING; later the last answer of DescribeExecution or StartSyncExecution.
	Execution *backend.Execution
	Adopted   bool // it existed already, of this or an earlier attempt, with the same input
	Redriven  bool // it had ended without success, and was redriven
	Ambiguous bool // an execution may have been started or redriven, but nobody knows

	Polls       int // times DescribeExecution was asked, except to confirm a stop
	Throttled   int // how often a call was throttled and repeated
	Unreachable int // how often a call was not answered and repeated

	FailedState   string      // name of the state that failed, if the history told
	FailedEventID int64       // the event to look at; 0 if the history did not tell
	Retries       *int        // how often that state was tried again; nil if the history did not tell
	LastEvents    []PastEvent // the newest ones, oldest first; none after a success

	Signal  string // SIGINT or SIGTERM, if one ended the run
	Left    Left
	StopErr error // why the execution could not be stopped, or its end not be confirmed

	Began, Ended time.Time // on the runner's clock
	Transitions  []Transition
}
