package interp

import (
	"math"
	"time"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/internal/value"
)

// maxRetryDelay bounds a back-off that grows without MaxDelaySeconds.
const maxRetryDelay = 99_999_999 * time.Second

// retry schedules another attempt if a retrier matches and has attempts left. ASL "Retrying after error": the first
// retrier that matches decides; each keeps its own count for one visit of the state.
func (x *Execution) retry(t *thread, s *state, f failure) bool {
	for i := range s.Retry {
		r := &s.Retry[i]
		if !matches(r.ErrorEquals, f) {
			continue
		}
		if t.used == nil {
			t.used = make([]int, len(s.Retry))
			if x.alone(t) {
				t.used[i] = x.config.Test.RetrierRetryCount
			}
		}
		x.observe(t, RetryIndex, value.Int(int64(i)))
		if int64(t.used[i]) >= r.MaxAttempts {
			return false
		}
		delay := x.delay(r, t.used[i])
		x.observe(t, RetryBackoff, value.Float(delay.Seconds()))
		if x.alone(t) {
			x.failThread(t, f)
			return true
		}
		t.used[i]++
		t.retries++
		t.phase = waiting
		t.timer = x.setTimer(t, retryTimer, x.now.Add(delay))
		return true
	}
	return false
}

// delay before the next attempt after n earlier retries by this retrier:
// min(IntervalSeconds * BackoffRate^n, MaxDelaySeconds), with FULL jitter anywhere between 0 and that.
func (x *Execution) delay(r *asl.Retrier, n int) time.Duration {
	limit := maxRetryDelay.Seconds()
	if r.MaxDelaySeconds > 0 {
		limit = float64(r.MaxDelaySeconds)
	}
	seconds := math.Min(float64(r.IntervalSeconds)*math.Pow(r.BackoffRate, float64(n)), limit)
	if r.FullJitter {
		seconds *= x.random.float()
	}
	return time.Duration(math.Round(seconds*1000)) * time.Millisecond
}

// matches decides whether ErrorEquals names an error. ASL "Errors": States.ALL is every error that can be handled at
// all, States.TaskFailed every one but a timeout, and a missed heartbeat is a timeout too.
func matches(errorEquals []string, f failure) bool {
	for _, name := range errorEquals {
		switch {
		case name == errAll:
			return true
		case f.name == nil:
			continue
		case name == *f.name, name == errHeartbeat && f.heartbeat:
			return true
		case name == errTask && !f.is(errTimeout) && !f.is(errHeartbeat):
			return true
		case name == errTimeout && f.is(errHeartbeat):
			return true
		}
	}
	return false
}

// catch hands the failure to the first catcher that matches.
func (x *Execution) catch(t *thread, s *state, f failure) bool {
	for i, c := range s.Catch {
		if !matches(c.ErrorEquals, f) {
			continue
		}
		x.observe(t, CatchIndex, value.Int(int64(i)))
		output, assigned, failed := x.caught(t, s, &s.Catch[i], f.errorOutput())
		if failed != nil {
			x.failThread(t, *failed)
		} else {
			x.exit(t, s, output, assigned, s.catch[i])
		}
		return true
	}
	return false
}

// caught is what a catcher makes of an error: the output of the state and its new variables.
func (x *Execution) caught(t *thread, s *state, c *asl.Catcher, failed value.Value) (output, assigned value.Value, f *failure) {
	if s.QueryLanguage == asl.JSONPath {
		output, f = x.applyResultPath(t, c.ResultPath, t.input, failed)
	} else if output = failed; c.Output != nil {
		env := x.environment(t, failed)
		x.view.errorOutput = failed
		v, err := c.Output.Eval(env)
		if output = v; err != nil {
			f = x.evaluationFailure(t, err)
		}
	}
	if f == nil {
		f = x.tooLarge(s.Name, output)
	}
	if f == nil && c.Assign != nil {
		env := x.environment(t, failed)
		x.view.errorOutput = failed
		assigned, f = x.assignment(t, s, c.Assign, env)
	}
	return output, assigned, f
}
