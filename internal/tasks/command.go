package tasks

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"time"

	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/value"
)

const (
	keptLog   = 64 << 10        // bytes of the end of a command's standard error
	logResult = 4 << 10         // bytes of it that LogType Tail gives, as Lambda does
	leftOpen  = 5 * time.Second // how long processes that a command left behind may hold its output
)

// command answers tasks by a local command. It ends with exit status 0 and its result on standard output (nothing is
// null), or with another status and {"errorType": ..., "errorMessage": ...} on standard output or as the last line of
// standard error. It is killed when the task's timeout has passed.
type command struct {
	args []string
	env  []string
	log  io.Writer
	now  func() time.Time
}

func newCommand(text string, o TaskOptions) (*command, error) {
	args, err := splitWords(text)
	if err != nil {
		return nil, err
	}
	if len(args) == 0 {
		return nil, errors.New("want a command and its arguments after exec:, got nothing")
	}
	if _, err := exec.LookPath(args[0]); err != nil {
		return nil, fmt.Errorf("the command cannot be run: %w", err)
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	return &command{args: args, env: withoutCredentials(o.Env), log: o.Log, now: time.Now}, nil
}

// Answer runs the command once.
func (c *command) Answer(call sim.Call) (sim.Answer, error) {
	inv, refused, err := newInvocation(call)
	if err != nil {
		return sim.Answer{}, err
	}
	if refused != nil {
		return *refused, nil
	}
	ctx := context.Background()
	if call.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, call.Timeout)
		defer cancel()
	}
	var out head
	log := tail{also: c.log}
	cmd := exec.CommandContext(ctx, c.args[0], c.args[1:]...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = c.env, strings.NewReader(inv.payload), &out, &log, leftOpen

	start := c.now()
	err = cmd.Run()
	took := c.now().Sub(start)
	if err != nil && ctx.Err() != nil {
		return sim.Never(), nil
	}
	a, err := c.answer(&inv, out.String(), log.data, err)
	return after(a, took), err
}

func (c *command) answer(inv *invocation, out string, log []byte, err error) (sim.Answer, error) {
	var exit *exec.ExitError
	switch {
	case err == nil:
		a, err := inv.succeeded(response{text: out, status: http.StatusOK, version: inv.function.qualifier, log: base64.StdEncoding.EncodeToString(log[max(0, len(log)-logResult):])})
		if err != nil {
			err = fmt.Errorf("%s: %w (print the result, as JSON, to standard output and everything else to standard error)", c.args[0], err)
		}
		return a, err
	case errors.As(err, &exit):
		return inv.failed(errorPayload(out, lastLine(log), exit)), nil
	case errors.Is(err, exec.ErrWaitDelay):
		return sim.Answer{}, fmt.Errorf("%s left a process behind that holds its output open", c.args[0])
	}
	return sim.Answer{}, fmt.Errorf("run %s: %w", c.args[0], err)
}

// errorPayload is what the command says about its failure, or else how it ended.
func errorPayload(out, last string, exit *exec.ExitError) string {
	for _, text := range []string{out, last} {
		v, err := value.Parse(text)
		_, hasType := v.Get("errorType")
		_, hasMessage := v.Get("errorMessage")
		if err == nil && (hasType || hasMessage) {
			return text
		}
	}
	message := exit.String()
	if last != "" {
		message += ": " + strings.ToValidUTF8(last, "\uFFFD")
	}
	return value.Object(value.Member{Key: "errorMessage", Value: value.String(message)}).JSON()
}

func lastLine(log []byte) string {
	log = bytes.TrimSpace(log)
	return string(bytes.TrimSpace(log[bytes.LastIndexByte(log, '\n')+1:]))
}

// head keeps what a response may have, and one byte more.
type head struct{ bytes.Buffer }

func (h *head) Write(p []byte) (int, error) {
	_, _ = h.Buffer.Write(p[:min(len(p), maxResponse+1-h.Len())])
	return len(p), nil
}

// tail keeps the end of what is written, and passes it on.
type tail struct {
	data []byte
	also io.Writer
}

func (t *tail) Write(p []byte) (int, error) {
	_, _ = t.also.Write(p) // a log that cannot be written is no failure of the command
	t.data = append(t.data, p...)
	if n := len(t.data); n > 2*keptLog {
		t.data = append(t.data[:0], t.data[n-keptLog:]...)
	}
	return len(p), nil
}

// credentialVariables would let a command reach an account by accident. AWS_PROFILE stays: who sets it means it.
var credentialVariables = []string{
	"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_WEB_IDENTITY_TOKEN_FILE",
	"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
}

// withoutCredentials leaves out the variables that hold credentials, and sfnx's own (SFNX_...).
func withoutCredentials(env []string) []string {
	out := []string{} // nil would be sfnx's own environment
	for _, entry := range env {
		name, _, _ := strings.Cut(entry, "=")
		keep := !strings.HasPrefix(strings.ToUpper(name), "SFNX_")
		for _, c := range credentialVariables {
			keep = keep && !strings.EqualFold(name, c)
		}
		if keep {
			out = append(out, entry)
		}
	}
	return out
}
