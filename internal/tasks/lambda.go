package tasks

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/value"
)

// maxResponse is the largest response of a function, in bytes.
const maxResponse = 6<<20 + 100

var (
	functionARN  = regexp.MustCompile(`^arn:[^:]+:lambda:[^:]*:[^:]*:function:`)
	lambdaInvoke = regexp.MustCompile(`^arn:[^:]+:states:[^:]*:[^:]*:lambda:invoke(\.waitForTaskToken)?$`)
)

// function is the Lambda function that a call is for.
type function struct {
	given     string // as the call names it
	name      string // alone; empty if the call is for no function
	qualifier string // version or alias; empty for $LATEST
	arn       string // without the qualifier
}

// functionOf finds the function in a Resource, or in the FunctionName of lambda:invoke: an ARN, account:function:name or a
// name, with or without a qualifier. A name without an account or region is that of a function beside the state machine.
func functionOf(c sim.Call) function {
	var f function
	switch {
	case functionARN.MatchString(c.Resource):
		f.given = c.Resource
	case lambdaInvoke.MatchString(c.Resource):
		name, _ := c.Parameters.Get("FunctionName")
		qualifier, _ := c.Parameters.Get("Qualifier")
		f.given, f.qualifier = name.Str(), qualifier.Str()
	}
	owner, name, ok := strings.Cut(f.given, ":function:")
	if !ok {
		owner, name = "", f.given
	}
	name, qualifier, _ := strings.Cut(name, ":")
	f.name = name
	if qualifier != "" {
		f.qualifier = qualifier
	}
	if !strings.HasPrefix(owner, "arn:") {
		partition, region, account := machineOf(c.ExecutionArn)
		if owner == "" {
			owner = account
		}
		owner = "arn:" + partition + ":lambda:" + region + ":" + owner
	}
	f.arn = owner + ":function:" + name
	return f
}

// machineOf is where an execution's state machine lives.
func machineOf(executionArn string) (partition, region, account string) {
	parts := append(strings.SplitN(executionArn, ":", 6), "", "", "", "", "")
	return parts[1], parts[3], parts[4]
}

// invocation is a call as somebody outside sees it: a payload that goes in, a text that comes out.
type invocation struct {
	call     sim.Call
	function function // its name is empty for other resources
	invoke   bool     // by lambda:invoke
	wrapped  bool     // the result is the response of the Invoke API, not the payload alone
	logs     bool     // LogType Tail
	payload  string   // JSON
}

// newInvocation says what goes in: the effective input for a function's ARN, the Payload for lambda:invoke, the parameters
// for everything else. refused is the answer to a call that never gets that far.
func newInvocation(c sim.Call) (inv invocation, refused *sim.Answer, err error) {
	inv = invocation{call: c, function: functionOf(c), payload: c.Parameters.JSON()}
	match := lambdaInvoke.FindStringSubmatch(c.Resource)
	if match == nil {
		return inv, nil, nil
	}
	inv.invoke, inv.wrapped = true, match[1] == ""
	if inv.function.name == "" {
		return inv, nil, fmt.Errorf("the parameters of %s have no FunctionName", c.Resource)
	}
	if t, ok := c.Parameters.Get("InvocationType"); ok && t.Str() != "RequestResponse" {
		return inv, nil, fmt.Errorf("the InvocationType %s is not simulated: answer the state by --mock", t)
	}
	logType, _ := c.Parameters.Get("LogType")
	inv.logs = logType.Str() == "Tail"
	payload, _ := c.Parameters.Get("Payload")
	switch payload.Kind() {
	case value.UndefinedKind, value.NullKind:
		inv.payload = "{}" // recorded
	case value.StringKind: // sent as it is (recorded)
		inv.payload = payload.Str()
		if _, err := value.Parse(inv.payload); err != nil {
			a := throw("Lambda.InvalidRequestContentException", inv.serviceCause("Could not parse request body into json: "+err.Error(), http.StatusBadRequest, "InvalidRequestContentException"))
			return inv, &a, nil
		}
	default:
		inv.payload = payload.JSON()
	}
	return inv, nil, nil
}

func throw(name, cause string) sim.Answer { return sim.Throw(&name, &cause) }

// serviceCause is the text of an error of the service (recorded).
func (inv *invocation) serviceCause(message string, status int, code string) string {
	return fmt.Sprintf("%s (Service: AWSLambda; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)", message, status, code, inv.id("request"))
}

// response is what came back from outside.
type response struct {
	text    string // nothing at all is null
	status  int
	version string
	log     string // base64
}

// succeeded is the answer to a result.
func (inv *invocation) succeeded(r response) (sim.Answer, error) {
	if len(r.text) > maxResponse {
		return inv.tooLarge()
	}
	if strings.TrimSpace(r.text) == "" {
		r.text = "null"
	}
	v, err := value.Parse(r.text)
	if err != nil {
		return sim.Answer{}, fmt.Errorf("the result is %w", err)
	}
	if !inv.wrapped {
		return sim.Return(v), nil
	}
	return sim.Return(inv.wrap(v, r)), nil
}

func (inv *invocation) tooLarge() (sim.Answer, error) {
	if inv.function.name == "" {
		return sim.Answer{}, fmt.Errorf("the result is larger than %d bytes", maxResponse)
	}
	return inv.failed(fmt.Sprintf(`{"errorMessage":"Response payload size exceeded maximum allowed payload size (%d bytes).","errorType":"Function.ResponseSizeTooLarge"}`, maxResponse)), nil
}

// failed is the answer to an error payload, {"errorType": ..., "errorMessage": ...}. The cause of a function's error is the
// payload: as it came for a function's ARN, written anew for lambda:invoke (recorded). That of anything else is the message.
func (inv *invocation) failed(payload string) sim.Answer {
	payload = strings.TrimSpace(payload)
	v, err := value.Parse(payload)
	kind, _ := v.Get("errorType")
	if inv.function.name == "" {
		message, ok := v.Get("errorMessage")
		if !ok {
			message = value.String(payload)
		}
		name := kind.Str()
		if name == "" {
			name = "States.TaskFailed"
		}
		return throw(name, message.Str())
	}
	if inv.invoke && err == nil {
		payload = v.JSON()
	}
	if kind.Str() == "" {
		return throw("Lambda.Unknown", "The cause could not be determined because Lambda did not return an error type. Returned payload: "+payload)
	}
	return throw(kind.Str(), payload)
}

// wrap is the response of the Invoke API as Step Functions decorates it, with what depends on nothing but the call.
func (inv *invocation) wrap(payload value.Value, r response) value.Value {
	version := r.version
	if version == "" {
		version = "$LATEST"
	}
	id := inv.id("request")
	trace := strings.ReplaceAll(inv.id("trace"), "-", "")
	headers := []struct{ name, value string }{
		{"Connection", "keep-alive"},
		{"Content-Length", strconv.Itoa(payload.Size())},
		{"Content-Type", "application/json"},
		{"Date", inv.call.Now.UTC().Format(http.TimeFormat)},
		{"X-Amz-Executed-Version", version},
		{"x-amzn-Remapped-Content-Length", "0"},
		{"x-amzn-RequestId", id},
		{"X-Amzn-Trace-Id", fmt.Sprintf("root=1-%08x-%s;sampled=0", inv.call.Now.Unix(), trace[:24])},
	}
	var single, lists []value.Member
	for _, h := range headers {
		v := value.String(h.value)
		single = append(single, value.Member{Key: h.name, Value: v})
		lists = append(lists, value.Member{Key: h.name, Value: value.Array(v)})
	}
	members := []value.Member{{Key: "ExecutedVersion", Value: value.String(version)}}
	if inv.logs {
		members = append(members, value.Member{Key: "LogResult", Value: value.String(r.log)})
	}
	return value.Object(append(members,
		value.Member{Key: "Payload", Value: payload},
		value.Member{Key: "SdkHttpMetadata", Value: value.Object(
			value.Member{Key: "AllHttpHeaders", Value: value.Object(lists...)},
			value.Member{Key: "HttpHeaders", Value: value.Object(single...)},
			value.Member{Key: "HttpStatusCode", Value: value.Int(int64(r.status))},
		)},
		value.Member{Key: "SdkResponseMetadata", Value: value.Object(value.Member{Key: "RequestId", Value: value.String(id)})},
		value.Member{Key: "StatusCode", Value: value.Int(int64(r.status))},
	)...)
}

// id is an identifier in the form of a UUID, the same for the same call.
func (inv *invocation) id(of string) string {
	c := inv.call
	sum := sha256.Sum256([]byte(strings.Join([]string{of, c.ExecutionArn, c.State, strconv.Itoa(c.RetryCount), strconv.FormatInt(c.Now.UnixNano(), 10), inv.payload}, "\x00")))
	sum[6], sum[8] = sum[6]&0x0F|0x40, sum[8]&0x3F|0x80 // version 4, as AWS's are
	h := hex.EncodeToString(sum[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
