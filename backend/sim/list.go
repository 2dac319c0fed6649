package sim

import (
	"context"
	"fmt"

	"github.com/sfnx/sfnx/backend"
)

const executionsPrefix = "executions-below-"

// ListExecutions reads a page of the executions of a machine, whichever started last first. One that starts while
// somebody turns the pages moves none of them.
func (r *Region) ListExecutions(ctx context.Context, in backend.ListExecutionsInput) (backend.ListExecutionsOutput, error) {
	const op = "ListExecutions"
	if err := canceled(ctx, op); err != nil {
		return backend.ListExecutionsOutput{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	m, err := r.listable(op, in.StateMachineArn)
	if err != nil {
		return backend.ListExecutionsOutput{}, err
	}
	if in.StatusFilter != "" && !in.StatusFilter.Known() {
		return backend.ListExecutionsOutput{}, &backend.Error{Code: backend.Validation, Op: op, AWSCode: "ValidationException", Message: fmt.Sprintf("1 validation error detected: Value '%s' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [ABORTED, RUNNING, TIMED_OUT, PENDING_REDRIVE, SUCCEEDED, FAILED]", in.StatusFilter)}
	}
	size, err := pageSize(op, in.MaxResults)
	if err != nil {
		return backend.ListExecutionsOutput{}, err
	}
	below := len(m.started)
	if in.NextToken != "" {
		if below, err = pageStart(executionsPrefix, in.NextToken, below); err != nil {
			return backend.ListExecutionsOutput{}, invalidToken(op, err)
		}
	}
	page := backend.ListExecutionsOutput{Executions: []backend.Execution{}}
	for ; below > 0 && len(page.Executions) < size; below-- {
		if x := m.started[below-1]; in.StatusFilter == "" || x.status() == in.StatusFilter {
			page.Executions = append(page.Executions, backend.Execution{ExecutionArn: x.arn, StateMachineArn: m.arn.String(), Name: x.name,
				Status: x.status(), StartDate: x.start, StopDate: x.engine.Ended()})
		}
	}
	if below > 0 {
		page.NextToken = fmt.Sprint(executionsPrefix, below)
	}
	return page, nil
}

// listable is a machine that keeps a list of its executions.
func (r *Region) listable(op, stateMachineArn string) (*machine, error) {
	m, err := r.known(op, stateMachineArn)
	if err == nil && m.config.Type == backend.Express {
		err = &backend.Error{Code: backend.Unsupported, Op: op, AWSCode: "StateMachineTypeNotSupported", Message: "This operation is not supported by this type of state machine"}
	}
	return m, err
}
