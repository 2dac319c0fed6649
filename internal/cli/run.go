package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/tasks"
)

func newRunCommand(a *app) *cobra.Command {
	o := &jobOptions{app: a}
	c := &cobra.Command{
		Use:   "run STATE_MACHINE_ARN|DEFINITION_FILE",
		Short: "Start an execution, if asked wait for its end, and exit with its code",
		Long: `run starts one execution of a state machine, exactly once, and exits with a code that says how that went. With --wait
it waits for the end of the execution. The last thing on stdout is one JSON document, whatever happens; with -o text
it is the output of a success, or the ARN of an execution that was only started.

The path of a definition file (order.asl.json) in place of the ARN runs it in the simulator: offline, in virtual time,
with the flags marked simulator.

With --state-file the name and the input are on disk before anything is sent: a runner that was killed and is run again
with the same file goes on with the same execution, also after that has ended: tonight's job needs another file, name or
attempt than last night's. A job that failed and is run again with the next --attempt starts a
new execution, or with --retry-mode adopts or redrives that of the newest of up to ten earlier attempts.

Each field can be given in three ways, later ones win: a variable (SFNX_ and the flag, as in SFNX_POLLING_INTERVAL), a
key of the request document (polling_interval), a flag. Credentials are never flags: see --credentials, or
SFNX_CREDENTIALS_USER and SFNX_CREDENTIALS_PASSWORD, and for a proxy SFNX_PROXY_USER and SFNX_PROXY_PASSWORD.

` + codeHelp,
		Example: `  sfnx run arn:aws:states:eu-west-1:123456789012:stateMachine:order --input @order.json --wait
  sfnx run --request job.json --state-file job.state --attempt 2 --retry-mode redrive
  sfnx run order.asl.json --wait --mock 'Charge={"StatusCode":200}' --fault 'poll:throttled*3'`,
		Args:              atMostOne("state machine"),
		ValidArgsFunction: completeDefinition,
		RunE: func(_ *cobra.Command, args []string) error {
			a.code = o.run(args)
			return nil
		},
	}
	o.addFlags(c.Flags(), formatJSON, formatText)
	completeJob(c)
	return c
}

func newSimulateCommand(a *app) *cobra.Command {
	o := &jobOptions{app: a, simulate: true}
	c := &cobra.Command{
		Use:   "simulate DEFINITION_FILE",
		Short: "Run a definition offline, in virtual time",
		Long: `simulate runs the definition of a state machine in virtual time: a wait of a year takes no time at all. It waits for
the end, writes the output of the execution to stdout and a timeline to stderr, and exits as 'sfnx run --wait' would.
Same definition, input, mocks and seed: same bytes on stdout.

Tasks are answered by mocks, by the names of their states: the file of --mocks, or else NAME.mocks.json beside
NAME.asl.json, in the format of AWS Step Functions Local (MockConfigFile.json), and --mock on top. What has no mock goes
to the first --task that matches, which takes real time, and what no --task matches to the region itself: it starts the
machines of --machine for states:startExecution, and takes sendTaskSuccess, sendTaskFailure and sendTaskHeartbeat of
aws-sdk:sfn. A task without an answer is an error. But for --task nothing is called.

Grammar of --mock:
` + indented(tasks.MockUsage) + `

Grammar of --task; a command gets no AWS credentials from the environment:
` + indented(tasks.TaskUsage) + `

The name of a --machine is that of its file, or NAME, or that of an ARN, which then is the machine's own. A ${placeholder}
of AWS SAM or CloudFormation gets its value from --substitutions: inside a JSON string the text of the value, elsewhere
the value itself. One without a value is accepted in a Resource, with a warning.

--fault STAGE:NAME makes every call of a stage fail, STAGE:NAME*3 the first three, STAGE:NAME+2 all but the first two:
` + indented(wrapped(sim.FaultNames())) + `

` + codeHelp,
		Example: `  sfnx simulate order.asl.json --input @order.input.json
  sfnx simulate order.asl.json --mock 'Charge={"StatusCode":200}' --mock 'Ship=!Carrier.Busy:try tomorrow'
  sfnx simulate order.asl.json --mocks mocks.json --mock-case order#CardDeclined -o json
  sfnx simulate order.asl.json --task 'arn:aws:lambda:*:function:charge=exec:python3 charge.py' --machine fulfil.asl.json`,
		Args:              atMostOne("definition"),
		ValidArgsFunction: completeDefinition,
		RunE: func(_ *cobra.Command, args []string) error {
			a.code = o.run(args)
			return nil
		},
	}
	o.addFlags(c.Flags(), formatText, formatJSON)
	completeJob(c)
	return c
}

func indented(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }

// wrapped lists words in lines of a terminal's width.
func wrapped(words []string) string {
	const width = 110
	var b strings.Builder
	line := 0
	for i, w := range words {
		if i > 0 {
			if line += len(w) + 1; line > width {
				b.WriteByte('\n')
				line = len(w)
			} else {
				b.WriteByte(' ')
			}
		}
		b.WriteString(w)
	}
	return b.String()
}
