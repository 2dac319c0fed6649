package interp

import (
	"fmt"
	"math"
	"time"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/internal/expr"
	"github.com/sfnx/sfnx/internal/value"
)

// maxWait is the longest delay that AWS accepts (recorded: 24,855 days pass, 24,856 do not).
const maxWait = math.MaxInt32 * time.Second

// wait pauses until a point in time; one in the past continues at once.
func (x *Execution) wait(t *thread, s *state, body *asl.Wait) {
	until, f := x.waitUntil(t, s, body)
	if f == nil && until.Sub(x.now) > maxWait {
		f = x.runtimeFailure(t, "Wait state delay is too long.")
	}
	if f != nil {
		x.failState(t, s, *f)
		return
	}
	t.phase = waiting
	t.timer = x.setTimer(t, waitTimer, until)
}

func (x *Execution) waitUntil(t *thread, s *state, body *asl.Wait) (time.Time, *failure) {
	if body.SecondsQuery != nil || body.TimestampQuery != nil {
		return x.waitQuery(t, body)
	}
	in, f := x.inputPath(t, s)
	switch {
	case f != nil:
		return time.Time{}, f
	case body.Seconds != nil:
		return x.after(*body.Seconds), nil
	case body.Timestamp != nil:
		return body.Timestamp.Time, nil
	case body.SecondsPath != nil:
		v, f := x.waitParameter(t, "SecondsPath", body.SecondsPath, in)
		if f != nil {
			return time.Time{}, f
		}
		seconds, ok := v.Int64()
		switch {
		case !ok:
			return time.Time{}, x.runtimeFailure(t, fmt.Sprintf("The SecondsPath parameter cannot be parsed as a long value: %s == %s", body.SecondsPath, display(v)))
		case seconds < 0:
			return time.Time{}, x.runtimeFailure(t, fmt.Sprintf("The SecondsPath parameter references a negative value: %s == %s", body.SecondsPath, display(v)))
		}
		return x.after(seconds), nil
	}
	v, f := x.waitParameter(t, "TimestampPath", body.TimestampPath, in)
	if f != nil {
		return time.Time{}, f
	}
	at, err := asl.ParseTimestamp(v.Str())
	if v.Kind() != value.StringKind || err != nil {
		return time.Time{}, x.runtimeFailure(t, fmt.Sprintf("The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: %s == %s", body.TimestampPath, display(v)))
	}
	return at, nil
}

// after is a number of seconds from now; what does not fit a Duration is far beyond maxWait all the same.
func (x *Execution) after(seconds int64) time.Time {
	return x.now.Add(time.Duration(min(seconds, math.MaxInt32+1)) * time.Second)
}

func (x *Execution) waitParameter(t *thread, field string, p *expr.Path, in value.Value) (value.Value, *failure) {
	v, err := p.Eval(x.environment(t, in))
	if err != nil {
		return v, x.runtimeFailure(t, fmt.Sprintf("The %s parameter does not reference an input value: %s", field, p))
	}
	return v, nil
}

// display is how AWS shows a value in such messages: a string without quotes, everything else as JSON.
func display(v value.Value) string {
	if v.Kind() == value.StringKind {
		return v.Str()
	}
	return v.JSON()
}

// waitQuery is Seconds or Timestamp of a JSONata state.
func (x *Execution) waitQuery(t *thread, body *asl.Wait) (time.Time, *failure) {
	if body.SecondsQuery != nil {
		seconds, f := x.queryInteger(t, body.SecondsQuery, 0)
		return x.after(seconds), f
	}
	v, f := x.evaluateTo(t, body.TimestampQuery, value.StringKind)
	if f != nil {
		return time.Time{}, f
	}
	at, err := asl.ParseTimestamp(v.Str())
	if err != nil { // recorded: the event points to WaitStateEntered
		return time.Time{}, x.queryFailure(t, t.last, "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: "+v.Str(), "Timestamp")
	}
	return at, nil
}
