package asl_test

import (
	"fmt"

	"github.com/sfnx/sfnx/asl"
)

func ExampleParse() {
	_, found := asl.Parse([]byte(`{
  "StartAt": "Pack",
  "States": {
    "Pack": {"Type": "Pass", "ResultPaht": "$.box", "Next": "Shpi"},
    "Ship": {"Type": "Succeed"}
  }
}`), asl.Options{})
	for _, f := range found {
		fmt.Println(f)
	}
	// Output:
	// 4:30: ERROR SCHEMA_VALIDATION_FAILED: Field 'ResultPaht' is not supported at /States/Pack (did you mean "ResultPath"?)
	// 4:61: ERROR MISSING_TRANSITION_TARGET: Missing 'Next' target: Shpi at /States/Pack/Next (did you mean "Ship"?)
	// 5:5: ERROR MISSING_TRANSITION_TARGET: State "Ship" is not reachable. at /States/Ship
}
