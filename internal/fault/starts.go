package fault

import (
	"strings"
	"time"

	"github.com/sfnx/sfnx/internal/fakeaws"
)

// starts strike the one call that must not be made twice.
var starts = []Fault{
	{Stage: Start, Name: "reset-before-handling", About: "the connection is reset before the service reads the request", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Script("StartExecution", fakeaws.Fault{Times: s.N(1, 3), Reset: fakeaws.BeforeHandling})
		}},
	{Stage: Start, Name: "reset-after-accept", About: "the execution starts, and the connection is reset before the answer", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Script("StartExecution", fakeaws.Fault{Times: s.N(1, 3), Reset: fakeaws.AfterHandling})
		}},
	{Stage: Start, Name: "broken-off-answer", About: "the answer breaks off in its body", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) { s.Script("StartExecution", fakeaws.Fault{Times: s.N(1, 3), Reset: fakeaws.MidAnswer}) }},
	{Stage: Start, Name: "no-answer", About: "the execution starts, and no answer comes in time", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.AttemptTimeout = 60 * time.Millisecond
			s.Script("StartExecution", fakeaws.Fault{Hang: true})
		}},
	{Stage: Start, Name: "status-500", About: "500 InternalFailure, and the execution may have started", Want: itsOwn, Process: true, Arrange: failing(500, "InternalFailure")},
	{Stage: Start, Name: "status-502", About: "502 with a page, and the execution may have started", Want: itsOwn, Process: true, Arrange: failing(502, "")},
	{Stage: Start, Name: "status-503", About: "503 ServiceUnavailable, and the execution may have started", Want: itsOwn, Process: true, Arrange: failing(503, "ServiceUnavailable")},
	{Stage: Start, Name: "status-504", About: "504 with a page, and the execution may have started", Want: itsOwn, Process: true, Arrange: failing(504, "")},
	{Stage: Start, Name: "truncated-json", About: "the answer is JSON that stops in the middle", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			const whole = `{"executionArn":"arn:aws:states:eu-west-1:123456789012:execution:succeeds:x-1","startDate":1.7e9}`
			s.Script("StartExecution", fakeaws.Fault{Handled: true, ContentType: "application/x-amz-json-1.0", Body: whole[:s.N(1, len(whole)-1)]})
		}},
	{Stage: Start, Name: "wrong-content-type", About: "the answer is a page of HTML with status 200", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Script("StartExecution", fakeaws.Fault{Handled: s.N(0, 1) == 1, ContentType: "text/html", Body: "<html>hello</html>"})
		}},
	{Stage: Start, Name: "no-arn", About: "the answer has status 200 and no ARN", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Script("StartExecution", fakeaws.Fault{Handled: true, ContentType: "application/x-amz-json-1.0", Body: Among(s, `{}`, `{"startDate":1.7e9}`, `{"executionArn":null}`, `null`)})
		}},
	{Stage: Start, Name: "answer-of-10-mb", About: "the answer has 10 MB that belong to nothing", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.Script("StartExecution", fakeaws.Fault{Handled: true, ContentType: "application/x-amz-json-1.0", Body: `{"more":"` + strings.Repeat("x", 10<<20) + `"}`})
		}},
}

// failing answers some starts with a server error, carried out or not.
func failing(status int, code string) func(*Scene) {
	return func(s *Scene) {
		f := fakeaws.Fault{Times: s.N(1, 4), Handled: s.N(0, 1) == 1, Status: status, Code: code}
		if code == "" {
			f.Body, f.ContentType = "<html>sorry</html>", "text/html"
		}
		s.Script("StartExecution", f)
	}
}
