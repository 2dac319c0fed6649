module github.com/sfnx/sfnx

go 1.26.8

require (
	github.com/aws/aws-sdk-go-v2 v1.47.5 // real accounts: the SDK itself (backend/aws only)
	github.com/aws/aws-sdk-go-v2/config v1.33.13 // the credential chain: environment, profiles, SSO, web identity, containers, IMDS
	github.com/aws/aws-sdk-go-v2/credentials v1.20.13 // static credentials and AssumeRole
	github.com/aws/aws-sdk-go-v2/service/sfn v1.41.2 // the Step Functions API
	github.com/aws/aws-sdk-go-v2/service/sts v1.51.6 // GetCallerIdentity, AssumeRole
	github.com/aws/smithy-go v1.28.8 // the SDK's error types
	github.com/benbjohnson/clock v1.3.5 // the port for time at the edge; a mock for specs
	github.com/go-json-experiment/json v0.0.0-20260820222146-c27c302e5fc3 // JSON tokens with offsets: positions in definitions, streaming of datasets
	github.com/google/go-cmp v0.7.0 // tests: readable differences
	github.com/looplab/fsm v1.0.3 // the transition table of the life cycle
	github.com/onsi/ginkgo/v2 v2.34.0 // tests: the specifications
	github.com/onsi/gomega v1.44.0 // tests: their matchers
	github.com/rogpeppe/go-internal v1.16.0 // tests: the command line as text scripts
	github.com/spf13/cobra v1.10.2 // commands, help and shell completion
	github.com/spf13/pflag v1.0.9 // cobra's flags, by name
	go.uber.org/goleak v1.3.0 // tests: no goroutine is left behind
	golang.org/x/net v0.56.0 // proxies from the environment, as Go's own transport reads them; tests: a name service
	golang.org/x/sys v0.49.0 // was a standard stream closed when the process began?
	golang.org/x/term v0.47.0 // is this a terminal, and how wide
	pgregory.net/rapid v1.3.0 // tests: random machines
)

require (
	github.com/Masterminds/semver/v3 v3.4.0 // indirect
	github.com/aws/aws-sdk-go-v2/feature/ec2/imds v1.20.5 // indirect
	github.com/aws/aws-sdk-go-v2/internal/configsources v1.5.8 // indirect
	github.com/aws/aws-sdk-go-v2/internal/endpoints/v2 v2.8.8 // indirect
	github.com/aws/aws-sdk-go-v2/internal/v4a v1.5.8 // indirect
	github.com/aws/aws-sdk-go-v2/service/internal/accept-encoding v1.13.23 // indirect
	github.com/aws/aws-sdk-go-v2/service/internal/presigned-url v1.14.8 // indirect
	github.com/aws/aws-sdk-go-v2/service/signin v1.12.1 // indirect
	github.com/aws/aws-sdk-go-v2/service/sso v1.39.1 // indirect
	github.com/aws/aws-sdk-go-v2/service/ssooidc v1.44.1 // indirect
	github.com/go-logr/logr v1.4.3 // indirect
	github.com/go-task/slim-sprig/v3 v3.0.0 // indirect
	github.com/google/pprof v0.0.0-20260402051712-545e8a4df936 // indirect
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/mod v0.36.0 // indirect
	golang.org/x/sync v0.21.0 // indirect
	golang.org/x/text v0.38.0 // indirect
	golang.org/x/tools v0.45.0 // indirect
)

tool github.com/onsi/ginkgo/v2/ginkgo
