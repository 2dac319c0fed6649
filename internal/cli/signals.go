package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/sfnx/sfnx/fsm"
)

// How long a command may take to end after a signal before it is left behind. A stop needs fsm's five seconds. What is
// written to a pipe that nobody reads is given up in time for that.
const (
	leaveGrace = 900 * time.Millisecond
	stopGrace  = 6 * time.Second
	writeGrace = 500 * time.Millisecond
)

// interrupts turns signals into the end of a context. The first one cancels it, with the cause fsm.Interrupted; the
// second one asks to leave at once.
type interrupts struct {
	ctx   context.Context
	again <-chan struct{} // closed by the second signal
	stop  func()          // ends the watch
}

func watch(signals <-chan os.Signal) interrupts {
	ctx, cancel := context.WithCancelCause(context.Background())
	again, quit := make(chan struct{}), make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		defer func() { _ = recover() }() // nothing in here panics; a goroutine must not end the process all the same
		for n := 0; n < 2; n++ {
			select {
			case <-quit:
				return
			case s := <-signals:
				if n == 0 {
					cancel(fsm.Interrupted{Signal: signalName(s)})
				} else {
					close(again)
				}
			}
		}
	})
	return interrupts{ctx: ctx, again: again, stop: func() {
		close(quit)
		watching.Wait()
		cancel(context.Canceled)
	}}
}

// signalName is the signal that a run ends by. A terminal that hangs up ends a run as SIGTERM does.
func signalName(s os.Signal) string {
	switch s {
	case syscall.SIGTERM, syscall.SIGHUP:
		return "SIGTERM"
	}
	return "SIGINT"
}

// until makes a call that may take for ever: at the other end of a pipe somebody has to do something. A signal ends the
// wait for it after a grace, which is real time, as the call's own.
func until[T any](ctx context.Context, grace time.Duration, call func() (T, error)) (T, error) {
	var answer T
	var err error
	var panicked any
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { panicked = recover() }()
		answer, err = call()
	}()
	select {
	case <-done:
	case <-ctx.Done():
		late := time.NewTimer(grace)
		defer late.Stop()
		select {
		case <-done:
		case <-late.C:
			var none T
			return none, context.Cause(ctx)
		}
	}
	if panicked != nil {
		panic(panicked)
	}
	return answer, err
}

// recovered makes a panic of what writes an error: what happened until then is worth telling all the same.
func recovered(err *error) {
	if v := recover(); v != nil {
		*err = panicError(v)
	}
}

// patient is a writer that gives a write up some time after a signal, and does not panic.
type patient struct {
	io.Writer
	ctx context.Context
}

// patiently makes a writer patient; none stays none.
func patiently(w io.Writer, ctx context.Context) io.Writer {
	if w == nil {
		return nil
	}
	return patient{w, ctx}
}

func (p patient) Write(b []byte) (n int, err error) {
	defer recovered(&err)
	kept := bytes.Clone(b) // who gave it may use it again before it is written
	return until(p.ctx, writeGrace, func() (int, error) { return p.Writer.Write(kept) })
}

// until gives files that no signal waits for: each may be a pipe.
func (f Files) until(ctx context.Context) Files {
	read, create := f.Read, f.Create
	f.Read = func(name string) ([]byte, error) { return until(ctx, 0, func() ([]byte, error) { return read(name) }) }
	f.Create = func(name string) (io.WriteCloser, error) {
		return until(ctx, writeGrace, func() (io.WriteCloser, error) { return create(name) })
	}
	f.Replace, f.Place = writing(ctx, f.Replace), writing(ctx, f.Place)
	return f
}

func writing(ctx context.Context, write func(string, []byte) error) func(string, []byte) error {
	return func(name string, data []byte) (err error) {
		defer recovered(&err)
		_, err = until(ctx, writeGrace, func() (struct{}, error) { return struct{}{}, write(name, data) })
		return err
	}
}
