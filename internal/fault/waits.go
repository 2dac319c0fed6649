package fault

import (
	"net"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// waits strike between the start and the end of an execution.
var waits = []Fault{
	{Stage: Wait, Name: "not-found-for-1-s", About: "the execution cannot be seen for the first second", Want: itsOwn, Arrange: unseen(time.Second)},
	{Stage: Wait, Name: "not-found-for-10-s", About: "the execution cannot be seen for the first 10 seconds", Want: itsOwn, Arrange: unseen(10 * time.Second)},
	{Stage: Wait, Name: "not-found-for-59-s", About: "the execution cannot be seen for the first 59 seconds", Want: itsOwn, Arrange: unseen(59 * time.Second)},
	{Stage: Wait, Name: "not-found-for-longer", About: "the execution cannot be seen for more than a minute, which is no delay any more", Want: left(1, backend.Running),
		Arrange: func(s *Scene) {
			s.Lasts(time.Hour)
			unseen(time.Duration(s.N(66, 1000)) * time.Second)(s)
			s.Tells("sfnx.execution_left", "running")
		}},
	{Stage: Wait, Name: "deleted", About: "the execution is gone in the middle of the wait", Want: left(1, backend.Running),
		Arrange: func(s *Scene) {
			s.Lasts(24 * time.Hour)
			s.Trouble(time.Duration(s.N(61, 600))*time.Second, 0, backend.ExecutionDoesNotExist, "Execution Does Not Exist")
		}},
	{Stage: Wait, Name: "back-to-running", About: "an answer says SUCCEEDED without an output, and the next ones RUNNING again", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.polls(s.N(0, 3), fakeaws.Fault{Times: s.N(1, 3), Edit: func(m map[string]any) {
				m["status"] = backend.Succeeded
				delete(m, "output")
				delete(m, "outputDetails")
			}})
		}},
	{Stage: Wait, Name: "pending-redrive", About: "the execution waits to be redriven for a while", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.polls(s.N(0, 3), fakeaws.Fault{Times: s.few(20), Edit: member("status", backend.PendingRedrive)})
		}},
	{Stage: Wait, Name: "throttled-for-30-min", About: "every look is throttled for half an hour", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.Lasts(time.Duration(s.N(1, 40)) * time.Minute)
			s.Trouble(time.Duration(s.N(0, 30))*time.Second, 30*time.Minute, backend.Throttled, "Rate exceeded")
		}},
	{Stage: Wait, Name: "throttled-past-the-limit", About: "every look is throttled, until the limit of the wait has passed", Want: left(124, backend.Running),
		Arrange: func(s *Scene) {
			s.Lasts(48 * time.Hour)
			s.Trouble(time.Duration(s.N(0, 300))*time.Second, 0, backend.Throttled, "Rate exceeded")
			s.limit(s.N(1, 120))
		}},
	{Stage: Wait, Name: "throttled-with-retry-after", About: "a look is throttled and told when to come back", Want: itsOwn,
		Arrange: func(s *Scene) {
			asked := time.Duration(s.N(6, 100)) * 5 * time.Second
			s.Retry.MaxDelay = time.Millisecond // what takes longer is paused for in virtual time
			s.Script("DescribeExecution", fakeaws.Fault{Code: "ThrottlingException", Header: comeBack(s, asked), Met: func() { s.notBefore(asked) }})
		}},
	{Stage: Wait, Name: "errors-for-10-min", About: "every look ends in 500 or 503 for ten minutes", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.Trouble(time.Duration(s.N(0, 4))*time.Second, 10*time.Minute, Among(s, backend.Unavailable, backend.Unexpected), "sorry")
		}},
	{Stage: Wait, Name: "errors-for-ever", About: "every look ends in 500 or 503, for longer than the retry budget", Want: left(10, backend.Running),
		Arrange: func(s *Scene) {
			s.Lasts(24 * time.Hour)
			s.Trouble(time.Duration(s.N(0, 600))*time.Second, 0, Among(s, backend.Unavailable, backend.Unexpected), "sorry")
			s.Tells("sfnx.execution_left", "running")
		}},
	{Stage: Wait, Name: "errors-now-and-then", About: "every other quarter of an hour is a bad one", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.Lasts(time.Duration(s.N(30, 90)) * time.Minute)
			begin, bad := s.world.Now(), time.Duration(s.N(1, 12))*time.Minute
			s.world.trouble = func(now time.Time) error {
				if now.Sub(begin)%(15*time.Minute) < bad {
					return &backend.Error{Code: backend.Unavailable, Message: "sorry"}
				}
				return nil
			}
		}},
	{Stage: Wait, Name: "cut-at-each-look", About: "the connection is cut at each look for a while", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.asRole()
			s.polls(s.N(0, 2), fakeaws.Fault{Times: s.few(60), Reset: Among(s, fakeaws.BeforeHandling, fakeaws.AfterHandling, fakeaws.MidAnswer)})
		}},
	{Stage: Wait, Name: "cut-for-ever", About: "the connection is cut at each look, for longer than the retry budget", Want: left(10, backend.Running),
		Arrange: func(s *Scene) {
			s.Lasts(24 * time.Hour)
			s.Trouble(time.Duration(s.N(0, 600))*time.Second, 0, backend.Connection, "")
		}},
	{Stage: Wait, Name: "no-answer", About: "a look gets no answer", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.AttemptTimeout = 200 * time.Millisecond
			s.polls(s.N(0, 2), fakeaws.Fault{Times: s.N(1, 6), Hang: true})
		}},
	{Stage: Wait, Name: "idle-connection-closed", About: "the service closes the kept connection after each answer", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.polls(s.N(0, 2), fakeaws.Fault{Times: s.few(10), Write: func(conn net.Conn, answer []byte) { _, _ = conn.Write(answer) }})
		}},
	{Stage: Wait, Name: "slow-drip", About: "the answers come byte by byte", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.polls(s.N(0, 2), fakeaws.Fault{Write: drip(time.Duration(s.N(1, 50)) * time.Microsecond)})
		}},
	{Stage: Wait, Name: "garbled", About: "some answers cannot be read", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.polls(s.N(0, 2), Among(s, fakeaws.Fault{Times: s.N(1, 4), Write: garbled}, fakeaws.Fault{Times: s.N(1, 4), Write: chunks(s.N(1, 60))},
				fakeaws.Fault{Times: s.N(1, 4), Body: `{"executionArn":`, ContentType: "application/x-amz-json-1.0"}))
		}},
	{Stage: Wait, Name: "captive-portal", About: "a hotel's page comes in place of the answers for a while", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.polls(s.N(0, 2), fakeaws.Fault{Times: s.N(5, 60), Status: Among(s, 200, 302, 403, 503), ContentType: "text/html", Body: "<html>Welcome</html>"})
		}},
	{Stage: Wait, Name: "no-status", About: "some answers lack the status", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.polls(s.N(0, 2), fakeaws.Fault{Times: s.N(1, 4), Edit: func(m map[string]any) { delete(m, "status") }})
		}},
	{Stage: Wait, Name: "another-execution", About: "some answers are about another execution", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			other, status := s.ExecutionArn()+"0", Among(s, backend.Succeeded, backend.Failed, backend.Aborted)
			s.polls(s.N(0, 2), fakeaws.Fault{Times: s.N(1, 3), Edit: func(m map[string]any) {
				m["executionArn"], m["name"], m["status"] = other, s.Name+"-10", status
				m["output"], m["stopDate"] = "{}", m["startDate"]
			}})
			s.Tells("result.executionArn", s.ExecutionArn())
		}},
	{Stage: Wait, Name: "unknown-members", About: "the answers have members that nobody knows", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.polls(0, fakeaws.Fault{Times: fakeaws.Forever, Edit: func(m map[string]any) {
				m["later"], m[""], m["Status"] = map[string]any{"a": []any{1, nil}}, nil, "RUNNING"
			}})
		}},
	{Stage: Wait, Name: "credentials-refused", About: "the credentials are refused in the middle of the wait", Want: left(2, backend.Running),
		Arrange: func(s *Scene) {
			s.Lasts(24 * time.Hour)
			s.polls(s.N(0, 50), fakeaws.Fault{Times: fakeaws.Forever, Code: Among(s, "UnrecognizedClientException", "ExpiredTokenException", "InvalidSignatureException"), Message: "no"})
			s.Tells("sfnx.execution_left", "running")
		}},
	{Stage: Wait, Name: "permission-lost", About: "the permission to look is lost in the middle of the wait", Want: left(3, backend.Running),
		Arrange: func(s *Scene) {
			s.Lasts(24 * time.Hour)
			s.polls(s.N(0, 50), fakeaws.Fault{Times: fakeaws.Forever, Code: Among(s, "AccessDeniedException", "KmsAccessDeniedException"), Message: "no"})
			s.Tells("sfnx.execution_left", "running")
		}},
	{Stage: Wait, Name: "limit-of-the-wait", About: "the execution takes longer than the limit of the wait", Want: left(124, backend.Running),
		Arrange: func(s *Scene) {
			s.Lasts(time.Hour)
			s.limit(s.N(1, 20))
		}},
	{Stage: Wait, Name: "ends-at-the-limit", About: "the execution ends just before the limit of the wait", Want: itsOwn,
		Arrange: func(s *Scene) {
			minutes := s.N(1, 20)
			s.Lasts(time.Duration(minutes)*time.Minute - time.Duration(s.N(0, 900))*time.Millisecond)
			s.world.late = 0
			s.limit(minutes)
		}},
}

// unseen keeps an execution from being seen for a time.
func unseen(d time.Duration) func(*Scene) {
	return func(s *Scene) { s.world.notFound = d }
}

// polls queues a fault for DescribeExecution, after some answers that are good. Executions last long enough for it to
// strike while they run.
func (s *Scene) polls(after int, f fakeaws.Fault) {
	if after > 0 {
		s.Script("DescribeExecution", fakeaws.Fault{Times: after})
	}
	s.Script("DescribeExecution", f)
}

// few is a number of looks up to most, or of those that do not take long in real time.
func (s *Scene) few(most int) int {
	if s.real {
		most = min(most, 2)
	}
	return s.N(1, most)
}

// member sets a member of an answer.
func member(name string, value any) func(map[string]any) {
	return func(m map[string]any) { m[name] = value }
}

// limit sets that of the wait, in minutes.
func (s *Scene) limit(minutes int) {
	s.Extra = append(s.Extra, "--wait-timeout", (time.Duration(minutes) * time.Minute).String())
}
