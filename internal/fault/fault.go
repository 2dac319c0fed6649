package fault

import (
	"fmt"
	"slices"

	"github.com/sfnx/sfnx/backend"
)

// Stage is where in the life of a job a fault strikes.
type Stage string

// The stages, in the order of the life of a job.
const (
	Arguments     Stage = "arguments"     // flags, request document, input, files
	Configuration Stage = "configuration" // profile, region, authorities
	Credentials   Stage = "credentials"   // none, wrong, expired
	Authorization Stage = "authorization" // good credentials, denied action
	Proxy         Stage = "proxy"         // the way to AWS, as far as the proxy
	Connect       Stage = "connect"       // DNS, TCP, TLS to AWS
	Start         Stage = "start"         // request and answer of StartExecution
	Refused       Stage = "refused"       // the service says no
	Wait          Stage = "wait"          // between start and end
	Terminal      Stage = "terminal"      // the last answer
	Output        Stage = "output"        // document, events, result file
	Signals       Stage = "signals"       // somebody wants it to end
)

// Stages is every stage, in order.
func Stages() []Stage {
	return []Stage{Arguments, Configuration, Credentials, Authorization, Proxy, Connect, Start, Refused, Wait, Terminal, Output, Signals}
}

// Exit codes that are not known beforehand.
const (
	Real = -1 // that of the execution's own end: 0, 23, 24 or 25. The seed chooses among the four
	Any  = -2 // any one that is true
)

// Want is what a run must come to.
type Want struct {
	Code       int            // exit code, Real or Any
	Starts     int            // executions started
	Status     backend.Status // of the execution afterwards; "" = that of its end if Code is Real, else none exists
	NoDocument bool           // stdout cannot take it
	NoEvents   bool           // the stream of events cannot be written, or the command did not come that far
	NoResult   bool           // the same of the result file
	Spoilt     bool           // the code is 1 for what could not be written, which the events cannot tell: there the run came to its end
	Silent     bool           // nothing is asked of AWS
}

// itsOwn is the end of a run that nothing could keep from telling the execution's own.
var itsOwn = Want{Code: Real, Starts: 1}

// code is the end of a run that started nothing.
func code(c int) Want { return Want{Code: c} }

// local is the end of a run whose fields or files are found wanting before anything goes over the network.
var local = Want{Code: 20, Silent: true}

// left is the end of a run that leaves an execution with a status behind.
func left(c int, status backend.Status) Want { return Want{Code: c, Starts: 1, Status: status} }

// spoilt is a run that came to its end, the document of which got lost. The result file is there, and tells that.
var spoilt = Want{Code: 1, Starts: 1, NoDocument: true, Spoilt: true}

// unwritten is a run that came to its end but could not write a file, and says so in its document.
func unwritten(lacks Want) Want {
	lacks.Code, lacks.Starts, lacks.Spoilt = 1, 1, true
	return lacks
}

// Fault is one thing that goes wrong.
type Fault struct {
	Stage Stage
	Name  string // within its stage: "reset-after-accept"
	About string // what happens, for the table
	Want  Want

	// Arrange makes it happen. What it leaves to chance comes from the scene's Rand. It may sharpen the scene's Want.
	Arrange func(*Scene)

	// Process says that the fault also makes sense with the real binary, in real time and with the operating system's
	// own resolver and files. Only says that it makes sense there alone.
	Process bool
	Only    bool
}

// ID is the name by which a fault is repeated: stage/name.
func (f Fault) ID() string { return string(f.Stage) + "/" + f.Name }

// All is every fault, stage by stage.
func All() []Fault {
	return slices.Concat(arguments, configuration, credentials, authorization, proxies, connections, starts, refusals, waits, clocks, terminals, outputs, signals, processSignals)
}

// Find is the fault with an ID.
func Find(id string) (Fault, error) {
	for _, f := range append(All(), Schedule) {
		if f.ID() == id {
			return f, nil
		}
	}
	return Fault{}, fmt.Errorf("there is no fault %q; -list lists them", id)
}
