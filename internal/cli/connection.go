package cli

import (
	"context"
	"sync"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/aws"
	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/internal/secret"
)

// accounts opens connections to AWS, and closes them.
type accounts struct {
	app         *app
	credentials []byte // a credential_process document, nil if there is none

	mu   sync.Mutex
	open []*aws.Backend
}

// accounts are the connections of a request.
func (m *merge) accounts() *accounts {
	return &accounts{app: m.app, credentials: m.credentials}
}

// runner runs jobs over these connections.
func (a *accounts) runner() fsm.Runner {
	env := a.app.env
	return fsm.Runner{Open: a.dial, Clock: env.Clock, NewID: newUUID(env.Random), Jitter: newJitter(env.Random), ReadFile: env.readFile}
}

// dial connects as a request says. It touches no network.
func (a *accounts) dial(ctx context.Context, r fsm.Request) (backend.Backend, error) {
	a.app.debugRequest(r)
	config, err := a.config(r)
	if err != nil {
		return nil, &backend.Error{Code: backend.Validation, Message: err.Error(), Err: err}
	}
	b, err := aws.Open(ctx, config)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.open = append(a.open, b)
	return b, nil
}

func (a *accounts) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, b := range a.open {
		b.Close()
	}
	a.open = nil
}

func (a *accounts) config(r fsm.Request) (aws.Config, error) {
	c := aws.Config{
		Region:              r.EffectiveRegion(),
		Profile:             r.Profile,
		AccessKeyID:         r.CredentialsUser,
		SecretAccessKey:     r.CredentialsPassword,
		SessionToken:        r.CredentialsSessionToken,
		RoleARNs:            r.RoleChain(),
		ExternalID:          secret.New(r.ExternalID),
		RoleSessionName:     r.RoleSessionName,
		RoleSessionDuration: r.RoleSessionDuration,
		EndpointURL:         r.EndpointURL,
		UserAgent:           "sfnx/" + a.app.env.Version,
		Retry:               a.app.env.Retry,
		AttemptTimeout:      a.app.env.AttemptTimeout,
	}
	if a.app.debug {
		c.Trace = a.app.debugExchange
	}
	if a.credentials != nil {
		c.CredentialsDocument = a.credentials
		c.AccessKeyID, c.SecretAccessKey = secret.String{}, secret.String{}
	}
	a.fromVariables(&c)
	if r.UseProxy {
		urls, err := aws.ParseProxies(r.Proxy)
		if err != nil {
			return c, err
		}
		c.Proxy = aws.Proxy{Type: aws.ProxyType(r.EffectiveProxyType()), URLs: urls, User: r.ProxyCredentialsUser, Password: r.ProxyCredentialsPassword}
	}
	if r.ProxyCABundleFile != "" {
		c.Proxy.CABundleFile = a.app.env.path(r.ProxyCABundleFile)
	}
	return c, nil
}

// fromVariables takes from the environment what the SDK would read from that of the process: the static keys, else the
// profile. The SDK reads the rest by itself. Its order is kept: a profile that was asked for, keys, web identity, the
// profile of AWS_PROFILE.
func (a *accounts) fromVariables(c *aws.Config) {
	env := a.app.env.variable
	id, key := env("AWS_ACCESS_KEY_ID"), env("AWS_SECRET_ACCESS_KEY")
	switch {
	case c.Profile != "" || c.AccessKeyID.IsSet() || c.CredentialsDocument != nil:
	case id != "" && key != "":
		c.AccessKeyID, c.SecretAccessKey, c.SessionToken = secret.New(id), secret.New(key), secret.New(env("AWS_SESSION_TOKEN"))
	case env("AWS_WEB_IDENTITY_TOKEN_FILE") == "":
		c.Profile = env("AWS_PROFILE")
	}
}
