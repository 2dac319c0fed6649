package sim

import (
	"errors"
	"time"

	"github.com/sfnx/sfnx/internal/value"
)

// Tasks answers the Task states of a region. An error means that nobody answers this task: the execution cannot go on,
// and everybody who asks for it is told so.
type Tasks interface {
	Answer(Call) (Answer, error)
}

// Call is one attempt of a Task.
type Call struct {
	ExecutionArn  string
	ExecutionName string
	StateMachine  string // name
	State         string // name
	Resource      string // ARN
	Parameters    value.Value
	Input         value.Value   // of the state
	RetryCount    int           // 0 for the first attempt
	RoleArn       string        // of Credentials
	Timeout       time.Duration // TimeoutSeconds of the attempt, for answers that take real time; 0: none
	Now           time.Time
}

// Answer is what a task gets: a result, a failure or silence, after a delay of virtual time. Make one by Return, Throw or Never.
type Answer struct {
	output value.Value
	err    *string
	cause  *string
	failed bool
	never  bool
	delay  time.Duration
}

// Return is a task's result.
func Return(output value.Value) Answer { return Answer{output: output} }

// Throw is a task's failure; nil members are not given.
func Throw(err, cause *string) Answer { return Answer{failed: true, err: err, cause: cause} }

// Never is no answer at all: the task runs into its timeout.
func Never() Answer { return Answer{never: true} }

// After is the same answer, later.
func (a Answer) After(d time.Duration) Answer {
	a.delay = d
	return a
}

type noTasks struct{}

func (noTasks) Answer(Call) (Answer, error) {
	return Answer{}, errors.New("nothing answers tasks in this region")
}
