package fsm

import (
	"time"

	"github.com/sfnx/sfnx/backend"
)

// Event is something that happened during a run, reported the moment it is known.
type Event struct {
	Seq  int // 1, 2, 3 ... within a run
	Time time.Time
	News News
}

// News is the closed set of what can happen during a run.
type News interface{ news() }

// RunNamed says under which name the execution will be started (the seed's "Generated Execution Name").
type RunNamed struct{ Name string }

// RunAuthenticated says whose credentials are used.
type RunAuthenticated struct{ Identity backend.Identity }

// RunStarted says that the execution was started.
type RunStarted struct {
	ExecutionArn string
	Name         string
	Status       backend.Status
	StartDate    time.Time
}

// RunAdopted says that the execution existed already, of this or an earlier attempt and with the same input, and counts
// as ours.
type RunAdopted struct {
	ExecutionArn string
	Name         string
	Status       backend.Status
	StartDate    time.Time
}

// RunRedriven says that an execution that had ended without success was redriven, and runs again.
type RunRedriven struct {
	ExecutionArn string
	Name         string
	Status       backend.Status
	StartDate    time.Time
	RedriveDate  time.Time
}

// RunPolled is one answer of DescribeExecution while waiting.
type RunPolled struct {
	ExecutionArn string
	Status       backend.Status
	Polls        int // asked so far
}

// RunThrottled says that the service throttled a call, or refused it over a quota, and how long the run pauses before it
// makes the call again.
type RunThrottled struct {
	Call string
	Wait time.Duration
}

// RunUnreachable says that a call did not reach the service, and how long the run pauses before it makes it again.
type RunUnreachable struct {
	Call  string
	Code  backend.Code
	Error string
	Wait  time.Duration
}

// RunWaitTimeout says that the limit of the wait ends the run.
type RunWaitTimeout struct{ Limit time.Duration }

// RunInterrupted says that a signal ends the run.
type RunInterrupted struct{ Signal string }

// RunEnded is the last event of every run.
type RunEnded struct{ Outcome Outcome }

func (RunNamed) news()         {}
func (RunAuthenticated) news() {}
func (RunStarted) news()       {}
func (RunAdopted) news()       {}
func (RunRedriven) news()      {}
func (RunPolled) news()        {}
func (RunThrottled) news()     {}
func (RunUnreachable) news()   {}
func (RunWaitTimeout) news()   {}
func (RunInterrupted) news()   {}
func (RunEnded) news()         {}
