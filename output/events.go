package output

import (
	"time"

	"github.com/sfnx/sfnx/fsm"
)

// EventSchema names the shape of the event stream.
const EventSchema = "sfnx.event/v1"

// EventLine is one line of the event stream: an object that begins with type, seq and time and ends with schema, and
// a newline.
func EventLine(e fsm.Event) []byte {
	kind, news := event(e.News)
	members := []member{{"type", kind}, {"seq", e.Seq}, {"time", instant(e.Time)}}
	members = append(members, news...)
	return line(append(members, member{"schema", EventSchema}))
}

func event(news fsm.News) (kind string, members []member) {
	switch n := news.(type) {
	case fsm.RunNamed:
		return "run.named", []member{{"name", n.Name}}
	case fsm.RunAuthenticated:
		return "run.authenticated", []member{{"account", n.Identity.Account}, {"arn", n.Identity.Arn}}
	case fsm.RunStarted:
		return "run.started", execution(n.ExecutionArn, n.Name, string(n.Status), n.StartDate)
	case fsm.RunAdopted:
		return "run.adopted", execution(n.ExecutionArn, n.Name, string(n.Status), n.StartDate)
	case fsm.RunRedriven:
		return "run.redriven", append(execution(n.ExecutionArn, n.Name, string(n.Status), n.StartDate), member{"redrive_date", instant(n.RedriveDate)})
	case fsm.RunPolled:
		return "run.polled", []member{{"execution_arn", n.ExecutionArn}, {"status", n.Status}, {"polls", n.Polls}}
	case fsm.RunThrottled:
		return "run.throttled", []member{{"call", n.Call}, {"wait_ms", n.Wait.Milliseconds()}}
	case fsm.RunUnreachable:
		return "run.unreachable", []member{{"call", n.Call}, {"code", n.Code}, {"error", n.Error}, {"wait_ms", n.Wait.Milliseconds()}}
	case fsm.RunWaitTimeout:
		return "run.wait_timeout", []member{{"limit_ms", n.Limit.Milliseconds()}}
	case fsm.RunInterrupted:
		return "run.interrupted", []member{{"signal", n.Signal}}
	case fsm.RunEnded:
		return "run.ended", endOf(n.Outcome)
	}
	panic("output: an event that has no line")
}

func execution(arn, name, status string, start time.Time) []member {
	return []member{{"execution_arn", arn}, {"name", name}, {"status", status}, {"start_date", instant(start)}}
}

func endOf(o fsm.Outcome) []member {
	d := details(o)
	var arn, status *string
	if x := o.Execution; x != nil {
		arn, status = unlessEmpty(x.ExecutionArn), unlessEmpty(string(x.Status))
	}
	return []member{{"exit_code", RowOf(o.Ending).Code}, {"class", d.Class}, {"ending", d.Ending}, {"execution_arn", arn}, {"status", status},
		{"error", d.Error}, {"cause", d.Cause}, {"failed_state", d.FailedState}, {"failed_event_id", d.FailedEventID}, {"retries", d.Retries},
		{"execution_left", d.ExecutionLeft}}
}

// instant is a time as events write it: RFC 3339 in UTC, no more digits than needed.
func instant(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
