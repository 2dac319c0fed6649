package aws

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/sfnx/sfnx/internal/secret"
)

// Config says which account to reach, as whom and by which way. The zero Config does what the AWS CLI would do:
// environment, shared files, single sign-on, web identity, container and instance metadata.
type Config struct {
	Region        string // "" = AWS_REGION, AWS_DEFAULT_REGION or the profile's
	DefaultRegion string // used when nothing else names a region

	Profile             string        // of the shared files; "" = AWS_PROFILE or "default"
	AccessKeyID         secret.String // static keys, used instead of every other source
	SecretAccessKey     secret.String
	SessionToken        secret.String // of temporary keys
	CredentialsDocument Document      // instead of AccessKeyID and SecretAccessKey; nil = none

	RoleARNs            []string      // assumed one after the other; ParseRoleARN lists the forms
	ExternalID          secret.String // sent with each AssumeRole
	RoleSessionName     string        // "" = "sfnx"
	RoleSessionDuration time.Duration // 0 = one hour, the most that a chain of roles may have

	EndpointURL string // for Step Functions and STS; "" = AWS_ENDPOINT_URL..., the profile's, or AWS itself
	Proxy       Proxy

	Retry          Retry
	AttemptTimeout time.Duration  // of one request with its answer, and of a credential_process; 0 = one minute. StartSyncExecution gets five more
	Trace          func(Exchange) `json:"-"` // told of each request with its answer, on the goroutine that makes it; nil = nobody
	UserAgent      string         // added to the SDK's, e.g. "sfnx/1.2.0"; "" = "sfnx"
}

// Retry is the retry policy of each call. A zero number stands for its default.
type Retry struct {
	MaxAttempts int           // 0 = 5; 1 = never again
	BaseDelay   time.Duration // before the second attempt, doubled before each further one, jittered; 0 = 200 ms
	MaxDelay    time.Duration // 0 = 20 s; a service that asks for a longer pause is not asked again
}

func (c Config) withDefaults() Config {
	fill(&c.RoleSessionName, "sfnx")
	fill(&c.RoleSessionDuration, time.Hour)
	fill(&c.AttemptTimeout, time.Minute)
	fill(&c.UserAgent, "sfnx")
	fill(&c.Retry.MaxAttempts, 5)
	fill(&c.Retry.BaseDelay, 200*time.Millisecond)
	fill(&c.Retry.MaxDelay, 20*time.Second)
	return c
}

// fill gives a zero value its default.
func fill[T comparable](v *T, otherwise T) {
	var zero T
	if *v == zero {
		*v = otherwise
	}
}

// Problem is a field of a Config that breaks a rule. It is an error, and names no secret.
type Problem struct {
	Field string // as in Go: "Proxy.CABundleFile"
	Rule  string // what is wanted, and what came
}

func (p Problem) Error() string { return p.Field + ": " + p.Rule }

// Problems is every broken rule (each a Problem), found without any network. Open makes the same check.
func (c Config) Problems() []error {
	var problems []error
	add := func(field, format string, args ...any) {
		problems = append(problems, Problem{Field: field, Rule: fmt.Sprintf(format, args...)})
	}
	if c.Region != "" && !isRegion(c.Region) {
		add("Region", "%q is no region, want one like eu-west-1", c.Region)
	}
	if c.AccessKeyID.IsSet() != c.SecretAccessKey.IsSet() {
		add("AccessKeyID", "AccessKeyID and SecretAccessKey belong together, but only one of them is given")
	}
	if c.SessionToken.IsSet() && !c.AccessKeyID.IsSet() {
		add("SessionToken", "it is given without AccessKeyID and SecretAccessKey")
	}
	if c.CredentialsDocument != nil {
		if c.AccessKeyID.IsSet() {
			add("CredentialsDocument", "give either it or AccessKeyID and SecretAccessKey")
		}
		if _, err := parseCredentials(c.CredentialsDocument); err != nil {
			add("CredentialsDocument", "%v", err)
		}
	}
	for _, arn := range c.RoleARNs {
		if _, err := ParseRoleARN(arn); err != nil {
			add("RoleARNs", "%v", err)
		}
	}
	if c.EndpointURL != "" {
		if _, err := parseURL(c.EndpointURL); err != nil {
			add("EndpointURL", "%v", err)
		}
	}
	if c.Retry.MaxAttempts < 0 || c.Retry.BaseDelay < 0 || c.Retry.MaxDelay < 0 {
		add("Retry", "neither the number of attempts nor a delay may be negative")
	}
	if c.AttemptTimeout < 0 {
		add("AttemptTimeout", "it is %s, want a positive time", c.AttemptTimeout)
	}
	if c.RoleSessionDuration < 0 {
		add("RoleSessionDuration", "it is %s, want a positive time", c.RoleSessionDuration)
	}
	return append(problems, c.Proxy.problems()...)
}

var roleARN = regexp.MustCompile(`^arn:aws(-[a-z0-9-]+)?:iam::[0-9]{12}:(role|instance-profile)/[\w+=,.@/-]*[\w+=,.@-]$`)

// ParseRoleARN checks the ARN of a role, arn:aws[-partition]:iam::<12 digits>:role/<path/name>. The form
// ...:instance-profile/<name> is accepted and means the role of that name, which is what comes back.
func ParseRoleARN(arn string) (string, error) {
	if !roleARN.MatchString(arn) {
		return "", fmt.Errorf("%q is no role ARN, want one like arn:aws:iam::123456789012:role/NAME", arn)
	}
	return strings.Replace(arn, ":instance-profile/", ":role/", 1), nil
}

var regionName = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

func isRegion(s string) bool { return regionName.MatchString(s) }

// parseURL wants http(s)://host[:port][/path]. Its errors never repeat the text, which may hold a password.
func parseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, errors.New("it cannot be read as a URL, want http://host:port or https://host:port")
	case u.User != nil:
		return nil, fmt.Errorf("the URL of host %q holds a user, which has no place in a URL", u.Host)
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return nil, fmt.Errorf("the scheme is %q and the host %q, want http://host:port or https://host:port", u.Scheme, u.Host)
	}
	return u, nil
}

// readPEM reads the certificates of a CA bundle.
func readPEM(file string) ([]byte, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("it cannot be read: %w", err)
	}
	if !x509.NewCertPool().AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate in PEM that can be read", file)
	}
	return pem, nil
}
