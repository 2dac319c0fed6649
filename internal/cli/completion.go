package cli

import (
	"fmt"

	"github.com/spf13/cobra"

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

// completeFlag offers words for a flag.
func completeFlag(c *cobra.Command, flag string, words []string) {
	offer := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return words, cobra.ShellCompDirectiveNoFileComp
	}
	if err := c.RegisterFlagCompletionFunc(flag, offer); err != nil {
		panic(err) // a flag that the command does not have
	}
}
