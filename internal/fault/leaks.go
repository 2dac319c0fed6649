package fault

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// possessions are what this process holds on to at some moment. Each counts as itself: what goes away later hides nothing
// that has come since.
type possessions struct {
	goroutines  map[string]string // stacks by the goroutine's name
	descriptors []string          // each with what it is open for
}

func possessed() possessions { return possessions{goroutines(), descriptors()} }

// goroutines are those of this process: a goroutine's name is its number, which no other one ever has.
func goroutines() map[string]string {
	buffer := make([]byte, 1<<16)
	n := runtime.Stack(buffer, true)
	for n == len(buffer) {
		buffer = make([]byte, 2*len(buffer))
		n = runtime.Stack(buffer, true)
	}
	all := map[string]string{}
	for stack := range strings.SplitSeq(string(buffer[:n]), "\n\n") {
		name, _, _ := strings.Cut(stack, " [")
		all[name] = stack
	}
	return all
}

// descriptors are the open files of this process, where the system tells.
func descriptors() []string {
	const dir = "/proc/self/fd"
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var all []string
	for _, e := range entries {
		if target, err := os.Readlink(filepath.Join(dir, e.Name())); err == nil { // else it was that of ReadDir
			all = append(all, e.Name()+" "+target)
		}
	}
	return all
}

// patience is how long what is on its way out may take. Only what is really left makes anybody wait so long.
var patience = defaultPatience

const defaultPatience = 10 * time.Second

// left wants nothing that was not there before, once what is on its way out is gone.
func (v *Verdict) left(before possessions) {
	deadline := time.Now().Add(patience)
	for {
		var running []string
		for name, stack := range goroutines() {
			if _, old := before.goroutines[name]; !old {
				running = append(running, stack)
			}
		}
		open := slices.DeleteFunc(descriptors(), func(d string) bool { return slices.Contains(before.descriptors, d) })
		if len(running)+len(open) == 0 {
			return
		}
		if time.Now().Before(deadline) {
			<-time.After(time.Millisecond)
			continue
		}
		if len(running) > 0 {
			v.Leaks += len(running)
			slices.Sort(running)
			v.problem("goroutines are left: %.3000s", strings.Join(running, "\n\n"))
		}
		if len(open) > 0 {
			v.Leaks += len(open)
			v.problem("file descriptors are left: %s", strings.Join(open, ", "))
		}
		return
	}
}
