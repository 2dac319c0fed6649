package account

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/sfnx/sfnx/backend/aws"
	"github.com/sfnx/sfnx/internal/cli"
)

// Ended is a command that has ended.
type Ended struct {
	Code   int
	Stdout []byte
	Stderr []byte
}

// Document is what rigs look at in the document of a run.
type Document struct {
	Code   int     `json:"exit_code"`
	Result *Result `json:"result"`
	Sfnx   struct {
		Class         string  `json:"class"`
		Adopted       bool    `json:"adopted"`
		Ambiguous     bool    `json:"ambiguous"`
		ExecutionLeft *string `json:"execution_left"`
	} `json:"sfnx"`
}

// Result is the execution in a document.
type Result struct {
	Name   string `json:"name"`
	Status string `json:"status"`
}

// Run is one command of sfnx in this process, in the time of this account. It is quiet: only what is wrong is on stderr.
func (a *Account) Run(args ...string) Ended {
	var out, errs bytes.Buffer
	code := cli.Main(append(args, "-q"), cli.Streams{Out: &out, Err: &errs}, cli.Environment{
		Clock: a.Clock(), Retry: aws.Retry{MaxAttempts: 3, BaseDelay: time.Microsecond}, AttemptTimeout: 10 * time.Second,
	})
	return Ended{Code: code, Stdout: out.Bytes(), Stderr: errs.Bytes()}
}

// Document reads stdout, which must be one document that tells the exit code.
func (e Ended) Document() (Document, error) {
	var d Document
	decoder := json.NewDecoder(bytes.NewReader(e.Stdout))
	if err := decoder.Decode(&d); err != nil {
		return d, fmt.Errorf("stdout is no document: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return d, fmt.Errorf("stdout goes on behind the document: %q", e.Stdout)
	}
	if d.Code != e.Code {
		return d, fmt.Errorf("the document has exit_code %d, the exit code is %d", d.Code, e.Code)
	}
	return d, nil
}
