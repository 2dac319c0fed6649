package history

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func ptr[T any](v T) *T { return &v }

// at is 2025-03-15T00:53:20.123Z, whose wire form is 1742000000.123.
var at = time.UnixMilli(1742000000123).UTC()

// wire has each type of the API with every member that it can carry, as GetExecutionHistory writes it.
var wire = []struct {
	typ     Type
	details Details
	text    string // the details member with its name; empty where AWS sends none
}{
	{ExecutionStarted, &ExecutionStartedDetails{
		Input: Literal(`{"a": 1.0}`), RoleArn: "arn:aws:iam::123456789012:role/r",
		StateMachineAliasArn: "alias", StateMachineVersionArn: "version",
	}, `"executionStartedEventDetails":{"input":"{\"a\": 1.0}","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::123456789012:role/r","stateMachineAliasArn":"alias","stateMachineVersionArn":"version"}`},
	{ExecutionSucceeded, &Succeeded{Output: Literal(`[1]`)}, `"executionSucceededEventDetails":{"output":"[1]","outputDetails":{"truncated":false}}`},
	{ExecutionFailed, &Failure{}, `"executionFailedEventDetails":{}`},
	{ExecutionTimedOut, &Failure{Error: ptr("States.Timeout")}, `"executionTimedOutEventDetails":{"error":"States.Timeout"}`},
	{ExecutionAborted, &Failure{Error: ptr("E"), Cause: ptr("")}, `"executionAbortedEventDetails":{"error":"E","cause":""}`},
	{ExecutionRedriven, &Redriven{RedriveCount: 2}, `"executionRedrivenEventDetails":{"redriveCount":2}`},

	{PassStateEntered, &StateEntered{Name: "P", Input: Literal(`{}`)}, `"stateEnteredEventDetails":{"name":"P","input":"{}","inputDetails":{"truncated":false}}`},
	{PassStateExited, &StateExited{Name: "P", Output: Literal(`"<&>"`), AssignedVariables: []Variable{{"z", Literal("1")}, {"a", Literal(`"x"`)}}},
		`"stateExitedEventDetails":{"name":"P","output":"\"<&>\"","outputDetails":{"truncated":false},"assignedVariables":{"z":"1","a":"\"x\""},"assignedVariablesDetails":{"truncated":false}}`},
	{TaskStateEntered, &StateEntered{Name: "T"}, `"stateEnteredEventDetails":{"name":"T"}`},
	{TaskStateExited, &StateExited{Name: "T"}, `"stateExitedEventDetails":{"name":"T"}`},
	{TaskStateAborted, nil, ""},
	{ChoiceStateEntered, &StateEntered{Name: "C"}, `"stateEnteredEventDetails":{"name":"C"}`},
	{ChoiceStateExited, &StateExited{Name: "C"}, `"stateExitedEventDetails":{"name":"C"}`},
	{WaitStateEntered, &StateEntered{Name: "W"}, `"stateEnteredEventDetails":{"name":"W"}`},
	{WaitStateExited, &StateExited{Name: "W"}, `"stateExitedEventDetails":{"name":"W"}`},
	{WaitStateAborted, nil, ""},
	{SucceedStateEntered, &StateEntered{Name: "S"}, `"stateEnteredEventDetails":{"name":"S"}`},
	{SucceedStateExited, &StateExited{Name: "S"}, `"stateExitedEventDetails":{"name":"S"}`},
	{FailStateEntered, &StateEntered{Name: "F"}, `"stateEnteredEventDetails":{"name":"F"}`},
	{ParallelStateEntered, &StateEntered{Name: "B"}, `"stateEnteredEventDetails":{"name":"B"}`},
	{ParallelStateExited, &StateExited{Name: "B"}, `"stateExitedEventDetails":{"name":"B"}`},
	{MapStateEntered, &StateEntered{Name: "M"}, `"stateEnteredEventDetails":{"name":"M"}`},
	{MapStateExited, &StateExited{Name: "M"}, `"stateExitedEventDetails":{"name":"M"}`},

	{ParallelStateStarted, nil, ""},
	{ParallelStateSucceeded, nil, ""},
	{ParallelStateFailed, nil, ""},
	{ParallelStateAborted, nil, ""},
	{MapStateStarted, &MapStateStartedDetails{Length: 0}, `"mapStateStartedEventDetails":{"length":0}`},
	{MapStateSucceeded, nil, ""},
	{MapStateFailed, nil, ""},
	{MapStateAborted, nil, ""},
	{MapIterationStarted, &MapIteration{Name: "M"}, `"mapIterationStartedEventDetails":{"name":"M","index":0}`},
	{MapIterationSucceeded, &MapIteration{Name: "M", Index: 1}, `"mapIterationSucceededEventDetails":{"name":"M","index":1}`},
	{MapIterationFailed, &MapIteration{Name: "M", Index: 2}, `"mapIterationFailedEventDetails":{"name":"M","index":2}`},
	{MapIterationAborted, &MapIteration{Name: "M", Index: 3}, `"mapIterationAbortedEventDetails":{"name":"M","index":3}`},
	{MapRunStarted, &MapRun{MapRunArn: "arn"}, `"mapRunStartedEventDetails":{"mapRunArn":"arn"}`},
	{MapRunSucceeded, nil, ""},
	{MapRunFailed, &Failure{Error: ptr("E"), Cause: ptr("C")}, `"mapRunFailedEventDetails":{"error":"E","cause":"C"}`},
	{MapRunAborted, nil, ""},
	{MapRunRedriven, &MapRun{MapRunArn: "arn", RedriveCount: ptr(0)}, `"mapRunRedrivenEventDetails":{"mapRunArn":"arn","redriveCount":0}`},

	{TaskScheduled, &TaskScheduledDetails{
		ResourceType: "lambda", Resource: "invoke", Region: "eu-west-1", Parameters: Literal(`{}`),
		TimeoutInSeconds: ptr(int64(60)), HeartbeatInSeconds: ptr(int64(5)), CredentialsRoleArn: "role",
	}, `"taskScheduledEventDetails":{"resourceType":"lambda","resource":"invoke","region":"eu-west-1","parameters":"{}","timeoutInSeconds":60,"heartbeatInSeconds":5,"taskCredentials":{"roleArn":"role"}}`},
	{TaskStarted, &TaskStartedDetails{ResourceType: "lambda", Resource: "invoke"}, `"taskStartedEventDetails":{"resourceType":"lambda","resource":"invoke"}`},
	{TaskStartFailed, &TaskFailure{ResourceType: "lambda", Resource: "invoke"}, `"taskStartFailedEventDetails":{"resourceType":"lambda","resource":"invoke"}`},
	{TaskSubmitted, &TaskOutput{ResourceType: "sqs", Resource: "sendMessage", Output: Literal(`{}`)}, `"taskSubmittedEventDetails":{"resourceType":"sqs","resource":"sendMessage","output":"{}","outputDetails":{"truncated":false}}`},
	{TaskSubmitFailed, &TaskFailure{ResourceType: "sqs", Resource: "sendMessage", Error: ptr("E")}, `"taskSubmitFailedEventDetails":{"resourceType":"sqs","resource":"sendMessage","error":"E"}`},
	{TaskSucceeded, &TaskOutput{ResourceType: "sqs", Resource: "sendMessage", Output: Literal(`1`)}, `"taskSucceededEventDetails":{"resourceType":"sqs","resource":"sendMessage","output":"1","outputDetails":{"truncated":false}}`},
	{TaskFailed, &TaskFailure{ResourceType: "sqs", Resource: "sendMessage", Error: ptr("E"), Cause: ptr("C")}, `"taskFailedEventDetails":{"resourceType":"sqs","resource":"sendMessage","error":"E","cause":"C"}`},
	{TaskTimedOut, &TaskFailure{ResourceType: "sqs", Resource: "sendMessage", Error: ptr("States.Timeout")}, `"taskTimedOutEventDetails":{"resourceType":"sqs","resource":"sendMessage","error":"States.Timeout"}`},

	{LambdaFunctionScheduled, &LambdaFunctionScheduledDetails{Resource: "fn", Input: Literal(`{}`), TimeoutInSeconds: ptr(int64(1)), CredentialsRoleArn: "role"},
		`"lambdaFunctionScheduledEventDetails":{"resource":"fn","input":"{}","inputDetails":{"truncated":false},"timeoutInSeconds":1,"taskCredentials":{"roleArn":"role"}}`},
	{LambdaFunctionScheduleFailed, &Failure{Error: ptr("E")}, `"lambdaFunctionScheduleFailedEventDetails":{"error":"E"}`},
	{LambdaFunctionStarted, nil, ""},
	{LambdaFunctionStartFailed, &Failure{Error: ptr("E")}, `"lambdaFunctionStartFailedEventDetails":{"error":"E"}`},
	{LambdaFunctionSucceeded, &Succeeded{Output: Literal(`null`)}, `"lambdaFunctionSucceededEventDetails":{"output":"null","outputDetails":{"truncated":false}}`},
	{LambdaFunctionFailed, &Failure{Error: ptr("E")}, `"lambdaFunctionFailedEventDetails":{"error":"E"}`},
	{LambdaFunctionTimedOut, &Failure{Error: ptr("E")}, `"lambdaFunctionTimedOutEventDetails":{"error":"E"}`},

	{ActivityScheduled, &ActivityScheduledDetails{Resource: "act", Input: Literal(`{}`), TimeoutInSeconds: ptr(int64(9)), HeartbeatInSeconds: ptr(int64(3))},
		`"activityScheduledEventDetails":{"resource":"act","input":"{}","inputDetails":{"truncated":false},"timeoutInSeconds":9,"heartbeatInSeconds":3}`},
	{ActivityScheduleFailed, &Failure{Error: ptr("E")}, `"activityScheduleFailedEventDetails":{"error":"E"}`},
	{ActivityStarted, &ActivityStartedDetails{}, `"activityStartedEventDetails":{}`},
	{ActivitySucceeded, &Succeeded{Output: Literal(`{}`)}, `"activitySucceededEventDetails":{"output":"{}","outputDetails":{"truncated":false}}`},
	{ActivityFailed, &Failure{Error: ptr("E")}, `"activityFailedEventDetails":{"error":"E"}`},
	{ActivityTimedOut, &Failure{Error: ptr("E")}, `"activityTimedOutEventDetails":{"error":"E"}`},

	{EvaluationFailed, &EvaluationFailedDetails{State: "S", Error: "States.QueryEvaluationError", Cause: "C", Location: "Output/x"},
		`"evaluationFailedEventDetails":{"state":"S","error":"States.QueryEvaluationError","cause":"C","location":"Output/x"}`},
}

func TestEveryTypeRoundTrips(t *testing.T) {
	seen := map[Type]bool{}
	for _, c := range wire {
		seen[c.typ] = true
		want := `{"timestamp":1742000000.123,"type":"` + string(c.typ) + `","id":7,"previousEventId":6`
		if c.text != "" {
			want += "," + c.text
		}
		want += "}"
		e := Event{Timestamp: at, Type: c.typ, ID: 7, PreviousEventID: 6, Details: c.details}
		got, err := e.MarshalJSON()
		if err != nil {
			t.Errorf("%s: %v", c.typ, err)
			continue
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.typ, diff)
		}
		var back Event
		if err := json.Unmarshal(got, &back); err != nil {
			t.Errorf("%s: %v", c.typ, err)
		}
		if diff := cmp.Diff(e, back, cmp.AllowUnexported(Text{})); diff != "" {
			t.Errorf("%s read back (-want +got):\n%s", c.typ, diff)
		}
	}
	if len(kinds) != 62 {
		t.Errorf("there are %d types, the API model has 62", len(kinds))
	}
	for typ := range kinds {
		if !seen[typ] {
			t.Errorf("no case for %s", typ)
		}
	}
}

// number is a value that renders itself, like the engine's.
type number struct{ reads *int }

func (n number) AppendJSON(dst []byte) []byte {
	*n.reads++
	return append(dst, `{"big":12345678901234567890,"s":"a\"b"}`...)
}

func TestLazyTextIsRenderedWhenWritten(t *testing.T) {
	reads := 0
	e := Event{Timestamp: at, Type: PassStateEntered, ID: 2, Details: &StateEntered{Name: "P", Input: Lazy(number{&reads})}}
	if reads != 0 {
		t.Fatalf("the text was rendered %d times before it was written", reads)
	}
	got, err := e.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if want := `"input":"{\"big\":12345678901234567890,\"s\":\"a\\\"b\"}"`; !strings.Contains(string(got), want) {
		t.Errorf("got %s, want %s in it", got, want)
	}
}

func TestTextsPassByteForByte(t *testing.T) {
	for _, text := range []string{
		`{"a":1,"a":2}`, `[1.0, 12345678901234567890 , -0]`, `"\ud83d\ude00 \u003c \/"`, "\"\u2028\u2029<&>é\"", " \t\r\n{}", `"` + "\x01\x7f" + `"`, `"😀"`,
	} {
		e := Event{Timestamp: at, Type: ExecutionSucceeded, ID: 1, Details: &Succeeded{Output: Literal(text)}}
		data, err := e.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(data) {
			t.Errorf("%q gives %s, which is not JSON", text, data)
		}
		var back Event
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		if got := back.Details.(*Succeeded).Output.String(); got != text {
			t.Errorf("%q came back as %q", text, got)
		}
	}
}

func TestTimestamps(t *testing.T) {
	for _, c := range []struct {
		text string
		want time.Time
		back string
	}{
		{"1742000000.123", at, "1742000000.123"},
		{"1.742000000123E9", at, "1742000000.123"},
		{"1742000000", at.Add(-123 * time.Millisecond), "1742000000.000"},
		{"0.007", time.UnixMilli(7).UTC(), "0.007"},
		{"-1.5", time.UnixMilli(-1500).UTC(), "-1.500"},
	} {
		var e Event
		if err := json.Unmarshal([]byte(`{"timestamp":`+c.text+`,"type":"MapRunAborted","id":1,"previousEventId":0}`), &e); err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if !e.Timestamp.Equal(c.want) {
			t.Errorf("%s is %s, want %s", c.text, e.Timestamp, c.want)
		}
		if got, _ := e.MarshalJSON(); !strings.Contains(string(got), `"timestamp":`+c.back+`,`) {
			t.Errorf("%s is written as %s, want %s", c.text, got, c.back)
		}
	}
}

func TestUnknownTypeIsKeptWithoutDetails(t *testing.T) {
	var e Event
	err := json.Unmarshal([]byte(`{"timestamp":1,"type":"TaskPaused","id":3,"previousEventId":2,"taskPausedEventDetails":{"x":1}}`), &e)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Event{Timestamp: time.Unix(1, 0).UTC(), Type: "TaskPaused", ID: 3, PreviousEventID: 2}); e != want {
		t.Errorf("got %+v, want %+v", e, want)
	}
	if got, err := e.MarshalJSON(); err != nil || string(got) != `{"timestamp":1.000,"type":"TaskPaused","id":3,"previousEventId":2}` {
		t.Errorf("written as %s, %v", got, err)
	}
}

func TestRefusals(t *testing.T) {
	for name, text := range map[string]string{
		"no object":               `[]`,
		"no type":                 `{"timestamp":1,"id":1}`,
		"timestamp as text":       `{"timestamp":"now","type":"MapRunAborted","id":1}`,
		"timestamp out of range":  `{"timestamp":1e300,"type":"MapRunAborted","id":1}`,
		"id with a fraction":      `{"timestamp":1,"type":"MapRunAborted","id":1.5}`,
		"another type's details":  `{"timestamp":1,"type":"TaskFailed","id":1,"taskSucceededEventDetails":{}}`,
		"details where none are":  `{"timestamp":1,"type":"MapRunAborted","id":1,"mapRunFailedEventDetails":{}}`,
		"input that is no string": `{"timestamp":1,"type":"PassStateEntered","id":1,"stateEnteredEventDetails":{"name":"P","input":{}}}`,
		"details that are a list": `{"timestamp":1,"type":"PassStateEntered","id":1,"stateEnteredEventDetails":[]}`,
	} {
		var e Event
		if err := json.Unmarshal([]byte(text), &e); err == nil {
			t.Errorf("%s: %s was accepted as %+v", name, text, e)
		}
	}
	wrong := Event{Type: TaskFailed, ID: 4, Details: &Succeeded{}}
	if _, err := wrong.MarshalJSON(); err == nil {
		t.Error("TaskFailed was written with the details of a success")
	}
}

func FuzzEvent(f *testing.F) {
	for _, c := range wire {
		data, err := Event{Timestamp: at, Type: c.typ, ID: 1, Details: c.details}.MarshalJSON()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var e, again Event
		if json.Unmarshal(data, &e) != nil {
			return
		}
		text, err := e.MarshalJSON()
		if err != nil {
			t.Fatalf("%s was read but cannot be written: %v", data, err)
		}
		if err := json.Unmarshal(text, &again); err != nil {
			t.Fatalf("%s was written but cannot be read: %v", text, err)
		}
		if diff := cmp.Diff(e, again, cmp.AllowUnexported(Text{})); diff != "" {
			t.Fatalf("reading %s again (-first +second):\n%s", text, diff)
		}
	})
}

func BenchmarkMarshalEvent(b *testing.B) {
	e := Event{Timestamp: at, Type: PassStateExited, ID: 12, PreviousEventID: 11,
		Details: &StateExited{Name: "Normalise", Output: Literal(`{"order":{"id":"o-1","lines":[{"sku":"a","qty":2}]}}`)}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.MarshalJSON(); err != nil {
			b.Fatal(err)
		}
	}
}
