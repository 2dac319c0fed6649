package jsonata

import (
	"github.com/sfnx/sfnx/internal/jsonata/picture"
	"github.com/sfnx/sfnx/internal/value"
)

func (ev *evaluator) millis() float64 { return float64(ev.env.Now.UnixMilli()) }

func millis(ev *evaluator, _ caller, _ []value.Value) (value.Value, *Error) {
	return value.Float(ev.millis()), nil
}

func now(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	return ev.written(picture.FormatDateTime(ev.millis(), arg(args, 0).Str(), arg(args, 1).Str()))
}

func fromMillis(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() {
		return undefined, nil
	}
	return ev.written(picture.FormatDateTime(v.Float64(), arg(args, 1).Str(), arg(args, 2).Str()))
}

func toMillis(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() {
		return undefined, nil
	}
	if err := ev.step(len(v.Str())); err != nil {
		return undefined, err
	}
	f, ok, err := picture.ParseDateTime(v.Str(), arg(args, 1).Str(), ev.millis)
	if err != nil || !ok {
		return undefined, refused(err)
	}
	return ev.number(f), nil
}
