package tasks

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// files are what @FILE can read in these tests.
var files = fstest.MapFS{
	"paid.json": {Data: []byte(" {\"paid\": 1.50}\n")},
	"broken":    {Data: []byte("{")},
}

func readTestFile(name string) ([]byte, error) { return fs.ReadFile(files, name) }

func TestParseMockRefuses(t *testing.T) {
	for text, want := range map[string]string{
		``:                 `mock "": want STATE=JSON, STATE=@FILE, STATE=!ERROR, STATE=!ERROR:CAUSE or STATE=never`,
		`Charge`:           `mock "Charge": want STATE=JSON, STATE=@FILE, STATE=!ERROR, STATE=!ERROR:CAUSE or STATE=never`,
		`={}`:              `mock "={}": want STATE=JSON, STATE=@FILE, STATE=!ERROR, STATE=!ERROR:CAUSE or STATE=never`,
		`Charge=`:          `mock of "Charge": not valid JSON at line 1, column 1: unexpected end of text, want a value (want JSON, @FILE, !ERROR, !ERROR:CAUSE or never after the '=')`,
		`Charge=paid`:      `mock of "Charge": not valid JSON at line 1, column 1: unexpected 'p', want a value (want JSON, @FILE, !ERROR, !ERROR:CAUSE or never after the '=')`,
		`Charge={"a":1} 2`: `mock of "Charge": not valid JSON at line 1, column 9: unexpected '2' after the value (want JSON, @FILE, !ERROR, !ERROR:CAUSE or never after the '=')`,
		`Charge=!`:         `mock of "Charge": want an error name after '!', as in Charge=!My.Error:why it failed`,
		`Charge=!:why`:     `mock of "Charge": want an error name after '!', as in Charge=!My.Error:why it failed`,
		`Charge=@missing`:  `mock of "Charge": open missing: file does not exist`,
		`Charge=@broken`:   `mock of "Charge": broken: not valid JSON at line 1, column 2: unexpected end of text in an object`,
		`"Charge={}`:       `mock "\"Charge={}": want a JSON string before the '='`,
		`"Charge" = {}`:    `mock "\"Charge\" = {}": want "STATE"=JSON after the quoted state name`,
		`""={}`:            `mock "\"\"={}": want "STATE"=JSON after the quoted state name`,
	} {
		_, err := ParseMock(text, readTestFile)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s\n got %v\nwant %s", text, err, want)
		}
	}
}

func TestParseMockStateNames(t *testing.T) {
	for text, want := range map[string]string{
		`Charge card=1`:    "Charge card",
		`a:b=!E:c=d`:       "a:b",
		`x= {"y": "="}`:    "x",
		`never=never`:      "never",
		`"a=b"=1`:          "a=b",
		`"\"quoted\" ü"=1`: `"quoted" ü`,
	} {
		m, err := ParseMock(text, readTestFile)
		if err != nil || m.State != want {
			t.Errorf("%s: got state %q, %v; want %q", text, m.State, err, want)
		}
	}
}

// TestFlagFor: what the error suggests can be used as it is.
func TestFlagFor(t *testing.T) {
	for _, state := range []string{"Charge", "a=b", `"q"`, "it's", "ü\n"} {
		shell := strings.TrimPrefix(flagFor(state), "--mock ")
		argument := strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(shell, "'"), "'"), `'\''`, "'")
		m, err := ParseMock(argument, readTestFile)
		if err != nil || m.State != state {
			t.Errorf("%s for %q gives %q, %v", shell, state, m.State, err)
		}
	}
}

func FuzzParseMock(f *testing.F) {
	for _, text := range []string{`Charge={"a":1}`, `Charge=!E:c`, `"a=b"=@paid.json`, `=`, `"`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ParseMock(text, readTestFile)
		if err == nil && m.State == "" {
			t.Fatalf("%q gives a mock without a state", text)
		}
	})
}

func ExampleParseMock() {
	for _, flag := range []string{`Charge card={"StatusCode": 200}`, `Ship=!Carrier.Full:no room left`, `"a=b"=null`} {
		m, err := ParseMock(flag, nil)
		fmt.Println(m.State, err)
	}
	// Output:
	// Charge card <nil>
	// Ship <nil>
	// a=b <nil>
}
