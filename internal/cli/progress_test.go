package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
)

// told is what a progress says of these events at 10 seconds each, followed by the line that the clock brings 5 seconds
// later.
func told(t *testing.T, terminal bool, change func(*fsm.Request), news ...fsm.News) string {
	t.Helper()
	var stderr strings.Builder
	a := newApp(Streams{Err: &stderr, ErrTerminal: terminal}, Environment{LookupEnv: func(string) (string, bool) { return "", false }}.withDefaults())
	defer a.interrupts.stop()
	a.noColor = true
	req := fsm.Defaults()
	change(&req)
	p := newProgress(a, req, false)
	now := time.Date(2026, 11, 20, 5, 0, 0, 0, time.UTC)
	for _, n := range append([]fsm.News{fsm.RunStarted{ExecutionArn: "arn", Status: backend.Running}}, news...) {
		p.observe(fsm.Event{Time: now, News: n})
		now = now.Add(10 * time.Second)
	}
	before := stderr.Len()
	p.tick(now.Add(-5 * time.Second))
	return strings.TrimPrefix(stderr.String()[before:], "\r\x1b[K")
}

func TestProgress(t *testing.T) {
	polled := fsm.RunPolled{Status: backend.Running}
	throttled := fsm.RunThrottled{Call: "DescribeExecution", Wait: 45 * time.Second}
	lost := fsm.RunUnreachable{Call: "DescribeExecution", Code: backend.Connection, Error: "refused", Wait: 20 * time.Second}
	leave := func(*fsm.Request) {}
	for _, c := range []struct {
		name   string
		change func(*fsm.Request)
		news   []fsm.News
		live   string
		line   string // in a pipe
	}{
		{"all is well", leave, []fsm.News{polled},
			"RUNNING 0:15   next look in 5s   Ctrl-C to leave it running", "2026-11-20T05:00:15Z RUNNING    15s\n"},
		{"throttled", leave, []fsm.News{polled, throttled, throttled, throttled},
			"RUNNING 0:45   throttled 3 times   next look in 40s   Ctrl-C to leave it running",
			"2026-11-20T05:00:45Z RUNNING    45s, throttled 3 times, next look in 40s\n"},
		{"throttled no more", leave, []fsm.News{throttled, polled},
			"RUNNING 0:25   next look in 5s   Ctrl-C to leave it running", "2026-11-20T05:00:25Z RUNNING    25s\n"},
		{"no answer", leave, []fsm.News{polled, throttled, lost, lost},
			"RUNNING 0:45   no answer for 15s   next look in 15s   Ctrl-C to leave it running",
			"2026-11-20T05:00:45Z RUNNING    45s, no answer for 15s, next look in 15s\n"},
		{"to be stopped, and with a limit", func(r *fsm.Request) { r.OnInterrupt, r.WaitTimeout = fsm.StopExecution, time.Hour }, []fsm.News{polled},
			"RUNNING 0:15   next look in 5s   time is up in 59m45s   Ctrl-C to stop it", "2026-11-20T05:00:15Z RUNNING    15s\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := told(t, true, c.change, c.news...); got != c.live {
				t.Errorf("on a terminal %q, want %q", got, c.live)
			}
			if got := told(t, false, c.change, c.news...); got != c.line {
				t.Errorf("in a pipe %q, want %q", got, c.line)
			}
		})
	}
}
