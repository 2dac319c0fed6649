package cli

import "github.com/sfnx/sfnx/asl"

// validation is the document of validate. Result and diagnostics of a file are those of AWS's
// ValidateStateMachineDefinition; pointer and what follows it are sfnx's.
type validation struct {
	Result string           `json:"result"` // OK, or FAIL if any definition has an error
	Files  []fileValidation `json:"files"`
}

type fileValidation struct {
	File        string             `json:"file"`
	Result      string             `json:"result"`
	Diagnostics []diagnosticOfFile `json:"diagnostics"`
	Truncated   bool               `json:"truncated"`
	Error       string             `json:"error,omitempty"` // why the file could not be read
}

type diagnosticOfFile struct {
	Severity asl.Severity `json:"severity"`
	Code     string       `json:"code"`
	Message  string       `json:"message"`
	Location string       `json:"location,omitempty"`
	Pointer  string       `json:"pointer"` // RFC 6901
	Line     int          `json:"line"`    // from 1 on
	Column   int          `json:"column"`  // characters, from 1 on
	Hint     string       `json:"hint,omitempty"`
	Source   string       `json:"source"` // aws, or sfnx where AWS is silent
}

func validationReport(all []checked) validation {
	v := validation{Result: verdict(tallyOf(all).errors == 0), Files: []fileValidation{}}
	for _, c := range all {
		file := fileValidation{File: c.path, Result: verdict(c.err == nil && !c.findings.HasErrors()), Diagnostics: []diagnosticOfFile{}}
		if c.err != nil {
			file.Error = c.err.Error()
		}
		for _, f := range c.findings {
			file.Truncated = file.Truncated || f.Code == asl.TooManyFindings
			source := "aws"
			if f.Ours {
				source = "sfnx"
			}
			file.Diagnostics = append(file.Diagnostics, diagnosticOfFile{f.Severity, f.Code, f.Message, f.Location, f.Pointer, f.Pos.Line, f.Pos.Column, f.Hint, source})
		}
		v.Files = append(v.Files, file)
	}
	return v
}

func verdict(good bool) string {
	if good {
		return "OK"
	}
	return "FAIL"
}
