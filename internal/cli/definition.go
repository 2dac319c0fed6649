package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
)

// definition is a definition file, read.
type definition struct {
	path     string
	text     string          // as it stands in the file
	complete string          // with values in place of placeholders
	machine  *asl.Machine    // nil if the findings have errors
	findings asl.Diagnostics // their positions are those of text
}

var errNoDefinition = errors.New("there is no such file; want the ARN of a state machine or the path of a definition")

// newDefinition reads the text of a definition. A placeholder in a Resource that has no value is no error: the tasks of a
// simulation are not called by their ARN.
func newDefinition(path, text string, kind backend.Type, values substitutions) *definition {
	complete := values.apply(text)
	d := &definition{path: path, text: text, complete: complete.text}
	d.machine, d.findings = asl.Parse([]byte(complete.text), asl.Options{Type: string(kind), AllowPlaceholders: true})
	if len(complete.pieces) > 0 && len(d.findings) > 0 {
		position := asl.Positions(text)
		for i := range d.findings {
			d.findings[i].Pos = position(complete.origin(d.findings[i].Pos.Offset))
		}
	}
	return d
}

// readDefinition reads the definition that a field names. Nil means that there is no text at all, which is reported.
func (m *merge) readDefinition(field, path string, kind backend.Type, values substitutions) *definition {
	data, err := m.app.env.readFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = errNoDefinition
	}
	if err != nil {
		m.fail(field, path, err.Error())
		return nil
	}
	return newDefinition(path, string(data), kind, values)
}

// report shows the findings on stderr, each with its place. The errors become errors of the field too.
func (d *definition) report(m *merge, w *world, field string) {
	for _, f := range d.findings {
		if f.Severity == asl.SeverityError {
			e := fsm.FieldError{Field: field, Value: fmt.Sprintf("%.120s", d.path), Rule: f.String()}
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
//	  Missing 'Next' target: Shipp (did you mean "Ship"?)
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

// excerpt is the line of a position, or the part of it around the position, and a line with a mark below the place. It
// looks no further than it shows: a line can be a megabyte, with a finding in every part of it.
func excerpt(text string, at asl.Position) (line, marker string) {
	const before, width = 50, 100
	near := text[max(0, at.Offset-width*utf8.UTFMax):at.Offset]
	start := strings.LastIndexByte(near, '\n') + 1
	left := []rune(near[start:])
	rest, _, _ := strings.Cut(text[at.Offset:min(len(text), at.Offset+width*utf8.UTFMax)], "\n")
	right := []rune(strings.TrimRight(rest, "\r"))
	if len(left) > before && len(left)+len(right) > width {
		left = append([]rune("..."), left[len(left)-before:]...)
	}
	runes := slices.Concat(left, right)
	if len(runes) > width {
		runes = append(runes[:width], []rune("...")...)
	}
	return printable(string(runes)), strings.Repeat(" ", len(left)) + "^"
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
