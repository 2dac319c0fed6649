package fsm

import (
	"fmt"
	"path"
	"runtime"
	"strings"
)

// call makes one call of a backend. A panic inside of it is a fault of sfnx and becomes an error.
func call[T any](op string, do func() (T, error)) (answer T, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = panicError(op, v)
		}
	}()
	return do()
}

// fault is a panic that was recovered. It holds no secret: only the runtime's own panic texts are repeated, since any
// other value may be a piece of the request.
type fault struct{ op, what, site string }

func (f *fault) Error() string {
	return fmt.Sprintf("%s: panic: %s at %s; this is a fault of sfnx, please report it", f.op, f.what, f.site)
}

func panicError(op string, v any) error {
	what := fmt.Sprintf("a %T", v)
	if e, ok := v.(runtime.Error); ok {
		what = e.Error()
	}
	return &fault{op: op, what: what, site: panicSite()}
}

// panicSite is the function and line that panicked, as seen from the deferred function that recovered.
func panicSite() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for panicked := false; ; {
		f, more := frames.Next()
		inRuntime := strings.HasPrefix(f.Function, "runtime.")
		if panicked && !inRuntime {
			return fmt.Sprintf("%s (%s:%d)", path.Base(f.Function), path.Base(f.File), f.Line)
		}
		panicked = panicked || f.Function == "runtime.gopanic"
		if !more {
			return "an unknown place"
		}
	}
}
