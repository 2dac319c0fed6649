package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/value"
)

// Where the recordings were made, after the recorder had replaced the account.
const (
	account = "111111111111"
	region  = "us-east-1"
)

// Result is what the simulator made of a case.
type Result struct {
	// Document is in the form that Compare takes.
	Document value.Value
	// Unsupported is what the definition needs and sfnx cannot do yet, in the words of the diagnostics.
	Unsupported []string
}

// Runs reports whether Run knows cases of a kind.
func Runs(k Kind) bool { return k == Execution || k == SyncExecution || k == Validate }

// Run plays a case on a simulated region. Whatever goes wrong is a result too: a definition that is refused has the status
// REFUSED, a panic CRASHED, an execution that the region gave up HALTED; the cause says why.
func Run(c *Case) (result Result) {
	defer func() {
		if p := recover(); p != nil {
			result = Result{Document: run{Status: "CRASHED", Cause: ptr(fmt.Sprint(p))}.document()}
		}
	}()
	if c.Kind == Validate {
		return validate(c)
	}
	typ := backend.Type(member(c.Document, "workflow_type").Str())
	definition := member(c.Document, "definition").Str()
	machine, found := asl.Parse([]byte(definition), asl.Options{Type: string(typ)})
	if found.HasErrors() {
		return Result{Document: run{Status: "REFUSED", Cause: ptr(found.Error())}.document(), Unsupported: unsupported(found)}
	}
	r, err := execute(c, sim.StateMachine{Name: "conformance", Type: typ, Definition: definition, Machine: machine})
	if err != nil {
		r.Status, r.Cause = "HALTED", ptr(err.Error())
	}
	return Result{Document: r.document()}
}

// unsupported are the findings that only say that sfnx is not complete.
func unsupported(found asl.Diagnostics) []string {
	var out []string
	for _, d := range found {
		if d.Code == asl.Unsupported && !slices.Contains(out, d.Message) {
			out = append(out, d.Message)
		}
	}
	return out
}

// run is the result of an execution. Absent members are nil.
type run struct {
	Status  string            `json:"status"`
	Output  *string           `json:"output,omitempty"`
	Error   *string           `json:"error,omitempty"`
	Cause   *string           `json:"cause,omitempty"`
	History []json.RawMessage `json:"history,omitempty"`
}

func (r run) document() value.Value {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(r); err != nil {
		panic(err)
	}
	v, err := value.Parse(b.String())
	if err != nil {
		panic(err)
	}
	return v
}

// record adds an event to the history.
func (r *run) record(e history.Event) error {
	text, err := e.MarshalJSON()
	if err != nil {
		return err
	}
	r.History = append(r.History, text)
	return nil
}

// execute runs a machine as the case asks.
func execute(c *Case, m sim.StateMachine) (run, error) {
	tasks, err := readMocks(member(c.Document, "mocks"))
	if err != nil {
		return run{}, err
	}
	var observed run
	var first string // the execution itself; children follow
	objects := objectsOf(c)
	config := sim.Config{Account: account, Region: region, Tasks: tasks, Store: objects, Sink: objects, AsOf: recorded(c), Observe: func(arn string, e history.Event) {
		if first == "" {
			first = arn
		}
		if arn != first {
			return
		}
		if err := observed.record(e); err != nil {
			panic(err)
		}
		observed.end(e)
	}}
	if at := c.text("clock"); at != nil {
		if config.Start, err = time.Parse(time.RFC3339, *at); err != nil {
			return run{}, fmt.Errorf("clock: %w", err)
		}
	}
	world := sim.New(config)
	machineArn, err := world.CreateStateMachine(m)
	if err != nil {
		return run{}, err
	}
	in := backend.StartExecutionInput{StateMachineArn: machineArn, Name: "recorded", Input: c.text("input")}
	if name := c.text("execution_name"); name != nil {
		in.Name = *name
	}

	ctx := context.Background()
	if c.Kind == SyncExecution {
		x, err := world.StartSyncExecution(ctx, in)
		return described(x), err
	}
	started, err := world.StartExecution(ctx, in)
	if err != nil {
		return run{}, err
	}
	if err := act(ctx, world, c, started.ExecutionArn); err != nil {
		return run{}, err
	}
	for observed.Status == "" {
		at, known, err := world.NextChange(ctx, started.ExecutionArn)
		if err != nil {
			return run{}, err
		}
		if !known {
			break
		}
		world.Clock().Sleep(world.Clock().Until(at))
	}
	if m.Type == backend.Express {
		// An asynchronous EXPRESS execution can be seen by its events only.
		if observed.Status == "" {
			return observed, errors.New("the execution does not end")
		}
		return observed, nil
	}
	x, err := world.DescribeExecution(ctx, started.ExecutionArn)
	out := described(x)
	if err != nil {
		return observed, err
	}
	return out, readHistory(ctx, world, started.ExecutionArn, &out)
}

// recorded is when a case was recorded; zero if it does not say.
func recorded(c *Case) time.Time {
	at, _ := time.Parse("02-01-2006, 15:04:05", member(member(c.Document, "source"), "recorded").Str())
	return at
}

// act makes the calls that the recorded test made while the execution ran.
func act(ctx context.Context, world *sim.Region, c *Case, arn string) error {
	for _, a := range member(c.Document, "actions").Items() {
		if op := member(a, "op").Str(); op != "StopExecution" {
			return fmt.Errorf("the action %q is not known", op)
		}
		request := member(a, "request")
		if _, err := world.StopExecution(ctx, backend.StopExecutionInput{ExecutionArn: arn, Error: text(request, "error"), Cause: text(request, "cause")}); err != nil {
			return err
		}
	}
	return nil
}

func described(x backend.Execution) run {
	return run{Status: string(x.Status), Output: x.Output, Error: x.Error, Cause: x.Cause}
}

// end takes status and result from an event that ends the execution.
func (r *run) end(e history.Event) {
	status, ends := map[history.Type]backend.Status{
		history.ExecutionSucceeded: backend.Succeeded, history.ExecutionFailed: backend.Failed,
		history.ExecutionTimedOut: backend.TimedOut, history.ExecutionAborted: backend.Aborted,
	}[e.Type]
	if !ends {
		return
	}
	r.Status = string(status)
	switch d := e.Details.(type) {
	case *history.Succeeded:
		r.Output = ptr(d.Output.String())
	case *history.Failure:
		r.Error, r.Cause = d.Error, d.Cause
	}
}

func readHistory(ctx context.Context, world *sim.Region, arn string, out *run) error {
	in := backend.GetExecutionHistoryInput{ExecutionArn: arn, MaxResults: 1000}
	for {
		page, err := world.GetExecutionHistory(ctx, in)
		if err != nil {
			return err
		}
		for _, e := range page.Events {
			if err := out.record(e); err != nil {
				return err
			}
		}
		if in.NextToken = page.NextToken; in.NextToken == "" {
			return nil
		}
	}
}

func ptr(s string) *string { return &s }
