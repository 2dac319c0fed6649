package dataset

import (
	"errors"
	"fmt"
	"io"

	"github.com/sfnx/sfnx/internal/value"
)

// Item is one item of a dataset.
type Item struct {
	Value  value.Value
	Key    string // $$.Map.Item.Key: the member's name, where an object is iterated over
	Source string // $$.Map.Item.Source: S3://bucket/key of the file, S3://bucket for a listing
}

// Items reads the items of a dataset one by one. It belongs to one goroutine.
type Items struct {
	from source
	left int64 // items still to give; below 0 without end
}

// source gives items and then io.EOF.
type source interface {
	next() (Item, error)
	io.Closer
}

// Open starts to read a dataset. The error is an *Error if the Map state fails with it.
func Open(store Store, spec Spec) (*Items, error) {
	if spec.MaxItems < 0 {
		return nil, &Error{Name: ItemReaderFailed, Cause: causeMaxItems}
	}
	r := &reader{store: store, config: spec.ReaderConfig}
	from, err := r.open(spec)
	if err != nil {
		return nil, err
	}
	left := min(spec.MaxItems, mostItems)
	if left == 0 {
		left = -1
	}
	return &Items{from: from, left: left}, nil
}

// Next is the next item; ok is false after the last one. The error is an *Error if the Map state fails with it; nothing
// can be read after one.
func (it *Items) Next() (item Item, ok bool, err error) {
	if it.from == nil {
		return Item{}, false, nil
	}
	if it.left == 0 {
		return Item{}, false, it.Close()
	}
	item, err = it.from.next()
	if errors.Is(err, io.EOF) {
		return Item{}, false, it.Close()
	}
	if err != nil {
		return Item{}, false, closing(it, err)
	}
	it.left--
	return item, true, nil
}

// Close gives up the file that is being read. After the last item and after an error there is none.
func (it *Items) Close() error {
	if it.from == nil {
		return nil
	}
	from := it.from
	it.from = nil
	if err := from.Close(); err != nil {
		return fmt.Errorf("close the dataset: %w", err)
	}
	return nil
}

// reader opens files as one ReaderConfig says.
type reader struct {
	store     Store
	config    ReaderConfig
	delimiter byte
	header    *header // of every CSV file; nil: its own first row
}

func (r *reader) open(spec Spec) (source, error) {
	c := &r.config
	if err := oneOf("Transformation", c.Transformation, "", "NONE", "LOAD_AND_FLATTEN"); err != nil {
		return nil, err
	}
	if err := oneOf("ManifestType", c.ManifestType, "", "S3_INVENTORY", "ATHENA_DATA"); err != nil {
		return nil, err
	}
	switch action(spec.Resource) {
	case "listObjectsV2":
		objects, err := r.list(spec.Location)
		if err != nil {
			return nil, err
		}
		if c.Transformation == "LOAD_AND_FLATTEN" {
			return r.flatten(objects)
		}
		return &listing{store: r.store, objects: objects}, nil
	case "getObject":
		if c.Transformation == "LOAD_AND_FLATTEN" {
			return nil, fmt.Errorf("ReaderConfig.Transformation LOAD_AND_FLATTEN needs s3:listObjectsV2, got %s", spec.Resource)
		}
		if c.ManifestType != "" || c.InputType == "MANIFEST" {
			return r.manifest(spec.Bucket, spec.Key)
		}
		if err := r.check(); err != nil {
			return nil, err
		}
		return r.file(spec.Bucket, spec.Key)
	}
	return nil, unknownResource(spec.Resource)
}

// check finds what is wrong with a configuration before a file is opened.
func (r *reader) check() error {
	c := &r.config
	if c.InputType == "PARQUET" {
		return fmt.Errorf("ReaderConfig.InputType PARQUET is not simulated: keep a CSV, JSON or JSONL copy of the data for the simulator")
	}
	if err := oneOf("InputType", c.InputType, "CSV", "JSON", "JSONL"); err != nil {
		return err
	}
	if c.ItemsPointer != "" && c.InputType != "JSON" {
		return fmt.Errorf("ReaderConfig.ItemsPointer needs the InputType JSON, got %s", c.InputType)
	}
	if c.InputType == "CSV" {
		return r.checkCSV()
	}
	return nil
}

// file opens one file of the InputType.
func (r *reader) file(bucket, key string) (source, error) {
	body, err := get(r.store, bucket, key)
	if err != nil {
		return nil, err
	}
	var from source
	switch name := uri(bucket, key); r.config.InputType {
	case "CSV":
		from, err = newRows(body, name, r.delimiter, r.header)
	case "JSONL":
		from = newJSONLines(body, name)
	default:
		from, err = newElements(body, name, r.config.ItemsPointer, r.config.KeyValueItems)
	}
	if err != nil {
		return nil, closing(body, err)
	}
	return from, nil
}

// files reads one file after the other.
type files struct {
	more    func() (source, error) // io.EOF after the last
	list    io.Closer              // what more reads; may be nil
	current source
}

func (f *files) next() (Item, error) {
	for {
		if f.current == nil {
			from, err := f.more()
			if err != nil {
				return Item{}, err
			}
			f.current = from
		}
		item, err := f.current.next()
		if !errors.Is(err, io.EOF) {
			return item, err
		}
		err, f.current = f.current.Close(), nil
		if err != nil {
			return Item{}, err
		}
	}
}

func (f *files) Close() error {
	var err error
	if f.current != nil {
		err = f.current.Close()
	}
	if f.list != nil {
		err = errors.Join(err, f.list.Close())
	}
	return err
}
