package cli

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/benbjohnson/clock"

	"github.com/sfnx/sfnx/backend/aws"
	"github.com/sfnx/sfnx/internal/dataset"
)

// Streams are the three standard streams, and which of them are terminals. A nil stream is empty, or discards.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer

	InTerminal, OutTerminal, ErrTerminal bool

	OutClosed bool // what is written to Out is lost, without an error
}

// Environment is everything else that a command takes from the world around it. The zero Environment has no variables,
// no files and no signals, real time, real chance and UTC.
type Environment struct {
	LookupEnv func(name string) (string, bool) // variables; nil: there are none
	Signals   <-chan os.Signal                 // SIGINT, SIGTERM and SIGHUP; nil: none ever comes
	Clock     clock.Clock                      // paces everything but a simulation; nil: real time
	Random    io.Reader                        // of names and jitter; nil: crypto/rand. A simulation has a seed instead
	Location  *time.Location                   // of the dates in the document; nil: UTC. A simulation uses UTC
	Variables []string                         // all of them as NAME=VALUE, for the commands of --task
	Dir       string                           // where relative file names start; empty: the process's own
	Files     Files
	Version   string // of sfnx; empty: dev

	// How patient single requests to AWS are; zero: as backend/aws says.
	Retry          aws.Retry
	AttemptTimeout time.Duration
}

// Files is the file system. A nil member is one that cannot be used.
type Files struct {
	Read       func(name string) ([]byte, error)
	Replace    func(name string, data []byte) error      // all or nothing, and on disk when it returns
	Place      func(name string, data []byte) error      // the same, but a file that exists is left alone: fs.ErrExist
	Create     func(name string) (io.WriteCloser, error) // empties a file that exists
	Descriptor func(number int) (io.WriteCloser, error)  // opened by whoever started this process
	Below      func(name string) ([]string, error)       // the files in a directory and in those below it, sorted; of a file itself
	S3         func(dir string) (*dataset.Dir, error)    // opens a directory that stands for S3
}

var errNoFiles = errors.New("there is no file system here")

func (env Environment) withDefaults() Environment {
	if env.LookupEnv == nil {
		env.LookupEnv = func(string) (string, bool) { return "", false }
	}
	if env.Clock == nil {
		env.Clock = clock.New()
	}
	if env.Random == nil {
		env.Random = rand.Reader
	}
	if env.Location == nil {
		env.Location = time.UTC
	}
	if env.Version == "" {
		env.Version = "dev"
	}
	if env.Files.Read == nil {
		env.Files.Read = func(string) ([]byte, error) { return nil, errNoFiles }
	}
	if env.Files.Replace == nil {
		env.Files.Replace = func(string, []byte) error { return errNoFiles }
	}
	if env.Files.Place == nil {
		env.Files.Place = func(string, []byte) error { return errNoFiles }
	}
	if env.Files.Create == nil {
		env.Files.Create = func(string) (io.WriteCloser, error) { return nil, errNoFiles }
	}
	if env.Files.Descriptor == nil {
		env.Files.Descriptor = func(int) (io.WriteCloser, error) { return nil, errNoFiles }
	}
	if env.Files.Below == nil {
		env.Files.Below = func(string) ([]string, error) { return nil, errNoFiles }
	}
	if env.Files.S3 == nil {
		env.Files.S3 = func(string) (*dataset.Dir, error) { return nil, errNoFiles }
	}
	return env
}

// variable is the value of an environment variable. An empty one counts as unset.
func (env Environment) variable(name string) string {
	value, _ := env.LookupEnv(name)
	return value
}

// path is a file name as the file system wants it.
func (env Environment) path(name string) string {
	if env.Dir == "" || name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(env.Dir, name)
}

// readFile reads a file that the user named.
func (env Environment) readFile(name string) ([]byte, error) {
	return env.Files.Read(env.path(name))
}

// below lists the files below a directory that the user named, as the user would name them.
func (env Environment) below(name string) ([]string, error) {
	root := env.path(name)
	files, err := env.Files.Below(root)
	for i, f := range files {
		if files[i] = name; f != root {
			files[i] = filepath.Join(name, strings.TrimPrefix(f, root))
		}
	}
	return files, err
}

// newUUID makes UUIDs of version 4 from a source of chance.
func newUUID(random io.Reader) func() string {
	return func() string {
		b := make([]byte, 16)
		mustRead(random, b)
		b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
		return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
	}
}

// newJitter makes numbers in [0, 1) from a source of chance.
func newJitter(random io.Reader) func() float64 {
	return func() float64 {
		b := make([]byte, 8)
		mustRead(random, b)
		return float64(binary.LittleEndian.Uint64(b)>>11) / (1 << 53)
	}
}

func mustRead(random io.Reader, b []byte) {
	if _, err := io.ReadFull(random, b); err != nil {
		panic(fmt.Errorf("the source of chance failed: %w", err))
	}
}

// seeded is the source of chance of a simulation.
func seeded(seed uint64) io.Reader {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	return mathrand.NewChaCha8(key)
}
