package output

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/fsm"
)

func athens(t *testing.T) *time.Location {
	t.Helper()
	return time.FixedZone("+03", 3*60*60)
}

func document(t *testing.T, o fsm.Outcome) []byte {
	t.Helper()
	return New(o, Options{Version: "1.0.0", Location: athens(t)}).JSON()
}

func TestDocument(t *testing.T) {
	for name, o := range outcomes() {
		t.Run(name, func(t *testing.T) { golden(t, name+".json", document(t, o)) })
	}
}

func TestDocumentIsAlwaysTheSameBytes(t *testing.T) {
	again := outcomes()
	for name, o := range outcomes() {
		if !bytes.Equal(document(t, o), document(t, again[name])) {
			t.Errorf("%s differs from run to run", name)
		}
	}
}

// The order of the keys is the seed's (Extension Output).
func TestKeysAreThoseOfTheSeed(t *testing.T) {
	const want = "exit_code status_description changed invocation extension version fields " +
		"action credentials_user credentials_password region role_based_access role_arn state_machine_arn execution_name input use_proxy " +
		"wait_for_success_or_failure polling_interval proxy_type proxy proxy_credentials_user proxy_credentials_password proxy_ca_bundle_file " +
		"result executionArn stateMachineArn name status startDate stopDate output outputDetails included sfnx"
	var got []string
	for _, key := range regexp.MustCompile(`(?m)^ +"(\w+)":`).FindAllStringSubmatch(string(document(t, outcomes()["succeeded"])), -1) {
		if got = append(got, key[1]); key[1] == "sfnx" {
			break
		}
	}
	if strings.Join(got, " ") != want {
		t.Errorf("keys %v\n  want %s", got, want)
	}
}

func TestTextsOfTheServiceSurvive(t *testing.T) {
	o := outcomes()["succeeded-bytes"]
	var d struct {
		Invocation struct{ Fields struct{ Input string } }
		Result     struct{ Output string }
	}
	if err := json.Unmarshal(document(t, o), &d); err != nil {
		t.Fatal(err)
	}
	if d.Result.Output != *o.Execution.Output || d.Invocation.Fields.Input != *o.Request.Input {
		t.Errorf("output %q, input %q", d.Result.Output, d.Invocation.Fields.Input)
	}
}

func TestNoOutputHoldsASecret(t *testing.T) {
	for name, o := range outcomes() {
		for what, text := range map[string]string{
			"document": string(document(t, o)),
			"text":     Text(o, TextOptions{}),
			"event":    string(EventLine(fsm.Event{News: fsm.RunEnded{Outcome: o}})),
		} {
			if strings.Contains(text, canary) {
				t.Errorf("%s of %s gives a secret away", what, name)
			}
			if what != "text" && !json.Valid([]byte(text)) {
				t.Errorf("%s of %s is no JSON", what, name)
			}
		}
	}
}

func TestDates(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for zone, want := range map[*time.Location]string{
		nil:                                 "2026-01-02 03:04:05.000000+00:00",
		time.FixedZone("NPT", 5*3600+45*60): "2026-01-02 08:49:05.000000+05:45",
		time.FixedZone("", -9*3600):         "2026-01-01 18:04:05.000000-09:00",
	} {
		if got := date(at, zone); got != want {
			t.Errorf("date %q, want %q", got, want)
		}
	}
}
