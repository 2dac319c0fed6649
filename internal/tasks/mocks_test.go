package tasks_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/tasks"
)

const config = `{
	"StateMachines": {"order": {"TestCases": {
		"Busy": {"Charge": "BusyThenCharged", "Ship": "Shipped"},
		"Forgotten": {"Ship": "Shipped"},
		"Empty": {"Charge": "Nothing"}
	}}},
	"MockedResponses": {
		"BusyThenCharged": {
			"0": {"Throw": {"Error": "Busy", "Cause": "slow down"}},
			"1-2": {"Throw": {"Error": "Busy", "Cause": "slower"}},
			"3": {"Return": {"n": 12345678901234567890, "f": 1.0, "z": null, "a": "\u00e9\ud83d\ude00"}}
		},
		"Shipped": {"0": {"Return": "shipped"}},
		"Nothing": {}
	}
}`

// charge retries up to five times, then goes on with the error.
const charge = `{"StartAt": "Charge", "States": {"Charge": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
	"Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 5}], "End": true}}}`

// twice charges two items, one after the other.
const twice = `{"StartAt": "Each", "States": {"Each": {"Type": "Map", "MaxConcurrency": 1, "End": true, "ItemProcessor": {
	"StartAt": "Charge", "States": {"Charge": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge", "End": true}}}}}}`

func parse(t *testing.T, definition string) *asl.Machine {
	t.Helper()
	m, found := asl.Parse([]byte(definition), asl.Options{})
	if found.HasErrors() {
		t.Fatal(found)
	}
	return m
}

// outcome runs a machine and says how it ends, in one line.
func outcome(t *testing.T, region *sim.Region, machineArn, name, input string) string {
	t.Helper()
	ctx := context.Background()
	started, err := region.StartExecution(ctx, backend.StartExecutionInput{StateMachineArn: machineArn, Name: name, Input: &input})
	if err != nil {
		t.Fatal(err)
	}
	for {
		x, err := region.DescribeExecution(ctx, started.ExecutionArn)
		switch {
		case err != nil:
			return err.Error()
		case x.Output != nil:
			return *x.Output
		case x.Error != nil && x.Cause != nil:
			return *x.Error + ": " + *x.Cause
		case x.Error != nil:
			return *x.Error
		}
		at, known, err := region.NextChange(ctx, started.ExecutionArn)
		if err != nil || !known {
			t.Fatalf("the execution neither ends nor goes on: %v", err)
		}
		region.Advance(at)
	}
}

func start(t *testing.T, definition string, mocks sim.Tasks) (*sim.Region, string) {
	t.Helper()
	region := sim.New(sim.Config{Tasks: mocks})
	arn, err := region.CreateStateMachine(sim.StateMachine{Name: "m", Definition: definition, Machine: parse(t, definition)})
	if err != nil {
		t.Fatal(err)
	}
	return region, arn
}

func testCase(t *testing.T, name string) *tasks.Mocks {
	t.Helper()
	c, err := tasks.ParseMockConfig([]byte(config))
	if err != nil {
		t.Fatal(err)
	}
	mocks, err := c.Case("order", name)
	if err != nil {
		t.Fatal(err)
	}
	return mocks
}

func flags(t *testing.T, texts ...string) []tasks.Mock {
	t.Helper()
	var out []tasks.Mock
	for _, text := range texts {
		m, err := tasks.ParseMock(text, func(string) ([]byte, error) { return []byte(" {\"from\": \"file\"}\n"), nil })
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

func TestAnswers(t *testing.T) {
	none := &tasks.Mocks{}
	for _, c := range []struct {
		name       string
		definition string
		mocks      *tasks.Mocks
		input      string
		want       string
	}{
		{"each attempt has its answer, and results keep their digits", charge, testCase(t, "Busy"), `{}`,
			`{"n":12345678901234567890,"f":1.0,"z":null,"a":"é😀"}`},
		{"a state without a mock", charge, testCase(t, "Forgotten"), `{}`,
			`Task state "Charge" (arn:aws:states:::lambda:invoke): no mock answers its invocation 0: add --mock 'Charge={"your":"result"}', or the state to the test case in the --mocks file`},
		{"a response without answers", charge, testCase(t, "Empty"), `{}`,
			`Task state "Charge" (arn:aws:states:::lambda:invoke): no mock answers its invocation 0: the mocked response "Nothing" is empty; add "0" to it in the --mocks file, or use --mock 'Charge={"your":"result"}'`},
		{"no mocks at all", twice, none, `[1]`,
			`Task state "Charge" (arn:aws:lambda:us-east-1:123456789012:function:charge): no mock answers its invocation 0: add --mock 'Charge={"your":"result"}', or the state to the test case in the --mocks file`},
		{"one flag answers every invocation", twice, none.With(flags(t, `Charge={"a": 1.50}`)...), `[1, 2, 3]`,
			`[{"a":1.50},{"a":1.50},{"a":1.50}]`},
		{"several flags answer in their order", twice, none.With(flags(t, `Charge=1`, `Other=0`, `Charge=@file`)...), `[1, 2, 3]`,
			`[1,{"from":"file"},{"from":"file"}]`},
		{"a flag for a failure", charge, none.With(flags(t, `Charge=!Card.Declined:do not honour: 51`)...), `{}`,
			`Card.Declined: do not honour: 51`},
		{"a flag for a failure without a cause", charge, none.With(flags(t, `Charge=!Card.Declined`)...), `{}`,
			`Card.Declined`},
		{"a flag for a failure with an empty cause", charge, none.With(flags(t, `Charge=!Card.Declined:`)...), `{}`,
			`Card.Declined: `},
		{"flags win over the file", charge, testCase(t, "Busy").With(flags(t, `Charge=!Busy:once`, `Charge="flag"`)...), `{}`,
			`"flag"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			region, arn := start(t, c.definition, c.mocks)
			if got := outcome(t, region, arn, "x", c.input); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestExhaustedAnswers(t *testing.T) {
	each := func(state, retry string) string {
		return `{"StartAt": "Each", "States": {"Each": {"Type": "Map", "MaxConcurrency": 1, "End": true, "ItemProcessor": {"StartAt": "` + state + `",
			"States": {"` + state + `": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", ` + retry + ` "End": true}}}}}}`
	}
	for definition, want := range map[string]string{
		each("Ship", ""): `invocation 1: the mocked response "Shipped" has invocation 0 only; add "1" to it in the --mocks file, or use --mock 'Ship={"your":"result"}'`,
		each("Charge", `"Retry": [{"ErrorEquals": ["Busy"]}],`): `invocation 4: the mocked response "BusyThenCharged" has invocations 0 to 3; add "4" to it in the --mocks file, or use --mock 'Charge={"your":"result"}'`,
	} {
		region, arn := start(t, definition, testCase(t, "Busy"))
		if got := outcome(t, region, arn, "x", `[1, 2]`); !strings.HasSuffix(got, want) {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestInvocationsAreCountedForEachExecution(t *testing.T) {
	region, arn := start(t, twice, (&tasks.Mocks{}).With(flags(t, `Charge=1`, `Charge=2`)...))
	for _, name := range []string{"first", "second"} {
		if got := outcome(t, region, arn, name, `[0, 0, 0]`); got != `[1,2,2]` {
			t.Errorf("%s execution: %s, want [1,2,2]", name, got)
		}
	}
}

func TestCheck(t *testing.T) {
	nested := `{"StartAt": "Split", "States": {
		"Split": {"Type": "Parallel", "Next": "Each", "Branches": [
			{"StartAt": "Charge", "States": {"Charge": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}}]},
		"Each": {"Type": "Map", "Next": "Done", "ItemProcessor": {"StartAt": "Ship", "States": {
			"Ship": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}}},
		"Done": {"Type": "Succeed"}}}`
	for _, c := range []struct {
		definition string
		flags      []string
		want       []string
	}{
		{nested, []string{`Charge=1`, `Ship=2`}, nil},
		{nested, []string{`charge=1`, `Done=2`, `Charge=3`}, []string{
			`mock for "charge": the definition has no state of that name, want one of "Charge", "Ship" (did you mean "Charge"?)`,
			`mock for "Done": the state is a Succeed, only Task states are mocked`,
		}},
		{`{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`, []string{`B=1`}, []string{`mock for "B": the definition has no Task state at all`}},
	} {
		var got []string
		for _, err := range (&tasks.Mocks{}).With(flags(t, c.flags...)...).Check(parse(t, c.definition)) {
			got = append(got, err.Error())
		}
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%q: got %q, want %q", c.flags, got, c.want)
		}
	}
}

func BenchmarkAnswer(b *testing.B) {
	c, err := tasks.ParseMockConfig([]byte(config))
	if err != nil {
		b.Fatal(err)
	}
	mocks, err := c.Case("order", "Busy")
	if err != nil {
		b.Fatal(err)
	}
	again, err := tasks.ParseMock(`Charge={"StatusCode":200}`, nil)
	if err != nil {
		b.Fatal(err)
	}
	mocks = mocks.With(again)
	call := sim.Call{ExecutionArn: "arn:aws:states:us-east-1:123456789012:execution:order:x", State: "Charge"}
	for b.Loop() {
		if _, err := mocks.Answer(call); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleParseMockConfig() {
	text := []byte(`{
		"StateMachines":   {"order": {"TestCases": {"HappyPath": {"Charge": "Charged"}}}},
		"MockedResponses": {"Charged": {"0": {"Return": {"StatusCode": 200}}, "2": {"Throw": {"Error": "Busy"}}}}
	}`)
	_, err := tasks.ParseMockConfig(text)
	fmt.Println(err)
	// Output:
	// 3:73: the invocation 1 before "2" has no answer at /MockedResponses/Charged/2
	// 3:79: the member "Cause" is missing at /MockedResponses/Charged/2/Throw
}
