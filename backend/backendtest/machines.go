// Package backendtest is the one suite that every backend passes: what a run may rely on, whichever backend it has.
//
//	func TestBackend(t *testing.T) {
//		backendtest.Run(t, func(t *testing.T) backendtest.Fixture { return openWorldWith(t, backendtest.Machines()) })
//	}
//
// It knows the contract of package backend and the recorded behaviour of the service, and nothing of any backend. It
// does not test state machines: four small ones are enough to see an execution through each of its ends.
package backendtest

import (
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
)

// Fixture is a backend with the state machines of Machines in it, and nothing started.
type Fixture struct {
	Backend backend.Backend

	// Arn gives the ARN of a machine of Machines; "" if the backend cannot hold it, which only Express may say.
	Arn func(name string) string

	// Advance lets d pass: a virtual clock jumps, a real account waits.
	Advance func(d time.Duration)
}

// Machine is a state machine that a Fixture prepares.
type Machine struct {
	Name       string
	Type       backend.Type
	Definition string // ASL
}

// The names of the machines.
const (
	Succeeds = "backendtest-succeeds" // Pass "Only": the output is the input
	Fails    = "backendtest-fails"    // Fail "Only" with FailError and FailCause
	Waits    = "backendtest-waits"    // Wait "Only" of WaitFor, then the output is the input
	TimesOut = "backendtest-timesout" // Wait "Only" of an hour, in a machine that times out after TimeoutAfter
	Express  = "backendtest-express"  // an EXPRESS machine like Succeeds
)

// What the machines do.
const (
	FailError    = "Order.Rejected"
	FailCause    = `the order "17" <a&b> was rejected: ünpaid`
	WaitFor      = 10 * time.Minute
	TimeoutAfter = time.Minute
)

// Machines are the machines to prepare.
func Machines() []Machine {
	return []Machine{
		{Succeeds, backend.Standard, `{"StartAt":"Only","States":{"Only":{"Type":"Pass","End":true}}}`},
		{Fails, backend.Standard, `{"StartAt":"Only","States":{"Only":{"Type":"Fail","Error":"Order.Rejected","Cause":"the order \"17\" <a&b> was rejected: ünpaid"}}}`},
		{Waits, backend.Standard, `{"StartAt":"Only","States":{"Only":{"Type":"Wait","Seconds":600,"End":true}}}`},
		{TimesOut, backend.Standard, `{"StartAt":"Only","TimeoutSeconds":60,"States":{"Only":{"Type":"Wait","Seconds":3600,"End":true}}}`},
		{Express, backend.Express, `{"StartAt":"Only","States":{"Only":{"Type":"Pass","End":true}}}`},
	}
}

// Run runs the suite. open makes a fresh Fixture for each test, and cleans up through t.
func Run(t *testing.T, open func(t *testing.T) Fixture) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, Fixture)
	}{
		{"Authenticate", authenticate},
		{"StartAndSucceed", startAndSucceed},
		{"Fail", fail},
		{"Wait", wait},
		{"TimeOut", timeOut},
		{"WithoutInput", withoutInput},
		{"InputIsKeptByteForByte", inputIsKept},
		{"OutputIsKeptByteForByte", outputIsKept},
		{"StartIsIdempotent", startIsIdempotent},
		{"StartRefusesATakenName", startRefusesATakenName},
		{"StartRefusesWhatBreaksARule", startRefuses},
		{"UnknownARNs", unknownARNs},
		{"CanceledContext", canceledContext},
		{"Stop", stop},
		{"History", historyOfEachEnd},
		{"HistoryPages", historyPages},
		{"List", list},
		{"ListPages", listPages},
		{"Redrive", redrive},
		{"DescribeStateMachine", describeStateMachine},
		{"StartSync", startSync},
		{"NextChange", nextChange},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}
