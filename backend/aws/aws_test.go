package aws

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/backendtest"
	"github.com/sfnx/sfnx/internal/fakeaws"
	"github.com/sfnx/sfnx/internal/secret"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const machineArn = "arn:aws:states:" + fakeaws.Region + ":" + fakeaws.Account + ":stateMachine:order"

// isolate hides the settings of the person who runs the tests.
func isolate(t *testing.T) {
	t.Helper()
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		upper := strings.ToUpper(name)
		if strings.HasPrefix(upper, "AWS_") || strings.HasSuffix(upper, "_PROXY") {
			t.Setenv(name, "") // so that the old value comes back
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(dir, "config"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(dir, "credentials"))
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
}

// world is a canned backend with the machine machineArn, whose executions take a minute.
func world() *fakeaws.Canned {
	return fakeaws.NewCanned(time.UnixMilli(1750000000123).UTC(), map[string]fakeaws.Machine{machineArn: {After: time.Minute}})
}

func serve(t *testing.T, b backend.Backend, o fakeaws.Options) *fakeaws.Server {
	t.Helper()
	s, err := fakeaws.Start(b, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// refusingAddress is a host:port that refuses every connection.
func refusingAddress(t *testing.T) string {
	t.Helper()
	r, err := fakeaws.Refuse()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r.Address
}

// account is a Config with the keys that the server knows, and retries that do not wait.
func account(s *fakeaws.Server) Config {
	return Config{
		Region: fakeaws.Region, EndpointURL: s.URL,
		AccessKeyID: secret.New(fakeaws.AccessKeyID), SecretAccessKey: fakeaws.SecretAccessKey,
		Retry: Retry{MaxAttempts: 3, BaseDelay: time.Microsecond},
	}
}

func open(t *testing.T, c Config) *Backend {
	t.Helper()
	b, err := Open(context.Background(), c)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(b.Close)
	return b
}

func ptr[T any](v T) *T { return &v }

func wantCode(t *testing.T, err error, want backend.Code) *backend.Error {
	t.Helper()
	var e *backend.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %T %v, want a *backend.Error with code %s", err, err, want)
	}
	if e.Code != want {
		t.Fatalf("got code %s, want %s; the error is %q (%+v)", e.Code, want, e, e.Err)
	}
	if e.Message == "" {
		t.Errorf("the error of code %s has no message", e.Code)
	}
	return e
}

func TestBackend(t *testing.T) {
	backendtest.Run(t, func(t *testing.T) backendtest.Fixture {
		isolate(t)
		arn := func(name string) string {
			return "arn:aws:states:" + fakeaws.Region + ":" + fakeaws.Account + ":stateMachine:" + name
		}
		machines := map[string]fakeaws.Machine{}
		for _, m := range backendtest.Machines() {
			machines[arn(m.Name)] = map[string]fakeaws.Machine{
				backendtest.Succeeds: {Definition: m.Definition},
				backendtest.Fails:    {Definition: m.Definition, Status: backend.Failed, Error: backendtest.FailError, Cause: backendtest.FailCause},
				backendtest.Waits:    {Definition: m.Definition, After: backendtest.WaitFor},
				backendtest.TimesOut: {Definition: m.Definition, Status: backend.TimedOut, After: backendtest.TimeoutAfter},
				backendtest.Express:  {Definition: m.Definition, Type: backend.Express},
			}[m.Name]
		}
		canned := fakeaws.NewCanned(time.UnixMilli(1750000000123).UTC(), machines)
		return backendtest.Fixture{Backend: open(t, account(serve(t, canned, fakeaws.Options{}))), Arn: arn, Advance: canned.Advance}
	})
}

// A trace tells each request, with what of its answer is safe to show.
func TestTrace(t *testing.T) {
	isolate(t)
	s := serve(t, world(), fakeaws.Options{})
	var told []Exchange
	c := account(s)
	c.Trace = func(e Exchange) { told = append(told, e) }
	b := open(t, c)
	s.Script("GetCallerIdentity", fakeaws.Fault{Reset: fakeaws.BeforeHandling}, fakeaws.Fault{Code: "Throttling", Header: http.Header{"Retry-After": {"0"}, "Set-Cookie": {"session=1"}}})
	if _, err := b.Authenticate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(told) != 3 {
		t.Fatalf("told of %d exchanges: %+v", len(told), told)
	}
	for i, want := range []int{0, 400, 200} {
		e := told[i]
		if e.Service != "STS" || e.Operation != "GetCallerIdentity" || e.Method != http.MethodPost || e.URL != s.URL+"/" || e.Status != want || (e.Err != nil) != (want != 200) {
			t.Errorf("exchange %d is %+v, want status %d", i, e, want)
		}
	}
	if h := told[1].Headers; h.Get("Retry-After") != "0" || h.Get("Set-Cookie") != "" {
		t.Errorf("headers %v", h)
	}
}
