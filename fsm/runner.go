package fsm

import (
	"context"
	"fmt"
	"time"

	"github.com/benbjohnson/clock"
	looplab "github.com/looplab/fsm"

	"github.com/sfnx/sfnx/backend"
)

// Runner runs jobs. Open, Clock and NewID are required.
type Runner struct {
	// Open gives the backend of a request, after the request was found valid. It is part of the stage authenticate.
	Open func(context.Context, Request) (backend.Backend, error)

	// Clock paces the run, through Now and After alone. After is called only in order to really pause, so the
	// simulator's clock may advance its world inside of it.
	Clock clock.Clock

	// NewID gives the variable part of a generated execution name, a UUID.
	NewID func() string

	// ReadFile reads the proxy's CA bundle; needed by requests that name one.
	ReadFile func(string) ([]byte, error)

	// Freeze keeps the whole name of the execution, with the request's machine and input, where the next run of the
	// same attempt finds them. It is called before anything is started; nil keeps nothing. A FieldError says that the
	// request is to blame.
	Freeze func(name string) error

	// Jitter gives numbers in [0, 1) that spread the first poll over an interval, and slowed polls; nil spreads nothing.
	Jitter func() float64

	// Observe is told each event, on the goroutine of Run; nil tells nobody.
	Observe func(Event)
}

// Interrupted is the cause with which the context of a run is cancelled when a signal comes.
type Interrupted struct{ Signal string } // SIGINT or SIGTERM

// Error names the signal.
func (i Interrupted) Error() string { return "interrupted by " + i.Signal }

// Ending is that of a run that the signal ends.
func (i Interrupted) Ending() State {
	if i.Signal == "SIGTERM" {
		return TerminatedBySignal
	}
	return InterruptedBySignal
}

// run is one job on its way through the life cycle.
type run struct {
	Runner
	req     Request
	out     Outcome
	machine *looplab.FSM
	backend backend.Backend
	pace    pace
	seq     int

	known      *backend.Execution // an answer that the next poll need not ask for
	sync       bool               // the execution comes whole from StartSyncExecution
	confirmed  time.Time          // when the execution was first known to exist
	deadline   time.Time          // of the wait; zero without a limit
	incomplete time.Time          // since when the status is terminal and something is missing
	redriven   *redrive           // nil unless a redrive was accepted
	typ        backend.Type       // of the machine, once it is known
	typeDenied error              // why the type of the machine is not known
}

// Run takes one job to its ending. It returns within moments when ctx is cancelled, which a signal does with the
// cause Interrupted.
func (r Runner) Run(ctx context.Context, req Request) Outcome {
	if r.Observe == nil {
		r.Observe = func(Event) {}
	}
	if req.Input != nil {
		frozen := *req.Input
		req.Input = &frozen
	}
	x := &run{Runner: r, req: req, machine: machine(), pace: pace{interval: req.pollingInterval(), jitter: r.Jitter}}
	if r.Jitter == nil {
		x.pace.jitter = func() float64 { return 0.5 }
	}
	x.out = Outcome{Request: req, Began: r.Clock.Now()}
	for stage := Validate; !stage.Final(); stage = State(x.machine.Current()) {
		x.move(ctx, stage, x.step(ctx, stage))
	}
	x.close(ctx)
	return x.out
}

// step does what a stage is for and folds what came of it. An answer that is at hand counts before an interrupt.
func (x *run) step(ctx context.Context, stage State) event {
	if ctx.Err() != nil && x.known == nil && !x.ended() {
		return x.interrupt(ctx)
	}
	switch stage {
	case Validate:
		return x.validate()
	case Authenticate:
		return x.authenticate(ctx)
	case Start:
		return x.start(ctx)
	}
	return x.poll(ctx)
}

// move fires an event and records where it led.
func (x *run) move(ctx context.Context, from State, e event) {
	if err := fire(ctx, x.machine, e); err != nil {
		x.out.Err = fmt.Errorf("life cycle: %w", err)
		x.machine.SetState(string(UnexpectedError))
	}
	if to := State(x.machine.Current()); to != from {
		x.out.Transitions = append(x.out.Transitions, Transition{From: from, To: to, Event: string(e), At: x.Clock.Now()})
	}
}

func (x *run) validate() event {
	if x.out.FieldErrors = x.req.Validate(x.ReadFile); len(x.out.FieldErrors) > 0 {
		return invalid
	}
	x.out.Name = x.req.executionName(x.NewID)
	x.tell(RunNamed{x.out.Name})
	return valid
}

func (x *run) authenticate(ctx context.Context) event {
	b, err := call("Open", func() (backend.Backend, error) { return x.Open(ctx, x.req) })
	if err != nil {
		return x.fail(ctx, err)
	}
	id, err := insist(ctx, x, "Authenticate", overloaded, func() (backend.Identity, error) { return b.Authenticate(ctx) })
	if err != nil {
		return x.fail(ctx, err)
	}
	x.backend, x.out.Identity = b, id
	x.tell(RunAuthenticated{id})
	return authenticated
}

// fail folds a failed call. A failure that comes of the interrupt is the interrupt.
func (x *run) fail(ctx context.Context, err error) event {
	if ctx.Err() != nil {
		return x.interrupt(ctx)
	}
	x.out.Err = err
	return foldCode(backend.CodeOf(err))
}

// close looks at what is left once the ending is known.
func (x *run) close(ctx context.Context) {
	last := x.out.Transitions[len(x.out.Transitions)-1]
	x.out.Ending, x.out.Stage = last.To, last.From
	switch {
	case x.out.Ending == Failed || x.out.Ending == Aborted || x.out.Ending == TimedOut:
		x.blame(ctx)
	case x.out.Ending == Started || x.out.Left != LeftNothing:
	case x.out.Execution != nil && !x.out.Execution.Status.Terminal():
		x.out.Left = LeftRunning
	case x.out.Execution == nil && x.out.Ambiguous:
		x.out.Left = LeftUnknown
	}
	x.out.Ended = x.Clock.Now()
	x.tell(RunEnded{x.out})
}

// tell reports what happened.
func (x *run) tell(n News) {
	x.seq++
	x.Observe(Event{Seq: x.seq, Time: x.Clock.Now(), News: n})
}

// wait pauses for d, or until the run is cancelled.
func (x *run) wait(ctx context.Context, d time.Duration) {
	if d <= 0 || ctx.Err() != nil {
		return
	}
	select {
	case <-ctx.Done():
	case <-x.Clock.After(d):
	}
}
