package process

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/internal/fakeaws"
	"github.com/sfnx/sfnx/internal/fault/account"
)

var polls = flag.Int("polls", 0, "for how many polls sfnx is looked at while it waits; 0 = not at all")

// What a run may cost while it waits.
const (
	mostMemory      = 40 // MB
	mostTicks       = 1  // of 10 ms of CPU between two polls: the kernel may round up
	mostConnections = 1
	pollingInterval = 5 * time.Second
)

// TestWaitingCosts looks from outside at sfnx while it waits for an execution.
func TestWaitingCosts(t *testing.T) {
	if *binary == "" || *polls == 0 {
		t.Skip("it is the released binary that is measured, for as long as it waits: make waiting-costs")
	}
	a, err := account.Open(account.Options{Speed: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	asked := make(chan time.Time, *polls+1)
	a.Script("DescribeExecution", fakeaws.Fault{Times: *polls, Met: func() { asked <- time.Now() }})
	p := launch(t, "run", account.Arn(account.Lasts), "--wait", "--polling-interval", strconv.Itoa(int(pollingInterval.Seconds())),
		"--endpoint-url", a.URL, "--name", "order")
	defer func() {
		_ = p.Process.Kill()
		<-p.ended
	}()

	var first, last usage
	var ticks, connections int
	for n := range *polls {
		select {
		case <-asked:
		case <-p.ended:
			t.Fatalf("it ended with %d\n%s", p.end().Code, p.stderr.Bytes())
		}
		// From a second after the answer to a second before the next question nothing happens.
		<-time.After(time.Second)
		from := look(t, p.Process.Pid)
		<-time.After(pollingInterval - 2*time.Second)
		to := look(t, p.Process.Pid)
		ticks, connections = max(ticks, to.ticks-from.ticks), max(connections, to.connections)
		if n == 0 {
			first = to
		}
		last = to
	}
	// Each poll is in it once, with all that it brings.
	minutes := pollingInterval.Minutes() * float64(*polls-1)
	fmt.Printf("waiting rss_mb=%.1f peak_mb=%.1f cpu_ms_per_minute=%.1f ticks_between_polls=%d connections=%d descriptors=%d threads=%d\n",
		last.rss, last.peak, float64((last.cpu-first.cpu).Microseconds())/1000/minutes, ticks, connections, last.descriptors, last.threads)
	if last.peak > mostMemory {
		t.Errorf("%.1f MB of memory, want %d at most", last.peak, mostMemory)
	}
	if ticks > mostTicks {
		t.Errorf("%d ticks between two polls, want %d at most", ticks, mostTicks)
	}
	if connections > mostConnections {
		t.Errorf("%d connections, want %d at most", connections, mostConnections)
	}
}

// usage is what /proc tells of a process.
type usage struct {
	rss, peak   float64 // MB
	ticks       int     // of CPU, since it began
	cpu         time.Duration
	connections int // TCP
	descriptors int
	threads     int
}

func look(t *testing.T, pid int) (u usage) {
	t.Helper()
	proc := fmt.Sprintf("/proc/%d/", pid)
	read := func(name string) string {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	status := read(proc + "status")
	u.rss, u.peak, u.threads = field(t, status, "VmRSS")/1024, field(t, status, "VmHWM")/1024, int(field(t, status, "Threads"))

	// The name, the second field, stands in brackets and may hold anything; utime and stime are the 14th and the 15th.
	_, stat, _ := strings.Cut(read(proc+"stat"), ") ")
	for _, ticks := range strings.Fields(stat)[11:13] {
		u.ticks += number(t, ticks)
	}
	tasks, err := filepath.Glob(proc + "task/*/schedstat")
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		u.cpu += time.Duration(number(t, strings.Fields(read(task))[0]))
	}

	sockets := map[string]bool{}
	descriptors, err := os.ReadDir(proc + "fd")
	if err != nil {
		t.Fatal(err)
	}
	u.descriptors = len(descriptors)
	for _, d := range descriptors {
		if target, err := os.Readlink(proc + "fd/" + d.Name()); err == nil {
			sockets[target] = true
		}
	}
	for _, table := range []string{"net/tcp", "net/tcp6"} {
		for line := range strings.Lines(read(proc + table)) {
			if columns := strings.Fields(line); len(columns) > 9 && sockets["socket:["+columns[9]+"]"] {
				u.connections++
			}
		}
	}
	return u
}

// field is a number of /proc/PID/status, NaN if it is not there.
func field(t *testing.T, status, name string) float64 {
	t.Helper()
	found := regexp.MustCompile(`(?m)^` + name + `:\s+(\d+)`).FindStringSubmatch(status)
	if found == nil {
		t.Errorf("there is no %s in /proc/PID/status", name)
		return math.NaN()
	}
	return float64(number(t, found[1]))
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
