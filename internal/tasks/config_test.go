package tasks

import (
	"errors"
	"strings"
	"testing"
)

// order is a configuration with everything in it.
const order = `{
	"StateMachines": {
		"order": {
			"TestCases": {
				"HappyPath": {"Charge": "Charged", "Ship": "Shipped"},
				"Busy": {"Charge": "BusyThenCharged"}
			}
		},
		"refund": {"TestCases": {"Only": {"Pay back": "Paid"}}}
	},
	"MockedResponses": {
		"Charged": {"0": {"Return": {"StatusCode": 200, "Payload": {"cents": 12345678901234567890, "rate": 1.0}}}},
		"BusyThenCharged": {
			"3": {"Return": "charged"},
			"1-2": {"Throw": {"Error": "Lambda.TooManyRequestsException", "Cause": "slow down"}},
			"0": {"Throw": {"Error": "Busy", "Cause": ""}}
		},
		"Shipped": {"0": {"Return": [null, true]}},
		"Paid": {"0-1": {"Return": 0}},
		"Unused": {}
	}
}`

func TestParseMockConfigFindsEveryMistake(t *testing.T) {
	for _, c := range []struct {
		name string
		text string
		want []string
	}{
		{"no JSON", "{\"StateMachines\": {\n  \"a\" 1}}", []string{`2:7: not valid JSON: unexpected '1' after a member name, want ':'`}},
		{"nothing", ``, []string{`1:1: not valid JSON: unexpected end of text, want a value`}},
		{"no object", `[]`, []string{`1:1: want an object with "StateMachines" and "MockedResponses", got an array`}},
		{"missing members", `{}`, []string{`1:1: the member "StateMachines" is missing`, `1:1: the member "MockedResponses" is missing`}},
		{"a misspelt member", `{"StateMachines": {}, "MockedResponse": {}}`, []string{
			`1:1: the member "MockedResponses" is missing`,
			`1:23: the member "MockedResponse" is not known here, want one of "StateMachines", "MockedResponses" (did you mean "MockedResponses"?) at /MockedResponse`,
		}},
		{"machines that are none", `{"StateMachines": {"a": 1, "b": {}, "c": {"Cases": {}, "TestCases": []}}, "MockedResponses": {}}`, []string{
			`1:20: want an object with "TestCases", got a number at /StateMachines/a`,
			`1:28: the member "TestCases" is missing at /StateMachines/b`,
			`1:43: the member "Cases" is not known here, want "TestCases" at /StateMachines/c/Cases`,
			`1:56: want an object of test cases, got an array at /StateMachines/c/TestCases`,
		}},
		{"a response that is not there", `{"StateMachines": {"a": {"TestCases": {"x": {"S": "Paidd", "T": 1}}}}, "MockedResponses": {"Paid": {}, "Sent": {}}}`, []string{
			`1:46: there is no mocked response "Paidd", want one of "Paid", "Sent" (did you mean "Paid"?) at /StateMachines/a/TestCases/x/S`,
			`1:60: want the name of a mocked response, got a number at /StateMachines/a/TestCases/x/T`,
		}},
		{"no response at all", `{"StateMachines": {"a": {"TestCases": {"x": {"S": "Paid"}}}}, "MockedResponses": {}}`, []string{
			`1:46: there is no mocked response "Paid": MockedResponses is empty at /StateMachines/a/TestCases/x/S`,
		}},
		{"a name that stands twice", `{"StateMachines": {}, "MockedResponses": {"a": {"0": {"Return": 1}, "0": {"Return": 2}}, "a": {}}}`, []string{
			`1:69: the name "0" stands here a second time at /MockedResponses/a/0`,
			`1:69: the invocations "0" overlap with "0" at /MockedResponses/a/0`,
			`1:90: the name "a" stands here a second time at /MockedResponses/a`,
		}},
		{"ranges that are none", `{"StateMachines": {}, "MockedResponses": {"a/b": {"00": {"Return": 1}, "2-1": {"Return": 1}, "-1": {"Return": 1}, "x": {"Return": 1}, "99999999999999999999": {"Return": 1}}}}`, []string{
			`1:51: want an invocation such as "0" or a range such as "1-2", counted from 0, got "00" at /MockedResponses/a~1b/00`,
			`1:72: want an invocation such as "0" or a range such as "1-2", counted from 0, got "2-1" at /MockedResponses/a~1b/2-1`,
			`1:94: want an invocation such as "0" or a range such as "1-2", counted from 0, got "-1" at /MockedResponses/a~1b/-1`,
			`1:115: want an invocation such as "0" or a range such as "1-2", counted from 0, got "x" at /MockedResponses/a~1b/x`,
			`1:135: want an invocation such as "0" or a range such as "1-2", counted from 0, got "99999999999999999999" at /MockedResponses/a~1b/99999999999999999999`,
		}},
		{"overlaps and gaps", `{"StateMachines": {}, "MockedResponses": {"a": {"1": {"Return": 1}, "3-6": {"Return": 1}, "4-5": {"Return": 1}, "9": {"Return": 1}}}}`, []string{
			`1:49: the invocation 0 before "1" has no answer at /MockedResponses/a/1`,
			`1:69: the invocation 2 before "3-6" has no answer at /MockedResponses/a/3-6`,
			`1:91: the invocations "4-5" overlap with "3-6" at /MockedResponses/a/4-5`,
			`1:113: the invocations 7 to 8 before "9" have no answer at /MockedResponses/a/9`,
		}},
		{"answers that are none", `{"StateMachines": {}, "MockedResponses": {"a": {"0": {}, "1": {"Return": 1, "Throw": {"Error": "E", "Cause": ""}}, "2": "x", "3": {"Returns": 1}}}}`, []string{
			`1:49: want an object with either "Return" or "Throw", got neither at /MockedResponses/a/0`,
			`1:58: want an object with either "Return" or "Throw", got both at /MockedResponses/a/1`,
			`1:116: want an object with either "Return" or "Throw", got a string at /MockedResponses/a/2`,
			`1:126: want an object with either "Return" or "Throw", got neither at /MockedResponses/a/3`,
			`1:132: the member "Returns" is not known here, want one of "Return", "Throw" (did you mean "Return"?) at /MockedResponses/a/3/Returns`,
		}},
		{"failures that are none", `{"StateMachines": {}, "MockedResponses": {"a": {"0": {"Throw": {"Error": ""}}, "1": {"Throw": {"Cause": 1, "Code": 2}}, "2": {"Throw": null}}}}`, []string{
			`1:55: the member "Cause" is missing at /MockedResponses/a/0/Throw`,
			`1:65: want the name of an error, got an empty string at /MockedResponses/a/0/Throw/Error`,
			`1:86: the member "Error" is missing at /MockedResponses/a/1/Throw`,
			`1:96: want a string, got a number at /MockedResponses/a/1/Throw/Cause`,
			`1:108: the member "Code" is not known here, want one of "Error", "Cause" at /MockedResponses/a/1/Throw/Code`,
			`1:127: want an object with "Error" and "Cause", got null at /MockedResponses/a/2/Throw`,
		}},
		{"places in many lines", "{\"StateMachines\": {},\n \"MockedResponses\": {\n  \"é\": {\"x\": {}, \"0\": 1},\n  \"b\": 1\n}}", []string{
			`3:9: want an object with either "Return" or "Throw", got neither at /MockedResponses/é/x`,
			`3:9: want an invocation such as "0" or a range such as "1-2", counted from 0, got "x" at /MockedResponses/é/x`,
			`3:18: want an object with either "Return" or "Throw", got a number at /MockedResponses/é/0`,
			`4:3: want an object of invocations, such as "0" or "1-2", and their answers, got a number at /MockedResponses/b`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseMockConfig([]byte(c.text))
			var problems Problems
			if !errors.As(err, &problems) {
				t.Fatalf("got %v, want Problems", err)
			}
			if got, want := err.Error(), strings.Join(c.want, "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestCaseNames(t *testing.T) {
	config, err := ParseMockConfig([]byte(order))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ machine, testCase, want string }{
		{"order", "HappyPath", ""},
		{"refund", "", ""},
		{"", "HappyPath", `mock configuration: no state machine is named, want one of "order", "refund"`},
		{"oder", "HappyPath", `mock configuration: it has no state machine "oder", want one of "order", "refund" (did you mean "order"?)`},
		{"order", "", `mock configuration: state machine "order": no test case is named, want one of "HappyPath", "Busy"`},
		{"order", "happypath", `mock configuration: state machine "order": it has no test case "happypath", want one of "HappyPath", "Busy" (did you mean "HappyPath"?)`},
	} {
		mocks, err := config.Case(c.machine, c.testCase)
		switch {
		case c.want == "" && (err != nil || mocks == nil):
			t.Errorf("%q, %q: %v", c.machine, c.testCase, err)
		case c.want != "" && (err == nil || err.Error() != c.want):
			t.Errorf("%q, %q: got %v, want %s", c.machine, c.testCase, err, c.want)
		}
	}
	empty, err := ParseMockConfig([]byte(`{"StateMachines": {"a": {"TestCases": {}}}, "MockedResponses": {}}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := empty.Case("", ""); err == nil || err.Error() != `mock configuration: state machine "a": it has no test case` {
		t.Errorf("no test cases: %v", err)
	}
}

func TestLongListsOfNamesBreakOff(t *testing.T) {
	var names []string
	for c := 'a'; c <= 'z'; c++ {
		names = append(names, "state "+string(c))
	}
	got := choose("State y", names)
	if !strings.Contains(got, `"state j" and 16 more (did you mean "state y"?)`) || strings.Contains(got, `"state k"`) {
		t.Errorf("got %s", got)
	}
}

func FuzzParseMockConfig(f *testing.F) {
	f.Add([]byte(order))
	f.Add([]byte(`{"StateMachines": {"a": {"TestCases": {"x": {"S": "R"}}}}, "MockedResponses": {"R": {"0-3": {"Return": {"a": 1, "a": "\ud800"}}}}}`))
	f.Add([]byte(`{"MockedResponses": {"R": {"1": {}, "1": {"Throw": {"Error": 1}}}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		config, err := ParseMockConfig(text)
		if (config == nil) == (err == nil) {
			t.Fatalf("config %v and error %v", config, err)
		}
		var problems Problems
		if err != nil && !errors.As(err, &problems) {
			t.Fatalf("the error is no Problems: %v", err)
		}
		for _, p := range problems {
			if p.Line < 1 || p.Column < 1 || p.Message == "" {
				t.Fatalf("a mistake without a place: %+v", p)
			}
		}
	})
}
