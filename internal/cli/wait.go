package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/output"
)

// waitOptions are the flags of wait.
type waitOptions struct {
	executionOptions
	resultFile string
	events     string
}

func newWaitCommand(a *app) *cobra.Command {
	o := &waitOptions{executionOptions: executionOptions{app: a}}
	c := &cobra.Command{
		Use:   "wait EXECUTION_ARN...|-",
		Short: "Wait for executions that run already, and exit with their code",
		Long: `wait waits for the end of executions on AWS and exits as 'sfnx run --wait' would have: with the code of the execution,
or of several the first one in the order given that is not 0. They are looked at one after the other; --wait-timeout
is for all of them together: when it has passed, each gets a last look, and a stop with --on-wait-timeout stop. With - the ARNs come from stdin, separated by white space.

The last thing on stdout is the document of 'sfnx run', of several executions an array of them; with -o ndjson there is
one document a line, each as soon as its execution has ended, and with -o text the outputs of those that succeeded.

` + codeHelp,
		Example: `  sfnx wait arn:aws:states:eu-west-1:123456789012:execution:order:nightly-1 --wait-timeout 2h
  sfnx run arn:aws:states:eu-west-1:123456789012:stateMachine:order -o text | sfnx wait -`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("execution ARN is missing; - reads them from stdin")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			a.code = o.run(args)
			return nil
		},
	}
	o.addFlags(c.Flags(), waiting, formatJSON, formatText, formatNDJSON)
	c.Flags().StringVar(&o.resultFile, "result-file", "", "write what goes to stdout to `FILE` too, all or nothing")
	c.Flags().StringVar(&o.events, "events", "", "write what happens as NDJSON to `FILE|-|fd:N`, line by line")
	completeFlag(c, "output", o.output.formats)
	completeWait(c)
	return c
}

func (o *waitOptions) run(arns []string) int {
	a := o.app
	a.wantsJSON = o.output.chosen == formatJSON
	m := newMerge(a, o.flags, o.request, waiting)
	if len(arns) == 1 && arns[0] == "-" {
		arns = o.fromStdin(m)
	}
	events, err := a.openEvents(o.events)
	if err != nil {
		m.fail("events", o.events, err.Error())
	}
	w := &waiter{options: o, events: events, accounts: m.accounts(), regions: map[string]*region{}}
	defer w.accounts.close()
	var deadline time.Time
	if limit := m.request.WaitTimeout; limit > 0 {
		deadline = a.env.Clock.Now().Add(limit)
	}
	var outcomes []fsm.Outcome
	for _, arn := range arns {
		one := *m
		one.request.ParseErrors = slices.Clone(m.request.ParseErrors)
		req := one.forExecution(arn)
		req.WaitForSuccessOrFailure = true
		if !deadline.IsZero() {
			req.WaitTimeout = max(deadline.Sub(a.env.Clock.Now()), 1) // one look at least
		}
		out := w.wait(arn, req)
		outcomes = append(outcomes, out)
		if o.output.chosen == formatNDJSON {
			_, _ = a.out.Write(o.render(outcomes[len(outcomes)-1:]))
		}
		a.tellEnd(out)
	}
	return o.finish(outcomes, events.close())
}

// fromStdin reads ARNs that are separated by white space.
func (o *waitOptions) fromStdin(m *merge) []string {
	data, err := o.app.in.read("the list of ARNs")
	arns := strings.Fields(string(data))
	if err == nil && len(arns) == 0 {
		err = errors.New("stdin has no ARN")
	}
	if err != nil {
		m.fail("state_machine_arn", "-", err.Error())
		return []string{""}
	}
	return arns
}

// finish writes what the command owes and gives the first code that is not 0.
func (o *waitOptions) finish(outcomes []fsm.Outcome, err error) int {
	a := o.app
	if o.resultFile != "" {
		data := o.render(outcomes)
		written := a.env.Files.Replace(a.env.path(o.resultFile), data)
		if a.kept = written == nil; !a.kept {
			err = errors.Join(err, fmt.Errorf("write the result to %s: %w", o.resultFile, written))
		}
	}
	if err != nil {
		a.complain("sfnx wait: %v\n", err)
		outcomes[0] = failed(outcomes[0], err)
	}
	if o.output.chosen != formatNDJSON {
		a.documented = true
		_, _ = a.out.Write(o.render(outcomes))
	}
	for _, out := range outcomes {
		if code := output.RowOf(out.Ending).Code; code != 0 {
			return code
		}
	}
	return 0
}

// render is what goes to stdout.
func (o *waitOptions) render(outcomes []fsm.Outcome) []byte {
	var documents []output.Document
	var text strings.Builder
	for _, out := range outcomes {
		d := o.app.document(out)
		d.Changed = false // it was started by somebody else
		documents = append(documents, d)
		text.WriteString(plainResult(out))
	}
	switch {
	case o.output.chosen == formatText:
		return []byte(text.String())
	case o.output.chosen == formatNDJSON:
		var lines bytes.Buffer
		for _, d := range documents {
			// What Compact is given is JSON.
			_ = json.Compact(&lines, d.JSON())
			lines.WriteByte('\n')
		}
		return lines.Bytes()
	case len(documents) == 1:
		return documents[0].JSON()
	}
	return pretty(documents)
}
