package fault

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
	"github.com/sfnx/sfnx/internal/statefile"
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
			s.AttemptTimeout = 200 * time.Millisecond
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
	{Stage: Start, Name: "arn-of-another", About: "the answer names another execution, or something that is none", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			other := strings.Replace(arnOf(s.Machine), ":stateMachine:", ":execution:", 1)
			body := fmt.Sprintf(`{"executionArn":%q,"startDate":1.7e9}`, Among(s, other+":another-1", other+"s:"+s.Name+"-1", arnOf(s.Machine), "arn:of:nothing", ""))
			s.Script("StartExecution", fakeaws.Fault{Times: s.N(1, 3), Handled: s.N(0, 1) == 1, ContentType: "application/x-amz-json-1.0", Body: body})
		}},
	{Stage: Start, Name: "another-protocol", About: "the execution starts, and the answer offers another protocol; Go would wait for it without end", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Script("StartExecution", fakeaws.Fault{Times: s.N(1, 3), Write: func(conn net.Conn, _ []byte) {
				_, _ = conn.Write([]byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n"))
				_, _ = io.Copy(io.Discard, conn)
			}})
		}},
	{Stage: Start, Name: "answer-without-end", About: "the execution starts, and the answer never ends", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.Script("StartExecution", fakeaws.Fault{Write: func(conn net.Conn, _ []byte) {
				_, err := conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n\r\n"))
				for blank := bytes.Repeat([]byte(" "), 1<<20); err == nil; {
					_, err = conn.Write(blank)
				}
			}})
		}},
	{Stage: Start, Name: "two-runners", About: "another runner of the job freezes its name in the state file at the same moment: nothing is started", Want: code(1),
		Arrange: func(s *Scene) {
			s.Flags("--state-file", s.Path("job.state"))
			s.Place = func(string, []byte) error {
				theirs := statefile.State{Schema: statefile.Schema, ExecutionName: "theirs", Attempt: 1, Name: "theirs-1", StateMachineArn: arnOf(s.Machine), Input: &s.Input}
				text, err := theirs.JSON()
				s.check(err)
				s.File("job.state", string(text))
				return fs.ErrExist
			}
			s.Requests("StartExecution", 0)
		}},
	{Stage: Start, Name: "answer-of-10-mb", About: "the answer has 10 MB that belong to nothing", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.Script("StartExecution", fakeaws.Fault{Handled: true, ContentType: "application/x-amz-json-1.0", Body: `{"more":"` + strings.Repeat("x", 10<<20) + `"}`})
		}},
	{Stage: Start, Name: "idle-connection-closed", About: "the service closes the kept connection just before the start is sent", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Script(Among(s, "GetCallerIdentity", "DescribeStateMachine"), fakeaws.Fault{Write: func(conn net.Conn, answer []byte) { _, _ = conn.Write(answer) }})
		}},
	{Stage: Start, Name: "cut-at-any-byte", About: "the connection breaks at some byte of the answer, and the execution has started", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			share := s.Rand.Float64()
			s.Script("StartExecution", fakeaws.Fault{Times: s.N(1, 3), Write: func(conn net.Conn, answer []byte) {
				_, _ = conn.Write(answer[:int(share*float64(len(answer)))])
			}})
		}},
	{Stage: Start, Name: "slow-drip", About: "the answer comes byte by byte, just in time", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			pause := time.Duration(s.N(10, 100)) * time.Microsecond
			s.Script("StartExecution", fakeaws.Fault{Write: drip(pause)})
			s.Requests("StartExecution", 1)
		}},
	{Stage: Start, Name: "slow-drip-too-late", About: "the answer comes byte by byte, for too long", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.AttemptTimeout = time.Duration(s.N(150, 250)) * time.Millisecond
			s.Script("StartExecution", fakeaws.Fault{Times: s.N(1, 3), Write: drip(2 * time.Millisecond)})
		}},
	{Stage: Start, Name: "chunks-cut", About: "the answer comes in chunks, and the last ones are missing", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) { s.Script("StartExecution", fakeaws.Fault{Times: s.N(1, 3), Write: chunks(s.N(1, 40))}) }},
	{Stage: Start, Name: "gzip-nonsense", About: "the answer says that it is compressed, and is not", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Script("StartExecution", fakeaws.Fault{Times: s.N(1, 3), Header: http.Header{"Content-Encoding": {Among(s, "gzip", "br", "deflate")}}, Write: garbled})
		}},
	{Stage: Start, Name: "two-answers", About: "two answers come to one request", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Script("StartExecution", fakeaws.Fault{Write: func(conn net.Conn, answer []byte) { _, _ = conn.Write(append(answer, answer...)) }})
		}},
	{Stage: Start, Name: "unasked-for", About: "an answer comes that nobody asked for, with keys in it; Go would log it", Want: itsOwn, Only: true,
		Arrange: func(s *Scene) {
			pause := time.Duration(s.N(20, 60)) * time.Millisecond
			body := "<AssumeRoleResponse><SecretAccessKey>" + s.Secret(40) + "</SecretAccessKey></AssumeRoleResponse>"
			s.Env["AWS_ENDPOINT_URL_STS"] = strings.Replace(s.AWS().URL, "127.0.0.1", "localhost", 1) // a connection of its own
			s.Script("GetCallerIdentity", fakeaws.Fault{Write: func(conn net.Conn, answer []byte) {
				_, _ = conn.Write(answer)
				<-time.After(pause)
				_, _ = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
			}})
		}},
	{Stage: Start, Name: "unknown-members", About: "the answer has members that nobody knows, and some twice", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Script("StartExecution", fakeaws.Fault{Write: func(conn net.Conn, answer []byte) {
				head, body, _ := bytes.Cut(answer, []byte("\r\n\r\n"))
				more := Among(s, `{"later":{"a":[1,null]},`, `{"executionArn":"an earlier one",`, `{"startDate":1,"":null,`)
				head = bytes.ReplaceAll(head, []byte("Content-Length"), []byte("X-Length"))
				_, _ = conn.Write(append(append(head, "\r\nConnection: close\r\n\r\n"+more...), body[1:]...))
			}})
		}},
	{Stage: Start, Name: "over-when-asked-again", About: "the answer is lost, and the execution has ended when sfnx asks again", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Lasts(0)
			s.Script("StartExecution", fakeaws.Fault{Times: s.N(1, 3), Reset: Among(s, fakeaws.AfterHandling, fakeaws.MidAnswer)})
			s.Tells("sfnx.adopted", true)
		}},
	{Stage: Start, Name: "lost-answer-of-an-alias", About: "the answer is lost, and the state machine was named by its alias", Want: itsOwn, Process: true, Arrange: lostOf(":PROD")},
	{Stage: Start, Name: "lost-answer-of-a-version", About: "the answer is lost, and the state machine was named by its version", Want: itsOwn, Process: true, Arrange: lostOf(":3")},
	{Stage: Start, Name: "express-lost-answer", About: "the answer of an EXPRESS start is lost; to ask again could start another", Want: left(10, backend.Running), Process: true,
		Arrange: func(s *Scene) {
			s.Machine, s.NoWait = "express", true
			s.Script("StartExecution", Among(s, fakeaws.Fault{Reset: fakeaws.AfterHandling}, fakeaws.Fault{Reset: fakeaws.MidAnswer},
				fakeaws.Fault{Handled: true, Status: 502, Body: "<html>sorry</html>", ContentType: "text/html"}, fakeaws.Fault{Handled: true, Code: "InternalFailure", Status: 500}))
			s.Requests("StartExecution", 1)
			s.Tells("sfnx.ambiguous", true)
		}},
	{Stage: Start, Name: "express-cut", About: "the connection breaks while an EXPRESS execution runs; to ask again could start another", Want: left(10, backend.Running), Process: true,
		Arrange: func(s *Scene) {
			s.Machine = "express"
			s.Script("StartSyncExecution", fakeaws.Fault{Reset: Among(s, fakeaws.AfterHandling, fakeaws.MidAnswer)})
			s.Requests("StartSyncExecution", 1)
			s.Tells("sfnx.ambiguous", true)
		}},
	{Stage: Start, Name: "type-unknown-for-a-while", About: "DescribeStateMachine fails a few times before the start", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Script("DescribeStateMachine", fakeaws.Fault{Times: s.N(1, 4), Code: "ServiceUnavailable", Status: 503})
		}},
	{Stage: Start, Name: "type-never-known", About: "DescribeStateMachine fails for ever: nothing is started", Want: code(10),
		Arrange: func(s *Scene) {
			s.Script("DescribeStateMachine", Among(s, fakeaws.Fault{Times: fakeaws.Forever, Code: "ServiceUnavailable", Status: 503},
				fakeaws.Fault{Times: fakeaws.Forever, Code: "ThrottlingException"}, fakeaws.Fault{Times: fakeaws.Forever, Reset: fakeaws.BeforeHandling}))
			s.Requests("StartExecution", 0)
		}},
	{Stage: Start, Name: "type-not-to-be-known", About: "DescribeStateMachine is denied, which says nothing about the start", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Script("DescribeStateMachine", fakeaws.Fault{Times: fakeaws.Forever, Code: "AccessDeniedException", Message: "no"})
		}},
}

// drip sends an answer byte by byte.
func drip(pause time.Duration) func(net.Conn, []byte) {
	return func(conn net.Conn, answer []byte) {
		for i := range answer {
			if _, err := conn.Write(answer[i : i+1]); err != nil {
				return
			}
			<-time.After(pause)
		}
	}
}

// chunks sends the first bytes of a body as a chunk, and then nothing more.
func chunks(size int) func(net.Conn, []byte) {
	return func(conn net.Conn, answer []byte) {
		head, body, _ := bytes.Cut(answer, []byte("\r\n\r\n"))
		head = bytes.ReplaceAll(head, []byte("Content-Length"), []byte("X-Length"))
		chunk := fmt.Appendf(nil, "\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", size, body[:size])
		_, _ = conn.Write(append(head, chunk...))
	}
}

// garbled sends a body of which every byte is wrong.
func garbled(conn net.Conn, answer []byte) {
	head, body, _ := bytes.Cut(answer, []byte("\r\n\r\n"))
	for i := range body {
		body[i] ^= 0x80
	}
	_, _ = conn.Write(append(append(head, "\r\n\r\n"...), body...))
}

// lostOf loses the answer to a start by a version or alias, at once over or not.
func lostOf(qualifier string) func(*Scene) {
	return func(s *Scene) {
		s.Machine += qualifier
		if s.N(0, 1) == 1 {
			s.Lasts(0)
		}
		s.Script("StartExecution", fakeaws.Fault{Times: s.N(1, 3), Reset: fakeaws.AfterHandling})
	}
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
