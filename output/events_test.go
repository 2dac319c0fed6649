package output

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
)

func TestEventLines(t *testing.T) {
	at := time.Date(2026, 11, 20, 5, 42, 1, 200_000_000, time.FixedZone("", 3600))
	var all bytes.Buffer
	for i, news := range []fsm.News{
		fsm.RunNamed{Name: "nightly-1"},
		fsm.RunAuthenticated{Identity: backend.Identity{Account: "123456789012", Arn: "arn:aws:iam::123456789012:user/<scheduler>"}},
		fsm.RunStarted{ExecutionArn: executionArn, Name: "nightly-1", Status: backend.Running, StartDate: at},
		fsm.RunAdopted{ExecutionArn: executionArn, Name: "nightly-1", Status: backend.Succeeded, StartDate: at},
		fsm.RunRedriven{ExecutionArn: executionArn, Name: "nightly-1", Status: backend.Running, StartDate: at, RedriveDate: at.Add(time.Minute)},
		fsm.RunPolled{ExecutionArn: executionArn, Status: backend.Running, Polls: 2},
		fsm.RunThrottled{Call: "DescribeExecution", Wait: 4210 * time.Millisecond},
		fsm.RunUnreachable{Call: "DescribeExecution", Code: backend.Proxy, Error: "CONNECT answered 502\n", Wait: 20 * time.Second},
		fsm.RunWaitTimeout{Limit: 5 * time.Minute},
		fsm.RunInterrupted{Signal: "SIGTERM"},
		fsm.RunEnded{Outcome: outcomes()["failed"]},
		fsm.RunEnded{Outcome: outcomes()["validation"]},
	} {
		line := EventLine(fsm.Event{Seq: i + 1, Time: at, News: news})
		if bytes.Count(line, []byte("\n")) != 1 || !bytes.HasPrefix(line, []byte(`{"type":"run.`)) || !strings.HasSuffix(string(line), `"schema":"sfnx.event/v1"}`+"\n") {
			t.Errorf("line %q", line)
		}
		all.Write(line)
	}
	golden(t, "events.ndjson", all.Bytes())
}
