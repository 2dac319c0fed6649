package sim_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/dataset"
	"github.com/sfnx/sfnx/internal/value"
)

const definitionsFolder = "../shared/definitions"

// anything stands for S3 in which every object is there, and is of any type that can be read.
type anything struct{ nowhere }

func (anything) Get(string, string) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader(`[{"id":1},{"id":2}]`)), nil
}

func (anything) List(bucket, prefix string) ([]dataset.Object, error) {
	return []dataset.Object{{Bucket: bucket, Key: prefix + "1"}, {Bucket: bucket, Key: prefix + "2"}}, nil
}

// TestDefinitions runs state machines that people have written, each task answered by the same object. What a machine
// does not find in its input or in that object is put there for another try, so that it gets far. It may fail, but it
// comes to an end, and never to one that is ours.
func TestDefinitions(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("../..", definitionsFolder, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skipf("there are no definitions in %s", definitionsFolder)
	}
	outcomes := map[string]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		outcome := ""
		for _, typ := range []backend.Type{backend.Standard, backend.Express} {
			m, found := asl.Parse(text, asl.Options{Type: string(typ), AllowPlaceholders: true})
			if outcome = refusal(found); outcome == "" {
				outcome = farthest(t, m, typ)
				break
			}
		}
		outcomes[outcome]++
		for _, bad := range []string{"given up", "panic", "RUNNING", "refused"} {
			if strings.HasPrefix(outcome, bad) {
				t.Errorf("%s: %s", filepath.Base(file), outcome)
			}
		}
	}
	for _, outcome := range slices.Sorted(maps.Keys(outcomes)) {
		t.Logf("%3d %s", outcomes[outcome], outcome)
	}
}

func refusal(found asl.Diagnostics) string {
	for _, d := range found {
		if d.Code == asl.Unsupported {
			return "not supported yet"
		}
	}
	if found.HasErrors() {
		return "refused: " + found.Error()
	}
	return ""
}

var missing = regexp.MustCompile(`'\$\.([\w.\[\]*-]+)'`)

// farthest is how a machine ends when it finds what it looks for.
func farthest(t *testing.T, m *asl.Machine, typ backend.Type) string {
	world := map[string]any{"id": "x", "status": "SUCCEEDED", "statusCode": 200}
	for range 40 {
		status, failure, cause := ending(t, m, typ, world)
		outcome := strings.TrimSpace(status + " " + failure)
		found := missing.FindStringSubmatch(cause)
		if failure != "States.Runtime" || found == nil || !learn(world, found[1]) {
			return outcome
		}
	}
	return "FAILED States.Runtime"
}

// learn puts something where a path leads. It reports whether there was nothing.
func learn(world map[string]any, path string) bool {
	name, rest, more := strings.Cut(path, ".")
	name, _, list := strings.Cut(name, "[")
	next, isObject := world[name].(map[string]any)
	items, isList := world[name].([]any)
	switch {
	case list && !isList:
		next = map[string]any{}
		world[name] = []any{next, next}
	case list:
		next, isObject = items[0].(map[string]any)
	case more && !isObject:
		next = map[string]any{}
		world[name] = next
	case !more && world[name] != nil:
		return false
	case !more:
		world[name] = "1"
	}
	if more {
		return next != nil && learn(next, rest)
	}
	return !list || !isList || !isObject
}

// ending is how a machine ends in a world in which the input, and the answer to every task, is the same object.
func ending(t *testing.T, m *asl.Machine, typ backend.Type, world map[string]any) (status, failure, cause string) {
	defer func() {
		if p := recover(); p != nil {
			status, failure = "panic", fmt.Sprint(p)
		}
	}()
	text, err := json.Marshal(world)
	if err != nil {
		t.Fatal(err)
	}
	generic, err := value.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	r := sim.New(sim.Config{Tasks: tasks(func(sim.Call) (sim.Answer, error) { return sim.Return(generic), nil }), Store: anything{}, Sink: anything{}})
	machine, err := r.CreateStateMachine(sim.StateMachine{Name: "machine", Type: typ, Machine: m})
	if err != nil {
		t.Fatal(err)
	}
	in := backend.StartExecutionInput{StateMachineArn: machine, Name: "a", Input: ptr(string(text))}
	var x backend.Execution
	if typ == backend.Express {
		x, err = r.StartSyncExecution(t.Context(), in)
	} else {
		arn := start(t, r, machine, in.Name, *in.Input)
		untilDone(t, r, arn)
		x, err = r.DescribeExecution(t.Context(), arn)
	}
	switch {
	case err != nil:
		return "given up", err.Error(), ""
	case x.Error != nil:
		return string(x.Status), *x.Error, resultOf(x)
	}
	return string(x.Status), "", ""
}
