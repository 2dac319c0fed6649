package asl

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the .out files of testdata/findings")

// TestFindings parses each testdata/findings/NAME.asl.json and compares what is found, and where, with NAME.out.
// A NAME that starts with express_ or placeholder_ sets the option of that name.
func TestFindings(t *testing.T) {
	files, err := filepath.Glob("testdata/findings/*.asl.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".asl.json")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			opts := Options{AllowPlaceholders: strings.HasPrefix(name, "placeholder_")}
			if strings.HasPrefix(name, "express_") {
				opts.Type = "EXPRESS"
			}
			machine, found := Parse(text, opts)
			if (machine == nil) != found.HasErrors() {
				t.Errorf("machine %v with findings %v", machine, found)
			}
			got := render(found)
			out := filepath.Join("testdata/findings", name+".out")
			if *update {
				if err := os.WriteFile(out, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s\ngot:\n%swant:\n%s", file, got, want)
			}
		})
	}
}

// render writes each finding with its pointer on the line below.
func render(found Diagnostics) string {
	if len(found) == 0 {
		return "nothing\n"
	}
	var b strings.Builder
	for _, d := range found {
		b.WriteString(d.String() + "\n\t" + d.Pointer + "\n")
	}
	return b.String()
}
