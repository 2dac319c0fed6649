package sim_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
)

func TestATaskIsToldAllAboutItsCall(t *testing.T) {
	var calls []sim.Call
	r := sim.New(sim.Config{Account: "111111111111", Region: "eu-west-1", Tasks: tasks(func(c sim.Call) (sim.Answer, error) {
		calls = append(calls, c)
		if len(calls) == 1 {
			return sim.Throw(ptr("E"), ptr("once")).After(time.Second), nil
		}
		return sim.Return(text("done")), nil
	})})
	machine := create(t, r, "machine", "", `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:eu-west-1:111111111111:function:work","TimeoutSeconds":60,
		"InputPath":"$.in","Parameters":{"p.$":"$.n"},"Credentials":{"RoleArn":"arn:aws:iam::111111111111:role/other"},"Retry":[{"ErrorEquals":["E"]}],"End":true}}}`)
	begin := r.Now()
	arn := start(t, r, machine, "run-1", `{"in":{"n":1}}`)
	r.Advance(begin.Add(time.Minute))
	if len(calls) != 2 {
		t.Fatalf("%d calls, want 2", len(calls))
	}
	for i, c := range calls {
		if c.ExecutionArn != arn || c.ExecutionName != "run-1" || c.StateMachine != "machine" || c.State != "T" ||
			c.Resource != "arn:aws:lambda:eu-west-1:111111111111:function:work" || c.Parameters.JSON() != `{"p":1}` || c.Input.JSON() != `{"in":{"n":1}}` ||
			c.RetryCount != i || c.RoleArn != "arn:aws:iam::111111111111:role/other" || c.Timeout != time.Minute || !c.Now.Equal(begin.Add(time.Duration(i)*2*time.Second)) {
			t.Errorf("call %d is %+v", i, c)
		}
	}
	if x := describe(t, r, arn); x.Status != backend.Succeeded || *x.Output != `"done"` || x.StateMachineArn != machine || !strings.Contains(arn, ":eu-west-1:111111111111:execution:machine:run-1") {
		t.Errorf("the execution is %+v", x)
	}
}

// Everybody who asks for an execution that cannot go on is told why. The other executions go on.
func TestWhatCannotGoOnSaysWhy(t *testing.T) {
	loop := `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":0,"Next":"C"},"C":{"Type":"Choice","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"S"}],"Default":"W"},"S":{"Type":"Succeed"}}}`
	for _, c := range []struct {
		name, definition string
		tasks            sim.Tasks
		limits           sim.Limits
		want             string
	}{
		{"nobody answers", oneTask, tasks(func(sim.Call) (sim.Answer, error) { return sim.Answer{}, errNobody }), sim.Limits{},
			`Task state "T" (arn:aws:states:::sqs:sendMessage): nobody is here`},
		{"nobody answers one of two", `{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[
			{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}}},
			{"StartAt":"U","States":{"U":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}}}],"End":true}}}`,
			tasks(func(c sim.Call) (sim.Answer, error) {
				if c.State == "T" {
					return sim.Answer{}, errNobody
				}
				return sim.Return(text("x")).After(time.Second), nil
			}), sim.Limits{}, `Task state "T" (arn:aws:states:::sqs:sendMessage): nobody is here`},
		{"a region without tasks", oneTask, nil, sim.Limits{},
			`Task state "T" (arn:aws:states:::sqs:sendMessage): nothing answers tasks in this region`},
		{"an answer that holds nothing", oneTask, tasks(func(sim.Call) (sim.Answer, error) { return sim.Answer{}, nil }), sim.Limits{},
			`Task state "T" (arn:aws:states:::sqs:sendMessage): its answer holds nothing; make one by Return, Throw or Never`},
		{"a loop without an end", loop, nil, sim.Limits{Events: -1, Visits: 100},
			`the execution entered 100 states without any time passing, last "W": a loop without an end or a Wait`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := sim.New(sim.Config{Tasks: c.tasks, Limits: c.limits})
			waiting := start(t, r, create(t, r, "waiting", "", waitTenMinutes), "a", `{}`)
			machine := create(t, r, "broken", "", c.definition)
			arn := start(t, r, machine, "a", `{}`)
			check := func(what string, err error) {
				t.Helper()
				wantCode(t, what, err, backend.Validation)
				if err == nil || err.Error() != c.want {
					t.Errorf("%s gave %v, want %s", what, err, c.want)
				}
			}
			_, err := r.DescribeExecution(t.Context(), arn)
			check("DescribeExecution", err)
			_, err = r.StopExecution(t.Context(), backend.StopExecutionInput{ExecutionArn: arn})
			check("StopExecution", err)
			_, err = r.GetExecutionHistory(t.Context(), backend.GetExecutionHistoryInput{ExecutionArn: arn})
			check("GetExecutionHistory", err)
			if at, known, err := r.NextChange(t.Context(), arn); known || err != nil {
				t.Errorf("it changes at %s (%v)", at, err)
			}
			express := create(t, r, "express", backend.Express, c.definition)
			_, err = r.StartSyncExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: express, Name: "a"})
			check("StartSyncExecution", err)

			r.Advance(r.Now().Add(10 * time.Minute))
			if x := describe(t, r, waiting); x.Status != backend.Succeeded {
				t.Errorf("the other execution is %s", x.Status)
			}
		})
	}
}

func TestAnswersComeWhenTheyAreDue(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer sim.Answer
		status backend.Status
		took   time.Duration
	}{
		{"a result", sim.Return(text("x")).After(3 * time.Second), backend.Succeeded, 3 * time.Second},
		{"a failure", sim.Throw(ptr("E"), nil).After(3 * time.Second), backend.Failed, 3 * time.Second},
		{"a failure without a name", sim.Throw(nil, nil), backend.Failed, 0},
		{"a result too late", sim.Return(text("x")).After(61 * time.Second), backend.Failed, time.Minute},
		{"no answer", sim.Never(), backend.Failed, time.Minute},
		{"a result before it was asked for", sim.Return(text("x")).After(-time.Hour), backend.Succeeded, 0},
	} {
		r := sim.New(sim.Config{Tasks: tasks(func(sim.Call) (sim.Answer, error) { return c.answer, nil })})
		arn := start(t, r, create(t, r, "task", "", oneTask), "a", `{}`)
		r.Advance(r.Now().Add(time.Hour))
		x := describe(t, r, arn)
		if took := x.StopDate.Sub(x.StartDate); x.Status != c.status || took != c.took {
			t.Errorf("%s: it is %s after %s, want %s after %s", c.name, x.Status, took, c.status, c.took)
		}
	}
}

func TestStopTakesBackWhatIsOpen(t *testing.T) {
	asked := 0
	r := sim.New(sim.Config{Tasks: tasks(func(sim.Call) (sim.Answer, error) {
		asked++
		return sim.Return(text("late")).After(30 * time.Second), nil
	})})
	arn := start(t, r, create(t, r, "task", "", oneTask), "a", `{}`)
	r.Advance(r.Now().Add(10 * time.Second))
	first, err := r.StopExecution(t.Context(), backend.StopExecutionInput{ExecutionArn: arn, Error: ptr("Enough")})
	if err != nil {
		t.Fatal(err)
	}
	if at, known, err := r.NextChange(t.Context(), arn); known || err != nil {
		t.Errorf("a stopped execution changes at %s (%v)", at, err)
	}
	r.Advance(r.Now().Add(time.Hour))
	second, err := r.StopExecution(t.Context(), backend.StopExecutionInput{ExecutionArn: arn, Error: ptr("Again")})
	if err != nil || !second.StopDate.Equal(first.StopDate) {
		t.Errorf("the second stop says %s (%v), the first %s", second.StopDate, err, first.StopDate)
	}
	x := describe(t, r, arn)
	if x.Status != backend.Aborted || *x.Error != "Enough" || x.Cause != nil || x.StopDate.Sub(x.StartDate) != 10*time.Second || asked != 1 {
		t.Errorf("the execution is %+v, its task was asked for %d times", x, asked)
	}
}

func TestStopRefusesALongReason(t *testing.T) {
	r := sim.New(sim.Config{})
	arn := start(t, r, create(t, r, "wait", "", waitTenMinutes), "a", `{}`)
	for _, in := range []backend.StopExecutionInput{
		{Error: ptr(strings.Repeat("ü", 257))},
		{Cause: ptr(strings.Repeat("ü", 32_769))},
	} {
		in.ExecutionArn = arn
		_, err := r.StopExecution(t.Context(), in)
		wantCode(t, "StopExecution", err, backend.Validation)
	}
	in := backend.StopExecutionInput{ExecutionArn: arn, Error: ptr(strings.Repeat("ü", 256)), Cause: ptr(strings.Repeat("ü", 32_768))}
	if _, err := r.StopExecution(t.Context(), in); err != nil {
		t.Error(err)
	}
}

func TestStartIsIdempotentWhileTheExecutionRuns(t *testing.T) {
	r := sim.New(sim.Config{})
	machine := create(t, r, "wait", "", waitTenMinutes)
	without := backend.StartExecutionInput{StateMachineArn: machine, Name: "a"}
	first, err := r.StartExecution(t.Context(), without)
	if err != nil {
		t.Fatal(err)
	}
	r.Advance(r.Now().Add(time.Minute))
	if again := start(t, r, machine, "a", `{}`); again != first.ExecutionArn { // no input is {}
		t.Errorf("the second start gave %s", again)
	}
	if text := historyText(t, r, first.ExecutionArn); strings.Count(text, "\n") != 2 {
		t.Errorf("the second start left something in the history:\n%s", text)
	}
	r.Advance(r.Now().Add(time.Hour))
	_, err = r.StartExecution(t.Context(), without)
	wantCode(t, "a start after the end", err, backend.ExecutionAlreadyExists)
}

func TestACallThatNobodyWaitsForDoesNothing(t *testing.T) {
	r := sim.New(sim.Config{})
	machine := create(t, r, "wait", "", waitTenMinutes)
	arn := start(t, r, machine, "a", `{}`)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, call := range map[string]func() error{
		"Authenticate": func() error { _, err := r.Authenticate(ctx); return err },
		"StartExecution": func() error {
			_, err := r.StartExecution(ctx, backend.StartExecutionInput{StateMachineArn: machine, Name: "b"})
			return err
		},
		"StartSyncExecution": func() error {
			_, err := r.StartSyncExecution(ctx, backend.StartExecutionInput{StateMachineArn: machine, Name: "b"})
			return err
		},
		"DescribeExecution": func() error { _, err := r.DescribeExecution(ctx, arn); return err },
		"StopExecution": func() error {
			_, err := r.StopExecution(ctx, backend.StopExecutionInput{ExecutionArn: arn})
			return err
		},
		"DescribeStateMachine": func() error { _, err := r.DescribeStateMachine(ctx, machine); return err },
		"NextChange":           func() error { _, _, err := r.NextChange(ctx, arn); return err },
		"GetExecutionHistory": func() error {
			_, err := r.GetExecutionHistory(ctx, backend.GetExecutionHistoryInput{ExecutionArn: arn})
			return err
		},
	} {
		err := call()
		wantCode(t, name, err, backend.Canceled)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s gave %v, which is no context.Canceled", name, err)
		}
	}
	if x := describe(t, r, arn); x.Status != backend.Running {
		t.Errorf("the execution is %s", x.Status)
	}
	_, err := r.DescribeExecution(t.Context(), strings.TrimSuffix(arn, "a")+"b")
	wantCode(t, "the execution that was not started", err, backend.ExecutionDoesNotExist)
}

func TestCreateStateMachineRefuses(t *testing.T) {
	r := sim.New(sim.Config{})
	create(t, r, "taken", "", passInput)
	for _, name := range []string{"taken", "", "a b", strings.Repeat("n", 81)} {
		_, err := r.CreateStateMachine(sim.StateMachine{Name: name})
		wantCode(t, "CreateStateMachine "+name, err, backend.Validation)
	}
}

func TestStartSyncExecution(t *testing.T) {
	r := sim.New(sim.Config{Tasks: tasks(func(c sim.Call) (sim.Answer, error) {
		if c.Input.Str() == "slow" {
			return sim.Return(text("late")).After(time.Hour), nil
		}
		return sim.Throw(ptr("E"), ptr("c")).After(20 * time.Second), nil
	})})
	task := create(t, r, "task", backend.Express, `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}}}`)
	run := func(machine, input string) backend.Execution {
		t.Helper()
		x, err := r.StartSyncExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: machine, Name: "a", Input: &input})
		if err != nil {
			t.Fatal(err)
		}
		if !r.Now().Equal(x.StopDate) {
			t.Errorf("it is %s, but the execution ended at %s", r.Now(), x.StopDate)
		}
		return x
	}
	if x := run(task, `{}`); x.Status != backend.Failed || *x.Error != "E" || *x.Cause != "c" || x.StopDate.Sub(x.StartDate) != 20*time.Second {
		t.Errorf("a failure is %+v", x)
	}
	// A limit may be reached, but not passed.
	if x := run(task, `"slow"`); x.Status != backend.TimedOut || x.StopDate.Sub(x.StartDate) != 5*time.Minute+time.Millisecond || x.Output != nil {
		t.Errorf("an execution that is longer than five minutes is %+v", x)
	}
	long := create(t, r, "long", backend.Express, `{"StartAt":"C","States":{
		"C":{"Type":"Choice","Choices":[{"Variable":"$[30000]","IsPresent":true,"Next":"S"}],"Default":"A"},
		"A":{"Type":"Map","ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}},"End":true},"S":{"Type":"Succeed"}}}`)
	if x := run(long, "["+strings.Repeat("1,", 9999)+"1]"); x.Status != backend.Succeeded { // 40,008 events
		t.Errorf("an EXPRESS execution of many events is %s, %s", x.Status, *x.Cause)
	}
	_, err := r.DescribeExecution(t.Context(), run(task, `{}`).ExecutionArn)
	wantCode(t, "describing an EXPRESS execution", err, backend.Validation)
	_, err = r.StartSyncExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: task + "x", Name: "a"})
	wantCode(t, "an unknown machine", err, backend.StateMachineDoesNotExist)
}

func TestHistoryPages(t *testing.T) {
	r := sim.New(sim.Config{})
	arn := start(t, r, create(t, r, "map", "", `{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}},"End":true}}}`), "a", "["+strings.Repeat("1,", 599)+"1]")
	const all = 600*4 + 6
	for _, c := range []struct {
		size, first, pages int
		reverse            bool
	}{{0, 100, 25, false}, {1000, 1000, 3, false}, {1000, 1000, 3, true}, {all / 6, all / 6, 6, false}} {
		in := backend.GetExecutionHistoryInput{ExecutionArn: arn, MaxResults: c.size, ReverseOrder: c.reverse}
		pages, want, step := 0, int64(1), int64(1)
		if c.reverse {
			want, step = all, -1
		}
		for {
			page, err := r.GetExecutionHistory(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			if pages++; pages == 1 && len(page.Events) != c.first {
				t.Errorf("a first page of size %d has %d events", c.size, len(page.Events))
			}
			for _, e := range page.Events {
				if e.ID != want {
					t.Fatalf("page %d has the event %d, want %d", pages, e.ID, want)
				}
				want += step
			}
			if in.NextToken = page.NextToken; in.NextToken == "" {
				break
			}
		}
		if pages != c.pages || want != 1+all && want != 0 {
			t.Errorf("size %d: %d pages that end before the event %d", c.size, pages, want)
		}
	}
	for _, in := range []backend.GetExecutionHistoryInput{
		{ExecutionArn: arn, MaxResults: -1}, {ExecutionArn: arn, MaxResults: 1001},
		{ExecutionArn: arn, NextToken: "events-from--1"}, {ExecutionArn: arn, NextToken: "events-from-99999"},
		{ExecutionArn: strings.Replace(arn, ":execution:", ":express:", 1) + ":id"}, {ExecutionArn: "no arn"},
	} {
		_, err := r.GetExecutionHistory(t.Context(), in)
		wantCode(t, "a page that cannot be", err, backend.Validation)
	}
}
