package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// moduleRoot is where relative folders in the environment start, and beside which the recordings lie.
const moduleRoot = "../.."

const defaultFolder = "../shared/conformance"

const ratchetFile = "ratchet.txt"

// folder is a folder named relative to the module's root.
func folder(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(moduleRoot, name)
}

// recordings are the cases to run; without any the test is skipped.
func recordings(t *testing.T) (cases []*Case, isDefault bool) {
	t.Helper()
	name := os.Getenv("CONFORMANCE")
	isDefault = name == ""
	if isDefault {
		name = defaultFolder
		if _, err := os.Stat(folder(name)); err != nil {
			t.Skipf("there are no recordings in %s: nothing is compared with the real service (CONFORMANCE=DIR names another folder)", name)
		}
	}
	cases, err := Load(folder(name))
	if err != nil {
		t.Fatal(err)
	}
	return cases, isDefault
}

func TestConformance(t *testing.T) {
	cases, isDefault := recordings(t)
	if id := os.Getenv("CASE"); id != "" {
		showCase(t, cases, id)
		return
	}
	ratchet := readRatchet(t)
	adjust := adjustment(t)
	scores := NewScores()
	reports := map[string]Report{}
	for _, c := range cases {
		switch {
		case c.Skip != "":
			scores.Skip()
			continue
		case !Runs(c.Kind):
			scores.NotRun(c.Kind)
			continue
		}
		result := Run(c)
		keep(t, c, result)
		report := Compare(c, result.Document)
		reports[c.ID] = report
		scores.Add(c, Compare(c, c.expect()), report)
		if isDefault && adjust != nil {
			adjust(ratchet, c.ID, report, reason(result, report))
		}
	}
	if _, err := scores.WriteTo(t.Output()); err != nil {
		t.Error(err)
	}
	if !isDefault {
		return
	}
	if adjust != nil {
		writeRatchet(t, ratchet)
	}
	for _, c := range cases {
		if report, ran := reports[c.ID]; ran {
			if err := ratchet.Check(c.ID, report); err != nil {
				t.Error(err)
			}
		}
	}
	for id := range ratchet {
		if _, ran := reports[id]; !ran {
			t.Errorf("%s lists %s, which is no case that runs", ratchetFile, id)
		}
	}
}

// adjustment is what RATCHET asks for: nothing, update (take progress over) or start (list what falls short now).
func adjustment(t *testing.T) func(Ratchet, string, Report, string) {
	t.Helper()
	switch v := os.Getenv("RATCHET"); v {
	case "":
		return nil
	case "update":
		return Ratchet.Tighten
	case "start":
		return Ratchet.Start
	default:
		t.Fatalf("RATCHET is %q, want update or start", v)
		return nil
	}
}

func showCase(t *testing.T, cases []*Case, id string) {
	t.Helper()
	var near []string
	for _, c := range cases {
		if c.ID == id {
			if !Runs(c.Kind) {
				t.Fatalf("cases of kind %s are not run", c.Kind)
			}
			result := Run(c)
			keep(t, c, result)
			if err := Show(t.Output(), c, result.Document, Compare(c, result.Document)); err != nil {
				t.Error(err)
			}
			return
		}
		if strings.Contains(c.ID, id) {
			near = append(near, c.ID)
		}
	}
	t.Fatalf("there is no case %q; names with it:\n%s", id, strings.Join(near, "\n"))
}

// keep writes the result of a case to the folder OUT.
func keep(t *testing.T, c *Case, r Result) {
	t.Helper()
	dir := os.Getenv("OUT")
	if dir == "" {
		return
	}
	name := filepath.Join(folder(dir), filepath.FromSlash(c.ID)+".json")
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, append(r.Document.AppendJSON(nil), '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readRatchet(t *testing.T) Ratchet {
	t.Helper()
	text, err := os.ReadFile(ratchetFile)
	if err != nil {
		t.Fatal(err)
	}
	r, err := ParseRatchet(string(text))
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", ratchetFile, err))
	}
	return r
}

func writeRatchet(t *testing.T, r Ratchet) {
	t.Helper()
	if err := os.WriteFile(ratchetFile, []byte(r.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
