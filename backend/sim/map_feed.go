package sim

import (
	"errors"

	"github.com/sfnx/sfnx/internal/dataset"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/value"
)

// feed gives the inputs of a Map Run's child executions: items, selected and batched.
type feed struct {
	run     *mapRun
	items   *dataset.Items   // nil if the items are in the state's input
	count   int              // items read
	batches *dataset.Batches // nil: one item an execution
	over    bool
}

func (r *Region) openFeed(run *mapRun) (*feed, error) {
	f := &feed{run: run}
	if run.Map.Distributed.ItemBatcher != nil {
		f.batches = dataset.Batcher{MaxItemsPerBatch: run.BatchItems, MaxInputBytesPerBatch: run.BatchBytes, BatchInput: run.BatchInput}.Over(f.item)
	}
	reader := run.Map.Distributed.ItemReader
	if reader == nil {
		return f, nil
	}
	if r.config.Store == nil {
		return nil, errors.New("its ItemReader reads from S3, and nothing stands for S3 here: name a directory with --s3")
	}
	location, err := dataset.Locate(reader.Resource, run.Reader)
	if err != nil {
		return nil, err
	}
	c := reader.Config
	f.items, err = dataset.Open(r.config.Store, dataset.Spec{Resource: reader.Resource, Location: location, ReaderConfig: dataset.ReaderConfig{
		InputType: c.InputType, Transformation: c.Transformation, ManifestType: c.ManifestType, CSVHeaderLocation: c.CSVHeaderLocation,
		CSVHeaders: c.CSVHeaders, CSVDelimiter: c.CSVDelimiter, ItemsPointer: c.ItemsPointer, MaxItems: run.MaxItems,
	}})
	return f, err
}

// total is the number of child executions that there will be, once that is known.
func (f *feed) total() (int, bool) {
	if f.over {
		return f.run.started, true
	}
	if f.items == nil && f.batches == nil {
		return len(f.run.Items), true
	}
	return 0, false
}

// item is the next item as ItemSelector makes it.
func (f *feed) item() (v value.Value, ok bool, err error) {
	var next interp.Item
	if f.items == nil {
		if f.count == len(f.run.Items) {
			return v, false, nil
		}
		next.Value = f.run.Items[f.count]
	} else {
		read, ok, err := f.items.Next()
		if !ok || err != nil {
			return v, false, err
		}
		next = interp.Item{Value: read.Value, Key: read.Key, Source: read.Source}
	}
	f.count++
	v, err = f.run.parent.engine.SelectItem(f.run.Run, f.count-1, next)
	if err != nil {
		return v, false, &itemRefusedError{err}
	}
	return v, true, nil
}

// next is the input of the next child execution: an item, or a batch of them.
func (f *feed) next() (input value.Value, ok bool, err error) {
	if f.batches == nil {
		input, ok, err = f.item()
	} else {
		var n int
		input, n, err = f.batches.Next()
		ok = n > 0
	}
	f.over = f.over || !ok
	return input, ok, err
}

func (f *feed) close() {
	if f.items != nil {
		_ = f.items.Close() // a file that was only read
	}
}
