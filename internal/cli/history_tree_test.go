package cli

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/history"
)

var update = flag.Bool("update", false, "rewrite the .out files of testdata/tree")

// Each testdata/tree/NAME.asl.json is simulated with the mocks beside it, and its history compared with NAME.out.
func TestHistoryTree(t *testing.T) {
	definitions, err := filepath.Glob("testdata/tree/*.asl.json")
	if err != nil || len(definitions) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, definition := range definitions {
		t.Run(filepath.Base(definition), func(t *testing.T) {
			_, out, errs := inProcess(t, "simulate", definition, "--history", "-", "-q")
			var recorded struct{ Events []history.Event }
			if err := json.Unmarshal([]byte(out), &recorded); err != nil || len(recorded.Events) == 0 {
				t.Fatalf("no history: %v\n%s", err, errs)
			}
			got := historyTree(recorded.Events, true)
			if n := len(recorded.Events); strings.Count(got, "+") < n {
				t.Errorf("%d events, but the tree has fewer", n)
			}
			name := strings.TrimSuffix(definition, ".asl.json") + ".out"
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil || got != string(want) {
				t.Errorf("%v\ngot:\n%s", err, got)
			}
		})
	}
}
