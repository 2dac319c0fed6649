package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sfnx/sfnx/backend"
)

// Stage is a step of a run's life cycle at which a region can be told to misbehave.
type Stage string

const (
	authenticate Stage = "authenticate"
	start        Stage = "start"
	poll         Stage = "poll"
	stop         Stage = "stop"
)

// Fault is a planned failure of the region, so that every ending of a run can be rehearsed: what is left of a failure
// after a backend's own retries. Exactly one of Error, Status and Stop says what happens.
type Fault struct {
	Stage Stage
	Name  string
	Times int // how many calls fail; 0: every one
	Skip  int // how many calls pass before

	Error      backend.Error  // what the caller gets instead of an answer
	CarriedOut bool           // the call is carried out all the same: only its answer is lost
	Status     backend.Status // DescribeExecution answers with this status
	Stop       bool           // somebody else stops the execution
}

// faults by name, and the stages at which they make sense.
var faults = []struct {
	fault  Fault
	stages []Stage
}{
	{failing("no-credentials", backend.Authentication, "", "no credentials were found"), []Stage{authenticate}},
	{failing("invalid-credentials", backend.Authentication, "UnrecognizedClientException", "The security token included in the request is invalid."), []Stage{authenticate, start, poll, stop}},
	{failing("expired-token", backend.Authentication, "ExpiredTokenException", "The security token included in the request is expired"), []Stage{authenticate, start, poll, stop}},
	{failing("denied", backend.Authorization, "AccessDeniedException", "User is not authorized to perform this action"), []Stage{authenticate, start, poll, stop}},
	{failing("kms-denied", backend.Authorization, "KmsAccessDeniedException", "The KMS key cannot be used"), []Stage{start, poll, stop}},
	{failing("connection-refused", backend.Connection, "", "dial tcp 192.0.2.1:443: connect: connection refused"), []Stage{authenticate, start, poll, stop}},
	{lost(failing("connection-cut", backend.Connection, "", "read: connection reset by peer")), []Stage{start}},
	{failing("connection-cut", backend.Connection, "", "read: connection reset by peer"), []Stage{authenticate, poll, stop}},
	{behind(failing("proxy-refused", backend.Proxy, "", "proxyconnect tcp: dial tcp 192.0.2.2:3128: connect: connection refused")), []Stage{authenticate, start, poll, stop}},
	{behind(failing("proxy-authentication", backend.Proxy, "", "the proxy answered 407 Proxy Authentication Required to CONNECT")), []Stage{authenticate, start, poll, stop}},
	{failing("throttled", backend.Throttled, "ThrottlingException", "Rate exceeded"), []Stage{authenticate, start, poll, stop}},
	{failing("unavailable", backend.Unavailable, "InternalServerError", "the service answered 500"), []Stage{authenticate, start, poll, stop}},
	{failing("limit-exceeded", backend.ExecutionLimitExceeded, "ExecutionLimitExceeded", "The maximum number of running executions has been reached"), []Stage{start}},
	{failing("deleting", backend.StateMachineDeleting, "StateMachineDeleting", "State Machine Is Deleting"), []Stage{start}},
	{failing("not-found", backend.StateMachineDoesNotExist, "StateMachineDoesNotExist", "State Machine Does Not Exist"), []Stage{start}},
	{failing("not-found", backend.ExecutionDoesNotExist, "ExecutionDoesNotExist", "Execution Does Not Exist"), []Stage{poll, stop}},
	{failing("unexpected", backend.Unexpected, "", "an answer that makes no sense"), []Stage{authenticate, start, poll, stop}},
	{Fault{Name: "unknown-status", Status: "SIMMERING"}, []Stage{poll}},
	{Fault{Name: "aborted", Stop: true, Times: 1}, []Stage{poll}},
}

func failing(name string, code backend.Code, awsCode, message string) Fault {
	return Fault{Name: name, Error: backend.Error{Code: code, AWSCode: awsCode, Message: message}}
}

// behind is a failure of the proxy itself.
func behind(f Fault) Fault {
	f.Error.Proxy = "http://proxy.example:3128"
	return f
}

// lost is a call that is carried out, but whose answer gets lost.
func lost(f Fault) Fault {
	f.CarriedOut, f.Error.Ambiguous = true, true
	return f
}

// FaultNames are the faults that ParseFault knows, as stage:name.
func FaultNames() []string {
	var names []string
	for _, f := range faults {
		for _, s := range f.stages {
			names = append(names, string(s)+":"+f.fault.Name)
		}
	}
	slices.Sort(names)
	return names
}

// ParseFault reads STAGE:NAME[*TIMES][+SKIP]: poll:throttled*3 fails the first three polls, poll:denied+2 every one
// after the second.
func ParseFault(text string) (Fault, error) {
	rest, skip, err := cutNumber(text, "+")
	if err != nil {
		return Fault{}, err
	}
	rest, times, err := cutNumber(rest, "*")
	if err != nil {
		return Fault{}, err
	}
	stage, name, _ := strings.Cut(rest, ":")
	for _, f := range faults {
		if f.fault.Name == name && slices.Contains(f.stages, Stage(stage)) {
			out := f.fault
			out.Stage, out.Skip = Stage(stage), skip
			if times > 0 {
				out.Times = times
			}
			return out, nil
		}
	}
	return Fault{}, fmt.Errorf("%q is no fault that can be planned, want one of %s", text, strings.Join(FaultNames(), ", "))
}

func cutNumber(text, sign string) (before string, n int, err error) {
	before, number, ok := strings.Cut(text, sign)
	if !ok {
		return text, 0, nil
	}
	if n, err = strconv.Atoi(number); err != nil || n < 1 {
		return "", 0, fmt.Errorf("%q: want a number of at least 1 after %q", text, sign)
	}
	return before, n, nil
}

type plannedFault struct {
	Fault
	seen int
}

// fault is the failure planned for the call that is being made, nil if there is none.
func (r *Region) fault(stage Stage) *Fault {
	for _, f := range r.faults {
		if f.Stage != stage {
			continue
		}
		f.seen++
		if f.seen > f.Skip && (f.Times == 0 || f.seen <= f.Skip+f.Times) {
			return &f.Fault
		}
	}
	return nil
}

var operations = map[Stage]string{authenticate: "GetCallerIdentity", start: "StartExecution", poll: "DescribeExecution", stop: "StopExecution"}

// failure is a fresh copy of the planned error.
func (f *Fault) failure() error {
	e := f.Error
	e.Op = operations[f.Stage]
	return &e
}
