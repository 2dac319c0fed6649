package jsregex

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

type matchCase struct{ pattern, flags, text, want string }

func readCases(t testing.TB) (cases []matchCase) {
	t.Helper()
	file, err := os.Open("testdata/match.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		rest := lines.Text()
		if rest == "" || rest[0] == '#' {
			continue
		}
		var fields [3]string
		for i := range fields {
			quoted, err := strconv.QuotedPrefix(rest)
			if err != nil {
				t.Fatalf("%s: %v", rest, err)
			}
			if fields[i], err = strconv.Unquote(quoted); err != nil {
				t.Fatalf("%s: %v", rest, err)
			}
			rest = strings.TrimPrefix(rest[len(quoted):], " ")
		}
		cases = append(cases, matchCase{fields[0], fields[1], fields[2], rest})
	}
	return cases
}

func describe(m *Match) string {
	if m == nil {
		return "none"
	}
	out := fmt.Sprintf("%d:%d", m.Start, m.End)
	for _, g := range m.Groups {
		if g.Start < 0 {
			out += " -"
		} else {
			out += fmt.Sprintf(" %d:%d", g.Start, g.End)
		}
	}
	return out
}

func TestMatch(t *testing.T) {
	for _, c := range readCases(t) {
		re, err := Compile(c.pattern, c.flags)
		if err != nil {
			var syntax *SyntaxError
			if !errors.As(err, &syntax) || "error "+syntax.Message != c.want {
				t.Errorf("/%s/%s: got %v, want %s", c.pattern, c.flags, err, c.want)
			}
			continue
		}
		// The answer must not depend on whether failures are remembered.
		for _, expensive := range []int64{expensiveAfter, 0} {
			budget := int64(10_000)
			m, err := re.findRemembering(c.text, 0, &budget, expensive)
			if err != nil || describe(m) != c.want {
				t.Errorf("/%s/%s on %q: got %s, %v, want %s", c.pattern, c.flags, c.text, describe(m), err, c.want)
			}
		}
	}
}

func TestFindFromAnOffset(t *testing.T) {
	tests := []struct {
		pattern string
		from    int
		want    string
	}{
		{`\w+`, 3, "4:7"},
		{`^\w+`, 3, "none"},
		{`\b\w`, 1, "4:5"},
		{`(?<=one )t`, 4, "4:5"},
		{`$`, 7, "7:7"},
		{``, 8, "none"},
	}
	for _, tt := range tests {
		re, err := Compile(tt.pattern, "")
		if err != nil {
			t.Fatal(err)
		}
		budget := int64(1000)
		m, err := re.Find("one two", tt.from, &budget)
		if err != nil || describe(m) != tt.want {
			t.Errorf("/%s/ from %d: got %s, %v, want %s", tt.pattern, tt.from, describe(m), err, tt.want)
		}
	}
}

func TestFlags(t *testing.T) {
	for flags, ok := range map[string]bool{"": true, "i": true, "mi": true, "g": false, "ii": false, "i,m": false} {
		if _, err := Compile("a", flags); (err == nil) != ok {
			t.Errorf("flags %q: got %v", flags, err)
		}
	}
}

func TestBudget(t *testing.T) {
	text := strings.Repeat("a", 20_000) + "!"
	tests := []struct {
		pattern string
		ends    bool // within the budget, because the search remembers where it failed
	}{
		{`(a+)+$`, true},
		{`(?:a|aa)+$`, true},
		{`^(?:a+?)+$`, true},
		{`(?:(?:a|a)+b?)+c`, true},
		{`(a+)+\1$`, false},
		{`(?=a)(?:a+)+$`, false},
		{`(?:a|aa){2,}$`, false},
		{`(?:a*)*$b`, false},
	}
	for _, tt := range tests {
		re, err := Compile(tt.pattern, "")
		if err != nil {
			t.Fatal(err)
		}
		var used [2]int64
		for run := range used {
			budget := int64(2_000_000)
			m, err := re.Find(text, 0, &budget)
			if m != nil || errors.Is(err, ErrBudget) == tt.ends {
				t.Errorf("/%s/: got %s, %v", tt.pattern, describe(m), err)
			}
			if used[run] = 2_000_000 - budget; err != nil && budget != 0 {
				t.Errorf("/%s/: %d steps are left", tt.pattern, budget)
			}
		}
		if used[0] != used[1] {
			t.Errorf("/%s/: %d steps, then %d", tt.pattern, used[0], used[1])
		}
	}
}

func TestDeepNestingIsRefused(t *testing.T) {
	for _, open := range []string{"(", "(?:", "(?="} {
		if _, err := Compile(strings.Repeat(open, 100_000), ""); err == nil {
			t.Errorf("%s, 100,000 deep: no error", open)
		}
	}
}

func FuzzMatch(f *testing.F) {
	for _, c := range readCases(f) {
		f.Add(c.pattern, c.flags, c.text)
	}
	f.Fuzz(func(t *testing.T, pattern, flags, text string) {
		re, err := Compile(pattern, flags)
		if err != nil {
			return
		}
		budget := int64(100_000)
		m, err := re.findRemembering(text, 0, &budget, expensiveAfter)
		if budget < 0 {
			t.Fatalf("budget %d", budget)
		}
		if m != nil && (m.Start < 0 || m.End < m.Start || m.End > len(text) || len(m.Groups) != re.NumGroups()) {
			t.Fatalf("match %v in %d bytes", m, len(text))
		}
		again := int64(100_000)
		other, otherErr := re.findRemembering(text, 0, &again, 0)
		if err == nil && otherErr == nil && describe(m) != describe(other) {
			t.Fatalf("%s, but remembering failures %s", describe(m), describe(other))
		}
	})
}

func BenchmarkFind(b *testing.B) {
	log := strings.Repeat("2026-03-09 GET /orders/12345 200 17ms\n", 200) + "2026-03-09 POST /orders 503 9ms\n"
	for _, pattern := range []string{`POST`, `(\S+) (\d{3}) (\d+)ms$`, `\b5\d\d\b`, `(?:[a-z]+|\d+)+!`, `(?<=/orders )\d+`} {
		re, err := Compile(pattern, "")
		if err != nil {
			b.Fatal(err)
		}
		b.Run(pattern, func(b *testing.B) {
			b.SetBytes(int64(len(log)))
			b.ReportAllocs()
			for b.Loop() {
				budget := int64(10_000_000)
				if _, err := re.Find(log, 0, &budget); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
