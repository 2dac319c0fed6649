package cli

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/sfnx/sfnx/backend/aws"
	"github.com/sfnx/sfnx/fsm"
)

// debugf says something that only whoever looks for a fault wants to know.
func (a *app) debugf(format string, args ...any) {
	if a.debug {
		a.errorf("%s debug      %s\n", a.env.Clock.Now().UTC().Format(time.RFC3339), printable(fmt.Sprintf(format, args...)))
	}
}

// debugRequest says what a job is made of. The values of secrets print as their mask.
func (a *app) debugRequest(r fsm.Request) {
	a.debugf("sfnx %s, %s, %s/%s", a.env.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	a.debugf("region %q, endpoint %q, profile %q, roles %q, proxy %q of type %q", r.EffectiveRegion(), r.EndpointURL, r.Profile, r.RoleChain(), r.ShownProxy(), r.EffectiveProxyType())
}

// debugExchange is one line for one request to AWS.
func (a *app) debugExchange(e aws.Exchange) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s %s", e.Service, e.Operation, e.Method, e.URL)
	if e.Proxy != "" {
		fmt.Fprintf(&b, " by %s", e.Proxy)
	}
	if e.Status == 0 {
		b.WriteString(" no answer")
	} else {
		fmt.Fprintf(&b, " %d", e.Status)
	}
	fmt.Fprintf(&b, " in %s", e.Took.Round(time.Millisecond))
	for _, name := range slices.Sorted(maps.Keys(e.Headers)) {
		fmt.Fprintf(&b, " %s=%q", name, strings.Join(e.Headers[name], ", "))
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	a.debugf("%s", b.String())
}
