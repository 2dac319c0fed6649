package fault

import (
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/aws"
	"github.com/sfnx/sfnx/internal/fakeaws"
	"github.com/sfnx/sfnx/internal/secret"
)

// The state machines of every account: one for each end, and an EXPRESS one.
var ends = map[string]struct {
	status backend.Status
	code   int
}{
	"succeeds":  {backend.Succeeded, 0},
	"fails":     {backend.Failed, 23},
	"aborted":   {backend.Aborted, 24},
	"times-out": {backend.TimedOut, 25},
	"express":   {backend.Succeeded, 0},
}

// Scene is one fault about to happen: an account on AWS, a machine that sfnx runs on, and the command.
//
// Arrange changes what it needs to. The endpoint starts when it is first asked for (AWS), so its Options come before that.
type Scene struct {
	Rand *rand.Rand
	Want Want

	Machine string            // the state machine to run
	Target  string            // named on the command line; "" = the ARN of the Machine
	Args    []string          // of sfnx; empty: run the Machine, wait for it, with events and result file
	Extra   []string          // further arguments of that
	Env     map[string]string // all that the process has
	Input   string            // of the execution
	Stdin   io.Reader
	Stdout  func(io.Writer) io.Writer // wraps the stream; nil = not
	Stderr  func(io.Writer) io.Writer
	Options fakeaws.Options
	Name    string // of the execution, without the suffix
	NoWait  bool   // for the end of the execution

	// In this process only.
	Clock          *fakeaws.Clock
	Create         func(name string) (io.WriteCloser, error) // of the files that are written line by line; nil = real ones
	Place          func(name string, data []byte) error      // of the state file that is new; nil = real ones
	Replace        func(name string, data []byte) error      // of the files that are written at once; nil = real ones
	Retry          aws.Retry
	AttemptTimeout time.Duration
	Location       *time.Location // of the dates in the document; nil = UTC

	// As a process of its own only.
	Acts      int                        // how often it is started; the last one counts. 0 = once
	Command   func(c *exec.Cmd, act int) // changes how it is started; nil = not
	Meanwhile func(c *exec.Cmd, act int) // happens while it runs; nil = nothing

	id, key  string // the pair that AWS knows
	dir      string
	real     bool                       // a process of its own, in real time
	machines map[string]fakeaws.Machine // by ARN
	world    *world
	server   *fakeaws.Server
	secrets  []string
	own      map[string]bool // files that the scene itself wrote, secrets and all
	cleanups []func()
	signals  chan os.Signal
	send     func(os.Signal) // in a process of its own
	facts    []fact          // that the document must tell
	also     []func(performance) string
	failure  error // what kept the scene from being arranged
	bundle   string
}

// epoch is when every scene begins in virtual time.
var epoch = time.Date(2026, 11, 20, 4, 41, 34, 0, time.UTC)

// newScene sets the stage. Everything in it follows from the fault and the seed.
func newScene(f Fault, seed uint64, process bool) (*Scene, error) {
	name := fnv.New64a()
	_, _ = io.WriteString(name, f.ID())
	s := &Scene{
		Rand: rand.New(rand.NewPCG(seed, name.Sum64())), Want: f.Want, Env: map[string]string{}, Input: `{"order": 1.0, "note": "naïve"}`,
		real: process, own: map[string]bool{}, signals: make(chan os.Signal, 4),
		Retry: aws.Retry{BaseDelay: time.Microsecond, MaxDelay: 20 * time.Second}, AttemptTimeout: 20 * time.Second,
	}
	var err error
	if s.dir, err = os.MkdirTemp("", "sfnx-fault-"); err != nil {
		return nil, err
	}
	s.cleanup(func() { _ = os.RemoveAll(s.dir) })
	lasts := time.Duration(s.N(5, 45)) * time.Second
	start := epoch
	if process {
		lasts, start = time.Duration(s.N(50, 400))*time.Millisecond, time.Now()
	}
	if f.Want.Status == backend.Running { // it is still running when somebody looks
		lasts = time.Hour
	}
	s.machines = map[string]fakeaws.Machine{}
	for name, end := range ends {
		m := fakeaws.Machine{Status: end.status, After: lasts, State: "Charge card", Error: "CardDeclined", Cause: `{"errorMessage":"do not honour"}`, Output: `{"ok": 1.0}`}
		if name == "express" {
			m.Type = backend.Express
		}
		for _, qualifier := range []string{"", ":PROD", ":3"} {
			s.machines[arnOf(name+qualifier)] = m
		}
	}
	s.Machine = []string{"succeeds", "fails", "aborted", "times-out"}[s.N(0, 3)]
	s.Name = fmt.Sprintf("job-%d", s.N(1, 99999))
	s.world = newWorld(fakeaws.NewCanned(start, s.machines))
	s.world.real = process
	if !process {
		s.world.notFound, s.world.late = time.Duration(s.N(0, 3))*time.Second, time.Duration(s.N(0, 2))*time.Second
	}
	s.Clock = fakeaws.NewClock(start, s.world.Advance)

	s.id, s.key = s.Hide("AKIA"+s.text(upper+digits, 16)), s.Hide(s.text(upper+lower+digits+"/+", 40))
	s.Options = fakeaws.Options{TLS: authority(), Keys: map[string]secret.String{s.id: secret.New(s.key)}}
	s.Env["AWS_ACCESS_KEY_ID"], s.Env["AWS_SECRET_ACCESS_KEY"] = s.id, s.key
	s.Env["HOME"], s.Env["PATH"], s.Env["TMPDIR"] = s.dir, os.Getenv("PATH"), s.dir
	s.Env["AWS_EC2_METADATA_DISABLED"] = "true"
	s.Env["AWS_CONFIG_FILE"], s.Env["AWS_SHARED_CREDENTIALS_FILE"] = filepath.Join(s.dir, "config"), filepath.Join(s.dir, "credentials")
	s.Env["AWS_CA_BUNDLE"] = s.CABundle()
	return s, nil
}

const (
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	lower  = "abcdefghijklmnopqrstuvwxyz"
	digits = "0123456789"
)

// authority is who signs for AWS in every scene.
var authority = sync.OnceValue(func() *fakeaws.Authority {
	a, err := fakeaws.NewAuthority()
	if err != nil {
		panic(err)
	}
	return a
})

// arnOf is the ARN of a state machine of the account.
func arnOf(machine string) string {
	return fmt.Sprintf("arn:aws:states:%s:%s:stateMachine:%s", fakeaws.Region, fakeaws.Account, machine)
}

// N is a number from low to high, by the seed. What happens later, in servers and pauses, is drawn while the scene is arranged.
func (s *Scene) N(low, high int) int { return low + s.Rand.IntN(high-low+1) }

// Among is one of several, by the seed.
func Among[T any](s *Scene, choices ...T) T { return choices[s.Rand.IntN(len(choices))] }

// text is a word of n letters, by the seed.
func (s *Scene) text(letters string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[s.Rand.IntN(len(letters))]
	}
	return string(b)
}

// Secret is a new one of n letters that will be looked for everywhere.
func (s *Scene) Secret(n int) string { return s.Hide(s.text(upper+lower+digits, n)) }

// Hide makes a text a secret.
func (s *Scene) Hide(text string) string {
	s.secrets = append(s.secrets, text)
	return text
}

// Path is that of a file of the scene.
func (s *Scene) Path(name string) string { return filepath.Join(s.dir, name) }

// File writes one. It may hold secrets.
func (s *Scene) File(name, text string) string {
	path := s.Path(name)
	s.check(os.WriteFile(path, []byte(text), 0o600))
	s.own[path] = true
	return path
}

// CABundle is a file with the authority to trust.
func (s *Scene) CABundle() string {
	if s.bundle == "" {
		s.bundle = s.File("authority.pem", string(authority().PEM()))
	}
	return s.bundle
}

// AWS is the endpoint.
func (s *Scene) AWS() *fakeaws.Server {
	if s.server == nil {
		server, err := fakeaws.Start(s.world, s.Options)
		if s.check(err); err != nil {
			server, _ = fakeaws.Start(s.world, fakeaws.Options{})
		}
		s.server = server
		s.cleanup(server.Close)
		if _, given := s.Env["AWS_ENDPOINT_URL"]; !given {
			s.Env["AWS_ENDPOINT_URL"] = server.URL
		}
	}
	return s.server
}

// Script queues faults for the requests of an operation.
func (s *Scene) Script(operation string, faults ...fakeaws.Fault) {
	s.AWS().Script(operation, faults...)
}

// Proxy starts one, and makes sfnx use it.
func (s *Scene) Proxy(o fakeaws.ProxyOptions) *fakeaws.Proxy {
	p, err := fakeaws.StartProxy(o)
	if s.check(err); err != nil {
		return nil
	}
	s.cleanup(p.Close)
	s.Extra = append(s.Extra, "--proxy", p.URL)
	return p
}

// Refusing is an address where nobody listens.
func (s *Scene) Refusing() string {
	r, err := fakeaws.Refuse()
	if s.check(err); err != nil {
		return ""
	}
	s.cleanup(r.Close)
	return r.Address
}

// Listener is a server of nobody's protocol: handle gets each connection and closes it.
func (s *Scene) Listener(handle func(net.Conn)) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if s.check(err); err != nil {
		return ""
	}
	var serving sync.WaitGroup
	var mu sync.Mutex
	open := map[net.Conn]bool{}
	serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open[c] = true
			mu.Unlock()
			serving.Go(func() {
				handle(c)
				_ = c.Close()
			})
		}
	})
	s.cleanup(func() {
		_ = l.Close()
		mu.Lock()
		for c := range open {
			_ = c.Close()
		}
		mu.Unlock()
		serving.Wait()
	})
	return l.Addr().String()
}

// Page is an HTTP server that answers everything in the same way.
func (s *Scene) Page(status int, kind, body string) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if s.check(err); err != nil {
		return ""
	}
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) })
	s.cleanup(func() {
		_ = server.Close()
		serving.Wait()
	})
	return "http://" + l.Addr().String()
}

// Endpoint sends sfnx somewhere else than to AWS.
func (s *Scene) Endpoint(url string) { s.Env["AWS_ENDPOINT_URL"] = url }

// Flags are given beside those of every scene, and win over them.
func (s *Scene) Flags(flags ...string) { s.Extra = append(s.Extra, flags...) }

// Signal is what the operating system sends.
func (s *Scene) Signal(sig os.Signal) {
	if s.send != nil {
		s.send(sig)
		return
	}
	s.Clock.Stand()
	s.signals <- sig
}

// During sends a signal while a request of an operation is on its way, and answers it no more.
func (s *Scene) During(operation string, sig os.Signal) {
	s.Script(operation, fakeaws.Fault{Hang: true, Met: func() { s.Signal(sig) }})
}

func (s *Scene) cleanup(f func()) { s.cleanups = append(s.cleanups, f) }

func (s *Scene) check(err error) {
	if err != nil && s.failure == nil {
		s.failure = err
	}
}

// close takes the stage down.
func (s *Scene) close() {
	for i := len(s.cleanups) - 1; i >= 0; i-- {
		s.cleanups[i]()
	}
}

// args is the command line.
func (s *Scene) args() []string {
	if len(s.Args) > 0 {
		return append(s.Args, s.Extra...)
	}
	target := s.Target
	if target == "" {
		target = arnOf(s.Machine)
	}
	args := []string{"run", target, "--name", s.Name, "--input", s.Input,
		"--events", s.Path("events.ndjson"), "--result-file", s.Path("result.json"), "--debug"}
	if !s.NoWait {
		args = append(args, "--wait")
	}
	if s.real {
		args = append(args, "--polling-interval", "1")
	}
	return append(args, s.Extra...)
}
