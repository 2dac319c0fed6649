package tasks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/tasks"
)

// TestMain makes a command of the test binary: it runs one if its environment says so.
func TestMain(m *testing.M) {
	if os.Getenv("TASKS_COMMAND") == "" {
		os.Exit(m.Run())
	}
	switch args := os.Args[1:]; args[0] {
	case "echo": // standard input, and what it is on standard error
		n, _ := io.Copy(os.Stdout, os.Stdin)
		fmt.Fprintf(os.Stderr, "%d bytes\n", n)
	case "say": // STDOUT STDERR STATUS
		fmt.Print(args[1])
		fmt.Fprint(os.Stderr, args[2])
		status, _ := strconv.Atoi(args[3])
		os.Exit(status)
	case "environment":
		env := os.Environ()
		slices.Sort(env)
		_ = json.NewEncoder(os.Stdout).Encode(env)
	case "flood": // BYTES
		n, _ := strconv.Atoi(args[1])
		_, _ = os.Stdout.WriteString(`"` + strings.Repeat("x", n-2) + `"`)
	case "hang":
		r, _, _ := os.Pipe()
		_, _ = io.Copy(io.Discard, r)
	}
}

// run is a Task that runs the test binary.
func run(t *testing.T, pattern, args string, o tasks.TaskOptions) *tasks.Task {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o.Env = append(o.Env, "TASKS_COMMAND=1", "GOCOVERDIR="+t.TempDir(), "GORACE=atexit_sleep_ms=0")
	task, err := tasks.ParseTask(pattern+"=exec:'"+exe+"' "+args, o)
	if err != nil {
		t.Fatal(err)
	}
	return task
}

// taskState is a machine of one Task state, with its error as its output if it has one.
func taskState(resource, rest string) string {
	return `{"StartAt": "Charge", "States": {"Charge": {"Type": "Task", "Resource": "` + resource + `", ` + rest + `
		"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}], "End": true}, "Caught": {"Type": "Pass", "End": true}}}`
}

const sendMessage = "arn:aws:states:::sqs:sendMessage"

// decorated is the response of the Invoke API for a payload.
func decorated(version, logs, payload, id, trace string) string {
	n := strconv.Itoa(len(payload))
	return `{"ExecutedVersion":"` + version + `",` + logs + `"Payload":` + payload + `,"SdkHttpMetadata":{"AllHttpHeaders":{"Connection":["keep-alive"],"Content-Length":["` + n +
		`"],"Content-Type":["application/json"],"Date":["Fri, 02 Jan 2026 03:04:05 GMT"],"X-Amz-Executed-Version":["` + version + `"],"x-amzn-Remapped-Content-Length":["0"],"x-amzn-RequestId":["` + id +
		`"],"X-Amzn-Trace-Id":["` + trace + `"]},"HttpHeaders":{"Connection":"keep-alive","Content-Length":"` + n +
		`","Content-Type":"application/json","Date":"Fri, 02 Jan 2026 03:04:05 GMT","X-Amz-Executed-Version":"` + version + `","x-amzn-Remapped-Content-Length":"0","x-amzn-RequestId":"` + id +
		`","X-Amzn-Trace-Id":"` + trace + `"},"HttpStatusCode":200},"SdkResponseMetadata":{"RequestId":"` + id + `"},"StatusCode":200}`
}

// undecorated cuts the metadata out of a response of the Invoke API.
func undecorated(text string) string {
	head, rest, ok := strings.Cut(text, `"SdkHttpMetadata":`)
	_, end, _ := strings.Cut(rest, `},"StatusCode"`)
	if !ok {
		return text
	}
	return head + `"StatusCode"` + end
}

func TestCommands(t *testing.T) {
	const invokeCharge = `"Parameters": {"FunctionName": "charge", "Payload.$": "$.payload"},`
	for _, c := range []struct {
		name       string
		definition string
		args       string
		input      string
		want       string
	}{
		{"a function gets its input and gives its output", taskState(function, ``), `echo`, `{"n": 12345678901234567890, "f": 1.0, "s": "é"}`, `{"n":12345678901234567890,"f":1.0,"s":"é"}`},
		{"a function gets its effective input", taskState(function, `"Parameters": {"x.$": "$.a[0]"},`), `echo`, `{"a": [1]}`, `{"x":1}`},
		{"a text is JSON on its way in", taskState(function, `"InputPath": "$.s",`), `echo`, `{"s": "hi"}`, `"hi"`},
		{"no output is null", taskState(function, ``), "say ' \n' log 0", `{}`, `null`},
		{"lambda:invoke sends the payload and wraps the result", taskState(invoke, invokeCharge), `echo`, `{"payload": {"a": 1.50}}`, `{"ExecutedVersion":"$LATEST","Payload":{"a":1.50},"StatusCode":200}`},
		{"lambda:invoke sends a text as it is", taskState(invoke, invokeCharge), `echo`, `{"payload": "{\"b\": 0.0}"}`, `{"ExecutedVersion":"$LATEST","Payload":{"b":0.0},"StatusCode":200}`},
		{"lambda:invoke sends {} for null", taskState(invoke, invokeCharge), `echo`, `{"payload": null}`, `{"ExecutedVersion":"$LATEST","Payload":{},"StatusCode":200}`},
		{"lambda:invoke sends {} for nothing", taskState(invoke, `"Parameters": {"FunctionName": "charge"},`), `echo`, `{}`, `{"ExecutedVersion":"$LATEST","Payload":{},"StatusCode":200}`},
		{"the qualifier is the version", taskState(invoke, `"Parameters": {"FunctionName": "charge:3", "LogType": "Tail"},`), `echo`, `{}`, `{"ExecutedVersion":"3","LogResult":"MiBieXRlcwo=","Payload":{},"StatusCode":200}`},
		{"another integration gets its parameters and gives the response", taskState(sendMessage, `"Parameters": {"QueueUrl": "q", "MessageBody.$": "$.m"},`), `echo`, `{"m": [1]}`, `{"QueueUrl":"q","MessageBody":[1]}`},

		{"an error of a function keeps the bytes of its payload", taskState(function, ``), `say '{"errorMessage": "no",  "errorType": "Card.Declined"}
' '' 1`, `{}`, `{"Error":"Card.Declined","Cause":"{\"errorMessage\": \"no\",  \"errorType\": \"Card.Declined\"}"}`},
		{"an error of lambda:invoke is written anew", taskState(invoke, invokeCharge), `say '{"errorMessage": "no",  "errorType": "Card.Declined", "n": 1.0}' '' 1`, `{"payload": 1}`, `{"Error":"Card.Declined","Cause":"{\"errorMessage\":\"no\",\"errorType\":\"Card.Declined\",\"n\":1.0}"}`},
		{"an error on standard error", taskState(function, ``), `say 'not JSON' 'line 1
{"errorType":"E","errorMessage":"m"}

' 7`, `{}`, `{"Error":"E","Cause":"{\"errorType\":\"E\",\"errorMessage\":\"m\"}"}`},
		{"an error without a type", taskState(function, ``), `say '{"errorMessage":"Task timed out after 3.00 seconds"}' '' 1`, `{}`, `{"Error":"Lambda.Unknown","Cause":"The cause could not be determined because Lambda did not return an error type. Returned payload: {\"errorMessage\":\"Task timed out after 3.00 seconds\"}"}`},
		{"an exit without a word", taskState(function, ``), `say '' '' 3`, `{}`, `{"Error":"Lambda.Unknown","Cause":"The cause could not be determined because Lambda did not return an error type. Returned payload: {\"errorMessage\":\"exit status 3\"}"}`},
		{"an exit with a traceback", taskState(invoke, invokeCharge), `say '{"partial": true}' 'Traceback:
ValueError: "x"
' 1`, `{"payload": 1}`, `{"Error":"Lambda.Unknown","Cause":"The cause could not be determined because Lambda did not return an error type. Returned payload: {\"errorMessage\":\"exit status 1: ValueError: \\\"x\\\"\"}"}`},
		{"an error of another integration", taskState(sendMessage, ``), `say '{"errorType": "SQS.AmazonSQSException", "errorMessage": "no such queue"}' '' 1`, `{}`, `{"Error":"SQS.AmazonSQSException","Cause":"no such queue"}`},
		{"an exit of another integration", taskState(sendMessage, ``), `say '' 'boom' 1`, `{}`, `{"Error":"States.TaskFailed","Cause":"exit status 1: boom"}`},
		{"a function's response that is too large", taskState(function, ``), `flood 6291557`, `{}`, `{"Error":"Function.ResponseSizeTooLarge","Cause":"{\"errorMessage\":\"Response payload size exceeded maximum allowed payload size (6291556 bytes).\",\"errorType\":\"Function.ResponseSizeTooLarge\"}"}`},
		{"a result that only the service finds too large", taskState(function, ``), `flood 6291556`, `{}`, `{"Error":"States.DataLimitExceeded","Cause":"The state/task '` + function + `' returned a result with a size exceeding the maximum number of bytes service limit."}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			region, arn := start(t, c.definition, run(t, "*", c.args, tasks.TaskOptions{}))
			if got := undecorated(outcome(t, region, arn, "x", c.input)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestWhatACommandCannotAnswer(t *testing.T) {
	for _, c := range []struct {
		definition string
		args       string
		want       string
	}{
		{taskState(function, ``), `say 'Hello!' '' 0`, `not valid JSON at line 1, column 1: unexpected 'H', want a value (print the result, as JSON, to standard output and everything else to standard error)`},
		{taskState(sendMessage, ``), `flood 7000000`, `the result is larger than 6291556 bytes`},
		{taskState(invoke, `"Parameters": {"FunctionName": "charge", "InvocationType": "Event"},`), `echo`, `task "*": the InvocationType "Event" is not simulated: answer the state by --mock`},
		{taskState(invoke, `"Parameters": {"Payload": 1},`), `echo`, `the parameters of arn:aws:states:::lambda:invoke have no FunctionName`},
	} {
		region, arn := start(t, c.definition, run(t, "*", c.args, tasks.TaskOptions{}))
		if got := outcome(t, region, arn, "x", `{}`); !strings.Contains(got, c.want) {
			t.Errorf("got %s\nwant %s", got, c.want)
		}
	}
}

func TestAPayloadThatIsNoJSON(t *testing.T) {
	region, arn := start(t, taskState(invoke, `"Parameters": {"FunctionName": "charge", "Payload": "hi"},`), run(t, "*", `echo`, tasks.TaskOptions{}))
	got := outcome(t, region, arn, "x", `{}`)
	if !strings.HasPrefix(got, `{"Error":"Lambda.InvalidRequestContentException","Cause":"Could not parse request body into json: `) || !strings.Contains(got, `(Service: AWSLambda; Status Code: 400; Error Code: InvalidRequestContentException; Request ID: `) {
		t.Errorf("got %s", got)
	}
}

func TestTheWholeResponseOfInvoke(t *testing.T) {
	answer := func() string {
		region := sim.New(sim.Config{Tasks: run(t, "Charge", `echo`, tasks.TaskOptions{}), Start: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)})
		definition := taskState(invoke, `"Parameters": {"FunctionName": "charge", "Payload": [1]},`)
		arn, err := region.CreateStateMachine(sim.StateMachine{Name: "m", Definition: definition, Machine: parse(t, definition)})
		if err != nil {
			t.Fatal(err)
		}
		return outcome(t, region, arn, "x", `{}`)
	}
	got := answer()
	var response struct{ SdkResponseMetadata struct{ RequestId string } }
	if err := json.Unmarshal([]byte(got), &response); err != nil {
		t.Fatal(err)
	}
	_, trace, _ := strings.Cut(got, `"X-Amzn-Trace-Id":["`)
	trace, _, _ = strings.Cut(trace, `"`)
	if want := decorated("$LATEST", "", "[1]", response.SdkResponseMetadata.RequestId, trace); got != want || len(response.SdkResponseMetadata.RequestId) != 36 || !strings.HasPrefix(trace, "root=1-") {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if again := answer(); again != got {
		t.Errorf("the same call is answered by\n%s\nand\n%s", got, again)
	}
}

func TestACommandGetsNoCredentials(t *testing.T) {
	task := run(t, "*", `environment`, tasks.TaskOptions{Env: []string{
		"KEPT=1", "AWS_REGION=eu-west-1", "AWS_PROFILE=dev", "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=s", "AWS_SESSION_TOKEN=t", "aws_security_token=t",
		"AWS_CONTAINER_CREDENTIALS_FULL_URI=u", "AWS_WEB_IDENTITY_TOKEN_FILE=f", "SFNX_PROXY_PASSWORD=p", "SFNX_CREDENTIALS_PASSWORD=p", "EMPTY=",
	}})
	region, arn := start(t, taskState(function, ``), task)
	got := outcome(t, region, arn, "x", `{}`)
	var env []string
	if err := json.Unmarshal([]byte(got), &env); err != nil {
		t.Fatal(err)
	}
	env = slices.DeleteFunc(env, func(e string) bool { return strings.HasPrefix(e, "GO") })
	if want := []string{"AWS_PROFILE=dev", "AWS_REGION=eu-west-1", "EMPTY=", "KEPT=1", "TASKS_COMMAND=1"}; !slices.Equal(env, want) {
		t.Errorf("got %q, want %q", env, want)
	}
}

func TestTheLogOfACommandIsPassedOn(t *testing.T) {
	var log bytes.Buffer
	region, arn := start(t, taskState(function, ``), run(t, "*", `say 1 "one
two" 0`, tasks.TaskOptions{Log: &log}))
	if got := outcome(t, region, arn, "x", `{}`); got != "1" || log.String() != "one\ntwo" {
		t.Errorf("got %s, log %q", got, log.String())
	}
}

func TestACommandIsKilledWhenTheTimeoutHasPassed(t *testing.T) {
	c := call(t, "Charge", function, `{}`)
	c.Timeout = 100 * time.Millisecond
	if got, err := run(t, "*", `hang`, tasks.TaskOptions{}).Answer(c); err != nil || got != sim.Never() {
		t.Errorf("got %+v, %v", got, err)
	}
}

// ticks is a clock that is later by one of the steps at each look, again and again.
func ticks(steps ...time.Duration) func() time.Time {
	now, n := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), 0
	return func() time.Time {
		now = now.Add(steps[n%len(steps)])
		n++
		return now
	}
}

func TestTheAnswerComesAsLateAsItTook(t *testing.T) {
	for took, want := range map[time.Duration]time.Duration{0: 0, 1: time.Millisecond, time.Millisecond: time.Millisecond, 1500*time.Millisecond + 1: 1501 * time.Millisecond} {
		for _, args := range []string{`echo`, `say '' '' 1`} {
			task := run(t, "*", args, tasks.TaskOptions{})
			task.SetNow(ticks(0, took))
			region, arn := start(t, taskState(function, ``), task)
			before := region.Now()
			outcome(t, region, arn, "x", `{}`)
			if got := region.Now().Sub(before); got != want {
				t.Errorf("%s: a call of %v takes %v of virtual time, want %v", args, took, got, want)
			}
		}
	}
}
