package interp

import "time"

// The service changes. Where recordings of different times differ, the newest holds; an execution that is to be compared
// with an older one follows what held then (Config.AsOf).
var (
	// The context object has Execution.RedriveCount: redrive came in November 2023.
	sinceRedriveCount = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	// MapStateExited of a distributed Map points to MapRunStarted; before, it pointed to MapRunSucceeded.
	sinceExitAtMapRunStart = time.Date(2024, 11, 1, 0, 0, 0, 0, time.UTC)
)

// since reports whether a change of the service holds for this execution.
func (x *Execution) since(change time.Time) bool {
	return x.config.AsOf.IsZero() || !x.config.AsOf.Before(change)
}
