package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/output"
)

const formatSARIF = "sarif"

// validateOptions are the flags of validate.
type validateOptions struct {
	app           *app
	output        *formatFlag
	kind          *formatFlag
	substitutions string
}

func newValidateCommand(a *app) *cobra.Command {
	o := &validateOptions{app: a, kind: &formatFlag{chosen: string(backend.Standard), formats: []string{string(backend.Standard), string(backend.Express)}}}
	c := &cobra.Command{
		Use:   "validate PATH...",
		Short: "Check definitions",
		Long: `validate says what AWS would find in definitions, and what sfnx finds where AWS is silent (codes that start with
SFNX_), all of it at once: text on stdout, each finding with its line; -o json, shaped as the answer of AWS's
ValidateStateMachineDefinition, with the place of each finding; or -o sarif (2.1.0), for code scanning.

A PATH is a file, - for stdin, or a directory, in which every *.asl.json and *.asl is checked, also further below, but for
hidden folders and node_modules.

A ${placeholder} of AWS SAM or CloudFormation gets its value from --substitutions: inside a JSON string the text of the
value, elsewhere the value itself. One without a value is accepted in a Resource, with a warning.

The exit code is 0 if no definition has an error, else 20.`,
		Example: `  sfnx validate order.asl.json
  sfnx validate statemachines --substitutions values.json
  sfnx validate . -o sarif > sfnx.sarif`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("PATH is missing: want files, directories or - for stdin")
			}
			return nil
		},
		ValidArgsFunction: completeDefinition,
		RunE: func(_ *cobra.Command, args []string) error {
			values, err := a.readSubstitutions(o.substitutions)
			if err != nil {
				return fmt.Errorf("--substitutions %s: %w", o.substitutions, err)
			}
			a.code = o.run(args, values)
			return nil
		},
	}
	o.output = outputFlag(c.Flags(), formatText, formatJSON, formatSARIF)
	c.Flags().Var(o.kind, "type", "`STANDARD|EXPRESS`: what the state machines are")
	substitutionsFlag(c.Flags(), &o.substitutions)
	c.Flags().SortFlags = false
	completeFlag(c, "output", o.output.formats)
	completeFlag(c, "type", o.kind.formats)
	return c
}

// readSubstitutions reads the file of --substitutions; no name is no substitutions.
func (a *app) readSubstitutions(name string) (substitutions, error) {
	if name == "" {
		return nil, nil
	}
	data, err := a.env.readFile(name)
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	return parseSubstitutions(string(data))
}

// checked is a definition that was validated, or a path that could not be.
type checked struct {
	*definition
	err error // nil if there is a definition
}

func (o *validateOptions) run(paths []string, values substitutions) int {
	var all []checked
	for _, path := range paths {
		for _, name := range o.files(path) {
			c := checked{definition: &definition{path: name.path}, err: name.err}
			if c.err == nil {
				c = o.check(name.path, values)
			}
			all = append(all, c)
		}
	}
	t := tallyOf(all)
	switch o.output.chosen {
	case formatJSON:
		_, _ = o.app.out.Write(pretty(validationReport(all)))
	case formatSARIF:
		_, _ = o.app.out.Write(pretty(sarifReport(all, o.app.env.Version)))
	default:
		o.text(all)
	}
	row := output.RowOf(fsm.Succeeded)
	if t.errors > 0 {
		row = output.RowOf(fsm.DataValidationError)
	}
	line := t.text()
	o.app.talk("%s%sexit %d\n", line, strings.Repeat(" ", max(2, exitColumn-len(line))), row.Code)
	return row.Code
}

// found is a file to be validated, or why there is none.
type found struct {
	path string
	err  error
}

// files are the definitions that a PATH stands for.
func (o *validateOptions) files(path string) []found {
	if path == "-" {
		return []found{{path: path}}
	}
	names, err := o.app.env.below(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return []found{{path, errors.New("there is no such file or directory")}}
	case err != nil:
		return []found{{path, err}}
	case len(names) == 1 && names[0] == path:
		return []found{{path: path}}
	}
	var list []found
	for _, name := range names {
		if strings.HasSuffix(name, ".asl.json") || strings.HasSuffix(name, ".asl") {
			list = append(list, found{path: name})
		}
	}
	if list == nil {
		list = []found{{path, errors.New("there is no *.asl.json and no *.asl in this directory")}}
	}
	return list
}

func (o *validateOptions) check(path string, values substitutions) checked {
	var data []byte
	var err error
	if path == "-" {
		path = "stdin"
		data, err = o.app.in.read("validate")
	} else {
		data, err = o.app.env.readFile(path)
	}
	if err != nil {
		return checked{&definition{path: path}, fmt.Errorf("cannot be read: %w", err)}
	}
	return checked{newDefinition(path, string(data), backend.Type(o.kind.chosen), values), nil}
}

// text shows the findings on stdout as simulate does on stderr.
func (o *validateOptions) text(all []checked) {
	a := o.app
	s := styleOf(a.env, a.out.terminal, a.noColor)
	for _, c := range all {
		if c.err != nil {
			a.complain("%s: %v\n", c.path, c.err)
		}
		for _, f := range c.findings {
			if f.Severity == asl.SeverityError || a.quiet == 0 {
				_, _ = a.out.Write([]byte(c.show(f, s)))
			}
		}
	}
}

// findingsTally is how many findings there are in how many files.
type findingsTally struct{ errors, warnings, files int }

func tallyOf(all []checked) findingsTally {
	t := findingsTally{files: len(all)}
	for _, c := range all {
		if c.err != nil {
			t.errors++
		}
		for _, f := range c.findings {
			if f.Severity == asl.SeverityError {
				t.errors++
			} else {
				t.warnings++
			}
		}
	}
	return t
}

func (t findingsTally) text() string {
	var parts []string
	if t.errors > 0 {
		parts = append(parts, count(t.errors, "error"))
	}
	if t.warnings > 0 {
		parts = append(parts, count(t.warnings, "warning"))
	}
	if parts == nil {
		parts = []string{"nothing to mend"}
	}
	return strings.Join(parts, ", ") + " in " + count(t.files, "file")
}
