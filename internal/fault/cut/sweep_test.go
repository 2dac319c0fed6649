package cut

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sfnx/sfnx/internal/fault/account"
)

// sampled is how many offsets of each way a sweep tries unless it tries every one.
const sampled = 2

var (
	small = `{"order":17,"price":1.0}`
	large = `{"order":17,"lines":"` + strings.Repeat("x", 200_000) + `"}`
)

// sweeps are all the ways to be cut. The execution still runs when it is asked for again, or has ended by then.
var sweeps = []sweep{
	{name: "http, runs on", machine: account.FailsLater, how: Reset},
	{name: "http, runs on", machine: account.FailsLater, how: Finish},
	{name: "http, has ended", machine: account.Fails, how: Reset},
	{name: "http, has ended", machine: account.Fails, how: Finish},
	{name: "http, large input", machine: account.FailsLater, how: Reset, input: large, every: 4999},
	{name: "TLS, runs on", machine: account.FailsLater, how: Reset, tls: true},
	{name: "TLS, has ended", machine: account.Fails, how: Finish, tls: true},
	{name: "TLS, with its handshake", machine: account.FailsLater, how: Reset, tls: true, anew: true},
	{name: "EXPRESS, http", machine: account.Express, how: Reset, noWait: true},
	{name: "EXPRESS, http", machine: account.Express, how: Finish, noWait: true},
	{name: "EXPRESS, TLS", machine: account.Express, how: Reset, noWait: true, tls: true},
	{name: "EXPRESS, TLS, with its handshake", machine: account.Express, how: Reset, noWait: true, tls: true, anew: true, every: 3},
	{name: "EXPRESS in one call, http", machine: account.Express, how: Reset},
	{name: "EXPRESS in one call, TLS", machine: account.Express, how: Finish, tls: true},
	{name: "proxy, CONNECT cut once", machine: account.FailsLater, how: Reset, tls: true, proxied: true},
	{name: "proxy, CONNECT cut once", machine: account.FailsLater, how: Finish, tls: true, proxied: true},
	{name: "proxy, CONNECT cut always", machine: account.FailsLater, how: Reset, tls: true, proxied: true, forever: true},
	{name: "proxy, CONNECT cut always", machine: account.FailsLater, how: Finish, tls: true, proxied: true, forever: true},
}

// TestStartExecutionIsCutAtEveryByte runs sfnx once for each byte at which the connection of StartExecution can be cut.
func TestStartExecutionIsCutAtEveryByte(t *testing.T) {
	var all score
	offsets := map[string]bool{}
	for _, s := range sweeps {
		t.Run(s.name+", "+string(s.how), func(t *testing.T) {
			if s.input == "" {
				s.input = small
			}
			cuts, sizes := plan(t, s)
			for _, c := range cuts {
				offsets[fmt.Sprint(s.tls, s.anew, s.proxied, s.input == large, s.call(), c.Way, c.At)] = true
			}
			one := s.try(t, cuts, sizes)
			t.Logf("request %d bytes, response %d: %s", sizes[Request], sizes[Response], one)
			all.add(one)
		})
	}
	fmt.Printf("cuts offsets=%d %s\n", len(offsets), all)
}

// plan measures the call that is to be cut, and chooses where.
func plan(t *testing.T, s sweep) (cuts []Cut, sizes map[Way]int) {
	t.Helper()
	l, err := open(s)
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	l.forever = false
	call := l.run(Cut{}).call
	if len(call.Request) == 0 || call.Response == 0 {
		t.Fatalf("the relay did not see the call: %+v", call)
	}
	sizes = map[Way]int{Request: len(call.Request), Response: call.Response}
	chance := rand.New(rand.NewPCG(5, 1))
	for _, way := range []Way{Request, Response} {
		if s.proxied && way == Request {
			continue // how much of CONNECT arrives makes no difference to who waits for the answer
		}
		offsets := []int{sizes[way]}
		for at := 0; at < sizes[way]; at += max(s.every, 1) {
			offsets = append(offsets, at)
		}
		if !*everywhere {
			chance.Shuffle(len(offsets), func(i, j int) { offsets[i], offsets[j] = offsets[j], offsets[i] })
			offsets = offsets[:min(sampled, len(offsets))]
		}
		for _, at := range offsets {
			cuts = append(cuts, Cut{Way: way, At: at})
		}
	}
	return cuts, sizes
}

// try runs the cuts, each processor some of them on a line of its own.
func (s sweep) try(t *testing.T, cuts []Cut, sizes map[Way]int) score {
	t.Helper()
	var mu sync.Mutex
	var all score
	var working sync.WaitGroup
	for _, share := range slices.Collect(slices.Chunk(cuts, (len(cuts)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))) {
		working.Go(func() {
			l, err := open(s)
			if err != nil {
				t.Error(err)
				return
			}
			defer l.close()
			for _, c := range share {
				tried := l.run(c)
				err := l.judge(tried, c, sizes[c.Way])
				mu.Lock()
				all.count(tried, err)
				mu.Unlock()
				if err != nil {
					t.Errorf("%s cut by %s after %d of %d bytes: %v\n%s", c.Way, s.how, c.At, sizes[c.Way], err, tried.Stderr)
				}
			}
		})
	}
	working.Wait()
	return all
}

// score counts runs.
type score struct{ runs, repeated, adopted, ambiguous, duplicates, wrong int }

func (s *score) count(t tried, err error) {
	s.runs++
	if len(t.requests) > 1 {
		s.repeated++
	}
	if doc, _ := t.Document(); doc.Sfnx.Adopted {
		s.adopted++
	} else if doc.Sfnx.Ambiguous {
		s.ambiguous++
	}
	if t.started > 1 {
		s.duplicates++
	}
	if err != nil {
		s.wrong++
	}
}

func (s *score) add(o score) {
	s.runs += o.runs
	s.repeated += o.repeated
	s.adopted += o.adopted
	s.ambiguous += o.ambiguous
	s.duplicates += o.duplicates
	s.wrong += o.wrong
}

func (s score) String() string {
	return fmt.Sprintf("runs=%d repeated=%d adopted=%d ambiguous=%d duplicates=%d wrong=%d", s.runs, s.repeated, s.adopted, s.ambiguous, s.duplicates, s.wrong)
}
