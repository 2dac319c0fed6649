package features

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// ended is a command that has ended, and what a user sees of it.
type ended struct {
	place  string // sim or aws
	args   []string
	code   int
	stdout string
	stderr string
	files  string // what it wrote to files
}

// String is for failure messages.
func (e *ended) String() string {
	return fmt.Sprintf("sfnx %q on %s\nexit code %d\nstdout: %s\nstderr: %s", e.args, e.place, e.code, e.stdout, e.stderr)
}

// inspected notes the exit code, and makes sure that nothing is told that must be hidden.
func (e *ended) inspected() *ended {
	GinkgoHelper()
	Expect(leaks(e.stdout+e.stderr+e.files)).To(BeEmpty(), "secrets in the output of %s", e)
	var ending struct {
		Sfnx struct{ Ending string }
	}
	if doc, err := e.document(); err == nil {
		Expect(json.Unmarshal(doc, &ending)).To(Succeed())
	}
	achieved(e.code, ending.Sfnx.Ending, e.place)
	return e
}

// document is the last line of stdout that begins a JSON object, to its end. It must be the end of stdout, too.
func (e *ended) document() (json.RawMessage, error) {
	at := strings.LastIndex("\n"+e.stdout, "\n{\n")
	if at < 0 {
		return nil, errors.New("there is no document on stdout")
	}
	text := e.stdout[at:]
	d := json.NewDecoder(strings.NewReader(text))
	var doc json.RawMessage
	if err := d.Decode(&doc); err != nil {
		return nil, fmt.Errorf("the document is not JSON: %w", err)
	}
	if rest := text[d.InputOffset():]; rest != "\n" {
		return nil, fmt.Errorf("after the document comes %q, want a newline", rest)
	}
	return doc, nil
}

// hidden are the texts that no command of the spec in progress may show.
var hidden []string

// hide adds to them.
func hide(secrets ...string) { hidden = append(hidden, secrets...) }

// leaks are the hidden texts that stand in a text, as they are or in another coat.
func leaks(text string) []string {
	var found []string
	for _, secret := range hidden {
		quoted, _ := json.Marshal(secret)
		coats := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), string(quoted[1 : len(quoted)-1]), fmt.Sprintf("%x", secret)}
		for shift := range 3 { // base64 of a text in the middle of another
			coat := base64.StdEncoding.EncodeToString(append(make([]byte, shift), secret...))
			coats = append(coats, coat[4:len(coat)-4])
		}
		for _, coat := range coats {
			if strings.Contains(text, coat) {
				found = append(found, coat)
			}
		}
	}
	return found
}

// files are the files of this machine, and a witness of what a command writes to them.
type files struct {
	mu      sync.Mutex
	written bytes.Buffer
	onWrite func(text string) // told of each write to a stream, before the command goes on

	onReplace func(name string) error // may fail a replacement
}

func (f *files) keep(b []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.written.Write(b)
}

func (f *files) text() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.written.String()
}

func (f *files) replace(name string, data []byte) error {
	f.keep(data)
	if f.onReplace != nil {
		if err := f.onReplace(name); err != nil {
			return err
		}
	}
	return os.WriteFile(name, data, 0o600)
}

func (f *files) create(name string) (io.WriteCloser, error) {
	file, err := os.Create(name)
	return &stream{file, f}, err
}

// stream is a file that is written piece by piece.
type stream struct {
	*os.File
	files *files
}

func (s *stream) Write(b []byte) (int, error) {
	s.files.keep(b)
	n, err := s.File.Write(b)
	if s.files.onWrite != nil {
		s.files.onWrite(string(b))
	}
	return n, err
}
