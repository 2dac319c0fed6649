package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The forms of output. Not every command has every one.
const (
	formatText     = "text"
	formatJSON     = "json"
	formatNDJSON   = "ndjson"
	formatMarkdown = "markdown"
)

// newRoot builds the tree of commands. A RunE of this package returns an error for a mistake in the usage only; every
// other end of a command is in app.code.
func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "sfnx",
		Short: "Run AWS Step Functions like a job",
		Long: `sfnx starts an execution of an AWS Step Functions state machine, if asked waits for its end, and exits with a code
that says how it ended. It does the same, offline and in virtual time, with the definition of a state machine.`,
		Example: `  sfnx simulate order.asl.json --input @order.input.json
  sfnx run arn:aws:states:eu-west-1:123456789012:stateMachine:order --input @order.json --wait`,
		Version:                    a.env.Version,
		SilenceErrors:              true,
		SilenceUsage:               true,
		SuggestionsMinimumDistance: suggestionDistance,
		// A scheduler that lost the arguments must not see a success.
		RunE: func(*cobra.Command, []string) error { return errors.New("want a command") },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			err := a.flagsFromVariables(cmd.Flags())
			a.verbose = a.verbose || a.debug
			return err
		},
	}
	root.SetIn(a.in.reader)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetVersionTemplate("sfnx {{.Version}}\n")
	root.SetHelpTemplate(helpTemplate)
	root.SetFlagErrorFunc(flagError)
	root.CompletionOptions.DisableDefaultCmd = true
	flags := root.PersistentFlags()
	flags.CountVarP(&a.quiet, "quiet", "q", "say only what is wrong on stderr; twice: nothing")
	flags.BoolVarP(&a.verbose, "verbose", "v", false, "say on stderr every poll and pause")
	flags.BoolVar(&a.debug, "debug", false, "say on stderr every request to AWS and its answer, without secrets (implies -v)")
	flags.BoolVar(&a.noColor, "no-color", false, "no colours (also: NO_COLOR, TERM=dumb)")
	root.AddCommand(
		newRunCommand(a), newSimulateCommand(a), newValidateCommand(a), newDescribeCommand(a), newHistoryCommand(a), newStopCommand(a), newWaitCommand(a), newRedriveCommand(a),
		newStateCommand(a), newEvalCommand(a), newExitCodesCommand(a), newGraphCommand(a), newVersionCommand(a), newCompletionCommand(a),
	)
	root.SetHelpCommand(newHelpCommand())
	return root
}

func newHelpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Say how a command is used",
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			asked, rest, err := root.Find(args)
			if err != nil || asked == root && len(rest) > 0 {
				return unknownCommand(root, args[0])
			}
			asked.InitDefaultHelpFlag()
			return asked.Help()
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, c := range cmd.Root().Commands() {
				if len(args) == 0 && c.IsAvailableCommand() {
					names = append(names, c.Name())
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
}

// suggestionDistance is how many letters of a name may be wrong.
const suggestionDistance = 2

// helpTemplate shows examples before flags: they answer most questions.
const helpTemplate = `{{with or .Long .Short}}{{. | trimTrailingWhitespaces}}

{{end}}Usage:
  {{if .HasAvailableSubCommands}}sfnx COMMAND [flags]{{else}}{{.UseLine}}{{end}}
{{if .HasExample}}
Examples:
{{.Example}}
{{end}}{{if .HasAvailableSubCommands}}
Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}
{{end}}{{if .HasAvailableLocalFlags}}
Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}
{{end}}{{if .HasAvailableInheritedFlags}}
Flags of every command:
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}
{{end}}`

// wordOf is the first argument that is no flag.
func wordOf(args []string) string {
	for _, arg := range args {
		if !strings.HasPrefix(arg, "-") {
			return arg
		}
	}
	return ""
}

func unknownCommand(root *cobra.Command, name string) error {
	return fmt.Errorf("there is no command %q%s", name, didYouMean(root.SuggestionsFor(name)))
}

// flagError names the flag that was probably meant.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return err
	}
	// cobra measures distances between the names of commands: the flags dress up as such.
	names := &cobra.Command{SuggestionsMinimumDistance: suggestionDistance}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		names.AddCommand(&cobra.Command{Use: "--" + f.Name, Run: func(*cobra.Command, []string) {}})
	})
	return fmt.Errorf("there is no flag --%s%s", unknown.GetSpecifiedName(), didYouMean(names.SuggestionsFor("--"+unknown.GetSpecifiedName())))
}

func didYouMean(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(names, " or ") + "?"
}

// variableOf is the environment variable that stands for a flag.
func variableOf(flag string) string {
	return "SFNX_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// flagsFromVariables sets the flags that were not given to what their SFNX_ variables say. The flags of fields look
// after themselves: between variable and flag comes the request document.
func (a *app) flagsFromVariables(flags *pflag.FlagSet) error {
	var broken error
	flags.VisitAll(func(f *pflag.Flag) {
		_, isField := f.Value.(*rawFlag)
		if isField || f.Changed || f.Name == "help" || f.Name == "version" {
			return
		}
		if value := a.env.variable(variableOf(f.Name)); value != "" {
			if err := flags.Set(f.Name, value); err != nil && broken == nil {
				broken = fmt.Errorf("the variable %s: %w", variableOf(f.Name), err)
			}
			_ = flags.SetAnnotation(f.Name, byVariableOnly, nil) // it is a flag of these
		}
	})
	return broken
}

// byVariableOnly marks a flag that a variable has set, and nothing on the command line.
const byVariableOnly = "by-variable"

// outputFlag adds -o. The first format is the default.
func outputFlag(flags *pflag.FlagSet, formats ...string) *formatFlag {
	f := &formatFlag{chosen: formats[0], formats: formats}
	flags.VarP(f, "output", "o", strings.Join(formats, ", ")+" on stdout")
	return f
}

// formatFlag is one of the forms of output that a command has.
type formatFlag struct {
	chosen  string
	formats []string
}

func (f *formatFlag) String() string { return f.chosen }
func (f *formatFlag) Type() string   { return "format" }

func (f *formatFlag) Set(s string) error {
	if !slices.Contains(f.formats, s) {
		return fmt.Errorf("want one of %s", strings.Join(f.formats, ", "))
	}
	f.chosen = s
	return nil
}

// outputAsked is the form of output of a command line that could not be read to its end.
func outputAsked(cmd *cobra.Command, args []string) string {
	for i, arg := range args {
		switch name, value, ok := strings.Cut(arg, "="); {
		case arg == "-ojson", ok && value == formatJSON && (name == "-o" || name == "--output"):
			return formatJSON
		case (arg == "-o" || arg == "--output") && i+1 < len(args) && args[i+1] == formatJSON:
			return formatJSON
		}
	}
	if f := cmd.Flags().Lookup("output"); f != nil {
		return f.Value.String()
	}
	return formatText
}

// exactly wants one positional argument, which is called what.
func exactly(what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch len(args) {
		case 0:
			return fmt.Errorf("%s is missing", what)
		case 1:
			return nil
		}
		return fmt.Errorf("want one %s, got %d arguments: %q", what, len(args), args)
	}
}

// atMostOne is exactly, but the argument may come from elsewhere.
func atMostOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		return exactly(what)(cmd, args)
	}
}

// noArguments wants none.
func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("want no arguments, got %q", args)
	}
	return nil
}

// codeHelp is the part of a help text that every command with exit codes of its own ends in.
const codeHelp = "The exit codes are listed by 'sfnx exit-codes'."
