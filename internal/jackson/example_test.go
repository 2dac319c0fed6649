package jackson_test

import (
	"fmt"

	"github.com/sfnx/sfnx/internal/jackson"
)

func ExampleExplain() {
	e := jackson.Explain(`{"StartAt": "A" "States": {}}`)
	fmt.Println(e.Message)
	fmt.Println(e.Source)
	// Output:
	// Unexpected character ('"' (code 34)): was expecting comma to separate Object entries
	// [Source: (String)"{"StartAt": "A" "States": {}}"; line: 1, column: 18]
}
