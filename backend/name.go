package backend

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxNameLength is the longest name of an execution, a state machine or an activity, in characters.
const MaxNameLength = 80

// ValidateName checks the name of an execution, a state machine or an activity: 1-80 characters, no white space, no control
// characters, none of AWS's forbidden ones (API reference; recorded for activities).
func ValidateName(name string) error {
	if name == "" {
		return errors.New("is empty, want 1 to 80 characters")
	}
	if !utf8.ValidString(name) {
		return errors.New("is not UTF-8")
	}
	for _, c := range name {
		if unicode.IsSpace(c) || unicode.IsControl(c) || c&0xFFFE == 0xFFFE || strings.ContainsRune("<>{}[]?*\"#%\\^|~`$&,;:/", c) {
			return fmt.Errorf("holds %+q; a name has no white space, no control characters and none of <>{}[]?*\"#%%\\^|~`$&,;:/", c)
		}
	}
	if n := utf8.RuneCountInString(name); n > MaxNameLength {
		return fmt.Errorf("has %d characters, want at most %d", n, MaxNameLength)
	}
	return nil
}
