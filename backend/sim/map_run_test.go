package sim_test

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/dataset"
	"github.com/sfnx/sfnx/internal/value"
)

// memory stands for S3: its one bucket is b. It knows how many objects are open.
type memory struct {
	objects map[string]string
	open    int
}

func (m *memory) Get(bucket, key string) (io.ReadCloser, error) {
	body, ok := m.objects[key]
	if bucket != "b" || !ok {
		return nil, &dataset.NotFoundError{Code: "NoSuchKey", Bucket: bucket, Key: key}
	}
	m.open++
	return &object{Reader: strings.NewReader(body), memory: m}, nil
}

func (m *memory) List(bucket, prefix string) ([]dataset.Object, error) {
	if bucket != "b" {
		return nil, &dataset.NotFoundError{Code: "NoSuchBucket", Bucket: bucket}
	}
	var list []dataset.Object
	for _, key := range slices.Sorted(maps.Keys(m.objects)) {
		if strings.HasPrefix(key, prefix) {
			list = append(list, dataset.Object{Bucket: bucket, Key: key, Size: int64(len(m.objects[key]))})
		}
	}
	return list, nil
}

func (m *memory) Create(bucket, key string) (io.WriteCloser, error) {
	if bucket != "b" {
		return nil, &dataset.NotFoundError{Code: "NoSuchBucket", Bucket: bucket}
	}
	m.open++
	return &object{memory: m, key: key}, nil
}

// object is one that is open, to be read or written.
type object struct {
	io.Reader
	bytes.Buffer
	memory *memory
	key    string
}

func (o *object) Read(p []byte) (int, error) { return o.Reader.Read(p) }

func (o *object) Close() error {
	o.memory.open--
	if o.key != "" {
		o.memory.objects[o.key] = o.String()
	}
	return nil
}

// distributed is a machine of one distributed Map; fields are those of the Map, processor the inside of its ItemProcessor.
func distributed(fields, processor string) string {
	return `{"StartAt":"M","States":{"M":{"Type":"Map",` + fields + `"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},` + processor + `},"End":true}}}`
}

const (
	passItem = `"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}`
	// workItem asks a task for each item, failIf fails for items that are true and takes a second for others.
	workItem = `"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"item.$":"$"},"End":true}}`
	failIf   = `"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$","BooleanEquals":true,"Next":"F"}],"Default":"W"},"F":{"Type":"Fail","Error":"E","Cause":"c"},"W":{"Type":"Wait","Seconds":1,"End":true}}`
	readJSON = `"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON"},"Parameters":{"Bucket":"b","Key":"items.json"}},`
	toFiles  = `"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b","Prefix":"out"}},`
)

// play runs a machine to its end, and checks that nothing is left open.
func play(t testing.TB, c sim.Config, definition, input string) (backend.Execution, *sim.Region) {
	t.Helper()
	r := sim.New(c)
	arn := start(t, r, create(t, r, "machine", "", definition), "a", input)
	untilDone(t, r, arn)
	x := describe(t, r, arn)
	if !r.Now().Equal(x.StopDate) {
		t.Errorf("it is %s, but the execution ended at %s", r.Now(), x.StopDate)
	}
	if m, ok := c.Store.(*memory); ok && m.open != 0 {
		t.Errorf("%d objects are left open", m.open)
	}
	return x, r
}

// The number of children at a time decides how long it takes; results come in the order of the items.
func TestConcurrencyOfAMapRun(t *testing.T) {
	for _, c := range []struct {
		fields string
		items  int
		want   int // seconds
		most   int // at a time
	}{
		{``, 7, 7, 7},
		{`"MaxConcurrency":1,`, 5, 15, 1},
		{`"MaxConcurrency":3,`, 6, 7, 3},
		{`"MaxConcurrency":20000,`, 12_000, 12_000, 10_000},
	} {
		running, most := map[string]bool{}, 0
		config := sim.Config{
			// The nth item takes n seconds, the last one the least.
			Tasks: tasks(func(call sim.Call) (sim.Answer, error) {
				n, _ := call.Input.Int64()
				return sim.Return(value.Int(n)).After(time.Duration(n) * time.Second), nil
			}),
			Observe: func(arn string, e history.Event) {
				switch e.Type {
				case history.TaskStarted:
					running[arn] = true
					most = max(most, len(running))
				case history.TaskSucceeded:
					delete(running, arn)
				}
			},
		}
		items := make([]string, c.items)
		for i := range items {
			items[i] = fmt.Sprint(c.items - i)
		}
		input := "[" + strings.Join(items, ",") + "]"
		x, _ := play(t, config, distributed(c.fields, workItem), input)
		if took := int(x.StopDate.Sub(x.StartDate) / time.Second); x.Status != backend.Succeeded || resultOf(x) != input || took != c.want || most != c.most {
			t.Errorf("%s%d items: it is %s after %d s with %d at a time, want %d s and %d: %.200s", c.fields, c.items, x.Status, took, most, c.want, c.most, resultOf(x))
		}
	}
}

const exceeded = "States.ExceedToleratedFailureThreshold The specified tolerated failure threshold was exceeded"

func TestToleranceOfAMapRun(t *testing.T) {
	for _, c := range []struct{ fields, input, want string }{
		{``, `[false,true,false]`, exceeded},
		{``, `[false,false]`, `[false,false]`},
		{`"ToleratedFailureCount":1,`, `[false,true,false]`, `[false,false]`},
		{`"ToleratedFailureCount":1,`, `[true,true,false]`, exceeded},
		{`"ToleratedFailureCount":3,`, `[true,true,true]`, `[]`},
		{`"ToleratedFailurePercentage":33,`, `[false,true,false]`, exceeded},
		{`"ToleratedFailurePercentage":33.4,`, `[false,true,false]`, `[false,false]`},
		{`"ToleratedFailurePercentage":100,`, `[true,true]`, `[]`},
		{`"ToleratedFailureCount":1,"ToleratedFailurePercentage":90,`, `[true,true,false,false]`, exceeded},
		{`"ToleratedFailureCount":9,"ToleratedFailurePercentage":50,`, `[true,true,false,false]`, `[false,false]`},
		{`"ToleratedFailureCount":9,"ToleratedFailurePercentage":49,`, `[true,true,false,false]`, exceeded},
		{`"ItemBatcher":{"MaxItemsPerBatch":2},"ToleratedFailureCount":1,`, `[1,2,3,4,5]`, `[{"Items":[1,2]},{"Items":[3,4]},{"Items":[5]}]`},
		{``, `[]`, `[]`},
	} {
		if x, _ := play(t, sim.Config{}, distributed(c.fields, failIf), c.input); resultOf(x) != c.want {
			t.Errorf("%s%s gives %s, want %s", c.fields, c.input, resultOf(x), c.want)
		}
	}
	// How many items a reader finds is known at their end; what is then too much fails the Map.
	for items, want := range map[string]string{`[true,false,false]`: exceeded, `[true,false,false,false,false]`: `[false,false,false,false]`} {
		store := &memory{objects: map[string]string{"items.json": items}}
		if x, _ := play(t, sim.Config{Store: store}, distributed(readJSON+`"MaxConcurrency":1,"ToleratedFailurePercentage":25,`, failIf), `{}`); resultOf(x) != want {
			t.Errorf("%s gives %s, want %s", items, resultOf(x), want)
		}
	}
}

// Too many failures stop the children that are still running; timed out and aborted ones are failures too.
func TestAMapRunThatFailsStopsItsChildren(t *testing.T) {
	ends := map[history.Type]int{}
	observe := func(_ string, e history.Event) { ends[e.Type]++ }
	x, r := play(t, sim.Config{Observe: observe}, distributed(``, failIf), `[false,true,false,false]`)
	if resultOf(x) != exceeded || ends[history.ExecutionAborted] != 3 || ends[history.ExecutionFailed] != 2 {
		t.Errorf("it is %s, with the ends %v", resultOf(x), ends)
	}
	if at, known, _ := r.NextChange(t.Context(), x.ExecutionArn); known {
		t.Errorf("something is still due at %s", at)
	}

	clear(ends)
	late := tasks(func(sim.Call) (sim.Answer, error) { return sim.Never(), nil })
	timeout := strings.Replace(workItem, `"Parameters"`, `"TimeoutSeconds":5,"Parameters"`, 1)
	if x, _ := play(t, sim.Config{Observe: observe, Tasks: late}, distributed(`"ToleratedFailureCount":1,`, timeout), `[1,2]`); resultOf(x) != exceeded || x.StopDate.Sub(x.StartDate) != 5*time.Second {
		t.Errorf("it is %s", resultOf(x))
	}
}

func TestStoppingTheParentOfAMapRun(t *testing.T) {
	ends := map[history.Type]int{}
	store := &memory{objects: map[string]string{"items.json": `[false,false,false,false]`}}
	r := sim.New(sim.Config{Store: store, Sink: store, Observe: func(_ string, e history.Event) { ends[e.Type]++ }})
	slow := strings.Replace(failIf, `"Seconds":1,`, `"SecondsPath":"$$.Execution.Input",`, 1)
	slow = strings.Replace(slow, `"SecondsPath":"$$.Execution.Input"`, `"Timestamp":"2000-01-01T00:00:01Z","Next":"X"},"X":{"Type":"Wait","Seconds":60`, 1)
	arn := start(t, r, create(t, r, "machine", "", distributed(readJSON+toFiles+`"MaxConcurrency":2,`, slow)), "a", `{}`)
	r.Advance(r.Now().Add(90 * time.Second)) // two are done and written, two run
	if store.open != 2 {
		t.Errorf("%d objects are open, want the reader's and the writer's", store.open)
	}
	if _, err := r.StopExecution(t.Context(), backend.StopExecutionInput{ExecutionArn: arn}); err != nil {
		t.Fatal(err)
	}
	if ends[history.ExecutionSucceeded] != 2 || ends[history.ExecutionAborted] != 3 || store.open != 0 {
		t.Errorf("the ends are %v, %d objects are open", ends, store.open)
	}
	for key := range store.objects {
		if strings.HasSuffix(key, "manifest.json") {
			t.Errorf("a stopped Map Run has the manifest %s", key)
		}
	}
}

// What a reader cannot read is a failure of the state, at once or in the middle of a run.
func TestReadersOfMapRuns(t *testing.T) {
	store := func(items string) *memory { return &memory{objects: map[string]string{"items.json": items}} }
	for _, c := range []struct {
		name, items, fields, want string
	}{
		{"nothing there", ``, `"MaxConcurrency":1,`, `States.ItemReaderFailed`},
		{"no array", `7`, ``, `States.ItemReaderFailed Attempting to map over non-iterable node.`},
		{"an array that breaks off", `[1,2,`, `"MaxConcurrency":1,`, `States.ItemReaderFailed`},
		{"items with where they are from", `[1,"x"]`, `"ItemSelector":{"i.$":"$$.Map.Item"},`, `[{"i":{"Index":0,"Value":1,"Source":"S3://b/items.json"}},{"i":{"Index":1,"Value":"x","Source":"S3://b/items.json"}}]`},
		{"batches of selected items", `[1,2,3]`, `"ItemSelector":{"n.$":"$$.Map.Item.Value"},"ItemBatcher":{"MaxItemsPerBatch":2,"BatchInput":{"run.$":"$$.Execution.Name"}},`, `[{"BatchInput":{"run":"a"},"Items":[{"n":1},{"n":2}]},{"BatchInput":{"run":"a"},"Items":[{"n":3}]}]`},
		{"a selector that finds nothing", `[{"a":1},{}]`, `"ItemSelector":{"n.$":"$$.Map.Item.Value.a"},`, `States.Runtime An error occurred while executing the state 'M' (entered at the event id #2). The JSONPath '$$.Map.Item.Value.a' specified for the field 'n.$' could not be found`},
	} {
		s := store(c.items)
		if c.items == "" {
			delete(s.objects, "items.json")
		}
		if x, _ := play(t, sim.Config{Store: s}, distributed(readJSON+c.fields, passItem), `{}`); !strings.HasPrefix(resultOf(x), c.want) {
			t.Errorf("%s gives %s, want %s", c.name, resultOf(x), c.want)
		}
	}
	r := sim.New(sim.Config{})
	arn := start(t, r, create(t, r, "machine", "", distributed(readJSON, passItem)), "a", `{}`)
	if _, err := r.DescribeExecution(t.Context(), arn); err == nil || !strings.Contains(err.Error(), `Map state "M": its ItemReader reads from S3, and nothing stands for S3 here`) {
		t.Errorf("without a store: %v", err)
	}
}

// parsed reads the object whose key has the suffix.
func (m *memory) parsed(t testing.TB, suffix string) value.Value {
	t.Helper()
	for key, body := range m.objects {
		if strings.HasSuffix(key, suffix) {
			v, err := value.Parse(body)
			if err != nil {
				t.Fatalf("%s: %v", key, err)
			}
			return v
		}
	}
	t.Fatalf("there is no %s among %v", suffix, slices.Collect(maps.Keys(m.objects)))
	return value.Value{}
}

func at(v value.Value, path ...string) string {
	for _, key := range path {
		v, _ = v.Get(key)
	}
	return cmp.Or(v.Str(), v.JSON())
}

func TestResultFilesOfAMapRun(t *testing.T) {
	store := &memory{objects: map[string]string{"items.json": `[false,true,false]`}}
	x, _ := play(t, sim.Config{Store: store, Sink: store}, distributed(readJSON+toFiles+`"ToleratedFailureCount":1,`, failIf), `{}`)
	result, err := value.Parse(resultOf(x))
	if x.Status != backend.Succeeded || err != nil {
		t.Fatalf("it is %s: %s", x.Status, resultOf(x))
	}
	manifest := store.parsed(t, at(result, "ResultWriterDetails", "Key"))
	if at(result, "ResultWriterDetails", "Bucket") != "b" || at(manifest, "DestinationBucket") != "b" || at(manifest, "MapRunArn") != at(result, "MapRunArn") {
		t.Errorf("the result %s is not that of the manifest %s", result, manifest)
	}
	files, _ := manifest.Get("ResultFiles")
	for group, want := range map[string]int{"SUCCEEDED": 2, "FAILED": 1, "PENDING": 0} {
		list, _ := files.Get(group)
		if want == 0 {
			if len(list.Items()) != 0 {
				t.Errorf("%s has the files %s", group, list)
			}
			continue
		}
		records := store.parsed(t, group+"_0.json").Items()
		if len(list.Items()) != 1 || len(records) != want {
			t.Fatalf("%s has %d files, the first with %d records", group, len(list.Items()), len(records))
		}
		for _, record := range records {
			if at(record, "Status") != group || group == "FAILED" && (at(record, "Error") != "E" || at(record, "Cause") != "c") || group == "SUCCEEDED" && at(record, "Output") != "false" {
				t.Errorf("%s has the record %s", group, record)
			}
		}
	}
	// Too many failures: what there is is written all the same.
	store = &memory{objects: map[string]string{"items.json": `[true]`}}
	if x, _ := play(t, sim.Config{Store: store, Sink: store}, distributed(readJSON+toFiles, failIf), `{}`); resultOf(x) != exceeded {
		t.Errorf("it is %s", resultOf(x))
	}
	if records := store.parsed(t, "FAILED_0.json").Items(); len(records) != 1 {
		t.Errorf("%d failures are written", len(records))
	}
	store.parsed(t, "manifest.json")
	// A bucket that is not there fails the state.
	store = &memory{objects: map[string]string{"items.json": `[false,false]`}}
	if x, _ := play(t, sim.Config{Store: store, Sink: store}, distributed(readJSON+strings.Replace(toFiles, `"b"`, `"none"`, 1), failIf), `{}`); !strings.HasPrefix(resultOf(x), "States.ResultWriterFailed ") {
		t.Errorf("it is %s", resultOf(x))
	}
}

// EXPRESS children have their own ARNs and five minutes; children can have distributed Maps and children of their own.
func TestChildrenOfMapRuns(t *testing.T) {
	arns := map[string]history.Type{}
	observe := func(arn string, e history.Event) { arns[arn] = e.Type }
	express := strings.Replace(distributed(`"Label":"each","ToleratedFailureCount":1,`, failIf), `"ExecutionType":"STANDARD"`, `"ExecutionType":"EXPRESS"`, 1)
	long := strings.Replace(express, `"Seconds":1,`, `"Seconds":301,`, 1)
	if x, _ := play(t, sim.Config{Observe: observe}, express, `[false,false]`); resultOf(x) != `[false,false]` {
		t.Errorf("EXPRESS children give %s", resultOf(x))
	}
	for arn := range arns {
		if _, err := backend.ParseARN(arn); err != nil || !strings.Contains(arn, ":execution:machine:a") && !strings.Contains(arn, ":express:machine/each:") {
			t.Errorf("an execution is %s (%v)", arn, err)
		}
	}
	clear(arns)
	if x, _ := play(t, sim.Config{Observe: observe}, long, `[false]`); resultOf(x) != `[]` || !slices.Contains(slices.Collect(maps.Values(arns)), history.ExecutionTimedOut) {
		t.Errorf("an EXPRESS child of more than five minutes gives %s and %v", resultOf(x), arns)
	}

	clear(arns)
	inner := `"StartAt":"N","States":{"N":{"Type":"Map","MaxConcurrency":1,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},` + failIf + `},"End":true}}`
	if x, _ := play(t, sim.Config{Observe: observe}, distributed(``, inner), `[[false,false],[],[false]]`); resultOf(x) != `[[false,false],[],[false]]` || len(arns) != 1+3+3 || x.StopDate.Sub(x.StartDate) != 2*time.Second {
		t.Errorf("Maps in Maps give %s in %d executions", resultOf(x), len(arns))
	}
	nested := `"StartAt":"P","States":{"P":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","Parameters":{"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:child","Input.$":"$"},"OutputPath":"$.Output","End":true}}`
	r := sim.New(sim.Config{})
	create(t, r, "child", "", waitAndEnd)
	arn := start(t, r, create(t, r, "machine", "", distributed(`"MaxConcurrency":2,`, nested)), "a", `[1,2,3]`)
	untilDone(t, r, arn)
	if x := describe(t, r, arn); resultOf(x) != `[1,2,3]` || x.StopDate.Sub(x.StartDate) != 40*time.Second {
		t.Errorf("children that start executions give %s", resultOf(x))
	}
}

// A child that cannot go on gives up the whole run; nothing more is started.
func TestABrokenIteration(t *testing.T) {
	asked := 0
	store := &memory{objects: map[string]string{"items.json": "[" + strings.Repeat("1,", 999) + "1]"}}
	r := sim.New(sim.Config{Store: store, Sink: store, Tasks: tasks(func(sim.Call) (sim.Answer, error) {
		if asked++; asked == 10 {
			return sim.Answer{}, errors.New("the tenth is too much")
		}
		return sim.Return(text("done")).After(time.Second), nil
	})})
	arn := start(t, r, create(t, r, "machine", "", distributed(readJSON+toFiles+`"MaxConcurrency":4,`, workItem)), "a", `{}`)
	r.Advance(r.Now().Add(time.Hour))
	_, err := r.DescribeExecution(t.Context(), arn)
	if err == nil || !strings.Contains(err.Error(), "the tenth is too much") || asked > 12 || store.open != 0 {
		t.Errorf("after %d tasks, with %d open objects: %v", asked, store.open, err)
	}
}

// The same seed gives the same bytes, children and files included, on any number of processors.
func TestMapRunsAreDeterministic(t *testing.T) {
	items := "[" + strings.Repeat(`false,true,`, 40) + "false]"
	once := func() string {
		var b strings.Builder
		store := &memory{objects: map[string]string{"items.json": items}}
		config := sim.Config{Seed: 7, Store: store, Sink: store, Tasks: tasks(flaky), Observe: func(arn string, e history.Event) { b.WriteString(arn + " " + line(t, e)) }}
		flakyItem := strings.Replace(workItem, `"item.$":"$"`, `"item.$":"$","id.$":"States.UUID()"`, 1)
		flakyItem = strings.Replace(flakyItem, `"End":true`, `"Retry":[{"ErrorEquals":["E"],"JitterStrategy":"FULL","IntervalSeconds":9}],"End":true`, 1)
		play(t, config, distributed(readJSON+toFiles+`"MaxConcurrency":7,"ItemSelector":{"u.$":"States.UUID()","v.$":"$$.Map.Item.Value"},`, flakyItem), `{}`)
		for _, key := range slices.Sorted(maps.Keys(store.objects)) {
			b.WriteString(key + " " + store.objects[key] + "\n")
		}
		return b.String()
	}
	want := once()
	for _, procs := range []int{1, 2} {
		before := runtime.GOMAXPROCS(procs)
		for range 3 {
			if once() != want {
				t.Errorf("on %d processors it is not the same", procs)
			}
		}
		runtime.GOMAXPROCS(before)
	}
}
