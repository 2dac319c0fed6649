package fault

import (
	"net/http"
	"strconv"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// refusals are what the service says in place of a start.
var refusals = []Fault{
	{Stage: Refused, Name: "no-such-state-machine", About: "the state machine does not exist", Want: code(20), Process: true, Arrange: refused("StateMachineDoesNotExist")},
	{Stage: Refused, Name: "state-machine-deleting", About: "the state machine is being deleted", Want: code(20), Process: true, Arrange: refused("StateMachineDeleting")},
	{Stage: Refused, Name: "invalid-arn", About: "the service does not like the ARN", Want: code(20), Process: true, Arrange: refused("InvalidArn")},
	{Stage: Refused, Name: "invalid-name", About: "the service does not like the name", Want: code(20), Process: true, Arrange: refused("InvalidName")},
	{Stage: Refused, Name: "invalid-input", About: "the service does not like the input", Want: code(20), Process: true, Arrange: refused("InvalidExecutionInput")},
	{Stage: Refused, Name: "validation-exception", About: "the service does not like something else about the request", Want: code(20), Process: true, Arrange: refused("ValidationException")},
	{Stage: Refused, Name: "type-not-supported", About: "the service cannot do this with this type of state machine", Want: code(20), Process: true, Arrange: refused("StateMachineTypeNotSupported")},
	{Stage: Refused, Name: "unknown-operation", About: "the endpoint does not know Step Functions", Want: code(20), Process: true, Arrange: refused("UnknownOperationException")},
	{Stage: Refused, Name: "unknown-code", About: "the service refuses with an error that nobody knows yet", Want: code(1), Process: true,
		Arrange: func(s *Scene) {
			s.refuse(fakeaws.Fault{Code: Among(s, "SomethingNewException", "QuotaOfTomorrowExceeded", "X"), Message: "see the release notes"})
		}},
	{Stage: Refused, Name: "too-large", About: "413, the request is too large for something on the way", Want: code(1), Process: true,
		Arrange: func(s *Scene) {
			s.refuse(Among(s, fakeaws.Fault{Status: 413, Code: "RequestEntityTooLarge"}, fakeaws.Fault{Status: 413, Code: "RequestEntityTooLargeException", Message: "too large"}))
		}},
	{Stage: Refused, Name: "no-body", About: "400 without a body, which does not say that the service has refused", Want: code(10),
		Arrange: func(s *Scene) {
			s.refuse(fakeaws.Fault{Status: 400, ContentType: Among(s, "application/x-amz-json-1.0", "", "text/plain")})
		}},
	{Stage: Refused, Name: "code-with-namespace", About: "the code of the error has a namespace before it or a URL behind it", Want: code(20), Process: true,
		Arrange: func(s *Scene) {
			s.refuse(fakeaws.Fault{Status: 400, ContentType: "application/x-amz-json-1.0", Body: Among(s, `{"__type":"com.amazonaws.states#InvalidName","message":"no"}`,
				`{"__type":"InvalidName:http://internal.amazon.com/coral/com.amazonaws.states/"}`, `{"__type":"aws.states#InvalidName:http://x/","Message":"no"}`)})
		}},
	{Stage: Refused, Name: "code-without-type", About: "the code of the error stands in a member of another name", Want: code(20), Process: true,
		Arrange: func(s *Scene) {
			s.refuse(fakeaws.Fault{Status: 400, ContentType: "application/x-amz-json-1.0", Body: Among(s, `{"code":"InvalidArn","message":"no"}`, `{"code":"InvalidArn"}`)})
		}},
	{Stage: Refused, Name: "code-in-header", About: "the code of the error stands in a header alone", Want: code(20), Process: true,
		Arrange: func(s *Scene) {
			s.refuse(fakeaws.Fault{Status: 400, ContentType: "application/x-amz-json-1.0", Body: Among(s, `{}`, `{"message":"no"}`),
				Header: http.Header{"X-Amzn-Errortype": {Among(s, "InvalidName", "InvalidName:http://internal.amazon.com/coral/", "com.amazonaws.states#InvalidName")}}})
		}},
	{Stage: Refused, Name: "same-input-running", About: "the execution of that name runs already, with the same input", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) { s.Earlier(s.Input) }},
	{Stage: Refused, Name: "same-input-over", About: "the execution of that name has ended already, with the same input", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.Earlier(s.Input)
			s.Clock.Pass(time.Duration(s.N(60, 100000)) * time.Second)
			s.Tells("sfnx.adopted", true)
		}},
	{Stage: Refused, Name: "other-input-running", About: "the execution of that name runs already, with another input", Want: left(20, backend.Running), Process: true,
		Arrange: func(s *Scene) {
			s.Lasts(24 * time.Hour)
			s.Earlier(otherInput(s))
		}},
	{Stage: Refused, Name: "other-input-over", About: "the execution of that name has ended already, with another input", Want: Want{Code: 20, Starts: 1},
		Arrange: func(s *Scene) {
			s.Earlier(otherInput(s))
			s.Clock.Pass(time.Duration(s.N(60, 100000)) * time.Second)
			s.Want.Status, _ = s.end()
		}},
	{Stage: Refused, Name: "exists-and-must-not", About: "the execution of that name has ended already, and --on-exists fail", Want: Want{Code: 20, Starts: 1},
		Arrange: func(s *Scene) {
			s.Earlier(s.Input)
			s.Clock.Pass(time.Duration(s.N(60, 100000)) * time.Second)
			s.Extra = []string{"--on-exists", "fail"}
			s.Want.Status, _ = s.end()
		}},
	{Stage: Refused, Name: "runs-and-must-not", About: "the execution of that name has run for a while, and --on-exists fail", Want: left(20, backend.Running),
		Arrange: func(s *Scene) {
			s.Lasts(2 * time.Hour)
			s.Earlier(s.Input)
			s.Clock.Pass(time.Duration(s.N(6, 60)) * time.Minute)
			s.Extra = []string{"--on-exists", "fail"}
		}},
	{Stage: Refused, Name: "quota-for-a-while", About: "too many executions are open, for a few calls", Want: itsOwn, Process: true, Arrange: refusedFor("ExecutionLimitExceeded")},
	{Stage: Refused, Name: "quota-for-ever", About: "too many executions are open, and it stays so", Want: code(10), Arrange: refused("ExecutionLimitExceeded")},
	{Stage: Refused, Name: "throttled-for-a-while", About: "the start is throttled a few times", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			refusedFor(Among(s, "ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"))(s)
		}},
	{Stage: Refused, Name: "throttled-for-ever", About: "the start is throttled, and it stays so", Want: code(10), Arrange: refused("ThrottlingException")},
	{Stage: Refused, Name: "retry-after", About: "the start is throttled and told when to come back", Want: itsOwn,
		Arrange: func(s *Scene) {
			asked := time.Duration(s.N(2, 8)) * 5 * time.Second
			s.Retry.MaxDelay = time.Millisecond // what takes longer is paused for in virtual time
			s.Script("StartExecution", fakeaws.Fault{Code: "ThrottlingException", Header: comeBack(s, asked), Met: func() { s.notBefore(asked) }})
		}},
}

// refuse answers every start with a fault.
func (s *Scene) refuse(f fakeaws.Fault) {
	f.Times = fakeaws.Forever
	s.Script("StartExecution", f)
}

// refused answers every start with an error code, with a message of its own or none.
func refused(code string) func(*Scene) {
	return func(s *Scene) {
		s.refuse(fakeaws.Fault{Code: code, Message: Among(s, "", "no: "+code, "line 1\nline 2 \x1b[31mred\x00", `{"nested":"json"}`)})
	}
}

// refusedFor answers some starts, as many as one call makes attempts, with an error code.
func refusedFor(code string) func(*Scene) {
	return func(s *Scene) { s.Script("StartExecution", fakeaws.Fault{Times: s.N(1, 4), Code: code}) }
}

// otherInput is not the input of the job, if only for a space.
func otherInput(s *Scene) string {
	return Among(s, s.Input+" ", `{"order": 1, "note": "naïve"}`, `{}`, `{"note": "naïve", "order": 1.0}`)
}

// comeBack asks for a pause, in one of three ways.
func comeBack(s *Scene, d time.Duration) http.Header {
	return Among(s,
		http.Header{"Retry-After": {strconv.Itoa(int(d / time.Second))}},
		http.Header{"Retry-After": {time.Now().Add(d + time.Second).UTC().Format(http.TimeFormat)}},
		http.Header{"X-Amz-Retry-After": {strconv.Itoa(int(d / time.Millisecond))}})
}

// notBefore wants no request of any operation before a pause has passed in virtual time.
func (s *Scene) notBefore(asked time.Duration) {
	now := s.world.Now()
	s.world.quiet = now.Add(asked - 2*time.Second) // a date has whole seconds
	s.Also(func(performance) string {
		if s.world.hurried {
			return "the service was asked again before the pause that it had asked for"
		}
		return ""
	})
}
