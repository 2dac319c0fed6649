package asl

import (
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// FuzzParse: any text gives either a machine or errors, never both; each finding stands inside the text; and the
// same text gives the same findings again.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/findings/*.asl.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "testdata/all.asl.json") {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, false)
		f.Add(text, true)
	}
	f.Fuzz(func(t *testing.T, text []byte, express bool) {
		opts := Options{AllowPlaceholders: express}
		if express {
			opts.Type = "EXPRESS"
		}
		machine, found := Parse(text, opts)
		if (machine == nil) != found.HasErrors() {
			t.Fatalf("machine %v with findings %v", machine, found)
		}
		if machine != nil && len(machine.States) == 0 {
			t.Fatal("a machine without states")
		}
		for _, d := range found {
			p := d.Pos
			if p.Offset < 0 || p.Offset > len(text) || p.Line < 1 || p.Column < 1 || d.Message == "" || d.Code == "" {
				t.Fatalf("%+v", d)
			}
			if p.Offset < len(text) && utf8.Valid(text) && !utf8.RuneStart(text[p.Offset]) {
				t.Fatalf("%+v stands inside a character", d)
			}
		}
		if _, again := Parse(text, opts); !cmp.Equal(found, again) {
			t.Fatal(cmp.Diff(found, again))
		}
	})
}
