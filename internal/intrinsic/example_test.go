package intrinsic_test

import (
	"fmt"

	"github.com/sfnx/sfnx/internal/intrinsic"
	"github.com/sfnx/sfnx/internal/value"
)

// people is the world of the example: $.name is Ada.
type people struct{}

func (people) Path(int) (value.Value, error) { return value.String("Ada"), nil }
func (people) Random() (uint64, bool)        { return 0, false }
func (people) Spend(int) bool                { return true }

func Example() {
	call, err := intrinsic.Parse("States.Format('Hello {}, you are number {}', $.name, States.MathAdd(1, 1))")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(call.Paths()[0].Text)
	fmt.Println(call.Eval(people{}))
	// Output:
	// $.name
	// "Hello Ada, you are number 2" <nil>
}
