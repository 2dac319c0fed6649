package aws

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/sfnx/sfnx/backend"
)

// about makes an answer about another execution a garbled one: whoever mixes up answers is not AWS.
func about(executionArn string) func(*sfn.Options) {
	return answering(func(result any) error {
		out, ok := result.(*sfn.DescribeExecutionOutput)
		if !ok || out.ExecutionArn == nil || *out.ExecutionArn == executionArn {
			return nil
		}
		return senselessError(fmt.Sprintf("the answer is about %s, want %s", *out.ExecutionArn, executionArn))
	})
}

// startOf does the same for the answer to a start, which names an execution of its own choice.
func startOf(in backend.StartExecutionInput) func(*sfn.Options) {
	return answering(func(result any) error {
		out, ok := result.(*sfn.StartExecutionOutput)
		if !ok || out.ExecutionArn == nil {
			return nil
		}
		started, err := backend.ParseARN(*out.ExecutionArn)
		machine, unknown := backend.ParseARN(in.StateMachineArn)
		if err == nil && (started.Kind == "execution" || started.Kind == "express") && started.Qualifier == in.Name &&
			(unknown != nil || started.StateMachine() == machine.StateMachine()) {
			return nil
		}
		return senselessError(fmt.Sprintf("the answer is about %s, want the execution %s of %s", *out.ExecutionArn, in.Name, in.StateMachineArn))
	})
}

// answering makes an answer that does not pass a check a garbled one.
func answering(check func(result any) error) func(*sfn.Options) {
	checked := middleware.DeserializeMiddlewareFunc("sfnxAbout",
		func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			out, metadata, err := next.HandleDeserialize(ctx, in)
			if err == nil {
				if wrong := check(out.Result); wrong != nil {
					err = &smithy.DeserializationError{Err: wrong}
				}
			}
			return out, metadata, err
		})
	return func(o *sfn.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Deserialize.Insert(checked, "OperationDeserializer", middleware.Before)
		})
	}
}

// longestAnswer bounds an answer. The longest of AWS, a page of a history, has some megabytes.
const longestAnswer = 32 << 20

// sensible refuses answers that would never end: a body without end, and the offer to speak another protocol, whose
// connection Go hands over without its time-out.
func sensible(stack *middleware.Stack) error {
	return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("sfnxSensible",
		func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			out, metadata, err := next.HandleDeserialize(ctx, in)
			answer, ok := out.RawResponse.(*smithyhttp.Response)
			switch {
			case err != nil || !ok:
			case answer.StatusCode == http.StatusSwitchingProtocols:
				_ = answer.Body.Close()
				err = &smithyhttp.RequestSendError{Err: fmt.Errorf("the answer is %s, which nobody asked for", answer.Status)}
			default:
				answer.Body = &boundedBody{answer.Body, longestAnswer}
			}
			return out, metadata, err
		}), middleware.After)
}

// boundedBody fails when a body is too long.
type boundedBody struct {
	io.ReadCloser
	left int
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("the answer has more than %d bytes", longestAnswer)
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
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
