package asl

import (
	"encoding/json"
	"path/filepath"
	"testing"
)

func TestVariableReferences(t *testing.T) {
	for _, c := range []struct{ why, definition, want string }{
		{"fields of a JSONPath state", `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","InputPath":"$in","Parameters":{"a.$":"$b.c","d":[{"e.$":"States.Format('{}', $fmt)"}]},
			"ResultSelector":{"r.$":"$sel"},"OutputPath":"$out[0]","TimeoutSecondsPath":"$limit","Credentials":{"RoleArn.$":"$role"},"Assign":{"x.$":"$old"},
			"Catch":[{"ErrorEquals":["States.ALL"],"Assign":{"y.$":"$caught"},"Next":"F"}],"Next":"F"},
			"F":{"Type":"Fail","ErrorPath":"$err","CausePath":"States.Format('{}', $why)"}}}`,
			`{"F":["err","why"],"T":["b","caught","fmt","in","limit","old","out","role","sel"]}`},
		{"rules of a Choice", `{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[
			{"And":[{"Variable":"$a","IsPresent":true},{"Not":{"Variable":"$b.c","NumericEqualsPath":"$c"}}],"Assign":{"z.$":"$d"},"Next":"S"}],"Default":"S"},"S":{"Type":"Succeed"}}}`,
			`{"C":["a","b","c","d"]}`},
		{"JSONata: no bound names, no functions, no $states", `{"QueryLanguage":"JSONata","StartAt":"P","States":{"P":{"Type":"Pass","Output":{"a":"{% ($t := $x; $t + $sum($xs.v) + $states.input.n) %}","b":["{% $map($ys, function($y){$y * $factor}) %}"],"c":"$text"},
			"Assign":{"k":"{% $hash($x, 'MD5') & $uuid() %}"},"End":true}}}`,
			`{"P":["factor","x","xs","ys"]}`},
		{"states inside count for themselves", `{"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$list","MaxConcurrencyPath":"$n","ItemSelector":{"a.$":"$sel"},
			"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","InputPath":"$inner","End":true}}},"Next":"B"},
			"B":{"Type":"Parallel","Branches":[{"StartAt":"W","States":{"W":{"Type":"Wait","SecondsPath":"$s","End":true}}}],"End":true}}}`,
			`{"I":["inner"],"M":["list","n","sel"],"W":["s"]}`},
		{"none", `{"StartAt":"S","States":{"S":{"Type":"Succeed"}}}`, `{}`},
	} {
		t.Run(c.why, func(t *testing.T) {
			m, found := Parse([]byte(c.definition), Options{})
			if found.HasErrors() {
				t.Fatal(found)
			}
			got, err := json.Marshal(m.VariableReferences())
			if err != nil || string(got) != c.want {
				t.Errorf("got %s, %v, want %s", got, err, c.want)
			}
		})
	}
}

// TestRecordedVariableReferences: AWS described these definitions.
func TestRecordedVariableReferences(t *testing.T) {
	all := 0
	for _, file := range sharedFiles(t, "conformance/cases/api/sfn_api_variable_references__*.json") {
		var c struct {
			Calls []struct {
				Op       string
				Request  struct{ Definition string }
				Response struct{ VariableReferences map[string][]string }
			}
		}
		readJSON(t, file, &c)
		var machine *Machine
		for _, call := range c.Calls {
			switch call.Op {
			case "CreateStateMachine":
				var found Diagnostics
				if machine, found = Parse([]byte(call.Request.Definition), Options{}); machine == nil {
					t.Errorf("%s: %v", filepath.Base(file), found)
				}
			case "DescribeStateMachine":
				if machine == nil {
					continue
				}
				all++
				want := call.Response.VariableReferences
				if want == nil {
					want = map[string][]string{}
				}
				if got, want := asJSON(t, machine.VariableReferences()), asJSON(t, want); got != want {
					t.Errorf("%s:\n got %s\nwant %s", filepath.Base(file), got, want)
				}
			}
		}
	}
	t.Logf("%d descriptions", all)
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
