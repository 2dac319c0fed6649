package cli

// style is what a stream can show. Colour is never the only carrier of a meaning.
type style struct {
	color bool
	ascii bool
}

// styleOf judges one stream: NO_COLOR, TERM=dumb and --no-color turn colours off, CLICOLOR_FORCE turns them on where
// there is no terminal. A locale of C or POSIX gets ASCII.
func styleOf(env Environment, terminal, noColor bool) style {
	s := style{color: terminal}
	if force := env.variable("CLICOLOR_FORCE"); force != "" && force != "0" {
		s.color = true
	}
	if noColor || env.variable("NO_COLOR") != "" || env.variable("TERM") == "dumb" {
		s.color = false
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		locale := env.variable(name)
		if locale == "" {
			continue
		}
		s.ascii = locale == "C" || locale == "POSIX"
		break
	}
	return s
}

// The colours that are used, as ANSI parameters.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

// paint colours a text if the stream shows colours.
func (s style) paint(color, text string) string {
	if !s.color || text == "" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// cross marks what failed.
func (s style) cross() string {
	if s.ascii {
		return "x "
	}
	return "✘ "
}
