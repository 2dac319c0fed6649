package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// TestMain is sfnx itself, or a way for it to crash, when the tests below start this binary again.
func TestMain(m *testing.M) {
	switch os.Getenv("SFNX_TEST_AS") {
	case "":
		os.Exit(m.Run())
	case "sfnx":
		main()
	case "crash":
		harden()
		done := make(chan struct{})
		go func() { panic("nobody recovers this") }()
		<-done
	}
}

// sfnx starts this test binary as sfnx.
func sfnx(as string, args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), "SFNX_TEST_AS="+as, "GOCOVERDIR="+os.TempDir())
	return c
}

// codeOf is the exit code as a shell sees it.
func codeOf(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &exit):
		t.Fatal(err)
	}
	if s, ok := exit.Sys().(syscall.WaitStatus); ok && s.Signaled() {
		return 128 + int(s.Signal())
	}
	return exit.ExitCode()
}

func echo(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "echo.asl.json")
	if err := os.WriteFile(name, []byte(`{"StartAt":"E","States":{"E":{"Type":"Pass","End":true}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestExitCodesOfTheProcess(t *testing.T) {
	var out bytes.Buffer
	c := sfnx("sfnx", "simulate", echo(t), "--input", `{"a":1}`)
	c.Stdout = &out
	if code := codeOf(t, c.Run()); code != 0 || out.String() != "{\"a\":1}\n" {
		t.Errorf("exit code %d, stdout %q", code, out.String())
	}
	if code := codeOf(t, sfnx("sfnx", "frobnicate").Run()); code != 20 {
		t.Errorf("exit code %d for a mistake in the usage, want 20", code)
	}
}

// Go's own crashes exit with 2, which is AUTHENTICATION_ERROR here.
func TestACrashIsNotTwo(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no SIGABRT")
	}
	var errs bytes.Buffer
	c := sfnx("crash")
	c.Dir = t.TempDir()
	c.Stderr = &errs
	if code := codeOf(t, c.Run()); code != 134 || !strings.Contains(errs.String(), "nobody recovers this") {
		t.Errorf("exit code %d, want 134\n%s", code, errs.String())
	}
	if files, err := os.ReadDir(c.Dir); err != nil || len(files) > 0 {
		t.Errorf("the crash left %d files, %v", len(files), err)
	}
}

func TestAClosedPipeIsOne(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	defer w.Close()
	c := sfnx("sfnx", "run", echo(t), "--wait")
	c.Stdout = w
	if code := codeOf(t, c.Run()); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
}

func TestAFullDiskIsOne(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	for _, args := range [][]string{{"run", echo(t), "--wait"}, {"version"}, {"exit-codes"}} {
		c := sfnx("sfnx", args...)
		c.Stdout = full
		if code := codeOf(t, c.Run()); code != 1 {
			t.Errorf("%v: exit code %d, want 1", args, code)
		}
	}
}

// What comes before a signal can be heard is short: next to nothing has been initialised by then.
func TestSignalsAreHeardEarly(t *testing.T) {
	var errs bytes.Buffer
	c := sfnx("sfnx", "version")
	c.Env = append(c.Env, "GODEBUG=inittrace=1")
	c.Stderr = &errs
	if code := codeOf(t, c.Run()); code != 0 {
		t.Fatalf("exit code %d\n%s", code, errs.String())
	}
	for line := range strings.Lines(errs.String()) {
		switch {
		case strings.HasPrefix(line, "init github.com/sfnx/sfnx/internal/heard "):
			return
		case strings.HasPrefix(line, "init fmt "), strings.HasPrefix(line, "init net/http "), strings.Contains(line, "/service/"), strings.Contains(line, "/sfnx/"):
			t.Fatalf("it is initialised before the signals are heard: %s", line)
		}
	}
	t.Errorf("nobody listens:\n%s", errs.String())
}

// A signal that comes while sfnx is at work is told in the document, and 143 or 130 for whoever started it.
func TestSignalsOfTheProcess(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no signals to send")
	}
	// Under nohup the tests ignore SIGHUP, and so would what they start, as it should.
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	for sig, want := range map[os.Signal]int{os.Interrupt: 130, syscall.SIGTERM: 143, syscall.SIGHUP: 143} {
		// Nobody ever answers at this end of the connection, so sfnx waits until it is told not to.
		endpoint := silent(t)
		c := sfnx("sfnx", "run", "arn:aws:states:eu-west-1:123456789012:stateMachine:m", "--endpoint-url", endpoint.url)
		c.Env = append(c.Env, "AWS_ACCESS_KEY_ID=AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret", "AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		<-endpoint.asked
		if err := c.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		document, _ := io.ReadAll(out)
		if code := codeOf(t, c.Wait()); code != want || !bytes.Contains(document, []byte(`"class": "INTERRUPTED"`)) {
			t.Errorf("%v: exit code %d, want %d\n%s", sig, code, want, document)
		}
	}
}

// The runtime puts /dev/null in the place of a closed stream, where the document would be lost in silence.
func TestAClosedStdoutIsOne(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs a shell, and is told apart with certainty on Linux alone")
	}
	for redirection, want := range map[string]int{">&-": 1, ">&- 2>&-": 1, ">/dev/null": 0, "1<>/dev/null 2>&1": 0} {
		c := exec.Command("sh", "-c", `exec "$0" "$@" `+redirection, os.Args[0], "run", echo(t), "--wait")
		c.Env = sfnx("sfnx").Env
		if code := codeOf(t, c.Run()); code != want {
			t.Errorf("%s: exit code %d, want %d", redirection, code, want)
		}
	}
	result := filepath.Join(t.TempDir(), "result.json")
	c := exec.Command("sh", "-c", `exec "$0" "$@" >&-`, os.Args[0], "run", echo(t), "--wait", "--result-file", result)
	c.Env = sfnx("sfnx").Env
	code := codeOf(t, c.Run())
	if text, err := os.ReadFile(result); code != 0 || err != nil || !bytes.Contains(text, []byte(`"exit_code": 0`)) {
		t.Errorf("with a result file: exit code %d, %s, %v", code, text, err)
	}
}
