package fakeaws

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/history"
)

// wire is how each code of a backend looks on the wire, if the error does not bring a code of AWS itself.
var wire = map[backend.Code]wireError{
	backend.Unexpected:     {name: "InternalFailure", status: 500},
	backend.Authentication: {name: "UnrecognizedClientException", status: 400},
	backend.Authorization:  {name: "AccessDeniedException", status: 400},
	backend.Connection:     {}, // cut
	backend.Proxy:          {}, // cut: only a proxy can fail as one
	backend.Validation:     {name: "ValidationException", status: 400},
	backend.Throttled:      {name: "ThrottlingException", status: 400},
	backend.Unavailable:    {name: "ServiceUnavailable", status: 503},
	backend.Canceled:       {}, // nobody is left to answer
	backend.Unsupported:    {name: "StateMachineTypeNotSupported", status: 400},

	backend.ExecutionAlreadyExists:   {name: "ExecutionAlreadyExists", status: 400},
	backend.ExecutionDoesNotExist:    {name: "ExecutionDoesNotExist", status: 400},
	backend.ExecutionLimitExceeded:   {name: "ExecutionLimitExceeded", status: 400},
	backend.ExecutionNotRedrivable:   {name: "ExecutionNotRedrivable", status: 400},
	backend.StateMachineDoesNotExist: {name: "StateMachineDoesNotExist", status: 400},
	backend.StateMachineDeleting:     {name: "StateMachineDeleting", status: 400},
}

func wireErrorOf(err error) *wireError {
	e := wire[backend.CodeOf(err)]
	e.message = err.Error()
	var own *backend.Error
	if errors.As(err, &own) {
		if own.Message != "" {
			e.message = own.Message
		}
		if own.AWSCode != "" && e.name != "" {
			e.name = own.AWSCode
		}
	}
	return &e
}

// sfnCall is one request in awsJson1_0.
type sfnCall struct {
	op   string
	body []byte
}

func (c *sfnCall) service() string   { return "states" }
func (c *sfnCall) operation() string { return c.op }

func (c *sfnCall) succeed(result any) *answer {
	return &answer{status: http.StatusOK, kind: "application/x-amz-json-1.0", body: jsonText(result)}
}

func (c *sfnCall) fail(e wireError) *answer {
	body := jsonText(map[string]string{"__type": "com.amazonaws.swf.service.v2.model#" + e.name, "message": e.message})
	return &answer{status: e.status, kind: "application/x-amz-json-1.0", body: body}
}

func jsonText(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// arguments has the members of every operation here.
type arguments struct {
	StateMachineArn string  `json:"stateMachineArn"`
	ExecutionArn    string  `json:"executionArn"`
	Name            string  `json:"name"`
	Input           *string `json:"input"`
	Error           *string `json:"error"`
	Cause           *string `json:"cause"`
	MaxResults      int     `json:"maxResults"`
	ReverseOrder    bool    `json:"reverseOrder"`
	NextToken       string  `json:"nextToken"`
	ClientToken     string  `json:"clientToken"`
	StatusFilter    string  `json:"statusFilter"`
}

func (c *sfnCall) call(ctx context.Context, s *Server, _ principal) (any, *wireError) {
	operation, known := operations[c.op]
	if !known {
		return nil, &wireError{name: "UnknownOperationException", status: 400, message: "no operation " + c.op}
	}
	var in arguments
	if err := json.Unmarshal(c.body, &in); err != nil {
		return nil, &wireError{name: "SerializationException", status: 400, message: err.Error()}
	}
	result, err := operation(ctx, s, in)
	if err != nil {
		return nil, wireErrorOf(err)
	}
	return result, nil
}

var operations = map[string]func(context.Context, *Server, arguments) (any, error){
	"StartExecution": func(ctx context.Context, s *Server, in arguments) (any, error) {
		out, err := s.backend.StartExecution(ctx, s.start(in))
		return members{"executionArn": out.ExecutionArn, "startDate": epoch(out.StartDate)}, err
	},
	"StartSyncExecution": func(ctx context.Context, s *Server, in arguments) (any, error) {
		b, err := capability[backend.SyncStarter](s)
		if err != nil {
			return nil, err
		}
		e, err := b.StartSyncExecution(ctx, s.start(in))
		return executionMembers(e), err
	},
	"DescribeExecution": func(ctx context.Context, s *Server, in arguments) (any, error) {
		e, err := s.backend.DescribeExecution(ctx, in.ExecutionArn)
		m := executionMembers(e)
		m["redriveCount"] = e.RedriveCount
		m.text("redriveStatus", e.RedriveStatus)
		m.text("redriveStatusReason", e.RedriveStatusReason)
		return m, err
	},
	"StopExecution": func(ctx context.Context, s *Server, in arguments) (any, error) {
		b, err := capability[backend.Stopper](s)
		if err != nil {
			return nil, err
		}
		out, err := b.StopExecution(ctx, backend.StopExecutionInput{ExecutionArn: in.ExecutionArn, Error: in.Error, Cause: in.Cause})
		return members{"stopDate": epoch(out.StopDate)}, err
	},
	"RedriveExecution": func(ctx context.Context, s *Server, in arguments) (any, error) {
		b, err := capability[backend.Redriver](s)
		if err != nil {
			return nil, err
		}
		out, err := b.RedriveExecution(ctx, backend.RedriveExecutionInput{ExecutionArn: in.ExecutionArn, ClientToken: in.ClientToken})
		return members{"redriveDate": epoch(out.RedriveDate)}, err
	},
	"GetExecutionHistory": func(ctx context.Context, s *Server, in arguments) (any, error) {
		b, err := capability[backend.Historian](s)
		if err != nil {
			return nil, err
		}
		page, err := b.GetExecutionHistory(ctx, backend.GetExecutionHistoryInput{
			ExecutionArn: in.ExecutionArn, MaxResults: in.MaxResults, ReverseOrder: in.ReverseOrder, NextToken: in.NextToken,
		})
		events := page.Events
		if events == nil {
			events = []history.Event{}
		}
		m := members{"events": events}
		m.text("nextToken", page.NextToken)
		return m, err
	},
	"ListExecutions": func(ctx context.Context, s *Server, in arguments) (any, error) {
		b, err := capability[backend.Lister](s)
		if err != nil {
			return nil, err
		}
		page, err := b.ListExecutions(ctx, backend.ListExecutionsInput{
			StateMachineArn: in.StateMachineArn, StatusFilter: backend.Status(in.StatusFilter), MaxResults: in.MaxResults, NextToken: in.NextToken,
		})
		list := make([]members, len(page.Executions))
		for i, e := range page.Executions {
			list[i] = executionMembers(e)
			list[i]["redriveCount"] = e.RedriveCount
		}
		m := members{"executions": list}
		m.text("nextToken", page.NextToken)
		return m, err
	},
	"DescribeStateMachine": func(ctx context.Context, s *Server, in arguments) (any, error) {
		b, err := capability[backend.MachineDescriber](s)
		if err != nil {
			return nil, err
		}
		out, err := b.DescribeStateMachine(ctx, in.StateMachineArn)
		return members{
			"stateMachineArn": out.StateMachineArn, "name": out.Name, "type": out.Type, "status": out.Status,
			"definition": out.Definition, "roleArn": out.RoleArn, "creationDate": epoch(out.CreationDate),
		}, err
	},
}

// start gives an execution without a name the next one, as the service gives it a UUID.
func (s *Server) start(in arguments) backend.StartExecutionInput {
	if in.Name == "" {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.names++
		in.Name = fmt.Sprintf("unnamed-%d", s.names)
	}
	return backend.StartExecutionInput{StateMachineArn: in.StateMachineArn, Name: in.Name, Input: in.Input}
}

func capability[C any](s *Server) (C, error) {
	c, ok := s.backend.(C)
	if !ok {
		return c, &backend.Error{Code: backend.Unsupported, AWSCode: "UnknownOperationException", Message: "the backend behind this server cannot do it"}
	}
	return c, nil
}

// members is a JSON object.
type members map[string]any

func (m members) text(name, value string) {
	if value != "" {
		m[name] = value
	}
}

func executionMembers(e backend.Execution) members {
	m := members{"executionArn": e.ExecutionArn, "stateMachineArn": e.StateMachineArn, "name": e.Name, "status": e.Status, "startDate": epoch(e.StartDate)}
	m.text("stateMachineVersionArn", e.StateMachineVersionArn)
	m.text("stateMachineAliasArn", e.StateMachineAliasArn)
	if !e.StopDate.IsZero() {
		m["stopDate"] = epoch(e.StopDate)
	}
	for name, value := range map[string]*string{"input": e.Input, "output": e.Output, "error": e.Error, "cause": e.Cause} {
		if value != nil {
			m[name] = *value
		}
	}
	for name, value := range map[string]*bool{"inputDetails": e.InputIncluded, "outputDetails": e.OutputIncluded} {
		if value != nil {
			m[name] = members{"included": *value}
		}
	}
	return m
}

// epoch is a timestamp of the wire: seconds since 1970 with milliseconds.
type epoch time.Time

func (e epoch) MarshalJSON() ([]byte, error) {
	ms := time.Time(e).UnixMilli()
	return fmt.Appendf(nil, "%d.%03d", ms/1000, ms%1000), nil
}
