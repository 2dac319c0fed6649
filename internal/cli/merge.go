package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/internal/secret"
)

// merge makes one request of the three ways to give a field: variables, then the request document, then flags. Later
// ones win. Every mistake becomes a field error of the request.
type merge struct {
	app     *app
	request fsm.Request
	values  map[string]given // by the name of the field
	broken  map[string]bool  // fields whose value in the document cannot be used

	credentials []byte // a credential_process document
}

// newMerge reads the fields up to a part. The document (a file name, - or nothing) may have the fields of any part.
func newMerge(a *app, flags *pflag.FlagSet, document string, upTo part) *merge {
	m := &merge{app: a, request: fsm.Defaults(), values: map[string]given{}, broken: map[string]bool{}}
	wanted := slices.DeleteFunc(slices.Clone(fields), func(f field) bool { return f.part > upTo })
	for _, f := range wanted {
		m.variables(f)
	}
	if document != "" {
		m.document(document)
	}
	for _, f := range wanted {
		if flag := flags.Lookup(f.flag); f.flag != "" && flag.Changed {
			m.values[f.name()] = given{flag.Value.(*rawFlag).texts, source{"--" + f.flag, byFlag}}
			delete(m.broken, f.name())
		}
	}
	m.imply("use_proxy", "proxy")
	m.imply("role_based_access", "role_arn")
	m.prefer("credentials", "credentials_user", "credentials_password", "credentials_session_token")
	m.prefer("proxy_credentials", "proxy_credentials_user", "proxy_credentials_password")
	for _, f := range wanted {
		if g, ok := m.values[f.name()]; ok && !m.broken[f.name()] {
			m.set(f, g)
		}
	}
	return m
}

// variables looks a field up in the environment.
func (m *merge) variables(f field) {
	var from string
	for _, name := range f.allVariables() {
		value := m.app.env.variable(name)
		switch {
		case value == "":
		case from != "":
			m.fail(f.name(), "", fmt.Sprintf("is given by two variables, %s and %s: unset one", from, name))
		default:
			from = name
			m.values[f.name()] = given{[]string{value}, source{name, byVariable}}
		}
	}
}

// imply turns the switch of a field on, unless the field comes from the request document: there the switch is a field
// of its own (seed).
func (m *merge) imply(toggle, key string) {
	value, ok := m.values[key]
	if !ok || value.from.rank == byDocument {
		return
	}
	if t, ok := m.values[toggle]; !ok || t.from.rank < value.from.rank {
		m.values[toggle] = given{[]string{"true"}, value.from}
	}
}

// prefer chooses between a file with credentials and the fields that hold them: the higher rank counts, whole.
func (m *merge) prefer(file string, keys ...string) {
	f, ok := m.values[file]
	if !ok {
		return
	}
	if slices.ContainsFunc(keys, func(key string) bool { v, ok := m.values[key]; return ok && v.from.rank > f.from.rank }) {
		delete(m.values, file)
		return
	}
	for _, key := range keys {
		delete(m.values, key)
	}
}

// set puts a value into the request, or reports why not.
func (m *merge) set(f field, g given) {
	err := f.set(m, g)
	if err == nil {
		return
	}
	value := strings.Join(g.texts, ",")
	if f.secret {
		value = secret.Mask
	}
	rule := err.Error()
	if g.from.rank == byVariable {
		rule += " (from " + g.from.name + ")"
	}
	m.fail(f.name(), value, rule)
}

// fail reports a field. A long value is cut.
func (m *merge) fail(field, value, rule string) {
	m.request.ParseErrors = append(m.request.ParseErrors, fsm.FieldError{Field: field, Value: fmt.Sprintf("%.120s", value), Rule: rule})
}

// read reads a file, or stdin for -.
func (m *merge) read(name string, from source) ([]byte, error) {
	if name == "-" {
		return m.app.in.read(from.name)
	}
	if name == "" {
		return nil, errors.New("want the name of a file, or - for stdin")
	}
	data, err := m.app.env.readFile(name)
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	return data, nil
}

// onAWS completes a request that goes to AWS with what AWS's own variables say, where nothing else was given. Endpoints
// of single services are left to the SDK.
func (m *merge) onAWS(arn string) {
	r, env := &m.request, m.app.env.variable
	ofOneService := env("AWS_ENDPOINT_URL_SFN") + env("AWS_ENDPOINT_URL_STS")
	if ignored, _ := strconv.ParseBool(env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")); r.EndpointURL == "" && ofOneService == "" && !ignored {
		r.EndpointURL = env("AWS_ENDPOINT_URL")
	}
	if r.Region != "" || slices.ContainsFunc(r.ParseErrors, func(e fsm.FieldError) bool { return e.Field == "region" }) {
		return
	}
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		region := env(name)
		if region == "" {
			continue
		}
		if parsed, err := backend.ParseARN(arn); err == nil && parsed.Region != region {
			m.fail("region", region, fmt.Sprintf("is what %s says, but the ARN is in %s: give --region %s", name, parsed.Region, parsed.Region))
			return
		}
		r.Region = region
		return
	}
}

// keyOf is a flag in the spelling of the request document.
func keyOf(flag string) string { return strings.ReplaceAll(flag, "-", "_") }
