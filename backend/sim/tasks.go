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
	Input         value.Value // of the state
	RetryCount    int         // 0 for the first attempt
	RoleArn       string      // of Credentials
	Token         string      // task token of .sync, .waitForTaskToken and activities
	Timeout       time.Duration
	Now           time.Time
}

// Answer is what a task gets: a result, a failure, a refusal or silence, after a delay of virtual time. Make one by Return,
// Throw, Refuse or Never.
type Answer struct {
	kind      answerKind
	output    value.Value
	err       *string
	cause     *string
	message   string
	submitted *value.Value
	worker    string
	delay     time.Duration
}

type answerKind uint8

const (
	returned answerKind = iota
	thrown
	refused
	never
)

// Return is a task's result: for .sync and .waitForTaskToken the final one.
func Return(output value.Value) Answer { return Answer{output: output} }

// Throw is a task's failure; nil members are not given.
func Throw(err, cause *string) Answer { return Answer{kind: thrown, err: err, cause: cause} }

// Refuse keeps the task of an activity from being scheduled: the state fails with States.Runtime and this message.
func Refuse(message string) Answer { return Answer{kind: refused, message: message} }

// Never is no answer at all: the task runs into its timeout, or is answered through its token.
func Never() Answer { return Answer{kind: never} }

// After is the same answer, later.
func (a Answer) After(d time.Duration) Answer {
	a.delay = d
	return a
}

// Submitted is the same answer after a response to the call of a .sync or .waitForTaskToken task.
func (a Answer) Submitted(response value.Value) Answer {
	a.submitted = &response
	return a
}

// By is the same answer from an activity's worker of that name.
func (a Answer) By(worker string) Answer {
	a.worker = worker
	return a
}

type noTasks struct{}

func (noTasks) Answer(Call) (Answer, error) {
	return Answer{}, errors.New("nothing answers tasks in this region")
}
