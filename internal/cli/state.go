package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/output"
)

// stateOptions are the flags of state.
type stateOptions struct {
	app        *app
	simulator  simulatorFlags
	input      string
	variables  string
	context    string
	retryCount int
	trace      bool
	output     *formatFlag
}

// stateSimulatorFlags are the simulator's flags that mean something for a state alone.
var stateSimulatorFlags = []string{"mocks", "mock", "mock-case", "task", "machine", "s3", "substitutions", "seed", "start", "limits"}

func newStateCommand(a *app) *cobra.Command {
	o := &stateOptions{app: a}
	c := &cobra.Command{
		Use:   "state DEFINITION_FILE STATE",
		Short: "Run one state alone and look into its data flow",
		Long: `state runs one state of a definition with the input that it is given, in the simulator, and ends where the state leads. A state
of a branch or of a Map's processor is found by its name, too. stdout gets the output of the state; stderr says how it
ended and which state comes next. --trace shows the document before and after each step of the data flow.

With -o json stdout gets what AWS's TestState answers: status (SUCCEEDED, CAUGHT_ERROR, RETRIABLE or FAILED), output,
error, cause, nextState, and with --trace inspectionData. As there, values are JSON texts.

A state runs once: what a retrier would do next is told, not done. The exit code is 0 for SUCCEEDED and CAUGHT_ERROR, 23
for RETRIABLE and FAILED, 20 if the state could not be run. ` + codeHelp,
		Example: `  sfnx state order.asl.json 'Charge card' --input @order.json --mock 'Charge card={"StatusCode":200}' --trace
  sfnx state order.asl.json 'In stock?' --input '{"available":true}' -o json
  sfnx state order.asl.json 'Total' --variables '{"rate":1.2}' --context '{"Map":{"Item":{"Index":0,"Value":7}}}'`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return errors.New("want a definition and the name of a state")
			}
			return nil
		},
		ValidArgsFunction: completeState(a),
		RunE: func(_ *cobra.Command, args []string) (err error) {
			a.code, err = o.run(args[0], args[1])
			return err
		},
	}
	o.addFlags(c.Flags())
	completeFlag(c, "output", o.output.formats)
	completeFlag(c, "limits", []string{"aws", "off"})
	return c
}

func (o *stateOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.input, "input", "{}", "input of the state, before its InputPath, `JSON|@FILE|-`")
	flags.BoolVar(&o.trace, "trace", false, "show the document before and after each step")
	o.output = outputFlag(flags, formatText, formatJSON)
	flags.StringVar(&o.variables, "variables", "", "workflow variables that have been assigned, an object as `JSON|@FILE|-`")
	flags.StringVar(&o.context, "context", "", "members of the context object in place of the simulator's own, `JSON|@FILE|-`")
	flags.IntVar(&o.retryCount, "retry-count", 0, "`number` of retries that the retrier which matches has behind it")
	all := pflag.NewFlagSet("", pflag.ContinueOnError)
	o.simulator.add(all)
	for _, name := range stateSimulatorFlags {
		if f := all.Lookup(name); f != nil {
			flags.AddFlag(f)
		}
	}
	flags.SortFlags = false
}

// run visits the state. The error is a mistake in the usage.
func (o *stateOptions) run(path, name string) (int, error) {
	a := o.app
	a.wantsJSON = o.output.chosen == formatJSON
	input, err1 := a.jsonValue("--input", o.input)
	variables, err2 := a.jsonObject("--variables", o.variables)
	surroundings, err3 := a.jsonObject("--context", o.context)
	if err := errors.Join(err1, err2, err3); err != nil {
		return 0, err
	}
	m := &merge{app: a, request: fsm.Defaults(), values: map[string]given{}, broken: map[string]bool{}}
	m.request.Simulated = true
	w := o.simulator.build(m, path)
	if len(m.request.ParseErrors) > 0 {
		return o.refuse(m, w), nil
	}
	machine, err := machineOf(w.region, m.request.MachineArn)
	if err != nil {
		return 0, err
	}
	states := allStates(&machine.Scope)
	i := slices.IndexFunc(states, func(s *asl.State) bool { return s.Name == name })
	if i < 0 {
		m.fail("state", name, fmt.Sprintf("the definition has no state of that name, want one of %q", stateNames(machine)))
		return o.refuse(m, w), nil
	}
	t := &stateTrace{state: states[i], variables: variables}
	test := interp.Test{Variables: variables, Context: surroundings, RetrierRetryCount: o.retryCount}
	x, err := w.region.TestState(sim.StateTest{StateMachineArn: m.request.MachineArn, State: name, Input: input, Test: test, Observe: t.observe})
	if err != nil {
		var refused *backend.Error
		if errors.As(err, &refused) {
			err = errors.New(refused.Message)
		}
		m.fail("state", name, err.Error())
		return o.refuse(m, w), nil
	}
	t.end(x)
	if a.wantsJSON {
		a.documented = true
		_, _ = a.out.Write(t.json(o.trace))
	} else if t.output != nil {
		_, _ = a.out.Write([]byte(*t.output + "\n"))
	}
	code := 0
	tell := a.talk
	if t.failed() {
		code, tell = output.RowOf(fsm.Failed).Code, a.complain
	}
	if o.trace && !a.wantsJSON {
		a.talk("%s", t.text(a.style()))
	}
	tell("%s", t.summary(a.style(), code))
	return code, nil
}

// refuse tells what keeps the state from being run.
func (o *stateOptions) refuse(m *merge, w *world) int {
	out := fsm.Outcome{Request: m.request, Ending: fsm.DataValidationError, Stage: fsm.Validate, FieldErrors: m.request.ParseErrors}
	o.app.show(out, o.output.chosen, w, false)
	return output.RowOf(out.Ending).Code
}

// machineOf is a state machine of a region, parsed.
func machineOf(r *sim.Region, arn string) (*asl.Machine, error) {
	described, err := r.DescribeStateMachine(context.Background(), arn)
	if err != nil {
		return nil, err
	}
	machine, found := asl.Parse([]byte(described.Definition), asl.Options{})
	if machine == nil {
		return nil, found
	}
	return machine, nil
}

// allStates are the states of a scope and of those inside it.
func allStates(scope *asl.Scope) []*asl.State {
	var all []*asl.State
	for _, s := range scope.States {
		all = append(all, s)
		for _, inner := range s.Scopes() {
			all = append(all, allStates(inner)...)
		}
	}
	return all
}

// stateNames are the names of all states of a machine.
func stateNames(machine *asl.Machine) []string {
	var names []string
	for _, s := range allStates(&machine.Scope) {
		names = append(names, s.Name)
	}
	return names
}

// completeState offers definition files, then the states of the file.
func completeState(a *app) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return func(c *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
		if len(args) == 0 {
			return completeDefinition(c, args, toComplete)
		}
		data, err := a.env.readFile(args[0])
		if err != nil || len(args) > 1 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		machine, _ := asl.Parse(data, asl.Options{})
		if machine == nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return stateNames(machine), cobra.ShellCompDirectiveNoFileComp
	}
}
