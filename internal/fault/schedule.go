package fault

import (
	"fmt"
	"os"
	"slices"
	"syscall"
	"time"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

// Schedule is up to five faults at once, drawn by a seed: which calls they meet, how often, and whether they ever stop.
// Nobody has written down what such a run must come to, so it is judged by what must always hold.
var Schedule = Fault{Stage: "schedule", Name: "random", About: "up to five faults at once", Arrange: drawn}

// trouble is what can meet any call, some requests long.
var trouble = []func(*Scene) fakeaws.Fault{
	func(*Scene) fakeaws.Fault { return fakeaws.Fault{Reset: fakeaws.BeforeHandling} },
	func(*Scene) fakeaws.Fault { return fakeaws.Fault{Reset: fakeaws.AfterHandling} },
	func(*Scene) fakeaws.Fault { return fakeaws.Fault{Reset: fakeaws.MidAnswer} },
	func(s *Scene) fakeaws.Fault {
		return fakeaws.Fault{Status: Among(s, 500, 502, 503, 504), Handled: s.N(0, 1) == 1, Code: Among(s, "InternalFailure", "ServiceUnavailable")}
	},
	func(s *Scene) fakeaws.Fault {
		return fakeaws.Fault{Status: Among(s, 500, 502, 503, 504), Handled: s.N(0, 1) == 1, Body: "<html>sorry</html>", ContentType: "text/html"}
	},
	func(*Scene) fakeaws.Fault {
		return fakeaws.Fault{Code: "ThrottlingException", Message: "Rate exceeded"}
	},
	func(*Scene) fakeaws.Fault {
		return fakeaws.Fault{Handled: true, Body: `{`, ContentType: "application/x-amz-json-1.0"}
	},
}

// calls are what a run makes.
var calls = []string{"GetCallerIdentity", "DescribeStateMachine", "StartExecution", "DescribeExecution", "GetExecutionHistory"}

// drawn arranges a schedule. The scene's Want has the code of the execution, unless the schedule has an end of its own.
func drawn(s *Scene) {
	s.Want = itsOwn
	s.Extra = []string{"--wait-timeout", "6h"} // throttling alone ends no wait
	s.world.notFound, s.world.late = time.Duration(s.N(0, 10))*time.Second, time.Duration(s.N(0, 10))*time.Second
	for range s.N(0, 5) {
		call := Among(s, calls...)
		f := Among(s, trouble...)(s)
		switch f.Times = s.N(1, 4); {
		case s.N(0, 9) == 0: // for good
			f.Times = fakeaws.Forever
			s.Want = Want{Code: Any}
		case call == "GetCallerIdentity" || call == "DescribeStateMachine":
			s.Want.Code = Any // several in a row are more than a run puts up with before it has started anything
		case s.N(0, 19) == 0:
			sig := Among(s, os.Interrupt, os.Signal(syscall.SIGTERM))
			f = fakeaws.Fault{Hang: true, Met: func() { s.Signal(sig) }}
			s.Want = Want{Code: Any}
		}
		s.Script(call, f)
	}
	if s.N(0, 3) == 0 {
		s.Extra = append(s.Extra, "--on-interrupt", "stop")
	}
}

// truth is what must hold of any run, by its exit code and the status of the execution, "" if there is none.
func truth(code, started int, status string) error {
	byStatus := map[int]string{0: "SUCCEEDED", 23: "FAILED", 24: "ABORTED", 25: "TIMED_OUT"}
	want, isEnd := byStatus[code]
	switch {
	case started > 1:
		return fmt.Errorf("%d executions were started", started)
	case isEnd && status != want:
		return fmt.Errorf("exit code %d, but the execution is %q", code, status)
	case !isEnd && !slices.Contains([]int{1, 2, 3, 10, 11, 20, 124, 130, 137, 143}, code):
		return fmt.Errorf("exit code %d is in no table", code)
	}
	return nil
}
