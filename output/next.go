package output

import (
	"strings"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
)

// Next is the commands to look at or go on with after a run, ready to be pasted; none after a simulation, whose world
// is gone with the process.
func Next(o fsm.Outcome) []string {
	next := []string{}
	if o.Request.Simulated {
		return next
	}
	command := func(verb, arn string) {
		words := []string{"sfnx", verb, arn}
		if o.Request.Profile != "" {
			words = append(words, "--profile", o.Request.Profile)
		}
		if o.Request.EndpointURL != "" {
			words = append(words, "--endpoint-url", o.Request.EndpointURL)
		}
		for i, w := range words {
			words[i] = quote(w)
		}
		next = append(next, strings.Join(words, " "))
	}
	if o.Execution == nil {
		if arn, err := backend.ParseARN(o.Request.StateMachineArn); err == nil && (o.Ambiguous || o.Left == fsm.LeftUnknown) {
			command("describe", arn.Execution(o.Name).String())
		}
		return next
	}
	arn := o.Execution.ExecutionArn
	switch {
	case express(arn):
	case o.Ending == fsm.Started:
		command("wait", arn)
	case o.Left == fsm.LeftRunning, o.Left == fsm.LeftStopping:
		command("wait", arn)
		command("stop", arn)
	case o.Ending != fsm.Succeeded:
		command("history", arn)
		if o.Execution.RedriveStatus == "REDRIVABLE" {
			command("redrive", arn)
		}
	}
	return next
}

// consoleURL is the page of the execution in the AWS console, "" where there is none.
func consoleURL(o fsm.Outcome) string {
	if o.Execution == nil || o.Request.Simulated || o.Request.EndpointURL != "" || express(o.Execution.ExecutionArn) {
		return ""
	}
	arn, err := backend.ParseARN(o.Execution.ExecutionArn)
	if err != nil {
		return ""
	}
	host, known := map[string]string{
		"aws":        arn.Region + ".console.aws.amazon.com",
		"aws-cn":     arn.Region + ".console.amazonaws.cn",
		"aws-us-gov": arn.Region + ".console.amazonaws-us-gov.com",
	}[arn.Partition]
	if !known {
		return ""
	}
	return "https://" + host + "/states/home?region=" + arn.Region + "#/v2/executions/details/" + arn.String()
}

// express reports whether an execution is an EXPRESS one, which can be neither described nor stopped.
func express(arn string) bool {
	a, err := backend.ParseARN(arn)
	return err == nil && a.Kind == "express"
}

// quote makes one word of a POSIX shell.
func quote(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:@+=,%", r)
	}
	if word != "" && strings.TrimFunc(word, plain) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
