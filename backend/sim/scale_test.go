package sim_test

import (
	"io"
	"runtime"
	"strconv"
	"testing"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/dataset"
	"github.com/sfnx/sfnx/internal/value"
)

// endless is a file of many items that nobody holds: {"id":0}, {"id":1} ...
type endless struct {
	items int
	read  int
	rest  []byte
	heap  func() // called now and then
}

func (e *endless) Get(string, string) (io.ReadCloser, error) { return io.NopCloser(e), nil }

func (e *endless) List(string, string) ([]dataset.Object, error) { return nil, nil }

func (e *endless) Read(p []byte) (int, error) {
	if len(e.rest) == 0 {
		if e.read == e.items {
			return 0, io.EOF
		}
		e.rest = append(strconv.AppendInt(append(e.rest, `{"id":`...), int64(e.read), 10), "}\n"...)
		if e.read++; e.read%10_000 == 0 {
			e.heap()
		}
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

type nowhere struct{}

func (nowhere) Create(string, string) (io.WriteCloser, error) { return nowhere{}, nil }
func (nowhere) Write(p []byte) (int, error)                   { return len(p), nil }
func (nowhere) Close() error                                  { return nil }

// A Map Run holds what is open, not what has passed: 100,000 items, each an execution with a task and a token, in less
// than 48 MiB more than at the beginning.
func TestAMapRunOf100000ItemsInBoundedMemory(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("100,000 executions take too long here (-short or -race), and the race detector keeps memory of its own")
	}
	const items, bound = 100_000, 48 << 20
	var before, most uint64
	heap := func() uint64 {
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return s.HeapAlloc
	}
	file := &endless{items: items, heap: func() { most = max(most, heap()) }}
	asked := 0
	r := sim.New(sim.Config{Store: file, Sink: nowhere{}, Tasks: tasks(func(sim.Call) (sim.Answer, error) {
		asked++
		return sim.Return(value.Int(int64(asked))), nil
	})})
	machine := create(t, r, "machine", "", distributed(`"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSONL"},"Parameters":{"Bucket":"b","Key":"items"}},`+toFiles+`"MaxConcurrency":1000,`,
		`"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"item.$":"$","token.$":"$$.Task.Token"},"Next":"P"},"P":{"Type":"Pass","End":true}}`))
	before = heap()
	arn := start(t, r, machine, "a", `{}`)
	untilDone(t, r, arn)
	most = max(most, heap())
	if x := describe(t, r, arn); x.Status != backend.Succeeded || asked != items {
		t.Fatalf("it is %s after %d tasks: %s", x.Status, asked, resultOf(x))
	}
	t.Logf("%d items: at most %.1f MiB live above %.1f MiB", items, float64(most-before)/(1<<20), float64(before)/(1<<20))
	if most-before > bound {
		t.Errorf("the heap grows by %d bytes, want at most %d", most-before, bound)
	}
}
