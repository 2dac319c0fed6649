package aws

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
)

// about makes an answer about another execution a garbled one: whoever mixes up answers is not AWS.
func about(executionArn string) func(*sfn.Options) {
	check := middleware.DeserializeMiddlewareFunc("sfnxAbout",
		func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			out, metadata, err := next.HandleDeserialize(ctx, in)
			answer, ok := out.Result.(*sfn.DescribeExecutionOutput)
			if err == nil && ok && answer.ExecutionArn != nil && *answer.ExecutionArn != executionArn {
				err = &smithy.DeserializationError{Err: senselessError(fmt.Sprintf("the answer is about %s, want %s", *answer.ExecutionArn, executionArn))}
			}
			return out, metadata, err
		})
	return func(o *sfn.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Deserialize.Insert(check, "OperationDeserializer", middleware.Before)
		})
	}
}

// senselessError is an answer in the language of the service that makes no sense. An answer in another language comes from
// somebody else.
type senselessError string

func (e senselessError) Error() string { return string(e) }

// lack says what an answer of status 200 lacks to be one: the SDK takes even an empty body.
func lack(result any) error {
	switch out := result.(type) {
	case *sfn.StartExecutionOutput:
		return required(out.ExecutionArn != nil, out.StartDate != nil)
	case *sfn.StartSyncExecutionOutput:
		return required(out.ExecutionArn != nil, out.Status != "")
	case *sfn.DescribeExecutionOutput:
		return required(out.ExecutionArn != nil, out.Status != "")
	case *sfn.DescribeStateMachineOutput:
		return required(out.StateMachineArn != nil, out.Type != "")
	case *sfn.StopExecutionOutput:
		return required(out.StopDate != nil)
	case *sfn.RedriveExecutionOutput:
		return required(out.RedriveDate != nil)
	case *sfn.ListExecutionsOutput:
		return required(out.Executions != nil)
	case *sfn.GetExecutionHistoryOutput:
		return required(out.Events != nil)
	case *sts.GetCallerIdentityOutput:
		return required(out.Arn != nil)
	}
	return nil
}

// required wants all of the members that an answer must have.
func required(members ...bool) error {
	const lacks = "the answer lacks a required member"
	switch {
	case !slices.Contains(members, false):
		return nil
	case slices.Contains(members, true):
		return senselessError(lacks)
	}
	return errors.New(lacks)
}
