package interp_test

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/value"
)

// generator writes small definitions that are correct and do as much as possible at the same time: blocks in one another,
// loops, failures, timeouts, retries, data that is too large or missing.
type generator struct {
	t *rapid.T
	n int // states so far; it makes their names unique
}

func (g *generator) oneOf(words ...string) string { return rapid.SampledFrom(words).Draw(g.t, "word") }

func (g *generator) upTo(n int) int { return rapid.IntRange(0, n).Draw(g.t, "n") }

// sometimes gives one of the words, or nothing.
func (g *generator) sometimes(words ...string) string {
	if g.upTo(2) != 2 {
		return ""
	}
	return g.oneOf(words...)
}

// rarely gives bad, the cause of a States.Runtime that ends it all, else good. Small numbers are drawn more often than others.
func (g *generator) rarely(bad, good string) string {
	if g.upTo(29) != 23 {
		return good
	}
	return bad
}

// machine is a definition.
func (g *generator) machine() string {
	return "{" + g.sometimes(`"TimeoutSeconds":5,`, `"TimeoutSeconds":60,`) + g.scope(3) + "}"
}

// scope is StartAt and States: a chain, with jumps by Choice and Catch to any of its states.
func (g *generator) scope(depth int) string {
	names := make([]string, rapid.SampledFrom([]int{2, 1, 3, 4}).Draw(g.t, "states"))
	for i := range names {
		g.n++
		names[i] = fmt.Sprintf("S%d", g.n)
	}
	states := make([]string, len(names))
	for i, name := range names {
		next := `"End":true`
		if i+1 < len(names) {
			next = fmt.Sprintf(`"Next":%q`, names[i+1])
		}
		states[i] = fmt.Sprintf("%q:{%s}", name, g.state(depth, next, names))
	}
	return fmt.Sprintf(`"StartAt":%q,"States":{%s}`, names[0], strings.Join(states, ","))
}

// state is the inside of a state that goes on with next, a Next or End.
func (g *generator) state(depth int, next string, names []string) string {
	last := next == `"End":true`
	kinds := []string{"Task", "Pass", "Wait", "Task", "Pass"}
	if depth > 0 {
		kinds = append([]string{"Parallel", "Map"}, kinds...)
	}
	if last {
		kinds = append(kinds, "Succeed", "Fail", "Fail")
	} else {
		kinds = append(kinds, "Choice", "Choice")
	}
	path := g.rarely(`"InputPath":"$.missing",`, g.sometimes(`"InputPath":null,`, `"InputPath":"$$.Execution.Input",`, `"InputPath":"$$.Execution.Input","OutputPath":null,`, `"OutputPath":"$$.Execution",`))
	result := g.rarely(`"ResultPath":"$.l[0]",`, g.sometimes(`"ResultPath":null,`, `"ResultPath":null,`))
	if g.upTo(9) == 7 {
		path, result = `"InputPath":"$",`, g.oneOf(`"ResultPath":"$.r",`, `"ResultPath":"$.r.s",`)
	}
	parameters := g.rarely(`"Parameters":{"missing.$":"$.missing"},`, g.sometimes(`"Parameters":{"n.$":"$$.Execution.Input.n","id.$":"States.UUID()"},`, `"Parameters":{"all.$":"$$"},`))
	handlers := func() string { return g.retry() + g.catch(names) }
	switch kind := g.oneOf(kinds...); kind {
	case "Pass":
		return `"Type":"Pass",` + path + result + g.oneOf(parameters, `"Result":{"n":1,"l":[1,2]},`, `"Result":"text",`) + next
	case "Wait":
		return `"Type":"Wait",` + path + g.rarely(`"SecondsPath":"$.n",`, g.oneOf(`"Seconds":0,`, `"Seconds":1,`, `"Seconds":2,`, `"SecondsPath":"$$.Execution.Input.n",`, `"Timestamp":"2026-01-01T00:00:04Z",`)) + next
	case "Task":
		resource, token := g.resource()
		if token != "" {
			parameters = g.oneOf(parameters, token)
		}
		return `"Type":"Task","Resource":` + resource +
			g.sometimes(`"TimeoutSeconds":2,`, `"TimeoutSeconds":3,`, `"TimeoutSecondsPath":"$$.Execution.Input.n",`) + g.sometimes(`"HeartbeatSeconds":1,`) +
			path + result + parameters + g.sometimes(`"ResultSelector":{"x":1},`) + handlers() + next
	case "Parallel":
		branches := make([]string, rapid.SampledFrom([]int{2, 3, 1}).Draw(g.t, "branches"))
		for i := range branches {
			branches[i] = "{" + g.scope(depth-1) + "}"
		}
		return `"Type":"Parallel",` + path + result + parameters + handlers() + `"Branches":[` + strings.Join(branches, ",") + `],` + next
	case "Map":
		mode := g.sometimes(`"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},`)
		return `"Type":"Map","ItemsPath":` + g.rarely(`"$.l",`, `"$$.Execution.Input.l",`) +
			g.sometimes(`"MaxConcurrency":1,`, `"MaxConcurrency":2,`) + path + result + handlers() +
			g.rarely(`"ItemSelector":{"c.$":"$$.Map.Item.Value.missing"},`, g.sometimes(`"ItemSelector":{"i.$":"$$.Map.Item.Value"},`, `"ItemSelector":{"c.$":"$$"},`)) +
			g.rarely(`"ToleratedFailureCountPath":"$.n",`, "") + `"ItemProcessor":{` + mode + g.scope(depth-1) + `},` + next
	case "Choice":
		rule := g.rarely(`"Variable":"$.n","NumericEquals":1`, g.oneOf(`"Variable":"$","IsString":true`, `"Variable":"$.r","IsPresent":true`, `"Variable":"$$.State.EnteredTime","TimestampLessThan":"2026-01-01T00:00:03Z"`))
		otherwise := strings.Replace(next, "Next", "Default", 1)
		return fmt.Sprintf(`"Type":"Choice",%s"Choices":[{%s,"Next":%q}],%s`, path, rule, g.oneOf(names...), otherwise)
	case "Succeed":
		return path + `"Type":"Succeed"`
	default:
		return `"Type":"Fail"` + g.oneOf(``, `,"Error":"E"`, `,"Error":"F","Cause":"c"`, `,"ErrorPath":"$$.Execution.Name"`)
	}
}

// resource is what a Task calls, with Parameters that hold its token if it has one.
func (g *generator) resource() (resource, token string) {
	switch resource = g.oneOf(`"arn:aws:states:::sqs:sendMessage",`, `"arn:aws:lambda:us-east-1:123456789012:function:f",`, `"arn:aws:states:us-east-1:123456789012:activity:a",`,
		`"arn:aws:states:::sqs:sendMessage.waitForTaskToken",`, `"arn:aws:states:::states:startExecution.sync:2",`); {
	case strings.Contains(resource, ".waitForTaskToken"), strings.Contains(resource, ".sync"):
		token = `"Parameters":{"token.$":"$$.Task.Token"},`
	}
	return resource, token
}

const someErrors = `["E"] ["F","States.Timeout"] ["States.TaskFailed"] ["States.DataLimitExceeded"] ["States.HeartbeatTimeout"]`

func (g *generator) retry() string {
	return g.sometimes(
		fmt.Sprintf(`"Retry":[{"ErrorEquals":%s,"MaxAttempts":2,"BackoffRate":1.5%s}],`, g.oneOf(strings.Fields(someErrors)...), g.sometimes(`,"JitterStrategy":"FULL"`)),
		`"Retry":[{"ErrorEquals":["F"],"MaxAttempts":0},{"ErrorEquals":["States.ALL"],"MaxAttempts":1}],`)
}

func (g *generator) catch(names []string) string {
	return g.sometimes(
		fmt.Sprintf(`"Catch":[{"ErrorEquals":%s,"ResultPath":%s,"Next":%q}],`, g.oneOf(strings.Fields(someErrors)...), g.oneOf("null", `"$.e"`, `"$.e.f"`), g.oneOf(names...)),
		fmt.Sprintf(`"Catch":[{"ErrorEquals":["States.ALL"],"Next":%q}],`, g.oneOf(names...)))
}

// config is how the machine is run: with limits low enough that they are met now and then.
func (g *generator) config() config {
	return config{
		start: epoch,
		seed:  uint64(g.upTo(3)),
		input: g.rarely(`"text"`, g.oneOf(`{"n":1,"l":[1,2,3]}`, `{"n":2,"l":[1]}`, `{"n":0,"l":[]}`)),
		limits: interp.Limits{
			Events:       300 - 10*g.upTo(28),
			PayloadBytes: 3000 - 100*g.upTo(29),
			Visits:       60 - g.upTo(55),
		},
	}
}

// answers are a few answers to tasks and Map Runs, given in turn.
func (g *generator) answers() []answer {
	list := make([]answer, 6)
	for i := range list {
		a := answer{kind: rapid.SampledFrom([]answerKind{returns, returns, returns, throws, throws, never, queued, refused}).Draw(g.t, "kind"), delay: time.Duration(g.upTo(6)) * 500 * time.Millisecond, output: value.Int(int64(i))}
		switch g.upTo(3) {
		case 0:
			a.output = value.String(strings.Repeat("x", 60*g.upTo(20)))
		case 1:
			a.err, a.cause = ptr(g.rarely("States.Runtime", g.oneOf("E", "F", "States.Timeout"))), ptr("c")
		case 2:
			a.submitted, a.taken, a.worker = ptr(value.Int(7)), time.Duration(g.upTo(3))*500*time.Millisecond, "w"
			for n := range g.upTo(3) {
				a.beats = append(a.beats, time.Duration(n+1)*800*time.Millisecond)
			}
		}
		if a.kind == throws && a.err == nil {
			a.err, a.cause = ptr("E"), ptr("")
		}
		list[i] = a
	}
	return list
}

// stop is a StopExecution, or nil.
func (g *generator) stop() *pending {
	if g.upTo(4) != 3 {
		return nil
	}
	return &pending{epoch.Add(time.Duration(g.upTo(8)) * 500 * time.Millisecond), interp.Stop{Error: ptr("Stopped")}}
}

func ptr[T any](v T) *T { return &v }
