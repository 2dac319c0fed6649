package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/benbjohnson/clock"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/internal/fakeaws"
	"github.com/sfnx/sfnx/output"
)

// cued is a stdout that acts when it is written certain words: the events of a run are its cues.
type cued struct {
	bytes.Buffer
	cues map[string]func()
}

func (c *cued) Write(b []byte) (int, error) {
	for word, act := range c.cues {
		if bytes.Contains(b, []byte(word)) {
			delete(c.cues, word)
			act()
		}
	}
	return c.Buffer.Write(b)
}

// lastDocument is the last JSON value on a stdout that has events before it.
func lastDocument(t *testing.T, stdout string) output.Document {
	t.Helper()
	i := strings.Index(stdout, "{\n")
	var d output.Document
	if i < 0 || json.Unmarshal([]byte(stdout[i:]), &d) != nil {
		t.Fatalf("stdout does not end in a document:\n%s", stdout)
	}
	return d
}

// zeros is a source of chance without any.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// onAWS is an environment whose clock stands still and that has the keys of the endpoint.
func onAWS(w *scriptWorld, signals chan os.Signal) Environment {
	variables := map[string]string{"AWS_ENDPOINT_URL": w.server.URL, "AWS_ACCESS_KEY_ID": fakeaws.AccessKeyID, "AWS_SECRET_ACCESS_KEY": fakeaws.SecretAccessKey.Reveal()}
	return Environment{
		LookupEnv: func(name string) (string, bool) { v, ok := variables[name]; return v, ok },
		Clock:     w.clock.Mock, Random: zeros{}, Signals: signals, Files: systemFiles,
	}
}

// A CI that ends jobs without output sees a line a minute.
func TestHeartbeat(t *testing.T) {
	w, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	defer w.server.Close()
	signals := make(chan os.Signal, 1)
	var passing sync.WaitGroup
	defer passing.Wait()
	out := &cued{cues: map[string]func(){"run.polled": func() {
		passing.Go(func() { w.clock.Add(time.Minute) }) // but not at AWS
	}}}
	errs := &cued{cues: map[string]func(){"2026-01-31T09:01:00Z RUNNING    1m\n": func() { signals <- os.Interrupt }}}
	if code := Main([]string{"run", machines + "slow", "--wait", "--events", "-"}, Streams{Out: out, Err: errs}, onAWS(w, signals)); code != 130 {
		t.Errorf("exit code %d, want 130 after the line of the first minute", code)
	}
}

func TestASignalEndsTheWait(t *testing.T) {
	tests := []struct {
		name   string
		signal os.Signal
		args   string
		code   int
		shown  string
		left   fsm.Left
		status string
	}{
		{"interrupt", os.Interrupt, "", 130, "SIGINT", fsm.LeftRunning, "RUNNING"},
		{"terminate", syscall.SIGTERM, "", 143, "SIGTERM", fsm.LeftRunning, "RUNNING"},
		{"hang up", syscall.SIGHUP, "", 143, "SIGTERM", fsm.LeftRunning, "RUNNING"},
		{"stop", syscall.SIGTERM, "--on-interrupt=stop", 143, "SIGTERM", fsm.LeftStopped, "ABORTED"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, err := newWorld()
			if err != nil {
				t.Fatal(err)
			}
			defer w.server.Close()
			signals := make(chan os.Signal, 2)
			out := &cued{cues: map[string]func(){"run.polled": func() { signals <- tt.signal }}}
			args := []string{"run", machines + "slow", "--wait", "--events", "-"}
			code := Main(append(args, strings.Fields(tt.args)...), Streams{Out: out}, onAWS(w, signals))
			d := lastDocument(t, out.String())
			if code != tt.code || d.ExitCode != code {
				t.Errorf("exit code %d, in the document %d, want %d", code, d.ExitCode, tt.code)
			}
			if d.Sfnx.Signal == nil || *d.Sfnx.Signal != tt.shown || d.Sfnx.ExecutionLeft == nil || *d.Sfnx.ExecutionLeft != string(tt.left) || d.Result.Status != tt.status {
				t.Errorf("signal %v, left %v, status %s, want %s, %s, %s", d.Sfnx.Signal, d.Sfnx.ExecutionLeft, d.Result.Status, tt.shown, tt.left, tt.status)
			}
		})
	}
}

// stubborn is a backend that takes for ever to stop an execution, and does not listen to its context.
type stubborn struct {
	*fakeaws.Canned
	release chan struct{}
}

func (s stubborn) StopExecution(context.Context, backend.StopExecutionInput) (backend.StopExecutionOutput, error) {
	<-s.release
	return backend.StopExecutionOutput{}, &backend.Error{Code: backend.Unavailable}
}

func TestASecondSignalLeavesAtOnce(t *testing.T) {
	signals := make(chan os.Signal, 2)
	a := newApp(Streams{}, Environment{Signals: signals, Clock: clock.NewMock()}.withDefaults())
	defer a.interrupts.stop()
	b := stubborn{fakeaws.NewCanned(worldStart, map[string]fakeaws.Machine{machines + "slow": {After: time.Hour}}), make(chan struct{})}
	defer close(b.release)
	req := fsm.Defaults()
	req.StateMachineArn, req.WaitForSuccessOrFailure, req.OnInterrupt = machines+"slow", true, fsm.StopExecution
	var last fsm.Event
	out := a.execute(fsm.Runner{
		Open:  func(context.Context, fsm.Request) (backend.Backend, error) { return b, nil },
		Clock: a.env.Clock, NewID: newUUID(seeded(1)),
		Observe: func(e fsm.Event) {
			switch e.News.(type) {
			case fsm.RunPolled:
				signals <- os.Interrupt
			case fsm.RunInterrupted:
				signals <- syscall.SIGTERM
			}
			last = e
		},
	}, req)
	if out.Ending != fsm.InterruptedBySignal || out.Left != fsm.LeftStopping || out.Signal != "SIGINT" || out.Execution.Status != backend.Running || out.Polls != 1 {
		t.Errorf("got %+v", out)
	}
	if end, ok := last.News.(fsm.RunEnded); !ok || end.Outcome.Ending != out.Ending {
		t.Errorf("the last event is %+v, want the end", last)
	}
}

// Whoever waits for the end may look at the second signal or at the outcome first.
func TestASecondSignalAtTheEndEndsTheRunOnce(t *testing.T) {
	for range 20 {
		signals := make(chan os.Signal, 2)
		a := newApp(Streams{}, Environment{Signals: signals, Clock: clock.NewMock()}.withDefaults())
		req := fsm.Defaults()
		req.StateMachineArn, req.WaitForSuccessOrFailure = machines+"slow", true
		ends := 0
		a.execute(fsm.Runner{
			Open: func(context.Context, fsm.Request) (backend.Backend, error) {
				return fakeaws.NewCanned(worldStart, map[string]fakeaws.Machine{machines + "slow": {After: time.Hour}}), nil
			},
			Clock: a.env.Clock, NewID: newUUID(seeded(1)),
			Observe: func(e fsm.Event) {
				switch e.News.(type) {
				case fsm.RunPolled:
					signals <- os.Interrupt
				case fsm.RunEnded:
					ends++
					signals <- syscall.SIGTERM
					<-a.interrupts.again
				}
			},
		}, req)
		a.interrupts.stop()
		if ends != 1 {
			t.Fatalf("the run ended %d times", ends)
		}
	}
}

func TestASignalEndsEveryCommand(t *testing.T) {
	for _, command := range []string{"describe", "history", "stop", "wait"} {
		w, err := newWorld()
		if err != nil {
			t.Fatal(err)
		}
		w.server.Script(fakeaws.Any, fakeaws.Fault{Hang: true, Times: fakeaws.Forever})
		signals := make(chan os.Signal, 1)
		signals <- syscall.SIGTERM
		var out bytes.Buffer
		code := Main([]string{command, "arn:aws:states:eu-west-1:123456789012:execution:slow:a-1", "-o", "json"}, Streams{Out: &out}, onAWS(w, signals))
		if d := lastDocument(t, out.String()); code != 143 || d.ExitCode != 143 || *d.Sfnx.Signal != "SIGTERM" {
			t.Errorf("%s: exit code %d, document %+v", command, code, d)
		}
		w.server.Close()
	}
}

// deaf is a backend that does not listen to its context.
type deaf struct {
	backend.Backend
	entered chan struct{}
	release chan struct{}
}

func (d deaf) Authenticate(context.Context) (backend.Identity, error) { return backend.Identity{}, nil }

func (d deaf) StartExecution(context.Context, backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
	close(d.entered)
	<-d.release
	return backend.StartExecutionOutput{}, nil
}

func TestACallThatDoesNotReturnIsLeftBehind(t *testing.T) {
	signals := make(chan os.Signal, 1)
	time := newAlarm()
	a := newApp(Streams{}, Environment{Signals: signals, Clock: time}.withDefaults())
	defer a.interrupts.stop()
	b := deaf{entered: make(chan struct{}), release: make(chan struct{})}
	defer close(b.release)
	req := fsm.Defaults()
	req.StateMachineArn = machines + "slow"
	go func() {
		<-b.entered
		signals <- syscall.SIGTERM
		time.ring()
	}()
	out := a.execute(fsm.Runner{
		Open:  func(context.Context, fsm.Request) (backend.Backend, error) { return b, nil },
		Clock: time, NewID: newUUID(seeded(1)),
	}, req)
	if out.Ending != fsm.TerminatedBySignal || out.Left != fsm.LeftUnknown || !out.Ambiguous || out.Name == "" {
		t.Errorf("ending %s, left %q, ambiguous %v, name %q; an execution may have been started", out.Ending, out.Left, out.Ambiguous, out.Name)
	}
}

// alarm is a clock whose pauses end when it rings.
type alarm struct {
	*clock.Mock
	once sync.Once
	rung chan time.Time
}

func newAlarm() *alarm { return &alarm{Mock: clock.NewMock(), rung: make(chan time.Time)} }

func (a *alarm) ring() { a.once.Do(func() { close(a.rung) }) }

func (a *alarm) After(time.Duration) <-chan time.Time { return a.rung }

// A wait ends though nobody reads the pipe of its events, and that alone is no failure.
func TestASignalDoesNotWaitForReadersOfTheEvents(t *testing.T) {
	for _, names := range []string{"a", "a b c d"} {
		w, err := newWorld()
		if err != nil {
			t.Fatal(err)
		}
		defer w.server.Close()
		args := []string{"wait", "--events", "pipe"}
		for _, name := range strings.Fields(names) {
			if code := Main([]string{"run", machines + "slow", "--name", name}, Streams{}, onAWS(w, nil)); code != 0 {
				t.Fatalf("exit code %d", code)
			}
			args = append(args, "arn:aws:states:eu-west-1:123456789012:execution:slow:"+name+"-1")
		}
		signals, end := make(chan os.Signal, 1), make(chan struct{})
		defer close(end)
		env := onAWS(w, signals)
		env.Clock = w.clock
		env.Files.Create = func(string) (io.WriteCloser, error) { return unread{signals, end}, nil }
		var errs bytes.Buffer
		if code := Main(args, Streams{Err: &errs}, env); code != 143 {
			t.Errorf("%s: exit code %d, want 143\n%s", names, code, errs.String())
		}
		if names == "a" && !strings.Contains(errs.String(), "how the execution is doing is not known") {
			t.Errorf("stderr:\n%s", errs.String())
		}
	}
}

// unread is a full pipe: whoever writes to it hangs there until the end, while a signal comes.
type unread struct {
	signals chan<- os.Signal
	end     <-chan struct{}
}

func (u unread) Write([]byte) (int, error) {
	u.signals <- syscall.SIGTERM
	<-u.end
	return 0, syscall.EPIPE
}

func (unread) Close() error { return nil }
