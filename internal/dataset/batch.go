package dataset

import "github.com/sfnx/sfnx/internal/value"

// mostInputBytes is the largest input of a child execution.
const mostInputBytes = 256 << 10

// Batcher is an ItemBatcher whose paths and BatchInput have been evaluated.
type Batcher struct {
	MaxItemsPerBatch      int64       // 0: no limit
	MaxInputBytesPerBatch int64       // of the child's input; 0, or more than that: 262,144
	BatchInput            value.Value // undefined if there is none
}

// Batches groups items into inputs of child executions.
type Batches struct {
	items   func() (item value.Value, ok bool, err error)
	limit   Batcher
	waiting value.Value // the item that did not fit into the last batch
}

// Over batches items, to which ItemSelector has been applied. An item that is larger than the limit by itself is a batch
// by itself.
func (b Batcher) Over(items func() (item value.Value, ok bool, err error)) *Batches {
	if b.MaxInputBytesPerBatch <= 0 || b.MaxInputBytesPerBatch > mostInputBytes {
		b.MaxInputBytesPerBatch = mostInputBytes
	}
	return &Batches{items: items, limit: b}
}

// Next is the input of the next child, {"BatchInput": ..., "Items": [...]}, and how many items are in it: 0 after the last.
func (b *Batches) Next() (input value.Value, items int, err error) {
	var batch []value.Value
	size := b.wrap(nil).Size()
	for n := b.limit.MaxItemsPerBatch; n <= 0 || int64(len(batch)) < n; {
		item := b.waiting
		b.waiting = value.Value{}
		if item.IsUndefined() {
			next, ok, err := b.items()
			if err != nil {
				return value.Value{}, 0, err
			}
			if !ok {
				break
			}
			item = next
		}
		if size += item.Size() + min(len(batch), 1); len(batch) > 0 && int64(size) > b.limit.MaxInputBytesPerBatch {
			b.waiting = item
			break
		}
		batch = append(batch, item)
	}
	if len(batch) == 0 {
		return value.Value{}, 0, nil
	}
	return b.wrap(batch), len(batch), nil
}

func (b *Batches) wrap(items []value.Value) value.Value {
	batch := value.Member{Key: "Items", Value: value.Array(items...)}
	if b.limit.BatchInput.IsUndefined() {
		return value.Object(batch)
	}
	return value.Object(value.Member{Key: "BatchInput", Value: b.limit.BatchInput}, batch)
}
