package asl

import "strings"

// suggestionBudget bounds the comparisons of one parse, so that a definition full of mistakes costs no more than one with a few.
const suggestionBudget = 20_000

// didYouMean is the hint that names the candidate closest to got, "" if none is close. Of equals the first one wins.
func (p *parser) didYouMean(got string, n int, candidate func(int) string) string {
	if p.suggestions < n || len(got) > 2*maxNameLength {
		return ""
	}
	p.suggestions -= n
	best, least := "", min(len(got)/3, 3)+1
	for i := range n {
		c := candidate(i)
		if c == got {
			continue
		}
		if strings.EqualFold(c, got) {
			best = c
			break
		}
		if d := distance(got, c, least); d < least {
			best, least = c, d
		}
	}
	if best == "" {
		return ""
	}
	return `did you mean "` + best + `"?`
}

// distance is the number of bytes to insert, delete, replace or swap with a neighbour that makes b of a; limit if it is not below limit.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j-1]+cost, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least >= limit {
			return limit
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit)
}
