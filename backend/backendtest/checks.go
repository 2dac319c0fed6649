package backendtest

import (
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
)

func ptr[T any](v T) *T { return &v }

// capability skips the test when the backend lacks the capability.
func capability[C any](t *testing.T, f Fixture) C {
	t.Helper()
	c, ok := f.Backend.(C)
	if !ok {
		t.Skipf("%T is no %T", f.Backend, &c)
	}
	return c
}

func start(t *testing.T, f Fixture, machine, name, input string) backend.StartExecutionOutput {
	t.Helper()
	out, err := f.Backend.StartExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: f.Arn(machine), Name: name, Input: &input})
	if err != nil {
		t.Fatalf("StartExecution of %s as %q: %v", machine, name, err)
	}
	if out.ExecutionArn == "" || out.StartDate.IsZero() {
		t.Fatalf("StartExecution of %s answered %+v, want an ARN and a date", machine, out)
	}
	return out
}

func describe(t *testing.T, f Fixture, arn string) backend.Execution {
	t.Helper()
	e, err := f.Backend.DescribeExecution(t.Context(), arn)
	if err != nil {
		t.Fatalf("DescribeExecution of %s: %v", arn, err)
	}
	return e
}

// settle describes an execution that is about to end, giving it a little of its own time.
func settle(t *testing.T, f Fixture, arn string) backend.Execution {
	t.Helper()
	e := describe(t, f, arn)
	for i := 0; i < 10 && !e.Status.Terminal(); i++ {
		f.Advance(time.Second)
		e = describe(t, f, arn)
	}
	return e
}

func wantStatus(t *testing.T, e backend.Execution, want backend.Status) {
	t.Helper()
	if e.Status != want {
		t.Fatalf("%s is %s, want %s", e.ExecutionArn, e.Status, want)
	}
}

func wantText(t *testing.T, what string, got *string, want string) {
	t.Helper()
	switch {
	case got == nil:
		t.Errorf("%s is absent, want %q", what, want)
	case *got != want:
		t.Errorf("%s is %q, want %q", what, *got, want)
	}
}

func wantAbsent(t *testing.T, what string, got *string) {
	t.Helper()
	if got != nil {
		t.Errorf("%s is %q, want it absent", what, *got)
	}
}

func wantIncluded(t *testing.T, what string, got *bool) {
	t.Helper()
	if got == nil || !*got {
		t.Errorf("%s.included is not true", what)
	}
}

func wantStartError(t *testing.T, f Fixture, want backend.Code, in backend.StartExecutionInput) {
	t.Helper()
	out, err := f.Backend.StartExecution(t.Context(), in)
	if got := backend.CodeOf(err); got != want {
		t.Errorf("StartExecution of %s as %q gave %+v and %v, want the code %s", in.StateMachineArn, in.Name, out, err, want)
	}
}
