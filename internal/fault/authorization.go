package fault

import (
	"fmt"
	"os"
	"syscall"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// forbidden is the end of a run that may not start anything.
var forbidden = code(3)

// authorization is good credentials that may not do what is asked of them.
var authorization = []Fault{
	{Stage: Authorization, Name: "identity", About: "the caller may not ask who it is", Want: forbidden, Process: true,
		Arrange: func(s *Scene) { s.Script("GetCallerIdentity", s.denied("sts:GetCallerIdentity")) }},
	{Stage: Authorization, Name: "start", About: "the caller may not start an execution", Want: forbidden, Process: true,
		Arrange: func(s *Scene) { s.Script("StartExecution", s.denied("states:StartExecution")) }},
	{Stage: Authorization, Name: "start-after-failures", About: "the caller may not start an execution, which the service only says after some failures", Want: forbidden, Process: true,
		Arrange: func(s *Scene) {
			s.Script("StartExecution", fakeaws.Fault{Times: s.N(1, 4), Status: Among(s, 500, 503), Code: "ServiceUnavailable"}, s.denied("states:StartExecution"))
		}},
	{Stage: Authorization, Name: "describe", About: "the caller may start an execution and never look at it", Want: left(3, backend.Running), Process: true,
		Arrange: func(s *Scene) { s.Script("DescribeExecution", s.denied("states:DescribeExecution")) }},
	{Stage: Authorization, Name: "describe-from-some-poll", About: "the permission to look at the execution is taken away while it runs", Want: left(3, backend.Running), Process: true,
		Arrange: func(s *Scene) { s.fromPoll(s.denied("states:DescribeExecution")) }},
	{Stage: Authorization, Name: "stop", About: "an interrupt is to stop the execution, and the caller may not", Want: left(0, backend.Running), Process: true,
		Arrange: func(s *Scene) {
			sig := Among(s, os.Interrupt, os.Signal(syscall.SIGTERM))
			s.Want.Code = map[os.Signal]int{os.Interrupt: 130, syscall.SIGTERM: 143}[sig]
			s.Flags("--on-interrupt", "stop")
			s.Script("StopExecution", s.denied("states:StopExecution"))
			s.fromPoll(fakeaws.Fault{Met: func() { s.Signal(sig) }})
		}},
	{Stage: Authorization, Name: "describe-machine", About: "the caller may not look at the state machine, which is not needed", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) { s.Script("DescribeStateMachine", s.denied("states:DescribeStateMachine")) }},
	{Stage: Authorization, Name: "describe-express-machine", About: "the caller may not look at the state machine, which is EXPRESS and cannot be waited for without", Want: left(3, ""), Process: true,
		Arrange: func(s *Scene) {
			s.Machine = "express"
			s.Script("DescribeStateMachine", s.denied("states:DescribeStateMachine"))
		}},
	{Stage: Authorization, Name: "start-express", About: "the caller may not run an EXPRESS state machine and wait for it", Want: forbidden, Process: true,
		Arrange: func(s *Scene) {
			s.Machine = "express"
			s.Script("StartSyncExecution", s.denied("states:StartSyncExecution"))
		}},
	{Stage: Authorization, Name: "history", About: "the caller may not read the history of the execution that failed, which is not needed", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Machine = Among(s, "fails", "aborted", "times-out")
			s.Script("GetExecutionHistory", s.denied("states:GetExecutionHistory"))
		}},
	{Stage: Authorization, Name: "first-role", About: "the caller may not assume the only role, or the first one of several", Want: forbidden, Process: true,
		Arrange: func(s *Scene) {
			s.Env["SFNX_EXTERNAL_ID"] = s.Secret(24)
			s.roles(s.N(1, 3))
			s.Script("AssumeRole", s.denied("sts:AssumeRole"))
		}},
	{Stage: Authorization, Name: "further-role", About: "a role may not assume the next one of a chain", Want: forbidden, Process: true,
		Arrange: func(s *Scene) {
			n := s.N(1, 3)
			s.Env["SFNX_EXTERNAL_ID"] = s.Secret(24)
			s.roles(n + 1)
			s.Script("AssumeRole", fakeaws.Fault{Times: n}, s.denied("sts:AssumeRole"))
		}},
	{Stage: Authorization, Name: "role-during-the-wait", About: "the permission to assume the role is taken away while the execution runs", Want: left(3, backend.Running), Process: true,
		Arrange: func(s *Scene) {
			s.Options.SessionLifetime = renewal
			s.roles(1)
			no := s.denied("sts:AssumeRole")
			s.fromPoll(fakeaws.Fault{Met: func() { s.Script("AssumeRole", no) }})
		}},
	{Stage: Authorization, Name: "key-at-the-start", About: "the key that encrypts the state machine is denied at the start", Want: forbidden, Process: true,
		Arrange: func(s *Scene) { s.Script("StartExecution", s.rejected("KmsAccessDeniedException")) }},
	{Stage: Authorization, Name: "key-during-the-wait", About: "the key that encrypts the state machine is denied while the execution runs", Want: left(3, backend.Running), Process: true,
		Arrange: func(s *Scene) { s.fromPoll(s.rejected("KmsAccessDeniedException")) }},
	{Stage: Authorization, Name: "control-policy", About: "a policy of the organization denies it to everybody", Want: forbidden, Process: true,
		Arrange: func(s *Scene) {
			f := s.rejected("AccessDeniedException")
			f.Message = "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: states:StartExecution with an explicit deny in a service control policy"
			s.Script(Among(s, "StartExecution", fakeaws.Any), f)
		}},
	{Stage: Authorization, Name: "region-not-enabled", About: "the account has not opted into the region, or the organization has switched it off", Want: forbidden, Process: true,
		Arrange: func(s *Scene) {
			s.Script(Among(s, "GetCallerIdentity", "StartExecution"), s.rejected(Among(s, "OptInRequired", "RegionDisabledException", "UnauthorizedOperation", "UnauthorizedException")))
		}},
	{Stage: Authorization, Name: "status-403", About: "an answer that says 403 and nothing else", Want: forbidden, Process: true,
		Arrange: func(s *Scene) {
			s.Script(Among(s, "GetCallerIdentity", "StartExecution", fakeaws.Any), fakeaws.Fault{Times: fakeaws.Forever, Status: 403})
		}},
	{Stage: Authorization, Name: "status-403-during-the-wait", About: "an answer that says 403 and nothing else while the execution runs", Want: left(3, backend.Running), Process: true,
		Arrange: func(s *Scene) { s.fromPoll(fakeaws.Fault{Times: fakeaws.Forever, Status: 403}) }},
}

// denied is a policy's no to an operation.
func (s *Scene) denied(action string) fakeaws.Fault {
	f := s.rejected(Among(s, "AccessDenied", "AccessDeniedException"))
	f.Message = fmt.Sprintf("User: arn:aws:iam::123456789012:user/ci is not authorized to perform: %s because no identity-based policy allows it", action)
	return f
}
