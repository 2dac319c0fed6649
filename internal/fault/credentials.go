package fault

import (
	"crypto/sha1"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

// unknown is the end of a run that nobody answers for.
var unknown = code(2)

// nobody is the end of a run that has no credentials to ask with.
var nobody = Want{Code: 2, Silent: true}

// credentials are missing, wrong or out of date.
var credentials = slices.Concat(sources, identities)

// sources are where credentials should have come from. Nothing is asked of AWS without any.
var sources = []Fault{
	{Stage: Credentials, Name: "none-anywhere", About: "no credentials in any of the places where they could be", Want: nobody, Process: true,
		Arrange: func(s *Scene) {
			s.noKeys()
			s.Env[Among(s, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")] = Among(s, "", s.Secret(24))
		}},
	{Stage: Credentials, Name: "none-below-the-role", About: "a role to assume, and no credentials to do it with", Want: nobody, Process: true,
		Arrange: func(s *Scene) {
			s.noKeys()
			s.Env["SFNX_EXTERNAL_ID"] = s.Secret(24)
			s.roles(s.N(1, 3))
		}},
	{Stage: Credentials, Name: "expired-document", About: "a document with credentials that expired long ago", Want: nobody, Process: true,
		Arrange: func(s *Scene) {
			s.Flags("--credentials", s.File("document.json", s.processDocument(fmt.Sprintf(`, "SessionToken": %q, "Expiration": "20%02d-01-01T00:00:00Z"`, s.Secret(64), s.N(10, 25)))))
		}},
	{Stage: Credentials, Name: "process-fails", About: "a credential_process that prints secrets and fails", Want: nobody, Process: true,
		Arrange: func(s *Scene) { s.process(fmt.Sprintf("echo '%s'\nexit %d\n", s.processDocument(""), s.N(1, 255))) }},
	{Stage: Credentials, Name: "process-complains", About: "a credential_process that fails with secrets in what it says", Want: nobody, Process: true,
		Arrange: func(s *Scene) { s.process("echo \"wrong token $VAULT_TOKEN\" >&2\nenv\nexit 1\n") }},
	{Stage: Credentials, Name: "process-is-killed", About: "a credential_process that is killed", Want: nobody, Process: true,
		Arrange: func(s *Scene) {
			s.process(fmt.Sprintf("echo '%s'\nkill -%s $$\n", s.processDocument(""), Among(s, "KILL", "TERM", "SEGV")))
		}},
	{Stage: Credentials, Name: "process-prints-junk", About: "a credential_process that prints something else, with secrets in it", Want: nobody, Process: true,
		Arrange: func(s *Scene) {
			whole := s.processDocument("")
			s.process(Among(s, "env\n", "echo token $VAULT_TOKEN\n", "echo '"+whole[:s.N(1, len(whole)-1)]+"'\n", "true\n", "echo '"+whole+whole+"'\n",
				"echo '{\"Version\": 2, \"AccessKeyId\": \"'$VAULT_TOKEN'\"}'\n", "echo '{\"Version\": 1, \"AccessKeyId\": \"'$VAULT_TOKEN'\"}'\n"))
		}},
	{Stage: Credentials, Name: "process-hangs", About: "a credential_process that does not end in time", Want: nobody,
		Arrange: func(s *Scene) {
			s.AttemptTimeout = time.Duration(s.N(40, 90)) * time.Millisecond
			s.process("echo '" + s.processDocument("") + "'\nexec sleep 0.6\n")
		}},
	{Stage: Credentials, Name: "process-leaves-a-child", About: "a credential_process whose child does not end in time", Want: nobody,
		Arrange: func(s *Scene) {
			s.AttemptTimeout = time.Duration(s.N(40, 90)) * time.Millisecond
			s.process("echo '" + s.processDocument("") + "'\nsleep 0.6\necho $VAULT_TOKEN\n")
		}},
	{Stage: Credentials, Name: "process-prints-expired-ones", About: "a credential_process that prints credentials that have expired", Want: unknown, Process: true,
		Arrange: func(s *Scene) {
			s.process("echo '" + s.processDocument(fmt.Sprintf(`, "SessionToken": %q, "Expiration": "20%02d-01-01T00:00:00Z"`, s.Secret(64), s.N(10, 25))) + "'\n")
		}},
	{Stage: Credentials, Name: "missing-process", About: "a credential_process that is not installed", Want: nobody, Process: true,
		Arrange: func(s *Scene) {
			s.noKeys()
			s.config("[default]\ncredential_process=" + s.Path("ghost") + " --token " + s.Secret(20) + "\n")
		}},
	{Stage: Credentials, Name: "no-single-sign-on", About: "nobody has signed on, or what the sign-on left cannot be read", Want: nobody, Process: true,
		Arrange: func(s *Scene) {
			s.singleSignOn(Among(s, "", s.Secret(40), `{"accessToken": `, `{"expiresAt": "`+s.Secret(40)+`"}`))
		}},
	{Stage: Credentials, Name: "expired-single-sign-on", About: "the single sign-on has expired", Want: nobody, Process: true,
		Arrange: func(s *Scene) {
			s.singleSignOn(fmt.Sprintf(`{"accessToken": %q, "expiresAt": "20%02d-01-01T00:00:00Z"}`, s.Secret(64), s.N(10, 25)))
		}},
	{Stage: Credentials, Name: "no-instance-metadata", About: "a machine on EC2 whose metadata service refuses", Want: nobody, Process: true,
		Arrange: func(s *Scene) { s.instance("http://" + s.Refusing()) }},
	{Stage: Credentials, Name: "slow-instance-metadata", About: "a machine on EC2 whose metadata service does not answer", Want: nobody,
		Arrange: func(s *Scene) {
			s.AttemptTimeout = time.Duration(s.N(20, 50)) * time.Millisecond
			s.instance("http://" + s.Listener(listen))
		}},
	{Stage: Credentials, Name: "instance-without-role", About: "a machine on EC2 without a role, or with a broken metadata service", Want: nobody, Process: true,
		Arrange: func(s *Scene) {
			s.instance(s.Page(Among(s, 200, 200, 400, 404), "text/html", Among(s, "", s.Secret(20), "<html>"+s.Secret(20)+"</html>")))
		}},
	{Stage: Credentials, Name: "no-container-credentials", About: "a container whose source of credentials refuses", Want: nobody, Process: true,
		Arrange: func(s *Scene) { s.container("http://" + s.Refusing() + "/role") }},
	{Stage: Credentials, Name: "broken-container-credentials", About: "a container whose source of credentials fails or makes no sense", Want: unknown, Process: true,
		Arrange: func(s *Scene) {
			s.container(s.Page(Among(s, 200, 400, 401, 403, 404, 500, 503), "application/json",
				Among(s, "", `{"code": "AccessDenied", "message": "no"}`, "{", `{"AccessKeyId": "`+s.Secret(20)+`"}`, "<html>"+s.Secret(20)+"</html>",
					s.Secret(40), `{"Expiration": "`+s.Secret(20)+`"}`, `{"AccessKeyId": {"is": "`+s.Secret(20)+`"}}`)))
		}},
	{Stage: Credentials, Name: "container-elsewhere", About: "a container whose source of credentials would be somewhere on the internet", Want: local, Process: true,
		Arrange: func(s *Scene) { s.container("http://203.0.113." + fmt.Sprint(s.N(1, 254)) + "/role") }},
	{Stage: Credentials, Name: "missing-web-identity", About: "a file with a web identity token that does not exist", Want: nobody, Process: true,
		Arrange: func(s *Scene) { s.webIdentity(s.Path("ghost")) }},
}

// identities are credentials that AWS does not accept, from the beginning or from some moment on.
var identities = []Fault{
	{Stage: Credentials, Name: "refused-web-identity", About: "a web identity token that AWS does not accept", Want: unknown, Process: true,
		Arrange: func(s *Scene) {
			s.Script("AssumeRoleWithWebIdentity", fakeaws.Fault{Times: fakeaws.Forever, Code: Among(s, "InvalidIdentityToken", "ExpiredTokenException", "IDPRejectedClaim"), Message: "no"})
			s.webIdentity(s.File("token", s.Secret(100)))
		}},
	{Stage: Credentials, Name: "unknown-key", About: "an access key that AWS does not know", Want: unknown, Process: true,
		Arrange: func(s *Scene) { s.Env["AWS_ACCESS_KEY_ID"] = "AKIA" + s.Secret(16) }},
	{Stage: Credentials, Name: "wrong-secret", About: "a secret key with one wrong letter", Want: unknown, Process: true,
		Arrange: func(s *Scene) {
			at := s.N(0, len(s.key)-1)
			s.Env["AWS_SECRET_ACCESS_KEY"] = s.Hide(s.key[:at] + "." + s.key[at+1:])
		}},
	{Stage: Credentials, Name: "wrong-session-token", About: "a session token that does not belong to the key", Want: unknown, Process: true,
		Arrange: func(s *Scene) { s.Env["AWS_SESSION_TOKEN"] = s.Secret(100) }},
	{Stage: Credentials, Name: "expired-token", About: "AWS says that the token has expired", Want: unknown, Process: true,
		Arrange: func(s *Scene) {
			s.Env["AWS_SESSION_TOKEN"] = s.Secret(100)
			s.Script("GetCallerIdentity", s.rejected(Among(s, "ExpiredToken", "ExpiredTokenException", "RequestExpired")))
		}},
	{Stage: Credentials, Name: "nobody", About: "AWS refuses whoever it is", Want: unknown, Process: true,
		Arrange: func(s *Scene) {
			s.Script("GetCallerIdentity", s.rejected(Among(s, "InvalidClientTokenId", "MissingAuthenticationToken", "IncompleteSignature", "AuthFailure", "InvalidAccessKeyId", "SignatureDoesNotMatch")))
		}},
	{Stage: Credentials, Name: "status-401", About: "an answer that says 401 and nothing else", Want: unknown, Process: true,
		Arrange: func(s *Scene) {
			s.Script(fakeaws.Any, fakeaws.Fault{Times: fakeaws.Forever, Status: 401})
		}},
	{Stage: Credentials, Name: "wrong-below-the-role", About: "wrong credentials to assume a role with", Want: unknown, Process: true,
		Arrange: func(s *Scene) {
			s.Env["AWS_SECRET_ACCESS_KEY"], s.Env["SFNX_EXTERNAL_ID"] = s.Secret(40), s.Secret(24)
			s.roles(s.N(1, 3))
		}},
	{Stage: Credentials, Name: "refused-at-the-start", About: "AWS knows the caller, and Step Functions does not", Want: unknown, Process: true,
		Arrange: func(s *Scene) {
			s.Script("StartExecution", s.rejected(Among(s, "UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException")))
		}},
	{Stage: Credentials, Name: "shown-in-the-refusal", About: "AWS shows in its refusal what it was sent: keys, session token, external id", Want: Want{Code: 2}, Process: true,
		Arrange: func(s *Scene) {
			token, external := s.Secret(60)+"/+==", s.Secret(20)
			s.Env["AWS_SESSION_TOKEN"] = s.Hide(token)
			said := "The Canonical String for this request should have been 'POST\n/\nx-amz-security-token:" + token + "' Credential=" + s.id + "/20260101 " + url.QueryEscape(token) + external
			f := fakeaws.Fault{Times: fakeaws.Forever, Code: "SignatureDoesNotMatch", Status: 403, Message: said, Header: http.Header{"Server": {token}, "X-Amzn-Requestid": {token}}}
			if s.N(0, 1) == 1 {
				s.Flags("--role-arn", "arn:aws:iam::123456789012:role/canary")
				s.Env["SFNX_EXTERNAL_ID"] = external
				s.Script("AssumeRole", f)
				return
			}
			f.Message = strings.TrimSuffix(said, external)
			s.Script("GetCallerIdentity", f)
		}},
	{Stage: Credentials, Name: "expires-during-the-wait", About: "credentials that nobody can renew expire while the execution runs", Want: left(2, backend.Running), Process: true,
		Arrange: func(s *Scene) {
			s.fromPoll(s.rejected("ExpiredTokenException"))
		}},
	{Stage: Credentials, Name: "revoked-during-the-wait", About: "the keys are deleted while the execution runs", Want: left(2, backend.Running), Process: true,
		Arrange: func(s *Scene) {
			s.fromPoll(s.rejected(Among(s, "UnrecognizedClientException", "InvalidSignatureException")))
		}},
	{Stage: Credentials, Name: "short-sessions", About: "the sessions of the roles expire all the time, and are renewed", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Options.SessionLifetime = renewal + time.Duration(s.N(0, 50))*time.Millisecond
			s.Env["SFNX_EXTERNAL_ID"] = s.Secret(24)
			s.roles(s.N(1, 3))
		}},
	{Stage: Credentials, Name: "short-lived-process", About: "what a credential_process prints expires all the time, and it is asked again", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			expires := time.Now().Add(renewal + time.Duration(s.N(0, 50))*time.Millisecond).UTC().Format(time.RFC3339Nano)
			s.process("echo '" + s.processDocument(fmt.Sprintf(`, "Expiration": %q`, expires)) + "'\n")
		}},
	{Stage: Credentials, Name: "failing-renewal", About: "the role can be assumed once, and then no more", Want: left(2, backend.Running), Process: true,
		Arrange: func(s *Scene) {
			s.Options.SessionLifetime = renewal + time.Millisecond
			s.roles(1)
			no := s.rejected(Among(s, "ExpiredToken", "InvalidClientTokenId"))
			s.fromPoll(fakeaws.Fault{Met: func() { s.Script("AssumeRole", no) }})
		}},
	{Stage: Credentials, Name: "renewal-recovers", About: "the role cannot be assumed again for a while, since AWS is out of reach", Want: itsOwn,
		Arrange: func(s *Scene) {
			s.Options.SessionLifetime = renewal
			s.roles(s.N(1, 2))
			away := []fakeaws.Fault{{Times: s.N(1, 30), Reset: fakeaws.BeforeHandling}, {Times: s.N(1, 30), Status: 503, Code: "ServiceUnavailable"}}
			s.Script("DescribeExecution", fakeaws.Fault{Met: func() { s.Script("AssumeRole", away...) }})
		}},
	{Stage: Credentials, Name: "renewal-hangs", About: "the credential_process that gave credentials does not end when it is asked again", Want: left(2, backend.Running),
		Arrange: func(s *Scene) {
			s.AttemptTimeout = 300 * time.Millisecond
			mark := s.Path("hang")
			expires := time.Now().Add(renewal).UTC().Format(time.RFC3339Nano)
			s.process(fmt.Sprintf("[ -e %s ] && sleep 1\necho '%s'\n", mark, s.processDocument(fmt.Sprintf(`, "Expiration": %q`, expires))))
			s.fromPoll(fakeaws.Fault{Met: func() { s.check(os.WriteFile(mark, nil, 0o600)) }})
		}},
	{Stage: Credentials, Name: "revoked-sessions", About: "the sessions of the roles are revoked while the execution runs, and made anew", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) {
			s.Env["SFNX_EXTERNAL_ID"] = s.Secret(24)
			s.roles(s.N(1, 3))
			s.fromPoll(fakeaws.Fault{Met: func() { s.AWS().ExpireSessions() }})
		}},
	{Stage: Credentials, Name: "clock-of-another-hour", About: "this machine's clock is wrong by more than AWS takes, and AWS tells its own", Want: itsOwn, Process: true,
		Arrange: func(s *Scene) { s.skew() }},
	{Stage: Credentials, Name: "clock-of-another-hour-untold", About: "this machine's clock is wrong by more than AWS takes, and nobody tells the time", Want: unknown, Process: true,
		Arrange: func(s *Scene) {
			s.skew()
			s.Script(fakeaws.Any, fakeaws.Fault{Times: fakeaws.Forever, Header: http.Header{"Date": nil}})
		}},
}

// renewal is how long before their end credentials are renewed.
const renewal = 2 * time.Minute

// rejected answers an operation with an error code, for ever.
func (s *Scene) rejected(code string) fakeaws.Fault {
	f := fakeaws.Fault{Times: fakeaws.Forever, Code: code, Message: "no, said the service"}
	f.Status = Among(s, 400, 403)
	return f
}

// fromPoll lets some polls pass, and gives each of the others a fault.
func (s *Scene) fromPoll(f fakeaws.Fault) {
	most := 5
	if s.real {
		most = 1
	}
	s.polls(s.N(0, most), f)
}

// skew gives AWS another time than this machine's.
func (s *Scene) skew() {
	off := time.Duration(s.N(6, 120)) * time.Minute * time.Duration(Among(s, -1, 1))
	s.Options.Now = func() time.Time { return time.Now().Add(off) }
}

// listen takes everything in and never answers.
func listen(c net.Conn) {
	buffer := make([]byte, 1<<12)
	for {
		if _, err := c.Read(buffer); err != nil {
			return
		}
	}
}

// roles makes a chain of roles to assume.
func (s *Scene) roles(n int) {
	for i := range n {
		s.Flags("--role-arn", fmt.Sprintf("arn:aws:iam::%s:role/%s-%d", fakeaws.Account, s.text(lower, 6), i))
	}
}

// singleSignOn is a profile that needs one, with what the last one left.
func (s *Scene) singleSignOn(cached string) {
	s.noKeys()
	s.config("[default]\nsso_session=corporation\nsso_account_id=123456789012\nsso_role_name=ci\n[sso-session corporation]\nsso_region=eu-west-1\nsso_start_url=https://sso.example/start\n")
	if cached != "" {
		dir := filepath.Join(s.dir, ".aws", "sso", "cache")
		s.check(os.MkdirAll(dir, 0o700))
		s.check(os.WriteFile(filepath.Join(dir, fmt.Sprintf("%x.json", sha1.Sum([]byte("corporation")))), []byte(cached), 0o600))
	}
}

// instance is a machine on EC2 with nothing but its metadata service.
func (s *Scene) instance(url string) {
	s.noKeys()
	delete(s.Env, "AWS_EC2_METADATA_DISABLED")
	s.Env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = url
	s.Env["AWS_EC2_METADATA_V1_DISABLED"] = "true" // or else the SDK tries, and pauses, for both versions
}

// container is one with nothing but its source of credentials.
func (s *Scene) container(url string) {
	s.noKeys()
	s.Env["AWS_CONTAINER_CREDENTIALS_FULL_URI"], s.Env["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = url, s.Secret(40)
}

// webIdentity is a pod with nothing but a token.
func (s *Scene) webIdentity(file string) {
	s.noKeys()
	s.Env["AWS_WEB_IDENTITY_TOKEN_FILE"], s.Env["AWS_ROLE_ARN"] = file, "arn:aws:iam::123456789012:role/pod"
}
