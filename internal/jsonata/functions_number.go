package jsonata

import (
	"math"
	"strconv"
	"strings"

	"github.com/sfnx/sfnx/internal/jsonata/picture"
	"github.com/sfnx/sfnx/internal/value"
)

// undefined is what most functions make of an undefined first argument.
var undefined value.Value

// total adds up an array of numbers.
func (ev *evaluator) total(v value.Value) (float64, *Error) {
	items := v.Items()
	t := 0.0
	for i := range items {
		t += items[i].Float64()
	}
	return t, ev.step(len(items))
}

func sum(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	if arg(args, 0).IsUndefined() {
		return undefined, nil
	}
	t, err := ev.total(args[0])
	return ev.number(t), err
}

func average(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	if arg(args, 0).Len() == 0 {
		return undefined, nil
	}
	t, err := ev.total(args[0])
	return ev.number(t / float64(args[0].Len())), err
}

func count(_ *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	return value.Int(int64(arg(args, 0).Len())), nil
}

func maximum(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	return ev.extreme(arg(args, 0), func(x, y float64) bool { return x > y })
}

func minimum(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	return ev.extreme(arg(args, 0), func(x, y float64) bool { return x < y })
}

func (ev *evaluator) extreme(v value.Value, better func(x, y float64) bool) (value.Value, *Error) {
	items := v.Items()
	if len(items) == 0 {
		return undefined, nil
	}
	best := items[0]
	for _, x := range items[1:] {
		if f := x.Float64(); better(f, best.Float64()) || f != f {
			best = x
		}
	}
	return best, ev.step(len(items))
}

// mathFunction is a function of one number.
func mathFunction(f func(float64) float64) native {
	return func(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
		v := arg(args, 0)
		if v.IsUndefined() {
			return undefined, nil
		}
		return ev.number(f(v.Float64())), nil
	}
}

var (
	floor = mathFunction(math.Floor)
	ceil  = mathFunction(math.Ceil)
	abs   = mathFunction(math.Abs)
)

func sqrt(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	switch {
	case v.IsUndefined():
		return undefined, nil
	case v.Float64() < 0:
		return undefined, &Error{Code: "D3060", value: v}
	}
	return ev.number(math.Sqrt(v.Float64())), nil
}

func power(_ *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	base, exponent := arg(args, 0), arg(args, 1)
	if base.IsUndefined() {
		return undefined, nil
	}
	f := math.NaN()
	if !exponent.IsUndefined() {
		f = pow(base.Float64(), exponent.Float64())
	}
	if f-f != 0 {
		return undefined, &Error{Code: "D3061", value: base, value2: exponent}
	}
	return value.Float(f), nil
}

func random(ev *evaluator, _ caller, _ []value.Value) (value.Value, *Error) {
	return value.Float(ev.random()), nil
}

func round(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() {
		return undefined, nil
	}
	return ev.number(roundEven(v.Float64(), arg(args, 1).Float64())), nil
}

// roundEven rounds half to even at a decimal place, moving the point in the shortest decimal text as the reference does.
func roundEven(f, places float64) float64 {
	f = shift(f, places)
	whole := math.Floor(f + 0.5)
	if f > 1<<52 || f < -1<<52 {
		whole = f
	}
	if math.Abs(whole-f) == 0.5 && math.Abs(math.Mod(whole, 2)) == 1 {
		whole--
	}
	whole = shift(whole, -places)
	if whole == 0 {
		return 0
	}
	return whole
}

// shift multiplies f by a power of ten without rounding.
func shift(f, places float64) float64 {
	if places == 0 || f-f != 0 {
		return f
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	e, _ := strconv.ParseFloat(exponent, 64)
	e += places
	if e != math.Trunc(e) {
		return math.NaN()
	}
	e = max(-400, min(e, 400))
	out, _ := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(int(e)), 64)
	return out
}

func number(_ *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	switch v.Kind() {
	case value.UndefinedKind, value.NumberKind:
		return v, nil
	case value.BoolKind:
		if v.Bool() {
			return value.Int(1), nil
		}
		return value.Int(0), nil
	case value.StringKind:
		if f, ok := decimal(v.Str()); ok {
			return f, nil
		}
	}
	return undefined, &Error{Code: "D3030", value: v}
}

// decimal reads a number in JSON's manner, leading zeros allowed, or in hexadecimal, octal or binary.
func decimal(s string) (value.Value, bool) {
	digits := func(s string) string { return strings.TrimLeft(s, "0123456789") }
	rest := strings.TrimPrefix(s, "-")
	after := digits(rest)
	ok := len(after) < len(rest)
	if strings.HasPrefix(after, ".") {
		fraction := after[1:]
		after = digits(fraction)
		ok = ok && len(after) < len(fraction)
	}
	if after != "" && (after[0] == 'e' || after[0] == 'E') {
		exponent := after[1:]
		if exponent != "" && (exponent[0] == '+' || exponent[0] == '-') {
			exponent = exponent[1:]
		}
		after = digits(exponent)
		ok = ok && len(after) < len(exponent)
	}
	if ok && after == "" {
		f, _ := strconv.ParseFloat(s, 64)
		return value.Float(f), f-f == 0
	}
	if len(s) > 2 && s[0] == '0' {
		base := map[byte]int{'x': 16, 'X': 16, 'o': 8, 'O': 8, 'b': 2, 'B': 2}[s[1]]
		if base == 0 {
			return undefined, false
		}
		f := 0.0
		for _, c := range []byte(s[2:]) {
			d := strings.IndexByte("0123456789abcdef", c|0x20)
			if c < 'A' {
				d = int(c) - '0'
			}
			if d < 0 || d >= base {
				return undefined, false
			}
			f = f*float64(base) + float64(d)
		}
		return value.Float(f), f-f == 0
	}
	return undefined, false
}

// refused turns a picture's error into ours.
func refused(err *picture.Error) *Error {
	if err == nil {
		return nil
	}
	return &Error{Code: err.Code, Message: err.Message}
}

// written is the text that a picture gave.
func (ev *evaluator) written(text string, err *picture.Error) (value.Value, *Error) {
	if err != nil {
		return undefined, refused(err)
	}
	return value.String(text), ev.charge(len(text))
}

func formatNumber(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() {
		return undefined, nil
	}
	options := func(name string) (string, bool) {
		o, ok := arg(args, 2).Get(name)
		return o.Str(), ok && o.Kind() == value.StringKind
	}
	return ev.written(picture.FormatNumber(v.Float64(), arg(args, 1).Str(), options))
}

func formatBase(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v, radix := arg(args, 0), 10.0
	if v.IsUndefined() {
		return undefined, nil
	}
	if r := arg(args, 1); !r.IsUndefined() {
		radix = r.Float64()
	}
	return ev.written(picture.FormatBase(v.Float64(), radix))
}

func formatInteger(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() {
		return undefined, nil
	}
	return ev.written(picture.FormatInteger(v.Float64(), arg(args, 1).Str()))
}

func parseInteger(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() {
		return undefined, nil
	}
	f, err := picture.ParseInteger(v.Str(), arg(args, 1).Str())
	return ev.number(f), refused(err)
}
