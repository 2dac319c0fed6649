package sim_test

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/history"
)

// shape makes a machine of one Pass state with these Parameters.
func shape(parameters string) string {
	return `{"StartAt":"P","States":{"P":{"Type":"Pass","Parameters":{` + parameters + `},"End":true}}}`
}

// choose makes a machine of one Choice with this rule.
func choose(rule string) string {
	return `{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{` + rule + `,"Next":"S"}],"Default":"S"},"S":{"Type":"Succeed"}}}`
}

// nested wraps a machine n times into a Map or Parallel; %s in outer is where, %[2]d makes names unique.
func nested(n int, outer, core string) string {
	for i := range n {
		core = fmt.Sprintf(outer, core, i)
	}
	return core
}

// numbers is an array of different numbers.
func numbers(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = strconv.Itoa(i)
	}
	return "[" + strings.Join(list, ",") + "]"
}

const (
	twiceMap   = `{"StartAt":"M%[2]d","States":{"M%[2]d":{"Type":"Map","ItemsPath":"$$.Execution.Input","ItemProcessor":%[1]s,"End":true}}}`
	inParallel = `{"StartAt":"P%[2]d","States":{"P%[2]d":{"Type":"Parallel","Branches":[%[1]s],"End":true}}}`
	again      = `"C":{"Type":"Choice","Choices":[{"Variable":"$.end","IsPresent":true,"Next":"S"}],"Default":"A"},"S":{"Type":"Succeed"}}}`
	selfLoop   = `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"C"},` + again
	flood      = `{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"s.$":"States.Format('{}{}', $.s, $.s)"},"Next":"C"},` + again
)

// hostile are inputs that ask for far too much. Each has an answer, and budgets that do not depend on the machine: the
// events that are recorded and the memory that is allocated, garbage included.
var hostile = []struct {
	name       string
	definition string
	input      string
	express    bool
	want       string // beginning of the status, error and cause, or of the refusal
	events     int
	mebibytes  float64
}{
	// Documents.
	{name: "a definition nested 1,000,000 deep", definition: strings.Repeat(`{"a":`, 1_000_000), want: "refused", mebibytes: 64},
	{name: "a definition of a megabyte and more", definition: `{"Comment":"` + strings.Repeat("x", 1<<20) + `",` + passInput[1:], want: "refused", mebibytes: 64},
	{name: "100,000 states", definition: chain(100_000, `"Type":"Pass"`), want: "refused", mebibytes: 64},
	{name: "10,000 states", definition: chain(10_000, `"Type":"Pass"`), input: `{}`, want: "SUCCEEDED", events: 20_002, mebibytes: 96},
	{name: "Parallel nested 10,000 deep", definition: nested(10_000, inParallel, passInput), want: "refused", mebibytes: 4096},
	{name: "Not nested 10,000 deep", definition: choose(strings.Repeat(`"Not":{`, 10_000) + `"Variable":"$","IsNull":true` + strings.Repeat("}", 10_000)), want: "refused", mebibytes: 64},
	{name: "an input nested 131,000 deep", definition: passInput, input: strings.Repeat("[", 131_000) + strings.Repeat("]", 131_000), want: "refused", mebibytes: 64},
	{name: "an input of 262,145 bytes", definition: passInput, input: `"` + strings.Repeat("x", 262_143) + `"`, want: "refused", mebibytes: 4},
	{name: "a number with a huge exponent", definition: shape(`"n.$":"States.MathAdd($.n, 1)"`), input: `{"n":1e999999999}`, want: "FAILED States.Runtime", events: 3, mebibytes: 4},
	{name: "a number of 200,000 digits", definition: choose(`"Variable":"$","NumericGreaterThan":1`), input: strings.Repeat("9", 200_000), want: "SUCCEEDED", events: 6, mebibytes: 16},

	// Loops and multitudes.
	{name: "a loop", definition: selfLoop, input: `{}`, want: "FAILED States.Runtime The execution reached the maximum number of history events (25000).", events: 25_000, mebibytes: 64},
	{name: "an EXPRESS loop", definition: selfLoop, input: `{}`, express: true, want: "given up: the execution entered 100000 states without any time passing", events: 200_001, mebibytes: 256},
	{name: "a payload that doubles", definition: flood, input: `{"s":"xxxxxxxx"}`, want: "FAILED States.DataLimitExceeded", events: 70, mebibytes: 16},
	{name: "Maps in Maps", definition: nested(18, twiceMap, passInput), input: `[1,1]`, want: "FAILED States.Runtime The execution reached", events: 25_000, mebibytes: 64},
	{name: "EXPRESS Maps in Maps", definition: nested(18, twiceMap, passInput), input: `[1,1,1,1,1,1,1,1]`, express: true, want: "given up: the execution recorded 2000000 events without any time passing", events: 2_000_000, mebibytes: 1536},
	{name: "a Map of 130,000 items", definition: nested(1, twiceMap, passInput), input: "[" + strings.Repeat("1,", 130_000) + "1]", want: "FAILED States.Runtime The execution reached", events: 25_000, mebibytes: 128},
	{name: "an EXPRESS Map of 130,000 items", definition: nested(1, twiceMap, passInput), input: "[" + strings.Repeat("1,", 130_000) + "1]", express: true, want: "SUCCEEDED", events: 520_010, mebibytes: 768},
	{name: "a retry for ever", definition: `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":1,"BackoffRate":1,"MaxAttempts":99999999}],"End":true}}}`, input: `{}`, want: "FAILED States.Runtime The execution reached", events: 25_000, mebibytes: 64},
	{name: "a back-off beyond all numbers", definition: `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":99999999,"BackoffRate":1e308,"MaxAttempts":99999999}],"End":true}}}`, input: `{}`, want: "TIMED_OUT", events: 7, mebibytes: 1},
	{name: "a wait beyond all times", definition: `{"StartAt":"W","States":{"W":{"Type":"Wait","SecondsPath":"$","End":true}}}`, input: `9223372036854775807`, want: "FAILED States.Runtime", events: 3, mebibytes: 1},

	// Paths.
	{name: "a deep scan of a deep document", definition: shape(`"r.$":"$..x"`), input: strings.Repeat(`{"x":`, 900) + "1" + strings.Repeat("}", 900), want: "FAILED States.DataLimitExceeded", events: 4, mebibytes: 128},
	{name: "deep scans of deep scans", definition: shape(`"r.$":"$..*..*..*..*"`), input: strings.Repeat("[", 500) + strings.Repeat("]", 500), want: "FAILED States.Runtime", events: 4, mebibytes: 256},
	{name: "deep scans of a wide document", definition: shape(`"r.$":"$..*..*..*"`), input: "[" + strings.Repeat("[[1]],", 20_000) + "1]", want: "SUCCEEDED", events: 4, mebibytes: 512},
	{name: "filters of everything with everything", definition: shape(`"r.$":"$[?(@ in $)]"`), input: "[" + strings.Repeat("1,", 100_000) + "1]", want: "SUCCEEDED", events: 4, mebibytes: 512},
	{name: "a slice beyond all indexes", definition: shape(`"r.$":"$[-9223372036854775808:9223372036854775807:1]"`), input: `[1,2]`, want: "refused", events: 4, mebibytes: 1},
	{name: "an index beyond all numbers", definition: shape(`"r.$":"$[99999999999999999999]"`), input: `[1,2]`, want: "refused", events: 4, mebibytes: 1},
	{name: "a regular expression that backtracks", definition: shape(`"r.$":"$[?(@ =~ /(a+)+$/)]"`), input: `["` + strings.Repeat("a", 100_000) + `b"]`, want: "SUCCEEDED", events: 4, mebibytes: 16},
	{name: "a path of 1,000 steps", definition: `{"StartAt":"P","States":{"P":{"Type":"Pass","ResultPath":"$` + strings.Repeat(".a", 1000) + `","End":true}}}`, input: `{}`, want: "SUCCEEDED", events: 4, mebibytes: 16},

	// Patterns and intrinsic functions.
	{name: "a pattern of 40 stars", definition: choose(`"Variable":"$","StringMatches":"` + strings.Repeat("*a", 40) + `*b"`), input: `"` + strings.Repeat("a", 262_142) + `"`, want: "SUCCEEDED", events: 6, mebibytes: 8},
	{name: "a range of 1,000,000,000", definition: shape(`"r.$":"States.ArrayRange(1, 1000000000, 1)"`), input: `{}`, want: "FAILED States.Runtime", events: 3, mebibytes: 1},
	{name: "a range the other way", definition: shape(`"r.$":"States.ArrayRange(9223372036854775807, -9223372036854775807, -1)"`), input: `{}`, want: "FAILED States.Runtime", events: 3, mebibytes: 1},
	{name: "Base64 of more than 10,000 characters", definition: shape(`"r.$":"States.Base64Encode($)"`), input: `"` + strings.Repeat("x", 10_001) + `"`, want: "FAILED States.Runtime", events: 3, mebibytes: 1},
	{name: "a hash of more than 10,000 characters", definition: shape(`"r.$":"States.Hash($, 'SHA-256')"`), input: `"` + strings.Repeat("x", 10_001) + `"`, want: "FAILED States.Runtime", events: 3, mebibytes: 1},
	{name: "functions nested 1,000 deep", definition: shape(`"r.$":"` + strings.Repeat("States.Array(", 1000) + "1" + strings.Repeat(")", 1000) + `"`), want: "refused", mebibytes: 16},
	{name: "a text that is JSON 100,000 deep", definition: shape(`"r.$":"States.StringToJson($)"`), input: `"` + strings.Repeat("[", 100_000) + `"`, want: "FAILED States.Runtime", events: 3, mebibytes: 16},
	{name: "a partition into ones", definition: shape(`"r.$":"States.ArrayPartition($, 1)"`), input: "[" + strings.Repeat("1,", 80_000) + "1]", want: "FAILED States.DataLimitExceeded", events: 4, mebibytes: 64},
	{name: "all that is unique", definition: shape(`"r.$":"States.ArrayUnique($)"`), input: numbers(40_000), want: "SUCCEEDED", events: 4, mebibytes: 64},
	{name: "a split at every character", definition: shape(`"r.$":"States.StringSplit($, 'abc')"`), input: `"` + strings.Repeat("xa", 60_000) + `"`, want: "SUCCEEDED", events: 4, mebibytes: 32},
}

func TestHostileInputs(t *testing.T) {
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			if (testing.Short() || raceDetector) && h.events > 100_000 {
				t.Skip("more than 100,000 events take too long here (-short or -race)")
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got, events := provoke(t, h.definition, h.input, h.express)
			runtime.ReadMemStats(&after)
			mebibytes := float64(after.TotalAlloc-before.TotalAlloc) / (1 << 20)
			t.Logf("%7d events, %6.1f MiB: %.120s", events, mebibytes, got)
			if !strings.HasPrefix(got, h.want) {
				t.Errorf("it is %.400s, want %s", got, h.want)
			}
			if events > h.events {
				t.Errorf("it records %d events, want at most %d", events, h.events)
			}
			if mebibytes > h.mebibytes && !raceDetector { // which keeps memory of its own
				t.Errorf("it allocates %.1f MiB, want at most %.1f", mebibytes, h.mebibytes)
			}
		})
	}
}

// provoke tries a definition and an input in a region in which all tasks fail.
func provoke(t *testing.T, definition, input string, express bool) (end string, events int) {
	t.Helper()
	typ := backend.Standard
	if express {
		typ = backend.Express
	}
	m, found := asl.Parse([]byte(definition), asl.Options{Type: string(typ)})
	if found.HasErrors() {
		return "refused: " + found.Error(), 0
	}
	r := sim.New(sim.Config{Observe: func(string, history.Event) { events++ }, Tasks: tasks(func(sim.Call) (sim.Answer, error) {
		return sim.Throw(ptr("E"), nil), nil
	})})
	machine, err := r.CreateStateMachine(sim.StateMachine{Name: "machine", Type: typ, Machine: m})
	if err != nil {
		t.Fatal(err)
	}
	in := backend.StartExecutionInput{StateMachineArn: machine, Name: "run", Input: &input}
	var x backend.Execution
	if express {
		if x, err = r.StartSyncExecution(t.Context(), in); err != nil {
			return "given up: " + err.Error(), events
		}
	} else {
		started, err := r.StartExecution(t.Context(), in)
		if err != nil {
			return "refused: " + err.Error(), events
		}
		untilDone(t, r, started.ExecutionArn)
		if x, err = r.DescribeExecution(t.Context(), started.ExecutionArn); err != nil {
			return "given up: " + err.Error(), events
		}
	}
	end = string(x.Status)
	for _, text := range []*string{x.Error, x.Cause} {
		if text != nil {
			end += " " + *text
		}
	}
	return end, events
}
