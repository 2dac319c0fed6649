package sim

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/jackson"
	"github.com/sfnx/sfnx/internal/simtime"
	"github.com/sfnx/sfnx/internal/value"
)

// The region answers everything a run can ask for, and knows its own future.
var (
	_ backend.Backend          = (*Region)(nil)
	_ backend.Stopper          = (*Region)(nil)
	_ backend.Historian        = (*Region)(nil)
	_ backend.Lister           = (*Region)(nil)
	_ backend.SyncStarter      = (*Region)(nil)
	_ backend.MachineDescriber = (*Region)(nil)
	_ backend.Forecaster       = (*Region)(nil)
)

const (
	maxInput        = 262_144 // bytes
	maxError        = 256     // characters
	maxCause        = 32_768
	expressDuration = 5 * time.Minute
)

// canceled is the failure of a call that nobody waits for any more: nothing is carried out.
func canceled(ctx context.Context, op string) error {
	if err := ctx.Err(); err != nil {
		return &backend.Error{Code: backend.Canceled, Op: op, Err: err}
	}
	return nil
}

// Authenticate answers with an identity of the region's account.
func (r *Region) Authenticate(ctx context.Context) (backend.Identity, error) {
	if err := canceled(ctx, operations[authenticate]); err != nil {
		return backend.Identity{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if f := r.fault(authenticate); f != nil {
		return backend.Identity{}, f.failure()
	}
	return backend.Identity{Account: r.config.Account, Arn: "arn:aws:sts::" + r.config.Account + ":assumed-role/sfnx-simulator/sfnx", UserID: "AROASIMULATED:sfnx"}, nil
}

// StartExecution starts an execution and lets everything happen that needs no time.
func (r *Region) StartExecution(ctx context.Context, in backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
	const op = "StartExecution"
	if err := canceled(ctx, op); err != nil {
		return backend.StartExecutionOutput{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	f := r.fault(start)
	if f != nil && !f.CarriedOut {
		return backend.StartExecutionOutput{}, f.failure()
	}
	x, err := r.startExecution(op, in)
	if err != nil {
		return backend.StartExecutionOutput{}, err
	}
	if f != nil {
		return backend.StartExecutionOutput{}, f.failure()
	}
	return backend.StartExecutionOutput{ExecutionArn: x.arn, StartDate: x.start}, nil
}

// startExecution begins an execution and lets everything happen that needs no time.
func (r *Region) startExecution(op string, in backend.StartExecutionInput) (*execution, error) {
	x, err := r.begin(op, in)
	if err == nil {
		r.settle(r.now)
	}
	return x, err
}

// begin makes an execution that starts at the present moment.
func (r *Region) begin(op string, in backend.StartExecutionInput) (*execution, error) {
	m, err := r.known(op, in.StateMachineArn)
	if err != nil {
		return nil, err
	}
	if err := backend.ValidateName(in.Name); err != nil {
		return nil, &backend.Error{Code: backend.Validation, Op: op, AWSCode: "InvalidName", Message: fmt.Sprintf("Invalid Name: '%s'", in.Name), Err: err}
	}
	text, input := "{}", value.EmptyObject()
	if in.Input != nil {
		text = *in.Input
		if len(text) > maxInput {
			return nil, tooLong(op, "input", maxInput)
		}
		if input, err = value.Parse(text); err != nil {
			return nil, &backend.Error{Code: backend.Validation, Op: op, AWSCode: "InvalidExecutionInput", Message: "Invalid State Machine Execution Input: '" + refusal(text, err) + "'", Err: err}
		}
	}
	arn := m.arn.Execution(in.Name)
	if m.config.Type == backend.Express {
		arn = r.express(arn)
	}
	if x := r.executions[arn.String()]; x != nil {
		if x.status() == backend.Running && sameInput(x.input, in.Input) {
			return x, nil // recorded: idempotent while it runs
		}
		return nil, &backend.Error{Code: backend.ExecutionAlreadyExists, Op: op, AWSCode: "ExecutionAlreadyExists", Message: fmt.Sprintf("Execution Already Exists: '%s'", arn)}
	}
	x := r.newExecution(arn.String(), m, in, text, input)
	m.started = append(m.started, x)
	return x, nil
}

// known is a machine of the region.
func (r *Region) known(op, stateMachineArn string) (*machine, error) {
	if m := r.machines[stateMachineArn]; m != nil {
		return m, nil
	}
	if _, err := backend.ParseARN(stateMachineArn); err != nil {
		return nil, &backend.Error{Code: backend.Validation, Op: op, AWSCode: "InvalidArn", Message: fmt.Sprintf("Invalid Arn: 'Invalid ARN prefix: %s'", stateMachineArn)}
	}
	return nil, &backend.Error{Code: backend.StateMachineDoesNotExist, Op: op, AWSCode: "StateMachineDoesNotExist", Message: fmt.Sprintf("State Machine Does Not Exist: '%s'", stateMachineArn)}
}

// refusal is what AWS says of an input that is not JSON (recorded), err where that is not known.
func refusal(input string, err error) string {
	if strings.TrimSpace(input) == "" {
		return "Invalid execution input."
	}
	if e := jackson.Explain(input); e != nil {
		return e.Message
	}
	return err.Error()
}

// newExecution makes an execution that starts at the present moment.
func (r *Region) newExecution(arn string, m *machine, in backend.StartExecutionInput, text string, input value.Value) *execution {
	limits := r.config.Limits
	if m.config.Type == backend.Express {
		limits.Events, limits.Duration = -1, expressDuration
	}
	if m.test.State != "" { // whose visit has no end but its own
		limits.Duration = -1
	}
	x := &execution{arn: arn, name: in.Name, machine: m, input: in.Input, start: r.now, pending: map[any]*simtime.Entry[happening]{}, tasks: map[interp.TaskID]*task{}, runs: map[interp.RunID]*mapRun{}}
	x.engine = interp.New(m.program, interp.Config{
		Test: m.test.Test, Observe: m.test.Observe,
		ExecutionArn: arn, Name: in.Name, StateMachineArn: m.arn.String(), StateMachineName: m.config.Name, RoleArn: m.config.RoleArn,
		Region: r.config.Region, InputText: text, Input: input, Seed: r.seed(arn), Limits: limits, AsOf: r.config.AsOf,
	})
	r.executions[arn] = x
	r.push(x, r.now, interp.Start{})
	return x
}

// express is the ARN of an EXPRESS execution. Several may have the same name; an id keeps them apart.
func (r *Region) express(arn backend.ARN) backend.ARN {
	arn.Kind = "express"
	name := arn.String()
	for n := 0; ; n++ {
		arn.ID = fmt.Sprintf("%016x", r.seed(fmt.Sprintf("%s %d", name, n)))
		if r.executions[arn.String()] == nil {
			return arn
		}
	}
}

// tooLong is the refusal of a member of a request that is longer than the API allows.
func tooLong(op, member string, most int) error {
	return &backend.Error{Code: backend.Validation, Op: op, AWSCode: "ValidationException", Message: fmt.Sprintf("1 validation error detected: Value at '%s' failed to satisfy constraint: Member must have length less than or equal to %d", member, most)}
}

// failureFits checks the lengths of an error and its cause.
func failureFits(op string, errorName, cause *string) error {
	switch {
	case errorName != nil && utf8.RuneCountInString(*errorName) > maxError:
		return tooLong(op, "error", maxError)
	case cause != nil && utf8.RuneCountInString(*cause) > maxCause:
		return tooLong(op, "cause", maxCause)
	}
	return nil
}

func sameInput(a, b *string) bool {
	text := func(s *string) string {
		if s == nil {
			return "{}"
		}
		return *s
	}
	return text(a) == text(b)
}

// DescribeExecution reads an execution. EXPRESS ones cannot be described, as on AWS.
func (r *Region) DescribeExecution(ctx context.Context, executionArn string) (backend.Execution, error) {
	const op = "DescribeExecution"
	if err := canceled(ctx, op); err != nil {
		return backend.Execution{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	f := r.fault(poll)
	if f != nil && f.Stop {
		if x, err := r.find(op, executionArn); err == nil {
			r.step(x, interp.Stop{})
			r.settle(r.now)
		}
	} else if f != nil && f.Status == "" {
		return backend.Execution{}, f.failure()
	}
	x, err := r.find(op, executionArn)
	if err != nil {
		return backend.Execution{}, err
	}
	out := x.describe()
	if f != nil && f.Status != "" {
		out.Status = f.Status
	}
	return out, nil
}

// find is a STANDARD execution that the region can still carry on.
func (r *Region) find(op, executionArn string) (*execution, error) {
	arn, err := backend.ParseARN(executionArn)
	switch {
	case err != nil:
		return nil, &backend.Error{Code: backend.Validation, Op: op, AWSCode: "InvalidArn", Message: fmt.Sprintf("Invalid Arn: 'Invalid ARN prefix: %s'", executionArn), Err: err}
	case arn.Kind != "execution":
		return nil, &backend.Error{Code: backend.Validation, Op: op, AWSCode: "InvalidArn", Message: fmt.Sprintf("Invalid Arn: 'Resource type not valid in this context: %s'", arn.Kind)}
	}
	x := r.executions[executionArn]
	if x == nil {
		return nil, &backend.Error{Code: backend.ExecutionDoesNotExist, Op: op, AWSCode: "ExecutionDoesNotExist", Message: fmt.Sprintf("Execution Does Not Exist: '%s'", executionArn)}
	}
	if x.broken != nil {
		return nil, x.broken
	}
	return x, nil
}

// StopExecution aborts a running execution; of an ended one it returns when it ended.
func (r *Region) StopExecution(ctx context.Context, in backend.StopExecutionInput) (backend.StopExecutionOutput, error) {
	const op = "StopExecution"
	if err := canceled(ctx, op); err != nil {
		return backend.StopExecutionOutput{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if f := r.fault(stop); f != nil {
		return backend.StopExecutionOutput{}, f.failure()
	}
	x, err := r.find(op, in.ExecutionArn)
	if err != nil {
		return backend.StopExecutionOutput{}, err
	}
	if err := failureFits(op, in.Error, in.Cause); err != nil {
		return backend.StopExecutionOutput{}, err
	}
	r.step(x, interp.Stop{Error: in.Error, Cause: in.Cause})
	r.settle(r.now) // what it waited for is stopped, who waited for it goes on
	return backend.StopExecutionOutput{StopDate: x.engine.Ended()}, nil
}

// StartSyncExecution runs an EXPRESS machine to its end, as long as that takes in the region's time.
func (r *Region) StartSyncExecution(ctx context.Context, in backend.StartExecutionInput) (backend.Execution, error) {
	const op = "StartSyncExecution"
	if err := canceled(ctx, op); err != nil {
		return backend.Execution{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if f := r.fault(start); f != nil {
		return backend.Execution{}, f.failure()
	}
	if m := r.machines[in.StateMachineArn]; m != nil && m.config.Type != backend.Express {
		return backend.Execution{}, &backend.Error{Code: backend.Unsupported, Op: op, AWSCode: "StateMachineTypeNotSupported", Message: "This operation is not supported by this type of state machine"}
	}
	x, err := r.startExecution(op, in)
	if err != nil {
		return backend.Execution{}, err
	}
	for x.status() == backend.Running && x.broken == nil {
		next, ok := r.nextChange(x)
		if !ok {
			break
		}
		r.advance(next)
	}
	if x.broken != nil {
		return backend.Execution{}, x.broken
	}
	return x.describe(), nil
}

// DescribeStateMachine reads a machine.
func (r *Region) DescribeStateMachine(ctx context.Context, stateMachineArn string) (backend.StateMachine, error) {
	const op = "DescribeStateMachine"
	if err := canceled(ctx, op); err != nil {
		return backend.StateMachine{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	m, err := r.known(op, stateMachineArn)
	if err != nil {
		return backend.StateMachine{}, err
	}
	return backend.StateMachine{StateMachineArn: m.arn.String(), Name: m.config.Name, Type: m.config.Type, Status: "ACTIVE", Definition: m.config.Definition, RoleArn: m.config.RoleArn, CreationDate: m.created}, nil
}

// NextChange is before which time nothing happens to an execution by itself; unknown when only the outside world can tell,
// which for an ended or broken execution means never.
func (r *Region) NextChange(ctx context.Context, executionArn string) (time.Time, bool, error) {
	if err := canceled(ctx, "NextChange"); err != nil {
		return time.Time{}, false, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	x := r.executions[executionArn]
	if x == nil {
		return time.Time{}, false, nil
	}
	at, known := r.nextChange(x)
	return at, known, nil
}

// GetExecutionHistory reads a page of events.
func (r *Region) GetExecutionHistory(ctx context.Context, in backend.GetExecutionHistoryInput) (backend.GetExecutionHistoryOutput, error) {
	const op = "GetExecutionHistory"
	if err := canceled(ctx, op); err != nil {
		return backend.GetExecutionHistoryOutput{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	x, err := r.find(op, in.ExecutionArn)
	if err != nil {
		return backend.GetExecutionHistoryOutput{}, err
	}
	size, err := pageSize(op, in.MaxResults)
	if err != nil {
		return backend.GetExecutionHistoryOutput{}, err
	}
	from := 0
	if in.NextToken != "" {
		if from, err = pageStart(pagePrefix, in.NextToken, len(x.events)); err != nil {
			return backend.GetExecutionHistoryOutput{}, invalidToken(op, err)
		}
	}
	to := min(from+size, len(x.events))
	out := backend.GetExecutionHistoryOutput{Events: make([]history.Event, 0, to-from)}
	for i := from; i < to; i++ {
		if in.ReverseOrder {
			out.Events = append(out.Events, x.events[len(x.events)-1-i])
		} else {
			out.Events = append(out.Events, x.events[i])
		}
	}
	if to < len(x.events) {
		out.NextToken = pagePrefix + strconv.Itoa(to)
	}
	return out, nil
}

const pagePrefix = "events-from-"

// pageSize is how much a page holds.
func pageSize(op string, asked int) (int, error) {
	switch {
	case asked == 0:
		return 100, nil
	case asked < 0 || asked > 1000:
		return 0, &backend.Error{Code: backend.Validation, Op: op, AWSCode: "ValidationException", Message: fmt.Sprintf("1 validation error detected: Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000", asked)}
	}
	return asked, nil
}

// pageStart is where a token of this prefix says that a page of n entries starts.
func pageStart(prefix, token string, n int) (int, error) {
	number, ok := strings.CutPrefix(token, prefix)
	from, err := strconv.Atoi(number)
	if !ok || err != nil || from < 0 || from > n {
		return 0, fmt.Errorf("%q is no token that begins with %q", token, prefix)
	}
	return from, nil
}

func invalidToken(op string, err error) error {
	return &backend.Error{Code: backend.Validation, Op: op, AWSCode: "InvalidToken", Message: "Invalid Token: 'Invalid token'", Err: err}
}
