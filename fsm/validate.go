package fsm

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/secret"
)

// FieldError is one broken field rule. Value is shortened and holds no secret; it is empty when the field is unset.
type FieldError struct {
	Field string // key of the request document
	Value string
	Rule  string // what is wrong, and what is wanted
}

// Error is the text for people.
func (e FieldError) Error() string { return fmt.Sprintf("%s %q: %s", e.Field, e.Value, e.Rule) }

// Validate checks every rule of the fields at once, without any network call, in the order of the document.
// readFile reads the proxy's CA bundle.
func (r Request) Validate(readFile func(string) ([]byte, error)) []FieldError {
	c := check{errors: slices.Clone(r.ParseErrors)}
	c.rule("action", r.Action, oneOf(r.Action, StartAsynchronousExecution))
	if !r.Simulated {
		c.credentials(r)
	}
	c.machine(r)
	c.roles(r)
	c.execution(r)
	c.proxy(r, readFile)
	c.wait(r)
	c.retry(r)
	if r.EndpointURL != "" {
		c.rule("endpoint_url", maskUserinfo(r.EndpointURL), endpointRule(r.EndpointURL))
	}
	return c.errors
}

// check collects the field errors of one request.
type check struct{ errors []FieldError }

// rule records a broken rule; the empty text is a kept one. A field has at most one error.
func (c *check) rule(field, value, broken string) {
	known := slices.ContainsFunc(c.errors, func(e FieldError) bool { return e.Field == field })
	if broken != "" && !known {
		c.errors = append(c.errors, FieldError{Field: field, Value: shorten(value), Rule: broken})
	}
}

func (c *check) credentials(r Request) {
	c.pair(r.CredentialsUser, r.CredentialsPassword, "credentials_user", "credentials_password")
	if r.CredentialsSessionToken.IsSet() && !r.CredentialsUser.IsSet() {
		c.rule("credentials_user", "", "is missing beside the session token")
	}
}

// pair wants both of two secrets or none.
func (c *check) pair(user, password secret.String, userField, passwordField string) {
	switch {
	case user.IsSet() && !password.IsSet():
		c.rule(passwordField, "", "is missing beside "+userField+": give both or none")
	case password.IsSet() && !user.IsSet():
		c.rule(userField, "", "is missing beside "+passwordField+": give both or none")
	}
}

func (c *check) machine(r Request) {
	if r.StateMachineArn == "" {
		c.rule("state_machine_arn", "", "is required")
		return
	}
	if r.Simulated {
		return
	}
	arn, err := backend.ParseARN(r.StateMachineArn)
	switch {
	case err != nil:
		c.rule("state_machine_arn", r.StateMachineArn, err.Error())
		if r.Region != "" {
			c.rule("region", r.Region, regionRule(r.Region))
		}
	case arn.Kind != "stateMachine":
		c.rule("state_machine_arn", r.StateMachineArn, "is of kind "+arn.Kind+", want the ARN of a state machine, its version or its alias")
	case r.Region != "" && r.Region != arn.Region:
		c.rule("region", r.Region, "contradicts the state machine's ARN, which is in "+arn.Region)
	}
}

func (c *check) roles(r Request) {
	if r.RoleBasedAccess && len(r.RoleArn) == 0 {
		c.rule("role_arn", "", "is required when role_based_access is true")
	}
	for _, arn := range r.RoleArn {
		c.rule("role_arn", arn, roleRule(arn))
	}
	if r.ExternalID != "" {
		c.rule("external_id", secret.Mask, externalIDRule(r.ExternalID))
	}
	if r.RoleSessionName != "" {
		c.rule("role_session_name", r.RoleSessionName, sessionNameRule(r.RoleSessionName))
	}
	if d := r.RoleSessionDuration; d != 0 && (d < 15*time.Minute || d > 12*time.Hour) {
		c.rule("role_session_duration", d.String(), "want 15m to 12h")
	}
}

func (c *check) execution(r Request) {
	if r.ExecutionName != nil && *r.ExecutionName != "" {
		c.rule("execution_name", *r.ExecutionName, nameRule(*r.ExecutionName, r.suffix()))
	}
	if r.Attempt < 1 {
		c.rule("attempt", strconv.Itoa(r.Attempt), "want an integer of at least 1")
	}
	if r.Input != nil {
		c.rule("input", *r.Input, inputRule(*r.Input))
	}
}

func (c *check) proxy(r Request, readFile func(string) ([]byte, error)) {
	if r.ProxyType != "" {
		c.rule("proxy_type", r.ProxyType, oneOf(r.ProxyType, ProxyHTTP, ProxyHTTPS, ProxyHTTPSWithCredentials))
	}
	switch {
	case r.Proxy != "":
		c.rule("proxy", r.ShownProxy(), proxyRule(r.Proxy))
	case r.UseProxy:
		c.rule("proxy", "", "is required when use_proxy is true")
	}
	if r.UseProxy && r.ProxyType == ProxyHTTPSWithCredentials {
		for _, f := range []struct {
			field string
			value secret.String
		}{{"proxy_credentials_user", r.ProxyCredentialsUser}, {"proxy_credentials_password", r.ProxyCredentialsPassword}} {
			if !f.value.IsSet() {
				c.rule(f.field, "", `is required when proxy_type is "`+ProxyHTTPSWithCredentials+`"`)
			}
		}
	}
	c.pair(r.ProxyCredentialsUser, r.ProxyCredentialsPassword, "proxy_credentials_user", "proxy_credentials_password")
	if file := r.ProxyCABundleFile; file != "" {
		text, err := readFile(file)
		switch {
		case err != nil:
			c.rule("proxy_ca_bundle_file", file, "cannot be read: "+err.Error())
		case !x509.NewCertPool().AppendCertsFromPEM(text):
			c.rule("proxy_ca_bundle_file", file, "holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)")
		}
	}
}

func (c *check) wait(r Request) {
	if r.PollingInterval < 1 {
		c.rule("polling_interval", strconv.Itoa(r.PollingInterval), "want an integer of at least 1, in seconds")
	}
	if r.WaitTimeout < 0 {
		c.rule("wait_timeout", r.WaitTimeout.String(), "want a duration that is not negative")
	}
	if r.RetryBudget < 0 {
		c.rule("retry_budget", r.RetryBudget.String(), "want a duration that is not negative")
	}
	c.rule("on_interrupt", string(r.OnInterrupt), oneOf(string(r.OnInterrupt), string(StopExecution), string(LeaveExecution)))
	c.rule("on_wait_timeout", string(r.OnWaitTimeout), oneOf(string(r.OnWaitTimeout), string(StopExecution), string(LeaveExecution)))
	c.rule("on_exists", string(r.OnExists), oneOf(string(r.OnExists), string(AdoptExecution), string(FailIfExists)))
}

func (c *check) retry(r Request) {
	c.rule("retry_mode", string(r.RetryMode), oneOf(string(r.RetryMode), string(RetryNew), string(RetryAdopt), string(RetryRedrive)))
	c.rule("redrive_fallback", string(r.RedriveFallback), oneOf(string(r.RedriveFallback), string(FallbackFail), string(FallbackNew)))
	if unnamed := r.ExecutionName == nil || *r.ExecutionName == ""; r.RetryMode != RetryNew && unnamed && r.StateFile == "" {
		c.rule("retry_mode", string(r.RetryMode), "needs a name that is the same for each attempt: give execution_name, or state_file to keep a generated one")
	}
	if r.RedriveFallback == FallbackNew && r.RetryMode != RetryRedrive {
		c.rule("redrive_fallback", string(r.RedriveFallback), "is for retry_mode "+string(RetryRedrive)+" alone")
	}
	if r.ClientToken != "" {
		c.rule("client_token", r.ClientToken, clientTokenRule(r.ClientToken))
	}
}

// shorten keeps a long value readable in an error.
func shorten(value string) string {
	const limit = 120
	if len(value) <= limit {
		return value
	}
	cut := limit
	for cut > 0 && !utf8.RuneStart(value[cut]) {
		cut--
	}
	return fmt.Sprintf("%s... (%d bytes)", value[:cut], len(value))
}
