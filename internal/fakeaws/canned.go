package fakeaws

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/history"
)

// Machine is a state machine whose end is known beforehand. The zero Machine echoes its input at once.
type Machine struct {
	Type       backend.Type   // "" = STANDARD
	State      string         // the name of its only state; "" = "Only"
	Status     backend.Status // how its executions end; "" = SUCCEEDED
	Redriven   backend.Status // how they end once they are redriven; "" = Status
	After      time.Duration  // how long they take
	Output     string         // of a success; "" = the input
	Error      string         // of a failure
	Cause      string
	Definition string // what DescribeStateMachine tells; nobody runs it
}

// Canned is a backend in memory that runs nothing: each execution ends as its Machine says, when Advance has let
// enough time pass. It has every capability that a real account has.
type Canned struct {
	mu         sync.Mutex
	now        time.Time
	machines   map[string]Machine
	executions map[string]*canned
	started    []string
}

// canned is one execution.
type canned struct {
	execution backend.Execution
	machine   Machine
	since     time.Time // the start, or the last redrive
	stopped   *history.Failure
	past      []history.Event      // up to the last redrive
	redrives  map[string]time.Time // by client token
}

// redrivePeriod is how long after its end an execution can be redriven.
const redrivePeriod = 14 * 24 * time.Hour

// NewCanned makes a backend with these state machines, by ARN. Its clock stands at start until Advance.
func NewCanned(start time.Time, machines map[string]Machine) *Canned {
	return &Canned{now: start, machines: machines, executions: map[string]*canned{}}
}

// Advance lets time pass.
func (c *Canned) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Now is the time of its clock.
func (c *Canned) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Started are the ARNs of the executions that were started, in order. A start that was answered with an execution that
// there was already started none.
func (c *Canned) Started() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.started)
}

// Authenticate knows one user.
func (c *Canned) Authenticate(context.Context) (backend.Identity, error) {
	return backend.Identity{Account: Account, Arn: "arn:aws:iam::" + Account + ":user/canned", UserID: "AIDACANNED"}, nil
}

// StartExecution starts an execution, or gives the running one of the same name and input.
func (c *Canned) StartExecution(_ context.Context, in backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	arn, m, input, err := c.accept(in)
	if err != nil {
		return backend.StartExecutionOutput{}, err
	}
	if old := c.executions[arn]; old != nil && m.Type != backend.Express {
		if now := c.look(old); now.Status.Terminal() || *now.Input != input {
			return backend.StartExecutionOutput{}, refuse(backend.ExecutionAlreadyExists, "", "Execution Already Exists: '"+arn+"'")
		}
		return backend.StartExecutionOutput{ExecutionArn: arn, StartDate: old.execution.StartDate}, nil
	}
	yes := true
	c.started = append(c.started, arn)
	c.executions[arn] = &canned{machine: m, since: c.now, redrives: map[string]time.Time{}, execution: backend.Execution{
		ExecutionArn: arn, StateMachineArn: in.StateMachineArn, Name: in.Name, Status: backend.Running, StartDate: c.now,
		Input: &input, InputIncluded: &yes,
	}}
	return backend.StartExecutionOutput{ExecutionArn: arn, StartDate: c.now}, nil
}

// StartSyncExecution runs an EXPRESS machine, letting its time pass.
func (c *Canned) StartSyncExecution(ctx context.Context, in backend.StartExecutionInput) (backend.Execution, error) {
	c.mu.Lock()
	m, known := c.machines[in.StateMachineArn]
	c.mu.Unlock()
	if known && m.Type != backend.Express {
		return backend.Execution{}, refuse(backend.Unsupported, "", "This operation is not supported by this type of state machine")
	}
	out, err := c.StartExecution(ctx, in)
	if err != nil {
		return backend.Execution{}, err
	}
	c.Advance(m.After)
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.look(c.executions[out.ExecutionArn]), nil
}

// DescribeExecution reads an execution.
func (c *Canned) DescribeExecution(_ context.Context, executionArn string) (backend.Execution, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, err := c.find(executionArn)
	if err != nil {
		return backend.Execution{}, err
	}
	return c.look(e), nil
}

// StopExecution aborts an execution that still runs.
func (c *Canned) StopExecution(_ context.Context, in backend.StopExecutionInput) (backend.StopExecutionOutput, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, err := c.find(in.ExecutionArn)
	if err != nil {
		return backend.StopExecutionOutput{}, err
	}
	if now := c.look(e); now.Status.Terminal() {
		return backend.StopExecutionOutput{StopDate: now.StopDate}, nil
	}
	e.stopped = &history.Failure{Error: in.Error, Cause: in.Cause}
	e.execution.StopDate = c.now
	return backend.StopExecutionOutput{StopDate: c.now}, nil
}

// RedriveExecution runs an unsuccessful execution again from its state.
func (c *Canned) RedriveExecution(_ context.Context, in backend.RedriveExecutionInput) (backend.RedriveExecutionOutput, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, err := c.find(in.ExecutionArn)
	if err != nil {
		return backend.RedriveExecutionOutput{}, err
	}
	if at, done := e.redrives[in.ClientToken]; done && in.ClientToken != "" {
		return backend.RedriveExecutionOutput{RedriveDate: at}, nil
	}
	if now := c.look(e); now.RedriveStatus != "REDRIVABLE" {
		return backend.RedriveExecutionOutput{}, refuse(backend.ExecutionNotRedrivable, "", now.RedriveStatusReason)
	}
	e.past = c.events(e)
	e.redrives[in.ClientToken] = c.now
	e.execution.RedriveCount++
	e.stopped, e.since, e.execution.StopDate = nil, c.now, time.Time{}
	return backend.RedriveExecutionOutput{RedriveDate: c.now}, nil
}

// DescribeStateMachine reads a state machine.
func (c *Canned) DescribeStateMachine(_ context.Context, stateMachineArn string) (backend.StateMachine, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, a, err := c.machine(stateMachineArn)
	if err != nil {
		return backend.StateMachine{}, err
	}
	return backend.StateMachine{
		StateMachineArn: stateMachineArn, Name: a.Name, Type: m.Type, Status: "ACTIVE", Definition: m.Definition,
		RoleArn: "arn:aws:iam::" + Account + ":role/canned", CreationDate: time.Unix(1700000000, 0).UTC(),
	}, nil
}

// ListExecutions gives the executions of a state machine, whichever started last first.
func (c *Canned) ListExecutions(_ context.Context, in backend.ListExecutionsInput) (backend.ListExecutionsOutput, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, _, err := c.machine(in.StateMachineArn)
	if err != nil {
		return backend.ListExecutionsOutput{}, err
	}
	if m.Type == backend.Express {
		return backend.ListExecutionsOutput{}, refuse(backend.Unsupported, "", "This operation is not supported by this type of state machine")
	}
	var all []backend.Execution
	for _, e := range c.executions {
		x := c.look(e)
		x.Input, x.InputIncluded, x.Output, x.OutputIncluded, x.Error, x.Cause, x.RedriveStatus, x.RedriveStatusReason = nil, nil, nil, nil, nil, nil, "", ""
		if x.StateMachineArn == in.StateMachineArn && (in.StatusFilter == "" || x.Status == in.StatusFilter) {
			all = append(all, x)
		}
	}
	slices.SortFunc(all, func(a, b backend.Execution) int {
		return cmp.Or(b.StartDate.Compare(a.StartDate), cmp.Compare(a.Name, b.Name))
	})
	from, to, next, err := page(in.NextToken, in.MaxResults, len(all))
	if err != nil {
		return backend.ListExecutionsOutput{}, err
	}
	return backend.ListExecutionsOutput{Executions: all[from:to], NextToken: next}, nil
}

// page is a part of n entries, and the token of the next one. A token is the number of entries already given.
func page(token string, size, n int) (from, to int, next string, err error) {
	if token != "" {
		if from, err = strconv.Atoi(token); err != nil {
			return 0, 0, "", refuse(backend.Validation, "InvalidToken", "Invalid Token: 'Invalid token'")
		}
	}
	if size == 0 {
		size = 100
	}
	from = min(from, n)
	to = min(from+size, n)
	if to < n {
		next = strconv.Itoa(to)
	}
	return from, to, next, nil
}

// accept checks a request to start an execution, and gives its ARN and input.
func (c *Canned) accept(in backend.StartExecutionInput) (arn string, m Machine, input string, err error) {
	m, a, err := c.machine(in.StateMachineArn)
	if err != nil {
		return "", m, "", err
	}
	input = "{}"
	if in.Input != nil {
		input = *in.Input
	}
	switch {
	case backend.ValidateName(in.Name) != nil:
		return "", m, "", refuse(backend.Validation, "InvalidName", "Invalid Name: '"+in.Name+"'")
	case len(input) > 262144:
		return "", m, "", refuse(backend.Validation, "ValidationException", "the input has more than 262144 bytes")
	case !json.Valid([]byte(input)):
		return "", m, "", refuse(backend.Validation, "InvalidExecutionInput", "Invalid State Machine Execution Input")
	}
	if m.Type == backend.Express {
		id := fmt.Sprintf("00000000-0000-4000-8000-%012d", len(c.executions)+1)
		express := a.Execution(in.Name)
		express.Kind, express.ID = "express", id
		return express.String(), m, input, nil
	}
	return a.Execution(in.Name).String(), m, input, nil
}

func (c *Canned) machine(arn string) (Machine, backend.ARN, error) {
	a, err := backend.ParseARN(arn)
	if err != nil || a.Kind != "stateMachine" {
		return Machine{}, a, refuse(backend.Validation, "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: "+arn+"'")
	}
	m, known := c.machines[arn]
	if !known {
		return Machine{}, a, refuse(backend.StateMachineDoesNotExist, "", "State Machine Does Not Exist: '"+arn+"'")
	}
	if m.Type == "" {
		m.Type = backend.Standard
	}
	if m.State == "" {
		m.State = "Only"
	}
	if m.Status == "" {
		m.Status = backend.Succeeded
	}
	if m.Redriven == "" {
		m.Redriven = m.Status
	}
	return m, a, nil
}

func (c *Canned) find(arn string) (*canned, error) {
	a, err := backend.ParseARN(arn)
	if err != nil || a.Kind != "execution" {
		return nil, refuse(backend.Validation, "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: "+arn+"'")
	}
	e := c.executions[arn]
	if e == nil {
		return nil, refuse(backend.ExecutionDoesNotExist, "", "Execution Does Not Exist: '"+arn+"'")
	}
	return e, nil
}

// look is the execution as it stands now.
func (c *Canned) look(e *canned) backend.Execution {
	x, m := e.execution, e.machine
	if x.RedriveCount > 0 {
		m.Status = m.Redriven
	}
	ends := e.since.Add(m.After)
	switch {
	case e.stopped != nil:
		x.Status, x.Error, x.Cause = backend.Aborted, e.stopped.Error, e.stopped.Cause
	case c.now.Before(ends):
		x.Status = backend.Running
	default:
		x.Status, x.StopDate = m.Status, ends
		switch m.Status {
		case backend.Succeeded:
			yes, output := true, m.output(*x.Input)
			x.Output, x.OutputIncluded = &output, &yes
		case backend.Failed:
			x.Error, x.Cause = &m.Error, &m.Cause
		}
	}
	switch {
	case x.Status == backend.Running || x.Status == backend.Succeeded:
		x.RedriveStatus, x.RedriveStatusReason = "NOT_REDRIVABLE", "Execution is "+string(x.Status)+" and cannot be redriven"
	case c.now.Sub(x.StopDate) > redrivePeriod:
		x.RedriveStatus, x.RedriveStatusReason = "NOT_REDRIVABLE", "Execution redrivable period exceeded"
	default:
		x.RedriveStatus = "REDRIVABLE"
	}
	return x
}

func (m Machine) output(input string) string {
	if m.Output != "" {
		return m.Output
	}
	return input
}

func refuse(code backend.Code, awsCode, message string) *backend.Error {
	return &backend.Error{Code: code, AWSCode: awsCode, Message: message}
}
