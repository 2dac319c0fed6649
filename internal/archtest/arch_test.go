package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// check runs one rule over all files of the module.
func check(t *testing.T, rule func(source) []string) {
	t.Helper()
	for _, s := range sources(t) {
		for _, broken := range rule(s) {
			t.Error(broken)
		}
	}
}

func TestImports(t *testing.T) { check(t, forbiddenImports) }

func TestTheCoreReadsNoClock(t *testing.T) { check(t, clockReading) }

func TestSecretsAreRevealedOnlyWhereTheyAreSent(t *testing.T) { check(t, revealing) }

func TestOnlyCommandsEndTheProcess(t *testing.T) { check(t, exiting) }

// forbiddenImports are the imports of a file that the table does not allow.
func forbiddenImports(s source) []string {
	r, ok := table[s.pkg]
	if !ok {
		return []string{fmt.Sprintf("%s: package %s is not in the table of internal/archtest: add it with the imports that it needs", s.name, s.pkg)}
	}
	ours, modules := strings.Fields(r.imports), strings.Fields(r.modules)
	if s.isTest {
		ours = append(ours, append(strings.Fields(r.tests), s.pkg)...)
		modules = append(modules, strings.Fields(anyTest+" "+r.testModules)...)
	}
	var out []string
	for p, at := range s.imports() {
		own, isOurs := strings.CutPrefix(p, modulePath+"/")
		first, _, _ := strings.Cut(p, "/")
		switch {
		case isOurs && !slices.Contains(ours, own):
			out = append(out, fmt.Sprintf("%s: %s must not import %s", at, s.pkg, own))
		case isOurs:
		case strings.Contains(first, ".") && !isBelow(p, modules):
			out = append(out, fmt.Sprintf("%s: %s must not import the module %s", at, s.pkg, p))
		case !s.isTest && isBelow(p, strings.Fields(r.bans)) && !slices.Contains(strings.Fields(pure), p):
			out = append(out, fmt.Sprintf("%s: %s must not import %s", at, s.pkg, p))
		}
	}
	slices.Sort(out)
	return out
}

// isBelow reports whether an import path is one of the prefixes or inside one.
func isBelow(p string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return p == prefix || strings.HasPrefix(p, prefix+"/") })
}

// clockReading are the places where a timeless package reads a clock, waits or starts a goroutine.
func clockReading(s source) []string {
	if s.isTest || !slices.Contains(timeless, s.pkg) {
		return nil
	}
	var out []string
	clock := s.localName("time")
	s.selections(func(x, sel string, at token.Position) {
		if clock != "" && x == clock && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer", "Local", "LoadLocation"}, sel) {
			out = append(out, fmt.Sprintf("%s: %s must not use time.%s: time is an argument", at, s.pkg, sel))
		}
	})
	ast.Inspect(s.file, func(n ast.Node) bool {
		if g, ok := n.(*ast.GoStmt); ok {
			out = append(out, fmt.Sprintf("%s: %s must not start a goroutine", s.fset.Position(g.Pos()), s.pkg))
		}
		return true
	})
	return out
}

// revealing are the places where a secret's text is taken out by somebody who does not send it.
func revealing(s source) []string {
	if s.isTest || slices.Contains(revealers, s.pkg) {
		return nil
	}
	var out []string
	s.selections(func(_, sel string, at token.Position) {
		if sel == "Reveal" {
			out = append(out, fmt.Sprintf("%s: %s must not call Reveal: only what signs or sends a secret may", at, s.pkg))
		}
	})
	return out
}

// exiting are the places outside of commands that end the process.
func exiting(s source) []string {
	if s.isTest || strings.HasPrefix(s.pkg, "cmd/") || s.file.Name.Name == "main" {
		return nil
	}
	system, logger := s.localName("os"), s.localName("log")
	var out []string
	s.selections(func(x, sel string, at token.Position) {
		if system != "" && x == system && sel == "Exit" || logger != "" && x == logger && (strings.HasPrefix(sel, "Fatal") || strings.HasPrefix(sel, "Panic")) {
			out = append(out, fmt.Sprintf("%s: %s must not call %s.%s: return an error", at, s.pkg, x, sel))
		}
	})
	return out
}

// TestTheRulesBite feeds each rule a file that breaks it.
func TestTheRulesBite(t *testing.T) {
	for _, c := range []struct {
		name string
		file string
		text string
		rule func(source) []string
		want int
	}{
		{"an arrow that is not in the table", "internal/value/x.go", `import "github.com/sfnx/sfnx/asl"`, forbiddenImports, 1},
		{"a test may import its own package", "internal/value/x_test.go", `import "github.com/sfnx/sfnx/internal/value"`, forbiddenImports, 0},
		{"a module that is not in the table", "fsm/x.go", `import "github.com/spf13/cobra"`, forbiddenImports, 1},
		{"a part of a module", "backend/aws/x.go", `import "github.com/aws/aws-sdk-go-v2/service/sfn"`, forbiddenImports, 0},
		{"a name that only begins like a module", "backend/aws/x.go", `import "github.com/aws/smithy-gone"`, forbiddenImports, 1},
		{"a banned part of the standard library", "backend/sim/x.go", `import "net/http"`, forbiddenImports, 1},
		{"a package without a row", "newcomer/x.go", "", forbiddenImports, 1},
		{"a clock", "asl/x.go", `import "time"; func f() { time.Now(); <-time.After(1) }`, clockReading, 2},
		{"a clock under another name", "asl/x.go", `import t "time"; func f() { t.Sleep(1) }`, clockReading, 1},
		{"times that are only handled", "asl/x.go", `import "time"; func f(at time.Time) time.Time { return at.Add(time.Second) }`, clockReading, 0},
		{"a clock where there may be one", "fsm/x.go", `import "time"; func f() { time.Now() }`, clockReading, 0},
		{"a goroutine", "internal/interp/x.go", `func f() { go f() }`, clockReading, 1},
		{"a revealed secret", "output/x.go", `func f(s secret) string { return s.Reveal() }`, revealing, 1},
		{"a sent secret", "backend/aws/x.go", `func f(s secret) string { return s.Reveal() }`, revealing, 0},
		{"an exit", "internal/cli/x.go", `import "os"; func f() { os.Exit(1) }`, exiting, 1},
		{"a fatal log", "output/x.go", `import "log"; func f() { log.Fatalf("") }`, exiting, 1},
		{"an exit of a command", "cmd/sfnx/x.go", `import "os"; func f() { os.Exit(1) }`, exiting, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := parse(c.file, "package x; "+c.text)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.rule(s); len(got) != c.want {
				t.Errorf("%s gives %q, want %d findings", c.text, got, c.want)
			}
		})
	}
}
