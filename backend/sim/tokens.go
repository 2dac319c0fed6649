package sim

import (
	"context"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/value"
)

// openToken makes the token of a task known.
func (r *Region) openToken(t *task) {
	if t.Token != "" {
		r.tokens[t.Token] = t
	}
}

// closeToken keeps a token known whose task is over: what comes for it is told apart from what never was a token.
func (r *Region) closeToken(token string) {
	if token != "" {
		r.tokens[token] = nil
	}
}

// SendTaskSuccess ends a task that is waited for by its token. output is JSON, at most 262,144 bytes.
func (r *Region) SendTaskSuccess(_ context.Context, taskToken, output string) error {
	const op = "SendTaskSuccess"
	r.mu.Lock()
	defer r.mu.Unlock()
	v, err := value.Parse(output)
	if err != nil || len(output) > maxInput {
		return &backend.Error{Code: backend.Validation, Op: op, AWSCode: "InvalidOutput", Message: "Invalid Output: want JSON of at most 262144 bytes", Err: err}
	}
	t, err := r.taskOf(op, taskToken)
	if err != nil {
		return err
	}
	return r.tell(t, interp.TaskSucceeded{Task: t.Task, Output: v})
}

// SendTaskFailure fails a task that is waited for by its token; nil members are not given.
func (r *Region) SendTaskFailure(_ context.Context, taskToken string, errorName, cause *string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	t, err := r.taskOf("SendTaskFailure", taskToken)
	if err != nil {
		return err
	}
	return r.tell(t, interp.TaskFailed{Task: t.Task, Error: errorName, Cause: cause})
}

// SendTaskHeartbeat says that the worker of a task is still at it.
func (r *Region) SendTaskHeartbeat(_ context.Context, taskToken string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	t, err := r.taskOf("SendTaskHeartbeat", taskToken)
	if err != nil {
		return err
	}
	return r.tell(t, interp.TaskHeartbeat{Task: t.Task})
}

// taskOf is the open task of a token.
func (r *Region) taskOf(op, token string) (*task, error) {
	t, known := r.tokens[token]
	switch {
	case !known:
		return nil, &backend.Error{Code: backend.Validation, Op: op, AWSCode: "InvalidToken", Message: "Invalid Token: 'Invalid token'"}
	case t == nil:
		return nil, &backend.Error{Code: backend.Validation, Op: op, AWSCode: "TaskTimedOut", Message: "Task Timed Out: 'Provided task does not exist anymore'"}
	}
	return t, nil
}

// tell hands an input from the outside world to an execution, and lets happen what follows at once.
func (r *Region) tell(t *task, in interp.Input) error {
	r.push(t.execution, r.now, in)
	r.settle(r.now)
	return nil
}
