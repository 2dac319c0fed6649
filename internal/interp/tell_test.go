package interp_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/value"
)

// tell writes what happened: a line for each event, then the status. Output, error and cause are those of the last event;
// the ledger sees to that.
// With show, only that many events from the beginning, and the last three.
func tell(w *world, show int) string {
	var b strings.Builder
	for i, e := range w.events {
		if hidden := len(w.events) - 3 - show; show > 0 && i >= show && i < show+hidden {
			if i == show {
				fmt.Fprintf(&b, "... %d events\n", hidden)
			}
			continue
		}
		after := strconv.FormatFloat(e.Timestamp.Sub(w.ledger.start).Seconds(), 'f', -1, 64)
		line := fmt.Sprintf("+%ss %d<-%d %s %s", after, e.ID, e.PreviousEventID, e.Type, describe(e.Details))
		b.WriteString(shorten(strings.TrimRight(line, " ")) + "\n")
		for _, note := range w.notes[e.ID] {
			b.WriteString("    " + note + "\n")
		}
	}
	b.WriteString(map[interp.Status]string{interp.Running: "RUNNING", interp.Succeeded: "SUCCEEDED", interp.Failed: "FAILED", interp.TimedOut: "TIMED_OUT", interp.Aborted: "ABORTED"}[w.x.Status()] + "\n")
	if halted := w.x.Halted(); halted != nil {
		fmt.Fprintf(&b, "HALTED %v\n", halted)
	}
	told := b.String()
	for id, token := range w.tokens {
		told = strings.ReplaceAll(told, token, fmt.Sprintf("<token %d>", id))
	}
	return told
}

// orders is what a Map Run is told to do, as far as it is told anything.
func orders(c interp.StartMapRun) string {
	text := ""
	add := func(name string, v any, absent bool) {
		if !absent {
			text += fmt.Sprintf(" %s %v", name, v)
		}
	}
	add("items", len(c.Items), c.Items == nil)
	add("reader", c.Reader, c.Reader.Len() == 0)
	add("writer", c.Writer, c.Writer.Len() == 0)
	add("max items", c.MaxItems, c.MaxItems == 0)
	add("batch items", c.BatchItems, c.BatchItems == 0)
	add("batch bytes", c.BatchBytes, c.BatchBytes == 0)
	add("batch input", c.BatchInput, c.BatchInput.IsUndefined())
	add("concurrency", c.Concurrency, c.Concurrency == 0)
	add("tolerated count", c.Tolerance.Count, c.Tolerance.Count == 0)
	add("tolerated percentage", c.Tolerance.Percentage, c.Tolerance.Percentage == 0)
	return text
}

// describe is the details of an event in one line.
func describe(d history.Details) string {
	switch d := d.(type) {
	case nil:
		return ""
	case *history.ExecutionStartedDetails:
		return d.Input.String()
	case *history.StateEntered:
		return d.Name + " " + d.Input.String()
	case *history.StateExited:
		return d.Name + " " + d.Output.String() + assignments(d.AssignedVariables)
	case *history.EvaluationFailedDetails:
		return d.State + " at " + strconv.Quote(d.Location) + " " + failureText(&d.Error, &d.Cause)
	case *history.Succeeded:
		return d.Output.String()
	case *history.Failure:
		return failureText(d.Error, d.Cause)
	case *history.MapStateStartedDetails:
		return fmt.Sprintf("length %d", d.Length)
	case *history.MapIteration:
		return fmt.Sprintf("%s %d", d.Name, d.Index)
	case *history.TaskScheduledDetails:
		return d.ResourceType + ":" + d.Resource + " " + d.Parameters.String() + bounds(d.TimeoutInSeconds, d.HeartbeatInSeconds, d.CredentialsRoleArn)
	case *history.LambdaFunctionScheduledDetails:
		return d.Resource + " " + d.Input.String() + bounds(d.TimeoutInSeconds, nil, d.CredentialsRoleArn)
	case *history.ActivityScheduledDetails:
		return d.Resource + " " + d.Input.String() + bounds(d.TimeoutInSeconds, d.HeartbeatInSeconds, "")
	case *history.ActivityStartedDetails:
		return d.WorkerName
	case *history.MapRun:
		return d.MapRunArn
	case *history.TaskStartedDetails:
		return d.ResourceType + ":" + d.Resource
	case *history.TaskOutput:
		return d.ResourceType + ":" + d.Resource + " " + d.Output.String()
	case *history.TaskFailure:
		return d.ResourceType + ":" + d.Resource + " " + failureText(d.Error, d.Cause)
	}
	return fmt.Sprintf("%T", d)
}

// assignments are what a state assigns: with a = 1, b = "x".
func assignments(list []history.Variable) string {
	text := ""
	for i, v := range list {
		text += [...]string{" with ", ", "}[min(i, 1)] + v.Name + " = " + v.Value.String()
	}
	return text
}

func bounds(timeout, heartbeat *int64, role string) string {
	text := ""
	if timeout != nil {
		text += fmt.Sprintf(" timeout %ds", *timeout)
	}
	if heartbeat != nil {
		text += fmt.Sprintf(" heartbeat %ds", *heartbeat)
	}
	if role != "" {
		text += " as " + role
	}
	return text
}

// failureText is {"Error": ..., "Cause": ...} without what is absent.
func failureText(err, cause *string) string {
	v := value.EmptyObject()
	if err != nil {
		v = v.With("Error", value.String(*err))
	}
	if cause != nil {
		v = v.With("Cause", value.String(*cause))
	}
	return v.JSON()
}

func quote(s *string) string {
	if s == nil {
		return "absent"
	}
	return strconv.Quote(*s)
}

var many = regexp.MustCompile(`<(.)\*(\d+)>`)

// expand writes <x*300> out.
func expand(s string) string {
	return many.ReplaceAllStringFunc(s, func(m string) string {
		parts := many.FindStringSubmatch(m)
		n, err := strconv.Atoi(parts[2])
		if err != nil {
			panic(err)
		}
		return strings.Repeat(parts[1], n)
	})
}

// shorten writes a character that is repeated at least 100 times as <x*100>.
func shorten(s string) string {
	var b strings.Builder
	runes := []rune(s)
	for i := 0; i < len(runes); {
		n := 1
		for i+n < len(runes) && runes[i+n] == runes[i] {
			n++
		}
		if n >= 100 {
			fmt.Fprintf(&b, "<%c*%d>", runes[i], n)
		} else {
			b.WriteString(string(runes[i : i+n]))
		}
		i += n
	}
	return b.String()
}
