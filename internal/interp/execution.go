package interp

import (
	"fmt"
	"time"

	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/expr"
	"github.com/sfnx/sfnx/internal/value"
)

// Limits are AWS's quotas. The zero Limits are AWS's own numbers.
type Limits struct {
	Events       int           // history events; 0: 25,000, negative: no limit
	PayloadBytes int           // input, result and output of a state; 0: 262,144, negative: no limit
	Duration     time.Duration // of the whole execution; 0: one year, negative: no limit
	Variables    int           // bytes of all workflow variables together; 0: 10,485,760, negative: no limit
	Visits       int           // states that one thread may visit without time moving on (a loop that can never end), and 20 times as many events of all threads; 0: 100,000, negative: no limit
}

// AWS's numbers (reference: service quotas).
const (
	maxEvents       = 25_000
	maxPayloadBytes = 262_144
	maxVariables    = 10 << 20
	maxDuration     = 365 * 24 * time.Hour
	maxVisits       = 100_000
	eventsPerVisit  = 20
)

func (l Limits) withDefaults() Limits {
	if l.Events == 0 {
		l.Events = maxEvents
	}
	if l.PayloadBytes == 0 {
		l.PayloadBytes = maxPayloadBytes
	}
	if l.Variables == 0 {
		l.Variables = maxVariables
	}
	if l.Duration == 0 {
		l.Duration = maxDuration
	}
	if l.Visits == 0 {
		l.Visits = maxVisits
	}
	return l
}

// Config is what an execution is started with.
type Config struct {
	ExecutionArn     string
	Name             string
	StateMachineArn  string
	StateMachineName string
	RoleArn          string
	Region           string
	InputText        string      // of ExecutionStarted, verbatim
	Input            value.Value // the same, parsed
	Seed             uint64      // jitter, UUIDs, random numbers
	Limits           Limits
	AsOf             time.Time // whose behaviour of the service to follow; zero: the newest that is known
	// AliasArn and VersionArn are set when the execution was started through them.
	AliasArn   string
	VersionArn string

	Test    Test              // of a program that visits one state
	Observe func(Observation) // is told of the steps of the data flow; nil: nobody
}

// Status is how an execution stands.
type Status uint8

// The statuses of an execution.
const (
	Running Status = iota
	Succeeded
	Failed
	TimedOut
	Aborted
)

// result is how an execution stands: output of a succeeded one, error and cause of another ended one.
type result struct {
	status Status
	output value.Value
	failure
}

// Execution is one run of a Program. It is driven by Step and used by one caller at a time.
type Execution struct {
	program *Program
	config  Config
	random  random

	result result
	start  time.Time
	stop   time.Time
	halted error

	now      time.Time
	lastID   int64
	lastTask TaskID
	lastTime TimerID
	root     *thread
	queue    []*thread // whose turn comes
	spare    []*thread // room for the next queue, while the threads of this one have their turns
	timers   map[TimerID]*timer
	tasks    map[TaskID]*thread
	runs     map[RunID]*thread
	lastRun  RunID
	deadline TimerID
	stored   int       // bytes of all workflow variables
	moved    time.Time // when time last moved
	recorded int       // events since then

	events   []history.Event
	commands []Command
	env      expr.Env
	view     view
	fixed    value.Value // the parts of the context object that never change
}

// timer is a pending SetTimer.
type timer struct {
	thread *thread // nil for the deadline of the execution
	kind   timerKind
}

type timerKind uint8

const (
	waitTimer timerKind = iota
	retryTimer
	taskTimer
	heartbeatTimer
	executionTimer
)

// New makes an execution that waits for Start.
func New(p *Program, c Config) *Execution {
	c.Limits = c.Limits.withDefaults()
	x := &Execution{program: p, config: c, random: random(c.Seed), timers: map[TimerID]*timer{}, tasks: map[TaskID]*thread{}, runs: map[RunID]*thread{}}
	x.view.x = x
	x.env = expr.Env{Random: &x.random, Context: &x.view, States: &x.view}
	return x
}

// Status is how the execution stands.
func (x *Execution) Status() Status { return x.result.status }

// Ended is the time of the last event of an ended execution.
func (x *Execution) Ended() time.Time { return x.stop }

// Result is the output of a succeeded execution, or error and cause of another ended one; nil members are absent.
func (x *Execution) Result() (output value.Value, err, cause *string) {
	return x.result.output, x.result.name, x.result.cause
}

// Halted is non-nil when the execution was given up: it can never end, and no real service would have let it go on.
// It stays RUNNING and takes no more inputs.
func (x *Execution) Halted() error { return x.halted }

// end closes the execution, once; what is still open is cancelled.
func (x *Execution) end(r result, previous int64, typ history.Type, details history.Details) {
	if x.going() {
		x.record(previous, typ, details)
		x.close(r)
	}
}

func (x *Execution) close(r result) {
	x.result, x.stop = r, x.now
	x.queue = nil
	x.cancelTimer(x.deadline)
	if x.root != nil {
		x.release(x.root)
	}
}

// give up on an execution that cannot end.
func (x *Execution) halt(format string, args ...any) {
	x.halted = fmt.Errorf(format, args...)
	x.queue = nil
	x.release(x.root)
	x.cancelTimer(x.deadline)
}

// going reports whether anything can still happen. What an execution would do after its end is dropped at five gates:
// record, enqueue, setTimer, schedule and end.
func (x *Execution) going() bool { return x.result.status == Running && x.halted == nil }

// setTimer asks for a timer; 0 is none.
func (x *Execution) setTimer(t *thread, kind timerKind, at time.Time) TimerID {
	if !x.going() {
		return 0
	}
	x.lastTime++
	id := x.lastTime
	x.timers[id] = &timer{t, kind}
	x.commands = append(x.commands, SetTimer{id, at})
	return id
}

func (x *Execution) cancelTimer(id TimerID) {
	if _, ok := x.timers[id]; ok {
		delete(x.timers, id)
		x.commands = append(x.commands, CancelTimer{id})
	}
}
