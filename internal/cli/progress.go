package cli

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/sfnx/sfnx/fsm"
)

// How often stderr is brought up to date: a terminal often enough for a clock, a log often enough for a CI that ends
// jobs without output.
const (
	redrawEvery    = time.Second
	heartbeatEvery = time.Minute
)

// progress says on stderr what a run does. On a terminal its last line is a live one; elsewhere there is a line for each
// change of the status, and one a minute while nothing changes.
type progress struct {
	app     *app
	style   style
	live    bool // redraws its last line
	stamped bool // every line starts with the time
	brief   bool // a timeline will tell the rest
	request fsm.Request

	mu    sync.Mutex
	state string // status of the execution, or what comes before there is one
	since time.Time
	next  time.Time // when the next look is due

	throttled int       // looks in a row
	lost      time.Time // since when AWS gives no answer; zero if it does

	drawn   bool // there is a live line on the screen
	onTick  func(now time.Time)
	quit    chan struct{}
	ticking sync.WaitGroup
}

func newProgress(a *app, r fsm.Request, brief bool) *progress {
	p := &progress{app: a, style: a.style(), live: a.err.terminal && !r.Simulated && a.env.variable("TERM") != "dumb", stamped: !a.err.terminal, brief: brief,
		request: r, state: "starting", quit: make(chan struct{})}
	p.onTick = p.tick
	return p
}

// start begins to tell the time. In virtual time there is nobody to tell.
func (p *progress) start() {
	if p.request.Simulated || p.app.quiet > 0 || len(p.request.ParseErrors) > 0 {
		return
	}
	every := heartbeatEvery
	if p.live {
		every = redrawEvery
	}
	ticker := p.app.env.Clock.Ticker(every)
	p.since = p.app.env.Clock.Now()
	p.ticking.Go(func() {
		defer func() { _ = recover() }() // the line is lost, the run goes on
		defer ticker.Stop()
		for {
			select {
			case <-p.quit:
				return
			case now := <-ticker.C:
				p.onTick(now)
			}
		}
	})
}

// stop ends the last line.
func (p *progress) stop() {
	close(p.quit)
	p.ticking.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}

func (p *progress) tick(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.live {
		p.draw(now)
	} else {
		text := p.elapsed(now)
		if p.troubled() {
			text += ", " + strings.Join(p.looks(now), ", ")
		}
		p.line(now, p.state, text)
	}
}

// observe tells people what happened, if it is for them.
func (p *progress) observe(e fsm.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	verbose, now := p.app.verbose, e.Time
	switch n := e.News.(type) {
	case fsm.RunNamed:
		p.say(verbose || !p.brief, now, "name", n.Name)
	case fsm.RunAuthenticated:
		p.say(verbose, now, "account", n.Identity.Account+" as "+n.Identity.Arn)
	case fsm.RunStarted:
		p.begun(now, "started", n.ExecutionArn, string(n.Status))
	case fsm.RunAdopted:
		p.begun(now, "adopted", n.ExecutionArn, string(n.Status))
	case fsm.RunRedriven:
		p.begun(now, "redriven", n.ExecutionArn, string(n.Status))
	case fsm.RunPolled:
		changed := p.state != string(n.Status)
		if !p.lost.IsZero() {
			p.say(true, now, "answered", "after "+span(now.Sub(p.lost).Round(time.Second)))
		}
		p.throttled, p.lost = 0, time.Time{}
		p.state, p.next = string(n.Status), now.Add(time.Duration(p.request.PollingInterval)*time.Second)
		p.say(verbose || changed && !p.brief, now, p.state, p.elapsed(now))
	case fsm.RunThrottled:
		p.next, p.lost = now.Add(n.Wait), time.Time{}
		p.throttled++
		p.say(verbose, now, "throttled", fmt.Sprintf("%s; again in %s", n.Call, span(n.Wait.Round(time.Second))))
	case fsm.RunUnreachable:
		p.next, p.throttled = now.Add(n.Wait), 0
		if p.lost.IsZero() {
			p.lost = now
		}
		p.say(true, now, "no answer", fmt.Sprintf("%s; again in %s", n.Error, span(n.Wait.Round(time.Second))))
	case fsm.RunWaitTimeout:
		what := "leaving the execution running"
		if p.request.OnWaitTimeout == fsm.StopExecution {
			what = "stopping the execution"
		}
		p.say(true, now, "time is up", what)
	case fsm.RunInterrupted:
		what := "leaving the execution as it is"
		if p.request.OnInterrupt == fsm.StopExecution {
			what = "stopping the execution; again to leave at once"
		}
		p.say(true, now, n.Signal, what)
	case fsm.RunEnded:
	}
}

// attached says which execution is waited for, of which nothing is known yet.
func (p *progress) attached(now time.Time, arn string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begun(now, "waiting", arn, "waiting")
}

// begun says that there is an execution now.
func (p *progress) begun(now time.Time, how, arn, status string) {
	p.state, p.since = status, now
	p.say(p.app.verbose || !p.brief, now, how, arn)
}

// say writes a line above the live one.
func (p *progress) say(wanted bool, now time.Time, what, text string) {
	if wanted {
		p.clear()
		p.line(now, what, text)
	}
	if p.live && p.app.quiet == 0 {
		p.draw(now)
	}
}

func (p *progress) line(now time.Time, what, text string) {
	p.app.talk("%s", p.row(now, dim, what, text))
}

// row is a line, what in a color.
func (p *progress) row(now time.Time, color, what, text string) string {
	stamp := ""
	if p.stamped {
		stamp = now.UTC().Format(time.RFC3339) + " "
	}
	return fmt.Sprintf("%s%s %s\n", stamp, p.style.paint(color, fmt.Sprintf("%-10s", what)), printable(text))
}

// draw redraws the live line.
func (p *progress) draw(now time.Time) {
	p.clear()
	parts := []string{p.style.paint(bold, p.state) + " " + clockFace(now.Sub(p.since))}
	parts = append(parts, p.looks(now)...)
	if limit := p.request.WaitTimeout; limit > 0 && !p.next.IsZero() {
		parts = append(parts, "time is up in "+span(max(limit-now.Sub(p.since), 0).Round(time.Second)))
	}
	what := "leave it running"
	if p.request.OnInterrupt == fsm.StopExecution {
		what = "stop it"
	}
	parts = append(parts, "Ctrl-C to "+what)
	p.app.talk("%s", strings.Join(parts, "   "))
	p.drawn = true
}

// troubled reports whether the last look got no answer.
func (p *progress) troubled() bool { return p.throttled > 0 || !p.lost.IsZero() }

// looks says what is wrong with the looks, and when the next one is due.
func (p *progress) looks(now time.Time) []string {
	var parts []string
	switch {
	case p.throttled > 0:
		parts = append(parts, "throttled "+count(p.throttled, "time"))
	case !p.lost.IsZero():
		parts = append(parts, "no answer for "+span(now.Sub(p.lost).Round(time.Second)))
	}
	if d := p.next.Sub(now).Round(time.Second); d > 0 {
		parts = append(parts, "next look in "+span(d))
	}
	return parts
}

func (p *progress) clear() {
	if p.drawn {
		p.app.talk("\r\x1b[K")
		p.drawn = false
	}
}

func (p *progress) elapsed(now time.Time) string { return span(now.Sub(p.since).Round(time.Second)) }

// clockFace is 0:19 or 1:02:03.
func clockFace(d time.Duration) string {
	s := int(max(d, 0) / time.Second)
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

// span is a duration with days and without units that are zero: 6s, 2h, 365d1h.
func span(d time.Duration) string {
	if d < 0 {
		return "-" + span(-d)
	}
	days, rest := d/(24*time.Hour), d%(24*time.Hour)
	text := rest.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	switch {
	case days == 0:
		return text
	case rest == 0:
		return fmt.Sprintf("%dd", days)
	}
	return fmt.Sprintf("%dd%s", days, text)
}
