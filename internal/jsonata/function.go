package jsonata

import (
	"github.com/sfnx/sfnx/internal/jsregex"
	"github.com/sfnx/sfnx/internal/value"
)

type functionKind uint8

const (
	nativeFunction functionKind = iota
	lambdaFunction
	partialFunction
	chainFunction
	regexFunction
	transformFunction
	nextFunction // of a match: finds the next one
)

// native is the code of a built-in function. The arguments fit its signature, if it has one.
type native func(ev *evaluator, c caller, args []value.Value) (value.Value, *Error)

// caller is where a function is called from.
type caller struct {
	context value.Value
	frame   *frame
}

// function is a function as a value.
type function struct {
	kind      functionKind
	name      string
	arity     int // how many arguments a higher-order function gives it
	signature *signature
	native    native

	lambda *lambda
	frame  *frame      // a closure's variables
	input  value.Value // a closure's context

	first, second *function // of a chain; a partial application is of first
	bound         []value.Value
	holes         []int // parameters of a partial application

	regex  *jsregex.Regexp
	source string
	pos    int
	text   string // what a match was found in
	from   int

	transform *transform
}

func functionOf(v value.Value) *function {
	f, _ := v.Opaque().(*function)
	return f
}

// Function is a function that the caller of Eval adds to the language.
type Function struct {
	opaque value.Value
}

// Call is one call of a Function.
type Call struct {
	Args    []value.Value // as the signature says; undefined if optional and missing. Not to be kept
	Context value.Value   // what $ was at the place of the call
	ev      *evaluator
}

// Charge counts bytes of values built and steps taken against the budget. An error must be returned at once.
func (c *Call) Charge(steps, bytes int) *Error {
	if err := c.ev.step(steps); err != nil {
		return err
	}
	return c.ev.charge(bytes)
}

// Random is the next number of Env.Random.
func (c *Call) Random() float64 { return c.ev.random() }

// Fail is an error of a Function; the position is filled in.
func Fail(code, message string) *Error { return &Error{Code: code, Message: message} }

// NewFunction makes a function with a signature in JSONata's notation, for example <a<n>n?:a>. It panics if the
// signature is not valid.
func NewFunction(name, sig string, call func(*Call) (value.Value, *Error)) *Function {
	s := mustSignature(sig)
	f := &function{kind: nativeFunction, name: name, arity: len(s.params), signature: s}
	f.native = func(ev *evaluator, c caller, args []value.Value) (value.Value, *Error) {
		return call(&Call{Args: args, Context: c.context, ev: ev})
	}
	return &Function{opaque: value.Opaque(f)}
}

func (ev *evaluator) random() float64 {
	if ev.env.Random == nil {
		return 0
	}
	return ev.env.Random()
}

// deeper goes down n levels of evaluation; the caller comes back up with ev.depth -= n.
func (ev *evaluator) deeper(n int) *Error {
	if ev.depth += int64(n); ev.depth >= ev.maxDepth {
		return &Error{Code: CodeDepth}
	}
	return nil
}

// apply calls a function. args may be changed, and are not kept.
func (ev *evaluator) apply(f *function, args []value.Value, c caller) (value.Value, *Error) {
	if f == nil {
		return value.Value{}, &Error{Code: "T1006"}
	}
	ev.calls++
	if err := ev.step(1); err != nil {
		return value.Value{}, err
	}
	if f.signature != nil {
		var err *Error
		if args, err = f.signature.validate(args, c.context); err != nil {
			return value.Value{}, err
		}
	}
	// Calls in tail position do not count as depth, but one that a built-in function passes on does nest.
	if ev.nested++; ev.nested > ev.maxDepth {
		return value.Value{}, &Error{Code: CodeDepth}
	}
	v, err := ev.invoke(f, args, c)
	ev.nested--
	return v, err
}

// invoke calls a function whose arguments have been checked.
func (ev *evaluator) invoke(f *function, args []value.Value, c caller) (value.Value, *Error) {
	switch f.kind {
	case nativeFunction:
		return f.native(ev, c, args)
	case lambdaFunction:
		if ev.depth >= ev.maxDepth {
			return value.Value{}, &Error{Code: CodeDepth}
		}
		outer := ev.caller
		ev.caller = c
		v, err := ev.body(f, f.lambda.bind(ev, f, args))
		ev.caller = outer
		return v, err
	case regexFunction:
		return ev.matchObject(f, args)
	case nextFunction:
		return ev.nextMatch(f)
	}
	const levels = 3 // as the reference has for a chain
	defer func() { ev.depth -= levels }()
	if err := ev.deeper(levels); err != nil {
		return value.Value{}, err
	}
	switch f.kind {
	case chainFunction:
		v, err := ev.apply(f.first, args[:min(1, len(args))], c)
		if err != nil {
			return value.Value{}, err
		}
		return ev.apply(f.second, []value.Value{ev.norm(v)}, c)
	case partialFunction:
		all := append([]value.Value(nil), f.bound...)
		for i, hole := range f.holes {
			all[hole] = arg(args, i)
		}
		if f.first.kind == nativeFunction { // the reference does not check these: it would fail inside
			if n := f.first.arity; n > 0 && n < len(all) {
				all = all[:n]
			}
			return ev.apply(f.first, all, c)
		}
		return ev.invoke(f.first, all, c)
	}
	return f.transform.run(ev, arg(args, 0), f)
}

// body runs a function, and the calls it ends with one after the other: they do not nest. As in the reference they are
// made for the caller of the function, with its context, and what they return is not unwrapped on the way out.
func (ev *evaluator) body(f *function, fr *frame) (value.Value, *Error) {
	for {
		v, err := f.lambda.body.eval(ev, f.input, fr)
		if f.lambda.leaf {
			ev.release(fr)
		}
		if err != nil || ev.tail == nil {
			return v, err
		}
		f, fr = ev.tail, ev.tailFrame
		ev.tail, ev.tailFrame = nil, nil
		if f.kind != lambdaFunction {
			at, args := ev.tailCall, ev.tailArgs
			ev.tailArgs = nil
			v, err := ev.apply(f, args, ev.caller)
			if err != nil {
				return value.Value{}, at.place(err, f)
			}
			return v, nil
		}
		ev.calls++
		if err := ev.step(1); err != nil {
			return value.Value{}, err
		}
	}
}
