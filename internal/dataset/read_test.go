package dataset_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/internal/dataset"
	"github.com/sfnx/sfnx/internal/value"
)

var update = flag.Bool("update", false, "write what is read into testdata/read")

// memory is a store of texts by bucket/key.
type memory map[string]string

func (m memory) Get(bucket, key string) (io.ReadCloser, error) {
	text, ok := m[bucket+"/"+key]
	if !ok {
		return nil, &dataset.NotFoundError{Code: "NoSuchKey", Bucket: bucket, Key: key}
	}
	return io.NopCloser(strings.NewReader(text)), nil
}

func (m memory) List(bucket, prefix string) ([]dataset.Object, error) {
	var out []dataset.Object
	for name, text := range m {
		b, key, _ := strings.Cut(name, "/")
		if b == bucket && strings.HasPrefix(key, prefix) {
			out = append(out, dataset.Object{Bucket: b, Key: key, Size: int64(len(text)), StorageClass: "STANDARD", LastModified: time.Date(2026, 9, 12, 3, 17, 2, 9e8, time.UTC)})
		}
	}
	if out == nil {
		return nil, &dataset.NotFoundError{Code: "NoSuchBucket", Bucket: bucket}
	}
	slices.SortFunc(out, func(a, b dataset.Object) int { return strings.Compare(a.Key, b.Key) })
	return out, nil
}

// TestRead runs testdata/read: an ItemReader, the files it finds, and what it reads. Each item is a line of its source
// and its value.
func TestRead(t *testing.T) {
	names, err := filepath.Glob("testdata/read/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			text, want, _ := strings.Cut(string(data), "-- items --\n")
			reader, files := sections(text)
			got := read(t, reader, files)
			if *update {
				if err := os.WriteFile(name, []byte(text+"-- items --\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// sections cuts "-- name --" lines out of a case. What stands before the first is the reader.
func sections(text string) (reader string, files memory) {
	files = memory{}
	name := ""
	for line := range strings.Lines(text) {
		if inner, ok := strings.CutPrefix(line, "-- "); ok && strings.HasSuffix(inner, " --\n") {
			name = strings.TrimSuffix(inner, " --\n")
			files[name] = ""
			continue
		}
		if name == "" {
			reader += line
		} else {
			files[name] += line
		}
	}
	return reader, files
}

func read(t *testing.T, reader string, store dataset.Store) string {
	t.Helper()
	var r struct {
		Resource     string
		Parameters   json.RawMessage
		ReaderConfig dataset.ReaderConfig
	}
	if err := json.Unmarshal([]byte(reader), &r); err != nil {
		t.Fatal(err)
	}
	parameters, err := value.Parse(string(r.Parameters))
	if err != nil {
		t.Fatal(err)
	}
	at, err := dataset.Locate("arn:aws:states:::s3:"+r.Resource, parameters)
	if err != nil {
		return failure(err)
	}
	items, err := dataset.Open(store, dataset.Spec{Resource: "arn:aws:states:::s3:" + r.Resource, Location: at, ReaderConfig: r.ReaderConfig})
	if err != nil {
		return failure(err)
	}
	return drain(items)
}

func drain(items *dataset.Items) string {
	var b strings.Builder
	for {
		item, ok, err := items.Next()
		if err != nil {
			return b.String() + failure(err)
		}
		if !ok {
			return b.String()
		}
		fmt.Fprintln(&b, item.Source, item.Value)
	}
}

func failure(err error) string {
	var failed *dataset.Error
	if errors.As(err, &failed) {
		return fmt.Sprintf("failed: %s: %s\n", failed.Name, failed.Cause)
	}
	return fmt.Sprintf("refused: %v\n", err)
}
