package interp_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/internal/interp"
)

// stepsAtMost is more than any generated execution can take: each step records an event, or lets a retry begin, whose
// number is bounded by that of the events.
const stepsAtMost = 2_000

// TestRandomMachines runs machines that nobody has thought of: each comes to an end, breaks no rule of the ledger, and
// gives the same bytes again, also when inputs that nobody waits for are mixed in.
func TestRandomMachines(t *testing.T) { rapid.Check(t, runsLikeAnyMachine) }

// FuzzMachines lets the fuzzer choose the machines of TestRandomMachines.
func FuzzMachines(f *testing.F) {
	for i := range 16 {
		draws := make([]byte, 8<<10) // enough for a whole machine
		if _, err := rand.NewChaCha8([32]byte{byte(i)}).Read(draws); err != nil {
			f.Fatal(err)
		}
		f.Add(draws)
	}
	f.Fuzz(rapid.MakeFuzz(runsLikeAnyMachine))
}

func runsLikeAnyMachine(t *rapid.T) {
	g := &generator{t: t}
	definition := g.machine()
	m, found := asl.Parse([]byte(definition), asl.Options{})
	if found.HasErrors() {
		t.Fatalf("the generator writes a wrong definition: %v\n%s", found, definition)
	}
	p, c, answers, stop := interp.Compile(m), g.config(), g.answers(), g.stop()
	play := func(stale bool) string {
		calls := 0
		w := newWorld(t, p, c, func(interp.ScheduleTask) answer {
			calls++
			return answers[(calls-1)%len(answers)]
		})
		w.mapRun = func(interp.StartMapRun) answer {
			calls++
			return answers[(calls-1)%len(answers)]
		}
		w.stale = stale
		if stop != nil {
			w.stop = ptr(*stop)
		}
		w.run(stepsAtMost)
		if w.instant() {
			t.Fatalf("it has not come to an end after %d steps\n%s", stepsAtMost, definition)
		}
		if problems := w.ledger.finish(); len(problems) > 0 {
			t.Fatalf("%s\n%s\n%s", strings.Join(problems, "\n"), definition, tell(w, 0))
		}
		return historyOf(t, w) + tell(w, 1)
	}
	once := play(false)
	if again := play(false); again != once {
		t.Fatalf("the same again gives something else\n%s\n%s", definition, differences(again, once))
	}
	if stale := play(true); stale != once {
		t.Fatalf("inputs that nobody waits for change what happens\n%s\n%s", definition, differences(stale, once))
	}
}

// historyOf is the history as GetExecutionHistory would write it.
func historyOf(t fataler, w *world) string {
	t.Helper()
	var b strings.Builder
	for _, e := range w.events {
		text, err := e.MarshalJSON()
		if err != nil {
			t.Fatalf("event %d: %v", e.ID, err)
		}
		b.Write(append(text, '\n'))
	}
	return b.String()
}
