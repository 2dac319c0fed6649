package output

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sfnx/sfnx/fsm"
)

// TextOptions say what the terminal can show.
type TextOptions struct {
	Color bool // ANSI colours; never the only carrier of a meaning
	ASCII bool // no marks beyond ASCII
}

// mark is how an ending is marked.
type mark struct{ symbol, ascii, color string }

var (
	good = mark{"✔", "[ok]", "32"}
	bad  = mark{"✘", "[failed]", "31"}
	open = mark{"○", "[open]", "33"}
)

// Text is the end of a run for people: how it ended and after how long, the state that failed, error and cause, the
// exit code, and where to look next. It ends in a newline.
func Text(o fsm.Outcome, opt TextOptions) string {
	var b strings.Builder
	m := markOf(o.Ending)
	symbol := m.symbol
	if opt.ASCII {
		symbol = m.ascii
	}
	head := symbol + " " + visible(headline(o))
	const exitColumn = 72
	gap := strings.Repeat(" ", max(2, exitColumn-utf8.RuneCountInString(head)))
	if opt.Color {
		head = "\x1b[" + m.color + "m" + head + "\x1b[0m"
	}
	fmt.Fprintf(&b, "%s%sexit %d\n", head, gap, RowOf(o.Ending).Code)
	for _, f := range facts(o) {
		label := fmt.Sprintf("  %-10s", f.label)
		if opt.Color {
			label = "\x1b[2m" + label + "\x1b[0m"
		}
		for i, text := range strings.Split(visible(f.text), "\n") {
			if i > 0 {
				label = strings.Repeat(" ", 12)
			}
			fmt.Fprintf(&b, "%s  %s\n", label, text)
		}
	}
	return b.String()
}

func markOf(ending fsm.State) mark {
	switch ending {
	case fsm.Succeeded, fsm.Started:
		return good
	case fsm.WaitTimeout, fsm.InterruptedBySignal, fsm.TerminatedBySignal:
		return open
	}
	return bad
}

// headline is how the run ended, in one line.
func headline(o fsm.Outcome) string {
	switch o.Ending {
	case fsm.Succeeded, fsm.Failed, fsm.Aborted, fsm.TimedOut:
		text := string(o.Ending)
		if x := o.Execution; !x.StopDate.IsZero() {
			text += " after " + duration(x.StopDate.Sub(x.StartDate))
		}
		if o.FailedState != "" {
			text += fmt.Sprintf(" in %q%s (event %d)", o.FailedState, retries(o.Retries), o.FailedEventID)
		}
		return text
	case fsm.Started:
		return "STARTED " + o.Name
	case fsm.WaitTimeout:
		return "WAIT_TIMEOUT after " + duration(o.Request.WaitTimeout) + ": " + left(o)
	case fsm.InterruptedBySignal, fsm.TerminatedBySignal:
		return "INTERRUPTED by " + o.Signal + ": " + left(o)
	}
	return StatusDescription(o)
}

// retries says how often the failed state was tried again.
func retries(n *int) string {
	switch {
	case n == nil || *n == 0:
		return ""
	case *n == 1:
		return " after 1 retry"
	}
	return fmt.Sprintf(" after %d retries", *n)
}

// left says what became of the execution.
func left(o fsm.Outcome) string {
	switch o.Left {
	case fsm.LeftRunning:
		return "the execution is still running"
	case fsm.LeftStopped:
		return "the execution was stopped"
	case fsm.LeftStopping:
		return "the execution is being stopped"
	case fsm.LeftEnded:
		return "the execution had ended by itself as " + string(o.Execution.Status)
	case fsm.LeftUnknown:
		if !o.Ambiguous {
			return "how the execution is doing is not known"
		}
		return "an execution may have been started"
	}
	return "no execution is running"
}

// fact is one labelled line, or several.
type fact struct{ label, text string }

func facts(o fsm.Outcome) []fact {
	var all []fact
	add := func(label string, text *string) {
		if text != nil && *text != "" {
			all = append(all, fact{label, *text})
		}
	}
	for _, e := range o.FieldErrors {
		add("field", unlessEmpty(e.Error()))
	}
	d := details(o)
	if o.Ending != fsm.ConnectionError { // its headline says it
		add("error", d.Error)
		if d.Cause != nil {
			add("cause", unlessEmpty(abridged(unpack(*d.Cause))))
		}
	}
	add("events", unlessEmpty(lastEvents(o)))
	add("stop", d.StopError)
	if o.Signal == "" && o.Ending != fsm.WaitTimeout && o.Left != fsm.LeftNothing { // else the headline says it
		add("left", unlessEmpty(left(o)))
	}
	if o.Execution != nil {
		add("execution", &o.Execution.ExecutionArn)
	}
	if o.Adopted {
		add("adopted", unlessEmpty("it existed already, under the name of this job and with the same input"))
	}
	if o.Redriven {
		add("redriven", unlessEmpty("it had ended before, and went on from where it failed"))
	}
	add("console", d.ConsoleURL)
	for _, command := range d.Next {
		add("next", &command)
	}
	return all
}

// lastEvents is a line for each of the last events: id, time since the start, type, state.
func lastEvents(o fsm.Outcome) string {
	rows := make([][4]string, len(o.LastEvents))
	var width [4]int
	for i, e := range o.LastEvents {
		rows[i] = [4]string{fmt.Sprint(e.ID), "+" + duration(e.Timestamp.Sub(o.Execution.StartDate)), string(e.Type), e.State}
		for c, text := range rows[i] {
			width[c] = max(width[c], utf8.RuneCountInString(text))
		}
	}
	lines := make([]string, len(rows))
	for i, r := range rows {
		lines[i] = strings.TrimRight(fmt.Sprintf("%*s  %*s  %-*s  %s", width[0], r[0], width[1], r[1], width[2], r[2], r[3]), " ")
	}
	return strings.Join(lines, "\n")
}

// duration is a duration for people: 38.5s, 3h12m0s.
func duration(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

// visible replaces what names and causes may hold but a terminal must not be sent: control and format characters.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r != '\n' && !unicode.IsGraphic(r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
