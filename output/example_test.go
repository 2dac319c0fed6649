package output_test

import (
	"fmt"

	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/output"
)

func ExampleRowOf() {
	row := output.RowOf(fsm.TimedOut)
	fmt.Println(row.Code, row.Class, row.StatusDescription)
	// Output: 25 FAIL FAILED: Step Function is in TIMEOUT state.
}

func ExampleText() {
	out := fsm.Outcome{Ending: fsm.DataValidationError, FieldErrors: []fsm.FieldError{{Field: "attempt", Value: "0", Rule: "want an integer of at least 1"}}}
	fmt.Print(output.Text(out, output.TextOptions{ASCII: true}))
	// Output:
	// [failed] DATA_VALIDATION_ERROR: Some of the input fields cannot be validated. See STDOUT for more details  exit 20
	//   field       attempt "0": want an integer of at least 1
}
