package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/internal/dataset"
	"github.com/sfnx/sfnx/output"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every command line of the README is a valid one. What needs an account is checked with --dry-run; files that the
// reader brings are stood in for.
func TestTheCommandsOfTheREADME(t *testing.T) {
	order, err := os.ReadFile("../../examples/order/order.asl.json")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{
		"order.asl.json":      string(order),
		"order.json":          `{"order":"o-1"}`,
		"fulfil.asl.json":     `{"StartAt":"F","States":{"F":{"Type":"Pass","End":true}}}`,
		"values.json":         `{"ChargeFunctionArn":"arn:aws:lambda:us-east-1:123456789012:function:charge"}`,
		"job.json":            `{"state_machine_arn":"arn:aws:states:eu-west-1:123456789012:stateMachine:order"}`,
		"MockConfigFile.json": `{"StateMachines":{"order":{"TestCases":{"HappyPath":{"Charge card":"Paid"}}}},"MockedResponses":{"Paid":{"0":{"Return":{}}}}}`,
	}
	line := regexp.MustCompile(`(?m)^    (?:([A-Z_]+=\S+) )?(?:go run \./cmd/)?sfnx (.*)$`)
	seen, buckets := 0, t.TempDir()
	for _, m := range line.FindAllStringSubmatch(readme(t), -1) {
		text, _, _ := strings.Cut(m[2], " #")
		args := shellWords(strings.ReplaceAll(text, " ...", " --request job.json"))
		if args[0] == "run" && !strings.HasSuffix(args[1], ".asl.json") {
			args = append(args, "--dry-run")
		}
		var out, errs bytes.Buffer
		env := Environment{Dir: "../..", Files: Files{Read: func(name string) ([]byte, error) {
			if text, ok := files[filepath.Base(name)]; ok && !strings.Contains(name, "examples") {
				return []byte(text), nil
			}
			return systemFiles.Read(name)
		}, Below: func(name string) ([]string, error) {
			if strings.HasSuffix(name, ".json") {
				return []string{name}, nil
			}
			return []string{name + "/order.asl.json"}, nil
		}, S3: func(string) (*dataset.Dir, error) { return dataset.OpenDir(buckets) }}, LookupEnv: func(name string) (string, bool) {
			if k, v, ok := strings.Cut(m[1], "="); ok && k == name {
				return v, true
			}
			return "", false
		}}
		code := Main(args, Streams{Out: &out, Err: &errs}, env)
		if strings.Contains(errs.String(), "there is no flag") || strings.Contains(errs.String(), "there is no command") || out.Len() == 0 && errs.Len() == 0 {
			t.Errorf("%s: exit code %d\n%s%s", m[0], code, out.String(), errs.String())
		}
		if (strings.Contains(m[2], "examples/") || args[0] == "validate") && code != 0 {
			t.Errorf("%s: exit code %d\n%s", m[0], code, errs.String())
		}
		if args[len(args)-1] == "--dry-run" && code != 0 {
			t.Errorf("%s: exit code %d\n%s%s", m[0], code, out.String(), errs.String())
		}
		seen++
	}
	if seen < 8 {
		t.Errorf("the README has %d commands, want at least 8", seen)
	}
}

func TestTheExitCodesOfTheREADME(t *testing.T) {
	_, rest, _ := strings.Cut(readme(t), "<!-- exit-codes -->\n")
	table, _, found := strings.Cut(rest, "<!-- /exit-codes -->")
	if want := output.ExitCodesMarkdown(); !found || table != want {
		t.Errorf("the table of the README is not the program's; put in its place:\n%s", want)
	}
}

// shellWords splits a command line as a shell does, as far as the README needs it.
func shellWords(line string) []string {
	var words []string
	var word strings.Builder
	quoted, open := false, false
	for _, c := range line {
		switch {
		case c == '\'':
			quoted, open = !quoted, true
		case c == ' ' && !quoted:
			if open {
				words = append(words, word.String())
			}
			word.Reset()
			open = false
		default:
			word.WriteRune(c)
			open = true
		}
	}
	if open {
		words = append(words, word.String())
	}
	return words
}
