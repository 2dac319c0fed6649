package sim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/value"
)

const waitForToken = `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","HeartbeatSeconds":60,"TimeoutSeconds":300,
	"Parameters":{"MessageBody":{"token.$":"$$.Task.Token"}},"End":true}}}`

// mailbox keeps the messages that a queue would get, by execution.
type mailbox map[string]string

func (m mailbox) Answer(c sim.Call) (sim.Answer, error) {
	body, _ := c.Parameters.Get("MessageBody")
	token, _ := body.Get("token")
	if token.Str() != c.Token {
		return sim.Answer{}, fmt.Errorf("the token %q is told as %q", c.Token, token)
	}
	m[c.ExecutionName] = c.Token
	return sim.Never().Submitted(value.Object(value.Member{Key: "MessageId", Value: text("m")})), nil
}

// wantAWS checks the code of a failed call as AWS names it.
func wantAWS(t testing.TB, what string, err error, want string) {
	t.Helper()
	e, ok := err.(*backend.Error) //nolint:errorlint // the region wraps nothing
	if !ok || e.AWSCode != want {
		t.Errorf("%s gave %v, want %s", what, err, want)
	}
}

func TestTokensAreAnsweredFromOutside(t *testing.T) {
	tokens := mailbox{}
	r := sim.New(sim.Config{Tasks: tokens})
	machine := create(t, r, "machine", "", waitForToken)
	begin := r.Now()
	ok, failing, silent := start(t, r, machine, "ok", `{}`), start(t, r, machine, "failing", `{}`), start(t, r, machine, "silent", `{}`)

	r.Advance(begin.Add(50 * time.Second))
	for _, name := range []string{"ok", "failing"} {
		if err := r.SendTaskHeartbeat(t.Context(), tokens[name]); err != nil {
			t.Fatal(err)
		}
	}
	r.Advance(begin.Add(100 * time.Second))
	if x := describe(t, r, silent); x.Status != backend.Failed || *x.Error != "States.Timeout" || x.StopDate.Sub(begin) != time.Minute {
		t.Errorf("without a heartbeat it is %s after %s", x.Status, x.StopDate.Sub(begin))
	}
	if err := r.SendTaskSuccess(t.Context(), tokens["ok"], ` {"r" : [1, 2.50]} `); err != nil {
		t.Fatal(err)
	}
	if x := describe(t, r, ok); x.Status != backend.Succeeded || *x.Output != `{"r":[1,2.50]}` || x.StopDate.Sub(begin) != 100*time.Second {
		t.Errorf("an answered one is %s, %v, after %s", x.Status, x.Output, x.StopDate.Sub(begin))
	}
	if err := r.SendTaskFailure(t.Context(), tokens["failing"], nil, ptr("why")); err != nil {
		t.Fatal(err)
	}
	if x := describe(t, r, failing); x.Status != backend.Failed || x.Error != nil || *x.Cause != "why" {
		t.Errorf("a failed one is %+v", x)
	}
	for name, token := range tokens {
		wantAWS(t, name+" again", r.SendTaskSuccess(t.Context(), token, `1`), "TaskTimedOut")
		wantAWS(t, name+" again", r.SendTaskFailure(t.Context(), token, nil, nil), "TaskTimedOut")
		wantAWS(t, name+" again", r.SendTaskHeartbeat(t.Context(), token), "TaskTimedOut")
	}
}

func TestAnswersThatAreRefused(t *testing.T) {
	tokens := mailbox{}
	r := sim.New(sim.Config{Tasks: tokens})
	arn := start(t, r, create(t, r, "machine", "", waitForToken), "a", `{}`)
	good := tokens["a"]
	for _, token := range []string{"", "x", good[:len(good)-1], good + "=", strings.Repeat("x", 2049), "\x00"} {
		wantAWS(t, "an unknown token", r.SendTaskSuccess(t.Context(), token, `1`), "InvalidToken")
		wantAWS(t, "an unknown token", r.SendTaskFailure(t.Context(), token, nil, nil), "InvalidToken")
		wantAWS(t, "an unknown token", r.SendTaskHeartbeat(t.Context(), token), "InvalidToken")
	}
	for _, output := range []string{"", "{", "nope", `1 2`, `"` + strings.Repeat("x", 262_143) + `"`} {
		wantAWS(t, "a bad output", r.SendTaskSuccess(t.Context(), good, output), "InvalidOutput")
	}
	wantAWS(t, "a long error", r.SendTaskFailure(t.Context(), good, ptr(strings.Repeat("é", 257)), nil), "ValidationException")
	wantAWS(t, "a long cause", r.SendTaskFailure(t.Context(), good, nil, ptr(strings.Repeat("é", 32_769))), "ValidationException")
	if x := describe(t, r, arn); x.Status != backend.Running {
		t.Fatalf("a refused answer makes it %s", x.Status)
	}
	if err := r.SendTaskSuccess(t.Context(), good, `"`+strings.Repeat("x", 262_142)+`"`); err != nil {
		t.Errorf("an output of 262,144 bytes: %v", err)
	}
	if x := describe(t, r, arn); x.Status != backend.Succeeded {
		t.Errorf("it is %s", x.Status)
	}
	again := start(t, r, create(t, r, "second", "", waitForToken), "b", `{}`)
	if _, err := r.StopExecution(t.Context(), backend.StopExecutionInput{ExecutionArn: again}); err != nil {
		t.Fatal(err)
	}
	wantAWS(t, "the token of a stopped execution", r.SendTaskSuccess(t.Context(), tokens["b"], `1`), "TaskTimedOut")
}

// Many tokens pass; the region remembers the latest of those that are over.
func TestOldTokensAreForgotten(t *testing.T) {
	var first, last string
	r := sim.New(sim.Config{Limits: sim.Limits{Events: -1, Visits: -1}, Tasks: tasks(func(c sim.Call) (sim.Answer, error) {
		if last = c.Token; first == "" {
			first = c.Token
		}
		return sim.Return(c.Parameters), nil
	})})
	arn := start(t, r, create(t, r, "loop", "", `{"StartAt":"I","States":{"I":{"Type":"Pass","Result":{"i":0},"Next":"T"},
		"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"i.$":"States.MathAdd($.i, 1)"},"Next":"C"},
		"C":{"Type":"Choice","Choices":[{"Variable":"$.i","NumericLessThan":10002,"Next":"T"}],"Default":"S"},"S":{"Type":"Succeed"}}}`), "a", `{}`)
	if x := describe(t, r, arn); x.Status != backend.Succeeded {
		t.Fatalf("it is %s", x.Status)
	}
	wantAWS(t, "the latest token", r.SendTaskHeartbeat(t.Context(), last), "TaskTimedOut")
	wantAWS(t, "the oldest token", r.SendTaskHeartbeat(t.Context(), first), "InvalidToken")
}

// The token goes to another state machine, which answers as AWS's SDK integrations do.
func TestTokensAreAnsweredByAnotherExecution(t *testing.T) {
	parent := func(pattern string) string {
		return `{"StartAt":"P","States":{"P":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution` + pattern + `","HeartbeatSeconds":30,"Parameters":{
			"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:child","Name":"child","Input":{"token.$":"$$.Task.Token"}},"End":true}}}`
	}
	child := func(action, parameters, rest string) string {
		return `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":20,"Next":"S"},"S":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:` + action + `","Parameters":{"TaskToken.$":"$.token"` + parameters + `},` + rest + `}}`
	}
	const (
		end    = `"End":true}`
		minute = `"ResultPath":null,"Next":"M"},"M":{"Type":"Wait","Seconds":60,"End":true}`
	)
	for _, c := range []struct {
		name, pattern, child string
		status               backend.Status
		result               string
		took                 time.Duration
	}{
		{"success", ".waitForTaskToken", child("sendTaskSuccess", `,"Output":{"a":1}`, end), backend.Succeeded, `{"a":1}`, 20 * time.Second},
		{"success as a text", ".waitForTaskToken", child("sendTaskSuccess", `,"Output":"[1, 2]"`, end), backend.Succeeded, `[1,2]`, 20 * time.Second},
		{"failure", ".waitForTaskToken", child("sendTaskFailure", `,"Error":"E","Cause":"c"`, end), backend.Failed, `E c`, 20 * time.Second},
		{"failure without a word", ".waitForTaskToken", child("sendTaskFailure", ``, end), backend.Failed, `- -`, 20 * time.Second},
		{"a heartbeat, and no more", ".waitForTaskToken", child("sendTaskHeartbeat", ``, end), backend.Failed, `States.Timeout -`, 50 * time.Second},
		{"the job of .sync answers before its end", ".sync", child("sendTaskSuccess", `,"Output":7`, minute), backend.Succeeded, `7`, 20 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := sim.New(sim.Config{})
			create(t, r, "child", "", c.child)
			arn := start(t, r, create(t, r, "parent", "", parent(c.pattern)), "p", `{}`)
			untilDone(t, r, arn)
			x := describe(t, r, arn)
			if took := x.StopDate.Sub(x.StartDate); x.Status != c.status || resultOf(x) != c.result || took != c.took || !r.Now().Equal(x.StopDate) {
				t.Errorf("it is %s after %s, seen after %s: %s", x.Status, took, r.Now().Sub(x.StartDate), resultOf(x))
			}
			r.Advance(r.Now().Add(time.Hour))
			if x := describe(t, r, childArn); x.Status != backend.Succeeded || x.StopDate.Sub(x.StartDate) < 20*time.Second {
				t.Errorf("the child is %s: %s", x.Status, resultOf(x))
			}
		})
	}
	for _, c := range []struct{ name, child, want string }{
		{"an output that is no JSON", child("sendTaskSuccess", `,"Output":"{"`, end), "Sfn.InvalidOutputException"},
		{"no output", child("sendTaskSuccess", ``, end), "Sfn.InvalidOutputException"},
		{"an unknown token", `{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:sendTaskSuccess","Parameters":{"TaskToken":"x","Output":1},"End":true}}}`, "Sfn.InvalidTokenException"},
		{"a token that is over", child("sendTaskFailure", ``, `"ResultPath":null,"Next":"S2"},"S2":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:sendTaskHeartbeat","Parameters":{"TaskToken.$":"$.token"},"End":true}`), "Sfn.TaskTimedOutException"},
	} {
		r := sim.New(sim.Config{})
		create(t, r, "child", "", c.child)
		start(t, r, create(t, r, "parent", "", parent(".waitForTaskToken")), "p", `{}`)
		r.Advance(r.Now().Add(time.Hour))
		if x := describe(t, r, childArn); x.Status != backend.Failed || *x.Error != c.want {
			t.Errorf("%s: the child is %s: %s", c.name, x.Status, resultOf(x))
		}
	}
}

// A task may answer a token and wait for one of its own: its answer is not the response to its call.
func TestATaskThatAnswersAndWaits(t *testing.T) {
	r := sim.New(sim.Config{})
	arn := start(t, r, create(t, r, "self", "", `{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:sendTaskHeartbeat.waitForTaskToken","TimeoutSeconds":9,"Parameters":{"TaskToken.$":"$$.Task.Token"},"End":true}}}`), "a", `{}`)
	untilDone(t, r, arn)
	if x := describe(t, r, arn); resultOf(x) != "States.Timeout -" {
		t.Errorf("it is %s: %s", x.Status, resultOf(x))
	}
	if h := historyText(t, r, arn); !strings.Contains(h, `"TaskSubmitted"`) {
		t.Errorf("nothing is submitted:\n%s", h)
	}
}

func TestTheOwnerOfATokenIsBroken(t *testing.T) {
	var token string
	r := sim.New(sim.Config{Tasks: tasks(func(c sim.Call) (sim.Answer, error) {
		if c.State == "B" || c.State == "V" {
			return sim.Answer{}, errNobody
		}
		token = c.Token
		return sim.Never(), nil
	})})
	createActivity(t, r)
	start(t, r, create(t, r, "machine", "", `{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[
		{"StartAt":"V","States":{"V":{"Type":"Task","Resource":"`+activityArn+`","End":true}}},
		{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","End":true}}},
		{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"Next":"B"},"B":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}}}],"End":true}}}`), "a", `{}`)
	r.Advance(r.Now().Add(time.Minute))
	if err := r.SendTaskSuccess(t.Context(), token, `1`); err == nil || !strings.Contains(err.Error(), "nobody is here") {
		t.Errorf("an answer to an execution that cannot go on gave %v", err)
	}
	if taken, _ := poll(t, r, "w"); taken != "" {
		t.Error("a worker gets a task of an execution that cannot go on")
	}
}
