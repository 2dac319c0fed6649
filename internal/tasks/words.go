package tasks

import (
	"fmt"
	"strings"
)

// splitWords splits a command at blanks. As in a shell, a blank within '...' or "..." or after \ is a character like others,
// and \ is one itself within '...', or within "..." before anything but " and \. Nothing else is special.
func splitWords(text string) ([]string, error) {
	var words []string
	var word strings.Builder
	inWord, quote := false, byte(0)
	escaped := false
	for i := range len(text) {
		switch c := text[i]; {
		case escaped:
			if quote == '"' && c != '"' && c != '\\' {
				word.WriteByte('\\')
			}
			word.WriteByte(c)
			escaped = false
		case c == '\\' && quote != '\'':
			inWord, escaped = true, true
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			inWord, quote = true, c
		case quote == 0 && (c == ' ' || c == '\t' || c == '\n'):
			if inWord {
				words = append(words, word.String())
				word.Reset()
			}
			inWord = false
		default:
			inWord = true
			word.WriteByte(c)
		}
	}
	if quote != 0 || escaped {
		return nil, fmt.Errorf("the command %q ends within a quotation or after a backslash", text)
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, nil
}
