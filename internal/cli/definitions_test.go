package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/asl"
)

// Definitions that people deploy are valid, and run to an end when every task returns {}: whatever that end is, it is one
// of the workflow's own.
func TestDefinitionsInUse(t *testing.T) {
	files, err := filepath.Glob("../../../shared/definitions/*.asl.json")
	if err != nil || len(files) == 0 {
		t.Skip("../shared/definitions is absent")
	}
	ends := map[int]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d := newDefinition(file, string(text), "", nil)
		var unsupported bool
		for _, f := range d.findings {
			unsupported = unsupported || f.Code == asl.Unsupported
			if f.Severity == asl.SeverityError && f.Code != asl.Unsupported {
				t.Errorf("%s", d.show(f, style{}))
			}
		}
		code, _, errs := inProcess(t, "validate", file)
		if unsupported != (code == 20) {
			t.Errorf("%s: validate exits with %d\n%s", file, code, errs)
		}
		if unsupported {
			continue
		}
		args := []string{"simulate", file, "--s3", t.TempDir()}
		for _, name := range taskStates(&d.machine.Scope) {
			args = append(args, "--mock", name+"={}")
		}
		code, _, errs = inProcess(t, args...)
		if ends[code]++; !slices.Contains([]int{0, 23, 25}, code) {
			t.Errorf("%s: simulate exits with %d\n%s", file, code, errs)
		}
	}
	t.Logf("%d definitions, simulated ones by exit code: %v", len(files), ends)
}

// inProcess runs a command with the files of the machine.
func inProcess(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = Main(args, Streams{In: strings.NewReader(""), Out: &stdout, Err: &stderr}, Environment{Files: systemFiles})
	return code, stdout.String(), stderr.String()
}

func taskStates(scope *asl.Scope) []string {
	var names []string
	for _, s := range scope.States {
		switch body := s.Body.(type) {
		case *asl.Task:
			names = append(names, s.Name)
		case *asl.Parallel:
			for _, b := range body.Branches {
				names = append(names, taskStates(b)...)
			}
		case *asl.Map:
			names = append(names, taskStates(body.Processor)...)
		}
	}
	return names
}
