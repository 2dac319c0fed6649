package fakeaws

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sfnx/sfnx/internal/secret"
)

// stsCall is one request in the query protocol.
type stsCall struct{ form url.Values }

func (c *stsCall) service() string   { return "sts" }
func (c *stsCall) operation() string { return c.form.Get("Action") }

func (c *stsCall) call(ctx context.Context, s *Server, who principal) (any, *wireError) {
	switch c.operation() {
	case "GetCallerIdentity":
		identity, err := s.backend.Authenticate(ctx)
		if err != nil {
			e := wireErrorOf(err)
			if e.name == "UnrecognizedClientException" {
				e.name = "InvalidClientTokenId"
			}
			return nil, e
		}
		if who.role != "" {
			identity.Arn, identity.UserID = who.role, "AROAFAKE:session"
		}
		return members{"Arn": identity.Arn, "UserId": identity.UserID, "Account": identity.Account}, nil
	case "AssumeRole":
		return c.assumeRole(s)
	}
	return nil, &wireError{name: "InvalidAction", status: 400, message: "no action " + c.operation()}
}

func (c *stsCall) assumeRole(s *Server) (any, *wireError) {
	part := strings.SplitN(c.form.Get("RoleArn"), ":", 6)
	if len(part) != 6 || part[2] != "iam" || !strings.HasPrefix(part[5], "role/") {
		return nil, &wireError{name: "ValidationError", status: 400, message: c.form.Get("RoleArn") + " is invalid"}
	}
	session := c.form.Get("RoleSessionName")
	if len(session) < 2 || len(session) > 64 {
		return nil, &wireError{name: "ValidationError", status: 400, message: "roleSessionName must have 2 to 64 characters"}
	}
	lifetime := time.Hour
	if text := c.form.Get("DurationSeconds"); text != "" {
		seconds, err := strconv.Atoi(text)
		if err != nil || seconds < 900 || seconds > 43200 {
			return nil, &wireError{name: "ValidationError", status: 400, message: "durationSeconds must be between 900 and 43200"}
		}
		lifetime = time.Duration(seconds) * time.Second
	}
	if s.options.SessionLifetime != 0 {
		lifetime = s.options.SessionLifetime
	}
	name := part[5][strings.LastIndex(part[5], "/")+1:]
	arn := fmt.Sprintf("arn:%s:sts::%s:assumed-role/%s/%s", part[1], part[4], name, session)
	expires := s.options.Now().Add(lifetime).UTC()

	s.mu.Lock()
	n := len(s.keys)
	id := fmt.Sprintf("ASIAFAKEAWS%09d", n)
	k := key{secret: secret.New(fmt.Sprintf("fake-session-secret-%d", n)), token: fmt.Sprintf("fake-session-token-%d", n), expires: expires, role: arn}
	s.keys[id] = k
	s.mu.Unlock()
	return members{
		"AssumedRoleUser": members{"AssumedRoleId": "AROAFAKE:" + session, "Arn": arn},
		"Credentials": members{
			"AccessKeyId": id, "SecretAccessKey": k.secret.Reveal(), "SessionToken": k.token, "Expiration": expires.Format(time.RFC3339),
		},
	}, nil
}

func (c *stsCall) succeed(result any) *answer {
	op := c.operation()
	var b bytes.Buffer
	fmt.Fprintf(&b, `<%sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><%sResult>`, op, op)
	appendXML(&b, result)
	fmt.Fprintf(&b, `</%sResult><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></%sResponse>`, op, op)
	return &answer{status: http.StatusOK, kind: "text/xml", body: b.Bytes()}
}

func appendXML(b *bytes.Buffer, v any) {
	switch v := v.(type) {
	case members:
		for name, value := range v {
			fmt.Fprintf(b, "<%s>", name)
			appendXML(b, value)
			fmt.Fprintf(b, "</%s>", name)
		}
	case map[string]any: // an edited answer
		appendXML(b, members(v))
	default:
		_ = xml.EscapeText(b, fmt.Append(nil, v))
	}
}

func (c *stsCall) fail(e wireError) *answer {
	if e.name == "AccessDenied" && e.status == http.StatusBadRequest {
		e.status = http.StatusForbidden
	}
	var b bytes.Buffer
	b.WriteString(`<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>`)
	_ = xml.EscapeText(&b, []byte(e.name))
	b.WriteString(`</Code><Message>`)
	_ = xml.EscapeText(&b, []byte(e.message))
	b.WriteString(`</Message></Error><RequestId>0</RequestId></ErrorResponse>`)
	return &answer{status: e.status, kind: "text/xml", body: b.Bytes()}
}
