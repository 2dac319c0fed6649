package aws

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
	"github.com/sfnx/sfnx/internal/secret"
)

func writeFile(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// anonymous is a Config that leaves the credentials to the environment.
func anonymous(s *fakeaws.Server) Config {
	c := account(s)
	c.AccessKeyID, c.SecretAccessKey = secret.String{}, secret.String{}
	return c
}

const credentialsDocument = `{"Version":1,"AccessKeyId":%q,"SecretAccessKey":%q%s}`

func documentOf(more string) Document {
	return fmt.Appendf(nil, credentialsDocument, fakeaws.AccessKeyID, fakeaws.SecretAccessKey.Reveal(), more)
}

// Every source of credentials that needs no network beyond the loopback.
func TestCredentialSources(t *testing.T) {
	keys := "aws_access_key_id=" + fakeaws.AccessKeyID + "\naws_secret_access_key=" + fakeaws.SecretAccessKey.Reveal() + "\n"
	for name, prepare := range map[string]func(*testing.T, *Config){
		"Config": func(_ *testing.T, c *Config) {
			c.AccessKeyID, c.SecretAccessKey = secret.New(fakeaws.AccessKeyID), fakeaws.SecretAccessKey
		},
		"document": func(_ *testing.T, c *Config) {
			c.CredentialsDocument = documentOf(`,"Expiration":"2999-01-01T00:00:00Z"`)
		},
		"environment": func(t *testing.T, c *Config) {
			t.Setenv("AWS_ACCESS_KEY_ID", fakeaws.AccessKeyID)
			t.Setenv("AWS_SECRET_ACCESS_KEY", fakeaws.SecretAccessKey.Reveal())
		},
		"default profile": func(t *testing.T, c *Config) {
			writeFile(t, os.Getenv("AWS_SHARED_CREDENTIALS_FILE"), "[default]\n"+keys)
		},
		"profile before environment": func(t *testing.T, c *Config) {
			t.Setenv("AWS_ACCESS_KEY_ID", "AKIAANOTHER")
			t.Setenv("AWS_SECRET_ACCESS_KEY", "another")
			writeFile(t, os.Getenv("AWS_SHARED_CREDENTIALS_FILE"), "[ci]\n"+keys)
			c.Profile = "ci"
		},
		"profile with a region and an endpoint": func(t *testing.T, c *Config) {
			writeFile(t, os.Getenv("AWS_SHARED_CREDENTIALS_FILE"), "[ci]\n"+keys)
			writeFile(t, os.Getenv("AWS_CONFIG_FILE"), "[profile ci]\nregion=eu-west-1\nendpoint_url="+c.EndpointURL+"\n")
			c.Profile, c.Region, c.EndpointURL = "ci", "", ""
		},
		"endpoint and region of the environment": func(t *testing.T, c *Config) {
			t.Setenv("AWS_REGION", c.Region)
			t.Setenv("AWS_ENDPOINT_URL", c.EndpointURL)
			c.AccessKeyID, c.SecretAccessKey = secret.New(fakeaws.AccessKeyID), fakeaws.SecretAccessKey
			c.Region, c.EndpointURL = "", ""
		},
		"credential_process": func(t *testing.T, c *Config) {
			file := filepath.Join(t.TempDir(), "document")
			writeFile(t, file, string(documentOf("")))
			writeFile(t, os.Getenv("AWS_CONFIG_FILE"), "[default]\ncredential_process=cat "+file+"\n")
		},
		"role of a profile": func(t *testing.T, c *Config) {
			writeFile(t, os.Getenv("AWS_SHARED_CREDENTIALS_FILE"), "[base]\n"+keys)
			writeFile(t, os.Getenv("AWS_CONFIG_FILE"), "[profile ci]\nrole_arn=arn:aws:iam::123456789012:role/ci\nsource_profile=base\n")
			c.Profile = "ci"
		},
		"role of a profile, endpoint of the environment": func(t *testing.T, c *Config) {
			t.Setenv("AWS_ENDPOINT_URL", c.EndpointURL)
			writeFile(t, os.Getenv("AWS_SHARED_CREDENTIALS_FILE"), "[base]\n"+keys)
			writeFile(t, os.Getenv("AWS_CONFIG_FILE"), "[profile ci]\nrole_arn=arn:aws:iam::123456789012:role/ci\nsource_profile=base\n")
			c.Profile, c.EndpointURL = "ci", ""
		},
	} {
		t.Run(name, func(t *testing.T) {
			isolate(t)
			s := serve(t, world(), fakeaws.Options{})
			c := anonymous(s)
			prepare(t, &c)
			b := open(t, c)
			if b.Region() != fakeaws.Region {
				t.Errorf("the region is %q", b.Region())
			}
			if n := len(s.Requests()); n != 0 {
				t.Errorf("Open made %d requests", n)
			}
			if _, err := b.Authenticate(t.Context()); err != nil {
				t.Fatal(err)
			}
			// The endpoint is a custom one, so no host prefix is put before it.
			_, err := b.StartSyncExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: machineArn, Name: "a"})
			wantCode(t, err, backend.Unsupported)
		})
	}
}

func TestNoCredentials(t *testing.T) {
	const canary = "canary-printed-by-the-process"
	for name, prepare := range map[string]func(*testing.T, *Config, *fakeaws.Server){
		"none anywhere": func(*testing.T, *Config, *fakeaws.Server) {},
		"none below the role": func(_ *testing.T, c *Config, _ *fakeaws.Server) {
			c.RoleARNs = []string{"arn:aws:iam::123456789012:role/a"}
		},
		"expired document": func(_ *testing.T, c *Config, _ *fakeaws.Server) {
			c.CredentialsDocument = documentOf(`,"Expiration":"2020-01-01T00:00:00Z"`)
		},
		"process fails": func(t *testing.T, c *Config, _ *fakeaws.Server) {
			writeFile(t, os.Getenv("AWS_CONFIG_FILE"), "[default]\ncredential_process=echo "+canary+"; exit 3\n")
		},
		"process that leaves a child behind": func(t *testing.T, c *Config, _ *fakeaws.Server) {
			c.AttemptTimeout = 20 * time.Millisecond
			writeFile(t, os.Getenv("AWS_CONFIG_FILE"), "[default]\ncredential_process=sleep 1; echo "+canary+"\n")
		},
		"process prints nonsense": func(t *testing.T, c *Config, _ *fakeaws.Server) {
			writeFile(t, os.Getenv("AWS_CONFIG_FILE"), "[default]\ncredential_process=echo "+canary+"\n")
		},
		"instance metadata refuses the connection": func(t *testing.T, c *Config, _ *fakeaws.Server) {
			address := refusingAddress(t)
			c.Retry.MaxAttempts = 1
			t.Setenv("AWS_EC2_METADATA_DISABLED", "false")
			t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://"+address)
		},
		"SSO session missing": func(t *testing.T, c *Config, _ *fakeaws.Server) {
			writeFile(t, os.Getenv("AWS_CONFIG_FILE"), "[default]\nsso_start_url=https://example.test/start\nsso_region=eu-west-1\nsso_account_id=123456789012\nsso_role_name=r\n")
		},
		"unknown key": func(_ *testing.T, c *Config, _ *fakeaws.Server) {
			c.AccessKeyID, c.SecretAccessKey = secret.New("AKIANOBODY"), secret.New("x")
		},
		"wrong secret": func(_ *testing.T, c *Config, _ *fakeaws.Server) {
			c.AccessKeyID, c.SecretAccessKey = secret.New(fakeaws.AccessKeyID), secret.New("wrong")
		},
		"wrong region of the signature": func(_ *testing.T, c *Config, _ *fakeaws.Server) {
			c.AccessKeyID, c.SecretAccessKey, c.Region = secret.New(fakeaws.AccessKeyID), fakeaws.SecretAccessKey, "eu-west-2"
		},
	} {
		t.Run(name, func(t *testing.T) {
			isolate(t)
			s := serve(t, world(), fakeaws.Options{})
			c := anonymous(s)
			prepare(t, &c, s)
			b := open(t, c)
			_, err := b.Authenticate(t.Context())
			wantNoSecret(t, wantCode(t, err, backend.Authentication), canary)
			_, err = b.StartExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: machineArn, Name: "a"})
			e := wantCode(t, err, backend.Authentication)
			wantNoSecret(t, e, canary)
			if e.Ambiguous || len(s.Requests("StartExecution")) > 1 {
				t.Errorf("ambiguous %t after %d requests", e.Ambiguous, len(s.Requests("StartExecution")))
			}
		})
	}
}

func TestRoleChain(t *testing.T) {
	isolate(t)
	s := serve(t, world(), fakeaws.Options{})
	c := account(s)
	c.RoleARNs = []string{"arn:aws:iam::123456789012:role/path/first", "arn:aws:iam::210987654321:instance-profile/second"}
	c.ExternalID, c.RoleSessionName, c.RoleSessionDuration = secret.New("external"), "nightly", 20*time.Minute
	b := open(t, c)
	for range 2 {
		who, err := b.Authenticate(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if want := "arn:aws:sts::210987654321:assumed-role/second/nightly"; who.Arn != want {
			t.Errorf("the caller is %s, want %s", who.Arn, want)
		}
	}
	var asked []string
	for _, r := range s.Requests("AssumeRole") {
		form, err := url.ParseQuery(string(r.Body))
		if err != nil {
			t.Fatal(err)
		}
		asked = append(asked, strings.Join([]string{form.Get("RoleArn"), form.Get("ExternalId"), form.Get("RoleSessionName"), form.Get("DurationSeconds")}, " "))
	}
	want := []string{"arn:aws:iam::123456789012:role/path/first external nightly 1200", "arn:aws:iam::210987654321:role/second external nightly 1200"}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("AssumeRole (-want +got):\n%s", diff)
	}
}

func TestRoleFailures(t *testing.T) {
	isolate(t)
	s := serve(t, world(), fakeaws.Options{})
	c := account(s)
	c.RoleARNs = []string{"arn:aws:iam::123456789012:role/a"}
	for _, f := range []struct {
		fault    fakeaws.Fault
		want     backend.Code
		attempts int
	}{
		{fakeaws.Fault{Code: "AccessDenied", Message: "not authorized to assume"}, backend.Authorization, 1},
		{fakeaws.Fault{Code: "InvalidClientTokenId", Message: "m"}, backend.Authentication, 1},
		{fakeaws.Fault{Code: "RegionDisabledException", Status: 403, Message: "m"}, backend.Authorization, 1},
		{fakeaws.Fault{Code: "Throttling", Message: "m"}, backend.Throttled, 3},
		{fakeaws.Fault{Code: "InternalFailure", Status: 500, Message: "m"}, backend.Unavailable, 3},
		{fakeaws.Fault{Reset: fakeaws.BeforeHandling}, backend.Connection, 3},
	} {
		f.fault.Times = fakeaws.Forever
		s.Script("AssumeRole", f.fault)
		before := len(s.Requests())
		_, err := open(t, c).StartExecution(t.Context(), backend.StartExecutionInput{StateMachineArn: machineArn, Name: "a"})
		e := wantCode(t, err, f.want)
		if e.Op != "AssumeRole" || e.Ambiguous || f.fault.Message != "" && e.Message != f.fault.Message {
			t.Errorf("%s: op %q, ambiguous %t, message %q", f.want, e.Op, e.Ambiguous, e.Message)
		}
		if n := len(s.Requests()) - before; n != f.attempts {
			t.Errorf("%s: %d requests, want %d: the attempts of AssumeRole must not be multiplied", f.want, n, f.attempts)
		}
		s.Heal()
	}
}

// Session keys with less than two minutes to live are renewed before each call.
func TestCredentialsAreRenewed(t *testing.T) {
	isolate(t)
	s := serve(t, world(), fakeaws.Options{SessionLifetime: time.Minute})
	c := account(s)
	c.RoleARNs = []string{"arn:aws:iam::123456789012:role/a"}
	b := open(t, c)
	for range 3 {
		if _, err := b.DescribeStateMachine(t.Context(), machineArn); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.Requests("AssumeRole")); n != 3 {
		t.Errorf("AssumeRole was called %d times, want 3", n)
	}
	s.Script("AssumeRole", fakeaws.Fault{Code: "ExpiredToken", Message: "the base session is over"})
	_, err := b.DescribeStateMachine(t.Context(), machineArn)
	wantCode(t, err, backend.Authentication)
}

// Keys that AWS calls expired before their time are given up, with all that they were made from.
func TestExpiredCredentialsAreRenewedOnce(t *testing.T) {
	isolate(t)
	s := serve(t, world(), fakeaws.Options{})
	c := account(s)
	c.RoleARNs = []string{"arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/b"}
	b := open(t, c)
	for round := range 3 {
		if _, err := b.DescribeStateMachine(t.Context(), machineArn); err != nil {
			t.Fatal(err)
		}
		if n, want := len(s.Requests("AssumeRole")), 2*(round+1); n != want {
			t.Errorf("AssumeRole was called %d times, want %d", n, want)
		}
		s.ExpireSessions()
	}

	t.Run("the keys that assume a role", func(t *testing.T) {
		s.Script("AssumeRole", fakeaws.Fault{}, fakeaws.Fault{Code: "ExpiredToken"})
		before := len(s.Requests("AssumeRole"))
		if _, err := b.DescribeStateMachine(t.Context(), machineArn); err != nil {
			t.Fatal(err)
		}
		if n := len(s.Requests("AssumeRole")) - before; n != 4 {
			t.Errorf("AssumeRole was called %d times, want a, b that is refused, a, b", n)
		}
	})

	t.Run("in vain", func(t *testing.T) {
		s.Script("DescribeExecution", fakeaws.Fault{Times: fakeaws.Forever, Code: "ExpiredTokenException", Message: "m"})
		_, err := b.DescribeExecution(t.Context(), machineArn)
		if e := wantCode(t, err, backend.Authentication); e.AWSCode != "ExpiredTokenException" || len(s.Requests("DescribeExecution")) != 2 {
			t.Errorf("%s after %d requests, want 2", e.AWSCode, len(s.Requests("DescribeExecution")))
		}
	})
}

func TestFixedCredentialsAreNotRenewed(t *testing.T) {
	for name, prepare := range map[string]func(*Config){
		"keys": func(c *Config) { c.SessionToken = secret.New("t") },
		"document": func(c *Config) {
			*c = Config{Region: c.Region, EndpointURL: c.EndpointURL, CredentialsDocument: documentOf("")}
		},
	} {
		isolate(t)
		s := serve(t, world(), fakeaws.Options{})
		s.Script("DescribeExecution", fakeaws.Fault{Times: fakeaws.Forever, Code: "ExpiredTokenException", Message: "m"})
		c := account(s)
		prepare(&c)
		_, err := open(t, c).DescribeExecution(t.Context(), machineArn)
		if wantCode(t, err, backend.Authentication); len(s.Requests()) != 1 {
			t.Errorf("%s: %d requests, want 1", name, len(s.Requests()))
		}
	}
}

func TestSessionKeysThatHaveExpired(t *testing.T) {
	isolate(t)
	s := serve(t, world(), fakeaws.Options{SessionLifetime: -time.Minute})
	c := account(s)
	c.RoleARNs = []string{"arn:aws:iam::123456789012:role/a"}
	_, err := open(t, c).DescribeExecution(t.Context(), machineArn)
	if e := wantCode(t, err, backend.Authentication); e.AWSCode != "ExpiredTokenException" {
		t.Errorf("the code is %q", e.AWSCode)
	}
}
