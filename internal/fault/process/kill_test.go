package process

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sfnx/sfnx/internal/fakeaws"
	"github.com/sfnx/sfnx/internal/fault/account"
)

var kills = flag.Int("kills", 6, "how often sfnx is killed")

// slowness is how long the account takes for the part of a run that is to be hit.
const slowness = 300 * time.Millisecond

// settings are the accounts that sfnx is killed at. In each of them another part of a run takes long.
var settings = []struct {
	name    string
	machine string
	slow    string // call that waits before it is carried out
	answer  bool   // the answer to StartExecution waits, when it has been carried out
	early   bool   // the moments are dense at the beginning
}{
	{name: "nothing is slow", machine: account.Fails, early: true},
	{name: "who calls is slow to tell", machine: account.Fails, slow: "GetCallerIdentity"},
	{name: "StartExecution is slow", machine: account.Fails, slow: "StartExecution"},
	{name: "its answer is slow", machine: account.Fails, answer: true},
	{name: "the execution takes its time", machine: account.FailsLater},
	{name: "the history is slow", machine: account.Fails, slow: "GetExecutionHistory"},
}

// sameJob are the ways to tell sfnx that it runs a job again. dir is the order's own.
var sameJob = []func(dir, name string) []string{
	func(_, name string) []string { return []string{"--name", name, "--attempt", "1"} },
	func(dir, _ string) []string { return []string{"--state-file", filepath.Join(dir, "state")} }, // the name is generated
}

// TestKilledAndRunAgain kills sfnx at random moments and runs it again: there is one execution, and its code.
func TestKilledAndRunAgain(t *testing.T) {
	chance := rand.New(rand.NewPCG(5, 2))
	var score killScore
	var alone, jobs []func()
	lasts := make([]time.Duration, len(settings))
	for i, s := range settings {
		o := account.Options{Speed: 100}
		if s.answer {
			o.Started = func() { <-time.After(slowness) }
		}
		a, err := account.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		if s.slow != "" {
			a.Script(s.slow, fakeaws.Fault{Times: fakeaws.Forever, Delay: slowness})
		}
		order := func(n int) order {
			name := fmt.Sprintf("order-%d-%d", i, n)
			return order{t: t, account: a, machine: s.machine, name: name, same: sameJob[n%len(sameJob)](t.TempDir(), name)}
		}
		alone = append(alone, func() { lasts[i] = undisturbed(t, order(0).args()) })
		var late atomic.Int64
		for n := range (*kills + len(settings) - 1 - i) / len(settings) {
			part := chance.Float64()
			if s.early {
				part *= part * part
			}
			jobs = append(jobs, func() {
				moment := time.Duration(part * float64(lasts[i]))
				for n := n + 1; !order(n).killAndRepeat(moment, &score); moment = moment * 4 / 5 {
					n = *kills + int(late.Add(1)) // it had ended already: another order
				}
			})
		}
	}
	together(len(settings), alone)
	together(4, jobs)
	fmt.Println(&score)
}

// order is a job that is run, killed and run again.
type order struct {
	t       *testing.T
	account *account.Account
	machine string
	name    string
	same    []string // flags that tell the job
}

func (o order) args() []string {
	return append([]string{"run", account.Arn(o.machine), "--wait", "--polling-interval", "1", "--endpoint-url", o.account.URL, "--input", o.input()}, o.same...)
}

// input tells the requests of this order from all others.
func (o order) input() string { return `{"order":"` + o.name + `"}` }

// killAndRepeat reports whether the process was still there to be killed.
func (o order) killAndRepeat(moment time.Duration, s *killScore) bool {
	p := launch(o.t, o.args()...)
	if p.lives(moment) {
		_ = p.Process.Kill()
	}
	p.end()
	stage := "gone"
	if p.killed() {
		stage = o.stage()
	}
	again := launch(o.t, o.args()...).end()
	doc, err := again.Document()
	switch {
	case err != nil:
	case again.Code != 23:
		err = fmt.Errorf("exit code %d, want 23", again.Code)
	case o.started() != 1:
		err = fmt.Errorf("%d executions were started, want 1", o.started())
	case doc.Result == nil || doc.Result.Status != "FAILED" || o.account.Started(doc.Result.Name) != 1:
		err = fmt.Errorf("the document tells of %+v", doc.Result)
	}
	if err != nil {
		o.t.Errorf("%s, killed after %s (%s): %v\n%s", o.name, moment, stage, err, again.Stderr)
	}
	s.count(stage, o.started() > 1, err != nil)
	return p.killed()
}

// stage is how far the order has come, by what has reached the account.
func (o order) stage() string {
	names := o.names()
	stage := "before"
	for name := range names {
		if stage = "during"; o.account.Answered(name) {
			stage = "waiting"
		}
	}
	for _, r := range o.account.Requests("GetExecutionHistory") { // it has seen the end, and looks why
		arn := members(r).ExecutionArn
		if names[arn[strings.LastIndexByte(arn, ':')+1:]] {
			return "after"
		}
	}
	return stage
}

// names are those under which the order was started, as far as requests tell.
func (o order) names() map[string]bool {
	names := map[string]bool{}
	for _, r := range o.account.Requests("StartExecution") {
		if m := members(r); m.Input == o.input() {
			names[m.Name] = true
		}
	}
	return names
}

// started is how many executions the order has led to, under whatever names.
func (o order) started() (n int) {
	for name := range o.names() {
		n += o.account.Started(name)
	}
	return n
}

// parameters are those of a request to Step Functions that tell whose it is.
type parameters struct{ Name, Input, ExecutionArn string }

func members(r fakeaws.Request) (p parameters) {
	_ = json.Unmarshal(r.Body, &p) // what cannot be read is nobody's
	return p
}

// killScore counts rounds, by where the kill hit.
type killScore struct {
	mu                sync.Mutex
	hit               map[string]int
	duplicates, wrong int
}

func (s *killScore) count(stage string, duplicate, wrong bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hit == nil {
		s.hit = map[string]int{}
	}
	s.hit[stage]++
	if duplicate {
		s.duplicates++
	}
	if wrong {
		s.wrong++
	}
}

func (s *killScore) String() string {
	killed := s.hit["before"] + s.hit["during"] + s.hit["waiting"] + s.hit["after"]
	return fmt.Sprintf("kills=%d before=%d during=%d waiting=%d after=%d gone=%d duplicates=%d wrong=%d",
		killed, s.hit["before"], s.hit["during"], s.hit["waiting"], s.hit["after"], s.hit["gone"], s.duplicates, s.wrong)
}
