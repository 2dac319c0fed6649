package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

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
or of several the first one in the order given that is not 0. Of a state machine with more than three of them they are
followed by lists of its executions (states:ListExecutions), a thousand at a time; --wait-timeout is for all of them
together: when it has passed, each gets a last look, and a stop with --on-wait-timeout stop. With - the ARNs come from
stdin, separated by white space. One that is given twice counts once.

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
	given := numbered(arns)
	if len(arns) == 1 && arns[0] == "-" {
		given = o.fromStdin(m)
	}
	events := m.events(o.events, o.resultFile, "")
	w := &waiter{options: o, events: events, accounts: m.accounts(), regions: map[string]*region{}}
	defer w.accounts.close()
	outcomes := o.outcomes(m, w, given)
	return o.finish(outcomes, events.close(outcomes...))
}

// outcomes waits. Mistakes are told together, before anything is asked.
func (o *waitOptions) outcomes(m *merge, w *waiter, given []listed) []fsm.Outcome {
	if len(given) == 1 {
		req := m.forExecution(given[0].arn)
		req.WaitForSuccessOrFailure = true
		return o.alone(w.wait(given[0].arn, req))
	}
	now := o.app.env.Clock.Now()
	requests := make(map[string]fsm.Request, len(given))
	var wrong []fsm.FieldError
	for i, g := range given {
		one := *m
		one.request.ParseErrors = slices.Clone(m.request.ParseErrors)
		req := one.forExecution(g.arn)
		req.WaitForSuccessOrFailure = true
		requests[g.arn] = req
		if i > 0 {
			req.ProxyCABundleFile = "" // one file for all: it is read for the first
		}
		for _, e := range ofExecution(req.Validate(o.app.env.readFile)) {
			if e.Field == "execution_arn" && g.line > 0 {
				e.Rule = fmt.Sprintf("line %d: %s", g.line, e.Rule)
			}
			if !slices.Contains(wrong, e) {
				wrong = append(wrong, e)
			}
		}
	}
	if len(wrong) > 0 {
		out := fsm.Outcome{Request: m.request, Ending: fsm.DataValidationError, Stage: fsm.Validate, FieldErrors: wrong, Began: now, Ended: now}
		w.write(fsm.Event{Time: now, News: fsm.RunEnded{Outcome: out}})
		return o.alone(out)
	}
	arns := make([]string, len(given))
	for i, g := range given {
		arns[i] = g.arn
	}
	return newSweeper(w, arns, requests).run()
}

// alone says how a wait has ended that has one outcome.
func (o *waitOptions) alone(out fsm.Outcome) []fsm.Outcome {
	outcomes := []fsm.Outcome{out}
	if o.output.chosen == formatNDJSON {
		_, _ = o.app.out.Write(o.render(outcomes))
	}
	o.app.tellEnd(out)
	return outcomes
}

// listed is an ARN, and the line of stdin that it stands on.
type listed struct {
	arn  string
	line int // 0: on the command line
}

// numbered are the arguments, each once.
func numbered(args []string) []listed {
	var all []listed
	for _, arg := range args {
		if !slices.ContainsFunc(all, func(g listed) bool { return g.arn == arg }) {
			all = append(all, listed{arn: arg})
		}
	}
	return all
}

// fromStdin reads ARNs that are separated by white space, each once.
func (o *waitOptions) fromStdin(m *merge) []listed {
	data, err := o.app.in.read("the list of ARNs")
	var all []listed
	seen := map[string]bool{}
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		for _, arn := range strings.Fields(line) {
			if !seen[arn] {
				seen[arn] = true
				all = append(all, listed{arn, number})
			}
		}
	}
	if err == nil && len(all) == 0 {
		err = errors.New("stdin has no ARN")
	}
	if err != nil {
		m.fail("state_machine_arn", "-", err.Error())
		return []listed{{}}
	}
	return all
}

// finish writes what the command owes and gives the first code that is not 0.
func (o *waitOptions) finish(outcomes []fsm.Outcome, err error) int {
	a := o.app
	keep := func() error { return a.env.Files.Replace(a.env.path(o.resultFile), o.render(outcomes)) }
	outcomes[0] = failed(outcomes[0], err)
	if o.resultFile != "" {
		written := keep()
		if a.kept = written == nil; !a.kept {
			err = errors.Join(err, fmt.Errorf("write the result to %s: %w", o.resultFile, written))
			outcomes[0] = failed(outcomes[0], err)
		}
	}
	if err != nil {
		a.complain("sfnx wait: %v\n", err)
	}
	if o.output.chosen != formatNDJSON {
		a.documented = true
		_, _ = a.out.Write(o.render(outcomes))
	}
	if lost := a.unwritten(); lost != nil && a.kept {
		outcomes[0] = failed(outcomes[0], lost)
		_ = keep() // or it would tell another code than the command
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
