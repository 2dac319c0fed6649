package fault

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// longest is how long the binary may take for one play. It is no measure: a play that takes so long hangs.
const longest = 2 * time.Minute

// PlayProcess plays a fault with the binary, as a process of its own in real time, and says what came of it. Plays may
// happen side by side.
func PlayProcess(f Fault, seed uint64, binary string) Verdict {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return Verdict{Fault: f.ID(), Seed: seed, Problems: []string{err.Error()}}
	}
	hearHangups()
	return play(f, seed, true, func(s *Scene) (performance, error) { return s.elsewhere(binary) })
}

// hearHangups keeps what this process starts from ignoring SIGHUP because nohup has started this one.
var hearHangups = sync.OnceFunc(func() {
	if signal.Ignored(syscall.SIGHUP) {
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	}
})

// elsewhere runs the command as a process, Acts times, and gives what came of the last one.
func (s *Scene) elsewhere(binary string) (p performance, err error) {
	for act := range max(s.Acts, 1) {
		if p, err = s.act(binary, act); err != nil {
			return p, err
		}
	}
	return s.seen(p)
}

func (s *Scene) act(binary string, act int) (performance, error) {
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	p := performance{args: s.args()}
	var out, errs buffer
	c := exec.CommandContext(ctx, binary, p.args...)
	c.Dir, c.Env, c.Stdin, c.Stdout, c.Stderr = s.dir, pairs(s.Env), s.Stdin, &out, &errs
	c.WaitDelay = time.Second // a child that keeps the pipes open
	if s.Command != nil {
		s.Command(c, act)
	}
	var mu sync.Mutex
	ended := false
	s.send = func(sig os.Signal) {
		mu.Lock()
		defer mu.Unlock()
		if !ended && c.Process != nil {
			s.check(c.Process.Signal(sig))
		}
	}
	mu.Lock()
	err := c.Start()
	mu.Unlock()
	if err != nil {
		return p, err
	}
	if s.Meanwhile != nil {
		s.Meanwhile(c, act)
	}
	err = c.Wait()
	mu.Lock()
	ended = true
	mu.Unlock()
	if ctx.Err() != nil {
		return p, errors.New("it did not end: " + errs.text())
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) {
		return p, err
	}
	p.code, p.out, p.errs = shellCode(c.ProcessState), out.text(), errs.text()
	if strings.HasPrefix(p.errs, "SKIP: ") {
		return p, errSkipped{strings.TrimSpace(strings.TrimPrefix(p.errs, "SKIP: "))}
	}
	return p, nil
}

// errSkipped says why this machine does not permit a play.
type errSkipped struct{ reason string }

func (e errSkipped) Error() string { return e.reason }

// shellCode is the exit code as a shell sees it.
func shellCode(s *os.ProcessState) int {
	if status, ok := s.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return s.ExitCode()
}
