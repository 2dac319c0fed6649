package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/internal/expr"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/value"
	"github.com/sfnx/sfnx/output"
)

// The query languages as the command line spells them.
const (
	languageJSONata  = "jsonata"
	languageJSONPath = "jsonpath"
)

// evalOptions are the flags of eval: the language, and what the expression sees.
type evalOptions struct {
	app         *app
	language    *formatFlag
	input       string
	variables   string
	context     string
	result      string
	errorOutput string
	seed        uint64
	now         string
}

func newEvalCommand(a *app) *cobra.Command {
	o := &evalOptions{app: a}
	c := &cobra.Command{
		Use:   "eval EXPRESSION",
		Short: "Evaluate one expression as a state would",
		Long: `eval evaluates one expression as AWS Step Functions would, and writes its value to stdout as JSON.

JSONata sees $states (input, context, and result or errorOutput if they are given) and the variables; {% %} around the
expression may be left out. JSONPath is a path from the input ($.a), the context object ($$.a) or a variable ($name.a),
or a call of an intrinsic function. Messages name the field that AWS would name: Output in JSONata, value.$ in JSONPath.

The exit code is 20 if AWS would refuse the expression when a state machine is created, 23 if its evaluation fails.
What went wrong, and where, is on stderr.`,
		Example: `  sfnx eval '$sum($states.input.items.price)' --input '{"items":[{"price":2},{"price":3}]}'
  sfnx eval '{% $states.input.n * $rate %}' --input @order.json --variables '{"rate":1.2}'
  sfnx eval "States.Format('Hello {}', $.name)" --language jsonpath --input '{"name":"Ada"}'`,
		Args: exactly("expression"),
		RunE: func(_ *cobra.Command, args []string) error {
			code, err := o.run(args[0])
			a.code = code
			return err
		},
	}
	o.addFlags(c.Flags())
	completeFlag(c, "language", o.language.formats)
	return c
}

func (o *evalOptions) addFlags(flags *pflag.FlagSet) {
	o.language = &formatFlag{chosen: languageJSONata, formats: []string{languageJSONata, languageJSONPath}}
	flags.StringVar(&o.input, "input", "{}", "input of the state, `JSON|@FILE|-`")
	flags.Var(o.language, "language", "`jsonata|jsonpath`")
	flags.StringVar(&o.variables, "variables", "", "workflow variables, an object as `JSON|@FILE|-`")
	flags.StringVar(&o.context, "context", "", "context object, `JSON|@FILE|-`")
	flags.StringVar(&o.result, "result", "", "$states.result, `JSON|@FILE|-`")
	flags.StringVar(&o.errorOutput, "error-output", "", "$states.errorOutput, `JSON|@FILE|-`; the expression is one of a Catch then")
	flags.Uint64Var(&o.seed, "seed", 0, "`number` that everything left to chance comes from")
	flags.StringVar(&o.now, "now", "", "`time` of $now() and $millis(), RFC 3339 (default: now)")
	flags.SortFlags = false
}

// surroundings are what an expression sees besides its Env.
type surroundings struct{ states, context, variables value.Value }

func (s *surroundings) StatesObject(bool) value.Value            { return s.states }
func (s *surroundings) ContextObject() value.Value               { return s.context }
func (s *surroundings) Variable(name string) (value.Value, bool) { return s.variables.Get(name) }

// run evaluates. The error is a mistake in the usage.
func (o *evalOptions) run(text string) (int, error) {
	env, err := o.environment()
	if err != nil {
		return 0, err
	}
	if expr.IsQuery(text) {
		text = text[2 : len(text)-2]
	}
	text = strings.TrimSpace(text)
	evaluate := o.jsonata
	if o.language.chosen == languageJSONPath {
		evaluate = o.jsonpath
	}
	v, wrong := evaluate(text, env)
	if wrong == nil {
		_, _ = o.app.out.Write(append(v.AppendJSON(nil), '\n'))
		return 0, nil
	}
	o.app.complain("%s", wrong.show(text, o.app.style()))
	return output.RowOf(wrong.ending).Code, nil
}

func (o *evalOptions) environment() (*expr.Env, error) {
	a := o.app
	var err error
	read := func(flag, text string, from func(string, string) (value.Value, error)) value.Value {
		v, wrong := from(flag, text)
		err = errors.Join(err, wrong)
		return v
	}
	input := read("--input", o.input, a.jsonValue)
	s := &surroundings{variables: read("--variables", o.variables, a.jsonObject), context: read("--context", o.context, a.jsonObject)}
	if s.context.IsUndefined() {
		s.context = value.EmptyObject()
	}
	s.states = value.Object(value.Member{Key: "input", Value: input}, value.Member{Key: "context", Value: s.context})
	for _, more := range []struct{ name, flag, text string }{{"result", "--result", o.result}, {"errorOutput", "--error-output", o.errorOutput}} {
		if v := read(more.flag, more.text, a.jsonValue); !v.IsUndefined() {
			s.states = s.states.With(more.name, v)
		}
	}
	now := a.env.Clock.Now()
	if o.now != "" {
		var wrong error
		if now, wrong = time.Parse(time.RFC3339Nano, o.now); wrong != nil {
			err = errors.Join(err, errors.New("--now: want a time such as 2026-01-31T09:00:00Z"))
		}
	}
	return &expr.Env{Input: input, Context: s, Vars: s, States: s, Random: interp.NewRandom(o.seed), Now: now.UTC()}, err
}

func (o *evalOptions) jsonata(text string, env *expr.Env) (value.Value, *wrongExpression) {
	q, problems := expr.CompileQuery(value.String("{%"+text+"%}"), "Output", o.errorOutput != "")
	if len(problems) > 0 {
		p := problems[0]
		w := &wrongExpression{ending: fsm.DataValidationError, name: asl.InvalidJSONata, message: p.Message, code: p.Code, at: endAt(text, p.Position)}
		if p.Unsupported {
			w.name = asl.UnsupportedJSONata
		}
		if strings.HasPrefix(text, "States.") {
			w.hint = "for a call of an intrinsic function give --language " + languageJSONPath
		}
		return value.Value{}, w
	}
	v, err := q.Eval(env)
	return v, failedEvaluation(text, err)
}

func (o *evalOptions) jsonpath(text string, env *expr.Env) (value.Value, *wrongExpression) {
	e, err := expr.ParseExpression(text)
	if err != nil {
		w := &wrongExpression{ending: fsm.DataValidationError, name: asl.SchemaValidationFailed, hint: err.Error(),
			message: "The value for the field 'value.$' must be a valid JSONPath or a valid intrinsic function call"}
		if column := expr.Column(err); column > 0 {
			w.at = placeAt(text, len(string([]rune(text)[:column-1])))
		}
		return value.Value{}, w
	}
	v, err := e.Eval(env, "value.$")
	return v, failedEvaluation(text, err)
}

// wrongExpression is why an expression has no value.
type wrongExpression struct {
	ending  fsm.State
	name    string // of the error, or of the finding
	message string // AWS's
	code    string // JSONata's, empty if there is none
	hint    string
	at      asl.Position // of the end of what is wrong; zero if that is not known
}

func failedEvaluation(text string, err error) *wrongExpression {
	e, ok := errors.AsType[*expr.Error](err)
	switch {
	case err == nil:
		return nil
	case !ok:
		return &wrongExpression{ending: fsm.Failed, name: expr.Runtime, message: err.Error()}
	}
	w := &wrongExpression{ending: fsm.Failed, name: e.Name, message: e.Message, code: e.Code, at: endAt(text, e.Position)}
	if strings.HasPrefix(text, "$.") && e.Name == expr.QueryEvaluation {
		w.hint = "the input is $states.input in JSONata; for a path give --language " + languageJSONPath
	}
	return w
}

// show is the error with the line that it is about:
//
//	INVALID_JSONATA_EXPRESSION  S0207, line 1, column 3
//	  Unexpected end of expression
//	  1 | 1 +
//	    |   ^
func (w *wrongExpression) show(text string, s style) string {
	var b strings.Builder
	b.WriteString(s.paint(red, w.name))
	sep := "  "
	if w.code != "" {
		b.WriteString(sep + w.code)
		sep = ", "
	}
	if w.at.Line > 0 {
		fmt.Fprintf(&b, "%sline %d, column %d", sep, w.at.Line, w.at.Column)
	}
	b.WriteByte('\n')
	for line := range strings.Lines(w.message) {
		fmt.Fprintf(&b, "  %s\n", printable(strings.TrimRight(line, "\r\n")))
	}
	if w.hint != "" {
		fmt.Fprintf(&b, "  (%s)\n", printable(w.hint))
	}
	if w.at.Line > 0 {
		line, marker := excerpt(text, w.at)
		number := strconv.Itoa(w.at.Line)
		fmt.Fprintf(&b, "  %s | %s\n  %s | %s\n", number, line, strings.Repeat(" ", len(number)), s.paint(red, marker))
	}
	return b.String()
}

// endAt is the place of the last of so many UTF-16 code units from the start of a text; zero if there are none.
func endAt(text string, units int) asl.Position {
	if units <= 0 {
		return asl.Position{}
	}
	offset := 0
	for i, r := range text {
		if units <= 0 {
			break
		}
		units -= utf16.RuneLen(r)
		offset = i
	}
	return placeAt(text, offset)
}

// placeAt is a place in a text, by the bytes before it.
func placeAt(text string, offset int) asl.Position {
	before := text[:offset]
	return asl.Position{Offset: offset, Line: 1 + strings.Count(before, "\n"), Column: 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])}
}
