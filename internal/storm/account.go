package storm

import (
	"context"
	"fmt"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// account is an account on AWS in which executions take as long as chance wants, and succeed.
type account struct {
	clock    *scheduler
	describe fakeaws.Bucket
	chance   func() float64
	counting func(throttled bool) // told of each DescribeExecution
	started  int
}

// Durations of the executions: anything in between, each as likely.
const (
	shortest = 5 * time.Minute
	longest  = 15 * time.Minute
)

const (
	owner      = "123456789012"
	machineArn = "arn:aws:states:eu-west-1:" + owner + ":stateMachine:storm"
)

// connection is what one runner has of the account.
type connection struct {
	*account
	running backend.Execution
	ends    time.Time
}

func (c *connection) Authenticate(context.Context) (backend.Identity, error) {
	return backend.Identity{Account: owner, Arn: "arn:aws:iam::" + owner + ":user/storm", UserID: "AIDASTORM"}, nil
}

func (c *connection) StartExecution(_ context.Context, in backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
	now := c.clock.Now()
	c.started++
	c.ends = now.Add(shortest + time.Duration(c.chance()*float64(longest-shortest)))
	arn := fmt.Sprintf("arn:aws:states:eu-west-1:%s:execution:storm:%s", owner, in.Name)
	c.running = backend.Execution{ExecutionArn: arn, StateMachineArn: in.StateMachineArn, Name: in.Name, Status: backend.Running, StartDate: now}
	return backend.StartExecutionOutput{ExecutionArn: arn, StartDate: now}, nil
}

func (c *connection) DescribeExecution(context.Context, string) (backend.Execution, error) {
	now := c.clock.Now()
	throttled := !c.describe.Take(now)
	c.counting(throttled)
	if throttled {
		return backend.Execution{}, &backend.Error{Code: backend.Throttled, Op: "DescribeExecution", AWSCode: "ThrottlingException", Message: "Rate exceeded"}
	}
	x := c.running
	if !now.Before(c.ends) {
		output := "{}"
		x.Status, x.StopDate, x.Output = backend.Succeeded, c.ends, &output
	}
	return x, nil
}
