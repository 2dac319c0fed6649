package dataset_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/internal/dataset"
	"github.com/sfnx/sfnx/internal/value"
)

func parse(t testing.TB, text string) value.Value {
	t.Helper()
	v, err := value.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// each gives values one by one.
func each(values []value.Value) func() (value.Value, bool, error) {
	return func() (v value.Value, ok bool, err error) {
		if len(values) == 0 {
			return value.Value{}, false, nil
		}
		v, values = values[0], values[1:]
		return v, true, nil
	}
}

func TestBatches(t *testing.T) {
	large := `"` + strings.Repeat("x", 200_000) + `"`
	for _, c := range []struct {
		name    string
		batcher dataset.Batcher
		items   string
		want    []string
	}{
		{"nothing", dataset.Batcher{MaxItemsPerBatch: 2}, `[]`, nil},
		{"by number", dataset.Batcher{MaxItemsPerBatch: 2}, `[1,2,3]`, []string{`{"Items":[1,2]}`, `{"Items":[3]}`}},
		{"a full last batch", dataset.Batcher{MaxItemsPerBatch: 2}, `[1,2]`, []string{`{"Items":[1,2]}`}},
		{"by size", dataset.Batcher{MaxInputBytesPerBatch: 17}, `["a","b","c"]`, []string{`{"Items":["a"]}`, `{"Items":["b"]}`, `{"Items":["c"]}`}},
		{"by size, exactly", dataset.Batcher{MaxInputBytesPerBatch: 19}, `["a","b","c"]`, []string{`{"Items":["a","b"]}`, `{"Items":["c"]}`}},
		{"the smaller limit counts", dataset.Batcher{MaxItemsPerBatch: 3, MaxInputBytesPerBatch: 19}, `["a","b","c","d"]`, []string{`{"Items":["a","b"]}`, `{"Items":["c","d"]}`}},
		{"with BatchInput", dataset.Batcher{MaxItemsPerBatch: 2, BatchInput: parse(t, `{"z":1,"a":2}`)}, `[1,2,3]`,
			[]string{`{"BatchInput":{"z":1,"a":2},"Items":[1,2]}`, `{"BatchInput":{"z":1,"a":2},"Items":[3]}`}},
		{"BatchInput counts", dataset.Batcher{MaxInputBytesPerBatch: 34, BatchInput: parse(t, `null`)}, `[1,2]`,
			[]string{`{"BatchInput":null,"Items":[1,2]}`}},
		{"BatchInput counts, one byte less", dataset.Batcher{MaxInputBytesPerBatch: 32, BatchInput: parse(t, `null`)}, `[1,2]`,
			[]string{`{"BatchInput":null,"Items":[1]}`, `{"BatchInput":null,"Items":[2]}`}},
		{"larger than the limit", dataset.Batcher{MaxInputBytesPerBatch: 20}, `[1,"` + strings.Repeat("x", 30) + `",2]`,
			[]string{`{"Items":[1]}`, `{"Items":["` + strings.Repeat("x", 30) + `"]}`, `{"Items":[2]}`}},
		{"never more than an input may have", dataset.Batcher{MaxItemsPerBatch: 9, MaxInputBytesPerBatch: 1 << 40}, `[` + large + `,` + large + `]`,
			[]string{`{"Items":[` + large + `]}`, `{"Items":[` + large + `]}`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			batches := c.batcher.Over(each(parse(t, c.items).Items()))
			var got []string
			total := 0
			for {
				input, n, err := batches.Next()
				if err != nil {
					t.Fatal(err)
				}
				if n == 0 {
					break
				}
				total += n
				got = append(got, input.JSON())
			}
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got\n%.300s\nwant\n%.300s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			if want := parse(t, c.items).Len(); total != want {
				t.Errorf("%d items are in batches, want %d", total, want)
			}
		})
	}
}

func TestBatchesPassErrorsOn(t *testing.T) {
	broken := errors.New("broken")
	batches := dataset.Batcher{MaxItemsPerBatch: 2}.Over(func() (value.Value, bool, error) { return value.Value{}, false, broken })
	if _, _, err := batches.Next(); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
