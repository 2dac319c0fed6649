package features

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/aws"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/cli"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// place is where state machines run. It has those of testdata, under the names of their files.
type place struct {
	name    string                   // sim or aws
	machine func(name string) string // what sfnx run is told to run
	env     cli.Environment          // of the commands
	streams cli.Streams              // of the commands; Out and Err are kept unless a spec has its own
	signals chan os.Signal           // what the operating system sends
	onEvent func(line string)        // told of each line of --events, before the command goes on
	onWrite func(name string) error  // asked before a file is replaced; its error is the file system's
	signal  func(s os.Signal)        // sends one
}

// everywhere makes a spec for each place.
func everywhere(text string, reaches Labels, body func(at *place)) {
	GinkgoHelper()
	It(text+", on the simulator", OnSim, reaches, Offset(1), func() { body(simulator()) })
	It(text+", on AWS", OnAWS, reaches, Offset(1), func() { body(&account().place) })
}

// run is sfnx run of a state machine.
func (p *place) run(machine string, args ...string) *ended {
	GinkgoHelper()
	return p.sfnx(append([]string{"run", p.machine(machine)}, args...)...)
}

// sfnx runs one command in this process.
func (p *place) sfnx(args ...string) *ended {
	GinkgoHelper()
	var out, errs bytes.Buffer
	files := &files{onWrite: p.onEvent, onReplace: p.onWrite}
	env, streams := p.env, p.streams
	env.Files = cli.Files{Read: os.ReadFile, Replace: files.replace, Place: files.replace, Create: files.create}
	if streams.Out == nil {
		streams.Out = &out
	}
	if streams.Err == nil {
		streams.Err = &errs
	}
	e := &ended{place: p.name, args: args}
	e.code = cli.Main(args, streams, env)
	e.stdout, e.stderr, e.files = out.String(), errs.String(), files.text()
	return e.inspected()
}

// reads gives the commands something to read from stdin.
func (p *place) reads(text string) *place {
	p.streams.In = strings.NewReader(text)
	return p
}

func newPlace(name string) place {
	signals := make(chan os.Signal, 2)
	return place{
		name: name, signals: signals, signal: func(s os.Signal) { signals <- s },
		env: cli.Environment{
			LookupEnv: os.LookupEnv, Signals: signals, Location: time.FixedZone("", 3*60*60), Version: "2.0.0",
			Retry: aws.Retry{MaxAttempts: 3, BaseDelay: time.Microsecond}, AttemptTimeout: 10 * time.Second,
		},
	}
}

// simulator is the simulated region that sfnx runs a definition file in.
func simulator() *place {
	p := newPlace("sim")
	p.machine = func(name string) string { return "testdata/" + name + ".asl.json" }
	return &p
}

// definitions are the state machines of testdata.
var definitions []sim.StateMachine

func readDefinitions() {
	paths, err := filepath.Glob("testdata/*.asl.json")
	Expect(err).NotTo(HaveOccurred())
	for _, path := range paths {
		text, err := os.ReadFile(path)
		Expect(err).NotTo(HaveOccurred())
		machine, diagnostics := asl.Parse(text, asl.Options{})
		Expect(diagnostics).To(BeEmpty(), path)
		name := strings.TrimSuffix(filepath.Base(path), ".asl.json")
		definitions = append(definitions, sim.StateMachine{Name: name, Definition: string(text), Machine: machine})
	}
}

// express is the name under which an account has a state machine of testdata as an EXPRESS one.
func express(name string) string { return name + "-express" }

// awsAccount is an account on AWS, with keys for it in the environment.
type awsAccount struct {
	place
	*fakeaws.Server
	region *sim.Region
	clock  *fakeaws.Clock
	starts func() int // executions that were started
}

// account is one that everything goes well with.
func account() *awsAccount {
	GinkgoHelper()
	return accountOf(fakeaws.Options{})
}

// accountOf is one whose endpoint has options.
func accountOf(o fakeaws.Options) *awsAccount {
	GinkgoHelper()
	a := &awsAccount{place: newPlace("aws")}
	var started atomic.Int64
	a.starts = func() int { return int(started.Load()) }
	a.region = sim.New(sim.Config{
		Account: fakeaws.Account, Region: fakeaws.Region, Start: time.Date(2023, 8, 15, 13, 27, 58, 977_000_000, time.UTC),
		Observe: func(_ string, e history.Event) {
			if e.Type == history.ExecutionStarted {
				started.Add(1)
			}
		},
	})
	for _, m := range definitions {
		_, err := a.region.CreateStateMachine(m)
		Expect(err).NotTo(HaveOccurred())
		m.Name, m.Type = express(m.Name), backend.Express
		_, err = a.region.CreateStateMachine(m)
		Expect(err).NotTo(HaveOccurred())
	}
	_, err := a.region.CreateActivity(context.Background(), "charge-card") // that nobody works at
	Expect(err).NotTo(HaveOccurred())
	a.machine = arnOf
	a.clock = fakeaws.NewClock(a.region.Now(), func(d time.Duration) { a.region.Advance(a.clock.Mock.Now().Add(d)) })
	a.env.Clock = a.clock
	a.signal = func(s os.Signal) {
		a.clock.Stand()
		a.signals <- s
	}
	a.Server = endpoint(versions{a.region}, o)
	return a
}

// endpoint serves a backend as AWS, and puts the keys for it into the environment.
func endpoint(b backend.Backend, o fakeaws.Options) *fakeaws.Server {
	GinkgoHelper()
	server, err := fakeaws.Start(b, o)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(server.Close)
	set("AWS_ENDPOINT_URL", server.URL)
	set("AWS_ACCESS_KEY_ID", fakeaws.AccessKeyID)
	set("AWS_SECRET_ACCESS_KEY", fakeaws.SecretAccessKey.Reveal())
	return server
}

// arnOf is the ARN of a state machine in the account.
func arnOf(machine string) string {
	return fmt.Sprintf("arn:aws:states:%s:%s:stateMachine:%s", fakeaws.Region, fakeaws.Account, machine)
}

// executionOf is the ARN of an execution in the account.
func executionOf(machine, name string) string {
	return fmt.Sprintf("arn:aws:states:%s:%s:execution:%s:%s", fakeaws.Region, fakeaws.Account, machine, name)
}

// stopFromOutside stops an execution as somebody at the console would.
func (a *awsAccount) stopFromOutside(machine, name string) {
	failure, cause := "Enough", "the customer changed their mind"
	_, err := a.region.StopExecution(context.Background(), backend.StopExecutionInput{ExecutionArn: executionOf(machine, name), Error: &failure, Cause: &cause})
	Expect(err).NotTo(HaveOccurred())
}

// with changes one member of an answer.
func with(member string, value any) func(map[string]any) {
	return func(answer map[string]any) { answer[member] = value }
}

// without takes members out of an answer.
func without(members ...string) func(map[string]any) {
	return func(answer map[string]any) {
		for _, m := range members {
			delete(answer, m)
		}
	}
}

// versions is a region that has versions and aliases of its state machines, each like the machine itself.
type versions struct{ *sim.Region }

func (v versions) StartExecution(ctx context.Context, in backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
	if arn, err := backend.ParseARN(in.StateMachineArn); err == nil {
		in.StateMachineArn = arn.StateMachine().String()
	}
	return v.Region.StartExecution(ctx, in)
}

func (v versions) DescribeStateMachine(ctx context.Context, stateMachineArn string) (backend.StateMachine, error) {
	plain := stateMachineArn
	if arn, err := backend.ParseARN(stateMachineArn); err == nil {
		plain = arn.StateMachine().String()
	}
	m, err := v.Region.DescribeStateMachine(ctx, plain)
	m.StateMachineArn = stateMachineArn
	return m, err
}
