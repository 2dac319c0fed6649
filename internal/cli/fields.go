package cli

import (
	"slices"
	"time"

	"github.com/spf13/pflag"

	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/internal/secret"
)

// field is one field of a job, and the three ways to give it: a flag, a key of the request document, variables.
type field struct {
	key       string   // of the request document; "" if it has none
	flag      string   // "" if there is none: a secret, or not to be changed
	variables []string // beside SFNX_<FLAG> and SFNX_<KEY>
	part      part
	kind      kind
	secret    bool // its value is in no error
	usage     string
	set       setter
}

// part is what a field is for. Each command takes the parts that it needs.
type part int

const (
	reaching part = iota // how to reach AWS, and as whom
	waiting              // for the end of an execution
	starting             // an execution
)

// kind is the type of a field in the request document.
type kind string

const (
	textKind     kind = "a string"
	booleanKind  kind = "true or false"
	integerKind  kind = "an integer"
	durationKind kind = "seconds or a string such as 10m"
	listKind     kind = "a string or an array of strings"
	jsonKind     kind = "a string with the JSON text, or an object or array"
)

// fields is every field of a job, in the order of the job contract.
var fields = []field{
	{key: "action", part: starting, kind: textKind, set: text(func(r *fsm.Request) *string { return &r.Action })},
	{key: "region", flag: "region", kind: textKind, usage: "AWS `region` (default: AWS_REGION, or the one in the ARN)",
		set: text(func(r *fsm.Request) *string { return &r.Region })},
	{key: "credentials_user", kind: textKind, secret: true, set: hidden(func(r *fsm.Request) *secret.String { return &r.CredentialsUser })},
	{key: "credentials_password", kind: textKind, secret: true, set: hidden(func(r *fsm.Request) *secret.String { return &r.CredentialsPassword })},
	{key: "credentials_session_token", kind: textKind, secret: true, set: hidden(func(r *fsm.Request) *secret.String { return &r.CredentialsSessionToken })},
	{flag: "credentials", kind: textKind, usage: "credentials as a credential_process prints them, from `FILE|-` (default: the environment's chain)",
		set: credentialsDocument},
	{key: "profile", flag: "profile", kind: textKind, usage: "`name` of the profile in the shared AWS files (default: AWS_PROFILE)",
		set: text(func(r *fsm.Request) *string { return &r.Profile })},
	{key: "role_based_access", flag: "role-based-access", kind: booleanKind, usage: "assume the role of --role-arn (which implies it)",
		set: boolean(func(r *fsm.Request) *bool { return &r.RoleBasedAccess })},
	{key: "role_arn", flag: "role-arn", kind: listKind, usage: "`ARN` of a role to assume; repeated: a chain of roles, in order",
		set: arns(func(r *fsm.Request) *[]string { return &r.RoleArn })},
	{key: "external_id", flag: "external-id", kind: textKind, secret: true, usage: "external `id` sent with each role",
		set: text(func(r *fsm.Request) *string { return &r.ExternalID })},
	{key: "role_session_name", flag: "role-session-name", kind: textKind, usage: "`name` of the role's session",
		set: text(func(r *fsm.Request) *string { return &r.RoleSessionName })},
	{key: "role_session_duration", flag: "role-session-duration", kind: durationKind, usage: "how `long` the role's session lasts, 15m to 12h",
		set: duration(func(r *fsm.Request) *time.Duration { return &r.RoleSessionDuration })},
	{key: "endpoint_url", flag: "endpoint-url", kind: textKind, usage: "`URL` in place of AWS's own endpoints (default: AWS_ENDPOINT_URL...)",
		set: text(func(r *fsm.Request) *string { return &r.EndpointURL })},

	{key: "state_machine_arn", part: starting, kind: textKind, set: text(func(r *fsm.Request) *string { return &r.StateMachineArn })},
	{key: "execution_name", flag: "name", part: starting, kind: textKind, usage: "`name` of the execution, without the suffix (default: sfnx-<uuid>)",
		set: optional(func(r *fsm.Request) **string { return &r.ExecutionName })},
	{key: "attempt", flag: "attempt", part: starting, kind: integerKind, usage: "`number` that is appended to the name, 1 for the first run of a task (default 1)",
		set: integer(func(r *fsm.Request) *int { return &r.Attempt })},
	{key: "input", flag: "input", part: starting, kind: jsonKind, usage: "input of the execution, as `JSON|@FILE|-`; sent byte for byte",
		set: input},
	{key: "wait_for_success_or_failure", flag: "wait", part: starting, kind: booleanKind, usage: "wait for the end of the execution",
		set: boolean(func(r *fsm.Request) *bool { return &r.WaitForSuccessOrFailure })},
	{key: "polling_interval", flag: "polling-interval", part: waiting, kind: integerKind, usage: "`seconds` between two looks at the execution (default 10)",
		set: integer(func(r *fsm.Request) *int { return &r.PollingInterval })},
	{key: "wait_timeout", flag: "wait-timeout", part: waiting, kind: durationKind, usage: "how `long` to wait at most (90s, 2h, 600 seconds)",
		set: duration(func(r *fsm.Request) *time.Duration { return &r.WaitTimeout })},
	{key: "on_wait_timeout", flag: "on-wait-timeout", part: waiting, kind: textKind, usage: "`stop|leave` the execution when --wait-timeout has passed (default leave)",
		set: choice(func(r *fsm.Request) *fsm.OnLeave { return &r.OnWaitTimeout })},
	{key: "retry_budget", flag: "retry-budget", part: waiting, kind: durationKind, usage: "how `long` AWS may be out of reach during the wait (default 15m), and before it a minute at most",
		set: duration(func(r *fsm.Request) *time.Duration { return &r.RetryBudget })},
	{key: "on_interrupt", flag: "on-interrupt", part: waiting, kind: textKind, usage: "`stop|leave` the execution on a signal (default leave)",
		set: choice(func(r *fsm.Request) *fsm.OnLeave { return &r.OnInterrupt })},
	{key: "on_exists", flag: "on-exists", part: starting, kind: textKind, usage: "`adopt|fail` if the execution exists already (default adopt)",
		set: choice(func(r *fsm.Request) *fsm.OnExists { return &r.OnExists })},
	{key: "state_file", flag: "state-file", part: starting, kind: textKind, usage: "`FILE` that keeps name and input, written before anything is started; a run with it goes on with that execution",
		set: text(func(r *fsm.Request) *string { return &r.StateFile })},
	{key: "retry_mode", flag: "retry-mode", part: starting, kind: textKind, usage: "`new|adopt|redrive`: what an --attempt after the first does about the earlier ones (default new)",
		set: choice(func(r *fsm.Request) *fsm.RetryMode { return &r.RetryMode })},
	{key: "redrive_fallback", flag: "redrive-fallback", part: starting, kind: textKind, usage: "`fail|new` if AWS does not redrive the execution (default fail)",
		set: choice(func(r *fsm.Request) *fsm.RedriveFallback { return &r.RedriveFallback })},

	{key: "use_proxy", flag: "use-proxy", kind: booleanKind, usage: "go through --proxy (which implies it)",
		set: boolean(func(r *fsm.Request) *bool { return &r.UseProxy })},
	{key: "proxy_type", flag: "proxy-type", kind: textKind, usage: "`type` of the proxy: HTTP, HTTPS, HTTPS With Credentials (default HTTP)",
		set: text(func(r *fsm.Request) *string { return &r.ProxyType })},
	{key: "proxy", flag: "proxy", kind: textKind, secret: true, usage: "`URL` of the proxy, or two with a comma, one per scheme (default: HTTPS_PROXY)",
		set: text(func(r *fsm.Request) *string { return &r.Proxy })},
	{key: "proxy_ca_bundle_file", flag: "proxy-ca-bundle", kind: textKind, usage: "PEM `FILE` of authorities to trust beside the system's",
		set: text(func(r *fsm.Request) *string { return &r.ProxyCABundleFile })},
	{key: "proxy_credentials_user", variables: []string{"SFNX_PROXY_USER"}, kind: textKind, secret: true,
		set: hidden(func(r *fsm.Request) *secret.String { return &r.ProxyCredentialsUser })},
	{key: "proxy_credentials_password", variables: []string{"SFNX_PROXY_PASSWORD"}, kind: textKind, secret: true,
		set: hidden(func(r *fsm.Request) *secret.String { return &r.ProxyCredentialsPassword })},
	{flag: "proxy-credentials", kind: textKind, usage: "`FILE` with USER:PASSWORD for the proxy", set: proxyCredentials},
}

// name is what a field is called in errors: its key, or its flag in the same spelling.
func (f field) name() string {
	if f.key != "" {
		return f.key
	}
	return keyOf(f.flag)
}

// allVariables are the environment variables of a field.
func (f field) allVariables() []string {
	var names []string
	for _, name := range []string{f.flag, f.key} {
		if v := variableOf(name); name != "" && !slices.Contains(names, v) {
			names = append(names, v)
		}
	}
	return append(names, f.variables...)
}

// fieldOf is the field with a key.
func fieldOf(key string) (field, bool) {
	i := slices.IndexFunc(fields, func(f field) bool { return f.key == key && key != "" })
	if i < 0 {
		return field{}, false
	}
	return fields[i], true
}

// fieldFlags adds the flags of the fields, up to a part.
func fieldFlags(flags *pflag.FlagSet, upTo part) {
	for _, f := range fields {
		if f.flag == "" || f.part > upTo {
			continue
		}
		flag := flags.VarPF(&rawFlag{kind: f.kind}, f.flag, "", f.usage)
		if f.kind == booleanKind {
			flag.NoOptDefVal = "true"
		}
	}
}

// rawFlag keeps what a flag was given, so that all mistakes can be reported together.
type rawFlag struct {
	kind  kind
	texts []string
}

// Set takes a value. Of a flag that is given twice the last one counts, unless it is a list.
func (f *rawFlag) Set(s string) error {
	if f.kind != listKind {
		f.texts = nil
	}
	f.texts = append(f.texts, s)
	return nil
}

func (f *rawFlag) String() string { return "" }

// Type is for the usage text. pflag shows none for a bool.
func (f *rawFlag) Type() string {
	if f.kind == booleanKind {
		return "bool"
	}
	return "text"
}
