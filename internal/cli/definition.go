package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"unicode"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
)

// definition is a definition file, read.
type definition struct {
	path     string
	name     string // of the state machine
	text     string
	machine  *asl.Machine // nil if the findings have errors
	findings asl.Diagnostics
}

// readDefinition reads a definition. Nil means that there is no text at all, which is reported.
func (m *merge) readDefinition(path string, kind backend.Type) *definition {
	data, err := m.app.env.readFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = errNoDefinition
	}
	if err != nil {
		m.fail("state_machine_arn", path, err.Error())
		return nil
	}
	d := &definition{path: path, name: machineName(path), text: string(data)}
	d.machine, d.findings = asl.Parse(data, asl.Options{Type: string(kind)})
	return d
}

// report shows the findings on stderr, each with its place. The errors become field errors too.
func (d *definition) report(m *merge, w *world) {
	for _, f := range d.findings {
		if f.Severity == asl.SeverityError {
			e := fsm.FieldError{Field: "state_machine_arn", Value: fmt.Sprintf("%.120s", d.path), Rule: f.String()}
			m.request.ParseErrors = append(m.request.ParseErrors, e)
			w.told[e] = true
			m.app.complain("%s", d.show(f, m.app.style()))
		} else {
			m.app.talk("%s", d.show(f, m.app.style()))
		}
	}
}

// show is a finding with the line that it is about:
//
//	order.asl.json:11:28  error  MISSING_TRANSITION_TARGET  /States/Pay/Next
//	  No state "Shipp" in this scope. Did you mean "Ship"?
//	  11 |     "Next": "Shipp"
//	     |             ^
func (d *definition) show(f asl.Diagnostic, s style) string {
	var b strings.Builder
	severity := s.paint(yellow, "warning")
	if f.Severity == asl.SeverityError {
		severity = s.paint(red, "error")
	}
	b.WriteString(s.paint(bold, fmt.Sprintf("%s:%d:%d", d.path, f.Pos.Line, f.Pos.Column)))
	fmt.Fprintf(&b, "  %s  %s", severity, f.Code)
	if f.Location != "" {
		fmt.Fprintf(&b, "  %s", printable(f.Location))
	}
	fmt.Fprintf(&b, "\n  %s", printable(f.Message))
	if f.Hint != "" {
		fmt.Fprintf(&b, " (%s)", printable(f.Hint))
	}
	line, marker := excerpt(d.text, f.Pos)
	number := fmt.Sprint(f.Pos.Line)
	fmt.Fprintf(&b, "\n  %s | %s\n  %s | %s\n", number, line, strings.Repeat(" ", len(number)), s.paint(red, marker))
	return b.String()
}

// excerpt is the line of a position, or the part of it around the position, and a line with a mark below the place.
func excerpt(text string, at asl.Position) (line, marker string) {
	const before, width = 50, 100
	start := strings.LastIndexByte(text[:at.Offset], '\n') + 1
	line, _, _ = strings.Cut(text[start:], "\n")
	runes := []rune(strings.TrimRight(line, "\r"))
	column := min(at.Column-1, len(runes))
	if from := column - before; from > 0 && len(runes) > width {
		runes = append([]rune("..."), runes[from:]...)
		column -= from - len("...")
	}
	if len(runes) > width {
		runes = append(runes[:width], []rune("...")...)
	}
	return printable(string(runes)), strings.Repeat(" ", column) + "^"
}

// printable replaces what a text may hold but a terminal must not be sent.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case !unicode.IsGraphic(r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
