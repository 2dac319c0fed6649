package output

import (
	"errors"
	"strings"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
)

// Schema names the shape of the document.
const Schema = "sfnx.run/v1"

// Options are what a document needs besides the outcome.
type Options struct {
	Version  string         // of sfnx
	Location *time.Location // of the dates; nil is UTC
}

// Document is the one JSON document of a run. The keys and their order are those of the seed; all that it does not
// have stands under the one extra key sfnx.
type Document struct {
	ExitCode          int        `json:"exit_code"`
	StatusDescription string     `json:"status_description"`
	Changed           bool       `json:"changed"` // an execution was started, or adopted
	Invocation        Invocation `json:"invocation"`
	Result            *Result    `json:"result,omitempty"` // absent when nothing was started
	Sfnx              Details    `json:"sfnx"`
}

// Invocation says what ran with which fields.
type Invocation struct {
	Extension string `json:"extension"`
	Version   string `json:"version"`
	Fields    Fields `json:"fields"`
}

// Fields are the fields of the request. Secrets are masked, what is unset is null.
type Fields struct {
	Action                   string  `json:"action"`
	CredentialsUser          *string `json:"credentials_user"`
	CredentialsPassword      *string `json:"credentials_password"`
	Region                   *string `json:"region"`
	RoleBasedAccess          bool    `json:"role_based_access"`
	RoleArn                  *string `json:"role_arn"` // the ARNs of a chain in order, with commas
	StateMachineArn          *string `json:"state_machine_arn"`
	ExecutionName            *string `json:"execution_name"` // as given, without the suffix
	Input                    *string `json:"input"`
	UseProxy                 bool    `json:"use_proxy"`
	WaitForSuccessOrFailure  bool    `json:"wait_for_success_or_failure"`
	PollingInterval          int     `json:"polling_interval"`
	ProxyType                *string `json:"proxy_type"`
	Proxy                    *string `json:"proxy"` // without userinfo
	ProxyCredentialsUser     *string `json:"proxy_credentials_user"`
	ProxyCredentialsPassword *string `json:"proxy_credentials_password"`
	ProxyCABundleFile        *string `json:"proxy_ca_bundle_file"`
}

// Result is the execution. StopDate, Output and OutputDetails are there only when it was waited for and the service
// gave them; Output is the service's JSON text as a string.
type Result struct {
	ExecutionArn    string         `json:"executionArn"`
	StateMachineArn string         `json:"stateMachineArn"`
	Name            string         `json:"name"`
	Status          string         `json:"status"`
	StartDate       string         `json:"startDate"`
	StopDate        *string        `json:"stopDate,omitempty"`
	Output          *string        `json:"output,omitempty"`
	OutputDetails   *OutputDetails `json:"outputDetails,omitempty"`
}

// OutputDetails says whether the service included the output.
type OutputDetails struct { //nolint:revive // the API's name
	Included bool `json:"included"`
}

// Details is what the seed does not have. All keys are always there; what there is not is null.
type Details struct {
	Schema                 string       `json:"schema"`
	Class                  string       `json:"class"`
	Ending                 fsm.State    `json:"ending"`
	Stage                  fsm.State    `json:"stage"`
	Backend                string       `json:"backend"` // aws or sim
	GeneratedExecutionName *string      `json:"generated_execution_name"`
	Error                  *string      `json:"error"` // of the execution; else the code of what ended the run
	Cause                  *string      `json:"cause"` // of the execution; else the text of what ended the run
	RequestID              *string      `json:"request_id"`
	FailedState            *string      `json:"failed_state"`
	FailedEventID          *int64       `json:"failed_event_id"`
	Retries                *int         `json:"retries"`     // of the failed state
	LastEvents             []PastEvent  `json:"last_events"` // of the history, oldest first
	Polls                  int          `json:"polls"`
	Throttled              int          `json:"throttled"`
	Unreachable            int          `json:"unreachable"`
	Adopted                bool         `json:"adopted"`
	Redriven               bool         `json:"redriven"`
	Ambiguous              bool         `json:"ambiguous"` // an execution may have been started or redriven, but nobody knows
	Signal                 *string      `json:"signal"`
	ExecutionLeft          *string      `json:"execution_left"` // running, stopped, stopping, ended, unknown
	StopError              *string      `json:"stop_error"`
	FieldErrors            []FieldError `json:"field_errors"`
	ConsoleURL             *string      `json:"console_url"`
	Next                   []string     `json:"next"` // commands
}

// PastEvent is an event of the execution's history, without what the document has elsewhere.
type PastEvent struct {
	ID        int64   `json:"id"`
	Timestamp string  `json:"timestamp"` // RFC 3339 in UTC
	Type      string  `json:"type"`
	State     *string `json:"state"`
	Error     *string `json:"error"`
}

// FieldError is one broken field rule.
type FieldError struct {
	Field string `json:"field"`
	Value string `json:"value"`
	Rule  string `json:"rule"`
}

// New makes the document of a finished run.
func New(o fsm.Outcome, opt Options) Document {
	return Document{
		ExitCode:          RowOf(o.Ending).Code,
		StatusDescription: StatusDescription(o),
		Changed:           o.Execution != nil,
		Invocation:        Invocation{Extension: "sfnx", Version: opt.Version, Fields: FieldsOf(o.Request)},
		Result:            result(o, opt.Location),
		Sfnx:              details(o),
	}
}

// JSON is the document as text: two spaces of indentation, a newline at the end, the same bytes for the same run.
func (d Document) JSON() []byte { return pretty(d) }

// FieldsOf is the fields of a request as the document shows them.
func FieldsOf(r fsm.Request) Fields {
	return Fields{
		Action:                   r.Action,
		CredentialsUser:          masked(r.CredentialsUser),
		CredentialsPassword:      masked(r.CredentialsPassword),
		Region:                   unlessEmpty(r.Region),
		RoleBasedAccess:          r.RoleBasedAccess,
		RoleArn:                  unlessEmpty(strings.Join(r.RoleArn, ",")),
		StateMachineArn:          unlessEmpty(r.StateMachineArn),
		ExecutionName:            r.ExecutionName,
		Input:                    r.Input,
		UseProxy:                 r.UseProxy,
		WaitForSuccessOrFailure:  r.WaitForSuccessOrFailure,
		PollingInterval:          r.PollingInterval,
		ProxyType:                unlessEmpty(r.EffectiveProxyType()),
		Proxy:                    unlessEmpty(r.ShownProxy()),
		ProxyCredentialsUser:     masked(r.ProxyCredentialsUser),
		ProxyCredentialsPassword: masked(r.ProxyCredentialsPassword),
		ProxyCABundleFile:        unlessEmpty(r.ProxyCABundleFile),
	}
}

func result(o fsm.Outcome, zone *time.Location) *Result {
	x := o.Execution
	if x == nil {
		return nil
	}
	r := &Result{ExecutionArn: x.ExecutionArn, StateMachineArn: x.StateMachineArn, Name: x.Name, Status: string(x.Status), StartDate: date(x.StartDate, zone)}
	if !o.Request.WaitForSuccessOrFailure {
		return r
	}
	if !x.StopDate.IsZero() {
		stop := date(x.StopDate, zone)
		r.StopDate = &stop
	}
	r.Output = x.Output
	switch {
	case x.OutputIncluded != nil:
		r.OutputDetails = &OutputDetails{*x.OutputIncluded}
	case x.Output != nil:
		r.OutputDetails = &OutputDetails{true}
	}
	return r
}

// date is a date as the seed writes it: 2023-08-15 16:27:58.977000+03:00.
func date(t time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format("2006-01-02 15:04:05.000000-07:00")
}

func details(o fsm.Outcome) Details {
	d := Details{
		Schema:                 Schema,
		Class:                  RowOf(o.Ending).Class,
		Ending:                 o.Ending,
		Stage:                  o.Stage,
		Backend:                "aws",
		GeneratedExecutionName: unlessEmpty(o.Name),
		FailedState:            unlessEmpty(o.FailedState),
		Retries:                o.Retries,
		Polls:                  o.Polls,
		Throttled:              o.Throttled,
		Unreachable:            o.Unreachable,
		Adopted:                o.Adopted,
		Redriven:               o.Redriven,
		Ambiguous:              o.Ambiguous,
		Signal:                 unlessEmpty(o.Signal),
		ExecutionLeft:          unlessEmpty(string(o.Left)),
		FieldErrors:            []FieldError{},
		ConsoleURL:             unlessEmpty(consoleURL(o)),
		Next:                   Next(o),
	}
	if o.Request.Simulated {
		d.Backend = "sim"
	}
	if o.FailedEventID != 0 {
		d.FailedEventID = &o.FailedEventID
	}
	for _, e := range o.LastEvents {
		d.LastEvents = append(d.LastEvents, PastEvent{e.ID, instant(e.Timestamp), string(e.Type), unlessEmpty(e.State), unlessEmpty(e.Error)})
	}
	for _, e := range o.FieldErrors {
		d.FieldErrors = append(d.FieldErrors, FieldError(e))
	}
	if o.StopErr != nil {
		d.StopError = unlessEmpty(describe(o.StopErr))
	}
	d.Error, d.Cause = failure(o)
	var e *backend.Error
	if errors.As(o.Err, &e) {
		d.RequestID = unlessEmpty(e.RequestID)
	}
	return d
}

// failure is the error and cause of the execution, byte for byte, or else of what ended the run: there the error is
// the service's code, or that of the backend if the service gave none.
func failure(o fsm.Outcome) (name, cause *string) {
	if o.Err == nil {
		if o.Execution == nil {
			return nil, nil
		}
		return o.Execution.Error, o.Execution.Cause
	}
	code := string(backend.CodeOf(o.Err))
	var e *backend.Error
	if errors.As(o.Err, &e) && e.AWSCode != "" {
		code = e.AWSCode
	}
	return &code, unlessEmpty(o.Err.Error())
}

// masked is the mask of a secret, nil if it is unset.
func masked(secret interface {
	IsSet() bool
	String() string
}) *string {
	if !secret.IsSet() {
		return nil
	}
	mask := secret.String()
	return &mask
}

// unlessEmpty is nil for the empty text.
func unlessEmpty(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
