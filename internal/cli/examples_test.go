package cli

import (
	"bytes"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// The commands of the README, word for word.
func TestTheOrderExample(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	const simulate = "simulate examples/order/order.asl.json --input @examples/order/order.input.json"
	for _, tt := range []struct {
		args   string
		extra  []string
		code   int
		stdout string
		stderr string
	}{
		{args: simulate, stdout: `"labels":["L-1","L-2","L-3"]`, stderr: "mocks from examples/order/order.mocks.json\n"},
		{args: simulate, extra: []string{"--mock", "Charge card=!CardDeclined:do not honour"}, code: 23, stderr: "caught CardDeclined"},
		{args: simulate, extra: []string{"--mock", `Check stock={"Payload":{"available":false}}`}, code: 23, stderr: "OutOfStock"},
		{args: simulate, extra: []string{"--mock", "Notify customer=!SNS.InternalErrorException"}, stdout: `"message":null`},
	} {
		var out, errs bytes.Buffer
		code := Main(append(strings.Fields(tt.args), tt.extra...), Streams{Out: &out, Err: &errs}, Environment{Dir: root, Files: systemFiles})
		if code != tt.code || !strings.Contains(out.String(), tt.stdout) || !strings.Contains(errs.String(), tt.stderr) {
			t.Errorf("sfnx %s %q: exit code %d\n%s%s", tt.args, tt.extra, code, out.String(), errs.String())
		}
	}
}

func BenchmarkSimulateAYear(b *testing.B) {
	env := Environment{Files: Files{Read: func(name string) ([]byte, error) {
		if name != "year.asl.json" {
			return nil, fs.ErrNotExist
		}
		return []byte(`{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":31535000,"End":true}}}`), nil
	}}}
	for b.Loop() {
		if code := Main([]string{"run", "year.asl.json", "--wait"}, Streams{}, env); code != 0 {
			b.Fatalf("exit code %d", code)
		}
	}
}

func BenchmarkVersion(b *testing.B) {
	for b.Loop() {
		Main([]string{"version"}, Streams{}, Environment{})
	}
}
