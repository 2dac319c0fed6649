package sim_test

import (
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
)

// TestStatesIntegration starts a machine of the region from a Task in every way that there is; a machine that is given the
// token of its caller answers it.
func TestStatesIntegration(t *testing.T) {
	const (
		waits   = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":10,"Next":"P"},"P":{"Type":"Pass","Result":{"done":true},"End":true}}}`
		answers = `{"StartAt":"W","States":{
			"W":{"Type":"Wait","Seconds":4,"Next":"H"},
			"H":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:sendTaskHeartbeat","Parameters":{"TaskToken.$":"$.token"},"ResultPath":null,"Next":"V"},
			"V":{"Type":"Wait","Seconds":4,"Next":"S"},
			"S":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:sendTaskSuccess","Parameters":{"TaskToken.$":"$.token","Output":{"answer":42}},"End":true}}}`
		refuses = `{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:sendTaskFailure","Parameters":{"TaskToken.$":"$.token","Error":"No","Cause":"because"},"End":true}}}`
		token   = `{"token.$":"$$.Task.Token"}`
	)
	for _, c := range []struct{ resource, machine, input, fields, output, want string }{
		{"states:startExecution", waits, `{}`, ``, `$.SdkHttpMetadata.HttpStatusCode`, `200`},
		{"states:startExecution.sync", waits, `{}`, ``, `$.Output`, `"{\"done\":true}"`},
		{"states:startExecution.sync:2", waits, `{}`, ``, `$.Output`, `{"done":true}`},
		{"states:startExecution.waitForTaskToken", answers, token, `"HeartbeatSeconds":5,`, `$.answer`, `42`}, // each wait is shorter
		{"states:startExecution.waitForTaskToken", refuses, token, ``, `$`, `No: because`},
		{"aws-sdk:sfn:startExecution", waits, `"{}"`, ``, `$.StartDate`, `"2000-01-01T00:00:00.000Z"`},
	} {
		t.Run(c.resource+" "+c.want, func(t *testing.T) {
			r := sim.New(sim.Config{})
			inner := create(t, r, "Inner", backend.Standard, c.machine)
			outer := create(t, r, "Outer", backend.Standard, `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::`+c.resource+`",`+c.fields+
				`"Parameters":{"StateMachineArn":"`+inner+`","Input":`+c.input+`},"OutputPath":"`+c.output+`","End":true}}}`)
			arn := start(t, r, outer, "x", `{}`)
			r.Advance(r.Now().Add(time.Minute))
			x := describe(t, r, arn)
			got := ""
			switch {
			case x.Output != nil:
				got = *x.Output
			case x.Error != nil:
				got = *x.Error + ": " + *x.Cause
			}
			if got != c.want {
				t.Errorf("got %s %s, want %s", x.Status, got, c.want)
			}
		})
	}
}
