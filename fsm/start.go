package fsm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sfnx/sfnx/backend"
)

// start starts exactly one execution. Name and input never change from here on, so a start that is repeated (by the
// backend, by this run, or by the next one with the same name and attempt) finds the first one instead of making another.
func (x *run) start(ctx context.Context) event {
	if x.req.RedriveArn != "" {
		return x.redriveNamed(ctx)
	}
	if e := x.freeze(ctx); e != "" {
		return e
	}
	if e := x.retry(ctx); e != "" {
		return e
	}
	if e := x.mustBeNew(ctx); e != "" {
		return e
	}
	in := backend.StartExecutionInput{StateMachineArn: x.req.machineArn(), Name: x.out.Name, Input: x.req.Input}
	if x.req.WaitForSuccessOrFailure {
		kind, err := x.machineType(ctx)
		if err != nil {
			return x.fail(ctx, err)
		}
		if kind == backend.Express {
			return x.startSync(ctx, in)
		}
	}
	out, err := insist(ctx, x, "StartExecution", func(err error) bool { return x.mayStartAgain(ctx, err) },
		func() (backend.StartExecutionOutput, error) { return x.backend.StartExecution(ctx, in) })
	if backend.CodeOf(err) == backend.ExecutionAlreadyExists {
		return x.adopt(ctx, err)
	}
	if err != nil {
		return x.failStart(ctx, err)
	}
	arn, err := backend.ParseARN(out.ExecutionArn)
	if err != nil {
		return x.failStart(ctx, &backend.Error{Code: backend.Unexpected, Op: "StartExecution", Message: "the answer names no execution: " + err.Error(), Ambiguous: true})
	}
	x.confirmed, x.out.Ambiguous = x.Clock.Now(), false
	x.out.Execution = &backend.Execution{ExecutionArn: out.ExecutionArn, StateMachineArn: arn.StateMachine().String(),
		Name: x.out.Name, Status: backend.Running, StartDate: out.StartDate}
	x.tell(RunStarted{ExecutionArn: out.ExecutionArn, Name: x.out.Name, Status: backend.Running, StartDate: out.StartDate})
	switch {
	case !x.req.WaitForSuccessOrFailure:
		return notWaitedFor
	case arn.Kind == "express":
		return x.fail(ctx, x.expressNotWaitedFor())
	}
	return started
}

// freeze keeps what the next run of this attempt must know, before anything is sent that starts an execution.
func (x *run) freeze(ctx context.Context) event {
	if x.Freeze == nil {
		return ""
	}
	err := x.Freeze(x.out.Name)
	var wrong FieldError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &wrong):
		x.out.FieldErrors = []FieldError{wrong}
		return invalid
	}
	return x.fail(ctx, fmt.Errorf("nothing was started: %w", err))
}

// mustBeNew looks for an execution of this name, if there must not be one: of one that runs, with the same input, the
// service would not tell that it is not new. Where nobody may look, the start tells what it can.
func (x *run) mustBeNew(ctx context.Context) event {
	if x.req.OnExists != FailIfExists {
		return ""
	}
	ex, err := x.lookUp(ctx, x.out.Name, x.glance)
	switch backend.CodeOf(err) {
	case "":
		err = &backend.Error{Code: backend.ExecutionAlreadyExists, Op: "StartExecution",
			Message: fmt.Sprintf("%s exists already, with the same input; give another name or attempt, or adopt it", ex.ExecutionArn)}
	case backend.ExecutionDoesNotExist, backend.Authorization, backend.Unsupported, backend.Validation:
		return ""
	}
	return x.fail(ctx, err)
}

// mayStartAgain reports whether a failed start is worth repeating, and harmless. Where an attempt, this one or one
// before, may have been carried out, name and input make a STANDARD machine find that execution again; any other could
// start a second one.
func (x *run) mayStartAgain(ctx context.Context, err error) bool {
	return x.worthRepeating(err) && (!x.out.Ambiguous || x.isStandard(ctx))
}

// worthRepeating reports whether a call that changes something may do better a little later. A refusal that only says
// "later" always may; a failure of the connection only counts once a call may have been carried out, to find out.
func (x *run) worthRepeating(err error) bool {
	x.out.Ambiguous = x.out.Ambiguous || ambiguous(err)
	switch backend.CodeOf(err) {
	case backend.Throttled, backend.Unavailable, backend.ExecutionLimitExceeded:
		return true
	case backend.Connection, backend.Proxy:
		return x.out.Ambiguous
	case backend.Unexpected:
		return ambiguous(err)
	}
	return false
}

// isStandard reports whether the state machine is known to be STANDARD.
func (x *run) isStandard(ctx context.Context) bool {
	typ, err := x.describedType(ctx)
	return err == nil && typ == backend.Standard
}

// machineType asks for the type of the state machine. Where that is denied or cannot be asked, STANDARD is assumed
// and the ARN of the execution will tell.
func (x *run) machineType(ctx context.Context) (backend.Type, error) {
	typ, err := x.describedType(ctx)
	switch backend.CodeOf(err) {
	case backend.Authorization:
		x.typeDenied = err
		return backend.Standard, nil
	case backend.Unsupported:
		return backend.Standard, nil
	}
	return typ, err
}

// describedType is the type of the state machine as DescribeStateMachine tells it, asked once.
func (x *run) describedType(ctx context.Context) (backend.Type, error) {
	if x.typ != "" {
		return x.typ, nil
	}
	d, ok := x.backend.(backend.MachineDescriber)
	if !ok {
		return "", &backend.Error{Code: backend.Unsupported, Op: "DescribeStateMachine", Message: "this backend cannot describe a state machine"}
	}
	again := func(err error) bool {
		lost := x.out.Ambiguous && (backend.CodeOf(err) == backend.Connection || backend.CodeOf(err) == backend.Proxy)
		return overloaded(err) || lost
	}
	m, err := insist(ctx, x, "DescribeStateMachine", again, func() (backend.StateMachine, error) { return d.DescribeStateMachine(ctx, x.req.machineArn()) })
	if err == nil {
		x.typ = m.Type
	}
	return m.Type, err
}

// expressNotWaitedFor is why an EXPRESS execution that runs already cannot be waited for.
func (x *run) expressNotWaitedFor() error {
	if x.typeDenied != nil {
		return &backend.Error{Code: backend.Authorization, Op: "DescribeStateMachine", Err: x.typeDenied,
			Message: "the state machine is EXPRESS and was started, but to wait for it needs the permissions states:DescribeStateMachine and states:StartSyncExecution"}
	}
	return &backend.Error{Code: backend.Unsupported, Op: "DescribeExecution",
		Message: "the state machine is EXPRESS and was started, but this backend cannot wait for such an execution; run it without waiting"}
}

// startSync runs an EXPRESS machine in one call, which also is the wait. Nothing makes a second such call harmless.
func (x *run) startSync(ctx context.Context, in backend.StartExecutionInput) event {
	s, ok := x.backend.(backend.SyncStarter)
	if !ok {
		return x.fail(ctx, &backend.Error{Code: backend.Unsupported, Op: "StartSyncExecution",
			Message: "the state machine is EXPRESS, and this backend cannot wait for such an execution; run it without waiting"})
	}
	x.sync = true
	timedOut := false
	refused := func(err error) bool {
		return !ambiguous(err) && !timedOut && (overloaded(err) || backend.CodeOf(err) == backend.ExecutionLimitExceeded)
	}
	ex, err := insist(ctx, x, "StartSyncExecution", refused, func() (backend.Execution, error) {
		limited, cancel := x.limit(ctx, x.req.WaitTimeout)
		defer cancel()
		ex, err := s.StartSyncExecution(limited, in)
		timedOut = limited.Err() != nil
		return ex, err
	})
	if err == nil {
		x.out.Execution = &ex
		x.known = &ex
		x.tell(RunStarted{ExecutionArn: ex.ExecutionArn, Name: ex.Name, Status: ex.Status, StartDate: ex.StartDate})
		return started
	}
	x.out.Ambiguous = mayHaveStarted(err)
	switch {
	case ctx.Err() == nil && timedOut:
		return x.endWait(ctx)
	case ctx.Err() == nil && ambiguous(err):
		x.out.Err = fmt.Errorf("an EXPRESS execution may have been started, and to repeat the call may start another: %w", err)
		return disconnected
	}
	return x.fail(ctx, err)
}

// failStart folds a failed start.
func (x *run) failStart(ctx context.Context, err error) event {
	return x.failLost(ctx, err, "an execution may have been started")
}

// failLost folds a failed call that changes something. One that may have been carried out all the same says so, and is
// a failure of the connection even if the answer made no sense: to repeat it with the same name finds out.
func (x *run) failLost(ctx context.Context, err error, what string) event {
	lost := x.out.Ambiguous || ambiguous(err)
	x.out.Ambiguous = lost || mayHaveStarted(err)
	e := x.fail(ctx, err)
	if ctx.Err() == nil && lost {
		x.out.Err = fmt.Errorf("%s: %w", what, err)
		if e == unexpected && ambiguous(err) {
			return disconnected
		}
	}
	return e
}

// limit bounds a call by a real timer. It guards real I/O beside the clock that paces the run; a simulated call has
// none, so that its outcome is the same on every machine. 0 is no limit.
func (x *run) limit(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if d <= 0 || x.req.Simulated {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, d)
}

// adopt takes an execution that exists already for the one that this job wanted, if it is: our own from an earlier
// attempt of the call, or that of an earlier run of the same job.
func (x *run) adopt(ctx context.Context, exists error) event {
	ours := x.out.Ambiguous
	if x.req.OnExists == FailIfExists && !ours {
		return x.fail(ctx, exists)
	}
	x.confirmed = x.Clock.Now()
	ex, err := x.find(ctx)
	if err != nil {
		x.out.Ambiguous = ours && backend.CodeOf(err) != backend.ExecutionAlreadyExists
		return x.fail(ctx, err)
	}
	return x.take(ex)
}

// take makes an execution that exists the one of this run.
func (x *run) take(ex backend.Execution) event {
	x.confirmed = x.Clock.Now()
	x.out.Name, x.out.Execution, x.known = ex.Name, &ex, &ex
	x.out.Adopted, x.out.Ambiguous = true, false
	x.tell(RunAdopted{ExecutionArn: ex.ExecutionArn, Name: ex.Name, Status: ex.Status, StartDate: ex.StartDate})
	if !x.req.WaitForSuccessOrFailure {
		return notWaitedFor
	}
	return adopted
}

// find looks up the execution of our name.
func (x *run) find(ctx context.Context) (backend.Execution, error) {
	return x.lookUp(ctx, x.out.Name, x.describe)
}

// lookUp looks an execution up and makes sure that it is one that this job wants: same machine, same name, same input.
// Its ARN is built from the parts of the machine's ARN, never from its text, since the ARN of a version or alias has one
// part more.
func (x *run) lookUp(ctx context.Context, name string, describe func(context.Context, string) (backend.Execution, error)) (backend.Execution, error) {
	machine, err := backend.ParseARN(x.req.machineArn())
	if err != nil {
		return backend.Execution{}, &backend.Error{Code: backend.Validation, Op: "DescribeExecution", Message: err.Error()}
	}
	arn := machine.Execution(name).String()
	ex, err := describe(ctx, arn)
	if err != nil {
		return ex, err
	}
	theirs, err := backend.ParseARN(ex.StateMachineArn)
	problem := ""
	switch {
	case err != nil || theirs.StateMachine() != machine.StateMachine():
		problem = "belongs to the state machine " + ex.StateMachineArn
	case ex.Name != name:
		problem = fmt.Sprintf("has the name %q", ex.Name)
	case x.req.RedriveArn == "" && !sameInput(ex, x.req.Input):
		problem = "has another input"
	default:
		return ex, nil
	}
	return ex, &backend.Error{Code: backend.ExecutionAlreadyExists, Op: "StartExecution",
		Message: fmt.Sprintf("%s exists already and %s; give another name or attempt", arn, problem)}
}

// mayHaveStarted reports whether a failed start may have been carried out all the same. A call that was cancelled
// or that panicked may have been on its way.
func mayHaveStarted(err error) bool {
	var e *backend.Error
	return ambiguous(err) || !errors.As(err, &e) || e.Code == backend.Canceled
}

// ambiguous reports whether the backend says so.
func ambiguous(err error) bool {
	var e *backend.Error
	return errors.As(err, &e) && e.Ambiguous
}
