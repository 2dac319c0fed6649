package sim

import (
	"errors"
	"time"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/value"
)

// accept decides whether the task of an activity can be scheduled: somebody answers it, or the activity exists and
// its workers will.
func (r *Region) accept(t *task) []interp.Input {
	a, err := r.ask(t)
	activity := r.activities[t.Resource.ARN]
	switch {
	case err == nil && a.kind == refused:
		r.close(t.execution, t.Task)
		return []interp.Input{interp.TaskRefused{Task: t.Task, Message: a.message}}
	case err == nil:
		t.answer, t.answered = a, true
		r.answerAt(t, r.now, interp.TaskStarted{Task: t.Task, WorkerName: a.worker})
	case activity != nil:
		delete(t.execution.pending, t.Task)
		activity.waiting = append(activity.waiting, t)
	default:
		r.unanswered(t, err)
		return nil
	}
	return []interp.Input{interp.TaskAccepted{Task: t.Task}}
}

// work answers a task at the moment it starts: by what Tasks says, by the region's own services, or, once a worker has an
// activity's task, not at all.
func (r *Region) work(t *task, started interp.TaskStarted) []interp.Input {
	inputs := []interp.Input{started}
	delete(t.execution.pending, t.Task)
	a := t.answer
	switch {
	case t.answered:
	case t.Resource.Kind == asl.Activity:
		return inputs // a worker has it, and will answer by the token
	default:
		var err error
		if a, err = r.ask(t); err != nil {
			if a, err = r.serve(t, err); err != nil {
				r.unanswered(t, err)
				return nil
			}
		}
	}
	if t.Resource.Pattern != asl.RequestResponse && a.submitted != nil {
		inputs = append(inputs, interp.TaskSubmitted{Task: t.Task, Output: *a.submitted})
	}
	at := r.now.Add(a.delay)
	switch {
	case a.kind == returned && a.output.IsUndefined():
		r.unanswered(t, errors.New("its answer holds nothing; make one by Return, Throw or Never"))
		return nil
	case a.kind == refused:
		r.unanswered(t, errors.New("only the task of an activity can be refused"))
		return nil
	case a.kind == returned:
		r.answerAt(t, at, interp.TaskSucceeded{Task: t.Task, Output: a.output})
	case a.kind == thrown:
		r.answerAt(t, at, interp.TaskFailed{Task: t.Task, Error: a.err, Cause: a.cause})
	}
	return inputs
}

// ask asks Tasks for the answer. A result without a response to the call gets an empty one, so that the history is whole.
func (r *Region) ask(t *task) (Answer, error) {
	x := t.execution
	a, err := r.config.Tasks.Answer(Call{
		ExecutionArn: x.arn, ExecutionName: x.name, StateMachine: x.machine.config.Name, Now: r.now,
		State: t.State, Resource: t.Resource.ARN, Parameters: t.Parameters, Input: t.Input, RetryCount: t.RetryCount, RoleArn: t.RoleArn,
		Token: t.Token, Timeout: after(t.TimeoutSeconds),
	})
	if err == nil && a.submitted == nil && a.kind != thrown {
		a = a.Submitted(value.EmptyObject())
	}
	return a, err
}

// maxTimeout is the quota on times in seconds; what a path leads to may be any number.
const maxTimeout = 99_999_999

func after(seconds int64) time.Duration {
	return time.Duration(min(seconds, maxTimeout)) * time.Second
}

func (r *Region) unanswered(t *task, err error) {
	r.give(t.execution, "Task state %q (%s): %v", t.State, t.Resource.ARN, err)
}
