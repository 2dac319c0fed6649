package fsm

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/internal/secret"
)

const canary = "s3cr3t-canary"

func certificate(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func TestFieldRules(t *testing.T) {
	pemFile := certificate(t)
	files := func(name string) ([]byte, error) {
		switch name {
		case "corp.pem":
			return pemFile, nil
		case "junk.pem":
			return []byte("-----BEGIN NOTHING-----"), nil
		}
		return nil, errors.New("no such file")
	}
	role := func(arn string) func(*Request) {
		return func(r *Request) { r.RoleBasedAccess, r.RoleArn = true, []string{arn} }
	}
	name := func(n string) func(*Request) { return func(r *Request) { r.ExecutionName = &n } }
	input := func(text string) func(*Request) { return func(r *Request) { r.Input = &text } }
	proxy := func(list string) func(*Request) { return func(r *Request) { r.UseProxy, r.Proxy = true, list } }
	sim := func(change func(*Request)) func(*Request) {
		return func(r *Request) { r.Simulated, r.StateMachineArn = true, "order.asl.json"; change(r) }
	}
	for _, c := range []struct {
		about string
		given func(*Request)
		want  string // field "value": rule; parts of it, one per line; empty: valid
	}{
		{"the defaults and an ARN", func(*Request) {}, ""},
		{"another action", func(r *Request) { r.Action = "Stop" }, `action "Stop": want "Start Asynchronous Execution"`},
		{"no action", func(r *Request) { r.Action = "" }, `action "": want "Start Asynchronous Execution"`},

		{"both credentials", func(r *Request) { r.CredentialsUser, r.CredentialsPassword = secret.New("a"), secret.New("b") }, ""},
		{"user alone", func(r *Request) { r.CredentialsUser = secret.New(canary) }, `credentials_password "": is missing beside credentials_user`},
		{"password alone", func(r *Request) { r.CredentialsPassword = secret.New(canary) }, `credentials_user "": is missing beside credentials_password`},
		{"session token alone", func(r *Request) { r.CredentialsSessionToken = secret.New(canary) }, `credentials_user "": is missing beside the session token`},

		{"no machine", func(r *Request) { r.StateMachineArn = "" }, `state_machine_arn "": is required`},
		{"a version", func(r *Request) { r.StateMachineArn += ":7" }, ""},
		{"an alias", func(r *Request) { r.StateMachineArn += ":prod" }, ""},
		{"another partition", func(r *Request) {
			r.StateMachineArn = "arn:aws-cn:states:cn-north-1:123456789012:stateMachine:order"
		}, ""},
		{"no ARN", func(r *Request) { r.StateMachineArn = "order" }, `state_machine_arn "order": "order" is not an ARN`},
		{"an execution", func(r *Request) { r.StateMachineArn = executionArn }, "is of kind execution, want the ARN of a state machine"},
		{"the same region", func(r *Request) { r.Region = "eu-west-1" }, ""},
		{"another region", func(r *Request) { r.Region = "us-east-1" }, `region "us-east-1": contradicts the state machine's ARN, which is in eu-west-1`},
		{"no ARN and no region", func(r *Request) { r.StateMachineArn, r.Region = "order", "EU West" }, "state_machine_arn\nregion \"EU West\": want a region like eu-west-1"},

		{"a role", role("arn:aws:iam::123456789012:role/team/a/runner"), ""},
		{"a role in China", role("arn:aws-cn:iam::123456789012:role/runner"), ""},
		{"the seed's form", role("arn:aws:iam::123456789012:instance-profile/runner"), ""},
		{"an instance profile with a path", role("arn:aws:iam::123456789012:instance-profile/team/runner"), `role_arn "arn:aws:iam::123456789012:instance-profile/team/runner": want arn:aws:iam::<12 digits>:role/`},
		{"a user", role("arn:aws:iam::123456789012:user/runner"), "role_arn"},
		{"a short account", role("arn:aws:iam::12345:role/runner"), "role_arn"},
		{"no role", func(r *Request) { r.RoleBasedAccess = true }, `role_arn "": is required when role_based_access is true`},
		{"a wrong role that is not used", func(r *Request) { r.RoleArn = []string{"runner"} }, `role_arn "runner"`},
		{"external id", func(r *Request) { r.ExternalID = canary + "!" }, `external_id "****": want 2 to 1,224 letters`},
		{"external id of AWS's form", func(r *Request) { r.ExternalID = "team:a/b" }, ""},
		{"session name", func(r *Request) { r.RoleSessionName = "night run" }, `role_session_name "night run": want 2 to 64 letters`},
		{"session duration", func(r *Request) { r.RoleSessionDuration = time.Minute }, `role_session_duration "1m0s": want 15m to 12h`},

		{"78 characters", name(strings.Repeat("é", 78)), ""},
		{"79 characters", name(strings.Repeat("é", 79)), `with its suffix "-1" it has 81 characters, want at most 80`},
		{"characters beyond ASCII", name("nächtlich_été-1.(x)!=@+'"), ""},
		{"white space", name("a b"), `execution_name "a b": with its suffix "-1" it holds ' '`},
		{"a control character", name("a\u0085b"), `holds '\u0085'`},
		{"a non-character", name("a\uffffb"), `holds '\uffff'`},
		{"the last non-character", name("a\U0010ffffb"), `holds '\U0010ffff'`},
		{"not UTF-8", name("a\xff"), "it is not UTF-8"},
		{"an empty name", name(""), ""},
		{"no attempt", func(r *Request) { r.Attempt = 0 }, `attempt "0": want an integer of at least 1`},

		{"any JSON value", input(" null "), ""},
		{"numbers and keys as they are", input(`{"a":12345678901234567890,"a":1.0,"s":"\ud800"}`), ""},
		{"an empty input", input("\n"), "input \"\\n\": is empty"},
		{"a trailing comma", input("{\n  \"ü\": 1,\n}"), "is not JSON at line 3, column 1: invalid character '}'"},
		{"a column in characters", input(`{"üü": x}`), "is not JSON at line 1, column 8: invalid character 'x'"},
		{"half a value", input(`{"a":`), "is not JSON at line 1, column 6: unexpected EOF"},
		{"two values", input("{}\n{}"), "holds more than one JSON value: the first ends at line 1, column 3"},
		{"single quotes", input(`'a'`), "is not JSON at line 1, column 1"},
		{"Latin-1", input("{\"a\":\n\"\xe9\"}"), "is not UTF-8 at line 2, column 2"},
		{"a byte order mark", input("\ufeff{}"), "begins with a byte order mark"},
		{"262,144 bytes", input(`"` + strings.Repeat("é", 131_071) + `"`), ""},
		{"262,145 bytes", input(`"` + strings.Repeat("a", 262_143) + `"`), "(262145 bytes)\": has 262145 bytes, want at most 262144"},

		{"a proxy", proxy("http://10.0.0.1:3128"), ""},
		{"two proxies", proxy("http://10.0.0.1:3128, https://[::1]:3129"), ""},
		{"two of one scheme", proxy("http://a:1,http://b:2"), "names two http proxies"},
		{"no port", proxy("http://proxy.corp"), "has no port from 1 to 65535"},
		{"port 0", proxy("http://proxy.corp:0"), "has no port from 1 to 65535"},
		{"no scheme", proxy("proxy.corp:3128"), `proxy "proxy.corp:3128": want http://host:port`},
		{"no URL", proxy("http://a b:1"), "want http://host:port"},
		{"a path", proxy("http://a:1/x"), "want http://host:port"},
		{"a missing entry", proxy("http://a:1,"), "want http://host:port"},
		{"another scheme", proxy("socks5://a:1"), `proxy "socks5://a:1": want http`},
		{"credentials in the URL", proxy("http://u:" + canary + "@a:1"), `proxy "http://****@a:1": holds credentials, which belong in proxy_credentials_user`},
		{"credentials in a broken URL", proxy("http://u:" + canary + "%zz@a"), `proxy "http://****@a": want`},
		{"credentials without a scheme", proxy("u:" + canary + "@a:1"), `proxy "****@a:1": want`},
		{"no proxy", func(r *Request) { r.UseProxy = true }, `proxy "": is required when use_proxy is true`},
		{"proxy type", func(r *Request) { r.ProxyType = "https" }, `proxy_type "https": want one of ["HTTP" "HTTPS" "HTTPS With Credentials"]`},
		{"credentials required", func(r *Request) { proxy("https://a:1")(r); r.ProxyType = ProxyHTTPSWithCredentials },
			"proxy_credentials_user \"\": is required when proxy_type is \"HTTPS With Credentials\"\nproxy_credentials_password \"\": is required"},
		{"half of the proxy's credentials", func(r *Request) { r.ProxyCredentialsPassword = secret.New(canary) }, `proxy_credentials_user "": is missing`},
		{"a CA bundle", func(r *Request) { r.ProxyCABundleFile = "corp.pem" }, ""},
		{"a CA bundle that is none", func(r *Request) { r.ProxyCABundleFile = "junk.pem" }, `proxy_ca_bundle_file "junk.pem": holds no certificate in PEM form`},
		{"a CA bundle that cannot be read", func(r *Request) { r.ProxyCABundleFile = "x.pem" }, "cannot be read: no such file"},

		{"polling interval", func(r *Request) { r.PollingInterval = 0 }, `polling_interval "0": want an integer of at least 1`},
		{"wait timeout", func(r *Request) { r.WaitTimeout = -1 }, `wait_timeout "-1ns": want a duration that is not negative`},
		{"retry budget", func(r *Request) { r.RetryBudget = -1 }, `retry_budget "-1ns"`},
		{"on interrupt", func(r *Request) { r.OnInterrupt = "ask" }, `on_interrupt "ask": want one of ["stop" "leave"]`},
		{"on wait timeout", func(r *Request) { r.OnWaitTimeout = "kill" }, `on_wait_timeout "kill": want one of ["stop" "leave"]`},
		{"on exists", func(r *Request) { r.OnExists = "" }, `on_exists "": want one of ["adopt" "fail"]`},
		{"retry mode", func(r *Request) { r.RetryMode, r.ExecutionName = RetryAdopt, ptr("a") }, ""},
		{"retry mode with a state file", func(r *Request) { r.RetryMode, r.StateFile = RetryRedrive, "state.json" }, ""},
		{"retry mode that is none", func(r *Request) { r.RetryMode = "again" }, `retry_mode "again": want one of ["new" "adopt" "redrive"]`},
		{"retry mode without a name", func(r *Request) { r.RetryMode = RetryAdopt }, `retry_mode "adopt": needs a name that is the same for each attempt`},
		{"retry mode with an empty name", func(r *Request) { r.RetryMode, r.ExecutionName = RetryRedrive, ptr("") }, `retry_mode "redrive": needs a name`},
		{"redrive fallback", func(r *Request) {
			r.RetryMode, r.RedriveFallback, r.ExecutionName = RetryRedrive, FallbackNew, ptr("a")
		}, ""},
		{"redrive fallback that is none", func(r *Request) { r.RedriveFallback = "ask" }, `redrive_fallback "ask": want one of ["fail" "new"]`},
		{"redrive fallback without a redrive", func(r *Request) { r.RedriveFallback = FallbackNew }, `redrive_fallback "new": is for retry_mode redrive alone`},
		{"client token", func(r *Request) { r.ClientToken = strings.Repeat("!", 64) }, ""},
		{"client token, too long", func(r *Request) { r.ClientToken = strings.Repeat("!", 65) }, `client_token`},
		{"client token with a blank", func(r *Request) { r.ClientToken = "a b" }, `client_token "a b": want 1 to 64 visible ASCII characters`},
		{"endpoint", func(r *Request) { r.EndpointURL = "http://localhost:8083" }, ""},
		{"endpoint with credentials", func(r *Request) { r.EndpointURL = "http://u:" + canary + "@localhost" }, `endpoint_url "http://****@localhost": want http://host`},

		{"the simulator takes a path, and no account", sim(func(r *Request) { r.Region, r.CredentialsUser = "Mars", secret.New("a") }), ""},
		{"the simulator has all other rules", sim(func(r *Request) { r.UseProxy, r.Attempt = true, 0 }), "attempt\nproxy"},

		{"what the caller could not parse comes first, and once", func(r *Request) {
			r.Attempt, r.PollingInterval = 0, 0
			r.ParseErrors = []FieldError{{"polling_interval", "soon", "want an integer"}}
		}, "polling_interval \"soon\": want an integer\nattempt"},
		{"everything at once", func(r *Request) {
			*r = Request{UseProxy: true, RoleBasedAccess: true, CredentialsUser: secret.New(canary)}
		}, "action\ncredentials_password\nstate_machine_arn\nrole_arn\nattempt\nproxy\npolling_interval\non_interrupt\non_wait_timeout\non_exists\nretry_mode\nredrive_fallback"},
	} {
		t.Run(c.about, func(t *testing.T) {
			r := Defaults()
			r.StateMachineArn = machineArn
			c.given(&r)
			var want []string
			if c.want != "" {
				want = strings.Split(c.want, "\n")
			}
			got := r.Validate(files)
			if len(got) != len(want) {
				t.Fatalf("field errors %v\n  want %q", got, want)
			}
			for i, e := range got {
				if !strings.Contains(e.Error(), want[i]) {
					t.Errorf("field error %v\n  want %s", e, want[i])
				}
				if strings.Contains(fmt.Sprintf("%+v %v", e, r.ShownProxy()), canary) {
					t.Errorf("%v gives a secret away", e)
				}
			}
		})
	}
}

func TestEffectiveValues(t *testing.T) {
	r := Defaults()
	r.StateMachineArn = machineArn + ":prod"
	r.RoleArn = []string{"arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:instance-profile/b"}
	if got := r.EffectiveRegion(); got != "eu-west-1" {
		t.Errorf("region %q of the ARN", got)
	}
	if got := r.RoleChain(); got != nil {
		t.Errorf("roles %q without role based access", got)
	}
	if got := r.EffectiveProxyType(); got != "" {
		t.Errorf("proxy type %q without a proxy", got)
	}
	r.Region, r.RoleBasedAccess, r.UseProxy = "eu-west-2", true, true
	if got := r.EffectiveRegion(); got != "eu-west-2" {
		t.Errorf("region %q", got)
	}
	if got := strings.Join(r.RoleChain(), " "); got != "arn:aws:iam::123456789012:role/a arn:aws:iam::123456789012:role/b" {
		t.Errorf("roles %q", got)
	}
	if got := r.EffectiveProxyType(); got != ProxyHTTP {
		t.Errorf("proxy type %q", got)
	}
	sim := Request{StateMachineArn: "order.asl.json", MachineArn: machineArn}
	if got := sim.EffectiveRegion(); got != "eu-west-1" {
		t.Errorf("region %q of the simulator", got)
	}
	if got := (Request{StateMachineArn: "order.asl.json"}).EffectiveRegion(); got != "" {
		t.Errorf("region %q from nowhere", got)
	}
}

func TestRequestPrintsNoSecret(t *testing.T) {
	s := secret.New(canary)
	r := Request{CredentialsUser: s, CredentialsPassword: s, CredentialsSessionToken: s, ProxyCredentialsUser: s, ProxyCredentialsPassword: s}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		if text := fmt.Sprintf(verb, r); strings.Contains(text, canary) || strings.Contains(text, fmt.Sprintf("%x", canary)) {
			t.Errorf("%s gives a secret away", verb)
		}
	}
}

func FuzzInputRule(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":[1,2.50,"x\n"]}`, "", "{", "\xff", "1 2", "\ufeff{}", `"\ud800"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if rule := inputRule(text); rule == "" && strings.TrimSpace(text) == "" {
			t.Errorf("%q is no JSON text", text)
		}
	})
}

func FuzzProxyRule(f *testing.F) {
	for _, seed := range []string{"http://a:1", "http://a:1,https://b:2", "http://u:p@a:1", "a:1", "://@", "http://[::1]:1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, list string) {
		planted := strings.ReplaceAll(list, "@", canary+"@")
		if shown := (Request{Proxy: planted}).ShownProxy(); strings.Contains(shown, canary) && !strings.Contains(list, canary) {
			t.Errorf("%q is shown as %q", planted, shown)
		}
		proxyRule(list)
	})
}
