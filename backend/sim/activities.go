package sim

import (
	"context"
	"fmt"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/interp"
)

// activity is an activity of the region and the tasks that wait for one of its workers, oldest first.
type activity struct {
	arn     backend.ARN
	created time.Time
	waiting []*task
}

// CreateActivity makes an activity, or finds the one of that name, and returns its ARN.
func (r *Region) CreateActivity(_ context.Context, name string) (activityArn string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := backend.ValidateName(name); err != nil {
		return "", &backend.Error{Code: backend.Validation, Op: "CreateActivity", AWSCode: "InvalidName", Message: fmt.Sprintf("Invalid Name: '%s'", name), Err: err}
	}
	arn := backend.ARN{Partition: "aws", Region: r.config.Region, Account: r.config.Account, Kind: "activity", Name: name}
	if r.activities[arn.String()] == nil {
		r.activities[arn.String()] = &activity{arn: arn, created: r.now}
	}
	return arn.String(), nil
}

// DeleteActivity removes an activity, if it is there. Tasks that wait for a worker run into their timeouts.
func (r *Region) DeleteActivity(_ context.Context, activityArn string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.activities, activityArn)
	return nil
}

// GetActivityTask hands the oldest task of an activity to a worker; an empty token means that there is none now.
func (r *Region) GetActivityTask(_ context.Context, activityArn, workerName string) (taskToken, input string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.activities[activityArn]
	if a == nil {
		return "", "", &backend.Error{Code: backend.Validation, Op: "GetActivityTask", AWSCode: "ActivityDoesNotExist", Message: fmt.Sprintf("Activity Does Not Exist: '%s'", activityArn)}
	}
	for len(a.waiting) > 0 {
		t := a.waiting[0]
		a.waiting = a.waiting[1:]
		if r.tokens[t.Token] == t && t.execution.broken == nil { // else it is over already
			r.step(t.execution, interp.TaskStarted{Task: t.Task, WorkerName: workerName})
			r.settle(r.now)
			return t.Token, t.Parameters.JSON(), nil
		}
	}
	return "", "", nil
}
