// Package account is an AWS account on the loopback interface whose executions end in a known way, for rigs that run
// sfnx against it a thousand times over.
//
//	a, err := account.Open(account.Options{})
//	defer a.Close()
//	run := a.Run("run", account.Arn(account.Fails), "--wait", "--name", "order", "--endpoint-url", a.URL)
//	fmt.Println(run.Code, a.Started("order-1"))
//
// It puts together what there is: a simulated region, which counts the executions that were started, behind the endpoint
// of internal/fakeaws. Nothing goes wrong here unless the endpoint's Script says so, and nobody but tests uses it.
package account

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/benbjohnson/clock"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/history"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// The state machines of the account.
const (
	Fails      = "fails"       // at once
	FailsLater = "fails-later" // after 35 seconds
	Lasts      = "lasts"       // a year
	Express    = "express"     // EXPRESS: succeeds at once
)

var definitions = map[string]string{
	Fails: `{"StartAt":"Bad","States":{"Bad":{"Type":"Fail","Error":"CardDeclined","Cause":"do not honour"}}}`,
	FailsLater: `{"StartAt":"Hold","States":{"Hold":{"Type":"Wait","Seconds":35,"Next":"Bad"},
		"Bad":{"Type":"Fail","Error":"CardDeclined","Cause":"do not honour"}}}`,
	Lasts:   `{"StartAt":"Hold","States":{"Hold":{"Type":"Wait","Seconds":31536000,"End":true}}}`,
	Express: `{"StartAt":"Accept","States":{"Accept":{"Type":"Pass","End":true}}}`,
}

// Options describe an Account. The zero Options are a plain http endpoint where time passes only while sfnx pauses.
type Options struct {
	TLS     *fakeaws.Authority
	Speed   float64 // seconds that pass in the account in each real one; 0 = time passes by the account's Clock alone
	Started func()  // called when an execution was started or found, before the answer; nil = nobody
}

// Account is an open account. Its methods can be called from several goroutines.
type Account struct {
	*fakeaws.Server

	options Options
	region  *sim.Region
	opened  time.Time

	mu       sync.Mutex
	started  map[string]int
	answered map[string]bool
}

// Open opens an account.
func Open(o Options) (*Account, error) {
	a := &Account{options: o, opened: time.Now(), started: map[string]int{}, answered: map[string]bool{}}
	a.region = sim.New(sim.Config{Account: fakeaws.Account, Region: fakeaws.Region, Start: a.opened, Observe: a.observe})
	for name, text := range definitions {
		machine, diagnostics := asl.Parse([]byte(text), asl.Options{})
		if len(diagnostics) > 0 {
			return nil, fmt.Errorf("the state machine %s of the account: %w", name, diagnostics)
		}
		m := sim.StateMachine{Name: name, Definition: text, Machine: machine}
		if name == Express {
			m.Type = backend.Express
		}
		if _, err := a.region.CreateStateMachine(m); err != nil {
			return nil, fmt.Errorf("open the account: %w", err)
		}
	}
	server, err := fakeaws.Start(service{a.region, a}, fakeaws.Options{TLS: o.TLS})
	if err != nil {
		return nil, fmt.Errorf("open the account: %w", err)
	}
	a.Server = server
	return a, nil
}

func (a *Account) observe(executionArn string, e history.Event) {
	if e.Type != history.ExecutionStarted {
		return
	}
	arn, err := backend.ParseARN(executionArn)
	if err != nil {
		panic(err) // the region made it
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.started[arn.Qualifier]++
}

// Started is how many executions of this name were started. Each one that is run again counts.
func (a *Account) Started(name string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.started[name]
}

// Answered reports whether a StartExecution of this name got as far as its answer.
func (a *Account) Answered(name string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.answered[name]
}

// Status is how an execution is doing, "" if there is none.
func (a *Account) Status(machine, name string) backend.Status {
	a.catchUp()
	ex, err := a.region.DescribeExecution(context.Background(), executionArn(machine, name))
	if err != nil {
		return ""
	}
	return ex.Status
}

// Clock paces a run in this process: whoever pauses on it lets the time pass in the account, at once.
func (a *Account) Clock() clock.Clock { return a.region.Clock() }

// catchUp lets the time pass that has passed outside.
func (a *Account) catchUp() {
	if a.options.Speed > 0 {
		a.region.Advance(a.opened.Add(time.Duration(float64(time.Since(a.opened)) * a.options.Speed)))
	}
}

// Arn is the ARN of a state machine.
func Arn(machine string) string {
	return fmt.Sprintf("arn:aws:states:%s:%s:stateMachine:%s", fakeaws.Region, fakeaws.Account, machine)
}

func executionArn(machine, name string) string {
	return fmt.Sprintf("arn:aws:states:%s:%s:execution:%s:%s", fakeaws.Region, fakeaws.Account, machine, name)
}

// Environ is the environment of a process that has the keys of the account and nothing of the machine that it runs on, as
// NAME=VALUE. Where the account is, --endpoint-url says.
func Environ() []string {
	return []string{
		"AWS_ACCESS_KEY_ID=" + fakeaws.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + fakeaws.SecretAccessKey.Reveal(), "AWS_SESSION_TOKEN=",
		"AWS_CONFIG_FILE=" + os.DevNull, "AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull, "AWS_EC2_METADATA_DISABLED=true",
		"AWS_PROFILE=", "AWS_ENDPOINT_URL=", "HTTPS_PROXY=", "HTTP_PROXY=", "https_proxy=", "http_proxy=",
	}
}

// service is the region as the endpoint sees it.
type service struct {
	*sim.Region
	account *Account
}

func (s service) StartExecution(ctx context.Context, in backend.StartExecutionInput) (backend.StartExecutionOutput, error) {
	s.account.catchUp()
	out, err := s.Region.StartExecution(ctx, in)
	if f := s.account.options.Started; err == nil && f != nil {
		f()
	}
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	s.account.answered[in.Name] = true
	return out, err
}

func (s service) DescribeExecution(ctx context.Context, executionArn string) (backend.Execution, error) {
	s.account.catchUp()
	return s.Region.DescribeExecution(ctx, executionArn)
}

func (s service) StopExecution(ctx context.Context, in backend.StopExecutionInput) (backend.StopExecutionOutput, error) {
	s.account.catchUp()
	return s.Region.StopExecution(ctx, in)
}
