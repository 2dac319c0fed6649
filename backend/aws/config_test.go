package aws

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
	"github.com/sfnx/sfnx/internal/secret"
)

func TestProblems(t *testing.T) {
	noPEM := filepath.Join(t.TempDir(), "no.pem")
	writeFile(t, noPEM, "canary")
	for name, c := range map[string]struct {
		config Config
		fields []string
	}{
		"nothing wrong":           {Config{}, nil},
		"region":                  {Config{Region: "Ireland"}, []string{"Region"}},
		"key without secret":      {Config{AccessKeyID: secret.New("canary")}, []string{"AccessKeyID"}},
		"secret without key":      {Config{SecretAccessKey: secret.New("canary")}, []string{"AccessKeyID"}},
		"token alone":             {Config{SessionToken: secret.New("canary")}, []string{"SessionToken"}},
		"document and keys":       {Config{AccessKeyID: secret.New("a"), SecretAccessKey: secret.New("b"), CredentialsDocument: documentOf("")}, []string{"CredentialsDocument"}},
		"document not JSON":       {Config{CredentialsDocument: Document(`{"SecretAccessKey":"canary"`)}, []string{"CredentialsDocument"}},
		"document of version 2":   {Config{CredentialsDocument: Document(`{"Version":2,"AccessKeyId":"a","SecretAccessKey":"canary"}`)}, []string{"CredentialsDocument"}},
		"document without secret": {Config{CredentialsDocument: Document(`{"Version":1,"AccessKeyId":"canary"}`)}, []string{"CredentialsDocument"}},
		"empty document":          {Config{CredentialsDocument: Document{}}, []string{"CredentialsDocument"}},
		"role":                    {Config{RoleARNs: []string{"arn:aws:iam::1:role/x"}}, []string{"RoleARNs"}},
		"endpoint":                {Config{EndpointURL: "localhost:4566"}, []string{"EndpointURL"}},
		"endpoint with password":  {Config{EndpointURL: "http://u:canary@localhost"}, []string{"EndpointURL"}},
		"negative number":         {Config{Retry: Retry{MaxAttempts: -1}}, []string{"Retry"}},
		"negative times":          {Config{AttemptTimeout: -1, RoleSessionDuration: -1}, []string{"AttemptTimeout", "RoleSessionDuration"}},
		"proxy type":              {Config{Proxy: Proxy{Type: "SOCKS"}}, []string{"Proxy.Type"}},
		"proxy credentials":       {Config{Proxy: Proxy{Type: ProxyHTTPSWithCredentials, User: secret.New("canary")}}, []string{"Proxy.User"}},
		"proxy URL":               {Config{Proxy: Proxy{URLs: map[string]string{"https": "http://u:canary@[p"}}}, []string{"Proxy.URLs"}},
		"proxy of no scheme":      {Config{Proxy: Proxy{URLs: map[string]string{"ftp": "http://p:1"}}}, []string{"Proxy.URLs"}},
		"CA bundle missing":       {Config{Proxy: Proxy{CABundleFile: noPEM + "x"}}, []string{"Proxy.CABundleFile"}},
		"CA bundle not PEM":       {Config{Proxy: Proxy{CABundleFile: noPEM}}, []string{"Proxy.CABundleFile"}},
		"all together": {Config{Region: "?", SecretAccessKey: secret.New("canary"), EndpointURL: "?", Proxy: Proxy{Type: "?"}},
			[]string{"Region", "AccessKeyID", "EndpointURL", "Proxy.Type"}},
	} {
		t.Run(name, func(t *testing.T) {
			var fields []string
			for _, err := range c.config.Problems() {
				var p Problem
				if !errors.As(err, &p) {
					t.Fatalf("%T is no Problem", err)
				}
				fields = append(fields, p.Field)
				wantNoSecret(t, err, "canary")
			}
			if diff := cmp.Diff(c.fields, fields); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(c.fields) > 0 {
				isolate(t)
				_, err := Open(t.Context(), c.config)
				wantNoSecret(t, wantCode(t, err, backend.Validation), "canary")
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	broken := "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
	for name, c := range map[string]struct {
		prepare func(*testing.T, *Config)
		message string
	}{
		"no region":                 {func(*testing.T, *Config) {}, "no region"},
		"region of the environment": {func(t *testing.T, _ *Config) { t.Setenv("AWS_REGION", "Mars") }, `"Mars"`},
		"no such profile":           {func(_ *testing.T, c *Config) { c.Region, c.Profile = "eu-west-1", "nobody" }, `no profile "nobody"`},
		"profile of the environment": {func(t *testing.T, c *Config) {
			c.Region = "eu-west-1"
			t.Setenv("AWS_PROFILE", "nobody")
		}, `no profile "nobody"`},
		"AWS_CA_BUNDLE missing": {func(t *testing.T, c *Config) {
			c.Region = "eu-west-1"
			t.Setenv("AWS_CA_BUNDLE", filepath.Join(t.TempDir(), "none.pem"))
		}, "none.pem"},
		"endpoint of the environment": {func(t *testing.T, c *Config) {
			c.Region = "eu-west-1"
			t.Setenv("AWS_ENDPOINT_URL_STS", "localhost:4566")
		}, "endpoint"},
		"CA bundle without a certificate in it": {func(t *testing.T, c *Config) {
			c.Region, c.Proxy.CABundleFile = "eu-west-1", filepath.Join(t.TempDir(), "ca.pem")
			writeFile(t, c.Proxy.CABundleFile, broken)
		}, "no certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			isolate(t)
			var cfg Config
			c.prepare(t, &cfg)
			_, err := Open(t.Context(), cfg)
			if e := wantCode(t, err, backend.Validation); !strings.Contains(e.Message, c.message) {
				t.Errorf("the message is %q, want %q in it", e.Message, c.message)
			}
		})
	}
}

func TestWhereTheRegionComesFrom(t *testing.T) {
	isolate(t)
	writeFile(t, os.Getenv("AWS_CONFIG_FILE"), "[default]\nregion=eu-west-3\n[profile bare]\noutput=json\n")
	region := func(c Config) string { return open(t, c).Region() }
	if got := region(Config{DefaultRegion: "eu-west-4", Profile: "bare"}); got != "eu-west-4" {
		t.Errorf("with a DefaultRegion only: %s", got)
	}
	if got := region(Config{DefaultRegion: "eu-west-4"}); got != "eu-west-3" {
		t.Errorf("with one in the profile: %s", got)
	}
	t.Setenv("AWS_REGION", "eu-west-2")
	if got := region(Config{DefaultRegion: "eu-west-4"}); got != "eu-west-2" {
		t.Errorf("with one in the environment: %s", got)
	}
	if got := region(Config{Region: "eu-west-1", DefaultRegion: "eu-west-4"}); got != "eu-west-1" {
		t.Errorf("with one in the Config: %s", got)
	}
}

func TestParseRoleARN(t *testing.T) {
	for arn, want := range map[string]string{
		"arn:aws:iam::123456789012:role/name":                   "arn:aws:iam::123456789012:role/name",
		"arn:aws-us-gov:iam::123456789012:role/a/b/name+=,.@-_": "arn:aws-us-gov:iam::123456789012:role/a/b/name+=,.@-_",
		"arn:aws-cn:iam::123456789012:instance-profile/name":    "arn:aws-cn:iam::123456789012:role/name",
		"arn:aws:iam::12345678901:role/name":                    "",
		"arn:aws:iam::123456789012:user/name":                   "",
		"arn:aws:iam::123456789012:role/":                       "",
		"arn:aws:iam::123456789012:role/path/":                  "",
		"arn:aws:sts::123456789012:assumed-role/name/session":   "",
		"arn:aws:iam:eu-west-1:123456789012:role/name":          "",
		"name": "",
		"arn:aws:iam::123456789012:role/name\narn:aws:iam::1:x": "",
	} {
		if got, err := ParseRoleARN(arn); got != want || (err == nil) != (want != "") {
			t.Errorf("%q gave %q, %v, want %q", arn, got, err, want)
		}
	}
}

func TestUserAgent(t *testing.T) {
	isolate(t)
	s := serve(t, world(), fakeaws.Options{})
	c := account(s)
	c.UserAgent = "sfnx/1.2.3"
	if _, err := open(t, c).Authenticate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if ua := s.Requests()[0].Header.Get("User-Agent"); !strings.Contains(ua, "sfnx/1.2.3") {
		t.Errorf("the user agent is %q", ua)
	}
}

func TestDefaults(t *testing.T) {
	want := Config{
		RoleSessionName: "sfnx", RoleSessionDuration: time.Hour, AttemptTimeout: time.Minute, UserAgent: "sfnx",
		Retry: Retry{MaxAttempts: 5, BaseDelay: 200 * time.Millisecond, MaxDelay: 20 * time.Second},
	}
	if diff := cmp.Diff(want, Config{}.withDefaults(), cmp.AllowUnexported(secret.String{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConfigCannotBePrinted(t *testing.T) {
	c := Config{
		AccessKeyID: secret.New("canary"), SecretAccessKey: secret.New("canary"), SessionToken: secret.New("canary"),
		CredentialsDocument: Document("canary"), ExternalID: secret.New("canary"), Proxy: Proxy{User: secret.New("canary"), Password: secret.New("canary")},
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("config", "document", c.CredentialsDocument, "config", c)
	for _, text := range []string{string(text), log.String(), fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c), fmt.Sprintf("%s %x %q", c.CredentialsDocument, c.CredentialsDocument, c.CredentialsDocument)} {
		if strings.Contains(text, "canary") || strings.Contains(text, "63616e617279") || strings.Contains(text, "99 97 110") {
			t.Errorf("a Config prints as %s", text)
		}
	}
}
