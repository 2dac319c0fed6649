// Package history holds the events of GetExecutionHistory in AWS's shape, and nothing else.
//
// An Event has an id, the id of the event that caused it, a type and at most one details member. The name of
// the details member in JSON follows from the type (TaskFailed -> taskFailedEventDetails), so several types
// share one Go struct:
//
//	e := history.Event{ID: 2, Type: history.PassStateEntered, Details: &history.StateEntered{Name: "A", Input: history.Literal(`{}`)}}
//	text, err := json.Marshal(e)
//
// Source: API reference of GetExecutionHistory, and recordings of the real service. The package knows nothing
// of how events come about.
package history

import "time"

// Event is one entry of an execution's history.
type Event struct {
	Timestamp       time.Time // millisecond precision on the wire
	Type            Type
	ID              int64 // 1, 2, 3 ... in recording order
	PreviousEventID int64 // 0 for the first two events and for ExecutionAborted/ExecutionTimedOut
	Details         Details
}

// Details is the closed set of details structs of this package; nil where AWS sends none.
type Details interface{ details() }

// Failure says why something failed. A nil member was not given, which AWS keeps apart from the empty string.
// Used by Execution{Failed,TimedOut,Aborted}, LambdaFunction{Failed,TimedOut,ScheduleFailed,StartFailed},
// Activity{Failed,TimedOut,ScheduleFailed} and MapRunFailed.
type Failure struct {
	Error *string
	Cause *string
}

// ExecutionStartedDetails belongs to ExecutionStarted. Input is the text of the request, verbatim.
type ExecutionStartedDetails struct {
	Input                  Text
	RoleArn                string
	StateMachineAliasArn   string // only when started through an alias
	StateMachineVersionArn string // only when started through a version or alias
}

// Succeeded belongs to ExecutionSucceeded, LambdaFunctionSucceeded and ActivitySucceeded.
type Succeeded struct{ Output Text }

// Redriven belongs to ExecutionRedriven.
type Redriven struct{ RedriveCount int }

// StateEntered belongs to every ...StateEntered type.
type StateEntered struct {
	Name  string
	Input Text
}

// Variable is one assignment listed by StateExited.
type Variable struct {
	Name  string
	Value Text
}

// StateExited belongs to every ...StateExited type.
type StateExited struct {
	Name              string
	Output            Text
	AssignedVariables []Variable // absent when the state assigned nothing
}

// MapStateStartedDetails belongs to MapStateStarted. Length is 0 for a Map with an ItemReader.
type MapStateStartedDetails struct{ Length int }

// MapIteration belongs to the four MapIteration... types. Name is the name of the Map state.
type MapIteration struct {
	Name  string
	Index int
}

// MapRun belongs to MapRunStarted and MapRunRedriven.
type MapRun struct {
	MapRunArn    string
	RedriveCount *int // MapRunRedriven only
}

// TaskScheduledDetails belongs to TaskScheduled.
type TaskScheduledDetails struct {
	ResourceType       string
	Resource           string
	Region             string
	Parameters         Text
	TimeoutInSeconds   *int64
	HeartbeatInSeconds *int64
	CredentialsRoleArn string // taskCredentials.roleArn
}

// TaskStartedDetails belongs to TaskStarted.
type TaskStartedDetails struct {
	ResourceType string
	Resource     string
}

// TaskFailure belongs to TaskFailed, TaskTimedOut, TaskStartFailed and TaskSubmitFailed.
type TaskFailure struct {
	ResourceType string
	Resource     string
	Error        *string
	Cause        *string
}

// TaskOutput belongs to TaskSubmitted and TaskSucceeded.
type TaskOutput struct {
	ResourceType string
	Resource     string
	Output       Text
}

// LambdaFunctionScheduledDetails belongs to LambdaFunctionScheduled. Resource is the function's ARN.
type LambdaFunctionScheduledDetails struct {
	Resource           string
	Input              Text
	TimeoutInSeconds   *int64
	CredentialsRoleArn string
}

// ActivityScheduledDetails belongs to ActivityScheduled.
type ActivityScheduledDetails struct {
	Resource           string
	Input              Text
	TimeoutInSeconds   *int64
	HeartbeatInSeconds *int64
}

// ActivityStartedDetails belongs to ActivityStarted.
type ActivityStartedDetails struct{ WorkerName string }

// EvaluationFailedDetails belongs to EvaluationFailed.
type EvaluationFailedDetails struct {
	State    string
	Error    string
	Cause    string
	Location string
}

func (*Failure) details()                        {}
func (*ExecutionStartedDetails) details()        {}
func (*Succeeded) details()                      {}
func (*Redriven) details()                       {}
func (*StateEntered) details()                   {}
func (*StateExited) details()                    {}
func (*MapStateStartedDetails) details()         {}
func (*MapIteration) details()                   {}
func (*MapRun) details()                         {}
func (*TaskScheduledDetails) details()           {}
func (*TaskStartedDetails) details()             {}
func (*TaskFailure) details()                    {}
func (*TaskOutput) details()                     {}
func (*LambdaFunctionScheduledDetails) details() {}
func (*ActivityScheduledDetails) details()       {}
func (*ActivityStartedDetails) details()         {}
func (*EvaluationFailedDetails) details()        {}
