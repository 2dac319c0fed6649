package jsonata

import (
	"sync"
	"time"

	"github.com/sfnx/sfnx/internal/value"
)

// Budget bounds one evaluation. Zero fields mean the defaults. What counts as a step or a byte does not depend on
// the machine, so the same expression on the same input always ends the same way.
type Budget struct {
	Steps int64 // operators, calls and items looked at; 10 million
	Depth int64 // evaluations nested in one another, as the reference counts them, in the source or by calls; 1,000
	Bytes int64 // of values built, in all; 64 MB
}

// The default Budget.
const (
	DefaultSteps = 10_000_000
	DefaultDepth = 1_000
	DefaultBytes = 64 << 20
)

// Env is what an evaluation may see.
type Env struct {
	Input     value.Value                           // the context, $ and $$
	Bindings  func(name string) (value.Value, bool) // variables, without the $; may be nil
	Functions map[string]*Function                  // added to the built-in functions, or instead of them; nil takes one away
	Now       time.Time                             // of $now and $millis
	Random    func() float64                        // of $random and $shuffle, 0 <= x < 1; nil takes them as 0
	Budget    Budget
}

// evaluator is one evaluation under way.
type evaluator struct {
	env      Env
	expr     *Expr
	globals  []value.Value // of expr, looked up so far
	stack    []value.Value // arguments of the calls under way
	texts    []string      // parts of the texts being put together
	steps    int64
	bytes    int64
	depth    int64 // evaluations nested, up to the call under way
	nested   int64 // calls nested
	maxDepth int64
	calls    int
	dirty    bool // a value was made that is no JSON: a number that is not finite, a hole, a mark inside an array
	leaked   bool // $eval may have made functions that keep frames nobody expects them to

	caller    caller    // of the function being evaluated
	tail      *function // the function that it ends with calling
	tailCall  *call
	tailFrame *frame        // the arguments, for a lambda
	tailArgs  []value.Value // the arguments, for another function
	spare     *frame        // frames to use again, linked by parent

	room [8]value.Value // of globals and stack, as far as it goes
}

// Eval evaluates the expression; the zero Value means undefined. Numbers that are not finite come out as the strings
// Infinity, -Infinity and NaN. A function as, or in, the result is an error of code CodeFunction.
func (e *Expr) Eval(env Env) (value.Value, *Error) {
	ev := idle.Get().(*evaluator)
	ev.env, ev.expr = env, e
	ev.steps, ev.bytes, ev.maxDepth = or(env.Budget.Steps, DefaultSteps), or(env.Budget.Bytes, DefaultBytes), or(env.Budget.Depth, DefaultDepth)
	v, err := ev.run()
	*ev = evaluator{}
	idle.Put(ev)
	if err != nil {
		return value.Value{}, err.finish(e.src)
	}
	return v, nil
}

// idle holds evaluators, emptied, so that a short evaluation need not allocate one.
var idle = sync.Pool{New: func() any { return new(evaluator) }}

func or(n, fallback int64) int64 {
	if n == 0 {
		return fallback
	}
	return n
}

func (ev *evaluator) run() (value.Value, *Error) {
	e := ev.expr
	if int64(e.depth) > ev.maxDepth {
		return value.Value{}, &Error{Code: CodeDepth}
	}
	if n := len(e.globals); n < len(ev.room) {
		ev.globals, ev.stack = ev.room[:n:n], ev.room[n:n]
	} else {
		ev.globals = make([]value.Value, n)
	}
	in := ev.env.Input
	if in.Kind() == value.ArrayKind {
		in = value.Array(in).WithMark(seqMark | outerMark)
	}
	var fr *frame
	if e.scope != nil {
		fr = newFrame(nil, e.scope)
	}
	v, err := e.root.eval(ev, in, fr)
	if err != nil {
		return value.Value{}, err
	}
	return ev.result(v)
}

// step counts n steps.
func (ev *evaluator) step(n int) *Error {
	if ev.steps -= int64(n); ev.steps < 0 {
		return &Error{Code: CodeSteps}
	}
	return nil
}

// The bytes that building a value costs.
const (
	itemBytes   = 24
	headerBytes = 48
)

// charge counts n bytes.
func (ev *evaluator) charge(n int) *Error {
	if ev.bytes -= int64(n); ev.bytes < 0 {
		return &Error{Code: CodeBytes}
	}
	return nil
}

// norm is what an evaluation makes of a sequence: nothing of none, the item of one.
func (ev *evaluator) norm(v value.Value) value.Value {
	if v.Mark()&seqMark == 0 || v.Kind() != value.ArrayKind {
		return v
	}
	return unwrap(v)
}

func unwrap(v value.Value) value.Value {
	switch items := v.Items(); {
	case len(items) == 0:
		return value.Value{}
	case len(items) == 1 && v.Mark()&keepMark == 0:
		return items[0]
	}
	return v
}

// keep marks a sequence as one that stays an array.
func (ev *evaluator) keep(v value.Value) value.Value {
	if v.Len() < 2 {
		ev.dirty = true
	}
	return v.WithMark(v.Mark() | keepMark)
}

// sequence makes a sequence of items, which it takes over.
func sequence(items []value.Value) value.Value { return value.Array(items...).WithMark(seqMark) }

// result makes JSON of what the expression evaluated to.
func (ev *evaluator) result(v value.Value) (value.Value, *Error) {
	switch v.Kind() {
	case value.OpaqueKind:
		return value.Value{}, &Error{Code: CodeFunction}
	case value.UndefinedKind:
		return value.Value{}, nil
	case value.NumberKind:
		return jsonNumber(v), nil
	case value.ArrayKind:
		if v.Mark()&outerMark != 0 {
			v = v.Items()[0]
		}
		v = v.WithMark(0)
	case value.ObjectKind:
	default:
		return v, nil
	}
	limit := or(ev.env.Budget.Bytes, DefaultBytes)
	if ev.dirty || ev.calls >= value.MaxDepth/2 || v.Size() == opaqueSize {
		var err *Error
		if v, err = ev.clean(v, 0); err != nil {
			return value.Value{}, err
		}
	}
	if int64(v.Size()) > max(limit, int64(ev.env.Input.Size())) { // parts that are shared count as often as they are written
		return value.Value{}, &Error{Code: CodeBytes}
	}
	return v, nil
}

// opaqueSize is the size of a value that holds a function, or more than 4 GiB.
const opaqueSize = 1<<32 - 1

func jsonNumber(v value.Value) value.Value {
	if f := v.Float64(); f-f != 0 {
		return value.String(numberText(f))
	}
	return v
}

// clean copies a result as far as it holds something that is no JSON.
func (ev *evaluator) clean(v value.Value, depth int) (value.Value, *Error) {
	if err := ev.step(v.Len()); err != nil {
		return value.Value{}, err
	}
	if depth > value.MaxDepth {
		return value.Value{}, &Error{Code: CodeDepth}
	}
	switch v.Kind() {
	case value.UndefinedKind:
		return value.Null(), nil
	case value.OpaqueKind:
		return value.Value{}, &Error{Code: CodeFunction}
	case value.NumberKind:
		return jsonNumber(v), nil
	case value.ArrayKind:
		var out []value.Value
		items := v.Items()
		for i, item := range items {
			x, err := ev.clean(item, depth+1)
			if err != nil {
				return value.Value{}, err
			}
			if out == nil && x != item {
				out = append(make([]value.Value, 0, len(items)), items[:i]...)
			}
			if out != nil {
				out = append(out, x)
			}
		}
		if out != nil {
			return value.Array(out...), nil
		}
		return v.WithMark(0), nil
	case value.ObjectKind:
		var out []value.Member
		for i := range v.Len() {
			k, item := v.Member(i)
			x, err := ev.clean(item, depth+1)
			if err != nil {
				return value.Value{}, err
			}
			if out == nil && x != item {
				out = make([]value.Member, 0, v.Len())
				for j := range i {
					k, item := v.Member(j)
					out = append(out, value.Member{Key: k, Value: item})
				}
			}
			if out != nil {
				out = append(out, value.Member{Key: k, Value: x})
			}
		}
		if out != nil {
			return value.Object(out...), nil
		}
	}
	return v, nil
}
