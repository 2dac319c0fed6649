package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/output"
)

// jobOptions are the flags of run and simulate: they start an execution, and both end in a document.
type jobOptions struct {
	app   *app
	flags *pflag.FlagSet

	request    string
	output     *formatFlag
	resultFile string
	events     string
	dryRun     bool
	simulator  simulatorFlags
	simulate   bool // the command is simulate
}

func (o *jobOptions) addFlags(flags *pflag.FlagSet, formats ...string) {
	o.flags = flags
	fieldFlags(flags, starting)
	flags.StringVar(&o.request, "request", "", "request document in JSON, `FILE|-`; variables are weaker, flags stronger")
	o.output = outputFlag(flags, formats...)
	flags.StringVar(&o.resultFile, "result-file", "", "write the document to `FILE` too, all or nothing")
	flags.StringVar(&o.events, "events", "", "write what happens as NDJSON to `FILE|-|fd:N`, line by line")
	flags.BoolVar(&o.dryRun, "dry-run", false, "check the fields and show them resolved; no network, nothing is started")
	o.simulator.add(flags)
	flags.SortFlags = false
}

// job is a request that is ready to be run, or found wanting.
type job struct {
	options  *jobOptions
	request  fsm.Request
	runner   fsm.Runner
	world    *world // nil on AWS
	accounts *accounts
	events   *eventSink
	state    *stateFile
}

// errDryRun ends a dry run where it would touch the network.
var errDryRun = errors.New("nothing is started in a dry run")

// run does the job and gives its exit code.
func (o *jobOptions) run(args []string) int {
	a := o.app
	a.wantsJSON = o.output.chosen == formatJSON
	j := o.prepare(args)
	defer j.accounts.close()
	defer j.world.close()
	if o.dryRun {
		return j.rehearse()
	}
	return j.run()
}

// run takes the job to its end and gives its exit code.
func (j *job) run() int {
	a := j.options.app
	p := newProgress(a, j.request, j.options.simulate)
	j.runner.Observe = func(e fsm.Event) {
		j.state.observe(e)
		j.events.write(output.EventLine(e))
		p.observe(e)
	}
	p.start()
	out := a.execute(j.runner, j.request)
	p.stop()
	if j.request.RedriveArn != "" {
		out.FieldErrors = ofExecution(out.FieldErrors)
	}
	return j.finish(out)
}

// prepare makes a job of what was given. What is wrong with it stands in request.ParseErrors.
func (o *jobOptions) prepare(args []string) *job {
	a := o.app
	m := newMerge(a, o.flags, o.request, starting)
	r := &m.request
	if len(args) == 1 {
		r.StateMachineArn = args[0]
	}
	if _, given := m.values["wait_for_success_or_failure"]; o.simulate && !given {
		r.WaitForSuccessOrFailure = true
	}
	j := &job{options: o, accounts: m.accounts()}
	machine := r.StateMachineArn
	switch isARN := strings.HasPrefix(machine, "arn:"); {
	case o.simulate && isARN:
		r.Simulated = true
		m.fail("state_machine_arn", machine, "is an ARN: simulate wants the path of a definition; 'sfnx run' starts an execution on AWS")
	case o.simulate || machine != "" && !isARN:
		r.Simulated = true
		j.world = o.simulator.build(m, machine)
	default:
		o.simulator.refuse(m, o.flags)
		m.onAWS(machine)
	}
	if !o.dryRun {
		j.events = m.events(o.events, o.resultFile, r.StateFile)
	}
	j.state = m.stateFile()
	j.request = m.request
	j.runner = j.accounts.runner()
	if j.world != nil {
		j.world.drive(&j.runner)
	}
	if j.state != nil {
		j.runner.Freeze = func(name string) error { return j.state.freeze(name, j.runner.Clock.Now()) }
	}
	return j
}

// finish writes what the job owes, files first: if one of them fails, the document can still say so.
func (j *job) finish(out fsm.Outcome) int {
	o, a := j.options, j.options.app
	err := j.events.close(out)
	if j.world != nil {
		err = errors.Join(err, j.world.writeHistory(a, o.simulator.history))
	}
	if o.resultFile != "" {
		written := j.keep(failed(out, err))
		if a.kept = written == nil; !a.kept {
			err = errors.Join(err, fmt.Errorf("write the result to %s: %w", o.resultFile, written))
		}
	}
	out = failed(out, err)
	code := output.RowOf(out.Ending).Code
	j.state.end(out, code)
	a.show(out, o.output.chosen, j.world, o.simulate)
	if lost := a.unwritten(); lost != nil && a.kept {
		_ = j.keep(failed(out, lost)) // or it would tell another code than the command
	}
	return code
}

// keep writes the document of an outcome to the result file.
func (j *job) keep(out fsm.Outcome) error {
	a := j.options.app
	return a.env.Files.Replace(a.env.path(j.options.resultFile), a.document(out).JSON())
}

// failed is an outcome whose result could not be written.
func failed(out fsm.Outcome, err error) fsm.Outcome {
	if err != nil {
		out.Ending, out.Err = fsm.UnexpectedError, err
	}
	return out
}

// show writes an outcome to stdout, as a document or as what people pipe on, and says how it ended on stderr.
func (a *app) show(out fsm.Outcome, format string, w *world, timeline bool) {
	if format == formatJSON {
		a.writeDocument(a.document(out))
	} else if w == nil || !w.historyOnly {
		_, _ = a.out.Write([]byte(plainResult(out)))
	}
	if w == nil {
		a.tellEnd(out)
		return
	}
	// The findings in a definition have been shown where they stand.
	out.FieldErrors = slices.DeleteFunc(slices.Clone(out.FieldErrors), func(e fsm.FieldError) bool { return w.told[e] })
	events, idle := w.recorded(), out.Signal == ""
	if idle {
		for _, text := range w.broken(events) {
			a.complain("%s\n", printable(text))
		}
	}
	if !timeline || len(events) == 0 {
		a.tellEnd(out)
		return
	}
	s := a.style()
	text := w.timeline(events, idle, s) + summary(events, out, s)
	if out.Ending != fsm.Succeeded {
		untold := out
		untold.LastEvents = nil // the timeline has told them
		_, facts, _ := strings.Cut(a.text(untold), "\n")
		text += facts
	}
	a.tell(out, text)
}

// tellEnd says on stderr how a run ended.
func (a *app) tellEnd(out fsm.Outcome) { a.tell(out, a.text(out)) }

func (a *app) text(out fsm.Outcome) string {
	s := a.style()
	return output.Text(out, output.TextOptions{Color: s.color, ASCII: s.ascii})
}

// tell says something about an outcome, as talk or as a complaint.
func (a *app) tell(out fsm.Outcome, text string) {
	if output.RowOf(out.Ending).Code == 0 {
		a.talk("%s", text)
	} else {
		a.complain("%s", text)
	}
}

// plainResult is what -o text has for stdout: the output of a success, the ARN of an execution that was only started.
func plainResult(out fsm.Outcome) string {
	switch {
	case out.Ending == fsm.Started:
		return out.Execution.ExecutionArn + "\n"
	case out.Ending == fsm.Succeeded && out.Execution.Output != nil:
		return *out.Execution.Output + "\n"
	}
	return ""
}

// rehearse takes a job to the point where it would touch the network, and shows the fields as they would be used. It
// writes no file.
func (j *job) rehearse() int {
	a, open := j.options.app, j.runner.Open
	j.runner.Open = func(ctx context.Context, r fsm.Request) (backend.Backend, error) {
		if _, err := open(ctx, r); err != nil {
			return nil, err
		}
		return nil, errDryRun
	}
	out := a.execute(j.runner, j.request)
	if !errors.Is(out.Err, errDryRun) {
		a.show(out, j.options.output.chosen, j.world, false)
		return output.RowOf(out.Ending).Code
	}
	out.Ending, out.Err = fsm.Started, nil
	out.Request.Region = out.Request.EffectiveRegion()
	d := a.document(out)
	d.StatusDescription = "DRY RUN: The input fields are valid. Nothing was started."
	d.Sfnx.Ending, d.Sfnx.Next = "DRY_RUN", []string{}
	if j.options.output.chosen == formatJSON {
		a.writeDocument(d)
	}
	a.talk("%s\n", d.StatusDescription)
	return d.ExitCode
}
