package fsm

import (
	"strconv"
	"strings"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/secret"
)

// StartAsynchronousExecution is the only action of a job.
const StartAsynchronousExecution = "Start Asynchronous Execution"

// The types of a connection to a proxy.
const (
	ProxyHTTP                 = "HTTP"
	ProxyHTTPS                = "HTTPS"
	ProxyHTTPSWithCredentials = "HTTPS With Credentials"
)

// OnLeave says what becomes of an execution that still runs when the run ends.
type OnLeave string

// The choices of OnLeave.
const (
	StopExecution  OnLeave = "stop"
	LeaveExecution OnLeave = "leave"
)

// OnExists says what to do when an execution of the same name exists already.
type OnExists string

// The choices of OnExists.
const (
	AdoptExecution OnExists = "adopt" // if its input is byte-equal
	FailIfExists   OnExists = "fail"
)

// RetryMode says what an attempt after the first does about the executions of the earlier ones.
type RetryMode string

// The choices of RetryMode. Of the executions of earlier attempts the newest decides.
const (
	RetryNew     RetryMode = "new"     // starts its own execution
	RetryAdopt   RetryMode = "adopt"   // adopts one that runs or has succeeded, else starts its own
	RetryRedrive RetryMode = "redrive" // the same, but redrives one that ended without success
)

// RedriveFallback says what to do when the execution cannot be redriven.
type RedriveFallback string

// The choices of RedriveFallback.
const (
	FallbackFail RedriveFallback = "fail"
	FallbackNew  RedriveFallback = "new" // start a new execution
)

// Request is one job. The field names are those of the request document in Go's spelling; texts are unset when empty,
// Input and ExecutionName when nil. Start from Defaults, since Validate takes every value as given.
type Request struct {
	Action string

	CredentialsUser         secret.String // access key id; unset: the environment's credential chain
	CredentialsPassword     secret.String // secret access key
	CredentialsSessionToken secret.String // only beside the two above

	Region string // unset: the region of the state machine's ARN

	RoleBasedAccess     bool     // false: RoleArn is checked and shown, but not used
	RoleArn             []string // more than one is a chain, assumed in this order
	ExternalID          string   // sent with each AssumeRole
	RoleSessionName     string
	RoleSessionDuration time.Duration // 0: the service's hour

	// StateMachineArn is a plain, version or alias ARN. When Simulated it may be the path of a definition file, and
	// MachineArn is then the ARN under which the backend knows the machine made from it.
	StateMachineArn string
	Simulated       bool
	MachineArn      string

	ExecutionName *string // without the suffix; nil or empty: generated
	Attempt       int     // the suffix, 1 for the first run of a task instance
	Input         *string // JSON text, sent byte for byte; nil sends none

	WaitForSuccessOrFailure bool
	PollingInterval         int           // seconds
	WaitTimeout             time.Duration // from the moment the execution has started; 0: no limit
	RetryBudget             time.Duration // how long the service may be out of reach before the run ends; until the start a minute at most

	UseProxy                 bool
	ProxyType                string // unset: HTTP
	Proxy                    string // http://host:port or http://host:port,https://host:port
	ProxyCredentialsUser     secret.String
	ProxyCredentialsPassword secret.String
	ProxyCABundleFile        string // PEM

	OnInterrupt   OnLeave // when a signal ends the run
	OnWaitTimeout OnLeave // when WaitTimeout does
	OnExists      OnExists

	RetryMode       RetryMode
	RedriveFallback RedriveFallback
	StateFile       string // where Runner.Freeze keeps the name and the input; unset: nowhere

	RedriveArn  string // redrive this execution in place of starting one; its machine is StateMachineArn
	ClientToken string // of that redrive; unset: generated

	EndpointURL string // instead of the service's own
	Profile     string // of the shared AWS configuration

	// ParseErrors are the values that the caller could not even read into this struct (an integer that is none, an
	// unknown key, a definition with mistakes), secrets masked. Validate reports them before its own errors and
	// checks these fields no further.
	ParseErrors []FieldError
}

// Defaults is a request with every default of the job contract set.
func Defaults() Request {
	return Request{
		Action:          StartAsynchronousExecution,
		Attempt:         1,
		PollingInterval: 10,
		RetryBudget:     15 * time.Minute,
		OnInterrupt:     LeaveExecution,
		OnWaitTimeout:   LeaveExecution,
		OnExists:        AdoptExecution,
		RetryMode:       RetryNew,
		RedriveFallback: FallbackFail,
	}
}

// EffectiveRegion is the region of the job: the one given, else that of the state machine's ARN, else "".
func (r Request) EffectiveRegion() string {
	if r.Region != "" {
		return r.Region
	}
	arn, err := backend.ParseARN(r.machineArn())
	if err != nil {
		return ""
	}
	return arn.Region
}

// EffectiveProxyType is the type of the connection to the proxy, "" if none is used.
func (r Request) EffectiveProxyType() string {
	if r.ProxyType == "" && r.UseProxy {
		return ProxyHTTP
	}
	return r.ProxyType
}

// RoleChain is the ARNs of the roles to assume, in order; none without RoleBasedAccess. The instance-profile form
// is turned into that of the role with the same name.
func (r Request) RoleChain() []string {
	if !r.RoleBasedAccess {
		return nil
	}
	roles := make([]string, len(r.RoleArn))
	for i, arn := range r.RoleArn {
		roles[i] = strings.Replace(arn, ":instance-profile/", ":role/", 1)
	}
	return roles
}

// ShownProxy is Proxy for output: with the userinfo, that a valid one does not have, masked.
func (r Request) ShownProxy() string { return maskUserinfo(r.Proxy) }

// machineArn is the ARN under which the backend knows the state machine.
func (r Request) machineArn() string {
	if r.MachineArn != "" {
		return r.MachineArn
	}
	return r.StateMachineArn
}

// suffix is what every execution name ends in, so that the runs of one task instance differ.
func (r Request) suffix() string { return suffixOf(r.Attempt) }

func suffixOf(attempt int) string { return "-" + strconv.Itoa(attempt) }

// executionName is the whole name of the execution.
func (r Request) executionName(newID func() string) string {
	if arn, err := backend.ParseARN(r.RedriveArn); err == nil {
		return arn.Qualifier
	}
	if r.ExecutionName != nil && *r.ExecutionName != "" {
		return *r.ExecutionName + r.suffix()
	}
	return "sfnx-" + newID() + r.suffix()
}

// pollingInterval is the interval as a duration. No execution lives longer than a year, so neither does a pause.
func (r Request) pollingInterval() time.Duration {
	const year = 366 * 24 * 60 * 60
	return time.Duration(min(r.PollingInterval, year)) * time.Second
}

// maskUserinfo replaces the userinfo of every URL in a comma list. It works on texts that do not parse, too, and
// rather masks too much.
func maskUserinfo(list string) string {
	parts := strings.Split(list, "://")
	for i, p := range parts {
		if at := strings.LastIndex(p, "@"); at >= 0 {
			parts[i] = secret.Mask + p[at:]
		}
	}
	return strings.Join(parts, "://")
}
