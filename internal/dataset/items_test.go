package dataset_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/internal/dataset"
)

// watched is a store of one object, and counts what is read and left open.
type watched struct {
	text io.Reader
	read int
	open int
}

func (w *watched) Get(string, string) (io.ReadCloser, error) {
	w.open++
	return w, nil
}

func (w *watched) List(string, string) ([]dataset.Object, error) {
	return []dataset.Object{{Bucket: "b", Key: "k", ETag: `"given"`}}, nil
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.text.Read(p)
	w.read += n
	return n, err
}

func (w *watched) Close() error {
	w.open--
	return nil
}

// endless repeats a text.
type endless struct {
	text string
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.text[e.at%len(e.text)]
		e.at++
	}
	return len(p), nil
}

func open(t *testing.T, store dataset.Store, c dataset.ReaderConfig) *dataset.Items {
	t.Helper()
	items, err := dataset.Open(store, dataset.Spec{Resource: "arn:aws:states:::s3:getObject", Location: dataset.Location{Bucket: "b", Key: "k"}, ReaderConfig: c})
	if err != nil {
		t.Fatal(err)
	}
	return items
}

var (
	csvConfig   = dataset.ReaderConfig{InputType: "CSV", CSVHeaderLocation: "FIRST_ROW"}
	jsonConfig  = dataset.ReaderConfig{InputType: "JSON"}
	jsonlConfig = dataset.ReaderConfig{InputType: "JSONL"}
)

func TestFilesAreReadAsTheyAreAskedFor(t *testing.T) {
	for _, c := range []struct {
		name   string
		start  string
		repeat string
		config dataset.ReaderConfig
	}{
		{"CSV", "a,b\n", "1,2\n", csvConfig},
		{"JSON Lines", "", "{\"a\": 1}\n", jsonlConfig},
		{"JSON", "[0", ", {\"a\": 1}", jsonConfig},
		{"JSON behind much else", `{"skipped": [` + strings.Repeat("[1, 2, 3],\n", 1<<20) + `0], "items": [0`, ", 1", dataset.ReaderConfig{InputType: "JSON", ItemsPointer: "/items"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := &watched{text: io.MultiReader(strings.NewReader(c.start), &endless{text: c.repeat})}
			items := open(t, store, c.config)
			for range 1000 {
				if _, ok, err := items.Next(); !ok || err != nil {
					t.Fatalf("no item: %v", err)
				}
			}
			if ahead := store.read - len(c.start); ahead > 256<<10 {
				t.Errorf("%d bytes were read for 1000 small items", ahead)
			}
			if err := items.Close(); err != nil || store.open != 0 {
				t.Errorf("%d files are left open: %v", store.open, err)
			}
			if _, ok, err := items.Next(); ok || err != nil {
				t.Errorf("after Close: %v, %v", ok, err)
			}
		})
	}
}

func TestAnItemThatIsTooLargeFailsTheState(t *testing.T) {
	for name, c := range map[string]struct {
		text   io.Reader
		config dataset.ReaderConfig
	}{
		"a line of CSV":           {io.MultiReader(strings.NewReader("a\n"), &endless{text: "x"}), csvConfig},
		"a quoted field":          {io.MultiReader(strings.NewReader("a\n\""), &endless{text: "x\n"}), csvConfig},
		"a line of JSON":          {&endless{text: "["}, jsonlConfig},
		"an element":              {io.MultiReader(strings.NewReader(`["`), &endless{text: "x"}), jsonConfig},
		"a name":                  {io.MultiReader(strings.NewReader(`{"`), &endless{text: "x"}), dataset.ReaderConfig{InputType: "JSON", ItemsPointer: "/a"}},
		"blanks without an end":   {&endless{text: " "}, jsonConfig},
		"an element of 9,000,000": {strings.NewReader(`["` + strings.Repeat("x", 9_000_000) + `"]`), jsonConfig},
	} {
		t.Run(name, func(t *testing.T) {
			store := &watched{text: c.text}
			items, err := dataset.Open(store, dataset.Spec{Resource: "arn:aws:states:::s3:getObject", Location: dataset.Location{Bucket: "b", Key: "k"}, ReaderConfig: c.config})
			if err == nil {
				_, _, err = items.Next()
			}
			var failed *dataset.Error
			if !errors.As(err, &failed) || failed.Name != dataset.ItemReaderFailed || !strings.Contains(failed.Cause, "S3://b/k is larger than 8388608 bytes") {
				t.Errorf("got %v", err)
			}
			if store.read > 40<<20 || store.open != 0 {
				t.Errorf("%d bytes were read, %d files are left open", store.read, store.open)
			}
		})
	}
}

func TestFailuresOfTheStoreAreNoneOfTheState(t *testing.T) {
	broken := errors.New("the disk is gone")
	for name, c := range map[string]struct {
		text   string
		config dataset.ReaderConfig
	}{"CSV": {"a\n1\n2", csvConfig}, "JSON": {"[1", jsonConfig}, "JSON Lines": {"1\n2", jsonlConfig}} {
		t.Run(name, func(t *testing.T) {
			store := &watched{text: io.MultiReader(strings.NewReader(c.text), failing{broken})}
			items := open(t, store, c.config)
			var err error
			for ok := true; ok; {
				_, ok, err = items.Next()
			}
			var failed *dataset.Error
			if !errors.Is(err, broken) || errors.As(err, &failed) || !strings.Contains(err.Error(), "S3://b/k") || store.open != 0 {
				t.Errorf("got %v, %d files are left open", err, store.open)
			}
		})
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestListingTakesTheETagOfTheStore(t *testing.T) {
	store := &watched{}
	items, err := dataset.Open(store, dataset.Spec{Resource: "arn:aws-cn:states:::s3:listObjectsV2", Location: dataset.Location{Bucket: "b"}})
	if err != nil {
		t.Fatal(err)
	}
	item, _, err := items.Next()
	if etag, _ := item.Value.Get("Etag"); err != nil || etag.Str() != `"given"` || store.read != 0 {
		t.Errorf("got %v, %v", item.Value, err)
	}
}

func TestInvalidTextIsReplaced(t *testing.T) {
	items := open(t, memory{"b/k": "a,b\n\xff1,2\n"}, csvConfig)
	item, _, err := items.Next()
	if want := `{"a":"�1","b":"2"}`; err != nil || item.Value.JSON() != want {
		t.Errorf("got %v, %v, want %s", item.Value, err, want)
	}
}

func TestLineEnds(t *testing.T) {
	for text, want := range map[string]string{
		"a\r\n1\r\n2": "1 2", "a\n1\n2\n": "1 2", "a\r1\r2\r": "1 2", "a\r\r\n1": " 1", "a\n\n": "",
		"a\n\"1\r\n2\"\n": "1\n2",
		"a\n" + strings.Repeat("x", 70_000) + "\r\n2": strings.Repeat("x", 70_000) + " 2",
	} {
		items := open(t, memory{"b/k": text}, csvConfig)
		var got []string
		for {
			item, ok, err := items.Next()
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				break
			}
			cell, _ := item.Value.Get("a")
			got = append(got, cell.Str())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%.40q: got %.40q, want %.40q", text, got, want)
		}
	}
}
