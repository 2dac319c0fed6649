package cli

import (
	"github.com/spf13/cobra"

	"github.com/sfnx/sfnx/output"
)

func newExitCodesCommand(a *app) *cobra.Command {
	var format *formatFlag
	c := &cobra.Command{
		Use:   "exit-codes",
		Short: "List the exit codes and what they mean",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			switch format.chosen {
			case formatJSON:
				_, _ = a.out.Write(output.ExitCodesJSON())
			case formatMarkdown:
				_, _ = a.out.Write([]byte(output.ExitCodesMarkdown()))
			default:
				_, _ = a.out.Write([]byte(output.ExitCodesText()))
			}
			return nil
		},
	}
	format = outputFlag(c.Flags(), formatText, formatJSON, formatMarkdown)
	completeFlag(c, "output", format.formats)
	return c
}
