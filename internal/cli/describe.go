package cli

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
)

func newDescribeCommand(a *app) *cobra.Command {
	o := &executionOptions{app: a}
	c := &cobra.Command{
		Use:     "describe EXECUTION_ARN",
		Short:   "Show one execution",
		Long:    "describe shows how an execution on AWS is doing. It exits with 0 if it could, whatever the status is.",
		Example: `  sfnx describe arn:aws:states:eu-west-1:123456789012:execution:order:nightly-1 -o json`,
		Args:    exactly("execution ARN"),
		RunE: func(_ *cobra.Command, args []string) error {
			a.code = describe(o, args[0])
			return nil
		},
	}
	o.addFlags(c.Flags(), reaching, formatText, formatJSON)
	completeFlag(c, "output", o.output.formats)
	return c
}

func describe(o *executionOptions, arn string) int {
	t, code := o.reach(arn)
	if t == nil {
		return code
	}
	defer t.accounts.close()
	x, err := t.backend.DescribeExecution(o.app.interrupts.ctx, arn)
	if err != nil {
		return t.failed(fsm.Poll, err)
	}
	d := describedOf(x, o.app.env.Location)
	if t.format == formatJSON {
		_, _ = o.app.out.Write(pretty(d))
		return 0
	}
	_, _ = o.app.out.Write([]byte(d.text()))
	return 0
}

// described is an execution as the API describes it. Input and output are the JSON texts of the service.
type described struct {
	ExecutionArn           string  `json:"executionArn"`
	StateMachineArn        string  `json:"stateMachineArn"`
	StateMachineVersionArn string  `json:"stateMachineVersionArn,omitempty"`
	StateMachineAliasArn   string  `json:"stateMachineAliasArn,omitempty"`
	Name                   string  `json:"name"`
	Status                 string  `json:"status"`
	StartDate              string  `json:"startDate"`
	StopDate               string  `json:"stopDate,omitempty"`
	Input                  *string `json:"input,omitempty"`
	Output                 *string `json:"output,omitempty"`
	Error                  *string `json:"error,omitempty"`
	Cause                  *string `json:"cause,omitempty"`
	RedriveCount           int     `json:"redriveCount"`
	RedriveStatus          string  `json:"redriveStatus,omitempty"`
	RedriveStatusReason    string  `json:"redriveStatusReason,omitempty"`
}

func describedOf(x backend.Execution, zone *time.Location) described {
	d := described{
		ExecutionArn: x.ExecutionArn, StateMachineArn: x.StateMachineArn, StateMachineVersionArn: x.StateMachineVersionArn, StateMachineAliasArn: x.StateMachineAliasArn,
		Name: x.Name, Status: string(x.Status), StartDate: dated(x.StartDate, zone), Input: x.Input, Output: x.Output, Error: x.Error, Cause: x.Cause,
		RedriveCount: x.RedriveCount, RedriveStatus: x.RedriveStatus, RedriveStatusReason: x.RedriveStatusReason,
	}
	if !x.StopDate.IsZero() {
		d.StopDate = dated(x.StopDate, zone)
	}
	return d
}

func dated(t time.Time, zone *time.Location) string { return t.In(zone).Format(time.RFC3339Nano) }

func (d described) text() string {
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	return aligned([][2]string{
		{"execution", d.ExecutionArn}, {"status", d.Status}, {"started", d.StartDate}, {"stopped", d.StopDate},
		{"version", d.StateMachineVersionArn}, {"alias", d.StateMachineAliasArn},
		{"error", text(d.Error)}, {"cause", text(d.Cause)}, {"input", text(d.Input)}, {"output", text(d.Output)},
		{"redrive", d.RedriveStatus}, {"", d.RedriveStatusReason},
	})
}
