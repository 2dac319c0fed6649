package dataset

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// maxItemBytes is the largest item that AWS reads from a file ("8 MB" in its guide).
const maxItemBytes = 8 << 20

// lines cuts a file at \n, \r\n and \r. The end of the file ends the last line, so a final newline adds none.
type lines struct {
	r    *bufio.Reader
	name string // for messages
	n    int    // number of the line that was given last
	rest []byte // of what was read, if a \r stood in it
	long []byte // a line that is longer than the buffer of r
}

func newLines(r io.Reader, name string) *lines {
	return &lines{r: bufio.NewReaderSize(r, 64<<10), name: name}
}

// next is a line without its end, good until the next call. The error may be io.EOF.
func (l *lines) next() ([]byte, error) {
	if len(l.rest) == 0 {
		if err := l.read(); err != nil {
			return nil, err
		}
	}
	l.n++
	line := l.rest
	end := bytes.IndexByte(line, '\r')
	if end < 0 {
		l.rest = nil
		return bytes.TrimSuffix(line, []byte{'\n'}), nil
	}
	l.rest = line[end+1:]
	if len(l.rest) > 0 && l.rest[0] == '\n' {
		l.rest = l.rest[1:]
	}
	return line[:end], nil
}

// read fills rest up to the next \n or the end of the file.
func (l *lines) read() error {
	part, err := l.r.ReadSlice('\n')
	if err == nil || errors.Is(err, io.EOF) && len(part) > 0 {
		l.rest = part
		return nil
	}
	for l.long = l.long[:0]; errors.Is(err, bufio.ErrBufferFull); part, err = l.r.ReadSlice('\n') {
		if l.long = append(l.long, part...); len(l.long) > maxItemBytes {
			return l.tooLarge()
		}
	}
	if errors.Is(err, io.EOF) && len(l.long)+len(part) == 0 {
		return err
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read %s: %w", l.name, err)
	}
	l.long = append(l.long, part...)
	l.rest = l.long
	return nil
}

func (l *lines) tooLarge() error {
	return readerFailed("an item of %s is larger than %d bytes: line %d", l.name, maxItemBytes, l.n+1)
}
