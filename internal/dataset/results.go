package dataset

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/sfnx/sfnx/internal/value"
)

// Destination is a ResultWriter with a Resource, its paths and templates evaluated.
type Destination struct {
	MapRunArn      string
	Bucket         string
	Prefix         string // empty: none
	Transformation string // NONE (or empty), COMPACT or FLATTEN
	OutputType     string // JSON (or empty) or JSONL; the files end in .json either way
	MaxFileBytes   int64  // when to begin another file; 0: 5 GB
}

// mostFileBytes is where AWS begins another file.
const mostFileBytes = 5 << 30

// layout is what stands around the results in a file. start is as long as between.
type layout struct{ start, between, after, end string }

var layouts = map[string]layout{
	"":      {"[", ",", "", "]"},
	"JSON":  {"[", ",", "", "]"},
	"JSONL": {"", "", "\n", ""},
}

// ResultWriter writes the results of the children of a Map Run into the files SUCCEEDED_n.json, FAILED_n.json and
// PENDING_n.json, each child as it comes.
type ResultWriter struct {
	sink   Sink
	to     Destination
	layout layout
	folder string // with its final slash
	groups [3]group
}

// group is the files of one kind.
type group struct {
	name    string
	files   []value.Value // {"Key": ..., "Size": ...} of those that are done
	current io.WriteCloser
	out     *bufio.Writer
	key     string
	size    int64
}

// NewResultWriter prepares to write; a file is made when its first result comes.
func NewResultWriter(sink Sink, to Destination) (*ResultWriter, error) {
	if t := to.Transformation; t != "" && t != "NONE" && t != "COMPACT" && t != "FLATTEN" {
		return nil, fmt.Errorf("WriterConfig.Transformation is %q, want one of NONE, COMPACT, FLATTEN", t)
	}
	layout, ok := layouts[to.OutputType]
	if !ok {
		return nil, fmt.Errorf("WriterConfig.OutputType is %q, want one of JSON, JSONL", to.OutputType)
	}
	to.MaxFileBytes = cmp.Or(to.MaxFileBytes, mostFileBytes)
	folder := to.MapRunArn[strings.LastIndex(to.MapRunArn, ":")+1:] + "/"
	if prefix := strings.TrimSuffix(to.Prefix, "/"); prefix != "" {
		folder = prefix + "/" + folder
	}
	return &ResultWriter{sink: sink, to: to, layout: layout, folder: folder, groups: [3]group{{name: "FAILED"}, {name: "PENDING"}, {name: "SUCCEEDED"}}}, nil
}

// Add writes the results of one child. The error is an *Error if the Map state fails with it.
func (w *ResultWriter) Add(c *Child) error {
	g := &w.groups[0] // timed out and aborted ones too
	switch c.Status {
	case "PENDING":
		g = &w.groups[1]
	case "SUCCEEDED":
		g = &w.groups[2]
	}
	for _, v := range c.Results(w.to.Transformation) {
		if err := w.write(g, v); err != nil {
			return err
		}
	}
	return nil
}

// write appends one result to the file of a group, or to a new one if it would grow too large.
func (w *ResultWriter) write(g *group, v value.Value) error {
	size := int64(v.Size() + len(w.layout.between) + len(w.layout.after))
	if g.current != nil && g.size+size+int64(len(w.layout.end)) > w.to.MaxFileBytes {
		if err := w.finish(g); err != nil {
			return err
		}
	}
	before := w.layout.between
	if g.current == nil {
		g.key = w.folder + g.name + "_" + strconv.Itoa(len(g.files)) + ".json"
		file, err := w.sink.Create(w.to.Bucket, g.key)
		if err != nil {
			return notFoundAs(ResultWriterFailed, err)
		}
		g.current, g.out, g.size = file, bufio.NewWriterSize(file, 64<<10), 0
		before = w.layout.start
	}
	g.size += size
	_, _ = g.out.WriteString(before) // the first error is kept, and given by the last call
	_, _ = g.out.Write(v.AppendJSON(g.out.AvailableBuffer()))
	if _, err := g.out.WriteString(w.layout.after); err != nil {
		return fmt.Errorf("write %s: %w", uri(w.to.Bucket, g.key), err)
	}
	return nil
}

// finish closes the file of a group.
func (w *ResultWriter) finish(g *group) error {
	_, _ = g.out.WriteString(w.layout.end) // Flush reports its error
	err := errors.Join(g.out.Flush(), g.current.Close())
	g.current = nil
	if err != nil {
		return fmt.Errorf("write %s: %w", uri(w.to.Bucket, g.key), err)
	}
	size := g.size + int64(len(w.layout.end))
	g.files = append(g.files, value.Object(value.Member{Key: "Key", Value: value.String(g.key)}, value.Member{Key: "Size", Value: value.Int(size)}))
	return nil
}

// Close ends the files and writes manifest.json. Its result is what the Map state gets:
// {"MapRunArn": ..., "ResultWriterDetails": {"Bucket": ..., "Key": ...}}, the key that of the manifest.
func (w *ResultWriter) Close() (result value.Value, err error) {
	var files []value.Member
	for i := range w.groups {
		g := &w.groups[i]
		if g.current != nil {
			if err := w.finish(g); err != nil {
				return value.Value{}, errors.Join(err, w.Abort())
			}
		}
		files = append(files, value.Member{Key: g.name, Value: value.Array(g.files...)})
	}
	run, key := value.String(w.to.MapRunArn), w.folder+"manifest.json"
	manifest := value.Object(
		value.Member{Key: "DestinationBucket", Value: value.String(w.to.Bucket)},
		value.Member{Key: "MapRunArn", Value: run},
		value.Member{Key: "ResultFiles", Value: value.Object(files...)},
	)
	file, err := w.sink.Create(w.to.Bucket, key)
	if err != nil {
		return value.Value{}, notFoundAs(ResultWriterFailed, err)
	}
	if _, err := file.Write(manifest.AppendJSON(nil)); err != nil {
		return value.Value{}, closing(file, fmt.Errorf("write %s: %w", uri(w.to.Bucket, key), err))
	}
	if err := file.Close(); err != nil {
		return value.Value{}, fmt.Errorf("write %s: %w", uri(w.to.Bucket, key), err)
	}
	return value.Object(
		value.Member{Key: "MapRunArn", Value: run},
		value.Member{Key: "ResultWriterDetails", Value: value.Object(
			value.Member{Key: "Bucket", Value: value.String(w.to.Bucket)},
			value.Member{Key: "Key", Value: value.String(key)},
		)},
	), nil
}

// Abort closes the files as they are, without a manifest.
func (w *ResultWriter) Abort() error {
	var err error
	for i := range w.groups {
		if g := &w.groups[i]; g.current != nil {
			err = errors.Join(err, g.current.Close())
			g.current = nil
		}
	}
	return err
}
