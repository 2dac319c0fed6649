package fsm

import (
	"context"
	"errors"
	"slices"

	looplab "github.com/looplab/fsm"
)

// State is a state of the life cycle: one of four stages, or an ending.
type State string

// The stages.
const (
	Validate     State = "validate"     // local checks only
	Authenticate State = "authenticate" // credentials resolved, roles assumed, identity asked for
	Start        State = "start"        // one execution, exactly once
	Poll         State = "poll"         // ask until the status is terminal
)

// The endings. Every run ends in exactly one of them, and package output gives each exactly one exit code.
const (
	Succeeded           State = "SUCCEEDED"
	Started             State = "STARTED" // not waited for
	Failed              State = "FAILED"
	Aborted             State = "ABORTED"
	TimedOut            State = "TIMED_OUT"
	UnexpectedError     State = "UNEXPECTED_ERROR"
	AuthenticationError State = "AUTHENTICATION_ERROR"
	AuthorizationError  State = "AUTHORIZATION_ERROR"
	ConnectionError     State = "CONNECTION_ERROR"
	ProxyError          State = "PROXY_ERROR"
	DataValidationError State = "DATA_VALIDATION_ERROR"
	WaitTimeout         State = "WAIT_TIMEOUT" // the limit of the wait passed before the execution ended
	InterruptedBySignal State = "INTERRUPTED"  // SIGINT
	TerminatedBySignal  State = "TERMINATED"   // SIGTERM
)

// Endings is every ending, in the order above.
func Endings() []State {
	return []State{Succeeded, Started, Failed, Aborted, TimedOut, UnexpectedError, AuthenticationError, AuthorizationError,
		ConnectionError, ProxyError, DataValidationError, WaitTimeout, InterruptedBySignal, TerminatedBySignal}
}

// Final reports whether a state is an ending.
func (s State) Final() bool { return slices.Contains(Endings(), s) }

// event is what moves the life cycle on: the folded form of every answer.
type event string

const (
	valid           event = "valid"
	authenticated   event = "authenticated"
	started         event = "started"
	adopted         event = "adopted"
	redriven        event = "redriven"
	notWaitedFor    event = "not_waited_for"
	running         event = "running"
	succeeded       event = "succeeded"
	failed          event = "failed"
	aborted         event = "aborted"
	timedOut        event = "timed_out"
	waitedEnough    event = "waited_enough"
	invalid         event = "invalid"
	unauthenticated event = "unauthenticated"
	unauthorized    event = "unauthorized"
	disconnected    event = "disconnected"
	proxyFailed     event = "proxy_failed"
	unexpected      event = "unexpected"
	interrupted     event = "interrupted"
	terminated      event = "terminated"
)

// transition is one row of the life cycle.
type transition struct {
	event event
	from  []State
	to    State
}

// lifeCycle is the table that everything about the life cycle comes from: the machine, the diagram, the tests.
var lifeCycle = []transition{
	{valid, []State{Validate}, Authenticate},
	{authenticated, []State{Authenticate}, Start},
	{started, []State{Start}, Poll},
	{adopted, []State{Start}, Poll},
	{redriven, []State{Start}, Poll},
	{notWaitedFor, []State{Start}, Started},
	{running, []State{Poll}, Poll},
	{succeeded, []State{Poll}, Succeeded},
	{failed, []State{Poll}, Failed},
	{aborted, []State{Poll}, Aborted},
	{timedOut, []State{Poll}, TimedOut},
	{waitedEnough, []State{Start, Poll}, WaitTimeout},
	{invalid, []State{Validate, Authenticate, Start, Poll}, DataValidationError},
	{unauthenticated, []State{Authenticate, Start, Poll}, AuthenticationError},
	{unauthorized, []State{Authenticate, Start, Poll}, AuthorizationError},
	{disconnected, []State{Authenticate, Start, Poll}, ConnectionError},
	{proxyFailed, []State{Authenticate, Start, Poll}, ProxyError},
	{unexpected, []State{Validate, Authenticate, Start, Poll}, UnexpectedError},
	{interrupted, []State{Validate, Authenticate, Start, Poll}, InterruptedBySignal},
	{terminated, []State{Validate, Authenticate, Start, Poll}, TerminatedBySignal},
}

// machine is the life cycle of one run, in its first stage.
func machine() *looplab.FSM {
	rows := make([]looplab.EventDesc, len(lifeCycle))
	for i, t := range lifeCycle {
		rows[i] = looplab.EventDesc{Name: string(t.event), Dst: string(t.to)}
		for _, s := range t.from {
			rows[i].Src = append(rows[i].Src, string(s))
		}
	}
	return looplab.NewFSM(string(Validate), rows, nil)
}

// fire moves a machine on. A machine that is fired with a cancelled context is stuck for ever, hence WithoutCancel;
// an event that leads back to the same state is reported as NoTransitionError and is none.
func fire(ctx context.Context, m *looplab.FSM, e event) error {
	err := m.Event(context.WithoutCancel(ctx), string(e))
	if errors.As(err, &looplab.NoTransitionError{}) {
		return nil
	}
	return err
}
