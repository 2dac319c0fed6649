package fault

import "strings"

// configuration are files and variables that do not say what they should.
var configuration = []Fault{
	{Stage: Configuration, Name: "broken-config-file", About: "a shared file that cannot be read as one", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.noKeys()
			s.File(Among(s, "config", "credentials"), Among(s, "[default\nregion=eu-west-1\n", "region=eu-west-1\n[default]\n", "[default]\nregion\n",
				"[default]\n= eu-west-1\n", "[default]\naws_secret_access_key "+s.Secret(40)+"\n"))
		}},
	{Stage: Configuration, Name: "missing-profile", About: "a profile that does not exist", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.config("[profile other]\nregion=eu-west-1\n")
			if s.N(0, 1) == 0 {
				s.Flags("--profile", "ci")
			} else {
				s.noKeys()
				s.Env["AWS_PROFILE"] = "ci"
			}
		}},
	{Stage: Configuration, Name: "missing-source-profile", About: "a profile whose source profile does not exist, or goes round in circles", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.config(Among(s,
				"[profile ci]\nrole_arn=arn:aws:iam::123456789012:role/ci\nsource_profile=ghost\n",
				"[profile ci]\nrole_arn=arn:aws:iam::123456789012:role/ci\nsource_profile=other\n[profile other]\nrole_arn=arn:aws:iam::123456789012:role/b\nsource_profile=ci\n"))
			s.Flags("--profile", "ci")
		}},
	{Stage: Configuration, Name: "unknown-credential-source", About: "a profile with a credential_source that does not exist", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.config("[profile ci]\nrole_arn=arn:aws:iam::123456789012:role/ci\ncredential_source=" + s.text(upper, 6) + "\n")
			s.Flags("--profile", "ci")
		}},
	{Stage: Configuration, Name: "half-of-single-sign-on", About: "a profile whose single sign-on lacks a part", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.config("[profile ci]\nsso_account_id=123456789012\nsso_role_name=ci\nsso_start_url=https://sso.example\n" + Among(s, "", "sso_session=ghost\n"))
			s.Flags("--profile", "ci")
		}},
	{Stage: Configuration, Name: "nonsense-region", About: "a text that is no region", Want: local, Process: true,
		Arrange: func(s *Scene) {
			region := Among(s, "eu west 1", "Ireland", "eu-west-1/", "eu-west-1.evil.example", "ü", "-")
			if s.N(0, 1) == 0 {
				s.Flags("--region", region)
			} else {
				s.Env[Among(s, "AWS_REGION", "AWS_DEFAULT_REGION", "SFNX_REGION")] = region
			}
		}},
	{Stage: Configuration, Name: "missing-authorities", About: "a file of certificates to trust that does not exist", Want: local, Process: true,
		Arrange: func(s *Scene) { s.trust(s.Path("ghost.pem")) }},
	{Stage: Configuration, Name: "nonsense-authorities", About: "a file of certificates to trust that holds none", Want: local, Process: true,
		Arrange: func(s *Scene) {
			whole := string(authority().PEM())
			s.trust(s.File("broken.pem", Among(s, "", "hello\n", whole[:s.N(1, len(whole)-30)], strings.Replace(whole, "M", "!", 3), "-----BEGIN PRIVATE KEY-----\n"+s.Secret(64)+"\n-----END PRIVATE KEY-----\n")))
		}},
	{Stage: Configuration, Name: "directory-of-authorities", About: "a directory where a file of certificates is wanted", Want: local, Process: true,
		Arrange: func(s *Scene) { s.trust(s.dir) }},
	{Stage: Configuration, Name: "nonsense-endpoint", About: "an endpoint that is no URL", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.endpoint(Among(s, "states.eu-west-1.amazonaws.com", "ftp://states.example", "https://", "https://[::1", "https://states.example:port", "://"))
		}},
	{Stage: Configuration, Name: "user-in-the-endpoint", About: "an endpoint with user and password in its URL", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.endpoint("https://" + s.userinfo() + "@states.example" + Among(s, "", ":443", ":port", "/%zz"))
		}},
	{Stage: Configuration, Name: "directory-as-config-file", About: "a directory where a shared file is wanted", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.noKeys()
			s.Env[Among(s, "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")] = s.dir
		}},
	{Stage: Configuration, Name: "broken-credentials-file", About: "a credentials file with half a pair of keys", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.noKeys()
			s.File("credentials", "[default]\n"+Among(s, "aws_access_key_id", "aws_secret_access_key")+"="+s.Secret(30)+"\n")
		}},
	{Stage: Configuration, Name: "events-in-a-missing-directory", About: "a stream of events into a directory that does not exist", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.Flags("--events", Among(s, s.Path("ghost/events.ndjson"), s.dir, "fd:77", "fd:x", "fd:0"))
		}},
	{Stage: Configuration, Name: "nonsense-variable", About: "a variable of sfnx with a value that makes no sense", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.Env[Among(s, "SFNX_ATTEMPT", "SFNX_WAIT_TIMEOUT", "SFNX_ON_INTERRUPT", "SFNX_ON_EXISTS", "SFNX_USE_PROXY", "SFNX_ROLE_ARN", "SFNX_RETRY_BUDGET", "SFNX_PROXY_TYPE")] = "nonsense"
		}},
	{Stage: Configuration, Name: "nonsense-variable-of-aws", About: "a variable of AWS with a value that makes no sense", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.Env[Among(s, "AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE", "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "AWS_ENABLE_ENDPOINT_DISCOVERY")] = "nonsense"
		}},
	{Stage: Configuration, Name: "two-variables", About: "one field given by two variables", Want: local, Process: true,
		Arrange: func(s *Scene) {
			pair := Among(s, []string{"SFNX_NAME", "SFNX_EXECUTION_NAME"}, []string{"SFNX_WAIT", "SFNX_WAIT_FOR_SUCCESS_OR_FAILURE"},
				[]string{"SFNX_PROXY_PASSWORD", "SFNX_PROXY_CREDENTIALS_PASSWORD"}, []string{"SFNX_PROXY_USER", "SFNX_PROXY_CREDENTIALS_USER"})
			s.Env[pair[0]], s.Env[pair[1]] = s.Secret(16), s.Secret(16)
		}},
	{Stage: Configuration, Name: "unusable-proxy-variable", About: "an HTTPS_PROXY that cannot be used, with a password in it", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.Env[Among(s, "HTTPS_PROXY", "https_proxy")] = Among(s, "http://", "", "ftp://") + s.userinfo() + "%zz@proxy.example:3128"
		}},
	{Stage: Configuration, Name: "proxy-variable-of-another-kind", About: "an HTTPS_PROXY of a kind that sfnx does not speak, with a password in it", Want: local, Process: true,
		Arrange: func(s *Scene) {
			s.Env[Among(s, "HTTPS_PROXY", "https_proxy")] = Among(s, "ftp", "quic", "socks4", "unix") + "://" + s.userinfo() + "@proxy.example:3128"
		}},
}

// trust names a file of certificates in one of the three ways.
func (s *Scene) trust(file string) {
	switch s.N(0, 2) {
	case 0:
		s.Flags("--proxy-ca-bundle", file)
	case 1:
		s.Env["AWS_CA_BUNDLE"] = file
	default:
		delete(s.Env, "AWS_CA_BUNDLE")
		s.config("[default]\nca_bundle=" + file + "\n")
	}
}

// endpoint names one in place of AWS in one of the three ways.
func (s *Scene) endpoint(url string) {
	switch s.N(0, 2) {
	case 0:
		s.Endpoint(url)
	case 1:
		s.Env[Among(s, "AWS_ENDPOINT_URL_SFN", "AWS_ENDPOINT_URL_STS")] = url
	default:
		s.AWS()
		delete(s.Env, "AWS_ENDPOINT_URL")
		s.config("[default]\nendpoint_url=" + url + "\n")
	}
}
