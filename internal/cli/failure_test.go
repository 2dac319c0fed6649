package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

// broken is a stream that takes a few bytes and then fails.
type broken struct{ room int }

func (b *broken) Write(p []byte) (int, error) {
	if b.room -= len(p); b.room < 0 {
		return 0, syscall.EPIPE
	}
	return len(p), nil
}

const echo = `{"StartAt":"E","States":{"E":{"Type":"Pass","End":true}}}`

func inDirectory(t *testing.T, files map[string]string) Environment {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Environment{Dir: dir, Files: systemFiles, Random: seeded(1)}
}

func TestOutputThatCannotBeWrittenIsNoSuccess(t *testing.T) {
	env := inDirectory(t, map[string]string{"echo.asl.json": echo})
	for _, command := range []string{
		"run echo.asl.json --wait", "run echo.asl.json", "run echo.asl.json -o text", "run", "run --frob", `simulate echo.asl.json --input "long-enough"`,
		"simulate echo.asl.json --history -", "simulate echo.asl.json --events -", "run echo.asl.json --dry-run",
		"version", "version -o json", "exit-codes", "exit-codes -o markdown", "graph --lifecycle", "completion bash", "help", "--help", "wait x",
	} {
		for _, room := range []int{0, 10} {
			var errs bytes.Buffer
			if code := Main(strings.Fields(command), Streams{Out: &broken{room}, Err: &errs}, env); code != 1 {
				t.Errorf("sfnx %s with room for %d bytes: exit code %d, want 1", command, room, code)
			}
			if !strings.Contains(errs.String(), "write to stdout: broken pipe") {
				t.Errorf("sfnx %s: stderr does not say why: %s", command, errs.String())
			}
		}
	}
}

func TestStderrThatCannotBeWrittenChangesNothing(t *testing.T) {
	env := inDirectory(t, map[string]string{"echo.asl.json": echo})
	var out bytes.Buffer
	if code := Main([]string{"simulate", "echo.asl.json"}, Streams{Out: &out, Err: &broken{}}, env); code != 0 || out.String() != "{}\n" {
		t.Errorf("exit code %d, stdout %q", code, out.String())
	}
}

// exhausted is a source of chance that fails.
type exhausted struct{}

func (exhausted) Read([]byte) (int, error) { return 0, errors.New("hush") }

func TestAPanicIsOne(t *testing.T) {
	w, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	defer w.server.Close()
	env := onAWS(w, nil)
	env.Random = exhausted{}
	var out, errs bytes.Buffer
	code := Main([]string{"run", machines + "good"}, Streams{Out: &out, Err: &errs}, env)
	if d := lastDocument(t, out.String()); code != 1 || d.ExitCode != 1 || !strings.Contains(*d.Sfnx.Cause, "please report it") {
		t.Errorf("in a run: exit code %d, document %s", code, out.String())
	}
	if strings.Contains(out.String()+errs.String(), "hush") {
		t.Error("the value of the panic was shown")
	}

	env = Environment{LookupEnv: func(string) (string, bool) { panic("hush") }}
	out.Reset()
	errs.Reset()
	if code := Main([]string{"run", machines + "good"}, Streams{Out: &out, Err: &errs}, env); code != 1 || !strings.Contains(errs.String(), "sfnx: panic: a string") {
		t.Errorf("outside of a run: exit code %d, stderr %s", code, errs.String())
	}
	if strings.Contains(out.String()+errs.String(), "hush") {
		t.Error("the value of the panic was shown")
	}
}

// A zero Streams and a zero Environment are usable.
func TestAnEmptyWorld(t *testing.T) {
	if code := Main([]string{"version"}, Streams{}, Environment{}); code != 0 {
		t.Errorf("version: exit code %d", code)
	}
	if code := Main(nil, Streams{}, Environment{}); code != 20 {
		t.Errorf("nothing: exit code %d, want 20", code)
	}
	for _, command := range []string{"run x", "simulate x", "run " + machines + "good --events e", "run " + machines + "good --events fd:3", "wait -"} {
		if code := Main(strings.Fields(command), Streams{}, Environment{}); code != 20 {
			t.Errorf("%s: exit code %d, want 20", command, code)
		}
	}
}

func TestNoSecretIsEverShown(t *testing.T) {
	const canary = "canary-7f3a"
	env := inDirectory(t, map[string]string{
		"request.json": `{"credentials_user": "` + canary + `", "credentials_password": "` + canary + `\n", "external_id": 7, "proxy": ["http://u:` + canary + `@p:1"], "` + fakeaws.Account + `": "` + canary + `"}`,
		"keys.json":    `{"Version": 1, "AccessKeyId": "` + canary + `", "SecretAccessKey": "` + canary + `", "Expiration": "` + canary + `"}`,
		"proxy.txt":    canary + "\n" + canary,
	})
	variables := map[string]string{"SFNX_PROXY_USER": canary, "SFNX_PROXY_PASSWORD": canary + "\x01", "SFNX_PROXY": "http://u:" + canary + "@p:1"}
	env.LookupEnv = func(name string) (string, bool) { v, ok := variables[name]; return v, ok }
	for _, args := range []string{
		"run " + machines + "good --request request.json -v",
		"run " + machines + "good --credentials keys.json --proxy-credentials proxy.txt -v",
		"run " + machines + "good --proxy http://u:" + canary + "@p:1,ftp://" + canary + "@x -v",
		"describe arn:aws:states:eu-west-1:123456789012:execution:good:n --request request.json -o json",
		"wait arn:aws:states:eu-west-1:123456789012:execution:good:n --request request.json",
	} {
		var out, errs bytes.Buffer
		if code := Main(strings.Fields(args), Streams{Out: &out, Err: &errs}, env); code != 20 {
			t.Errorf("%s: exit code %d, want 20", args, code)
		}
		if text := out.String() + errs.String(); strings.Contains(text, canary) {
			t.Errorf("%s shows a secret:\n%s", args, text)
		}
	}
}
