package soak

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/sfnx/sfnx/internal/fakeaws"
	"github.com/sfnx/sfnx/internal/fault/account"
)

var runs = flag.Int("runs", 200, "how often sfnx is run; from 2,000 on memory is judged")

// What counts as the beginning for the memory, and what it may grow by from there.
const (
	warm       = 1000
	mostGrowth = 10 // percent
)

// kinds of runs, in turn.
var kinds = []struct {
	machine string
	faults  []fakeaws.Fault // of StartExecution
	flags   []string
	code    int
}{
	{machine: account.Fails, flags: []string{"--wait"}, code: 23},
	{machine: account.FailsLater, flags: []string{"--wait", "--events", "-"}, code: 23},
	{machine: account.Fails, faults: []fakeaws.Fault{{Reset: fakeaws.AfterHandling}}, flags: []string{"--wait"}, code: 23},
	{machine: account.FailsLater, faults: []fakeaws.Fault{{Times: fakeaws.Forever, Reset: fakeaws.MidAnswer}}, code: 10},
	{machine: account.Express, code: 0},
	{machine: account.Express, flags: []string{"--wait", "-o", "text"}, code: 0},
	{machine: account.Lasts, flags: []string{"--wait", "--wait-timeout", "1m", "--on-wait-timeout", "stop"}, code: 124},
	{machine: "nowhere", flags: []string{"--wait"}, code: 20},
}

func TestManyRunsLeaveNothingBehind(t *testing.T) {
	for _, pair := range account.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		t.Setenv(name, value)
	}
	series(t, 0, len(kinds)) // what is made once per process
	before := look(t)
	beginning := before
	const length = 500 // of a series: an account remembers what it has seen
	for n := 0; n < *runs; n += length {
		series(t, n, min(length, *runs-n))
		if n+length == warm {
			beginning = look(t)
		}
	}
	after := look(t)
	growth := 100 * (float64(after.rss)/float64(max(beginning.rss, 1)) - 1)
	fmt.Printf("soak runs=%d goroutines=%+d descriptors=%+d rss_mb=%d growth=%.1f%%\n", *runs,
		after.goroutines-before.goroutines, after.descriptors-before.descriptors, after.rss>>10, growth)
	if after.goroutines != before.goroutines || after.descriptors != before.descriptors {
		t.Errorf("it began with %+v and ended with %+v", before, after)
	}
	if *runs >= 2*warm && growth >= mostGrowth {
		t.Errorf("the memory grew by %.1f%% after the first %d runs", growth, warm)
	}
}

// series makes runs at an account of their own.
func series(t *testing.T, from, count int) {
	t.Helper()
	a, err := account.Open(account.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for n := from; n < from+count; n++ {
		k := kinds[n%len(kinds)]
		a.Heal()
		a.Script("StartExecution", k.faults...)
		run := a.Run(append([]string{"run", account.Arn(k.machine), "--endpoint-url", a.URL, "--name", fmt.Sprintf("order-%d", n)}, k.flags...)...)
		if run.Code != k.code {
			t.Fatalf("run %d, %s: exit code %d, want %d\n%s", n, k.machine, run.Code, k.code, run.Stderr)
		}
	}
}

// holdings are what a process holds. Descriptors and memory are 0 where there is no /proc.
type holdings struct {
	goroutines  int
	descriptors int
	rss         int // kB
}

func look(t *testing.T) (h holdings) {
	t.Helper()
	if err := goleak.Find(); err != nil { // waits for those that are about to end
		t.Fatal(err)
	}
	debug.FreeOSMemory()
	h.goroutines = runtime.NumGoroutine()
	if descriptors, err := os.ReadDir("/proc/self/fd"); err == nil {
		h.descriptors = len(descriptors)
	}
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		if found := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(status); found != nil {
			h.rss, _ = strconv.Atoi(string(found[1]))
		}
	}
	return h
}
