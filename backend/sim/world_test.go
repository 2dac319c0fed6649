package sim_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/backendtest"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/value"
)

func TestBackend(t *testing.T) {
	backendtest.Run(t, func(t *testing.T) backendtest.Fixture {
		r := sim.New(sim.Config{})
		arns := map[string]string{}
		for _, m := range backendtest.Machines() {
			arns[m.Name] = create(t, r, m.Name, m.Type, m.Definition)
		}
		return backendtest.Fixture{
			Backend: r,
			Arn:     func(name string) string { return arns[name] },
			Advance: func(d time.Duration) { r.Advance(r.Now().Add(d)) },
		}
	})
}

// create adds a state machine and gives its ARN.
func create(t testing.TB, r *sim.Region, name string, typ backend.Type, definition string) string {
	t.Helper()
	m, found := asl.Parse([]byte(definition), asl.Options{Type: string(typ)})
	if found.HasErrors() {
		t.Fatalf("%s: %v", name, found)
	}
	arn, err := r.CreateStateMachine(sim.StateMachine{Name: name, Type: typ, Definition: definition, Machine: m})
	if err != nil {
		t.Fatal(err)
	}
	return arn
}

// start starts an execution and gives its ARN.
func start(t testing.TB, r *sim.Region, machine, name, input string) string {
	t.Helper()
	out, err := r.StartExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: machine, Name: name, Input: &input})
	if err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	return out.ExecutionArn
}

func describe(t testing.TB, r *sim.Region, arn string) backend.Execution {
	t.Helper()
	x, err := r.DescribeExecution(t.Context(), arn)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// historyText is the history of an execution, an event in a line.
func historyText(t testing.TB, r *sim.Region, arn string) string {
	t.Helper()
	var b strings.Builder
	in := backend.GetExecutionHistoryInput{ExecutionArn: arn, MaxResults: 1000}
	for {
		page, err := r.GetExecutionHistory(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			b.WriteString(line(t, e))
		}
		if in.NextToken = page.NextToken; in.NextToken == "" {
			return b.String()
		}
	}
}

func line(t testing.TB, e history.Event) string {
	t.Helper()
	text, err := e.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n"
}

// tasks answers every task by a function.
type tasks func(sim.Call) (sim.Answer, error)

func (f tasks) Answer(c sim.Call) (sim.Answer, error) { return f(c) }

func text(s string) value.Value { return value.String(s) }

func ptr[T any](v T) *T { return &v }

const (
	waitTenMinutes = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":600,"End":true}}}`
	oneTask        = `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","TimeoutSeconds":60,"End":true}}}`
	passInput      = `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`
)

// untilDone lets time pass from change to change, until nothing is to be expected of an execution.
func untilDone(t testing.TB, r *sim.Region, arn string) {
	t.Helper()
	for {
		at, known, err := r.NextChange(t.Context(), arn)
		if err != nil {
			t.Fatal(err)
		}
		if !known {
			return
		}
		r.Advance(at)
	}
}

// resultOf is the output of an execution, or its error and cause.
func resultOf(x backend.Execution) string {
	or := func(s *string) string {
		if s == nil {
			return "-"
		}
		return *s
	}
	if x.Output != nil {
		return *x.Output
	}
	return or(x.Error) + " " + or(x.Cause)
}

func wantCode(t testing.TB, what string, err error, want backend.Code) {
	t.Helper()
	if got := backend.CodeOf(err); got != want {
		t.Errorf("%s gave %v, want the code %q", what, err, want)
	}
}

var errNobody = errors.New("nobody is here")
