package aws

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	"github.com/sfnx/sfnx/internal/secret"
)

// explicitCredentials is the source that the Config itself is, nil if it leaves the choice to the SDK's chain.
func (c Config) explicitCredentials() aws.CredentialsProvider {
	switch {
	case c.AccessKeyID.IsSet():
		return credentials.NewStaticCredentialsProvider(c.AccessKeyID.Reveal(), c.SecretAccessKey.Reveal(), c.SessionToken.Reveal())
	case c.CredentialsDocument != nil:
		return c.CredentialsDocument
	}
	return nil
}

// Document is the JSON that a credential_process prints: Version 1, AccessKeyId, SecretAccessKey, and SessionToken and
// Expiration if the keys are temporary. Nobody renews them. A Document prints as ****.
type Document []byte

// Format gives the mask for every verb.
func (Document) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(secret.Mask)) }

// MarshalText gives the mask.
func (Document) MarshalText() ([]byte, error) { return []byte(secret.Mask), nil }

// LogValue gives the mask.
func (Document) LogValue() slog.Value { return slog.StringValue(secret.Mask) }

// Retrieve gives the credentials until they expire.
func (d Document) Retrieve(context.Context) (aws.Credentials, error) {
	creds, err := parseCredentials(d)
	if err == nil && creds.Expired() {
		err = fmt.Errorf("the credentials of the document expired at %s", creds.Expires.Format(time.RFC3339))
	}
	return creds, err
}

// parseCredentials reads a Document. Its errors repeat nothing of the text.
func parseCredentials(text []byte) (aws.Credentials, error) {
	var d processcreds.CredentialProcessResponse
	if err := json.Unmarshal(text, &d); err != nil {
		return aws.Credentials{}, errors.New("it is not the JSON document that a credential_process prints")
	}
	switch {
	case d.Version != 1:
		return aws.Credentials{}, fmt.Errorf("its Version is %d, want 1", d.Version)
	case d.AccessKeyID == "", d.SecretAccessKey == "":
		return aws.Credentials{}, errors.New("it has no AccessKeyId or no SecretAccessKey")
	}
	creds := aws.Credentials{
		AccessKeyID: d.AccessKeyID, SecretAccessKey: d.SecretAccessKey, SessionToken: d.SessionToken,
		AccountID: d.AccountID, Source: "CredentialsDocument",
	}
	if d.Expiration != nil {
		creds.CanExpire, creds.Expires = true, *d.Expiration
	}
	return creds, nil
}

// roleChain puts the roles upon the credentials of cfg. Each link is cached and renewed before it expires, so a wait
// of days keeps working.
func (c Config) roleChain(cfg aws.Config, pol policy) source {
	creds := source{CredentialsProvider: bounded{cfg.Credentials, sourceAttempts * c.AttemptTimeout}}
	if cache, ok := cfg.Credentials.(*aws.CredentialsCache); ok && !isFixed(cache) {
		creds.caches = append(creds.caches, cache)
	}
	for _, arn := range c.RoleARNs {
		arn, _ = ParseRoleARN(arn) // Problems has seen it
		link := cfg.Copy()
		link.Credentials, link.APIOptions = creds, append(slices.Clip(cfg.APIOptions), creds.renewing)
		client := roleClient{newSTS(link, c.EndpointURL), pol}
		cache := aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(client, arn, func(o *stscreds.AssumeRoleOptions) {
			o.RoleSessionName = c.RoleSessionName
			o.Duration = c.RoleSessionDuration
			if c.ExternalID.IsSet() {
				o.ExternalID = aws.String(c.ExternalID.Reveal())
			}
		}), refreshEarly)
		creds = source{cache, append(slices.Clip(creds.caches), cache)}
	}
	return creds
}

// isFixed reports whether a provider has the same keys for ever.
func isFixed(p aws.CredentialsProvider) bool {
	return aws.IsCredentialsProvider(p, credentials.StaticCredentialsProvider{}) || aws.IsCredentialsProvider(p, Document{})
}

// refreshEarly renews credentials while there is still time to try again.
func refreshEarly(o *aws.CredentialsCacheOptions) { o.ExpiryWindow = 2 * time.Minute }

// roleClient gives each AssumeRole a call of its own.
type roleClient struct {
	*sts.Client
	policy policy
}

// AssumeRole is what stscreds asks for.
func (c roleClient) AssumeRole(ctx context.Context, in *sts.AssumeRoleInput, options ...func(*sts.Options)) (*sts.AssumeRoleOutput, error) {
	assume := &call{policy: c.policy, op: "AssumeRole"}
	return c.Client.AssumeRole(ctx, in, append(options, assume.sts)...)
}

// source marks the errors of a credential source, which the SDK passes on without a type.
type source struct {
	aws.CredentialsProvider
	caches []*aws.CredentialsCache // of it and of what it is built upon, as far as they can be filled anew
}

func (s source) Retrieve(ctx context.Context) (aws.Credentials, error) {
	creds, err := s.CredentialsProvider.Retrieve(ctx)
	if err != nil {
		return creds, &sourceError{err}
	}
	return creds, nil
}

// renewing makes a call once more, with fresh credentials, when AWS says that those in the caches have expired: the
// caches go by this machine's clock, and a session can be revoked.
func (s source) renewing(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("sfnxRenewing",
		func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			out, metadata, err := next.HandleInitialize(ctx, in)
			if len(s.caches) == 0 || !isExpired(err) {
				return out, metadata, err
			}
			for _, cache := range s.caches {
				cache.Invalidate()
			}
			return next.HandleInitialize(ctx, in)
		}), middleware.Before)
}

// isExpired reports whether a call was refused for credentials that have expired.
func isExpired(err error) bool {
	var api smithy.APIError
	return deepest[*sourceError](err) == nil && errors.As(err, &api) && (api.ErrorCode() == "ExpiredToken" || api.ErrorCode() == "ExpiredTokenException")
}

// sourceError is the failure of a credential source.
type sourceError struct{ err error }

func (e *sourceError) Error() string { return e.err.Error() }
func (e *sourceError) Unwrap() error { return e.err }

// remoteSources are the services that credentials come from over the network. A failing connection to any other
// source (instance metadata, a container, a process) means that there are no credentials.
var remoteSources = map[string]bool{sts.ServiceID: true, "SSO": true, "SSO OIDC": true, "Signin": true}

// operation is the call of a remote source that failed, nil if the source failed in another way.
func (e *sourceError) operation() *smithy.OperationError {
	if op := deepest[*smithy.OperationError](e); op != nil && remoteSources[op.ServiceID] {
		return op
	}
	return nil
}

// text says what is wrong with the source, without what the source gave in place of credentials, which the SDK puts into
// its errors.
func (e *sourceError) text() string {
	const byHand = "; run it by hand to see what it says"
	var process *processcreds.ProviderError
	var exit *exec.ExitError
	var api smithy.APIError
	op := deepest[*smithy.OperationError](e)
	switch {
	case errors.As(e, &process) && errors.As(process, &exit):
		return "credential_process ended with " + exit.String() + byHand
	case process != nil:
		return "credential_process printed no credentials that can be read" + byHand
	case isUnreadable(e), errors.As(e, &api) && api.ErrorCode() == "":
		return "what the source gave cannot be read"
	case api != nil:
		return fmt.Sprintf("the source refused with %s: %s", api.ErrorCode(), api.ErrorMessage())
	case op != nil && op.ServiceID == "ec2imds": // the last source of the chain
		return fmt.Sprintf("none in the environment, the shared files or the container, and the instance metadata service gave none (%v)", op.Err)
	}
	return e.err.Error()
}

// isUnreadable reports whether something was read that is not what it should be.
func isUnreadable(err error) bool {
	var garbled *smithy.DeserializationError
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var date *time.ParseError
	return errors.As(err, &garbled) || errors.As(err, &syntax) || errors.As(err, &kind) || errors.As(err, &date) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// deepest is the innermost error of type E in the chain of err.
func deepest[E error](err error) (found E) {
	for e := err; errors.As(e, &found); {
		if e = errors.Unwrap(found); e == nil {
			break
		}
	}
	return found
}
