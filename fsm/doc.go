// Package fsm runs one job: it starts one execution of a state machine, if asked waits for its end, and says how the
// job ended.
//
// The life cycle is an explicit finite state machine (see Diagram). Each of its endings has exactly one exit code,
// which package output knows:
//
//	req := fsm.Defaults()
//	req.StateMachineArn = "arn:aws:states:eu-west-1:123456789012:stateMachine:order"
//	req.WaitForSuccessOrFailure = true
//	r := fsm.Runner{Open: open, Clock: clock.New(), NewID: newUUID, ReadFile: os.ReadFile, Jitter: rand.Float64}
//	out := r.Run(ctx, req)
//	fmt.Println(out.Ending, out.Name)
//
// A Run is one goroutine that asks a backend.Backend, folds the answer into an event of the life cycle and pauses on
// the Clock. It cannot tell a real account from the simulator. It reads no clock, file or random source but those
// it is given (real timers only guard real calls), writes nothing, and knows no exit code.
package fsm
