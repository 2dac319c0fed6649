package output

import (
	"strconv"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/fsm"
)

// The status descriptions of the seed, byte for byte.
func TestStatusDescriptions(t *testing.T) {
	for name, want := range map[string]string{
		"succeeded":            "0 SUCCESS: AWS Step Functions workflow executed successfully.",
		"started":              "0 SUCCESS: AWS Step Functions workflow started successfully",
		"unexpected":           "1 FAIL: Unexpected error. Execute in Debug for more information.",
		"authentication":       "2 AUTHENTICATION_ERROR: Account cannot be authenticated.",
		"connection":           "10 CONNECTION_ERROR: GetCallerIdentity: dial tcp: lookup sts.eu-west-1.amazonaws.com: no such host",
		"connection-ambiguous": "10 CONNECTION_ERROR: StartExecution: 502 Bad Gateway",
		"proxy":                "11 CONNECTION_ERROR: ProxyConnectionError: Failed to connect to proxy URL http://proxy.corp:3128",
		"proxy-of-the-request": "11 CONNECTION_ERROR: ProxyConnectionError: Failed to connect to proxy URL http://proxy.corp:3128",
		"validation":           "20 DATA_VALIDATION_ERROR: Some of the input fields cannot be validated. See STDOUT for more details",
		"failed":               "23 FAILED: Step Function is in FAILED state.",
		"aborted":              "24 FAILED: Step Function is in ABORTED state.",
		"timed-out":            "25 FAILED: Step Function is in TIMEOUT state.",
		"wait-timeout":         "124 WAIT_TIMEOUT: Step Function did not end within the wait timeout.",
		"interrupted":          "130 INTERRUPTED: The run was interrupted by SIGINT.",
		"terminated-stopped":   "143 INTERRUPTED: The run was interrupted by SIGTERM.",

		"authorization-while-waiting": "3 AUTHORIZATION_ERROR: Account is not authorized to perform the requested action.",
	} {
		o := outcomes()[name]
		code, text, _ := strings.Cut(want, " ")
		if got := StatusDescription(o); got != text {
			t.Errorf("%s: status description %q, want %q", name, got, text)
		}
		if got := New(o, Options{}).ExitCode; strconv.Itoa(got) != code {
			t.Errorf("%s: exit code %d, want %s", name, got, code)
		}
	}
}

func TestEveryEndingHasOneRow(t *testing.T) {
	rows := map[fsm.State]int{}
	last := 0
	for _, r := range Table() {
		rows[r.Ending]++
		if r.Code < last {
			t.Errorf("code %d comes after %d", r.Code, last)
		}
		last = r.Code
		if r.Class == "" || r.StatusDescription == "" || r.When == "" || r.Retry == "" {
			t.Errorf("a row with a gap: %+v", r)
		}
		if r.Code == 134 {
			continue // the one row that no run ends in
		}
		if !r.Ending.Final() {
			t.Errorf("code %d belongs to %q, which is no ending", r.Code, r.Ending)
		}
		if got := RowOf(r.Ending); got != r {
			t.Errorf("%s leads to %+v, want %+v", r.Ending, got, r)
		}
	}
	reached := map[fsm.State]bool{}
	for _, o := range outcomes() {
		reached[o.Ending] = true
	}
	for _, ending := range fsm.Endings() {
		if rows[ending] != 1 {
			t.Errorf("%s has %d rows", ending, rows[ending])
		}
		if !reached[ending] {
			t.Errorf("no outcome of these tests ends as %s", ending)
		}
	}
	if got := RowOf(fsm.Poll).Code; got != 1 {
		t.Errorf("what is no ending has code %d", got)
	}
}

func TestExitCodeRenderings(t *testing.T) {
	golden(t, "exit-codes.txt", []byte(ExitCodesText()))
	golden(t, "exit-codes-table.json", ExitCodesJSON())
	golden(t, "exit-codes.md", []byte(ExitCodesMarkdown()))
}
