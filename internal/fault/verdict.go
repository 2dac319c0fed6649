package fault

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sfnx/sfnx/backend"
)

// Verdict is what came of one play of a fault.
type Verdict struct {
	Fault    string   `json:"fault"`
	Seed     uint64   `json:"seed"`
	Code     int      `json:"code"` // exit code
	Want     int      `json:"want"`
	Problems []string `json:"problems,omitempty"` // empty if all was exact
	Secrets  int      `json:"secrets,omitempty"`  // places where a secret was found
	Leaks    int      `json:"leaks,omitempty"`    // goroutines, file descriptors and temporary files left behind
	Skipped  string   `json:"skipped,omitempty"`  // why this machine does not permit the play
}

// Exact reports whether everything was as it should be.
func (v *Verdict) Exact() bool { return len(v.Problems) == 0 && v.Secrets == 0 && v.Leaks == 0 }

func (v *Verdict) problem(format string, args ...any) {
	v.Problems = append(v.Problems, fmt.Sprintf(format, args...))
}

// judge compares what a command did with what the scene wants.
func (v *Verdict) judge(s *Scene, p performance) {
	want := s.Want
	status, end := s.end()
	if want.Code == Real {
		want.Code = end
	}
	if (want.Code == end || want.Spoilt) && want.Status == "" {
		want.Status = status
	}
	if want.Code == Any {
		want = Want{Code: p.code, Starts: p.started, Status: backend.Status(p.status), NoResult: p.started == 0}
	}
	v.Code, v.Want = p.code, want.Code
	if err := truth(p.code, p.started, p.status); err != nil && s.Machine != "express" {
		v.problem("%v", err)
	}
	if p.code != want.Code {
		v.problem("exit code %d, want %d; stderr: %.600s", p.code, want.Code, p.errs)
	}
	if p.started != want.Starts {
		v.problem("%d executions were started, want %d", p.started, want.Starts)
	}
	if want.Starts == 1 && p.status != string(want.Status) && s.Machine != "express" {
		v.problem("the execution is %s, want %s", p.status, want.Status)
	}
	if n := len(s.AWS().Requests()); want.Silent && n > 0 {
		v.problem("%d requests reached AWS, want none", n)
	}
	for _, input := range p.inputs {
		if input != s.Input {
			v.problem("the input arrived as %.200q, want %.200q", input, s.Input)
		}
	}
	if !want.NoDocument {
		v.document("stdout", p.out)
		v.facts("stdout", p.out, s.facts)
	}
	events, written := p.extraFiles["events.ndjson"]
	if !want.NoEvents && (written || want.Starts > 0) {
		told := p.code
		if want.Spoilt {
			told = end
		}
		v.lastEvent(events, told)
	}
	result, written := p.extraFiles["result.json"]
	switch {
	case want.NoResult:
	case written:
		v.document("the result file", result)
		v.facts("the result file", result, s.facts)
	case want.Starts > 0:
		v.problem("there is no result file")
	}
	for _, check := range s.also {
		if problem := check(p); problem != "" {
			v.problem("%s", problem)
		}
	}
	v.scan("stdout", p.out, p.secrets)
	v.scan("stderr", p.errs, p.secrets)
	v.scan("the command line", p.commandLine, p.secrets)
	for name, text := range p.extraFiles {
		if strings.HasPrefix(name, ".") {
			v.Leaks++
			v.problem("the temporary file %s is left", name)
		}
		v.scan(name, text, p.secrets)
	}
}

// document wants exactly one valid document that tells the exit code.
func (v *Verdict) document(where, text string) {
	var d struct {
		Code        *int                            `json:"exit_code"`
		Description string                          `json:"status_description"`
		Changed     *bool                           `json:"changed"`
		Invocation  any                             `json:"invocation"`
		Sfnx        *struct{ Schema, Class string } `json:"sfnx"`
	}
	in := json.NewDecoder(strings.NewReader(text))
	switch err := in.Decode(&d); {
	case err != nil:
		v.problem("%s holds no document: %v: %.200q", where, err, text)
		return
	case strings.TrimSpace(text[in.InputOffset():]) != "":
		v.problem("%s holds more than one document: %.200q", where, text[in.InputOffset():])
	case !strings.HasSuffix(text, "}\n"):
		v.problem("%s does not end in a newline", where)
	}
	switch {
	case d.Code == nil || d.Changed == nil || d.Invocation == nil || d.Sfnx == nil || d.Sfnx.Schema == "" || d.Description == "":
		v.problem("the document in %s lacks a member: %.200s", where, text)
	case *d.Code != v.Code:
		v.problem("the document in %s has exit code %d, the command %d", where, *d.Code, v.Code)
	}
}

// lastEvent wants a stream of events that ends in the end of the run.
func (v *Verdict) lastEvent(events string, code int) {
	lines := strings.Split(strings.TrimSuffix(events, "\n"), "\n")
	for i, line := range lines {
		var e struct {
			Type string
			Seq  int
			Code int `json:"exit_code"`
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			v.problem("line %d of the events is no JSON: %.200q", i+1, line)
			return
		}
		last := i == len(lines)-1
		switch {
		case e.Seq != i+1:
			v.problem("line %d of the events has seq %d", i+1, e.Seq)
		case last != (e.Type == "run.ended"):
			v.problem("line %d of %d of the events is a %s", i+1, len(lines), e.Type)
		case last && e.Code != code:
			v.problem("the last event has exit code %d, want %d", e.Code, code)
		}
	}
}

// scan looks for secrets.
func (v *Verdict) scan(where, text string, secrets *Canaries) {
	for _, coat := range secrets.Find(text) {
		v.Secrets++
		v.problem("%s holds a secret (%s)", where, coat)
	}
}
