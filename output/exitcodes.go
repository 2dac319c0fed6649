package output

import (
	"fmt"
	"strings"
)

// ExitCodesText is the table for a terminal: the help topic.
func ExitCodesText() string {
	var b strings.Builder
	for _, r := range Table() {
		fmt.Fprintf(&b, "%3d  %-21s  %s\n     status description: %s\n     again? %s\n\n", r.Code, r.Class, r.When, r.StatusDescription, r.Retry)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// ExitCodesJSON is the table for programs, one JSON document and a newline.
func ExitCodesJSON() []byte {
	return pretty(struct {
		Schema    string `json:"schema"`
		ExitCodes []Row  `json:"exit_codes"`
	}{"sfnx.exit-codes/v1", Table()})
}

// ExitCodesMarkdown is the table for the README.
func ExitCodesMarkdown() string {
	var b strings.Builder
	b.WriteString("| code | class | status description | when | again? |\n|---|---|---|---|---|\n")
	for _, r := range Table() {
		fmt.Fprintf(&b, "| %d | %s | `%s` | %s | %s |\n", r.Code, r.Class, r.StatusDescription, r.When, r.Retry)
	}
	return b.String()
}
