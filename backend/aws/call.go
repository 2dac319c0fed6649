package aws

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/sfnx/sfnx/backend"
)

var _ aws.RetryerV2 = policy{}

// policy is the retry policy. Its numbers are its own: AWS_RETRY_MODE, AWS_MAX_ATTEMPTS and
// AWS_NEW_RETRIES_2026 change nothing.
type policy struct{ Retry }

// ofSources is the policy of the clients that the SDK makes for credential sources. It is as patient as the SDK: where
// there is no instance metadata, nobody should wait long to be told so.
func (p policy) ofSources() policy {
	p.Retry.MaxAttempts = min(p.Retry.MaxAttempts, 3)
	return p
}

// MaxAttempts counts the first attempt too.
func (p policy) MaxAttempts() int { return p.Retry.MaxAttempts }

// IsErrorRetryable leaves a call to its caller when the service asks for a pause beyond MaxDelay.
func (p policy) IsErrorRetryable(err error) bool {
	return isRetryable(err) && retryAfter(err) <= p.MaxDelay
}

// RetryDelay is the pause after the attempt of this number.
func (p policy) RetryDelay(attempt int, err error) (time.Duration, error) {
	return p.delay(attempt, rand.Float64(), retryAfter(err)), nil
}

// delay is between half and the whole of BaseDelay * 2^(attempt-1), at most MaxDelay and at least what the service
// asked for. chance is in [0,1).
func (p policy) delay(attempt int, chance float64, asked time.Duration) time.Duration {
	d := p.MaxDelay
	if attempt <= 32 {
		d = min(d, p.BaseDelay<<max(attempt-1, 0))
	}
	return max(d/2+time.Duration(chance*float64(d/2)), asked)
}

func noRelease(error) error { return nil }

// GetRetryToken hands out every token: a process makes few requests at a time, so there is no quota to share.
func (policy) GetRetryToken(context.Context, error) (func(error) error, error) { return noRelease, nil }

// GetInitialToken is the older form of GetAttemptToken.
func (policy) GetInitialToken() func(error) error { return noRelease }

// GetAttemptToken limits nothing.
func (policy) GetAttemptToken(context.Context) (func(error) error, error) { return noRelease, nil }

// call is the retryer of one call. It counts the attempts by itself (what the SDK passes as their number depends on
// AWS_NEW_RETRIES_2026) and remembers whether one of them may have been carried out.
type call struct {
	policy
	op        string
	timeout   time.Duration
	paced     bool                        // the caller paces himself: a throttled attempt is the last one
	changes   bool                        // it does something; a call that only reads is never ambiguous
	mayRepeat func(context.Context) error // asked before an attempt that may have been carried out is repeated; nil = always
	final     func(error) bool            // errors that are not repeated, whatever the policy says; nil = none
	masks     *masks
	attempts  int
	ambiguous bool
}

func (b *Backend) reading(op string) *call {
	return &call{policy: b.policy, op: op, timeout: b.timeout, masks: b.masks}
}

// polling is a call that is made again and again.
func (b *Backend) polling(ctx context.Context, op string) *call {
	c := b.reading(op)
	c.paced = backend.IsPaced(ctx)
	return c
}

func (b *Backend) changing(op string, mayRepeat func(context.Context) error) *call {
	return &call{policy: b.policy, op: op, timeout: b.timeout, masks: b.masks, changes: true, mayRepeat: mayRepeat}
}

func (c *call) sfn(o *sfn.Options) { o.Retryer = c }
func (c *call) sts(o *sts.Options) { o.Retryer = c }

// IsErrorRetryable is asked once for each failed attempt.
func (c *call) IsErrorRetryable(err error) bool {
	c.attempts++
	c.ambiguous = c.ambiguous || c.changes && maybeCarriedOut(err)
	if c.paced && classify(err) == backend.Throttled || c.final != nil && c.final(err) {
		return false
	}
	return c.policy.IsErrorRetryable(err)
}

// RetryDelay ignores the number that it is given.
func (c *call) RetryDelay(_ int, err error) (time.Duration, error) {
	return c.policy.RetryDelay(c.attempts, err)
}

// GetRetryToken is asked before each repetition, and has a context to ask others with.
func (c *call) GetRetryToken(ctx context.Context, err error) (func(error) error, error) {
	if c.mayRepeat != nil && maybeCarriedOut(err) {
		if reason := c.mayRepeat(ctx); reason != nil {
			return nil, &notRepeatedError{reason}
		}
	}
	return noRelease, nil
}

// notRepeatedError says why an attempt that failed ambiguously was the last one. It does not unwrap: the class of the
// call's error is that of the attempt.
type notRepeatedError struct{ reason error }

func (e *notRepeatedError) Error() string { return "not repeated: " + e.reason.Error() }
