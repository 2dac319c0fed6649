package expr_test

import (
	"fmt"

	"github.com/sfnx/sfnx/internal/expr"
	"github.com/sfnx/sfnx/internal/value"
)

func Example() {
	doc, _ := value.Parse(`{"kind":"greeting","text.$":"States.Format('Hello {}', $.user.name)"}`)
	template, problems := expr.CompileTemplate(doc)
	fmt.Println(problems)

	input, _ := value.Parse(`{"user":{"name":"Ada"}}`)
	fmt.Println(template.Eval(&expr.Env{Input: input}))
	_, err := template.Eval(&expr.Env{Input: value.EmptyObject()})
	fmt.Println(err)
	// Output:
	// []
	// {"kind":"greeting","text":"Hello Ada"} <nil>
	// States.Runtime: The function 'States.Format('Hello {}', $.user.name)' had the following error: The JsonPath argument for the field '$.user.name' could not be found in the input '{}'
}

func ExamplePath_Set() {
	doc, _ := value.Parse(`{"id":"A-1"}`)
	resultPath, _ := expr.ParseReferencePath("$.task.result")
	fmt.Println(resultPath.Set(doc, value.Int(42)))
	// Output:
	// {"id":"A-1","task":{"result":42}} <nil>
}
