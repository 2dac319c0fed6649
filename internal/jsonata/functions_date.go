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
	return ev.moment(ev.millis(), arg(args, 0), arg(args, 1))
}

// moment writes a date by a picture. A missing picture means ISO 8601, an empty one nothing.
func (ev *evaluator) moment(millis float64, pic, timezone value.Value) (value.Value, *Error) {
	if pic.Kind() == value.StringKind && pic.Str() == "" {
		return pic, nil
	}
	return ev.written(picture.FormatDateTime(millis, pic.Str(), timezone.Str()))
}

func fromMillis(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() {
		return undefined, nil
	}
	return ev.moment(v.Float64(), arg(args, 1), arg(args, 2))
}

func toMillis(ev *evaluator, _ caller, args []value.Value) (value.Value, *Error) {
	v := arg(args, 0)
	if v.IsUndefined() {
		return undefined, nil
	}
	if err := ev.step(len(v.Str())); err != nil {
		return undefined, err
	}
	if pic := arg(args, 1); pic.Kind() == value.StringKind && pic.Str() == "" {
		return undefined, nil
	}
	f, ok, err := picture.ParseDateTime(v.Str(), arg(args, 1).Str(), ev.millis)
	if err != nil || !ok {
		return undefined, refused(err)
	}
	return ev.number(f), nil
}
