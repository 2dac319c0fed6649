package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/history"
)

// simulatorFlags say how a definition is simulated.
type simulatorFlags struct {
	mocks    string
	mock     []string
	mockCase string
	faults   []string
	seed     string
	start    string
	kind     string
	limits   string
	history  string
}

// simulatorFlagNames are the flags below, which mean nothing on AWS.
var simulatorFlagNames = []string{"mocks", "mock", "mock-case", "fault", "seed", "start", "type", "limits", "history"}

func (s *simulatorFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&s.mocks, "mocks", "", "simulator: answers of the tasks, a MockConfigFile.json in `FILE` (default: NAME.mocks.json beside NAME.asl.json)")
	flags.StringArrayVar(&s.mock, "mock", nil, "simulator: answer of one task, `STATE=JSON|@FILE|!ERROR[:CAUSE]`; repeatable, stronger than --mocks")
	flags.StringVar(&s.mockCase, "mock-case", "", "simulator: `NAME[#CASE]` of the state machine and test case in the mocks")
	flags.StringArrayVar(&s.faults, "fault", nil, "simulator: a failure to rehearse, `STAGE:NAME[*TIMES]`; repeatable")
	flags.StringVar(&s.seed, "seed", "0", "simulator: `number` that everything left to chance comes from")
	flags.StringVar(&s.start, "start", "2000-01-01T00:00:00Z", "simulator: `time` at which virtual time starts, RFC 3339")
	flags.StringVar(&s.kind, "type", string(backend.Standard), "simulator: `STANDARD|EXPRESS`")
	flags.StringVar(&s.limits, "limits", "aws", "simulator: `aws|off`: AWS's quotas for events, payloads and duration, or none")
	flags.StringVar(&s.history, "history", "", "simulator: write the history of the execution as JSON to `FILE|-`")
}

// refuse reports the flags of the simulator in a job for AWS.
func (s *simulatorFlags) refuse(m *merge, flags *pflag.FlagSet) {
	for _, name := range simulatorFlagNames {
		if f := flags.Lookup(name); f.Changed {
			m.fail(keyOf(name), f.Value.String(), "is for the simulator, which runs a definition file and no ARN")
		}
	}
}

// world is the simulated region of one job and what it recorded.
type world struct {
	region      *sim.Region
	seed        uint64
	events      []history.Event
	told        map[fsm.FieldError]bool // findings that stderr has shown already
	historyOnly bool                    // stdout has the history in place of the output
}

// build makes a region with one state machine from a definition file. It reports every mistake it finds; the world that
// it returns is complete only if there was none.
func (s *simulatorFlags) build(m *merge, path string) *world {
	w := &world{told: map[fsm.FieldError]bool{}, historyOnly: s.history == "-"}
	config := sim.Config{Region: m.request.Region, Observe: func(_ string, e history.Event) { w.events = append(w.events, e) }}
	config.Seed = s.parseSeed(m)
	config.Start = s.parseStart(m)
	w.seed = config.Seed
	kind := backend.Type(s.kind)
	if kind != backend.Standard && kind != backend.Express {
		m.fail("type", s.kind, "want STANDARD or EXPRESS")
		kind = backend.Standard
	}
	switch s.limits {
	case "aws":
	case "off":
		config.Limits = sim.Limits{Events: -1, PayloadBytes: -1, Duration: -1, Variables: -1}
	default:
		m.fail("limits", s.limits, "want aws or off")
	}
	for _, text := range s.faults {
		fault, err := sim.ParseFault(text)
		if err != nil {
			m.fail("fault", text, err.Error())
			continue
		}
		config.Faults = append(config.Faults, fault)
	}
	if r := m.request.Region; r != "" {
		if _, err := backend.ParseARN("arn:aws:states:" + r + ":123456789012:stateMachine:any"); err != nil {
			m.fail("region", r, "want a region like eu-west-1")
		}
	}
	if path == "" {
		return w
	}
	d := m.readDefinition(path, kind)
	if d == nil {
		return w
	}
	d.report(m, w)
	config.Tasks = s.tasks(m, d)
	if len(m.request.ParseErrors) > 0 {
		return w
	}
	w.region = sim.New(config)
	arn, err := w.region.CreateStateMachine(sim.StateMachine{Name: d.name, Type: kind, Definition: d.text, Machine: d.machine})
	if err != nil {
		m.fail("state_machine_arn", path, err.Error())
	}
	m.request.MachineArn = arn
	return w
}

func (s *simulatorFlags) parseSeed(m *merge) uint64 {
	seed, err := strconv.ParseUint(s.seed, 10, 64)
	if err != nil {
		m.fail("seed", s.seed, "want an integer from 0 on")
	}
	return seed
}

func (s *simulatorFlags) parseStart(m *merge) time.Time {
	start, err := time.Parse(time.RFC3339Nano, s.start)
	if err != nil {
		m.fail("start", s.start, "want a time such as 2026-01-31T09:00:00Z")
	}
	return start
}

// drive makes a runner that runs in the region: its clock, its names, its dates. A region that could not be built is
// never asked for: the request has errors then.
func (w *world) drive(r *fsm.Runner) {
	chance := seeded(w.seed)
	r.NewID, r.Jitter = newUUID(chance), newJitter(chance)
	if w.region == nil {
		w.region = sim.New(sim.Config{})
	}
	r.Clock = w.region.Clock()
	r.Open = func(context.Context, fsm.Request) (backend.Backend, error) { return w.region, nil }
}

// writeHistory writes the events as GetExecutionHistory gives them, if there are any.
func (w *world) writeHistory(a *app, name string) error {
	if name == "" || len(w.events) == 0 {
		return nil
	}
	data, err := historyJSON(w.events)
	if err != nil {
		return err
	}
	if name == "-" {
		_, _ = a.out.Write(data)
		return nil
	}
	if err := a.env.Files.Replace(a.env.path(name), data); err != nil {
		return fmt.Errorf("write the history to %s: %w", name, err)
	}
	return nil
}

// machineName is the name of a state machine that is kept in a file: order of some/order.asl.json.
func machineName(path string) string {
	name := filepath.Base(path)
	for _, suffix := range []string{".json", ".asl"} {
		name = strings.TrimSuffix(name, suffix)
	}
	name = strings.Map(func(r rune) rune {
		if backend.ValidateName(string(r)) != nil {
			return '-'
		}
		return r
	}, name)
	runes := []rune(name)
	return string(runes[:min(len(runes), backend.MaxNameLength)])
}

var errNoDefinition = errors.New("there is no such file; want the ARN of a state machine or the path of a definition")
