package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// TestMain makes a command of the test binary, for --task: it runs one if its environment says so.
func TestMain(m *testing.M) {
	if os.Getenv("CLI_TASK") != "" {
		runTask(os.Args[1:])
		return
	}
	// The SDK reads these from the process: nothing of the machine that runs the tests may count.
	for name, value := range map[string]string{
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_PROFILE": "", "AWS_ENDPOINT_URL": "", "HTTPS_PROXY": "", "HTTP_PROXY": "", "https_proxy": "", "http_proxy": "",
	} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	goleak.VerifyTestMain(m)
}

// runTask is what the scripts have as $TASK: echo gives the input back, fail fails as a handler does.
func runTask(args []string) {
	switch args[0] {
	case "echo":
		_, _ = io.Copy(os.Stdout, os.Stdin)
	case "fail":
		fmt.Print(`{"errorType":"CardDeclined","errorMessage":"do not honour"}`)
		os.Exit(1)
	}
}

// The scripts in testdata/script run sfnx in this process:
//
//	sfnx ARGS...     run it, it must exit with 0; with ! it must not
//	code N           the exit code of the last sfnx
//	json FILE        FILE holds one JSON value or none, as do stdout and stderr under these names
//	requests N OP    the AWS endpoint got N requests for the operation
//
// The variables TERMINAL (of stdout and stderr), STDIN (a file, or terminal) and those of sfnx count. There is an AWS
// endpoint, shown as http://aws.test, where the machines "good", "bad", "slow" and "express" can be run with the keys
// that are set; time passes by pauses only. $TASK is a command for --task (see runTask), $LAMBDA the address of an
// endpoint for it, which gives each function its name and input back.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
		Setup:         func(env *testscript.Env) error { return openWorld(t, env) },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"sfnx": runSfnx, "code": checkCode, "json": checkJSON, "requests": checkRequests,
		},
	})
}

// scriptWorld is what one script has to itself.
type scriptWorld struct {
	server *fakeaws.Server
	clock  *fakeaws.Clock
	code   int
}

type worldKey struct{}

const machines = "arn:aws:states:eu-west-1:123456789012:stateMachine:"

var worldStart = time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)

func openWorld(t *testing.T, env *testscript.Env) error {
	w, err := newWorld()
	if err != nil {
		return err
	}
	env.Defer(w.server.Close)
	env.Values[worldKey{}] = w
	env.Setenv("AWS_ENDPOINT_URL", w.server.URL)
	env.Setenv("AWS_ACCESS_KEY_ID", fakeaws.AccessKeyID)
	env.Setenv("AWS_SECRET_ACCESS_KEY", fakeaws.SecretAccessKey.Reveal())
	env.Setenv("MACHINES", machines)
	lambda := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		function := strings.Split(r.URL.Path, "/")[3]
		input, _ := io.ReadAll(r.Body)
		_, _ = fmt.Fprintf(rw, `{"function":%q,"input":%s}`, function, input)
	}))
	env.Defer(lambda.Close)
	env.Setenv("LAMBDA", lambda.URL)
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	env.Setenv("TASK", "exec:'"+exe+"'")
	env.Setenv("EXECUTIONS", "arn:aws:states:eu-west-1:123456789012:execution:")
	return nil
}

func newWorld() (*scriptWorld, error) {
	canned := fakeaws.NewCanned(worldStart, map[string]fakeaws.Machine{
		machines + "good":    {Output: `{"big":12345678901234567890,"text":"<&>"}`},
		machines + "bad":     {Status: backend.Failed, Error: "CardDeclined", Cause: "do not honour", State: "Charge card"},
		machines + "once":    {Status: backend.Failed, Error: "CardDeclined", Redriven: backend.Succeeded, After: 20 * time.Second},
		machines + "slow":    {After: 45 * time.Second},
		machines + "express": {Type: backend.Express},
	})
	server, err := fakeaws.Start(canned, fakeaws.Options{})
	if err != nil {
		return nil, err
	}
	return &scriptWorld{server: server, clock: fakeaws.NewClock(worldStart, canned.Advance)}, nil
}

func runSfnx(ts *testscript.TestScript, neg bool, args []string) {
	w := ts.Value(worldKey{}).(*scriptWorld)
	env := Environment{
		LookupEnv: func(name string) (string, bool) { v := ts.Getenv(name); return v, v != "" },
		Clock:     w.clock, Random: zeros{}, Location: time.FixedZone("", 2*60*60),
		Dir: ts.MkAbs("."), Files: systemFiles, Version: "1.2.3-test",
		Variables: []string{"CLI_TASK=1", "GOCOVERDIR=" + ts.MkAbs("."), "GORACE=atexit_sleep_ms=0"},
	}
	var out, errs bytes.Buffer
	streams := Streams{Out: &out, Err: &errs}
	streams.OutTerminal = ts.Getenv("TERMINAL") != ""
	streams.ErrTerminal = streams.OutTerminal
	switch name := ts.Getenv("STDIN"); name {
	case "":
		streams.In = strings.NewReader("")
	case "terminal":
		streams.InTerminal = true
	default:
		streams.In = strings.NewReader(ts.ReadFile(name))
	}
	w.code = Main(args, streams, env)
	for from, to := range map[*bytes.Buffer]io.Writer{&out: ts.Stdout(), &errs: ts.Stderr()} {
		_, err := io.WriteString(to, strings.ReplaceAll(from.String(), w.server.URL, "http://aws.test"))
		ts.Check(err)
	}
	if neg == (w.code == 0) {
		ts.Fatalf("exit code %d", w.code)
	}
}

func checkCode(ts *testscript.TestScript, neg bool, args []string) {
	if code := ts.Value(worldKey{}).(*scriptWorld).code; neg || len(args) != 1 || args[0] != strconv.Itoa(code) {
		ts.Fatalf("exit code %d, want %v", code, args)
	}
}

func checkJSON(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		if err := oneJSON([]byte(ts.ReadFile(name))); (err != nil) != neg {
			ts.Fatalf("%s: %v", name, err)
		}
	}
}

func checkRequests(ts *testscript.TestScript, neg bool, args []string) {
	got := len(ts.Value(worldKey{}).(*scriptWorld).server.Requests(args[1:]...))
	if neg || args[0] != strconv.Itoa(got) {
		ts.Fatalf("%d requests for %v, want %s", got, args[1:], args[0])
	}
}

// oneJSON wants one JSON value with a newline behind it, or nothing.
func oneJSON(text []byte) error {
	if len(text) > 0 && (!json.Valid(text) || !bytes.HasSuffix(text, []byte("\n"))) {
		return fmt.Errorf("%.200q is not one JSON value and a newline", text)
	}
	return nil
}
