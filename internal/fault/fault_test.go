package fault

import (
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

// Every fault with one seed. make faults plays them with twenty.
func TestFaults(t *testing.T) {
	for _, f := range Selected("", false) {
		t.Run(f.ID(), func(t *testing.T) {
			if v := Play(f, 1); !v.Exact() {
				t.Errorf("%s\nagain: make fault F=%s SEED=%d", strings.Join(v.Problems, "\n"), v.Fault, v.Seed)
			}
		})
	}
}

func TestSameSeedSameScene(t *testing.T) {
	f := Fault{Stage: Start, Name: "some-name", Arrange: func(*Scene) {}}
	one, err := newScene(f, 7, false)
	if err != nil {
		t.Fatal(err)
	}
	defer one.close()
	same, err := newScene(f, 7, false)
	if err != nil {
		t.Fatal(err)
	}
	defer same.close()
	other, err := newScene(f, 8, false)
	if err != nil {
		t.Fatal(err)
	}
	defer other.close()
	if !slices.Equal(one.secrets, same.secrets) || one.Name != same.Name || one.Machine != same.Machine {
		t.Errorf("%v %s %s and %v %s %s", one.secrets, one.Name, one.Machine, same.secrets, same.Name, same.Machine)
	}
	if slices.Equal(one.secrets, other.secrets) {
		t.Error("another seed gives the same secrets")
	}
}

func TestNamesAreUnique(t *testing.T) {
	stages, seen := Stages(), map[string]bool{}
	for _, f := range All() {
		if seen[f.ID()] {
			t.Errorf("%s is there twice", f.ID())
		}
		seen[f.ID()] = true
		if f.About == "" || !slices.Contains(stages, f.Stage) || strings.ContainsAny(f.Name, " /_") {
			t.Errorf("%+v is not described", f)
		}
	}
}

// blame makes a fault of the rig's own, to see that it is noticed.
func blame(want Want, arrange func(*Scene)) Fault {
	return Fault{Stage: Start, Name: "planted", Want: want, Arrange: arrange}
}

func TestWhatIsWrongIsNoticed(t *testing.T) {
	leak := make(chan struct{})
	defer close(leak)
	for _, c := range []struct {
		name    string
		want    Want
		arrange func(*Scene)
		problem string
	}{
		{"another exit code", code(20), func(*Scene) {}, "want 20"},
		{"a start too many", Want{Code: Real}, func(*Scene) {}, "1 executions were started, want 0"},
		{"another status", left(Real, "RUNNING"), func(*Scene) {}, "want RUNNING"},
		{"no document", itsOwn, func(s *Scene) { s.Stdout = func(io.Writer) io.Writer { return io.Discard } }, "stdout holds no document"},
		{"two documents", itsOwn, func(s *Scene) { s.Stdout = func(w io.Writer) io.Writer { return io.MultiWriter(w, w) } }, "more than one document"},
		{"no events", itsOwn, func(s *Scene) { s.Extra = []string{"--events", os.DevNull} }, "events"},
		{"no result file", itsOwn, func(s *Scene) { s.Extra = []string{"--result-file", os.DevNull} }, "no result file"},
		{"a temporary file", itsOwn, func(s *Scene) {
			s.Stderr = func(w io.Writer) io.Writer {
				s.check(os.WriteFile(s.Path(".result.json.1"), nil, 0o600))
				return w
			}
		}, "temporary file"},
		{"a goroutine", itsOwn, func(*Scene) { go func() { <-leak }() }, "goroutines are left"},
		{"a file descriptor", itsOwn, func(s *Scene) {
			f, err := os.Open(os.DevNull)
			s.check(err)
			t.Cleanup(func() { _ = f.Close() })
		}, "file descriptors are left"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if strings.Contains(c.problem, "are left") {
				patience = 0
				defer func() { patience = defaultPatience }()
			}
			v := Play(blame(c.want, c.arrange), 3)
			if v.Exact() || !strings.Contains(strings.Join(v.Problems, "\n"), c.problem) {
				t.Errorf("problems %q, want one about %q", v.Problems, c.problem)
			}
		})
	}
}

// The scan is worth nothing if it does not find what is there.
func TestAPlantedLeakIsFound(t *testing.T) {
	for coat := range coats(hidden[0]) {
		for where, plant := range map[string]func(*Scene, string){
			"stdout": func(s *Scene, text string) { s.Stdout = before(text + "\n") },
			"stderr": func(s *Scene, text string) { s.Stderr = before(text) },
			"a file": func(s *Scene, text string) {
				s.Stderr = func(w io.Writer) io.Writer {
					s.check(os.WriteFile(s.Path("crash.txt"), []byte(text), 0o600))
					return w
				}
			},
			"an answer of the service, told on": func(s *Scene, text string) {
				s.Script("StartExecution", fakeaws.Fault{Times: fakeaws.Forever, Code: "InvalidName", Message: text})
			},
			"the command line": func(s *Scene, text string) { s.Extra = []string{"--external-id", text} },
		} {
			f := blame(Want{}, func(s *Scene) { plant(s, coats(s.Hide(s.text(upper+lower+"<>:/@ ", 40)))[coat]) })
			if v := Play(f, 5); v.Secrets == 0 {
				t.Errorf("a secret in %s in the coat %s is not found", where, coat)
			}
		}
	}
}

// before writes a text before anything else.
func before(text string) func(io.Writer) io.Writer {
	return func(w io.Writer) io.Writer {
		_, _ = io.WriteString(w, text)
		return w
	}
}
