package interp_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/value"
)

func Example() {
	machine, _ := asl.Parse([]byte(`{"StartAt":"Wait","States":{
		"Wait":{"Type":"Wait","Seconds":90,"Next":"Work"},
		"Work":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:work","End":true}}}`), asl.Options{})
	x := interp.New(interp.Compile(machine), interp.Config{InputText: `{}`, Input: value.EmptyObject()})

	out := x.Step(epoch, interp.Start{})
	timer := out.Commands[1].(interp.SetTimer) // the first is the year that an execution may last
	fmt.Println("wait until", timer.At)

	out = x.Step(timer.At, interp.TimerFired{Timer: timer.Timer})
	task := out.Commands[0].(interp.ScheduleTask)
	fmt.Println("call", task.Resource.ARN, "with", task.Parameters)

	x.Step(timer.At, interp.TaskStarted{Task: task.Task})
	out = x.Step(timer.At, interp.TaskSucceeded{Task: task.Task, Output: value.Int(42)})
	for _, e := range out.Events {
		fmt.Println(e.ID, e.Type)
	}
	// Output:
	// wait until 2026-01-01 00:01:30 +0000 UTC
	// call arn:aws:lambda:us-east-1:123456789012:function:work with {}
	// 7 LambdaFunctionSucceeded
	// 8 TaskStateExited
	// 9 ExecutionSucceeded
}

// A program is shared by executions that run at the same time, and by those that come after: nothing of one is left in it.
func TestAProgramIsShared(t *testing.T) {
	m, err := parseMachine(`{"StartAt":"T","States":{
		"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Retry":[{"ErrorEquals":["E"],"MaxAttempts":2}],"ResultPath":"$.r","Next":"M"},
		"M":{"Type":"Map","ItemsPath":"$.l","ItemSelector":{"id.$":"States.UUID()","item.$":"$$.Map.Item"},"ItemProcessor":{"StartAt":"C","States":{
			"C":{"Type":"Choice","Choices":[{"And":[{"Variable":"$.item.Value","StringMatches":"a*"},{"Variable":"$.item.Value","StringLessThan":"b"}],"Next":"P"}],"Default":"P"},
			"P":{"Type":"Pass","Parameters":{"text.$":"States.Format('{}', $.item.Value)"},"End":true}}},"End":true}}}`)
	if err != nil {
		t.Fatal(err)
	}
	p := interp.Compile(m)
	run := func() string {
		fails := 2
		w := newWorld(t, p, config{start: epoch, seed: 5, input: `{"l":["a","ab","c"]}`}, func(interp.ScheduleTask) answer {
			if fails--; fails >= 0 {
				return answer{kind: throws, err: ptr("E")}
			}
			return answer{output: value.Int(1)}
		})
		w.run(100)
		if w.x.Status() != interp.Succeeded {
			t.Errorf("the status is %d", w.x.Status())
		}
		return historyOf(t, w)
	}
	want := run()
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 5 {
				if got := run(); got != want {
					t.Errorf("another run of the program gives something else\n%s", differences(got, want))
				}
			}
		})
	}
	group.Wait()
}
