// Package aws is the backend that runs state machines in a real AWS account, over aws-sdk-go-v2.
//
//	b, err := aws.Open(ctx, aws.Config{Region: "eu-west-1", Profile: "ci"})
//	if err != nil { ... }
//	defer b.Close()
//	who, err := b.Authenticate(ctx)
//
// It adds to the SDK what a run needs: credentials from every source of the AWS CLI with a role chain on top, proxies
// with their own errors, a retry policy that no environment variable can change, starts that are repeated only where
// that is safe, and one closed list of error codes decided by type and service code, never by text.
//
// It does not poll, wait for the end of an execution or decide what an error means for a run: that is package fsm.
package aws

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/sfnx/sfnx/backend"
)

// Backend is a connection to the Step Functions of one account in one region. It is safe for concurrent use.
// Besides backend.Backend it is a Stopper, Historian, Lister, Redriver, SyncStarter and MachineDescriber.
type Backend struct {
	region    string
	policy    policy
	timeout   time.Duration // of one attempt
	transport *http.Transport
	patient   *http.Client // waits as long as StartSyncExecution may take
	sfn       *sfn.Client
	sts       *sts.Client
	masks     *masks
	types     sync.Map // state machine ARN -> backend.Type, as far as DescribeStateMachine has told
}

var (
	_ backend.Backend          = (*Backend)(nil)
	_ backend.Stopper          = (*Backend)(nil)
	_ backend.Historian        = (*Backend)(nil)
	_ backend.Lister           = (*Backend)(nil)
	_ backend.Redriver         = (*Backend)(nil)
	_ backend.SyncStarter      = (*Backend)(nil)
	_ backend.MachineDescriber = (*Backend)(nil)
)

// syncLimit is how long an EXPRESS execution may run.
const syncLimit = 5 * time.Minute

// Open checks the configuration and makes the clients. It does not touch the network: the first call does. Every
// error is a *backend.Error with code Validation: a broken Config, shared files that cannot be read, an unknown
// profile, a missing region.
func Open(ctx context.Context, c Config) (*Backend, error) {
	if problems := c.Problems(); len(problems) > 0 {
		return nil, &backend.Error{Code: backend.Validation, Message: list(problems), Err: errors.Join(problems...)}
	}
	c = c.withDefaults()
	hidden := &masks{}
	client, err := newClient(c.Proxy, hidden)
	if err != nil {
		return nil, invalid(err)
	}
	pol := policy{c.Retry}
	at := &place{}
	cfg, err := loadConfig(ctx, c, client.WithTimeout(c.AttemptTimeout), pol, at, hidden)
	if err != nil {
		return nil, err
	}

	// AWS_CA_BUNDLE and ca_bundle of a profile are applied by the SDK, and only to its own kind of client.
	buildable, ok := cfg.HTTPClient.(*awshttp.BuildableClient)
	if !ok {
		return nil, invalid(fmt.Errorf("the SDK replaced the HTTP client by a %T", cfg.HTTPClient))
	}
	b := &Backend{region: cfg.Region, policy: pol, timeout: c.AttemptTimeout, transport: buildable.GetTransport(), masks: hidden}
	b.patient = httpClient(b.transport, syncLimit+c.AttemptTimeout)
	cfg.HTTPClient = httpClient(b.transport, c.AttemptTimeout)
	creds := c.roleChain(cfg, pol)
	cfg.Credentials, cfg.APIOptions = creds, append(cfg.APIOptions, creds.renewing)
	b.sts = newSTS(cfg, c.EndpointURL)
	at.endpoint = b.sts.Options().BaseEndpoint
	b.sfn = sfn.NewFromConfig(cfg, func(o *sfn.Options) {
		if c.EndpointURL != "" {
			o.BaseEndpoint = &c.EndpointURL
		}
		if o.BaseEndpoint != nil {
			o.APIOptions = append(o.APIOptions, keepHost)
		}
	})
	for _, endpoint := range []*string{b.sfn.Options().BaseEndpoint, b.sts.Options().BaseEndpoint} {
		if endpoint == nil {
			continue
		}
		if _, err := parseURL(*endpoint); err != nil {
			return nil, invalid(fmt.Errorf("the endpoint of the environment or the profile: %w", err))
		}
	}
	return b, nil
}

// Region is the region in use: of the Config, the environment or the profile.
func (b *Backend) Region() string { return b.region }

// Close drops the idle connections.
func (b *Backend) Close() { b.transport.CloseIdleConnections() }

// Authenticate resolves the credentials, assumes the roles and asks STS who the caller is.
func (b *Backend) Authenticate(ctx context.Context) (backend.Identity, error) {
	c := b.reading("GetCallerIdentity")
	out, err := b.sts.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}, c.sts)
	if err != nil {
		return backend.Identity{}, c.failure(ctx, err)
	}
	return backend.Identity{Account: aws.ToString(out.Account), Arn: aws.ToString(out.Arn), UserID: aws.ToString(out.UserId)}, nil
}

func loadConfig(ctx context.Context, c Config, client *awshttp.BuildableClient, pol policy, at *place, hidden *masks) (aws.Config, error) {
	options := []func(*config.LoadOptions) error{
		config.WithHTTPClient(client),
		config.WithRetryer(func() aws.Retryer { return pol.ofSources() }),
		config.WithDefaultsMode(aws.DefaultsModeLegacy), // "auto" would ask the instance metadata service
		config.WithLogger(logging.Nop{}),
		config.WithAPIOptions([]func(*middleware.Stack) error{watchAttempts, sensible, hidden.learning, userAgent(c.UserAgent)}),
		config.WithDefaultRegion(c.DefaultRegion),
		config.WithRegion(c.Region),
		config.WithSharedConfigProfile(c.Profile),
		config.WithBaseEndpoint(c.EndpointURL),
	}
	options = append(options, c.sourceOptions(at)...)
	if c.Trace != nil {
		options = append(options, config.WithAPIOptions([]func(*middleware.Stack) error{tracing(c.Trace, hidden)}))
	}
	if p := c.explicitCredentials(); p != nil {
		options = append(options, config.WithCredentialsProvider(p))
	}
	if err := checkSharedFiles(); err != nil {
		return aws.Config{}, invalid(fmt.Errorf("load the AWS configuration: %w", err))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		var missing config.SharedConfigProfileNotExistError
		if errors.As(err, &missing) {
			err = fmt.Errorf("there is no profile %q in the shared configuration files; give another one or set AWS_CONFIG_FILE", missing.Profile)
		}
		return aws.Config{}, invalid(fmt.Errorf("load the AWS configuration: %w", err))
	}
	switch {
	case cfg.Region == "":
		return aws.Config{}, invalid(errors.New("no region: give one, or set AWS_REGION, or region in the profile"))
	case !isRegion(cfg.Region):
		return aws.Config{}, invalid(fmt.Errorf("the region is %q, want one like eu-west-1", cfg.Region))
	}
	return cfg, nil
}

// userAgent takes "name/version", since the SDK would write the slash as a dash.
func userAgent(text string) func(*middleware.Stack) error {
	name, version, ok := strings.Cut(text, "/")
	if !ok {
		return awsmiddleware.AddUserAgentKey(name)
	}
	return awsmiddleware.AddUserAgentKeyValue(name, version)
}

func newSTS(cfg aws.Config, endpoint string) *sts.Client {
	return sts.NewFromConfig(cfg, func(o *sts.Options) {
		if endpoint != "" {
			o.BaseEndpoint = &endpoint
		}
	})
}

// httpClient follows no redirect: a signed request is good for one host only.
func httpClient(t *http.Transport, timeout time.Duration) *http.Client {
	return &http.Client{
		Transport:     t,
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// keepHost keeps the SDK from putting "sync-" before the host of a custom endpoint, where no such name exists.
func keepHost(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("sfnxKeepHost",
		func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			return next.HandleInitialize(smithyhttp.DisableEndpointHostPrefix(ctx, true), in)
		}), middleware.Before)
}

func list(problems []error) string {
	texts := make([]string, len(problems))
	for i, p := range problems {
		texts[i] = p.Error()
	}
	return strings.Join(texts, "; ")
}

func invalid(err error) *backend.Error {
	return &backend.Error{Code: backend.Validation, Message: err.Error(), Err: err}
}
