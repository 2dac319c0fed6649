package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/history"
)

const formatTree = "tree"

func newHistoryCommand(a *app) *cobra.Command {
	o := &executionOptions{app: a}
	c := &cobra.Command{
		Use:   "history EXECUTION_ARN",
		Short: "Show the events of one execution",
		Long: `history shows what happened in an execution on AWS: a table; with -o tree each event below its state, branches and
iterations apart; with -o json or -o ndjson the events as the API gives them. The history of a simulation is written by
'sfnx simulate --history'.`,
		Example: `  sfnx history arn:aws:states:eu-west-1:123456789012:execution:order:nightly-1
  sfnx history arn:aws:states:eu-west-1:123456789012:execution:order:nightly-1 -o ndjson | grep Failed`,
		Args: exactly("execution ARN"),
		RunE: func(_ *cobra.Command, args []string) error {
			a.code = showHistory(o, args[0])
			return nil
		},
	}
	o.addFlags(c.Flags(), reaching, formatText, formatTree, formatJSON, formatNDJSON)
	completeFlag(c, "output", o.output.formats)
	return c
}

func showHistory(o *executionOptions, arn string) int {
	t, code := o.reach(arn)
	if t == nil {
		return code
	}
	defer t.accounts.close()
	events, err := allEvents(o.app.interrupts.ctx, t.backend, arn)
	if err != nil {
		return t.failed(fsm.Poll, err)
	}
	var text []byte
	switch t.format {
	case formatJSON:
		text, err = historyJSON(events)
	case formatNDJSON:
		text, err = historyNDJSON(events)
	case formatTree:
		text = []byte(historyTree(events, o.app.out.terminal))
	default:
		text = []byte(historyTable(events, o.app.out.terminal))
	}
	if err != nil {
		return t.failed(fsm.Poll, err)
	}
	_, _ = o.app.out.Write(text)
	return 0
}

// allEvents reads the whole history, page by page.
func allEvents(ctx context.Context, b backend.Backend, arn string) ([]history.Event, error) {
	h, ok := b.(backend.Historian)
	if !ok {
		return nil, &backend.Error{Code: backend.Unsupported, Op: "GetExecutionHistory", Message: "this backend keeps no history"}
	}
	var all []history.Event
	in := backend.GetExecutionHistoryInput{ExecutionArn: arn, MaxResults: 1000}
	for {
		page, err := h.GetExecutionHistory(ctx, in)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Events...)
		if in.NextToken = page.NextToken; in.NextToken == "" {
			return all, nil
		}
	}
}

// historyJSON is one document, shaped as the API's answer.
func historyJSON(events []history.Event) ([]byte, error) {
	if events == nil {
		events = []history.Event{}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(struct {
		Events []history.Event `json:"events"`
	}{events})
	return b.Bytes(), err
}

// historyNDJSON is one event a line.
func historyNDJSON(events []history.Event) ([]byte, error) {
	var b bytes.Buffer
	for _, e := range events {
		line, err := e.MarshalJSON()
		if err != nil {
			return nil, err
		}
		b.Write(append(line, '\n'))
	}
	return b.Bytes(), nil
}

// historyTable is a line for each event: id, time since the start, type, and what it is about. On a terminal a long
// text is cut.
func historyTable(events []history.Event, cut bool) string {
	if len(events) == 0 {
		return ""
	}
	rows := make([][4]string, len(events))
	var width [3]int
	for i, e := range events {
		rows[i] = [4]string{fmt.Sprint(e.ID), "+" + span(e.Timestamp.Sub(events[0].Timestamp)), string(e.Type), printable(about(e.Details))}
		for c := range width {
			width[c] = max(width[c], len(rows[i][c]))
		}
	}
	var b strings.Builder
	for _, r := range rows {
		line := fmt.Sprintf("%*s  %*s  %-*s  %s", width[0], r[0], width[1], r[1], width[2], r[2], shortened(r[3], cut))
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// shortened is the start of a long text, if it is to be cut.
func shortened(text string, cut bool) string {
	const longest = 100
	if cut && utf8.RuneCountInString(text) > longest {
		text = string([]rune(text)[:longest]) + "..."
	}
	return text
}

// about is what an event is about, in a few words.
func about(details history.Details) string {
	switch d := details.(type) {
	case *history.StateEntered:
		return d.Name
	case *history.StateExited:
		return d.Name
	case *history.ExecutionStartedDetails:
		return d.Input.String()
	case *history.Succeeded:
		return d.Output.String()
	case *history.Failure:
		return reason(d.Error, d.Cause)
	case *history.TaskFailure:
		return d.ResourceType + ":" + d.Resource + " " + reason(d.Error, d.Cause)
	case *history.TaskScheduledDetails:
		return d.ResourceType + ":" + d.Resource
	case *history.TaskStartedDetails:
		return d.ResourceType + ":" + d.Resource
	case *history.TaskOutput:
		return d.ResourceType + ":" + d.Resource
	case *history.LambdaFunctionScheduledDetails:
		return d.Resource
	case *history.ActivityScheduledDetails:
		return d.Resource
	case *history.ActivityStartedDetails:
		return d.WorkerName
	case *history.MapStateStartedDetails:
		return count(d.Length, "item")
	case *history.MapIteration:
		return fmt.Sprintf("%s [%d]", d.Name, d.Index)
	case *history.MapRun:
		return d.MapRunArn
	case *history.Redriven:
		return fmt.Sprintf("redrive %d", d.RedriveCount)
	case *history.EvaluationFailedDetails:
		return d.State + " " + reason(&d.Error, &d.Cause)
	}
	return ""
}

// reason is an error and its cause, as far as they were given.
func reason(name, cause *string) string {
	var parts []string
	for _, p := range []*string{name, cause} {
		if p != nil && *p != "" {
			parts = append(parts, *p)
		}
	}
	return strings.Join(parts, ": ")
}
