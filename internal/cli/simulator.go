package cli

import (
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/fsm"
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

	task          []string
	machine       []string
	s3            string
	substitutions string
}

// simulatorFlagNames are the flags below, which mean nothing on AWS.
var simulatorFlagNames = []string{
	"mocks", "mock", "mock-case", "task", "machine", "s3", "substitutions", "fault", "seed", "start", "type", "limits", "history",
}

func (s *simulatorFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&s.mocks, "mocks", "", "simulator: answers of the tasks, a MockConfigFile.json in `FILE` (default: NAME.mocks.json beside NAME.asl.json)")
	flags.StringArrayVar(&s.mock, "mock", nil, "simulator: answer of one task, `STATE=JSON|@FILE|!ERROR[:CAUSE]`; repeatable, stronger than --mocks")
	flags.StringVar(&s.mockCase, "mock-case", "", "simulator: `NAME[#CASE]` of the state machine and test case in the mocks")
	flags.StringArrayVar(&s.task, "task", nil, "simulator: what answers the tasks that have no mock, `PATTERN=exec:COMMAND|http://HOST:PORT`; repeatable, the first match counts")
	flags.StringArrayVar(&s.machine, "machine", nil, "simulator: another state machine of the region, for states:startExecution, `[NAME|ARN=]FILE`; repeatable")
	flags.StringVar(&s.s3, "s3", "", "simulator: `DIR` that stands for S3 when a distributed Map reads or writes: a folder is a bucket")
	substitutionsFlag(flags, &s.substitutions)
	flags.StringArrayVar(&s.faults, "fault", nil, "simulator: a failure to rehearse, `STAGE:NAME[*TIMES]`; repeatable")
	flags.StringVar(&s.seed, "seed", "0", "simulator: `number` that everything left to chance comes from")
	flags.StringVar(&s.start, "start", "2000-01-01T00:00:00Z", "simulator: `time` at which virtual time starts, RFC 3339")
	flags.StringVar(&s.kind, "type", string(backend.Standard), "simulator: `STANDARD|EXPRESS`")
	flags.StringVar(&s.limits, "limits", "aws", "simulator: `aws|off`: AWS's quotas for events, payloads and duration, or none")
	flags.StringVar(&s.history, "history", "", "simulator: write the history of the execution as JSON to `FILE|-`")
}

// refuse reports the flags of the simulator in a job for AWS. A variable may stand in the environment of both.
func (s *simulatorFlags) refuse(m *merge, flags *pflag.FlagSet) {
	for _, name := range simulatorFlagNames {
		if f := flags.Lookup(name); f.Changed && !marked(f, byVariableOnly) {
			m.fail(keyOf(name), f.Value.String(), "is for the simulator, which runs a definition file and no ARN")
		}
	}
}

func marked(f *pflag.Flag, mark string) bool {
	_, ok := f.Annotations[mark]
	return ok
}

// build makes a region with one state machine from a definition file. It reports every mistake it finds; the world that
// it returns is complete only if there was none.
func (s *simulatorFlags) build(m *merge, path string) *world {
	w := &world{told: map[fsm.FieldError]bool{}, historyOnly: s.history == "-", answered: map[stateOf]string{}}
	config := sim.Config{Region: m.request.Region, Observe: w.observe}
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
		if fault.Error.Code == backend.Throttled && fault.Times == 0 && fault.Stage == "poll" && m.request.WaitTimeout == 0 {
			m.fail("fault", text, "never ends, since throttling never ends a wait: say how often, as in "+text+"*3, or give --wait-timeout")
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
	values, err := m.app.readSubstitutions(s.substitutions)
	if err != nil {
		m.fail("substitutions", s.substitutions, err.Error())
	}
	d := m.readDefinition("state_machine_arn", path, kind, values)
	if d == nil {
		return w
	}
	d.report(m, w, "state_machine_arn")
	machines := append([]machineFile{{d, sim.StateMachine{Name: machineName(path), Type: kind}}}, s.machines(m, w, values)...)
	config.Tasks = s.tasks(m, w, machines)
	if len(m.request.ParseErrors) > 0 {
		return w
	}
	if s.s3 != "" {
		if w.s3, err = m.app.env.Files.S3(m.app.env.path(s.s3)); err != nil {
			m.fail("s3", s.s3, err.Error())
			return w
		}
		config.Store, config.Sink = w.s3, w.s3
	}
	w.region = sim.New(config)
	for i, f := range machines {
		f.Definition, f.Machine = f.complete, f.machine
		arn, err := w.region.CreateStateMachine(f.StateMachine)
		switch {
		case i == 0:
			m.request.MachineArn, w.machine = arn, f.Name
			if err != nil {
				m.fail("state_machine_arn", path, err.Error())
			}
		case err != nil:
			m.fail("machine", f.path, err.Error())
		}
	}
	return w
}

// machineFile is a state machine of the region and the file with its definition.
type machineFile struct {
	*definition
	sim.StateMachine
}

// machines reads the definitions of --machine, which are all STANDARD.
func (s *simulatorFlags) machines(m *merge, w *world, values substitutions) []machineFile {
	var list []machineFile
	for _, text := range s.machine {
		name, path, named := strings.Cut(text, "=")
		if !named {
			name, path = machineName(text), text
		}
		machine := sim.StateMachine{Name: name, Type: backend.Standard}
		if arn, err := backend.ParseARN(name); err == nil {
			machine.Name, machine.Arn = arn.Name, name
		}
		if d := m.readDefinition("machine", path, backend.Standard, values); d != nil {
			d.report(m, w, "machine")
			list = append(list, machineFile{d, machine})
		}
	}
	return list
}

// substitutionsFlag adds --substitutions.
func substitutionsFlag(flags *pflag.FlagSet, name *string) {
	flags.StringVar(name, "substitutions", "", "values of the ${placeholders} in definitions, a JSON object in `FILE`")
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
