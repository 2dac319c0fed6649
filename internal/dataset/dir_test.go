package dataset_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/internal/dataset"
)

// openDir makes a directory that stands for S3, with the files given as path and text.
func openDir(t *testing.T, files ...string) (dir *dataset.Dir, name string) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "s3")
	for i := 0; i < len(files); i += 2 {
		file := filepath.Join(name, filepath.FromSlash(files[i]))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	dir, err := dataset.OpenDir(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dir.Close() })
	return dir, name
}

func readAll(t *testing.T, dir *dataset.Dir, bucket, key string) string {
	t.Helper()
	body, err := dir.Get(bucket, key)
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	data, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestDirListsFilesInTheOrderOfTheirKeys(t *testing.T) {
	dir, name := openDir(t, "b/in/z.txt", "zz", "b/in.txt", "", "b/in/a/deep.txt", "x", "b/other", "", "c/in/no", "")
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	if err := os.Chtimes(filepath.Join(name, "b/in/z.txt"), at, at); err != nil {
		t.Fatal(err)
	}
	for prefix, want := range map[string]string{
		"":        "in.txt in/a/deep.txt in/z.txt other",
		"in":      "in.txt in/a/deep.txt in/z.txt",
		"in/":     "in/a/deep.txt in/z.txt",
		"in/a/d":  "in/a/deep.txt",
		"in/no/x": "",
	} {
		objects, err := dir.List("b", prefix)
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, o := range objects {
			keys = append(keys, o.Key)
			if o.Key == "in/z.txt" && (o.Size != 2 || !o.LastModified.Equal(at) || o.StorageClass != "STANDARD") {
				t.Errorf("got %+v", o)
			}
		}
		if got := strings.Join(keys, " "); got != want {
			t.Errorf("prefix %q: got %s, want %s", prefix, got, want)
		}
	}
}

func TestDirHasNoSuchObject(t *testing.T) {
	dir, _ := openDir(t, "b/folder/file", "")
	for _, c := range []struct{ bucket, key, code string }{
		{"b", "missing", "NoSuchKey"},
		{"b", "folder", "NoSuchKey"},
		{"c", "file", "NoSuchBucket"},
	} {
		_, err := dir.Get(c.bucket, c.key)
		var missing *dataset.NotFoundError
		if !errors.As(err, &missing) || missing.Code != c.code || missing.Bucket != c.bucket {
			t.Errorf("Get(%q, %q): got %v, want %s", c.bucket, c.key, err, c.code)
		}
	}
	if _, err := dir.Create("c", "x"); err == nil {
		t.Error("Create made an object in a bucket that is not there")
	}
	if _, err := dir.List("c", ""); err == nil {
		t.Error("List listed a bucket that is not there")
	}
}

func TestDirRefusesWhatLiesOutside(t *testing.T) {
	dir, name := openDir(t, "b/file", "")
	secret := filepath.Join(filepath.Dir(name), "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(name, "b", "link")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	for _, c := range []struct{ bucket, key string }{
		{"b", "../../secret"}, {"b", "../b/file"}, {"b", "/file"}, {"b", "./file"}, {"b", "a//file"}, {"b", ""}, {"b", "."},
		{"..", "secret"}, {".", "b/file"}, {"", "b/file"}, {"b/..", "b/file"}, {"b", "link"},
	} {
		if body, err := dir.Get(c.bucket, c.key); err == nil {
			_ = body.Close()
			t.Errorf("Get(%q, %q) opened a file", c.bucket, c.key)
		}
		if c.key == "link" {
			continue
		}
		if file, err := dir.Create(c.bucket, c.key); err == nil {
			_ = file.Close()
			t.Errorf("Create(%q, %q) made a file", c.bucket, c.key)
		}
	}
	for _, prefix := range []string{"../", "../../", "/"} {
		if objects, err := dir.List("b", prefix); err == nil && len(objects) > 0 {
			t.Errorf("List(%q) lists %v", prefix, objects)
		}
	}
	if objects, err := dir.List("b", ""); err != nil || len(objects) != 1 {
		t.Errorf("a link is listed: %v, %v", objects, err)
	}
}

func TestOpenDirNeedsADirectory(t *testing.T) {
	if _, err := dataset.OpenDir(filepath.Join(t.TempDir(), "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestPackedFiles(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write([]byte("n\n1\n2\n"))
	_ = w.Close()
	dir, _ := openDir(t, "b/n.csv.gz", packed.String(), "b/cut.csv.gz", packed.String()[:packed.Len()-4])
	for key, want := range map[string]string{
		"n.csv.gz":   "S3://b/n.csv.gz {\"n\":\"1\"}\nS3://b/n.csv.gz {\"n\":\"2\"}\n",
		"cut.csv.gz": "refused: read S3://b/cut.csv.gz: unexpected EOF\n",
	} {
		items, err := dataset.Open(dir, dataset.Spec{
			Resource:     "arn:aws:states:::s3:getObject",
			Location:     dataset.Location{Bucket: "b", Key: key},
			ReaderConfig: dataset.ReaderConfig{InputType: "CSV", CSVHeaderLocation: "FIRST_ROW"},
		})
		got := ""
		if err != nil {
			got = failure(err)
		} else {
			got = drain(items)
		}
		if !strings.HasSuffix(got, want) {
			t.Errorf("%s: got\n%s\nwant\n%s", key, got, want)
		}
	}
}
