package cli

import (
	"github.com/spf13/cobra"
)

// redriveOptions are the flags of redrive.
type redriveOptions struct {
	executionOptions
	wait        bool
	clientToken string
	resultFile  string
	events      string
}

func newRedriveCommand(a *app) *cobra.Command {
	o := &redriveOptions{executionOptions: executionOptions{app: a}}
	c := &cobra.Command{
		Use:   "redrive EXECUTION_ARN",
		Short: "Run an execution that failed again, from where it failed",
		Long: `redrive asks AWS to go on with a STANDARD execution that failed, was aborted or timed out, from where it did so; what had
succeeded is not run again. AWS does that within 14 days of the end. It exits with 0 when AWS has accepted, with 20 and
the reason when AWS refuses. With --wait it waits for the end and exits as 'sfnx wait' does.

The call is repeated while its answer gets lost or AWS is busy, and counts once: it has a client token. The same
--client-token in a later command counts once with it, too (AWS remembers a token for 15 minutes).

` + codeHelp,
		Example: `  sfnx redrive arn:aws:states:eu-west-1:123456789012:execution:order:nightly-1 --wait
  sfnx redrive arn:aws:states:eu-west-1:123456789012:execution:order:nightly-1 -o text --client-token ticket-4711`,
		Args: exactly("execution ARN"),
		RunE: func(_ *cobra.Command, args []string) error {
			a.code = o.run(args[0])
			return nil
		},
	}
	c.Flags().BoolVar(&o.wait, "wait", false, "wait for the end of the execution")
	c.Flags().StringVar(&o.clientToken, "client-token", "", "`token` that makes the redrive count once (default: generated)")
	o.addFlags(c.Flags(), waiting, formatJSON, formatText)
	c.Flags().StringVar(&o.resultFile, "result-file", "", "write the document to `FILE` too, all or nothing")
	c.Flags().StringVar(&o.events, "events", "", "write what happens as NDJSON to `FILE|-|fd:N`, line by line")
	completeFlag(c, "output", o.output.formats)
	completeWait(c)
	return c
}

func (o *redriveOptions) run(arn string) int {
	a := o.app
	a.wantsJSON = o.output.chosen == formatJSON
	m := newMerge(a, o.flags, o.request, waiting)
	events := m.events(o.events, o.resultFile, "")
	j := &job{
		options:  &jobOptions{app: a, output: o.output, resultFile: o.resultFile},
		request:  m.forExecution(arn),
		accounts: m.accounts(),
		events:   events,
	}
	defer j.accounts.close()
	j.request.RedriveArn, j.request.ClientToken, j.request.WaitForSuccessOrFailure = arn, o.clientToken, o.wait
	j.runner = j.accounts.runner()
	return j.run()
}
