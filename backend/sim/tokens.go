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

// closedTokens is how many tokens of tasks that are over the region remembers.
const closedTokens = 10_000

// closeToken keeps a token known whose task is over: what comes for it is told apart from what never was a token.
func (r *Region) closeToken(token string) {
	if token == "" {
		return
	}
	r.tokens[token] = nil
	if r.closed = append(r.closed, token); len(r.closed) > closedTokens {
		delete(r.tokens, r.closed[0])
		r.closed = r.closed[1:]
	}
}

// SendTaskSuccess ends a task that is waited for by its token. output is JSON, at most 262,144 bytes.
func (r *Region) SendTaskSuccess(_ context.Context, taskToken, output string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.andSettle(r.sendTaskSuccess(taskToken, output))
}

// SendTaskFailure fails a task that is waited for by its token; nil members are not given. The error has at most 256
// characters, the cause 32,768.
func (r *Region) SendTaskFailure(_ context.Context, taskToken string, errorName, cause *string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.andSettle(r.sendTaskFailure(taskToken, errorName, cause))
}

// SendTaskHeartbeat says that the worker of a task is still at it.
func (r *Region) SendTaskHeartbeat(_ context.Context, taskToken string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.andSettle(r.sendTaskHeartbeat(taskToken))
}

// andSettle lets happen what follows at once from a call that went well.
func (r *Region) andSettle(err error) error {
	if err == nil {
		r.settle(r.now)
	}
	return err
}

func (r *Region) sendTaskSuccess(token, output string) error {
	const op = "SendTaskSuccess"
	v, err := value.Parse(output)
	if err != nil || len(output) > maxInput {
		return &backend.Error{Code: backend.Validation, Op: op, AWSCode: "InvalidOutput", Message: "Invalid Output: want JSON of at most 262144 bytes", Err: err}
	}
	return r.tell(op, token, func(id interp.TaskID) interp.Input { return interp.TaskSucceeded{Task: id, Output: v} })
}

func (r *Region) sendTaskFailure(token string, errorName, cause *string) error {
	const op = "SendTaskFailure"
	if err := failureFits(op, errorName, cause); err != nil {
		return err
	}
	return r.tell(op, token, func(id interp.TaskID) interp.Input {
		return interp.TaskFailed{Task: id, Error: errorName, Cause: cause}
	})
}

func (r *Region) sendTaskHeartbeat(token string) error {
	return r.tell("SendTaskHeartbeat", token, func(id interp.TaskID) interp.Input { return interp.TaskHeartbeat{Task: id} })
}

// tell hands the execution of a token's task an input about it, which happens in the present instant.
func (r *Region) tell(op, token string, in func(interp.TaskID) interp.Input) error {
	t, known := r.tokens[token]
	switch {
	case !known:
		return &backend.Error{Code: backend.Validation, Op: op, AWSCode: "InvalidToken", Message: "Invalid Token: 'Invalid token'"}
	case t == nil:
		return &backend.Error{Code: backend.Validation, Op: op, AWSCode: "TaskTimedOut", Message: "Task Timed Out: 'Provided task does not exist anymore'"}
	case t.execution.broken != nil:
		return t.execution.broken
	}
	r.push(t.execution, r.now, in(t.Task))
	return nil
}
