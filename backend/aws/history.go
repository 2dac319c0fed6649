package aws

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/history"
)

// GetExecutionHistory reads one page of events of a STANDARD execution. An event of a type that package history does
// not know is kept without its details.
func (b *Backend) GetExecutionHistory(ctx context.Context, in backend.GetExecutionHistoryInput) (backend.GetExecutionHistoryOutput, error) {
	request := &sfn.GetExecutionHistoryInput{ExecutionArn: &in.ExecutionArn, MaxResults: int32(in.MaxResults), ReverseOrder: in.ReverseOrder}
	if in.NextToken != "" {
		request.NextToken = &in.NextToken
	}
	c := b.reading("GetExecutionHistory")
	var body []byte
	if _, err := b.sfn.GetExecutionHistory(ctx, request, c.sfn, keepBody(&body)); err != nil {
		return backend.GetExecutionHistoryOutput{}, c.failure(ctx, err)
	}
	var page struct {
		Events    []history.Event `json:"events"`
		NextToken string          `json:"nextToken"`
	}
	if err := json.Unmarshal(body, &page); err != nil {
		return backend.GetExecutionHistoryOutput{}, c.failure(ctx, fmt.Errorf("read the events of %s: %w", in.ExecutionArn, err))
	}
	return backend.GetExecutionHistoryOutput{Events: page.Events, NextToken: page.NextToken}, nil
}

// keepBody puts the text of the answer aside. The SDK's own events are a copy of the model, field for field, and have
// lost the order of assignedVariables; package history reads the text itself.
func keepBody(into *[]byte) func(*sfn.Options) {
	read := middleware.DeserializeMiddlewareFunc("sfnxKeepBody",
		func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			out, metadata, err := next.HandleDeserialize(ctx, in)
			answer, ok := out.RawResponse.(*smithyhttp.Response)
			if err != nil || !ok {
				return out, metadata, err
			}
			*into, err = io.ReadAll(answer.Body)
			if err = errors.Join(err, answer.Body.Close()); err != nil {
				return out, metadata, &smithy.DeserializationError{Err: err}
			}
			answer.Body = io.NopCloser(bytes.NewReader(*into))
			return out, metadata, nil
		})
	return func(o *sfn.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Deserialize.Insert(read, "OperationDeserializer", middleware.After)
		})
	}
}
