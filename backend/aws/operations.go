package aws

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/smithy-go"
	"github.com/sfnx/sfnx/backend"
)

// StartExecution starts one execution. An attempt that failed ambiguously is repeated with the same name and bytes,
// which is safe on STANDARD; of a machine that is EXPRESS, or whose type cannot be learned with DescribeStateMachine,
// it is not, and the error is marked Ambiguous.
func (b *Backend) StartExecution(ctx context.Context, in backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
	if in.Name == "" {
		return backend.StartExecutionOutput{}, &backend.Error{Code: backend.Validation, Op: "StartExecution",
			Message: "the execution has no name, without which a start cannot be repeated"}
	}
	c := b.changing("StartExecution", func(ctx context.Context) error { return b.mustBeStandard(ctx, in.StateMachineArn) })
	out, err := b.sfn.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: &in.StateMachineArn, Name: &in.Name, Input: in.Input}, c.sfn, startOf(in))
	if err != nil {
		return backend.StartExecutionOutput{}, c.failure(ctx, err)
	}
	return backend.StartExecutionOutput{ExecutionArn: aws.ToString(out.ExecutionArn), StartDate: aws.ToTime(out.StartDate)}, nil
}

func (b *Backend) mustBeStandard(ctx context.Context, stateMachineArn string) error {
	typ, known := b.types.Load(stateMachineArn)
	if !known {
		m, err := b.DescribeStateMachine(ctx, stateMachineArn)
		if err != nil {
			return fmt.Errorf("a repeated start is safe on STANDARD only, and the type of the state machine is not known: %w", err)
		}
		typ = m.Type
	}
	if typ != backend.Standard {
		return fmt.Errorf("a repeated start of an %s state machine could run it twice", typ)
	}
	return nil
}

// StartSyncExecution runs an EXPRESS machine to its end. An attempt that failed ambiguously is never repeated.
func (b *Backend) StartSyncExecution(ctx context.Context, in backend.StartExecutionInput) (backend.Execution, error) {
	c := b.changing("StartSyncExecution", func(context.Context) error { return errors.New("a second call could run it twice") })
	c.timeout = b.patient.Timeout
	request := &sfn.StartSyncExecutionInput{StateMachineArn: &in.StateMachineArn, Input: in.Input}
	if in.Name != "" {
		request.Name = &in.Name
	}
	out, err := b.sfn.StartSyncExecution(ctx, request, c.sfn, func(o *sfn.Options) { o.HTTPClient = b.patient })
	if err != nil {
		return backend.Execution{}, c.failure(ctx, err)
	}
	return backend.Execution{
		ExecutionArn:    aws.ToString(out.ExecutionArn),
		StateMachineArn: aws.ToString(out.StateMachineArn),
		Name:            aws.ToString(out.Name),
		Status:          backend.Status(out.Status),
		StartDate:       aws.ToTime(out.StartDate),
		StopDate:        aws.ToTime(out.StopDate),
		Input:           out.Input,
		InputIncluded:   included(out.InputDetails),
		Output:          out.Output,
		OutputIncluded:  included(out.OutputDetails),
		Error:           out.Error,
		Cause:           out.Cause,
	}, nil
}

// DescribeExecution reads one STANDARD execution.
func (b *Backend) DescribeExecution(ctx context.Context, executionArn string) (backend.Execution, error) {
	c := b.polling(ctx, "DescribeExecution")
	out, err := b.sfn.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: &executionArn}, c.sfn, about(executionArn))
	if err != nil {
		return backend.Execution{}, c.failure(ctx, err)
	}
	return backend.Execution{
		ExecutionArn:           aws.ToString(out.ExecutionArn),
		StateMachineArn:        aws.ToString(out.StateMachineArn),
		StateMachineVersionArn: aws.ToString(out.StateMachineVersionArn),
		StateMachineAliasArn:   aws.ToString(out.StateMachineAliasArn),
		Name:                   aws.ToString(out.Name),
		Status:                 backend.Status(out.Status),
		StartDate:              aws.ToTime(out.StartDate),
		StopDate:               aws.ToTime(out.StopDate),
		Input:                  out.Input,
		InputIncluded:          included(out.InputDetails),
		Output:                 out.Output,
		OutputIncluded:         included(out.OutputDetails),
		Error:                  out.Error,
		Cause:                  out.Cause,
		RedriveCount:           int(aws.ToInt32(out.RedriveCount)),
		RedriveStatus:          string(out.RedriveStatus),
		RedriveStatusReason:    aws.ToString(out.RedriveStatusReason),
	}, nil
}

func included(d *types.CloudWatchEventsExecutionDataDetails) *bool {
	if d == nil {
		return nil
	}
	return &d.Included
}

// keyTroubles are the errors of the key that a state machine's data is encrypted with.
var keyTroubles = map[string]bool{"KmsAccessDeniedException": true, "KmsInvalidStateException": true, "KmsThrottlingException": true}

// isKeyTrouble reports whether a call failed for the key of the state machine.
func isKeyTrouble(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && keyTroubles[api.ErrorCode()]
}

// StopExecution stops a STANDARD execution. Error and Cause are all that gets encrypted: where the key refuses, the
// execution is stopped without them.
func (b *Backend) StopExecution(ctx context.Context, in backend.StopExecutionInput) (backend.StopExecutionOutput, error) {
	out, err := b.stopExecution(ctx, in)
	if isKeyTrouble(err) && (in.Error != nil || in.Cause != nil) {
		return b.stopExecution(ctx, backend.StopExecutionInput{ExecutionArn: in.ExecutionArn})
	}
	return out, err
}

func (b *Backend) stopExecution(ctx context.Context, in backend.StopExecutionInput) (backend.StopExecutionOutput, error) {
	c := b.changing("StopExecution", nil)
	if in.Error != nil || in.Cause != nil {
		c.final = isKeyTrouble
	}
	out, err := b.sfn.StopExecution(ctx, &sfn.StopExecutionInput{ExecutionArn: &in.ExecutionArn, Error: in.Error, Cause: in.Cause}, c.sfn)
	if err != nil {
		return backend.StopExecutionOutput{}, c.failure(ctx, err)
	}
	return backend.StopExecutionOutput{StopDate: aws.ToTime(out.StopDate)}, nil
}

// RedriveExecution redrives an unsuccessful STANDARD execution. Without a ClientToken the SDK makes one, so that the
// attempts of this call count once.
func (b *Backend) RedriveExecution(ctx context.Context, in backend.RedriveExecutionInput) (backend.RedriveExecutionOutput, error) {
	request := &sfn.RedriveExecutionInput{ExecutionArn: &in.ExecutionArn}
	if in.ClientToken != "" {
		request.ClientToken = &in.ClientToken
	}
	c := b.changing("RedriveExecution", nil)
	out, err := b.sfn.RedriveExecution(ctx, request, c.sfn)
	if err != nil {
		return backend.RedriveExecutionOutput{}, c.failure(ctx, err)
	}
	return backend.RedriveExecutionOutput{RedriveDate: aws.ToTime(out.RedriveDate)}, nil
}

// DescribeStateMachine reads a state machine, a version or an alias.
func (b *Backend) DescribeStateMachine(ctx context.Context, stateMachineArn string) (backend.StateMachine, error) {
	c := b.reading("DescribeStateMachine")
	out, err := b.sfn.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: &stateMachineArn}, c.sfn)
	if err != nil {
		return backend.StateMachine{}, c.failure(ctx, err)
	}
	b.types.Store(stateMachineArn, backend.Type(out.Type))
	return backend.StateMachine{
		StateMachineArn: aws.ToString(out.StateMachineArn),
		Name:            aws.ToString(out.Name),
		Type:            backend.Type(out.Type),
		Status:          string(out.Status),
		Definition:      aws.ToString(out.Definition),
		RoleArn:         aws.ToString(out.RoleArn),
		CreationDate:    aws.ToTime(out.CreationDate),
	}, nil
}
