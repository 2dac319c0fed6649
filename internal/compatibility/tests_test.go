package compatibility

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What the words conformance and suite stand for is not part of the module.
const (
	recordings = root + "/../shared/conformance/cases"
	suite      = root + "/../shared/jsonata-suite/groups"
)

// TestNamedTestsAreThere: each test that the page names is there, and one of them speaks of what is the same, in each of its
// places.
func TestNamedTestsAreThere(t *testing.T) {
	beside := map[string][][]byte{"conformance": passing(t), "suite": contents(t, suite+"/*/*")}
	for _, r := range page(t) {
		var sources [][]byte
		missing := false
		for _, test := range r.tests {
			if cases, ok := beside[test]; ok {
				sources = append(sources, cases...)
				missing = missing || cases == nil
				continue
			}
			source := find(t, test)
			if source == nil {
				t.Errorf("%s: there is no test %q: want conformance, suite, or a package with a test function or a case of its testdata: interp retry_jitter, asl TestParseTask", r, test)
				continue
			}
			sources = append(sources, source...)
		}
		if r.verdict != "same" || !r.code || missing {
			continue
		}
		for _, name := range r.names {
			for _, where := range r.places() {
				if !slices.ContainsFunc(sources, func(s []byte) bool { return speaks(s, r.section, name, where) }) {
					t.Errorf("%s: none of its tests speaks of %s", r, thing{name, where})
				}
			}
		}
	}
}

// speaks reports whether a test has the name of a thing and, where that is a type of state, a state of that type.
func speaks(source []byte, section, name, where string) bool {
	switch section {
	case "Fields":
		return bytes.Contains(source, []byte(`"`+name+`"`)) && (!stateTypes[where] || bytes.Contains(source, []byte(`"Type":"`+where+`"`)))
	case "JSONata":
		name += "("
	case "Integrations":
		pattern := where
		if !strings.HasPrefix(pattern, ".") {
			pattern = ""
		}
		switch name {
		case "LambdaFunction":
			name = ":function:"
		case "Activity":
			name = ":activity:"
		case "aws-sdk:SERVICE:ACTION":
			return bytes.Contains(source, []byte("aws-sdk:")) && bytes.Contains(source, []byte(pattern))
		}
		return bytes.Contains(source, []byte(name+pattern))
	}
	return bytes.Contains(source, []byte(name))
}

var stateTypes = map[string]bool{"Task": true, "Parallel": true, "Map": true, "Pass": true, "Wait": true, "Choice": true, "Succeed": true, "Fail": true}

// contents are the texts of the files that match a pattern, nil if there are none.
func contents(t *testing.T, pattern string) (out [][]byte) {
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, plain(text))
	}
	return out
}

// passing are the recorded cases that no line of the ratchet file excuses, nil if there are none here.
func passing(t *testing.T) (out [][]byte) {
	ratchet, err := os.ReadFile(filepath.Join(root, "internal", "conformance", "ratchet.txt"))
	if err != nil {
		t.Fatal(err)
	}
	excused := map[string]bool{}
	for line := range strings.Lines(string(ratchet)) {
		id, _, _ := strings.Cut(line, " ")
		excused[id] = true
	}
	files, err := filepath.Glob(recordings + "/*/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		kind := filepath.Base(filepath.Dir(file))
		if excused[kind+"/"+strings.TrimSuffix(filepath.Base(file), ".json")] || kind == "api" || kind == "test-state" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, plain(text))
	}
	return out
}

// plain takes the escapes of JSON in JSON away, and the blanks that may stand after a colon.
func plain(text []byte) []byte {
	text = bytes.ReplaceAll(text, []byte(`\"`), []byte(`"`))
	return bytes.ReplaceAll(text, []byte(`": "`), []byte(`":"`))
}

// find gives the texts of a named test: PACKAGE TestName or PACKAGE CASE, where the package is a path in the module without
// internal/ or backend/, and a case is a file of its testdata without its suffix. nil: there is none.
func find(t *testing.T, test string) (sources [][]byte) {
	pkg, name, _ := strings.Cut(test, " ")
	for _, dir := range []string{pkg, "internal/" + pkg, "backend/" + pkg} {
		dir = filepath.Join(root, filepath.FromSlash(dir))
		if _, err := os.Stat(dir); err != nil {
			continue
		}
		if strings.HasPrefix(name, "Test") || strings.HasPrefix(name, "Fuzz") {
			return function(t, dir, name)
		}
		_ = filepath.WalkDir(filepath.Join(dir, "testdata"), func(file string, d fs.DirEntry, err error) error {
			if base, _, _ := strings.Cut(filepath.Base(file), "."); err == nil && !d.IsDir() && base == name {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				sources = append(sources, plain(text))
			}
			return nil
		})
	}
	return sources
}

// function gives the file of a test function, in which its tables stand.
func function(t *testing.T, dir, name string) [][]byte {
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == name {
				return [][]byte{plain(text)}
			}
		}
	}
	return nil
}
