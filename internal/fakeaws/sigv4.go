package fakeaws

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sfnx/sfnx/internal/secret"
)

// key is a pair of keys that the server knows.
type key struct {
	secret  secret.String
	token   string    // of a session
	expires time.Time // zero = never
	role    string    // the ARN of the session
}

// principal is who has signed a request.
type principal struct{ role string }

// refusals are the error codes of a signature that does not hold; the two services use different words.
type refusals struct{ missing, unknown, mismatch, expired, late string }

var refusalsOf = map[string]refusals{
	"states": {"MissingAuthenticationTokenException", "UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException", "InvalidSignatureException"},
	"sts":    {"MissingAuthenticationToken", "InvalidClientTokenId", "SignatureDoesNotMatch", "ExpiredToken", "SignatureDoesNotMatch"},
}

const (
	sigDate = "20060102T150405Z"
	maxSkew = 5 * time.Minute
)

// authenticate checks the signature of a request (AWS Signature Version 4) against the known keys.
func (s *Server) authenticate(r *http.Request, body []byte, service string) (principal, *wireError) {
	words := refusalsOf[service]
	status := http.StatusBadRequest
	if service == "sts" {
		status = http.StatusForbidden
	}
	refuse := func(code, message string) (principal, *wireError) {
		return principal{}, &wireError{name: code, status: status, message: message}
	}
	field := authorization(r.Header.Get("Authorization"))
	scope := strings.Split(field["Credential"], "/")
	if len(scope) != 5 {
		return refuse(words.missing, "Missing Authentication Token")
	}
	s.mu.Lock()
	k, known := s.keys[scope[0]]
	s.mu.Unlock()
	date, err := time.Parse(sigDate, r.Header.Get("X-Amz-Date"))
	now := s.options.Now()
	switch {
	case !known:
		return refuse(words.unknown, "The security token included in the request is invalid.")
	case k.token != r.Header.Get("X-Amz-Security-Token"):
		return refuse(words.unknown, "The security token included in the request is invalid.")
	case !k.expires.IsZero() && !now.Before(k.expires):
		return refuse(words.expired, "The security token included in the request is expired")
	case err != nil, date.Sub(now).Abs() > maxSkew:
		return refuse(words.late, "Signature expired: the clocks are too far apart")
	case scope[1] != date.Format("20060102"), scope[2] != s.options.Region, scope[3] != service, scope[4] != "aws4_request":
		return refuse(words.mismatch, "Credential should be scoped to "+s.options.Region+"/"+service)
	case !hmac.Equal([]byte(field["Signature"]), []byte(signature(k.secret, scope, r, field["SignedHeaders"], body))):
		return refuse(words.mismatch, "The request signature we calculated does not match the signature you provided.")
	}
	return principal{role: k.role}, nil
}

// authorization takes "AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=..." apart.
func authorization(header string) map[string]string {
	fields := map[string]string{}
	rest, ok := strings.CutPrefix(header, "AWS4-HMAC-SHA256 ")
	if !ok {
		return fields
	}
	for _, part := range strings.Split(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		fields[name] = value
	}
	return fields
}

// signature signs the request anew, over the headers that the client has signed.
func signature(text secret.String, scope []string, r *http.Request, signed string, body []byte) string {
	var headers strings.Builder
	for _, name := range strings.Split(signed, ";") {
		values := slices.Clone(r.Header.Values(name))
		switch name {
		case "host":
			values = []string{r.Host}
		case "content-length":
			values = []string{r.Header.Get("Content-Length")}
			if values[0] == "" {
				values[0] = strconv.Itoa(len(body))
			}
		}
		for i, v := range values {
			values[i] = strings.Join(strings.Fields(v), " ")
		}
		headers.WriteString(name + ":" + strings.Join(values, ",") + "\n")
	}
	canonical := strings.Join([]string{r.Method, path(r.URL), r.URL.Query().Encode(), headers.String(), signed, hash(body)}, "\n")
	toSign := strings.Join([]string{"AWS4-HMAC-SHA256", r.Header.Get("X-Amz-Date"), strings.Join(scope[1:], "/"), hash([]byte(canonical))}, "\n")
	sum := []byte("AWS4" + text.Reveal())
	for _, part := range append(slices.Clone(scope[1:]), toSign) {
		mac := hmac.New(sha256.New, sum)
		mac.Write([]byte(part))
		sum = mac.Sum(nil)
	}
	return hex.EncodeToString(sum)
}

func path(u *url.URL) string {
	if p := u.EscapedPath(); p != "" {
		return p
	}
	return "/"
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
