package sim_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
)

// faulty is a region with faults, a machine that waits, and an execution of it that was started before the faults set in.
type faulty struct {
	*sim.Region
	machine string
	arn     string
}

func newFaulty(t *testing.T, faults ...string) faulty {
	t.Helper()
	var config sim.Config
	for _, text := range faults {
		f, err := sim.ParseFault(text)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(text, "start:") { // the first start is ours
			f.Skip++
		}
		config.Faults = append(config.Faults, f)
	}
	r := sim.New(config)
	machine := create(t, r, "wait", "", waitTenMinutes)
	return faulty{r, machine, start(t, r, machine, "before", `{}`)}
}

// call makes the call of a stage and gives its failure.
func (f faulty) call(t *testing.T, stage string) error {
	t.Helper()
	var err error
	switch stage {
	case "authenticate":
		_, err = f.Authenticate(t.Context())
	case "start":
		_, err = f.StartExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: f.machine, Name: "a"})
	case "poll":
		_, err = f.DescribeExecution(t.Context(), f.arn)
	case "stop":
		_, err = f.StopExecution(t.Context(), backend.StopExecutionInput{ExecutionArn: f.arn})
	default:
		t.Fatalf("there is no stage %q", stage)
	}
	return err
}

// What each fault by name brings, and at which stages it can be planned.
var faultNames = map[string]struct {
	code   backend.Code
	stages string
}{
	"no-credentials":       {backend.Authentication, "authenticate"},
	"invalid-credentials":  {backend.Authentication, "authenticate start poll stop"},
	"expired-token":        {backend.Authentication, "authenticate start poll stop"},
	"denied":               {backend.Authorization, "authenticate start poll stop"},
	"kms-denied":           {backend.Authorization, "start poll stop"},
	"connection-refused":   {backend.Connection, "authenticate start poll stop"},
	"connection-cut":       {backend.Connection, "authenticate start poll stop"},
	"proxy-refused":        {backend.Proxy, "authenticate start poll stop"},
	"proxy-authentication": {backend.Proxy, "authenticate start poll stop"},
	"throttled":            {backend.Throttled, "authenticate start poll stop"},
	"unavailable":          {backend.Unavailable, "authenticate start poll stop"},
	"limit-exceeded":       {backend.ExecutionLimitExceeded, "start"},
	"deleting":             {backend.StateMachineDeleting, "start"},
	"not-found":            {"", "start poll stop"}, // a machine or an execution
	"unexpected":           {backend.Unexpected, "authenticate start poll stop"},
	"unknown-status":       {"", "poll"},
	"aborted":              {"", "poll"},
}

func TestEachFaultDoesWhatItSays(t *testing.T) {
	var names []string
	for name, want := range faultNames {
		for stage := range strings.FieldsSeq(want.stages) {
			full := stage + ":" + name
			names = append(names, full)
			t.Run(full, func(t *testing.T) {
				f := newFaulty(t, full)
				err := f.call(t, stage)
				code := want.code
				if name == "not-found" {
					code = map[string]backend.Code{"start": backend.StateMachineDoesNotExist, "poll": backend.ExecutionDoesNotExist, "stop": backend.ExecutionDoesNotExist}[stage]
				}
				wantCode(t, full, err, code)
				if code == "" {
					return
				}
				var e *backend.Error
				operation := map[string]string{"authenticate": "GetCallerIdentity", "start": "StartExecution", "poll": "DescribeExecution", "stop": "StopExecution"}[stage]
				if !errors.As(err, &e) || e.Op != operation || e.Message == "" || (e.Code == backend.Proxy) != (e.Proxy != "") {
					t.Errorf("the failure is %+v", e)
				}
				if e.Ambiguous != (full == "start:connection-cut") {
					t.Errorf("ambiguous is %t", e.Ambiguous)
				}
				for _, other := range []string{"authenticate", "start", "poll", "stop"} {
					if other != stage && f.call(t, other) != nil {
						t.Errorf("it fails the stage %s too", other)
					}
				}
			})
		}
	}
	slices.Sort(names)
	if got := sim.FaultNames(); !slices.Equal(got, names) {
		t.Errorf("the faults are %q, want %q", got, names)
	}
}

func TestALostStartHasHappened(t *testing.T) {
	f := newFaulty(t, "start:connection-cut*1")
	wantCode(t, "the first start", f.call(t, "start"), backend.Connection)
	begun := f.Now()
	f.Advance(begun.Add(time.Minute))
	if x := describe(t, f.Region, start(t, f.Region, f.machine, "a", `{}`)); !x.StartDate.Equal(begun) {
		t.Errorf("the repeated start began anew at %s", x.StartDate)
	}
	f = newFaulty(t, "start:throttled*1")
	wantCode(t, "a throttled start", f.call(t, "start"), backend.Throttled)
	_, err := f.DescribeExecution(t.Context(), strings.Replace(f.arn, ":before", ":a", 1))
	wantCode(t, "the execution of a throttled start", err, backend.ExecutionDoesNotExist)
}

func TestFaultsOfAPoll(t *testing.T) {
	f := newFaulty(t, "poll:unknown-status*1")
	if x := describe(t, f.Region, f.arn); x.Status.Known() {
		t.Errorf("the status is %s", x.Status)
	}
	if x := describe(t, f.Region, f.arn); x.Status != backend.Running {
		t.Errorf("the status is %s", x.Status)
	}
	f = newFaulty(t, "poll:aborted+1")
	if x := describe(t, f.Region, f.arn); x.Status != backend.Running {
		t.Errorf("the status is %s", x.Status)
	}
	if x := describe(t, f.Region, f.arn); x.Status != backend.Aborted || x.Error != nil {
		t.Errorf("the execution is %+v", x)
	}
	if text := historyText(t, f.Region, f.arn); !strings.Contains(text, "ExecutionAborted") {
		t.Errorf("the history knows nothing of it:\n%s", text)
	}
}

func TestFaultsAreCounted(t *testing.T) {
	for _, c := range []struct {
		faults string
		want   string // by call: . for none, else the first letter of the code
	}{
		{"poll:throttled", "TTTTTT"},
		{"poll:throttled*2", "TT...."},
		{"poll:throttled+2", "..TTTT"},
		{"poll:throttled*2+1", ".TT..."},
		{"poll:throttled*2 poll:unavailable*1", "TTU..."},
		{"poll:throttled*1+2 poll:unavailable*1", "U.T..."},
	} {
		f := newFaulty(t, strings.Fields(c.faults)...)
		got := ""
		for range c.want {
			if code := backend.CodeOf(f.call(t, "poll")); code == "" {
				got += "."
			} else {
				got += string(code[0])
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.faults, got, c.want)
		}
	}
}

func TestParseFaultRefuses(t *testing.T) {
	for _, text := range []string{"", "poll", "poll:", ":denied", "poll:deleting", "walk:denied", "poll:denied*0", "poll:denied*x", "poll:denied+", "poll:denied*-1", "poll:denied+1*2", "Poll:denied"} {
		if f, err := sim.ParseFault(text); err == nil {
			t.Errorf("%q is %+v", text, f)
		}
	}
	_, err := sim.ParseFault("poll:typo")
	if err == nil || !strings.HasPrefix(err.Error(), `"poll:typo" is no fault that can be planned, want one of authenticate:connection-cut, `) {
		t.Errorf("the error is %v", err)
	}
}
