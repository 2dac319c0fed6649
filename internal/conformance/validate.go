package conformance

import (
	"errors"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/value"
)

// validate checks a definition as the recorded call did.
func validate(c *Case) Result {
	request := member(c.Document, "request")
	machine, found := asl.Parse([]byte(member(request, "definition").Str()), asl.Options{Type: member(request, "type").Str()})
	out := Result{Document: value.EmptyObject(), Unsupported: unsupported(found)}
	switch {
	case member(c.Document, "op").Str() == "ValidateStateMachineDefinition":
		out.Document = diagnosed(found)
	case found.HasErrors():
		out.Document = exception("InvalidDefinition", found.Error())
	default:
		_, err := sim.New(sim.Config{}).CreateStateMachine(sim.StateMachine{Name: "validated", Machine: machine, Logging: logging(member(request, "loggingConfiguration"))})
		if refused, ok := errors.AsType[*backend.Error](err); ok {
			out.Document = exception(refused.AWSCode, refused.Message)
		}
	}
	return out
}

func exception(code, message string) value.Value {
	return value.Object(value.Member{Key: "exception", Value: value.Object(
		value.Member{Key: "code", Value: value.String(code)},
		value.Member{Key: "message", Value: value.String(message)},
	)})
}

func logging(request value.Value) sim.LoggingConfiguration {
	c := sim.LoggingConfiguration{Level: member(request, "level").Str()}
	for _, d := range member(request, "destinations").Items() {
		c.Destinations = append(c.Destinations, sim.LogDestination{LogGroupArn: member(member(d, "cloudWatchLogsLogGroup"), "logGroupArn").Str()})
	}
	return c
}

// diagnosed is the response of ValidateStateMachineDefinition, without the advice that only sfnx gives.
func diagnosed(found asl.Diagnostics) value.Value {
	var list []value.Value
	for _, d := range found {
		if d.Ours && d.Severity != asl.SeverityError {
			continue
		}
		message, location := d.AWS()
		members := []value.Member{{Key: "severity", Value: value.String(string(d.Severity))}, {Key: "code", Value: value.String(d.Code)}, {Key: "message", Value: value.String(message)}}
		if location != "" {
			members = append(members, value.Member{Key: "location", Value: value.String(location)})
		}
		list = append(list, value.Object(members...))
	}
	verdict := "OK"
	if found.HasErrors() {
		verdict = "FAIL"
	}
	return value.Object(
		value.Member{Key: "result", Value: value.String(verdict)},
		value.Member{Key: "diagnostics", Value: value.Array(list...)},
		value.Member{Key: "truncated", Value: value.Bool(false)},
	)
}
