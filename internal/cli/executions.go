package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/output"
)

// executionOptions are the flags of the commands that look at an execution on AWS, or stop it.
type executionOptions struct {
	app     *app
	flags   *pflag.FlagSet
	part    part // of the fields that the command has
	request string
	output  *formatFlag
}

func (o *executionOptions) addFlags(flags *pflag.FlagSet, upTo part, formats ...string) {
	o.flags, o.part = flags, upTo
	fieldFlags(flags, upTo)
	flags.StringVar(&o.request, "request", "", "request document in JSON, `FILE|-`, for the fields that say how to reach AWS")
	o.output = outputFlag(flags, formats...)
	flags.SortFlags = false
}

// target is an execution and the connection to its region.
type target struct {
	app      *app
	arn      string
	format   string
	request  fsm.Request
	backend  backend.Backend
	accounts *accounts
}

// reach checks the fields and connects; no network yet. If it cannot, the target is nil and the exit code says why.
func (o *executionOptions) reach(arn string) (*target, int) {
	a := o.app
	a.wantsJSON = o.output.chosen == formatJSON
	m := newMerge(a, o.flags, o.request, o.part)
	t := &target{app: a, arn: arn, format: o.output.chosen, accounts: m.accounts()}
	t.request = m.forExecution(arn)
	if err := a.interrupts.ctx.Err(); err != nil {
		return nil, t.failed(fsm.Validate, &backend.Error{Code: backend.Canceled, Err: err})
	}
	if wrong := t.request.Validate(a.env.readFile); len(wrong) > 0 {
		return nil, t.fail(fsm.Outcome{Request: t.request, Ending: fsm.DataValidationError, Stage: fsm.Validate, FieldErrors: ofExecution(wrong)})
	}
	var err error
	if t.backend, err = t.accounts.dial(a.interrupts.ctx, t.request); err != nil {
		return nil, t.failed(fsm.Authenticate, err)
	}
	return t, 0
}

// forExecution is the request for an execution that exists: of the state machine that it belongs to.
func (m *merge) forExecution(arn string) fsm.Request {
	r := &m.request
	r.StateMachineArn = arn
	parsed, err := backend.ParseARN(arn)
	rule := ""
	switch {
	case arn == "": // it is required, and why there is none is known already
	case err != nil:
		rule = err.Error()
	case parsed.Kind == "express":
		rule = "is an EXPRESS execution, which cannot be looked at once it has started: 'sfnx run --wait' waits for one"
	case parsed.Kind != "execution":
		rule = "is of kind " + parsed.Kind + ", want the ARN of an execution"
	default:
		r.StateMachineArn = parsed.StateMachine().String()
		m.onAWS(arn)
	}
	if rule != "" {
		m.fail("state_machine_arn", arn, rule)
	}
	return *r
}

// ofExecution are field errors of a request that forExecution made, under the name that the argument has for its user.
func ofExecution(wrong []fsm.FieldError) []fsm.FieldError {
	renamed := slices.Clone(wrong)
	for i := range renamed {
		if renamed[i].Field == "state_machine_arn" {
			renamed[i].Field = "execution_arn"
		}
	}
	return renamed
}

// failed is the end of a command whose call failed at a stage.
func (t *target) failed(stage fsm.State, err error) int {
	return t.fail(callFailed(t.app.interrupts.ctx, t.request, stage, err))
}

// callFailed is the outcome of a call that failed, or that a signal ended. An execution that does not exist is a
// mistake of whoever named it.
func callFailed(ctx context.Context, r fsm.Request, stage fsm.State, err error) fsm.Outcome {
	out := fsm.Outcome{Request: r, Stage: stage, Ending: fsm.EndingOf(backend.CodeOf(err)), Err: err}
	switch backend.CodeOf(err) {
	case backend.ExecutionDoesNotExist:
		out.Ending = fsm.DataValidationError
	case backend.Canceled:
		var signal fsm.Interrupted
		if errors.As(context.Cause(ctx), &signal) {
			out.Signal, out.Err, out.Ending = signal.Signal, nil, signal.Ending()
		}
	}
	return out
}

// fail writes the outcome of a command that did not do its work: nothing on stdout but the document, if JSON is wanted.
func (t *target) fail(out fsm.Outcome) int {
	t.app.show(out, t.format, nil, false)
	return output.RowOf(out.Ending).Code
}

// pretty is the JSON of a value for people and programs.
func pretty(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		panic(err) // texts, numbers and structs of these
	}
	return b.Bytes()
}

// aligned lays labelled lines out; those without a value are left out.
func aligned(lines [][2]string) string {
	width := 0
	lines = slices.DeleteFunc(lines, func(l [2]string) bool { return l[1] == "" })
	for _, l := range lines {
		width = max(width, len(l[0]))
	}
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l[0] + strings.Repeat(" ", width-len(l[0])+2) + printable(l[1]) + "\n")
	}
	return b.String()
}
