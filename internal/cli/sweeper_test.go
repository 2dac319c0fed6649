package cli

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// In real time, where a moment passes between any two looks at the clock, a signal is no limit of the wait.
func TestASignalEndsTheWaitForSeveralInRealTime(t *testing.T) {
	const machine = "arn:aws:states:eu-west-1:123456789012:stateMachine:order"
	for _, choice := range []string{"leave", "stop"} {
		world := fakeaws.NewCanned(time.Now(), map[string]fakeaws.Machine{machine: {Status: backend.Succeeded, After: time.Hour}})
		s, err := fakeaws.Start(world, fakeaws.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		args := []string{"wait", "--endpoint-url", s.URL, "--on-interrupt", choice}
		for i := range 5 {
			out, err := world.StartExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: machine, Name: fmt.Sprintf("n-%d", i)})
			if err != nil {
				t.Fatal(err)
			}
			args = append(args, out.ExecutionArn)
		}
		signals := make(chan os.Signal, 1)
		s.Script("ListExecutions", fakeaws.Fault{Hang: true, Met: func() { signals <- syscall.SIGTERM }})
		variables := map[string]string{"SFNX_CREDENTIALS_USER": fakeaws.AccessKeyID, "SFNX_CREDENTIALS_PASSWORD": fakeaws.SecretAccessKey.Reveal()}
		var out, errs bytes.Buffer
		code := Main(args, Streams{Out: &out, Err: &errs}, Environment{Signals: signals,
			LookupEnv: func(name string) (string, bool) { v, ok := variables[name]; return v, ok }})
		want := map[string]string{"leave": `"running"`, "stop": `"stopped"`}[choice]
		if n := strings.Count(out.String(), `"execution_left": `+want); code != 143 || choice == "stop" && n != 5 {
			t.Errorf("%s: exit code %d, %d executions are %s, want 143 and 5\n%s%s", choice, code, n, want, out.String(), errs.String())
		}
	}
}
