package cli

import (
	"context"
	"errors"
	"fmt"
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
}

// errDryRun ends a dry run where it would touch the network.
var errDryRun = errors.New("nothing is started in a dry run")

// run does the job and gives its exit code.
func (o *jobOptions) run(args []string) int {
	a := o.app
	a.wantsJSON = o.output.chosen == formatJSON
	j := o.prepare(args)
	defer j.accounts.close()
	if o.dryRun && len(j.request.ParseErrors) == 0 {
		open := j.runner.Open
		j.runner.Open = func(ctx context.Context, r fsm.Request) (backend.Backend, error) {
			if _, err := open(ctx, r); err != nil {
				return nil, err
			}
			return nil, errDryRun
		}
		return o.finishDryRun(a.execute(j.runner, j.request))
	}
	p := newProgress(a, j.request, o.simulate)
	j.runner.Observe = func(e fsm.Event) {
		j.events.write(output.EventLine(e))
		p.observe(e)
	}
	p.start()
	out := a.execute(j.runner, j.request)
	p.stop()
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
	j := &job{options: o, accounts: &accounts{env: a.env, credentials: m.credentials}}
	machine := r.StateMachineArn
	switch isARN := strings.HasPrefix(machine, "arn:"); {
	case o.simulate && isARN:
		r.Simulated = true
		m.fail("state_machine_arn", machine, "is an ARN: simulate wants the path of a definition; 'sfnx run' starts an execution on AWS")
	case o.simulate || machine != "" && !isARN:
		r.Simulated = true
		j.world = o.simulator.build(m, machine, o.simulate)
	default:
		o.simulator.refuse(m, o.flags)
		m.onAWS(machine)
	}
	var err error
	if j.events, err = a.openEvents(o.events); err != nil {
		m.fail("events", o.events, err.Error())
	}
	j.request = m.request
	j.runner = fsm.Runner{Open: j.accounts.dial, Clock: a.env.Clock, NewID: newUUID(a.env.Random), Jitter: newJitter(a.env.Random), ReadFile: a.env.readFile}
	if j.world != nil {
		j.world.drive(&j.runner)
	}
	return j
}

// finish writes what the job owes, files first: if one of them fails, the document can still say so.
func (j *job) finish(out fsm.Outcome) int {
	o, a := j.options, j.options.app
	err := j.events.close()
	if j.world != nil {
		err = errors.Join(err, j.world.writeHistory(a, o.simulator.history))
	}
	if o.resultFile != "" {
		data := a.document(failed(out, err)).JSON()
		if written := a.env.Files.Replace(a.env.path(o.resultFile), data); written != nil {
			err = errors.Join(err, fmt.Errorf("write the result to %s: %w", o.resultFile, written))
		}
	}
	out = failed(out, err)
	a.show(out, o.output.chosen, j.world, o.simulate)
	return output.RowOf(out.Ending).Code
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
	} else if w == nil || w.showsOutput() {
		_, _ = a.out.Write([]byte(plainResult(out)))
	}
	s := a.style()
	if len(out.FieldErrors) > 0 {
		// The findings in a definition have been shown where they stand.
		rest := []fsm.FieldError{}
		for _, e := range out.FieldErrors {
			if w == nil || !w.told[e] {
				rest = append(rest, e)
			}
		}
		out.FieldErrors = rest
	}
	text := output.Text(out, output.TextOptions{Color: s.color, ASCII: s.ascii})
	if timeline && w != nil && len(w.events) > 0 {
		_, facts, _ := strings.Cut(text, "\n")
		if out.Ending == fsm.Succeeded {
			facts = ""
		}
		text = w.timeline(s) + w.summary(out, s) + facts
	}
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

// finishDryRun writes the document of a job that could be run. Its region is the one that would be used.
func (o *jobOptions) finishDryRun(out fsm.Outcome) int {
	a := o.app
	if !errors.Is(out.Err, errDryRun) {
		a.show(out, o.output.chosen, nil, false)
		return output.RowOf(out.Ending).Code
	}
	out.Ending, out.Err = fsm.Started, nil
	out.Request.Region = out.Request.EffectiveRegion()
	d := a.document(out)
	d.StatusDescription = "DRY RUN: The input fields are valid. Nothing was started."
	d.Sfnx.Ending, d.Sfnx.Next = out.Stage, []string{}
	if o.output.chosen == formatJSON {
		a.writeDocument(d)
	}
	a.talk("%s\n", d.StatusDescription)
	return d.ExitCode
}
