package dataset

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/sfnx/sfnx/internal/value"
)

// manifest opens a file that names the files with the items.
func (r *reader) manifest(bucket, key string) (source, error) {
	if r.config.ManifestType == "ATHENA_DATA" {
		return r.athena(bucket, key)
	}
	if t := r.config.InputType; t != "" && t != "MANIFEST" {
		return nil, fmt.Errorf("ReaderConfig.InputType %s cannot stand with the ManifestType S3_INVENTORY", t)
	}
	return r.inventory(bucket, key)
}

// athena reads the files that the UNLOAD of Athena lists: one s3://bucket/key on each line.
func (r *reader) athena(bucket, key string) (source, error) {
	if t := r.config.InputType; t != "PARQUET" {
		if err := oneOf("InputType", t, "CSV", "JSONL"); err != nil {
			return nil, fmt.Errorf("for the ManifestType ATHENA_DATA, %w", err)
		}
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	body, err := get(r.store, bucket, key)
	if err != nil {
		return nil, err
	}
	list := newLines(body, uri(bucket, key))
	return &files{list: body, more: func() (source, error) {
		for {
			line, err := list.next()
			if err != nil {
				return nil, err
			}
			line = bytes.TrimSpace(line)
			if len(line) == 0 {
				continue
			}
			bucket, key, ok := cutURI(string(line))
			if !ok {
				return nil, readerFailed("%s, line %d: want s3://bucket/key, got %q", list.name, list.n, line)
			}
			return r.file(bucket, key)
		}
	}}, nil
}

// cutURI takes s3://bucket/key apart.
func cutURI(text string) (bucket, key string, ok bool) {
	text = strings.Trim(text, `"`)
	const scheme = "s3://"
	if len(text) < len(scheme) || !strings.EqualFold(text[:len(scheme)], scheme) {
		return "", "", false
	}
	bucket, key, ok = strings.Cut(text[len(scheme):], "/")
	return bucket, key, ok && bucket != "" && key != ""
}

// inventory reads the CSV files of an S3 Inventory report; their columns are the fileSchema of its manifest.json.
func (r *reader) inventory(bucket, key string) (source, error) {
	name := uri(bucket, key)
	m, err := r.whole(bucket, key)
	if err != nil {
		return nil, err
	}
	if format := text(m, "fileFormat"); format != "CSV" {
		return nil, readerFailed("%s is no manifest of an S3 Inventory in CSV: its fileFormat is %q", name, format)
	}
	columns := strings.Split(text(m, "fileSchema"), ",")
	for i, c := range columns {
		columns[i] = strings.TrimSpace(c)
	}
	h, err := newHeader(columns)
	if err != nil {
		return nil, err
	}
	arn := text(m, "destinationBucket")
	destination := arn[strings.LastIndex(arn, ":")+1:]
	if destination == "" {
		return nil, readerFailed("%s has no destinationBucket", name)
	}
	list, _ := m.Get("files")
	left := list.Items()
	return &files{more: func() (source, error) {
		if len(left) == 0 {
			return nil, io.EOF
		}
		key := text(left[0], "key")
		left = left[1:]
		body, err := get(r.store, destination, key)
		if err != nil {
			return nil, err
		}
		return newRows(body, uri(destination, key), ',', h)
	}}, nil
}

// whole reads a JSON file at once.
func (r *reader) whole(bucket, key string) (value.Value, error) {
	body, err := get(r.store, bucket, key)
	if err != nil {
		return value.Value{}, err
	}
	data, err := io.ReadAll(io.LimitReader(body, maxItemBytes+1))
	if err != nil {
		return value.Value{}, closing(body, fmt.Errorf("read %s: %w", uri(bucket, key), err))
	}
	if err := body.Close(); err != nil {
		return value.Value{}, fmt.Errorf("read %s: %w", uri(bucket, key), err)
	}
	if len(data) > maxItemBytes {
		return value.Value{}, readerFailed("%s is larger than %d bytes", uri(bucket, key), maxItemBytes)
	}
	v, err := value.Parse(string(data))
	if err != nil {
		return value.Value{}, readerFailed("%s: %v", uri(bucket, key), err)
	}
	return v, nil
}

func text(v value.Value, member string) string {
	m, _ := v.Get(member)
	return m.Str()
}
