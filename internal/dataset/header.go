package dataset

import (
	"cmp"
	"slices"
	"unicode/utf16"

	"github.com/sfnx/sfnx/internal/value"
)

// header is the first row of a CSV file, or its CSVHeaders.
type header struct {
	shape   *value.Shape
	columns []int // of the shape's names
}

// newHeader puts the columns in the order in which AWS writes them: that of a java.util.HashMap, as recorded and as
// every example of its guide shows (userId,movieId,rating,timestamp becomes rating, movieId, userId, timestamp).
func newHeader(names []string) (*header, error) {
	seen := make(map[string]bool, len(names))
	for _, name := range names {
		if seen[name] {
			return nil, &Error{Name: ItemReaderFailed, Cause: causeDuplicateHeaders}
		}
		seen[name] = true
	}
	buckets := 16
	for len(names) > buckets/4*3 {
		buckets *= 2
	}
	columns := make([]int, len(names))
	for i := range columns {
		columns[i] = i
	}
	slices.SortStableFunc(columns, func(a, b int) int {
		return cmp.Compare(bucket(names[a], buckets), bucket(names[b], buckets))
	})
	keys := make([]string, len(names))
	for i, column := range columns {
		keys[i] = names[column]
	}
	return &header{value.NewShape(keys), columns}, nil
}

// object is a row: missing cells are empty, surplus ones are dropped (recorded).
func (h *header) object(cells []string) value.Value {
	vals := make([]value.Value, len(h.columns))
	for i, column := range h.columns {
		cell := ""
		if column < len(cells) {
			cell = cells[column]
		}
		vals[i] = value.String(cell)
	}
	return value.ObjectOf(h.shape, vals)
}

// bucket is where a HashMap of that many buckets keeps a key.
func bucket(key string, buckets int) int {
	var hash uint32
	for _, unit := range utf16.Encode([]rune(key)) {
		hash = hash*31 + uint32(unit)
	}
	return int(hash^hash>>16) & (buckets - 1)
}
