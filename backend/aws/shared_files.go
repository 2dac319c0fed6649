package aws

import (
	"fmt"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
)

// checkSharedFiles refuses shared configuration files that the AWS CLI refuses too. The SDK passes over every line that
// makes no sense to it, and the run then ends in a lack of credentials that nobody can explain. A file that cannot be
// read is left to the SDK.
func checkSharedFiles() error {
	for _, shared := range []struct{ variable, file string }{
		{"AWS_CONFIG_FILE", config.DefaultSharedConfigFilename()},
		{"AWS_SHARED_CREDENTIALS_FILE", config.DefaultSharedCredentialsFilename()},
	} {
		file := shared.file
		if other := os.Getenv(shared.variable); other != "" {
			file = other
		}
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		if err := checkSections(string(text)); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

// checkSections wants sections in square brackets with settings in them. An indented line goes on with the one before
// it. The error repeats nothing of the text, which may be a secret.
func checkSections(text string) error {
	inside := false
	for i, line := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
		setting := strings.TrimSpace(line)
		switch {
		case setting == "" || strings.ContainsAny(setting[:1], "#;"):
		case line[0] == '[':
			if !strings.Contains(line, "]") {
				return fmt.Errorf("line %d opens a section and does not close it, want [default] or [profile NAME]", i+1)
			}
			inside = true
		case !inside:
			return fmt.Errorf("line %d stands before the first section, want [default] or [profile NAME] above it", i+1)
		case line[0] == ' ' || line[0] == '\t':
		case strings.IndexAny(line, "=:") < 1:
			return fmt.Errorf("line %d is no setting, want NAME = VALUE", i+1)
		}
	}
	return nil
}
