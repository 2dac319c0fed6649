package interp

import (
	"fmt"
	"slices"

	"github.com/sfnx/sfnx/history"
)

const errHistoryLimit = "The execution reached the maximum number of history events (%d)."

// keptEvents is for how many events an execution keeps room from one step to the next, at most.
const keptEvents = 64

// event records an event of a thread; the next one will point back to it.
func (x *Execution) event(t *thread, typ history.Type, details history.Details) int64 {
	t.last = x.record(t.last, typ, details)
	return t.last
}

// record appends an event that points back to the event previous. The last event that the quota allows is
// ExecutionFailed, whatever was to be recorded (measured).
func (x *Execution) record(previous int64, typ history.Type, details history.Details) int64 {
	if !x.going() {
		return x.lastID
	}
	if limit := int64(x.config.Limits.Events); limit > 0 && x.lastID+1 >= limit && !ends(typ) {
		f := failure{name: ptr(errRuntime), cause: ptr(fmt.Sprintf(errHistoryLimit, limit))}
		x.end(result{status: Failed, failure: f}, x.lastID, history.ExecutionFailed, f.details())
		return x.lastID
	}
	if !x.mayRecord() {
		return x.lastID
	}
	x.lastID++
	if n := len(x.events); n == cap(x.events) { // a step can take very many; append alone would copy them more often
		x.events = slices.Grow(x.events, max(n, 8))
	}
	x.events = append(x.events, history.Event{Timestamp: x.now, Type: typ, ID: x.lastID, PreviousEventID: previous, Details: details})
	return x.lastID
}

// mayRecord guards against Maps in Maps that multiply where there is no limit on events.
func (x *Execution) mayRecord() bool {
	if x.now.After(x.moved) {
		x.moved, x.recorded = x.now, 0
	}
	x.recorded++
	if limit := x.config.Limits.Visits * eventsPerVisit; limit > 0 && x.recorded > limit {
		x.halt("the execution recorded %d events without any time passing: branches or iterations that multiply", limit)
		return false
	}
	return true
}

func ends(typ history.Type) bool {
	switch typ {
	case history.ExecutionSucceeded, history.ExecutionFailed, history.ExecutionTimedOut, history.ExecutionAborted:
		return true
	}
	return false
}

func ptr[T any](v T) *T { return &v }
