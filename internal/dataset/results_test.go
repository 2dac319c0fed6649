package dataset_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/internal/dataset"
	"github.com/sfnx/sfnx/internal/value"
)

const run = "arn:aws:states:us-east-1:111111111111:mapRun:shop/Orders:0f7e"

func child(t *testing.T, name, status, output string) *dataset.Child {
	t.Helper()
	c := &dataset.Child{
		ExecutionArn:    "arn:aws:states:us-east-1:111111111111:execution:shop/Orders:" + name,
		Name:            name,
		StateMachineArn: "arn:aws:states:us-east-1:111111111111:stateMachine:shop/Orders",
		Status:          status,
		RedriveStatus:   "REDRIVABLE",
		Input:           parse(t, `{"n": 1.0}`),
	}
	if output != "" {
		c.Output = parse(t, output)
		c.RedriveStatus, c.RedriveStatusReason = "NOT_REDRIVABLE", "Execution is SUCCEEDED and cannot be redriven"
	}
	if status != "PENDING" {
		c.StartDate = time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.FixedZone("", 3600))
		c.StopDate = c.StartDate.Add(time.Second)
	}
	return c
}

func TestRecord(t *testing.T) {
	failed := child(t, "b", "FAILED", "")
	name, cause := "Boom", "because"
	failed.Error, failed.Cause, failed.RedriveCount = &name, &cause, 2
	for _, c := range []struct {
		child *dataset.Child
		want  string
	}{
		{child(t, "a", "SUCCEEDED", `["x", 2.50]`), `{"ExecutionArn":"arn:aws:states:us-east-1:111111111111:execution:shop/Orders:a","Input":"{\"n\":1.0}","InputDetails":{"Included":true},"Name":"a","Output":"[\"x\",2.50]","OutputDetails":{"Included":true},"RedriveCount":0,"RedriveStatus":"NOT_REDRIVABLE","RedriveStatusReason":"Execution is SUCCEEDED and cannot be redriven","StartDate":"2026-01-02T02:04:05.006Z","StateMachineArn":"arn:aws:states:us-east-1:111111111111:stateMachine:shop/Orders","Status":"SUCCEEDED","StopDate":"2026-01-02T02:04:06.006Z"}`},
		{failed, `{"Cause":"because","Error":"Boom","ExecutionArn":"arn:aws:states:us-east-1:111111111111:execution:shop/Orders:b","Input":"{\"n\":1.0}","InputDetails":{"Included":true},"Name":"b","RedriveCount":2,"RedriveStatus":"REDRIVABLE","StartDate":"2026-01-02T02:04:05.006Z","StateMachineArn":"arn:aws:states:us-east-1:111111111111:stateMachine:shop/Orders","Status":"FAILED","StopDate":"2026-01-02T02:04:06.006Z"}`},
		{child(t, "c", "PENDING", ""), `{"ExecutionArn":"arn:aws:states:us-east-1:111111111111:execution:shop/Orders:c","Input":"{\"n\":1.0}","InputDetails":{"Included":true},"Name":"c","RedriveCount":0,"RedriveStatus":"REDRIVABLE","StateMachineArn":"arn:aws:states:us-east-1:111111111111:stateMachine:shop/Orders","Status":"PENDING"}`},
	} {
		if got := c.child.Record().JSON(); got != c.want {
			t.Errorf("got\n%s\nwant\n%s", got, c.want)
		}
	}
}

func TestResults(t *testing.T) {
	succeeded, scalar, failed := child(t, "a", "SUCCEEDED", `[[1],2]`), child(t, "b", "SUCCEEDED", `{"x":1}`), child(t, "c", "FAILED", "")
	for _, c := range []struct {
		child          *dataset.Child
		transformation string
		want           []value.Value
	}{
		{succeeded, "", []value.Value{succeeded.Record()}},
		{succeeded, "NONE", []value.Value{succeeded.Record()}},
		{succeeded, "COMPACT", []value.Value{parse(t, `[[1],2]`)}},
		{succeeded, "FLATTEN", []value.Value{parse(t, `[1]`), parse(t, `2`)}},
		{scalar, "FLATTEN", []value.Value{parse(t, `{"x":1}`)}},
		{child(t, "d", "SUCCEEDED", `[]`), "FLATTEN", nil},
		{failed, "FLATTEN", []value.Value{failed.Record()}},
		{failed, "COMPACT", []value.Value{failed.Record()}},
	} {
		if got := c.child.Results(c.transformation); !slices.EqualFunc(got, c.want, func(a, b value.Value) bool { return a.JSON() == b.JSON() }) {
			t.Errorf("%s of %s: got %v, want %v", c.transformation, c.child.Name, got, c.want)
		}
	}
}

// written writes children and gives back the result, the manifest and the files.
func written(t *testing.T, to dataset.Destination, children ...*dataset.Child) (result, manifest string, files []string) {
	t.Helper()
	dir, _ := openDir(t, "out/.keep", "")
	to.MapRunArn, to.Bucket = run, "out"
	w, err := dataset.NewResultWriter(dir, to)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range children {
		if err := w.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	v, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	details, _ := v.Get("ResultWriterDetails")
	key, _ := details.Get("Key")
	manifest = readAll(t, dir, "out", key.Str())
	lists, _ := parse(t, manifest).Get("ResultFiles")
	for i := range lists.Len() {
		_, list := lists.Member(i)
		for _, f := range list.Items() {
			key, _ := f.Get("Key")
			size, _ := f.Get("Size")
			text := readAll(t, dir, "out", key.Str())
			if n, _ := size.Int64(); n != int64(len(text)) {
				t.Errorf("%s: the manifest says %d bytes, it has %d", key, n, len(text))
			}
			files = append(files, text)
		}
	}
	return v.JSON(), manifest, files
}

func TestResultFiles(t *testing.T) {
	ok, failed, timedOut, aborted, pending := child(t, "1", "SUCCEEDED", `[1]`), child(t, "2", "FAILED", ""), child(t, "3", "TIMED_OUT", ""), child(t, "4", "ABORTED", ""), child(t, "5", "PENDING", "")
	result, manifest, files := written(t, dataset.Destination{Prefix: "jobs"}, failed, ok, pending, timedOut, aborted)
	if want := `{"MapRunArn":"` + run + `","ResultWriterDetails":{"Bucket":"out","Key":"jobs/0f7e/manifest.json"}}`; result != want {
		t.Errorf("got %s, want %s", result, want)
	}
	failures := `[` + failed.Record().JSON() + `,` + timedOut.Record().JSON() + `,` + aborted.Record().JSON() + `]`
	want := []string{failures, `[` + pending.Record().JSON() + `]`, `[` + ok.Record().JSON() + `]`}
	if !slices.Equal(files, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(files, "\n"), strings.Join(want, "\n"))
	}
	wantManifest := fmt.Sprintf(`{"DestinationBucket":"out","MapRunArn":"%s","ResultFiles":{"FAILED":[{"Key":"jobs/0f7e/FAILED_0.json","Size":%d}],"PENDING":[{"Key":"jobs/0f7e/PENDING_0.json","Size":%d}],"SUCCEEDED":[{"Key":"jobs/0f7e/SUCCEEDED_0.json","Size":%d}]}}`,
		run, len(want[0]), len(want[1]), len(want[2]))
	if manifest != wantManifest {
		t.Errorf("got\n%s\nwant\n%s", manifest, wantManifest)
	}
}

func TestResultFilesWithoutResults(t *testing.T) {
	for prefix, key := range map[string]string{"": "0f7e/manifest.json", "a/b/": "a/b/0f7e/manifest.json"} {
		result, manifest, _ := written(t, dataset.Destination{Prefix: prefix})
		if want := `{"MapRunArn":"` + run + `","ResultWriterDetails":{"Bucket":"out","Key":"` + key + `"}}`; result != want {
			t.Errorf("got %s, want %s", result, want)
		}
		if want := `{"DestinationBucket":"out","MapRunArn":"` + run + `","ResultFiles":{"FAILED":[],"PENDING":[],"SUCCEEDED":[]}}`; manifest != want {
			t.Errorf("got %s, want %s", manifest, want)
		}
	}
}

func TestResultFormats(t *testing.T) {
	a, b := child(t, "a", "SUCCEEDED", `[1, "x"]`), child(t, "b", "SUCCEEDED", `{"y": 2.0}`)
	for _, c := range []struct {
		to   dataset.Destination
		want []string
	}{
		{dataset.Destination{Transformation: "COMPACT"}, []string{`[[1,"x"],{"y":2.0}]`}},
		{dataset.Destination{Transformation: "FLATTEN", OutputType: "JSON"}, []string{`[1,"x",{"y":2.0}]`}},
		{dataset.Destination{Transformation: "COMPACT", OutputType: "JSONL"}, []string{"[1,\"x\"]\n{\"y\":2.0}\n"}},
		{dataset.Destination{Transformation: "FLATTEN", OutputType: "JSONL"}, []string{"1\n\"x\"\n{\"y\":2.0}\n"}},
		{dataset.Destination{Transformation: "FLATTEN", MaxFileBytes: 6}, []string{`[1]`, `["x"]`, `[{"y":2.0}]`}},
		{dataset.Destination{Transformation: "FLATTEN", MaxFileBytes: 7}, []string{`[1,"x"]`, `[{"y":2.0}]`}},
		{dataset.Destination{Transformation: "FLATTEN", OutputType: "JSONL", MaxFileBytes: 6}, []string{"1\n\"x\"\n", "{\"y\":2.0}\n"}},
		{dataset.Destination{Transformation: "FLATTEN", OutputType: "JSONL", MaxFileBytes: 5}, []string{"1\n", "\"x\"\n", "{\"y\":2.0}\n"}},
	} {
		if _, _, files := written(t, c.to, a, b); !slices.Equal(files, c.want) {
			t.Errorf("%+v: got %q, want %q", c.to, files, c.want)
		}
	}
}

func TestManyResultFilesAreNumbered(t *testing.T) {
	var children []*dataset.Child
	for range 12 {
		children = append(children, child(t, "a", "SUCCEEDED", `1`))
	}
	_, manifest, files := written(t, dataset.Destination{Transformation: "COMPACT", MaxFileBytes: 1}, children...)
	if len(files) != 12 || !strings.Contains(manifest, `/SUCCEEDED_11.json"`) {
		t.Errorf("%d files, manifest %s", len(files), manifest)
	}
}

func TestResultWriterRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, to := range []dataset.Destination{{Transformation: "compact"}, {OutputType: "CSV"}} {
		if _, err := dataset.NewResultWriter(nil, to); err == nil || !strings.Contains(err.Error(), "want one of") {
			t.Errorf("%+v: got %v", to, err)
		}
	}
}

func TestResultWriterNeedsItsBucket(t *testing.T) {
	dir, _ := openDir(t, "out/.keep", "")
	w, err := dataset.NewResultWriter(dir, dataset.Destination{MapRunArn: run, Bucket: "missing"})
	if err != nil {
		t.Fatal(err)
	}
	var failed *dataset.Error
	if err := w.Add(child(t, "a", "SUCCEEDED", `1`)); !errors.As(err, &failed) || failed.Name != dataset.ResultWriterFailed {
		t.Errorf("Add: got %v", err)
	}
	if _, err := w.Close(); !errors.As(err, &failed) || failed.Name != dataset.ResultWriterFailed {
		t.Errorf("Close: got %v", err)
	}
}

// full is a sink whose files take some bytes and then fail.
type full struct{ left, open int }

func (f *full) Create(string, string) (io.WriteCloser, error) {
	f.open++
	return f, nil
}

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errors.New("no space")
	}
	return len(p), nil
}

func (f *full) Close() error {
	f.open--
	return nil
}

func TestAFullDiskIsNoFailureOfTheState(t *testing.T) {
	for _, room := range []int{0, 100, 1 << 17} {
		sink := &full{left: room}
		w, err := dataset.NewResultWriter(sink, dataset.Destination{MapRunArn: run, Bucket: "out", Transformation: "COMPACT"})
		if err != nil {
			t.Fatal(err)
		}
		for range 10 {
			if err = w.Add(child(t, "a", "SUCCEEDED", `"`+strings.Repeat("x", 20_000)+`"`)); err != nil {
				break
			}
		}
		if err == nil {
			_, err = w.Close()
		} else if abort := w.Abort(); abort != nil {
			t.Error(abort)
		}
		var failed *dataset.Error
		if err == nil || errors.As(err, &failed) || !strings.Contains(err.Error(), "no space") || sink.open != 0 {
			t.Errorf("with room for %d bytes: got %v, %d files are left open", room, err, sink.open)
		}
	}
}
