// Package intrinsic compiles and evaluates the calls of the Amazon States Language: States.Format('{}', $.name).
//
//	c, err := intrinsic.Parse("States.Format('Hello {}', $.name)") // err is a *SyntaxError
//	for i, p := range c.Paths() { ... }                            // the caller compiles p.Text and keeps it under i
//	v, err := c.Eval(env)                                          // env.Path(i) gives the value of path i; err is a *Failure
//
// A Call is immutable and safe for concurrent use. As on AWS, only grammar, function name and nesting are checked when a
// call is compiled; the number and types of the arguments are checked when it runs (measured). The package knows
// neither paths nor states; what behaves like Java here does so because AWS's results show it.
package intrinsic

import (
	"fmt"

	"github.com/sfnx/sfnx/internal/value"
)

// MaxNesting is the number of calls that may stand inside each other, the outermost included (AWS's guide).
const MaxNesting = 10

// MaxBytes is what Env.Spend should allow in total: the bytes of text that calls may read and build on their way to a
// result of at most 262,144 bytes.
const MaxBytes = 16 << 20

// Call is a compiled call.
type Call struct {
	src   string
	node  *node
	paths []Path
}

// Path is a path among the arguments, as it was written.
type Path struct {
	Text   string
	Offset int // bytes from the start of the call
}

// Env answers for what a call cannot know.
type Env interface {
	Path(i int) (value.Value, error) // the value of Paths()[i]; the error's text becomes the failure's detail
	Random() (uint64, bool)          // false: there is no source of randomness
	Spend(bytes int) bool            // false: the calls have used up their MaxBytes
}

// Failure is why a call that was well formed gave no value.
type Failure struct{ Detail string }

func (e *Failure) Error() string { return e.Detail }

// String is the call as it was written.
func (c *Call) String() string { return c.src }

// Paths are the paths among the arguments, in order.
func (c *Call) Paths() []Path { return c.paths }

// Eval calls the function. The error is a *Failure.
func (c *Call) Eval(env Env) (value.Value, error) { return c.node.eval(env) }

// node is an argument: a constant, a path, or a call.
type node struct {
	constant value.Value
	path     int       // place in Paths, -1 if it is no path
	template *template // of a text that is the first argument, for States.Format
	fn       *function
	args     []*node
}

// function is one of the States functions.
type function struct {
	name string
	call func(in invocation) (value.Value, error)
}

// invocation is a call with its arguments evaluated.
type invocation struct {
	*node
	args []value.Value
	env  Env
}

func (n *node) eval(env Env) (value.Value, error) {
	switch {
	case n.fn != nil:
		args := make([]value.Value, len(n.args))
		for i, arg := range n.args {
			v, err := arg.eval(env)
			if err != nil {
				return value.Value{}, err
			}
			args[i] = v
		}
		return n.fn.call(invocation{n, args, env})
	case n.path >= 0:
		v, err := env.Path(n.path)
		if err != nil {
			return value.Value{}, &Failure{err.Error()}
		}
		return v, nil
	}
	return n.constant, nil
}

// invalid is AWS's one detail for arguments of a wrong number, type or range (measured).
func (in invocation) invalid() (value.Value, error) {
	return value.Value{}, &Failure{"Invalid arguments in " + in.fn.name}
}

// heavy is the failure of a call that would turn too much into text, nil if it may go on.
func (in invocation) heavy(vs ...value.Value) error {
	size := 0
	for _, v := range vs {
		size += v.Size()
	}
	if in.env.Spend(size) {
		return nil
	}
	return &Failure{fmt.Sprintf("%s would build too much text: calls may build %d bytes", in.fn.name, MaxBytes)}
}
