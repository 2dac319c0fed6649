// Package sim is a simulated AWS region: state machines and their executions in a world with one clock, in virtual
// time. It is a backend.Backend, so what drives a real account drives it too:
//
//	r := sim.New(sim.Config{Tasks: mocks, Seed: 1})
//	arn, err := r.CreateStateMachine(sim.StateMachine{Name: "order", Machine: machine, Definition: text})
//	out, err := r.StartExecution(ctx, backend.StartExecutionInput{StateMachineArn: arn, Name: "a-1"})
//	<-r.Clock().After(time.Hour) // an hour passes in the region, at once
//
// The package carries out what internal/interp decides: it keeps timers, hands tasks to a Tasks and records
// events. Time moves only when somebody pauses on its Clock or calls Advance, by jumps from one deadline to the
// next; whatever is due at the present moment has happened before a call returns. Same seed and same calls, same
// bytes. It calls no service and opens no connection.
package sim

import (
	"fmt"
	"hash/fnv"
	"sync"
	"time"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/dataset"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/simtime"
)

// Limits are AWS's quotas; the zero Limits are AWS's own numbers.
type Limits = interp.Limits

// Config is what a region is made of. The zero Config is a usable region that answers no task.
type Config struct {
	Account string    // 12 digits; default 123456789012
	Region  string    // default us-east-1
	Start   time.Time // of the world; default 2000-01-01T00:00:00Z
	Seed    uint64    // of everything that is left to chance
	RoleArn string    // of state machines that name none
	Tasks   Tasks     // answers Task states; nil answers none
	Limits  Limits
	AsOf    time.Time // whose behaviour of the service to follow; zero: the newest that is known
	Faults  []Fault
	Store   dataset.Store // what stands for S3 when a distributed Map reads; nil: nothing
	Sink    dataset.Sink  // what stands for S3 when a distributed Map writes; nil: nothing
	// LogGroups are the ARNs of the log groups that exist, without the ":*" at their end.
	LogGroups []string
	// KeepIterations is how many ended child executions of Map Runs can still be described; 0: 1,000.
	KeepIterations int
	// Observe is told of every event as it is recorded; nil: nobody. It must not call the region.
	Observe func(executionArn string, e history.Event)
}

// Region is a simulated region. Its methods can be called from several goroutines.
type Region struct {
	mu         sync.Mutex
	config     Config
	now        time.Time
	due        simtime.Queue[happening]
	machines   map[string]*machine
	executions map[string]*execution
	activities map[string]*activity
	tokens     map[string]*task // nil for a task that is over
	mapRuns    map[string]*MapRun
	closed     []string // tokens of tasks that are over, oldest first
	iterations []string // ARNs of ended iterations that are kept, oldest first
	starts     starts
	faults     []*plannedFault
}

// StateMachine is a machine to be created.
type StateMachine struct {
	Name       string
	Arn        string       // default: one in the region and its account
	Type       backend.Type // default STANDARD
	Definition string       // text, as DescribeStateMachine gives it back
	Machine    *asl.Machine // the same, parsed
	RoleArn    string
	Logging    LoggingConfiguration
}

type machine struct {
	arn     backend.ARN
	config  StateMachine
	program *interp.Program
	created time.Time
	started []*execution // by StartExecution and the like, in order
	test    StateTest    // zero but for one whose states are visited alone
}

// New makes an empty region.
func New(c Config) *Region {
	if c.Account == "" {
		c.Account = "123456789012"
	}
	if c.Region == "" {
		c.Region = "us-east-1"
	}
	if c.Start.IsZero() {
		c.Start = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if c.RoleArn == "" {
		c.RoleArn = "arn:aws:iam::" + c.Account + ":role/sfnx-simulator"
	}
	if c.KeepIterations == 0 {
		c.KeepIterations = 1000
	}
	if c.Tasks == nil {
		c.Tasks = noTasks{}
	}
	r := &Region{config: c, now: c.Start.UTC(), machines: map[string]*machine{}, executions: map[string]*execution{}, activities: map[string]*activity{}, tokens: map[string]*task{}, mapRuns: map[string]*MapRun{}}
	for _, f := range c.Faults {
		r.faults = append(r.faults, &plannedFault{Fault: f})
	}
	return r
}

// CreateStateMachine adds a machine and returns its ARN.
func (r *Region) CreateStateMachine(m StateMachine) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := backend.ValidateName(m.Name); err != nil {
		return "", &backend.Error{Code: backend.Validation, Op: "CreateStateMachine", AWSCode: "InvalidName", Message: err.Error()}
	}
	if err := r.checkLogging(m.Logging); err != nil {
		return "", err
	}
	if m.Type == "" {
		m.Type = backend.Standard
	}
	if m.RoleArn == "" {
		m.RoleArn = r.config.RoleArn
	}
	arn := backend.ARN{Partition: "aws", Region: r.config.Region, Account: r.config.Account, Kind: "stateMachine", Name: m.Name}
	if m.Arn != "" {
		var err error
		if arn, err = backend.ParseARN(m.Arn); err != nil || arn.Kind != "stateMachine" || arn.Name != m.Name || arn.Qualifier != "" {
			return "", &backend.Error{Code: backend.Validation, Op: "CreateStateMachine", AWSCode: "InvalidArn", Message: fmt.Sprintf("Invalid Arn: '%s' is not that of a state machine %s", m.Arn, m.Name), Err: err}
		}
	}
	if _, exists := r.machines[arn.String()]; exists {
		return "", &backend.Error{Code: backend.Validation, Op: "CreateStateMachine", AWSCode: "StateMachineAlreadyExists", Message: fmt.Sprintf("State Machine Already Exists: '%s'", arn)}
	}
	r.machines[arn.String()] = &machine{arn: arn, config: m, program: interp.Compile(m.Machine), created: r.now}
	return arn.String(), nil
}

// Now is the time in the region.
func (r *Region) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

// Advance lets time pass up to a point; one in the past changes nothing.
func (r *Region) Advance(to time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.advance(to)
}

func (r *Region) advance(to time.Time) {
	r.settle(to)
	if to.After(r.now) {
		r.now = to.UTC()
	}
}

// settle lets everything happen that is due up to a point, instant by instant.
func (r *Region) settle(to time.Time) {
	for {
		at, ok := r.due.Next()
		if !ok || at.After(to) {
			return
		}
		r.now = at // push puts nothing into the past
		r.instant(at)
	}
}

// instant lets happen what is due at one instant. What belongs to the same execution happens together.
func (r *Region) instant(at time.Time) {
	var order []*execution
	for next, ok := r.due.Next(); ok && next.Equal(at); next, ok = r.due.Next() {
		h := r.due.Pop().Value
		if len(h.execution.batch) == 0 {
			order = append(order, h.execution)
		}
		h.execution.batch = append(h.execution.batch, h.input)
	}
	for _, x := range order {
		r.step(x, x.batch...)
		clear(x.batch)
		x.batch = x.batch[:0]
	}
}

// seed of an execution: a function of the region's seed and the execution's ARN, whatever else runs.
func (r *Region) seed(executionArn string) uint64 {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%d %s", r.config.Seed, executionArn)
	return h.Sum64()
}
