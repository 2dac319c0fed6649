package aws

import (
	"os"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/internal/fakeaws"
)

func TestSharedFiles(t *testing.T) {
	for text, problem := range map[string]string{
		"": "",
		"# all\n; mine\n\n[default]\nregion = eu-west-1\n[profile a]\ns3 =\n  max_queue_size = 10\nname: value\n": "",
		"\ufeff[default]\r\nregion=eu-west-1\r\n":    "",
		"[default\nregion=eu-west-1\n":               "line 1 opens a section",
		"region=eu-west-1\n[default]\n":              "line 1 stands before the first section",
		"[default]\nregion=eu-west-1\nsecret-text\n": "line 3 is no setting",
		"[default]\n= secret-text\n":                 "line 2 is no setting",
		"[default]\n\n# a\naws_access_key_id AKIA\n": "line 4 is no setting",
	} {
		err := checkSections(text)
		if problem == "" && err != nil || problem != "" && (err == nil || !strings.HasPrefix(err.Error(), problem)) {
			t.Errorf("%q: got %v, want %q", text, err, problem)
		}
		if err != nil && (strings.Contains(err.Error(), "secret-text") || strings.Contains(err.Error(), "AKIA")) {
			t.Errorf("%q: the error repeats it: %v", text, err)
		}
	}
}

func TestBrokenSharedFileIsNamed(t *testing.T) {
	for _, variable := range []string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} {
		isolate(t)
		writeFile(t, os.Getenv(variable), "region=eu-west-1\n")
		_, err := Open(t.Context(), account(serve(t, world(), fakeaws.Options{})))
		wantCode(t, err, backend.Validation)
		if !strings.Contains(err.Error(), os.Getenv(variable)+": line 1") {
			t.Errorf("the error does not name the file: %v", err)
		}
	}
}
