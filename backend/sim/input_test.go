package sim_test

import (
	"errors"
	"testing"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
)

// TestInvalidExecutionInput: AWS's words for an input that is not JSON (recorded, but for the last).
func TestInvalidExecutionInput(t *testing.T) {
	r := sim.New(sim.Config{})
	machine := create(t, r, "M", backend.Standard, passInput)
	for input, want := range map[string]string{
		"no JSON":  "Unrecognized token 'no': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
		"{'a': 1}": "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
		"":         "Invalid execution input.",
		"{} {}":    "not valid JSON at line 1, column 4: unexpected '{' after the value",
	} {
		_, err := r.StartExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: machine, Name: "x", Input: &input})
		var e *backend.Error
		if !errors.As(err, &e) || e.AWSCode != "InvalidExecutionInput" || e.Message != "Invalid State Machine Execution Input: '"+want+"'" {
			t.Errorf("%q gave %v, want InvalidExecutionInput: %s", input, err, want)
		}
	}
}
