package fault

import (
	"context"
	"fmt"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// end is how the executions of the machine end.
func (s *Scene) end() (backend.Status, int) {
	name, _ := backend.ParseARN(arnOf(s.Machine))
	e := ends[name.Name]
	return e.status, e.code
}

// Set changes the state machines of the account.
func (s *Scene) Set(change func(*fakeaws.Machine)) {
	for arn, m := range s.machines {
		change(&m)
		s.machines[arn] = m
	}
}

// Lasts makes every execution take that long.
func (s *Scene) Lasts(d time.Duration) { s.Set(func(m *fakeaws.Machine) { m.After = d }) }

// Earlier starts the execution before the job does, with an input.
func (s *Scene) Earlier(input string) {
	out, err := s.world.StartExecution(context.Background(), backend.StartExecutionInput{StateMachineArn: arnOf(s.Machine), Name: s.Name + "-1", Input: &input})
	s.check(err)
	s.world.earlier = append(s.world.earlier, out.ExecutionArn)
}

// ExecutionArn is the execution of the job, if it is not EXPRESS.
func (s *Scene) ExecutionArn() string {
	arn, _ := backend.ParseARN(arnOf(s.Machine))
	return arn.Execution(s.Name + "-1").String()
}

// Stop stops the execution as somebody at the console would.
func (s *Scene) Stop() {
	cause := "the customer changed their mind"
	_, err := s.world.StopExecution(context.Background(), backend.StopExecutionInput{ExecutionArn: s.ExecutionArn(), Cause: &cause})
	s.check(err)
}

// asRole makes the command assume a role, with an external id and keys of a session to keep secret.
func (s *Scene) asRole() {
	s.Extra = append(s.Extra, "--role-arn", "arn:aws:iam::"+fakeaws.Account+":role/deploy")
	s.Env["SFNX_EXTERNAL_ID"] = s.Secret(24)
	s.Hide("fake-session-secret-1")
	s.Hide("fake-session-token-1")
}

// Requests wants a number of requests of an operation.
func (s *Scene) Requests(operation string, want int) {
	s.Also(func(performance) string {
		if got := len(s.AWS().Requests(operation)); got != want {
			return fmt.Sprintf("%d requests of %s were made, want %d", got, operation, want)
		}
		return ""
	})
}

// Trouble makes DescribeExecution fail from a moment after the beginning of the scene on, for a while; 0 = for ever.
func (s *Scene) Trouble(from, lasts time.Duration, code backend.Code, message string) {
	begin := s.world.Now().Add(from)
	s.world.trouble = func(now time.Time) error {
		if now.Before(begin) || lasts > 0 && !now.Before(begin.Add(lasts)) {
			return nil
		}
		return &backend.Error{Code: code, Message: message}
	}
}
