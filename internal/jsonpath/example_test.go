package jsonpath_test

import (
	"fmt"

	"github.com/sfnx/sfnx/internal/jsonpath"
	"github.com/sfnx/sfnx/internal/value"
)

func Example() {
	doc, _ := value.Parse(`{"orders":[{"id":"A","total":90},{"id":"B","total":120}]}`)
	p, _ := jsonpath.Parse("$.orders[?(@.total > 100)].id")
	fmt.Println(p.Eval(doc))

	_, err := jsonpath.Parse("$.orders[?(@.total >> 100)]")
	fmt.Println(err)
	// Output:
	// ["B"] <nil>
	// column 20: unexpected '>' in a filter, want one of == != < <= > >= =~ in nin subsetof anyof noneof contains size empty
}
