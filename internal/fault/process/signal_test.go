//go:build unix

package process

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fault/account"
)

var signals = flag.Int("signals", 6, "how often sfnx gets a signal; whether it ends in time is judged from 60 on")

// How soon a document is there after a signal.
var soon = map[string]time.Duration{"leave": time.Second, "stop": 6 * time.Second}

// TestSignalledAtRandom sends signals at random moments: the code is that of the signal, the document comes in time, and what
// it says of the execution is so.
func TestSignalledAtRandom(t *testing.T) {
	a, err := account.Open(account.Options{Speed: 1, Started: func() { <-time.After(slowness) }})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	begins := undisturbed(t, []string{"run", account.Arn(account.Lasts), "--name", "begins", "--endpoint-url", a.URL})
	chance := rand.New(rand.NewPCG(5, 3))
	score := signalScore{left: map[string]int{}, slowest: map[string]time.Duration{}}
	var jobs []func()
	for n := range *signals {
		s := signalled{t: t, account: a, name: fmt.Sprintf("order-%d", n), signal: []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP}[n%3],
			choice: []string{"leave", "stop"}[n/3%2]}
		// Half of them while it begins, half of them while it waits.
		s.moment = time.Duration(chance.Float64() * 2 * float64(begins))
		if n%2 == 1 {
			s.moment = 2*begins + time.Duration(chance.Float64()*float64(1200*time.Millisecond))
		}
		jobs = append(jobs, func() { s.run(&score) })
	}
	together(3, jobs)
	fmt.Println(&score)
}

// signalled is a run that gets a signal.
type signalled struct {
	t       *testing.T
	account *account.Account
	name    string
	signal  syscall.Signal
	choice  string // of --on-interrupt
	moment  time.Duration
}

func (s signalled) run(score *signalScore) {
	p := launch(s.t, "run", account.Arn(account.Lasts), "--wait", "--polling-interval", "1", "--endpoint-url", s.account.URL,
		"--name", s.name, "--on-interrupt", s.choice)
	p.lives(s.moment)
	sent := time.Now()
	_ = p.Process.Signal(s.signal)
	ended := p.end()
	late := p.began.Add(p.took).Sub(sent)
	left, err := s.judge(ended, p.killed())
	if err == nil && *signals >= 60 && late > soon[s.choice] {
		err = fmt.Errorf("it took %s to end", late)
	}
	if err != nil {
		s.t.Errorf("%s after %s, %s: %v\n%s%s", s.signal, s.moment, s.choice, err, ended.Stdout, ended.Stderr)
	}
	score.count(s.choice, left, late, err != nil)
}

// judge says what became of the execution by the document, and what is wrong with that.
func (s signalled) judge(ended account.Ended, deaf bool) (left string, err error) {
	started, name := 0, s.name+"-1"
	started = s.account.Started(name)
	want := 143
	if s.signal == syscall.SIGINT {
		want = 130
	}
	switch {
	case deaf && s.signal == syscall.SIGHUP:
		want = 129 // the shell's own
		fallthrough
	case deaf:
		// Before its first line a process has no handler: it ends as any other, and has done nothing.
		if ended.Code != want || started > 0 {
			return "deaf", fmt.Errorf("exit code %d and %d executions without a handler", ended.Code, started)
		}
		return "deaf", nil
	case ended.Code != want:
		return "", fmt.Errorf("exit code %d, want %d", ended.Code, want)
	}
	doc, err := ended.Document()
	if err != nil {
		return "", err
	}
	left = "nothing"
	if doc.Sfnx.ExecutionLeft != nil {
		left = *doc.Sfnx.ExecutionLeft
	}
	is := s.account.Status(account.Lasts, name)
	so := map[string]bool{
		"nothing": started == 0,
		"running": is == backend.Running,
		"stopped": is == backend.Aborted,
		"unknown": started <= 1,
	}
	if !so[left] {
		return left, fmt.Errorf("the document says that the execution is left %s, it is %q", left, is)
	}
	return left, nil
}

// signalScore counts runs, by what was left behind.
type signalScore struct {
	mu      sync.Mutex
	runs    int
	left    map[string]int
	slowest map[string]time.Duration
	wrong   int
}

func (s *signalScore) count(choice, left string, late time.Duration, wrong bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs++
	s.left[left]++
	s.slowest[choice] = max(s.slowest[choice], late)
	if wrong {
		s.wrong++
	}
}

func (s *signalScore) String() string {
	return fmt.Sprintf("signals=%d deaf=%d nothing=%d unknown=%d running=%d stopped=%d slowest_leave_ms=%d slowest_stop_ms=%d wrong=%d",
		s.runs, s.left["deaf"], s.left["nothing"], s.left["unknown"], s.left["running"], s.left["stopped"],
		s.slowest["leave"].Milliseconds(), s.slowest["stop"].Milliseconds(), s.wrong)
}
