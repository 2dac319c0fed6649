package dataset_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/internal/dataset"
)

func benchmark(b *testing.B, rows int, text string, c dataset.ReaderConfig) {
	b.Helper()
	store := memory{"b/k": text}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		items, err := dataset.Open(store, dataset.Spec{Resource: "arn:aws:states:::s3:getObject", Location: dataset.Location{Bucket: "b", Key: "k"}, ReaderConfig: c})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for ok := true; ok; n++ {
			if _, ok, err = items.Next(); err != nil {
				b.Fatal(err)
			}
		}
		if n-1 != rows {
			b.Fatalf("%d items", n-1)
		}
	}
}

const rows = 100_000

func BenchmarkCSV(b *testing.B) {
	var text strings.Builder
	text.WriteString("id,name,price,comment\n")
	for i := range rows {
		fmt.Fprintf(&text, "%d,item-%d,%d.50,\"in stock, ships today\"\n", i, i, i)
	}
	benchmark(b, rows, text.String(), csvConfig)
}

func BenchmarkJSON(b *testing.B) {
	var text strings.Builder
	text.WriteString("[0")
	for i := range rows - 1 {
		fmt.Fprintf(&text, ",\n{\"id\":%d,\"name\":\"item-%d\",\"price\":%d.50}", i, i, i)
	}
	benchmark(b, rows, text.String()+"]", jsonConfig)
}

func BenchmarkJSONL(b *testing.B) {
	var text strings.Builder
	for i := range rows {
		fmt.Fprintf(&text, "{\"id\":%d,\"name\":\"item-%d\",\"price\":%d.50}\n", i, i, i)
	}
	benchmark(b, rows, text.String(), jsonlConfig)
}

func BenchmarkResultWriter(b *testing.B) {
	c := &dataset.Child{Name: "a", Status: "SUCCEEDED"}
	var err error
	b.ReportAllocs()
	for b.Loop() {
		var w *dataset.ResultWriter
		if w, err = dataset.NewResultWriter(&full{left: 1 << 62}, dataset.Destination{MapRunArn: run, Bucket: "out"}); err != nil {
			b.Fatal(err)
		}
		for range rows {
			if err := w.Add(c); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
