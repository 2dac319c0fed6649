package aws

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/sfnx/sfnx/internal/secret"
)

// masks knows every secret that a connection has sent, to hide it in what comes back: AWS's own text about a wrong
// signature holds the session token, and proxies like to show what they were sent.
type masks struct {
	mu       sync.Mutex
	texts    map[string]bool
	replacer *strings.Replacer // of texts; nil: to be made
}

// shortestSecret is how short a text is hidden. A shorter one would make holes in words that are no secret.
const shortestSecret = 6

// learn takes secrets down, in the forms that they may come back in.
func (m *masks) learn(secrets ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.texts == nil {
		m.texts = map[string]bool{}
	}
	for _, s := range secrets {
		if len(s) < shortestSecret || m.texts[s] {
			continue
		}
		m.replacer = nil
		quoted, _ := json.Marshal(s) // a string always can be
		for _, form := range []string{
			s, url.QueryEscape(s), url.PathEscape(s), strings.TrimPrefix(url.UserPassword("", s).String(), ":"),
			unquoted(string(quoted)), unquoted(strconv.Quote(s)), unquoted(strconv.QuoteToASCII(s)), base64.RawStdEncoding.EncodeToString([]byte(s)),
		} {
			m.texts[form] = true
			for _, word := range strings.Fields(form) { // Go's errors about HTTP hold words of a line
				if len(word) >= shortestSecret {
					m.texts[word] = true
				}
			}
		}
	}
}

func unquoted(s string) string { return s[1 : len(s)-1] }

// learnUserinfo takes down what is sent to a proxy.
func (m *masks) learnUserinfo(u *url.Userinfo) {
	if password, ok := u.Password(); ok {
		m.learn(u.String(), u.Username()+":"+password, password, u.Username())
	}
}

// signature is good for one request.
var signature = regexp.MustCompile(`Signature=[0-9a-f]{64}`)

// hide puts the mask in the place of every secret.
func (m *masks) hide(text string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.replacer == nil {
		longestFirst := slices.SortedFunc(maps.Keys(m.texts), func(a, b string) int { return len(b) - len(a) })
		var pairs []string
		for _, s := range longestFirst {
			pairs = append(pairs, s, secret.Mask)
		}
		m.replacer = strings.NewReplacer(pairs...)
	}
	return signature.ReplaceAllString(m.replacer.Replace(text), "Signature="+secret.Mask)
}

// hiddenError is an error whose text has no secret in it.
type hiddenError struct {
	error
	text string
}

func (e hiddenError) Error() string { return e.text }

// learning takes down the secrets of each request: those among its parameters, and those that it is signed with.
func (m *masks) learning(stack *middleware.Stack) error {
	parameters := middleware.InitializeMiddlewareFunc("sfnxParameters",
		func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			switch p := in.Parameters.(type) {
			case *sts.AssumeRoleInput:
				if p.ExternalId != nil {
					m.learn(*p.ExternalId)
				}
			case *sts.AssumeRoleWithWebIdentityInput:
				if p.WebIdentityToken != nil {
					m.learn(*p.WebIdentityToken)
				}
			}
			return next.HandleInitialize(ctx, in)
		})
	headers := middleware.DeserializeMiddlewareFunc("sfnxHeaders",
		func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			if r, ok := in.Request.(*smithyhttp.Request); ok {
				m.learnHeaders(r.Header)
			}
			return next.HandleDeserialize(ctx, in)
		})
	if err := stack.Initialize.Add(parameters, middleware.After); err != nil {
		return err
	}
	return stack.Deserialize.Add(headers, middleware.After)
}

var signedAs = regexp.MustCompile(`Credential=([^/,\s]+)`)

func (m *masks) learnHeaders(h http.Header) {
	for _, name := range []string{"X-Amz-Security-Token", "X-Amz-Sso_bearer_token", "X-Aws-Ec2-Metadata-Token"} {
		m.learn(h.Get(name))
	}
	if as := signedAs.FindStringSubmatch(h.Get("Authorization")); as != nil {
		m.learn(as[1])
	} else {
		m.learn(h.Get("Authorization"))
	}
}
