package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
)

// stopOptions are the flags of stop.
type stopOptions struct {
	executionOptions
	errorName string
	cause     string
}

func newStopCommand(a *app) *cobra.Command {
	o := &stopOptions{executionOptions: executionOptions{app: a}}
	c := &cobra.Command{
		Use:   "stop EXECUTION_ARN",
		Short: "Stop one execution",
		Long: `stop asks AWS to stop an execution, and shows its status afterwards. It exits with 0 if the execution does not run any
more or is being stopped; one that had ended before keeps its status.`,
		Example: `  sfnx stop arn:aws:states:eu-west-1:123456789012:execution:order:nightly-1 --cause 'wrong input'`,
		Args:    exactly("execution ARN"),
		RunE: func(_ *cobra.Command, args []string) error {
			a.code = o.run(args[0])
			return nil
		},
	}
	o.addFlags(c.Flags(), reaching, formatText, formatJSON)
	c.Flags().StringVar(&o.errorName, "error", "", "`name` of the error that the execution ends with")
	c.Flags().StringVar(&o.cause, "cause", "", "`text` that says why")
	completeFlag(c, "output", o.output.formats)
	return c
}

func (o *stopOptions) run(arn string) int {
	t, code := o.reach(arn)
	if t == nil {
		return code
	}
	defer t.accounts.close()
	ctx := o.app.interrupts.ctx
	in := backend.StopExecutionInput{ExecutionArn: arn}
	if o.errorName != "" {
		in.Error = &o.errorName
	}
	if o.cause != "" {
		in.Cause = &o.cause
	}
	stopper, ok := t.backend.(backend.Stopper)
	if !ok {
		return t.failed(fsm.Poll, &backend.Error{Code: backend.Unsupported, Op: "StopExecution", Message: "this backend cannot stop an execution"})
	}
	stopped, err := stopper.StopExecution(ctx, in)
	if err != nil {
		return t.failed(fsm.Poll, err)
	}
	x, err := t.backend.DescribeExecution(ctx, arn)
	if err != nil {
		return t.failed(fsm.Poll, fmt.Errorf("the stop was accepted, but its effect cannot be seen: %w", err))
	}
	date := dated(stopped.StopDate, o.app.env.Location)
	if t.format == formatJSON {
		_, _ = o.app.out.Write(pretty(struct {
			ExecutionArn string `json:"executionArn"`
			Status       string `json:"status"`
			StopDate     string `json:"stopDate"`
		}{arn, string(x.Status), date}))
		return 0
	}
	_, _ = o.app.out.Write([]byte(aligned([][2]string{{"execution", arn}, {"status", string(x.Status)}, {"stopped", date}})))
	return 0
}
