// Package backend is the contract between sfnx and a place where state machines run: a real AWS account
// (backend/aws) or the simulated region (backend/sim). What stands above it cannot tell one from the other.
//
// The contract is small: Backend is what a run needs, everything else is a capability found by assertion:
//
//	if s, ok := b.(backend.Stopper); ok {
//		stopped, err := s.StopExecution(ctx, backend.StopExecutionInput{ExecutionArn: arn})
//	}
//
// Names and shapes are those of the Step Functions API. Every method returns *Error, or an error that wraps
// one; ask with CodeOf. Payloads are JSON texts and pass through byte for byte.
package backend

import (
	"context"
	"time"

	"github.com/sfnx/sfnx/history"
)

// Backend starts executions and says how they are doing.
type Backend interface {
	// Authenticate proves that the credentials work (roles assumed, sts:GetCallerIdentity) before anything is started.
	// Codes: Authentication, Authorization, Connection, Proxy, Throttled, Unavailable.
	Authenticate(ctx context.Context) (Identity, error)

	// StartExecution starts one execution. Name is required: it makes a repeated call idempotent on STANDARD.
	// Codes besides those of Authenticate: Validation, StateMachineDoesNotExist, StateMachineDeleting,
	// ExecutionAlreadyExists, ExecutionLimitExceeded.
	StartExecution(ctx context.Context, in StartExecutionInput) (StartExecutionOutput, error)

	// DescribeExecution reads one execution. Whoever polls makes his context Paced. Codes besides those of Authenticate:
	// Validation, ExecutionDoesNotExist.
	DescribeExecution(ctx context.Context, executionArn string) (Execution, error)
}

// Stopper can stop an execution.
type Stopper interface {
	StopExecution(ctx context.Context, in StopExecutionInput) (StopExecutionOutput, error)
}

// Historian can read the events of an execution.
type Historian interface {
	GetExecutionHistory(ctx context.Context, in GetExecutionHistoryInput) (GetExecutionHistoryOutput, error)
}

// Lister can list the executions of a STANDARD state machine, whichever started last first. Besides the codes of
// Backend: Validation (also for a labelled ARN, whose executions belong to a Map Run), StateMachineDoesNotExist,
// Unsupported (the machine is EXPRESS).
type Lister interface {
	ListExecutions(ctx context.Context, in ListExecutionsInput) (ListExecutionsOutput, error)
}

// Redriver can redrive an unsuccessful execution.
type Redriver interface {
	RedriveExecution(ctx context.Context, in RedriveExecutionInput) (RedriveExecutionOutput, error)
}

// SyncStarter can run an EXPRESS machine and wait for its end in one call (StartSyncExecution).
// The Execution that it returns is terminal.
type SyncStarter interface {
	StartSyncExecution(ctx context.Context, in StartExecutionInput) (Execution, error)
}

// MachineDescriber can read a state machine.
type MachineDescriber interface {
	DescribeStateMachine(ctx context.Context, stateMachineArn string) (StateMachine, error)
}

// Forecaster knows when an execution will next change by itself, so that nobody needs to ask before.
// known is false when only the outside world can tell. A time in the past means "now".
type Forecaster interface {
	NextChange(ctx context.Context, executionArn string) (at time.Time, known bool, err error)
}

// Identity is who the credentials belong to, as GetCallerIdentity answers.
type Identity struct {
	Account string
	Arn     string
	UserID  string
}

// Type is the workflow type of a state machine.
type Type string

// The two workflow types.
const (
	Standard Type = "STANDARD"
	Express  Type = "EXPRESS"
)

// StateMachine is what DescribeStateMachine answers, as far as sfnx needs it.
type StateMachine struct {
	StateMachineArn string
	Name            string
	Type            Type
	Status          string
	Definition      string
	RoleArn         string
	CreationDate    time.Time
}

// Status is the status of an execution.
type Status string

// The statuses of the API. A status outside this list can come from a newer service.
const (
	Running        Status = "RUNNING"
	PendingRedrive Status = "PENDING_REDRIVE"
	Succeeded      Status = "SUCCEEDED"
	Failed         Status = "FAILED"
	TimedOut       Status = "TIMED_OUT"
	Aborted        Status = "ABORTED"
)

// Terminal reports whether an execution with this status has ended.
func (s Status) Terminal() bool {
	switch s {
	case Succeeded, Failed, TimedOut, Aborted:
		return true
	}
	return false
}

// Known reports whether the status is one of the API's.
func (s Status) Known() bool { return s == Running || s == PendingRedrive || s.Terminal() }

// StartExecutionInput is a request to start one execution.
type StartExecutionInput struct {
	StateMachineArn string
	Name            string
	Input           *string // JSON text, sent byte for byte; nil sends none
}

// StartExecutionOutput is the answer to StartExecution.
type StartExecutionOutput struct {
	ExecutionArn string
	StartDate    time.Time
}

// Execution is what DescribeExecution answers. Nil members were absent.
type Execution struct {
	ExecutionArn           string
	StateMachineArn        string
	StateMachineVersionArn string
	StateMachineAliasArn   string
	Name                   string
	Status                 Status
	StartDate              time.Time
	StopDate               time.Time // zero while the execution runs
	Input                  *string
	InputIncluded          *bool // inputDetails.included
	Output                 *string
	OutputIncluded         *bool // outputDetails.included
	Error                  *string
	Cause                  *string
	RedriveCount           int
	RedriveStatus          string
	RedriveStatusReason    string
}

// Incomplete reports whether an execution has ended but its stop date, or the output of a success, is not there yet,
// which DescribeExecution may say for a moment since it is eventually consistent. A failure may have no error and no
// cause for ever.
func (x Execution) Incomplete() bool {
	withheld := x.OutputIncluded != nil && !*x.OutputIncluded
	return x.Status.Terminal() && x.StopDate.IsZero() || x.Status == Succeeded && x.Output == nil && !withheld
}

// StopExecutionInput is a request to stop an execution. Error is at most 256 characters, Cause 32,768.
type StopExecutionInput struct {
	ExecutionArn string
	Error        *string
	Cause        *string
}

// StopExecutionOutput is the answer to StopExecution.
type StopExecutionOutput struct{ StopDate time.Time }

// GetExecutionHistoryInput asks for one page of events.
type GetExecutionHistoryInput struct {
	ExecutionArn string
	MaxResults   int // 0 = the service's 100, at most 1,000
	ReverseOrder bool
	NextToken    string
}

// GetExecutionHistoryOutput is one page of events.
type GetExecutionHistoryOutput struct {
	Events    []history.Event
	NextToken string
}

// ListExecutionsInput asks for one page of executions.
type ListExecutionsInput struct {
	StateMachineArn string
	StatusFilter    Status // "" = every status
	MaxResults      int    // 0 = the service's 100, at most 1,000
	NextToken       string
}

// ListExecutionsOutput is one page of executions. They have ARNs, name, status and dates, neither input nor output.
type ListExecutionsOutput struct {
	Executions []Execution
	NextToken  string
}

// RedriveExecutionInput is a request to redrive an execution.
type RedriveExecutionInput struct {
	ExecutionArn string
	ClientToken  string
}

// RedriveExecutionOutput is the answer to RedriveExecution.
type RedriveExecutionOutput struct{ RedriveDate time.Time }
