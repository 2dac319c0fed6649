package backendtest

import (
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/history"
)

func stop(t *testing.T, f Fixture) {
	s := capability[backend.Stopper](t, f)
	arn := start(t, f, Waits, "stopped", `{}`).ExecutionArn
	f.Advance(time.Second)
	out, err := s.StopExecution(t.Context(), backend.StopExecutionInput{ExecutionArn: arn, Error: ptr("Enough"), Cause: ptr("it was <late>")})
	if err != nil {
		t.Fatalf("StopExecution: %v", err)
	}
	e := describe(t, f, arn)
	wantStatus(t, e, backend.Aborted)
	wantText(t, "error", e.Error, "Enough")
	wantText(t, "cause", e.Cause, "it was <late>")
	wantAbsent(t, "output", e.Output)
	if !e.StopDate.Equal(out.StopDate) || e.StopDate.Before(e.StartDate) {
		t.Errorf("stopDate is %s, StopExecution said %s", e.StopDate, out.StopDate)
	}

	arn = start(t, f, Waits, "stopped-without-reason", `{}`).ExecutionArn
	if _, err := s.StopExecution(t.Context(), backend.StopExecutionInput{ExecutionArn: arn}); err != nil {
		t.Fatalf("StopExecution without error and cause: %v", err)
	}
	e = describe(t, f, arn)
	wantStatus(t, e, backend.Aborted)
	wantAbsent(t, "error", e.Error)
	wantAbsent(t, "cause", e.Cause)

	if _, err := s.StopExecution(t.Context(), backend.StopExecutionInput{ExecutionArn: arn + "x"}); backend.CodeOf(err) != backend.ExecutionDoesNotExist {
		t.Errorf("stopping an unknown execution gave %v, want %s", err, backend.ExecutionDoesNotExist)
	}
}

// entry is what an event is compared by.
type entry struct {
	typ      history.Type
	previous int64
}

// Recorded: ids are dense from 1; the first two events, an abort and a time-out have no cause.
func historyOfEachEnd(t *testing.T, f Fixture) {
	const input = `{"a": 1.0}`
	succeeded := start(t, f, Succeeds, "h-succeeded", input).ExecutionArn
	failed := start(t, f, Fails, "h-failed", input).ExecutionArn
	waiting := start(t, f, Waits, "h-waiting", input).ExecutionArn
	late := start(t, f, TimesOut, "h-late", input).ExecutionArn
	f.Advance(TimeoutAfter)

	events := wantEvents(t, f, succeeded, entry{history.ExecutionStarted, 0}, entry{history.PassStateEntered, 0}, entry{history.PassStateExited, 2}, entry{history.ExecutionSucceeded, 3})
	if d := as[*history.ExecutionStartedDetails](t, events[0]); d.Input.String() != input {
		t.Errorf("ExecutionStarted has input %s, want %s as it was sent", d.Input, input)
	}
	if d := as[*history.StateEntered](t, events[1]); d.Name != "Only" || d.Input.IsZero() {
		t.Errorf("PassStateEntered has %+v", d)
	}
	if d := as[*history.StateExited](t, events[2]); d.Name != "Only" || d.Output.IsZero() {
		t.Errorf("PassStateExited has %+v", d)
	}
	wantText(t, "output of ExecutionSucceeded", ptr(as[*history.Succeeded](t, events[3]).Output.String()), *describe(t, f, succeeded).Output)

	events = wantEvents(t, f, failed, entry{history.ExecutionStarted, 0}, entry{history.FailStateEntered, 0}, entry{history.ExecutionFailed, 2})
	d := as[*history.Failure](t, events[2])
	wantText(t, "error of ExecutionFailed", d.Error, FailError)
	wantText(t, "cause of ExecutionFailed", d.Cause, FailCause)

	wantEvents(t, f, waiting, entry{history.ExecutionStarted, 0}, entry{history.WaitStateEntered, 0})

	events = wantEvents(t, f, late, entry{history.ExecutionStarted, 0}, entry{history.WaitStateEntered, 0}, entry{history.ExecutionTimedOut, 0})
	d = as[*history.Failure](t, events[2])
	wantText(t, "error of ExecutionTimedOut", d.Error, "States.Timeout")
	wantAbsent(t, "cause of ExecutionTimedOut", d.Cause)

	if s, ok := f.Backend.(backend.Stopper); ok {
		if _, err := s.StopExecution(t.Context(), backend.StopExecutionInput{ExecutionArn: waiting, Error: ptr("Enough")}); err != nil {
			t.Fatalf("StopExecution: %v", err)
		}
		events = wantEvents(t, f, waiting, entry{history.ExecutionStarted, 0}, entry{history.WaitStateEntered, 0}, entry{history.ExecutionAborted, 0})
		d = as[*history.Failure](t, events[2])
		wantText(t, "error of ExecutionAborted", d.Error, "Enough")
		wantAbsent(t, "cause of ExecutionAborted", d.Cause)
	}
}

func wantEvents(t *testing.T, f Fixture, arn string, want ...entry) []history.Event {
	t.Helper()
	h := capability[backend.Historian](t, f)
	page, err := h.GetExecutionHistory(t.Context(), backend.GetExecutionHistoryInput{ExecutionArn: arn})
	if err != nil {
		t.Fatalf("GetExecutionHistory of %s: %v", arn, err)
	}
	if page.NextToken != "" || len(page.Events) != len(want) {
		t.Fatalf("%s has %d events and the token %q, want %d events in one page", arn, len(page.Events), page.NextToken, len(want))
	}
	for i, e := range page.Events {
		if e.ID != int64(i+1) || e.Type != want[i].typ || e.PreviousEventID != want[i].previous {
			t.Errorf("event %d of %s is %d %s <- %d, want %d %s <- %d", i, arn, e.ID, e.Type, e.PreviousEventID, i+1, want[i].typ, want[i].previous)
		}
		if i > 0 && e.Timestamp.Before(page.Events[i-1].Timestamp) {
			t.Errorf("event %d of %s is of %s, before its predecessor", e.ID, arn, e.Timestamp)
		}
	}
	return page.Events
}

func as[D history.Details](t *testing.T, e history.Event) D {
	t.Helper()
	d, ok := e.Details.(D)
	if !ok {
		t.Fatalf("%s has details of type %T, want %T", e.Type, e.Details, d)
	}
	return d
}

func historyPages(t *testing.T, f Fixture) {
	h := capability[backend.Historian](t, f)
	arn := start(t, f, Succeeds, "paged", `{}`).ExecutionArn
	settle(t, f, arn)
	for _, reverse := range []bool{false, true} {
		want := []int64{1, 2, 3, 4}
		if reverse {
			want = []int64{4, 3, 2, 1}
		}
		in := backend.GetExecutionHistoryInput{ExecutionArn: arn, MaxResults: 3, ReverseOrder: reverse}
		var got []int64
		for pages := 1; ; pages++ {
			page, err := h.GetExecutionHistory(t.Context(), in)
			if err != nil {
				t.Fatalf("page %d: %v", pages, err)
			}
			for _, e := range page.Events {
				got = append(got, e.ID)
			}
			if in.NextToken = page.NextToken; in.NextToken == "" {
				break
			}
			if pages == 1 && len(got) != 3 {
				t.Errorf("the first page has %d events, want 3", len(got))
			}
			if pages > 4 {
				t.Fatal("the pages have no end")
			}
		}
		for i := range want {
			if len(got) != len(want) || got[i] != want[i] {
				t.Fatalf("reverse=%t gave the events %v, want %v", reverse, got, want)
			}
		}
	}
	if _, err := h.GetExecutionHistory(t.Context(), backend.GetExecutionHistoryInput{ExecutionArn: arn, NextToken: "garbage"}); backend.CodeOf(err) != backend.Validation {
		t.Errorf("a token that nobody gave brings %v, want %s", err, backend.Validation)
	}
	if _, err := h.GetExecutionHistory(t.Context(), backend.GetExecutionHistoryInput{ExecutionArn: arn + "x"}); backend.CodeOf(err) != backend.ExecutionDoesNotExist {
		t.Errorf("the history of an unknown execution brings %v, want %s", err, backend.ExecutionDoesNotExist)
	}
}

func redrive(t *testing.T, f Fixture) {
	r := capability[backend.Redriver](t, f)
	arn := start(t, f, Fails, "redriven", `{}`).ExecutionArn
	settle(t, f, arn)
	f.Advance(time.Second)
	_, err := r.RedriveExecution(t.Context(), backend.RedriveExecutionInput{ExecutionArn: arn, ClientToken: "token-1"})
	if backend.CodeOf(err) == backend.Unsupported {
		t.Skipf("the service behind the backend cannot do it: %v", err)
	}
	if err != nil {
		t.Fatalf("RedriveExecution: %v", err)
	}
	e := settle(t, f, arn)
	wantStatus(t, e, backend.Failed) // a Fail state fails again
	if e.RedriveCount != 1 {
		t.Errorf("redriveCount is %d, want 1", e.RedriveCount)
	}
	arn = start(t, f, Succeeds, "not-redriven", `{}`).ExecutionArn
	settle(t, f, arn)
	if _, err := r.RedriveExecution(t.Context(), backend.RedriveExecutionInput{ExecutionArn: arn}); backend.CodeOf(err) != backend.ExecutionNotRedrivable {
		t.Errorf("redriving a success gave %v, want %s", err, backend.ExecutionNotRedrivable)
	}
	if _, err := r.RedriveExecution(t.Context(), backend.RedriveExecutionInput{ExecutionArn: arn + "x"}); backend.CodeOf(err) != backend.ExecutionDoesNotExist {
		t.Errorf("redriving an unknown execution gave %v, want %s", err, backend.ExecutionDoesNotExist)
	}
}

func describeStateMachine(t *testing.T, f Fixture) {
	d := capability[backend.MachineDescriber](t, f)
	for _, m := range Machines() {
		arn := f.Arn(m.Name)
		if arn == "" {
			continue
		}
		got, err := d.DescribeStateMachine(t.Context(), arn)
		if err != nil {
			t.Errorf("DescribeStateMachine of %s: %v", m.Name, err)
			continue
		}
		if got.StateMachineArn != arn || got.Name != m.Name || got.Type != m.Type || got.Status != "ACTIVE" || got.Definition != m.Definition {
			t.Errorf("%s describes itself as %+v", m.Name, got)
		}
	}
	if _, err := d.DescribeStateMachine(t.Context(), f.Arn(Succeeds)+"x"); backend.CodeOf(err) != backend.StateMachineDoesNotExist {
		t.Errorf("describing an unknown state machine gave %v, want %s", err, backend.StateMachineDoesNotExist)
	}
}

func startSync(t *testing.T, f Fixture) {
	s := capability[backend.SyncStarter](t, f)
	if f.Arn(Express) == "" {
		t.Skip("the backend holds no EXPRESS machine")
	}
	const input = `{"n":12345678901234567890}`
	e, err := s.StartSyncExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: f.Arn(Express), Name: "sync", Input: ptr(input)})
	if err != nil {
		t.Fatalf("StartSyncExecution: %v", err)
	}
	wantStatus(t, e, backend.Succeeded)
	wantText(t, "output", e.Output, input)
	if a, err := backend.ParseARN(e.ExecutionArn); err != nil || a.Kind != "express" {
		t.Errorf("the ARN of the execution is %q (%v)", e.ExecutionArn, err)
	}
	_, err = s.StartSyncExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: f.Arn(Succeeds), Name: "sync", Input: ptr(input)})
	if backend.CodeOf(err) != backend.Unsupported {
		t.Errorf("StartSyncExecution of a STANDARD machine gave %v, want %s", err, backend.Unsupported)
	}
}

func nextChange(t *testing.T, f Fixture) {
	c := capability[backend.Forecaster](t, f)
	out := start(t, f, Waits, "forecast", `{}`)
	at, known, err := c.NextChange(t.Context(), out.ExecutionArn)
	if err != nil || !known || !at.Equal(out.StartDate.Add(WaitFor)) {
		t.Errorf("the next change is at %s (known: %t, %v), want %s", at, known, err, out.StartDate.Add(WaitFor))
	}
}
