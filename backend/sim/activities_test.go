package sim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
)

const activityArn = "arn:aws:states:us-east-1:123456789012:activity:work"

const askActivity = `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"` + activityArn + `","Parameters":{"n.$":"$.n"},"TimeoutSeconds":60,"HeartbeatSeconds":20,"End":true}}}`

func createActivity(t testing.TB, r *sim.Region) {
	t.Helper()
	if arn, err := r.CreateActivity(t.Context(), "work"); err != nil || arn != activityArn {
		t.Fatalf("CreateActivity gave %s, %v", arn, err)
	}
}

// poll is one call of GetActivityTask.
func poll(t testing.TB, r *sim.Region, worker string) (token, input string) {
	t.Helper()
	token, input, err := r.GetActivityTask(t.Context(), activityArn, worker)
	if err != nil {
		t.Fatal(err)
	}
	return token, input
}

func TestWorkersTakeTheTasksOfAnActivity(t *testing.T) {
	r := sim.New(sim.Config{})
	createActivity(t, r)
	createActivity(t, r) // as often as one likes
	machine := create(t, r, "machine", "", askActivity)
	begin := r.Now()
	first := start(t, r, machine, "first", `{"n":1}`)
	second := start(t, r, machine, "second", `{"n":2}`)

	r.Advance(begin.Add(30 * time.Second))
	token, input := poll(t, r, "w1")
	if input != `{"n":1}` {
		t.Errorf("the first worker gets %s", input)
	}
	r.Advance(begin.Add(45 * time.Second))
	if err := r.SendTaskHeartbeat(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	r.Advance(begin.Add(55 * time.Second))
	other, input := poll(t, r, "")
	if input != `{"n":2}` || other == token {
		t.Errorf("the second worker gets %s", input)
	}
	if empty, _ := poll(t, r, "w3"); empty != "" {
		t.Error("the third worker gets a task, too")
	}
	if err := r.SendTaskSuccess(t.Context(), token, `"done"`); err != nil {
		t.Fatal(err)
	}
	r.Advance(begin.Add(time.Hour))
	x, y := describe(t, r, first), describe(t, r, second)
	if resultOf(x) != `"done"` || x.StopDate.Sub(begin) != 55*time.Second {
		t.Errorf("the first is %s after %s", resultOf(x), x.StopDate.Sub(begin))
	}
	if resultOf(y) != "States.Timeout -" || y.StopDate.Sub(begin) != time.Minute {
		t.Errorf("the second is %s after %s: the wait for a worker counts", resultOf(y), y.StopDate.Sub(begin))
	}
	if h := historyText(t, r, first); !strings.Contains(h, `"workerName":"w1"`) {
		t.Errorf("the worker has no name:\n%s", h)
	}
	wantAWS(t, "the second worker, late", r.SendTaskSuccess(t.Context(), other, `1`), "TaskTimedOut")
}

// What is no longer waited for is not handed out.
func TestWorkersDoNotGetWhatIsOver(t *testing.T) {
	r := sim.New(sim.Config{})
	createActivity(t, r)
	machine := create(t, r, "machine", "", askActivity)
	stopped := start(t, r, machine, "stopped", `{"n":1}`)
	start(t, r, machine, "open", `{"n":2}`)
	if _, err := r.StopExecution(t.Context(), backend.StopExecutionInput{ExecutionArn: stopped}); err != nil {
		t.Fatal(err)
	}
	if _, input := poll(t, r, "w"); input != `{"n":2}` {
		t.Errorf("the worker gets %s", input)
	}
	start(t, r, machine, "late", `{"n":3}`)
	r.Advance(r.Now().Add(time.Hour))
	if token, _ := poll(t, r, "w"); token != "" {
		t.Error("a worker gets a task that has timed out")
	}
}

func TestActivitiesThatAreNotThere(t *testing.T) {
	r := sim.New(sim.Config{})
	machine := create(t, r, "machine", "", askActivity)
	_, _, err := r.GetActivityTask(t.Context(), activityArn, "w")
	wantAWS(t, "an activity that was never made", err, "ActivityDoesNotExist")
	_, err = r.CreateActivity(t.Context(), "a b")
	wantAWS(t, "a name with a blank", err, "InvalidName")

	createActivity(t, r)
	waiting := start(t, r, machine, "waiting", `{"n":1}`)
	for range 2 {
		if err := r.DeleteActivity(t.Context(), activityArn); err != nil {
			t.Fatal(err)
		}
	}
	_, _, err = r.GetActivityTask(t.Context(), activityArn, "w")
	wantAWS(t, "a deleted activity", err, "ActivityDoesNotExist")
	r.Advance(r.Now().Add(time.Hour))
	if x := describe(t, r, waiting); resultOf(x) != "States.Timeout -" {
		t.Errorf("the task that waited is %s", resultOf(x))
	}
}

// Mocks come before workers, and may refuse.
func TestMockedActivities(t *testing.T) {
	answer := sim.Return(text("mocked")).After(10 * time.Second).By("mock")
	r := sim.New(sim.Config{Tasks: tasks(func(sim.Call) (sim.Answer, error) { return answer, nil })})
	createActivity(t, r)
	machine := create(t, r, "machine", "", askActivity)
	arn := start(t, r, machine, "a", `{"n":1}`)
	if token, _ := poll(t, r, "w"); token != "" {
		t.Error("a worker gets what a mock answers")
	}
	untilDone(t, r, arn)
	if x := describe(t, r, arn); resultOf(x) != `"mocked"` || !strings.Contains(historyText(t, r, arn), `"workerName":"mock"`) {
		t.Errorf("it is %s", resultOf(x))
	}
	answer = sim.Refuse("The activity has gone.")
	arn = start(t, r, machine, "b", `{"n":1}`)
	if x := describe(t, r, arn); x.Status != backend.Failed || !strings.HasSuffix(resultOf(x), "(entered at the event id #2). The activity has gone.") {
		t.Errorf("a refused one is %s", resultOf(x))
	}
	answer = sim.Never()
	arn = start(t, r, machine, "c", `{"n":1}`)
	untilDone(t, r, arn)
	if x := describe(t, r, arn); resultOf(x) != "States.Timeout -" || x.StopDate.Sub(x.StartDate) != 20*time.Second {
		t.Errorf("one that is taken and not answered is %s", resultOf(x))
	}
}
