package fault

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// terminals strike in the last answer, and in the look at the history after it.
var terminals = []Fault{
	{Stage: Terminal, Name: "succeeded-output-late", About: "it says SUCCEEDED, and the output comes some seconds later", Want: itsOwn,
		Arrange: func(s *Scene) { s.late("succeeds", "output", "outputDetails") }},
	{Stage: Terminal, Name: "failed-error-late", About: "it says FAILED, and error and cause come some seconds later", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.late("fails", "error", "cause")
			s.Tells("sfnx.error", "CardDeclined")
		}},
	{Stage: Terminal, Name: "aborted-date-late", About: "it says ABORTED, and the stop date comes some seconds later", Want: itsOwn,
		Arrange: func(s *Scene) { s.late("aborted", "stopDate") }},
	{Stage: Terminal, Name: "timed-out-date-late", About: "it says TIMED_OUT, and the stop date comes some seconds later", Want: itsOwn,
		Arrange: func(s *Scene) { s.late("times-out", "stopDate") }},
	{Stage: Terminal, Name: "stop-date-late", About: "it has ended, and the stop date comes some seconds later", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.late(s.Machine, "stopDate")
			s.datesIn(time.UTC)
		}},
	{Stage: Terminal, Name: "output-never", About: "it says SUCCEEDED, and the output never comes", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.Machine = "succeeds"
			s.atEnd(without("output", "outputDetails"))
			s.Tells("result.output", nil)
		}},
	{Stage: Terminal, Name: "error-never", About: "it has failed, and neither error nor cause nor stop date ever come", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.Machine = Among(s, "fails", "aborted", "times-out")
			s.atEnd(without("error", "cause", "stopDate"))
			s.Tells("result.stopDate", nil)
		}},
	{Stage: Terminal, Name: "largest-output", About: "the output has 262,144 bytes", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.outputs(`"` + strings.Repeat(Among(s, "x", "ü", "€", "😀", `\n`, "<"), 262142)[:262142/12*12] + strings.Repeat("y", 262142%12) + `"`)
		}},
	{Stage: Terminal, Name: "strange-output", About: "the output is not what a JSON parser likes", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.outputs(Among(s, `{"a":1.0,"a":12345678901234567890,"b":1e999}`, `{"lone":"\ud800","pair":"\ud83d\ude00","nul":"\u0000"}`, "no JSON at all",
				"{\"control\":\"\x00\x01\x1b[2J\x7f\"}", "\ufeff{}", `{"<script>":"&amp;\u2028"}`, "\u2028\u2029\u202e", " \t\n{}\r\n ", strings.Repeat("[", 20000), `-0.0`, `""`))
		}},
	{Stage: Terminal, Name: "null-output", About: "the output is null", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.outputs("null")
			s.Extra = append(s.Extra, Among(s, "--polling-interval=1", "-v"))
		}},
	{Stage: Terminal, Name: "output-withheld", About: "the service says that the output is not included", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Machine = "succeeds"
			s.atEnd(func(m map[string]any) {
				delete(m, "output")
				m["outputDetails"] = map[string]any{"included": false}
			})
			s.Tells("result.outputDetails.included", false)
			s.Tells("result.output", nil)
		}},
	{Stage: Terminal, Name: "longest-cause", About: "the cause has 32,768 characters", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.causes(strings.Repeat(Among(s, "x", "€", "\n", `{"a":`, "\t"), 32768)[:32768/60*60])
		}},
	{Stage: Terminal, Name: "strange-cause", About: "the cause is no JSON, or has codes for a terminal in it", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.causes(Among(s, "no JSON", `{"errorMessage":`, `{"Cause":"{\"Cause\":\"{}\"}"}`, "\x1b]0;title\x07\x1b[2J", "line 1\nline 2\r\nline 3", `{"errorMessage":"\u001b[31m"}`, "[]", "null", "", `"text"`))
			s.quietTerminal()
		}},
	{Stage: Terminal, Name: "unknown-status", About: "the status is none that the API has today", Want: Want{Code: 1, Starts: 1},
		Arrange: func(s *Scene) {
			s.Want.Status, _ = s.end()
			s.atEnd(member("status", Among(s, "CANCELLED", "PAUSED", "succeeded", "Failed", " SUCCEEDED", "SUCCEEDED\n", "\x1b[2J", "0")))
			s.quietTerminal()
		}},
	{Stage: Terminal, Name: "dates-as-text", About: "a few answers have dates that are texts", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.polls(0, fakeaws.Fault{Times: s.N(1, 4), Edit: member(Among(s, "startDate", "stopDate"), Among[any](s, "2026-11-20T04:41:34Z", "yesterday", "", true))})
		}},
	{Stage: Terminal, Name: "strange-dates", About: "the dates are in milliseconds, of the year 9999, before 1970 or missing", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			which, value := Among(s, "startDate", "stopDate"), Among[any](s, 1790000000000, 253402300799, -62135596800, 0, 0.000001, nil)
			s.atEnd(func(m map[string]any) {
				if value == nil && which == "stopDate" {
					m[which] = m["startDate"]
				} else {
					m[which] = value
				}
			})
		}},
	{Stage: Terminal, Name: "history-denied", About: "the history may not be read", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.asRole()
			s.history(fakeaws.Fault{Code: Among(s, "AccessDeniedException", "KmsAccessDeniedException", "ExpiredTokenException", "ExecutionDoesNotExist")})
		}},
	{Stage: Terminal, Name: "history-throttled", About: "the history is throttled", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.Retry.MaxDelay = 20 * time.Microsecond
			s.history(Among(s, fakeaws.Fault{Code: "ThrottlingException"}, fakeaws.Fault{Code: "ThrottlingException", Header: http.Header{"Retry-After": {"3600"}}}))
		}},
	{Stage: Terminal, Name: "history-broken", About: "the history cannot be read: 500, cut or garbled", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.history(Among(s, fakeaws.Fault{Code: "InternalFailure", Status: 500}, fakeaws.Fault{Reset: fakeaws.MidAnswer}, fakeaws.Fault{Write: garbled},
				fakeaws.Fault{Edit: func(m map[string]any) { delete(m, "events") }}, fakeaws.Fault{Edit: member("events", []any{map[string]any{"id": "one"}, nil, 7})},
				fakeaws.Fault{Body: `{"events":[{"id":1,"type":"Something","previousEventId":1,"timestamp":1}]}`, ContentType: "application/x-amz-json-1.0"}))
		}},
	{Stage: Terminal, Name: "history-without-end", About: "the history always has another page", Want: itsOwn,
		Arrange: func(s *Scene) {
			empty := s.N(0, 1) == 1
			s.history(fakeaws.Fault{Edit: func(m map[string]any) {
				m["nextToken"] = "more"
				if empty {
					m["events"] = []any{}
				}
			}})
		}},
	{Stage: Terminal, Name: "history-going-round", About: "each event of the history points at the other as its cause", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.history(fakeaws.Fault{Body: fmt.Sprintf(`{"events":[{"id":2,"previousEventId":1,"type":%[1]q,"timestamp":1},{"id":1,"previousEventId":2,"type":%[2]q,"timestamp":1},{"id":3,"previousEventId":2,"type":"ExecutionFailed","timestamp":1,"executionFailedEventDetails":{}}]}`,
				Among(s, "ParallelStateFailed", "MapStateFailed", "TaskFailed"), Among(s, "ParallelStateFailed", "MapIterationFailed", "TaskScheduled")), ContentType: "application/x-amz-json-1.0"})
		}},
	{Stage: Terminal, Name: "history-hangs", About: "the history never comes", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.AttemptTimeout = 200 * time.Millisecond
			s.history(fakeaws.Fault{Hang: true})
		}},
	{Stage: Terminal, Name: "strange-state-name", About: "the name of the state that failed has codes for a terminal in it, or a script for a browser", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Machine = Among(s, "fails", "times-out")
			name := Among(s, "\x1b[2J\x1b]0;owned\x07", `<img src=x onerror="alert(1)">`, "a\nb\r\nexit 0", "\u202eevil", strings.Repeat("ü", 80), `"]}'; rm -rf ~`, "\u200b", "A:1")
			s.Set(func(m *fakeaws.Machine) { m.State = name })
			s.Tells("sfnx.failed_state", name)
			s.quietTerminal()
		}},
}

// atEnd edits every answer about an execution that has ended.
func (s *Scene) atEnd(edit func(map[string]any)) {
	s.Script("DescribeExecution", fakeaws.Fault{Times: fakeaws.Forever, Edit: func(m map[string]any) {
		if m["status"] != string(backend.Running) {
			edit(m)
		}
	}})
}

// late makes the execution that of a machine, and keeps members of the answers back for some seconds after its end.
func (s *Scene) late(machine string, names ...string) {
	s.Machine = machine
	s.world.late = 0
	keep := time.Duration(s.N(1, 25)) * time.Second
	s.atEnd(func(m map[string]any) {
		stopped, _ := m["stopDate"].(float64)
		if s.world.Now().Sub(time.UnixMilli(int64(stopped*1000))) < keep {
			without(names...)(m)
		}
	})
}

// without deletes members of an answer.
func without(names ...string) func(map[string]any) {
	return func(m map[string]any) {
		for _, name := range names {
			delete(m, name)
		}
	}
}

// outputs makes the execution succeed with an output, which the document must have unchanged.
func (s *Scene) outputs(text string) {
	s.Machine = "succeeds"
	s.Set(func(m *fakeaws.Machine) { m.Output = text })
	s.Tells("result.output", text)
}

// causes makes the execution fail with a cause, which the document must have unchanged.
func (s *Scene) causes(text string) {
	s.Machine = "fails"
	s.Set(func(m *fakeaws.Machine) { m.Cause = text })
	s.Tells("sfnx.cause", text)
	s.Tells("sfnx.error", "CardDeclined")
}

// history lets every look at the history of an execution that did not succeed meet a fault.
func (s *Scene) history(f fakeaws.Fault) {
	s.Machine = Among(s, "fails", "aborted", "times-out")
	f.Times = fakeaws.Forever
	s.Script("GetExecutionHistory", f)
}

// quietTerminal wants nothing on stderr that a terminal would obey.
func (s *Scene) quietTerminal() {
	s.Also(func(p performance) string {
		if i := strings.IndexFunc(p.errs, func(r rune) bool { return r < ' ' && r != '\n' || r == 0x7f || r == '\u202e' }); i >= 0 {
			return fmt.Sprintf("stderr sends the terminal %q", p.errs[i:min(i+10, len(p.errs))])
		}
		return ""
	})
}
