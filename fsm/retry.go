package fsm

import (
	"context"
	"strings"

	"github.com/sfnx/sfnx/backend"
)

// earlierLimit is how many earlier attempts are looked for, at one DescribeExecution each.
const earlierLimit = 10

// retry finds out what became of the earlier attempts of this job, unless each attempt is on its own. The event is empty
// if this attempt has to start an execution of its own.
func (x *run) retry(ctx context.Context) event {
	if x.req.RetryMode == RetryNew {
		return ""
	}
	typ, err := x.machineType(ctx)
	if err != nil {
		return x.fail(ctx, err)
	}
	if typ == backend.Express {
		x.out.FieldErrors = []FieldError{{Field: "retry_mode", Value: string(x.req.RetryMode),
			Rule: "needs a STANDARD state machine, this one is EXPRESS; want " + string(RetryNew)}}
		return invalid
	}
	if x.req.Attempt == 1 {
		return ""
	}
	// This attempt may have started its own before this runner was.
	switch _, err := x.lookUp(ctx, x.out.Name, x.glance); backend.CodeOf(err) {
	case "", backend.ExecutionAlreadyExists:
		return ""
	case backend.ExecutionDoesNotExist:
	default:
		return x.fail(ctx, err)
	}
	ex, err := x.newestEarlier(ctx)
	switch {
	case backend.CodeOf(err) == backend.ExecutionDoesNotExist:
		return ""
	case err != nil:
		return x.fail(ctx, err)
	case !unsuccessful(ex.Status):
		return x.take(ex)
	case x.req.RetryMode == RetryRedrive:
		return x.redriveEarlier(ctx, ex)
	}
	return ""
}

// newestEarlier is the execution of the newest earlier attempt that started one.
func (x *run) newestEarlier(ctx context.Context) (ex backend.Execution, err error) {
	base := strings.TrimSuffix(x.out.Name, x.req.suffix())
	for n := x.req.Attempt - 1; n >= max(1, x.req.Attempt-earlierLimit); n-- {
		ex, err = x.lookUp(ctx, base+suffixOf(n), x.glance)
		if backend.CodeOf(err) != backend.ExecutionDoesNotExist {
			break
		}
	}
	return ex, err
}

// glance describes an execution before there is one to wait for, with no more patience than the start has.
func (x *run) glance(ctx context.Context, arn string) (backend.Execution, error) {
	return insist(ctx, x, "DescribeExecution", overloaded, func() (backend.Execution, error) {
		x.out.Polls++
		return x.backend.DescribeExecution(ctx, arn)
	})
}

func unsuccessful(s backend.Status) bool { return s.Terminal() && s != backend.Succeeded }
