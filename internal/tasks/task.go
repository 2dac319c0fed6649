package tasks

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/sfnx/sfnx/backend/sim"
)

// TaskUsage is the grammar of ParseTask, for help texts.
const TaskUsage = `PATTERN=exec:COMMAND ARGUMENT...   a local command: input as JSON on its standard input, result on its standard output
PATTERN=http://HOST:PORT           an endpoint that speaks the Lambda invoke API; https:// too
PATTERN is the ARN of a resource or function, in which * stands for anything, or the name of a state; * alone is every task.
A COMMAND is split at blanks, with '...', "..." and \ as in a shell, and is not run by one: write exec:sh -c '...' for that.`

// Task is one answerer of tasks outside of sfnx, as a --task flag gives it. It takes real time, and its answer comes after
// as much virtual time.
type Task struct {
	Pattern string
	answers sim.Tasks
}

// TaskOptions is what the commands of ParseTask get.
type TaskOptions struct {
	Env []string  // NAME=VALUE; variables that hold credentials are taken out
	Log io.Writer // for what they write to their standard error; nil: nowhere
}

// ParseTask reads one answerer in the grammar of TaskUsage.
func ParseTask(text string, o TaskOptions) (*Task, error) {
	at := -1
	for _, mark := range []string{"=exec:", "=http://", "=https://"} {
		if i := strings.Index(text, mark); i >= 0 && (at < 0 || i < at) {
			at = i
		}
	}
	if at <= 0 {
		return nil, fmt.Errorf("task %q: want PATTERN=exec:COMMAND or PATTERN=http://HOST:PORT, the PATTERN an ARN such as arn:aws:lambda:*:function:charge or the name of a state", text)
	}
	t := &Task{Pattern: text[:at]}
	var err error
	if command, ok := strings.CutPrefix(text[at+1:], "exec:"); ok {
		t.answers, err = newCommand(command, o)
	} else {
		t.answers, err = newEndpoint(text[at+1:])
	}
	if err != nil {
		return nil, fmt.Errorf("task %q: %w", t.Pattern, err)
	}
	return t, nil
}

// Matches reports whether the task is for a call. A pattern of a function matches however the function is called: as the
// resource, or by lambda:invoke with its name or ARN as FunctionName.
func (t *Task) Matches(c sim.Call) bool {
	if t.Pattern != "*" && !strings.HasPrefix(t.Pattern, "arn:") {
		return t.Pattern == c.State
	}
	f := functionOf(c)
	return glob(t.Pattern, c.Resource) || f.name != "" && (glob(t.Pattern, f.given) || glob(t.Pattern, f.arn))
}

// Answer runs the command or calls the endpoint. An error means that it could not, or that what came is no answer.
func (t *Task) Answer(c sim.Call) (sim.Answer, error) {
	a, err := t.answers.Answer(c)
	if err != nil {
		return sim.Answer{}, fmt.Errorf("task %q: %w", t.Pattern, err)
	}
	return a, nil
}

// String is the pattern.
func (t *Task) String() string { return t.Pattern }

// glob matches a text with a pattern in which * stands for any number of characters.
func glob(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	text, ok := strings.CutPrefix(text, parts[0])
	if last := len(parts) - 1; last > 0 {
		for _, part := range parts[1:last] {
			i := strings.Index(text, part)
			if !ok || i < 0 {
				return false
			}
			text = text[i+len(part):]
		}
		return ok && strings.HasSuffix(text, parts[last])
	}
	return ok && text == ""
}

// after puts an answer as much later as it took, in whole milliseconds.
func after(a sim.Answer, took time.Duration) sim.Answer {
	return a.After((took + time.Millisecond - 1).Truncate(time.Millisecond))
}

// parseAddress reads the address of an endpoint.
func parseAddress(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the address is none: %w", errors.Unwrap(err))
	case u.Host == "":
		return nil, fmt.Errorf("the address %q has no host, want http://HOST:PORT", text)
	case u.User != nil:
		return nil, errors.New("the address must not hold a user or password")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("the address %q must end with the host and port, or a path", text)
	}
	return u, nil
}
