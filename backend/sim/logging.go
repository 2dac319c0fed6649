package sim

import (
	"slices"
	"strings"

	"github.com/sfnx/sfnx/backend"
)

// LoggingConfiguration says what a state machine writes to CloudWatch Logs. A region checks it, and writes nothing.
type LoggingConfiguration struct {
	Level                string // ALL, ERROR, FATAL or OFF, which is the default
	IncludeExecutionData bool
	Destinations         []LogDestination
}

// LogDestination is a log group; its ARN ends with ":*".
type LogDestination struct {
	LogGroupArn string
}

// checkLogging is AWS's check of a configuration, its words recorded: a machine that logs has one destination, which
// exists.
func (r *Region) checkLogging(c LoggingConfiguration) error {
	refuse := func(why string) error {
		return &backend.Error{Code: backend.Validation, Op: "CreateStateMachine", AWSCode: "InvalidLoggingConfiguration", Message: "Invalid Logging Configuration: " + why}
	}
	if c.Level == "" || c.Level == "OFF" {
		return nil
	}
	if len(c.Destinations) != 1 || c.Destinations[0].LogGroupArn == "" {
		return refuse("Must specify exactly one Log Destination.")
	}
	if group, all := strings.CutSuffix(c.Destinations[0].LogGroupArn, ":*"); !all || !slices.Contains(r.config.LogGroups, group) {
		return refuse("Log Destination not found.")
	}
	return nil
}
