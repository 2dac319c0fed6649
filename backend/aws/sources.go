package aws

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// sourceAttempts is how many times the timeout of one attempt a source of the SDK's may take, with whatever it asks.
const sourceAttempts = 5

// bounded ends the wait for a source that does not come back. The SDK would wait for ever when a credential_process leaves
// a child behind that holds its output open.
type bounded struct {
	aws.CredentialsProvider
	limit time.Duration
}

func (b bounded) Retrieve(ctx context.Context) (aws.Credentials, error) {
	limited, cancel := context.WithTimeout(ctx, b.limit)
	defer cancel()
	creds, err := b.CredentialsProvider.Retrieve(limited)
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		err = fmt.Errorf("the source gave none within %s", b.limit)
	}
	return creds, err
}

// place is where STS is for the sources of the SDK. They are made before the SDK has read AWS_ENDPOINT_URL, and would go
// to AWS itself: so they ask when they need it.
type place struct{ endpoint *string }

func (p *place) sts(o *sts.Options) {
	if p.endpoint != nil {
		o.BaseEndpoint = p.endpoint
	}
}

// sourceOptions are those of the SDK's own sources.
func (c Config) sourceOptions(p *place) []func(*config.LoadOptions) error {
	return []func(*config.LoadOptions) error{
		config.WithCredentialsCacheOptions(refreshEarly),
		config.WithProcessCredentialOptions(func(o *processcreds.Options) { o.Timeout = c.AttemptTimeout }),
		config.WithAssumeRoleCredentialOptions(func(o *stscreds.AssumeRoleOptions) {
			if client, ok := o.Client.(*sts.Client); ok {
				o.Client = roleSource{client, p}
			}
		}),
		config.WithWebIdentityRoleCredentialOptions(func(o *stscreds.WebIdentityRoleOptions) {
			if client, ok := o.Client.(*sts.Client); ok {
				o.Client = webIdentitySource{client, p}
			}
		}),
	}
}

type roleSource struct {
	*sts.Client
	place *place
}

// AssumeRole asks in the right place.
func (s roleSource) AssumeRole(ctx context.Context, in *sts.AssumeRoleInput, options ...func(*sts.Options)) (*sts.AssumeRoleOutput, error) {
	return s.Client.AssumeRole(ctx, in, append(options, s.place.sts)...)
}

type webIdentitySource struct {
	*sts.Client
	place *place
}

// AssumeRoleWithWebIdentity asks in the right place.
func (s webIdentitySource) AssumeRoleWithWebIdentity(ctx context.Context, in *sts.AssumeRoleWithWebIdentityInput, options ...func(*sts.Options)) (*sts.AssumeRoleWithWebIdentityOutput, error) {
	return s.Client.AssumeRoleWithWebIdentity(ctx, in, append(options, s.place.sts)...)
}
