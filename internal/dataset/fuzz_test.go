package dataset_test

import (
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/sfnx/sfnx/internal/dataset"
	"github.com/sfnx/sfnx/internal/value"
)

// collect reads a text; ok is false if the state fails.
func collect(t *testing.T, text string, slow bool, c dataset.ReaderConfig) (values []value.Value, ok bool) {
	t.Helper()
	store := &watched{text: strings.NewReader(text)}
	if slow {
		store.text = iotest.OneByteReader(store.text)
	}
	items, err := dataset.Open(store, dataset.Spec{Resource: "arn:aws:states:::s3:getObject", Location: dataset.Location{Bucket: "b", Key: "k"}, ReaderConfig: c})
	for more := err == nil; more; {
		var item dataset.Item
		if item, more, err = items.Next(); more {
			values = append(values, item.Value)
		}
	}
	var failed *dataset.Error
	if err != nil && !errors.As(err, &failed) {
		t.Fatalf("%q: the error is no *Error: %v", text, err)
	}
	if store.open != 0 {
		t.Fatalf("%q: %d files are left open", text, store.open)
	}
	return values, err == nil
}

func sameHoweverItIsRead(t *testing.T, text string, c dataset.ReaderConfig) (values []value.Value, ok bool) {
	t.Helper()
	values, ok = collect(t, text, false, c)
	again, okAgain := collect(t, text, true, c)
	if ok != okAgain || !slices.EqualFunc(values, again, func(a, b value.Value) bool { return a.JSON() == b.JSON() }) {
		t.Fatalf("%q: read in one piece %v, %v; byte by byte %v, %v", text, values, ok, again, okAgain)
	}
	return values, ok
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"", "a,b\n1,2\n", "a\r\n\"1\r\n\"\"2\"\r", ",\n,,,\n", "a\n\"", "a\\,b\n\\\"x\\\"", "a,\"b\"c\"d\n 'x' ,  \"y\"", "\xff,b\n\xc3\x28", "a\n\xc3,\x9b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		values, ok := sameHoweverItIsRead(t, text, csvConfig)
		for _, v := range values {
			for i := range v.Len() {
				if _, cell := v.Member(i); cell.Kind() != value.StringKind || !utf8.ValidString(cell.Str()) {
					t.Fatalf("%q: the cell %v", text, cell)
				}
			}
		}
		if strings.ContainsAny(text, "\"\\\r") || strings.Contains("\n"+text, "\n\n") || !utf8.ValidString(text) {
			return // where the rules are AWS's own
		}
		r := csv.NewReader(strings.NewReader(text))
		r.FieldsPerRecord = -1
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if len(rows) == 0 {
			return
		}
		header := rows[0]
		distinct := slices.Clone(header)
		slices.Sort(distinct)
		if distinct = slices.Compact(distinct); ok != (len(distinct) == len(header)) || ok && len(values) != len(rows)-1 {
			t.Fatalf("%q: got %v, %v", text, values, ok)
		}
		for i, v := range values {
			for column, name := range header {
				want := ""
				if column < len(rows[i+1]) {
					want = rows[i+1][column]
				}
				if cell, _ := v.Get(name); cell.Str() != want {
					t.Fatalf("%q: column %q of row %d is %q, want %q", text, name, i, cell.Str(), want)
				}
			}
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, seed := range []string{"", "[]", "[1,[2],{\"a\":null}]", "{\"a\":1}", "[1] 2", "[1,", "\"\\ud800\"", "[\"\\ud800\",\"\xff\"]", "[01]", " [1e999 ]\n", "[[[[[[", "[1 2]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		values, ok := sameHoweverItIsRead(t, text, jsonConfig)
		whole, err := value.Parse(text)
		if ok && err != nil || !ok && err == nil && whole.Kind() == value.ArrayKind {
			t.Fatalf("%q: ok is %v, Parse says %v", text, ok, err)
		}
		if ok && value.Array(values...).JSON() != whole.JSON() {
			t.Fatalf("%q: got %v, want %v", text, values, whole)
		}
	})
}

func FuzzJSONL(f *testing.F) {
	for _, seed := range []string{"", "1\n2", "\n \n{\"a\": 1}\r\n[2]\r3", "{", "\"\xff\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		values, ok := sameHoweverItIsRead(t, text, jsonlConfig)
		var want []string
		good := true
		for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
			if strings.TrimSpace(line) == "" {
				continue
			}
			v, err := value.Parse(line)
			if good = err == nil; !good {
				break
			}
			want = append(want, v.JSON())
		}
		if ok != good || !slices.EqualFunc(values, want, func(v value.Value, text string) bool { return v.JSON() == text }) {
			t.Fatalf("%q: got %v, %v, want %v, %v", text, values, ok, want, good)
		}
	})
}

func FuzzItemsPointer(f *testing.F) {
	f.Add(`{"a": [[1], {"b/": [2, 3]}], "a": 4}`, "/a/1/b~1")
	f.Add(`[[1]]`, "/0")
	f.Add(`{"": {"": []}}`, "//")
	f.Add(`{"a": {"a": 1}}`, "/a/a/a")
	f.Fuzz(func(t *testing.T, text, pointer string) {
		if !strings.HasPrefix(pointer, "/") {
			return
		}
		sameHoweverItIsRead(t, text, dataset.ReaderConfig{InputType: "JSON", ItemsPointer: pointer, KeyValueItems: true})
	})
}
