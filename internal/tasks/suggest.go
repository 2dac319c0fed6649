package tasks

import (
	"fmt"
	"strings"
)

// listed is how many names a message gives before it breaks off.
const listed = 10

// choose says which names there are and which one may have been meant: `want one of "a", "b" (did you mean "a"?)`.
func choose(got string, names []string) string {
	var b strings.Builder
	b.WriteString("want ")
	if len(names) > 1 {
		b.WriteString("one of ")
	}
	for i, n := range names {
		if i == listed {
			fmt.Fprintf(&b, " and %d more", len(names)-listed)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q", n)
	}
	if n := closest(got, names); n != "" {
		fmt.Fprintf(&b, " (did you mean %q?)", n)
	}
	return b.String()
}

// closest is the name that got is most likely a misspelling of, "" if none is near.
func closest(got string, names []string) string {
	best, least := "", max(1, min(len(got)/3, 3))+1
	for _, n := range names {
		d := distance(strings.ToLower(got), strings.ToLower(n))
		if d < least {
			best, least = n, d
		}
	}
	return best
}

// distance is the number of bytes to insert, delete or replace that makes b of a.
func distance(a, b string) int {
	last, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
		}
		last, row = row, last
	}
	return last[len(b)]
}
