package process

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sfnx/sfnx/internal/cli"
	"github.com/sfnx/sfnx/internal/fault/account"
)

// binary is sfnx as it is released.
var binary = flag.String("sfnx", "", "`path` of sfnx; otherwise the tests stand in for it")

// TestMain is sfnx when the tests start this binary again.
func TestMain(m *testing.M) {
	if os.Getenv("SFNX_TEST_AS") == "sfnx" {
		signals := make(chan os.Signal, 2)
		signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		streams, env := cli.System("test", signals)
		os.Exit(cli.Main(os.Args[1:], streams, env))
	}
	flag.Parse()
	goleak.VerifyTestMain(m)
}

// process is sfnx at work.
type process struct {
	*exec.Cmd
	began time.Time
	ended chan struct{} // closed when it has
	took  time.Duration // until then

	stdout, stderr bytes.Buffer
}

// launch starts sfnx with the keys of an account, and nothing else, in its environment.
func launch(t *testing.T, args ...string) *process {
	t.Helper()
	path, environ := *binary, account.Environ()
	if path == "" {
		path = os.Args[0]
		environ = append(environ, "SFNX_TEST_AS=sfnx", "GOCOVERDIR="+os.TempDir(), "GORACE=atexit_sleep_ms=0")
	}
	p := &process{Cmd: exec.Command(path, args...), ended: make(chan struct{})}
	p.Env, p.Stdout, p.Stderr = environ, &p.stdout, &p.stderr
	p.began = time.Now()
	if err := p.Start(); err != nil {
		t.Error(err)
		close(p.ended)
		return p
	}
	go func() {
		defer close(p.ended)
		_ = p.Wait() // the state tells
		p.took = time.Since(p.began)
	}()
	return p
}

// lives reports whether the process is still there when it has been for so long.
func (p *process) lives(d time.Duration) bool {
	timer := time.NewTimer(time.Until(p.began.Add(d)))
	defer timer.Stop()
	select {
	case <-p.ended:
		return false
	case <-timer.C:
		return true
	}
}

// end waits for the end. One that a signal killed has the exit code that a shell sees.
func (p *process) end() account.Ended {
	<-p.ended
	e := account.Ended{Code: -1, Stdout: p.stdout.Bytes(), Stderr: p.stderr.Bytes()}
	switch {
	case p.ProcessState == nil:
	case p.killed():
		e.Code = 128 + int(p.ProcessState.Sys().(syscall.WaitStatus).Signal())
	default:
		e.Code = p.ProcessState.ExitCode()
	}
	return e
}

// killed reports whether a signal ended the process, and not the process itself.
func (p *process) killed() bool {
	status, ok := p.ProcessState.Sys().(syscall.WaitStatus)
	return ok && status.Signaled()
}

// undisturbed is how long sfnx takes when it is left alone.
func undisturbed(t *testing.T, args []string) time.Duration {
	t.Helper()
	p := launch(t, args...)
	<-p.ended
	return p.took
}

// together runs jobs, so many at a time: they mostly wait.
func together(workers int, jobs []func()) {
	queue := make(chan func(), len(jobs))
	for _, job := range jobs {
		queue <- job
	}
	close(queue)
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			for job := range queue {
				job()
			}
		})
	}
	working.Wait()
}
