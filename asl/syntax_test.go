package asl

import (
	"strings"
	"testing"
)

// TestSyntaxErrorsInAWSWords: recorded are the form, and that the place stands in the message and in the location.
func TestSyntaxErrorsInAWSWords(t *testing.T) {
	text := `{"StartAt": "A" "States": {}}`
	const source = `[Source: (String)"{"StartAt": "A" "States": {}}"; line: 1, column: 18]`
	const message = "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries"

	_, found := Parse([]byte(text), Options{})
	if len(found) != 1 {
		t.Fatalf("findings %v, want one", found)
	}
	if got, location := found[0].AWS(); got != message+"\n at "+source || location != source {
		t.Errorf("got %q at %q", got, location)
	}
	if want := "Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: " + message + "\n at " + source + " at " + source + "'"; found.Error() != want {
		t.Errorf("got %s\nwant %s", found.Error(), want)
	}
	if d := found[0]; d.Message != message || d.Location != "" || d.Pos.Column != 17 || strings.Contains(d.String(), "\n") {
		t.Errorf("for the reader: %+v", d)
	}
}

func TestOtherFindingsInAWSWords(t *testing.T) {
	_, found := Parse([]byte(`{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "B": {"Type": "Succeed"}}}`), Options{})
	if len(found) != 1 {
		t.Fatalf("findings %v, want one", found)
	}
	if message, location := found[0].AWS(); message != `State "B" is not reachable.` || location != "/States/B" {
		t.Errorf("got %q at %q", message, location)
	}
}
