package fault

import (
	"bytes"
	"errors"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"strings"
	"sync"

	"github.com/sfnx/sfnx/internal/cli"
)

// performance is what a command did, as far as it can be seen from outside.
type performance struct {
	code        int
	out, errs   string
	args        []string
	started     int // executions
	status      string
	inputs      []string // of the executions
	secrets     *Canaries
	extraFiles  map[string]string // what the command has written, by name
	commandLine string            // of the process, as others see it
}

// Play plays a fault in this process, in virtual time, and says what came of it. Plays of one process come one after the
// other: each sets the environment of the process.
func Play(f Fault, seed uint64) Verdict {
	rehearse()
	before := possessed()
	v := play(f, seed, false, (*Scene).here)
	v.left(before)
	return v
}

// rehearse lets the process open what it keeps for good, the poller of the network for one, and be as quiet as sfnx is.
var rehearse = sync.OnceFunc(func() {
	log.SetOutput(io.Discard)
	takeNames()
	play(starts[0], 0, false, (*Scene).here)
})

// play sets the stage, lets perform run the command and judges.
func play(f Fault, seed uint64, process bool, perform func(*Scene) (performance, error)) Verdict {
	v := Verdict{Fault: f.ID(), Seed: seed}
	s, err := newScene(f, seed, process)
	if err != nil {
		v.problem("the stage cannot be set: %v", err)
		return v
	}
	defer s.close()
	f.Arrange(s)
	s.AWS()
	if s.failure != nil {
		v.problem("the fault cannot be arranged: %v", s.failure)
		return v
	}
	p, err := perform(s)
	var skipped errSkipped
	if errors.As(err, &skipped) {
		v.Skipped = skipped.reason
		return v
	}
	if err != nil {
		v.problem("the command cannot be run: %v", err)
		return v
	}
	v.judge(s, p)
	return v
}

// here runs the command in this process.
func (s *Scene) here() (performance, error) {
	restore := environment(s.Env)
	defer restore()
	var out, errs buffer
	streams := cli.Streams{In: s.Stdin, Out: &out, Err: &errs}
	if s.Stdout != nil {
		streams.Out = s.Stdout(&out)
	}
	if s.Stderr != nil {
		streams.Err = s.Stderr(&errs)
	}
	var seed [32]byte
	for i := range seed {
		seed[i] = byte(s.N(0, 255))
	}
	files := cli.SystemFiles()
	if s.Create != nil {
		files.Create = s.Create
	}
	if s.Place != nil {
		files.Place = s.Place
	}
	if s.Replace != nil {
		files.Replace = s.Replace
	}
	p := performance{args: s.args()}
	p.code = cli.Main(p.args, streams, cli.Environment{
		LookupEnv: os.LookupEnv, Variables: os.Environ(), Signals: s.signals, Clock: s.Clock, Random: rand.NewChaCha8(seed), Location: s.Location, Version: "2.0.0",
		Files: files, Retry: s.Retry, AttemptTimeout: s.AttemptTimeout,
	})
	p.out, p.errs = out.text(), errs.text()
	return s.seen(p)
}

// seen adds what others see: the world, and the files.
func (s *Scene) seen(p performance) (performance, error) {
	p.started = len(s.world.Started())
	if p.started > 0 {
		p.status = string(s.world.status(s.world.Started()[0]))
	}
	if len(s.Args) == 0 {
		p.inputs = s.world.inputs()
	}
	p.secrets = NewCanaries(s.secrets...)
	p.commandLine = strings.Join(p.args, " ")
	var err error
	p.extraFiles, err = s.written()
	return p, err
}

// written are the files in the scene that it did not write itself.
func (s *Scene) written() (map[string]string, error) {
	found := map[string]string{}
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if path := s.Path(e.Name()); !s.own[path] && e.Type().IsRegular() {
			text, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			found[e.Name()] = string(text)
		}
	}
	return found, nil
}

// environment makes these the only variables of this process, until restore.
func environment(env map[string]string) (restore func()) {
	before := os.Environ()
	set := func(pairs []string) {
		os.Clearenv()
		for _, pair := range pairs {
			name, value, _ := strings.Cut(pair, "=")
			_ = os.Setenv(name, value)
		}
	}
	set(pairs(env))
	return func() { set(before) }
}

func pairs(env map[string]string) []string {
	var all []string
	for name, value := range env {
		all = append(all, name+"="+value)
	}
	return all
}

// buffer is a bytes.Buffer that a command which is left behind may still write to.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

var _ io.Writer = (*buffer)(nil)
