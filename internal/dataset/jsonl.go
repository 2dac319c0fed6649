package dataset

import (
	"bytes"
	"io"

	"github.com/sfnx/sfnx/internal/value"
)

// jsonLines reads a JSON Lines file: each line is an item, blank lines are none.
type jsonLines struct {
	body  io.Closer
	lines *lines
	name  string
}

func newJSONLines(body io.ReadCloser, name string) source {
	return &jsonLines{body, newLines(body, name), name}
}

func (j *jsonLines) Close() error { return j.body.Close() }

func (j *jsonLines) next() (Item, error) {
	for {
		line, err := j.lines.next()
		if err != nil {
			return Item{}, err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		v, err := value.Parse(string(line))
		if err != nil {
			return Item{}, readerFailed("%s, line %d: %v", j.name, j.lines.n, err)
		}
		return Item{Value: v, Source: j.name}, nil
	}
}
