package fault

import (
	"fmt"
	"net/url"
)

// userinfo is a user and a password as they stand in a URL: secret, and so is each of the two as it is.
func (s *Scene) userinfo() string {
	user, password := s.Secret(12), s.Hide(s.text(upper+lower, 10)+"@:/é"+s.text(digits+lower, 10))
	return s.hiddenUserinfo(user, password)
}

// hiddenUserinfo is a user and a password, secret themselves, as they stand in a URL.
func (s *Scene) hiddenUserinfo(user, password string) string {
	return s.Hide(url.UserPassword(user, password).String())
}

// noKeys takes the pair out of the environment.
func (s *Scene) noKeys() {
	delete(s.Env, "AWS_ACCESS_KEY_ID")
	delete(s.Env, "AWS_SECRET_ACCESS_KEY")
}

// config writes the shared configuration file.
func (s *Scene) config(text string) { s.File("config", text) }

// process makes a credential_process the only source of credentials. Its text is a command of the shell.
func (s *Scene) process(command string) {
	s.noKeys()
	s.config("[default]\ncredential_process=sh " + s.File("process.sh", command) + "\n")
	s.Env["VAULT_TOKEN"] = s.Secret(32)
}

// processDocument is what a credential_process prints: the pair that AWS knows, and more members, each after a comma.
func (s *Scene) processDocument(more string) string {
	return fmt.Sprintf(`{"Version": 1, "AccessKeyId": %q, "SecretAccessKey": %q%s}`, s.id, s.key, more)
}
