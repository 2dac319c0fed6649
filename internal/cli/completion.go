package cli

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/fsm"
)

func newCompletionCommand(a *app) *cobra.Command {
	shells := map[string]func(*cobra.Command) error{
		"bash":       func(root *cobra.Command) error { return root.GenBashCompletionV2(a.out, true) },
		"zsh":        func(root *cobra.Command) error { return root.GenZshCompletion(a.out) },
		"fish":       func(root *cobra.Command) error { return root.GenFishCompletion(a.out, true) },
		"powershell": func(root *cobra.Command) error { return root.GenPowerShellCompletionWithDesc(a.out) },
	}
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Print the completion script of a shell",
		Long:  `completion prints a script that teaches a shell the commands, flags and choices of sfnx. It asks no network.`,
		Example: `  source <(sfnx completion bash)
  sfnx completion zsh > "${fpath[1]}/_sfnx"
  sfnx completion fish > ~/.config/fish/completions/sfnx.fish`,
		Args:      exactly("shell: bash, zsh, fish or powershell"),
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		RunE: func(cmd *cobra.Command, args []string) error {
			generate, known := shells[args[0]]
			if !known {
				return fmt.Errorf("there is no script for %q, want bash, zsh, fish or powershell", args[0])
			}
			// A script that cannot be written is for exit to notice.
			_ = generate(cmd.Root())
			return nil
		},
	}
}

// completeDefinition offers definition files.
func completeDefinition(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"json"}, cobra.ShellCompDirectiveFilterFileExt
}

// completeJob offers the choices of the flags of run and simulate.
func completeJob(c *cobra.Command) {
	choices := map[string][]string{
		"on-exists":        {string(fsm.AdoptExecution), string(fsm.FailIfExists)},
		"retry-mode":       {string(fsm.RetryNew), string(fsm.RetryAdopt), string(fsm.RetryRedrive)},
		"redrive-fallback": {string(fsm.FallbackFail), string(fsm.FallbackNew)},
		"proxy-type":       {fsm.ProxyHTTP, fsm.ProxyHTTPS, fsm.ProxyHTTPSWithCredentials},
		"type":             {"STANDARD", "EXPRESS"},
		"limits":           {"aws", "off"},
		"fault":            sim.FaultNames(),
	}
	completeWait(c)
	for flag, words := range choices {
		completeFlag(c, flag, words)
	}
}

// completeWait offers the choices of the flags of whoever waits.
func completeWait(c *cobra.Command) {
	for _, flag := range []string{"on-interrupt", "on-wait-timeout"} {
		completeFlag(c, flag, []string{string(fsm.LeaveExecution), string(fsm.StopExecution)})
	}
}

// offered is the annotation of a flag with the words that complete it.
const offered = "sfnx_offered"

// completeFlag offers words for a flag.
func completeFlag(c *cobra.Command, flag string, words []string) {
	if err := c.Flags().SetAnnotation(flag, offered, words); err != nil {
		panic(err) // a flag that the command does not have
	}
}

// offerWords tells cobra the words of all flags, if the shell asks for them. What cobra is told it never forgets, and with
// a flag all that its command holds.
func offerWords(root *cobra.Command, args []string) {
	if len(args) == 0 || args[0] != cobra.ShellCompRequestCmd && args[0] != cobra.ShellCompNoDescRequestCmd {
		return
	}
	for _, c := range root.Commands() {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			words, some := f.Annotations[offered]
			if !some {
				return
			}
			err := c.RegisterFlagCompletionFunc(f.Name, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
				return words, cobra.ShellCompDirectiveNoFileComp
			})
			if err != nil {
				panic(err) // two for one flag
			}
		})
	}
}
