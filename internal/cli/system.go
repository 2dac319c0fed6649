package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/sfnx/sfnx/internal/dataset"
)

// System is the process that this code runs in: the one place where sfnx itself touches the operating system. (The
// AWS SDK reads the AWS_... variables and the shared configuration files by itself, too.) It makes a write to a closed
// pipe an error instead of the process's end. The signals are those of package heard.
func System(version string, signals <-chan os.Signal) (Streams, Environment) {
	signal.Ignore(syscall.SIGPIPE)
	streams := Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		OutClosed:  closedAtStart(1),
		InTerminal: isTerminal(os.Stdin), OutTerminal: isTerminal(os.Stdout), ErrTerminal: isTerminal(os.Stderr),
	}
	if !streams.ErrTerminal {
		muteChildren()
	}
	return streams, Environment{
		LookupEnv: os.LookupEnv,
		Variables: os.Environ(),
		Signals:   signals,
		Location:  time.Local,
		Version:   version,
		Files:     systemFiles,
	}
}

// muteChildren keeps what a credential_process says on stderr, which the SDK makes it share, out of logs: it may be a
// secret. On a terminal it may be a question.
func muteChildren() {
	if null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		os.Stderr = null
	}
}

// SystemFiles is the file system of this process.
func SystemFiles() Files { return systemFiles }

var systemFiles = Files{Read: readFile, Replace: replaceFile, Place: placeFile, Create: createFile, Descriptor: openDescriptor, Below: filesBelow, S3: dataset.OpenDir}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

func createFile(name string) (io.WriteCloser, error) {
	return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
}

// filesBelow leaves out what is not the user's own: hidden folders and node_modules.
func filesBelow(root string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !entry.IsDir():
			files = append(files, name)
		case name != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules"):
			return fs.SkipDir
		}
		return nil
	})
	return files, err
}

func openDescriptor(number int) (io.WriteCloser, error) {
	f := os.NewFile(uintptr(number), fmt.Sprintf("fd:%d", number))
	if f == nil {
		return nil, errors.New("it is no file descriptor")
	}
	if _, err := f.Stat(); err != nil {
		return nil, fmt.Errorf("file descriptor %d is not open: %w", number, err)
	}
	return f, nil
}

// maxFile bounds what is read of a file that the user named: a device may have no end.
const maxFile = 64 << 20

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = fmt.Errorf("%s has more than %d bytes", name, maxFile)
	}
	return text, err
}

// replaceFile puts data where name is, so that whoever reads it finds the old file or the whole new one, after a crash
// too: written beside it, synced, renamed, and the directory synced. What is no regular file (/dev/null, a named pipe)
// cannot be replaced and is written to.
func replaceFile(name string, data []byte) error {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return os.WriteFile(name, data, 0)
	}
	return settle(name, data, os.Rename)
}

// placeFile puts data where nothing is yet. Of several processes that try to, one succeeds.
func placeFile(name string, data []byte) error {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	return settle(name, data, func(temporary, name string) error {
		err := os.Link(temporary, name)
		if err == nil || errors.Is(err, fs.ErrExist) {
			return errors.Join(err, os.Remove(temporary))
		}
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // where the file system has no links
		if err != nil {
			return err
		}
		return errors.Join(f.Close(), os.Rename(temporary, name))
	})
}

// settle writes data beside name, syncs it, has it moved there, and syncs the directory.
func settle(name string, data []byte, move func(temporary, name string) error) (err error) {
	dir := filepath.Dir(name)
	f, err := os.CreateTemp(dir, "."+filepath.Base(name)+".*")
	var where *fs.PathError
	if errors.As(err, &where) {
		return fmt.Errorf("create a file in %s: %w", dir, where.Err) // its own name is of no use
	}
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = move(f.Name(), name)
	}
	if err != nil {
		return err
	}
	return syncDir(dir)
}
