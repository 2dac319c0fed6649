package cli

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/sfnx/sfnx/output"
)

func newVersionCommand(a *app) *cobra.Command {
	var format *formatFlag
	c := &cobra.Command{
		Use:   "version",
		Short: "Say which sfnx this is",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			if format.chosen == formatJSON {
				_, _ = a.out.Write(pretty(struct {
					Schema   string            `json:"schema"`
					Version  string            `json:"version"`
					Go       string            `json:"go"`
					Platform string            `json:"platform"`
					Schemas  map[string]string `json:"schemas"`
				}{"sfnx.version/v1", a.env.Version, runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH,
					map[string]string{"run": output.Schema, "event": output.EventSchema}}))
				return nil
			}
			_, _ = fmt.Fprintf(a.out, "sfnx %s (%s, %s/%s)\n", a.env.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
	format = outputFlag(c.Flags(), formatText, formatJSON)
	completeFlag(c, "output", format.formats)
	return c
}
