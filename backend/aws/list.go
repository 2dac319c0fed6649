package aws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/sfnx/sfnx/backend"
)

// ListExecutions reads one page of the executions of a STANDARD state machine.
func (b *Backend) ListExecutions(ctx context.Context, in backend.ListExecutionsInput) (backend.ListExecutionsOutput, error) {
	request := &sfn.ListExecutionsInput{StateMachineArn: &in.StateMachineArn, StatusFilter: types.ExecutionStatus(in.StatusFilter), MaxResults: int32(in.MaxResults)}
	if in.NextToken != "" {
		request.NextToken = &in.NextToken
	}
	c := b.polling(ctx, "ListExecutions")
	out, err := b.sfn.ListExecutions(ctx, request, c.sfn)
	if err != nil {
		return backend.ListExecutionsOutput{}, c.failure(ctx, err)
	}
	page := backend.ListExecutionsOutput{Executions: make([]backend.Execution, len(out.Executions)), NextToken: aws.ToString(out.NextToken)}
	for i, x := range out.Executions {
		page.Executions[i] = backend.Execution{
			ExecutionArn:           aws.ToString(x.ExecutionArn),
			StateMachineArn:        aws.ToString(x.StateMachineArn),
			StateMachineVersionArn: aws.ToString(x.StateMachineVersionArn),
			StateMachineAliasArn:   aws.ToString(x.StateMachineAliasArn),
			Name:                   aws.ToString(x.Name),
			Status:                 backend.Status(x.Status),
			StartDate:              aws.ToTime(x.StartDate),
			StopDate:               aws.ToTime(x.StopDate),
			RedriveCount:           int(aws.ToInt32(x.RedriveCount)),
		}
	}
	return page, nil
}
