package fsm

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/sfnx/sfnx/backend"
)

// Each rule gives the empty text when it is kept, else what is wrong and what is wanted.

func oneOf(value string, choices ...string) string {
	for _, c := range choices {
		if value == c {
			return ""
		}
	}
	if len(choices) == 1 {
		return fmt.Sprintf("want %q, the only choice", choices[0])
	}
	return fmt.Sprintf("want one of %q", choices)
}

var region = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)+$`)

func regionRule(value string) string {
	if !region.MatchString(value) {
		return "want a region like eu-west-1"
	}
	return ""
}

var (
	role        = regexp.MustCompile(`^arn:aws(-[a-z-]+)?:iam::[0-9]{12}:(role/([!-~]+/)?|instance-profile/)[\w+=,.@-]{1,64}$`)
	externalID  = regexp.MustCompile(`^[\w+=,.@:/-]+$`)
	sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)
	clientToken = regexp.MustCompile(`^[!-~]{1,64}$`)
)

func roleRule(arn string) string {
	if !role.MatchString(arn) {
		return "want arn:aws:iam::<12 digits>:role/<path/name> or arn:aws:iam::<12 digits>:instance-profile/<name>"
	}
	return ""
}

func sessionNameRule(name string) string {
	if !sessionName.MatchString(name) {
		return "want 2 to 64 letters, digits or _+=,.@-"
	}
	return ""
}

func externalIDRule(id string) string {
	if len(id) < 2 || len(id) > 1224 || !externalID.MatchString(id) {
		return "want 2 to 1,224 letters, digits or _+=,.@:/-"
	}
	return ""
}

func clientTokenRule(token string) string {
	if !clientToken.MatchString(token) {
		return "want 1 to 64 visible ASCII characters"
	}
	return ""
}

// nameRule checks a name together with its suffix, which it cannot do without.
func nameRule(name, suffix string) string {
	if err := backend.ValidateName(name + suffix); err != nil {
		return fmt.Sprintf("with its suffix %q it %v", suffix, err)
	}
	return ""
}

// inputRule checks that a text is one JSON value of at most 262,144 bytes (quota of StartExecution), and changes
// nothing: duplicate keys, escapes and numbers are the service's to judge.
func inputRule(input string) string {
	const limit = 262_144
	switch {
	case strings.TrimSpace(input) == "":
		return "is empty, want a JSON text or none at all"
	case len(input) > limit:
		return fmt.Sprintf("has %d bytes, want at most %d", len(input), limit)
	case !utf8.ValidString(input):
		return "is not UTF-8 at " + position(input, invalidUTF8(input))
	case strings.HasPrefix(input, "\ufeff"):
		return "begins with a byte order mark; save it as UTF-8 without one"
	}
	text := jsontext.NewDecoder(strings.NewReader(input), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	_, err := text.ReadValue()
	end := text.InputOffset()
	if err == nil {
		if _, err = text.ReadToken(); errors.Is(err, io.EOF) {
			return ""
		}
	}
	var syntax *jsontext.SyntacticError
	switch {
	case errors.As(err, &syntax):
		return "is not JSON at " + position(input, int(syntax.ByteOffset)) + ": " + syntax.Err.Error()
	case err != nil:
		return "is not JSON at " + position(input, len(input)) + ": " + err.Error()
	}
	return "holds more than one JSON value: the first ends at " + position(input, int(end))
}

// invalidUTF8 is the offset of the first byte that is not part of a UTF-8 character.
func invalidUTF8(s string) int {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(s)
}

// position is the line and the column (in characters) of an offset, both from 1.
func position(text string, offset int) string {
	before := text[:min(offset, len(text))]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Sprintf("line %d, column %d", line, column)
}

// proxyRule checks a comma list of proxy URLs, one per scheme.
func proxyRule(list string) string {
	const want = "want http://host:port or http://host:port,https://host:port"
	seen := map[string]bool{}
	for entry := range strings.SplitSeq(list, ",") {
		// The error of url.Parse would repeat the URL with its password.
		u, err := url.Parse(strings.TrimSpace(entry))
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
			return want
		}
		if u.User != nil {
			return "holds credentials, which belong in proxy_credentials_user and proxy_credentials_password"
		}
		if port, err := strconv.Atoi(u.Port()); err != nil || port < 1 || port > 65535 {
			return "has no port from 1 to 65535; " + want
		}
		if seen[u.Scheme] {
			return "names two " + u.Scheme + " proxies; " + want
		}
		seen[u.Scheme] = true
	}
	return ""
}

func endpointRule(value string) string {
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return "want http://host or https://host, with a port if need be and without credentials"
	}
	return ""
}
