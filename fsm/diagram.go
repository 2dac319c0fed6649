package fsm

import (
	"fmt"
	"strings"
)

// The formats of Diagram.
const (
	Mermaid = "mermaid"
	DOT     = "dot"
)

// Diagram draws the life cycle, generated from its table and in the table's order.
func Diagram(format string) (string, error) {
	switch format {
	case Mermaid:
		return mermaid(), nil
	case DOT:
		return dot(), nil
	}
	return "", fmt.Errorf("no diagram format %q, want %q or %q", format, Mermaid, DOT)
}

func mermaid() string {
	var b strings.Builder
	fmt.Fprintf(&b, "stateDiagram-v2\n    [*] --> %s\n", Validate)
	for _, t := range lifeCycle {
		for _, from := range t.from {
			fmt.Fprintf(&b, "    %s --> %s: %s\n", from, t.to, t.event)
		}
	}
	for _, s := range Endings() {
		fmt.Fprintf(&b, "    %s --> [*]\n", s)
	}
	return b.String()
}

func dot() string {
	var b strings.Builder
	b.WriteString("digraph lifecycle {\n    rankdir=LR\n")
	for _, s := range []State{Validate, Authenticate, Start, Poll} {
		fmt.Fprintf(&b, "    %q [shape=box]\n", s)
	}
	for _, s := range Endings() {
		fmt.Fprintf(&b, "    %q [shape=doublecircle]\n", s)
	}
	for _, t := range lifeCycle {
		for _, from := range t.from {
			fmt.Fprintf(&b, "    %q -> %q [label=%q]\n", from, t.to, t.event)
		}
	}
	b.WriteString("}\n")
	return b.String()
}
