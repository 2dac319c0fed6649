package sim_test

import (
	"errors"
	"testing"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
)

func TestLoggingConfiguration(t *testing.T) {
	const (
		group = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/vendedlogs/states/order"
		none  = "Invalid Logging Configuration: Must specify exactly one Log Destination."
		lost  = "Invalid Logging Configuration: Log Destination not found."
	)
	m, found := asl.Parse([]byte(`{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`), asl.Options{})
	if found.HasErrors() {
		t.Fatal(found)
	}
	for name, c := range map[string]struct {
		level string
		arns  []string
		want  string
	}{
		"nothing":            {},
		"off":                {level: "OFF"},
		"off, with a group":  {level: "OFF", arns: []string{group + "-deleted:*"}},
		"all":                {level: "ALL", arns: []string{group + ":*"}},
		"no destination":     {level: "FATAL", want: none},
		"empty destination":  {level: "ERROR", arns: []string{""}, want: none},
		"two destinations":   {level: "ALL", arns: []string{group + ":*", group + ":*"}, want: none},
		"no such group":      {level: "ALL", arns: []string{group + "-deleted:*"}, want: lost},
		"without all of it":  {level: "ALL", arns: []string{group}, want: lost},
		"another log stream": {level: "ALL", arns: []string{group + ":x"}, want: lost},
	} {
		t.Run(name, func(t *testing.T) {
			logging := sim.LoggingConfiguration{Level: c.level}
			for _, arn := range c.arns {
				logging.Destinations = append(logging.Destinations, sim.LogDestination{LogGroupArn: arn})
			}
			_, err := sim.New(sim.Config{LogGroups: []string{group}}).CreateStateMachine(sim.StateMachine{Name: "order", Machine: m, Logging: logging})
			var refused *backend.Error
			switch errors.As(err, &refused); {
			case c.want == "" && err != nil:
				t.Errorf("got %v, want no error", err)
			case c.want != "" && (refused == nil || refused.AWSCode != "InvalidLoggingConfiguration" || refused.Message != c.want):
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
