package cli

import (
	"fmt"
	"time"

	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/internal/sweep"
	"github.com/sfnx/sfnx/output"
)

// sweepProgress says on stderr how far a wait for many executions has come.
type sweepProgress struct {
	*progress
	total int
	stood sweep.Standing
}

func newSweepProgress(a *app, r fsm.Request, total int) *sweepProgress {
	p := &sweepProgress{progress: newProgress(a, r, false), total: total}
	p.onTick = p.tick
	return p
}

// stands takes down how far the wait has come.
func (p *sweepProgress) stands(now sweep.Standing) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stood = now
}

// alone says that executions cannot be listed.
func (p *sweepProgress) alone(machineArn string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wrong("no list", fmt.Sprintf("the executions of %s are looked at one by one: %v", machineArn, err))
}

// ended tells of an execution that did not succeed.
func (p *sweepProgress) ended(arn string, out fsm.Outcome) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch row := output.RowOf(out.Ending); {
	case row.Code == 0 || out.Signal != "" || out.Ending == fsm.WaitTimeout: // the summary tells
		return
	default:
		text := arn
		if out.FailedState != "" {
			text += fmt.Sprintf(" in %q", out.FailedState)
		}
		if why := misfortune(out); why != "" {
			text += ": " + why
		}
		p.wrong(string(out.Ending), text)
	}
}

// misfortune is why an execution failed, or could not be waited for.
func misfortune(out fsm.Outcome) string {
	switch x := out.Execution; {
	case out.Err != nil:
		return out.Err.Error()
	case x != nil && x.Error != nil:
		return *x.Error
	}
	return ""
}

// wrong writes a line above the live one that is not to be missed.
func (p *sweepProgress) wrong(what, text string) {
	now := p.app.env.Clock.Now()
	p.clear()
	p.app.complain("%s", p.row(now, red, what, text))
	p.redraw(now)
}

func (p *sweepProgress) tick(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.live {
		p.redraw(now)
		return
	}
	p.line(now, "waiting", p.text())
}

// redraw redraws the live line, if there is one.
func (p *sweepProgress) redraw(now time.Time) {
	if !p.live || p.app.quiet > 0 {
		return
	}
	p.clear()
	text := p.text()
	if d := p.stood.Sweep.Sub(now).Round(time.Second); d > 0 {
		text += "   next sweep in " + span(d)
	}
	p.app.talk("%s", p.style.paint(bold, text))
	p.drawn = true
}

// text is 4,213 of 10,000 ended   4,198 succeeded   15 failed.
func (p *sweepProgress) text() string {
	return standing(p.total, p.stood.Succeeded, p.stood.Failed)
}

func standing(total, succeeded, failed int) string {
	text := fmt.Sprintf("%s of %s ended", grouped(succeeded+failed), grouped(total))
	if succeeded+failed > 0 {
		text += fmt.Sprintf("   %s succeeded", grouped(succeeded))
	}
	if failed > 0 {
		text += fmt.Sprintf("   %s failed", grouped(failed))
	}
	return text
}

// grouped is a number with commas: 10,000.
func grouped(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}

// summary says at the end how the executions stand, and what became of those still open.
func (p *sweepProgress) summary(all []fsm.Outcome) {
	succeeded, failed := 0, 0
	open := map[fsm.Left]int{}
	for _, out := range all {
		switch {
		case out.Ending == fsm.Succeeded:
			succeeded++
		case out.Left == fsm.LeftNothing:
			failed++
		default:
			open[out.Left]++
		}
	}
	text := standing(len(all), succeeded, failed)
	for _, left := range []struct {
		what fsm.Left
		text string
	}{
		{fsm.LeftRunning, "still running"}, {fsm.LeftStopped, "stopped"}, {fsm.LeftStopping, "being stopped"},
		{fsm.LeftEnded, "ended before they could be stopped"}, {fsm.LeftUnknown, "not known"},
	} {
		if n := open[left.what]; n > 0 {
			text += fmt.Sprintf("   %s %s", grouped(n), left.text)
		}
	}
	if succeeded == len(all) {
		p.app.talk("%s\n", text)
	} else {
		p.app.complain("%s\n", text)
	}
}
