package fsm

import (
	"context"
	"fmt"

	"github.com/sfnx/sfnx/backend"
)

func ExampleRunner_Run() {
	calm := &account{describe: statuses(backend.Running, backend.Succeeded)} // any backend.Backend
	r := Runner{
		Open:  func(context.Context, Request) (backend.Backend, error) { return calm, nil },
		Clock: &world{now: epoch}, // clock.New() on AWS
		NewID: func() string { return "4a1d66c7" },
	}
	req := Defaults()
	req.StateMachineArn = "arn:aws:states:eu-west-1:123456789012:stateMachine:order"
	req.WaitForSuccessOrFailure = true

	out := r.Run(context.Background(), req)
	fmt.Println(out.Ending, out.Name, *out.Execution.Output)
	for _, t := range out.Transitions {
		fmt.Println(t.At.Format("15:04:05"), t.From, "->", t.To)
	}
	// Output:
	// SUCCEEDED sfnx-4a1d66c7-1 {"ok":true}
	// 04:41:34 validate -> authenticate
	// 04:41:34 authenticate -> start
	// 04:41:34 start -> poll
	// 04:41:44 poll -> SUCCEEDED
}
