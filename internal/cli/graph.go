package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/sfnx/sfnx/fsm"
)

func newGraphCommand(a *app) *cobra.Command {
	var lifecycle bool
	var format *formatFlag
	c := &cobra.Command{
		Use:     "graph --lifecycle",
		Short:   "Draw the life cycle of a run",
		Long:    `graph draws the stages of 'sfnx run' and its endings, generated from the table that the run itself goes by.`,
		Example: `  sfnx graph --lifecycle --format dot | dot -Tsvg > lifecycle.svg`,
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			if !lifecycle {
				return errors.New("want --lifecycle: it is the one thing that is drawn")
			}
			picture, err := fsm.Diagram(format.chosen)
			if err != nil {
				return err
			}
			_, _ = a.out.Write([]byte(picture))
			return nil
		},
	}
	c.Flags().BoolVar(&lifecycle, "lifecycle", false, "the life cycle of a run")
	format = &formatFlag{chosen: fsm.Mermaid, formats: []string{fsm.Mermaid, fsm.DOT}}
	c.Flags().Var(format, "format", "`mermaid|dot`")
	completeFlag(c, "format", format.formats)
	return c
}
