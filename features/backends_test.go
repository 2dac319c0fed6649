package features

import (
	"testing"
	"time"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/aws"
	"github.com/sfnx/sfnx/backend/backendtest"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// The two backends pass the same suite: the simulated region as it is, and AWS over HTTP with such a region behind it.

func TestTheSimulatedRegionIsABackend(t *testing.T) {
	backendtest.Run(t, func(t *testing.T) backendtest.Fixture {
		region := regionForTheSuite(t)
		return fixture(region, region)
	})
}

func TestAWSOverHTTPIsABackend(t *testing.T) {
	t.Setenv("AWS_CONFIG_FILE", "/nowhere/config")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere/credentials")
	backendtest.Run(t, func(t *testing.T) backendtest.Fixture {
		region := regionForTheSuite(t)
		server, err := fakeaws.Start(region, fakeaws.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.Close)
		b, err := aws.Open(t.Context(), aws.Config{
			Region: fakeaws.Region, EndpointURL: server.URL, Retry: aws.Retry{BaseDelay: time.Microsecond},
			CredentialsDocument: []byte(credentialsDocument(farFuture)),
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(b.Close)
		return fixture(b, region)
	})
}

func fixture(b backend.Backend, region *sim.Region) backendtest.Fixture {
	return backendtest.Fixture{Backend: b, Arn: arnOf, Advance: func(d time.Duration) { region.Advance(region.Now().Add(d)) }}
}

func regionForTheSuite(t *testing.T) *sim.Region {
	region := sim.New(sim.Config{Account: fakeaws.Account, Region: fakeaws.Region})
	for _, m := range backendtest.Machines() {
		machine, diagnostics := asl.Parse([]byte(m.Definition), asl.Options{Type: string(m.Type)})
		if len(diagnostics) > 0 {
			t.Fatal(diagnostics)
		}
		if _, err := region.CreateStateMachine(sim.StateMachine{Name: m.Name, Type: m.Type, Definition: m.Definition, Machine: machine}); err != nil {
			t.Fatal(err)
		}
	}
	return region
}
