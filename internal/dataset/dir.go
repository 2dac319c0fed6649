package dataset

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Dir is a directory that stands for S3: a bucket is a folder in it, a key the path of a file below that. Folders are
// no objects, links are not followed out of the directory, and a bucket is there if its folder is.
type Dir struct {
	root *os.Root
}

var (
	_ Store = (*Dir)(nil)
	_ Sink  = (*Dir)(nil)
)

// OpenDir opens the directory.
func OpenDir(name string) (*Dir, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("open the directory that stands for S3: %w", err)
	}
	return &Dir{root}, nil
}

// Close gives the directory back. Objects that are open stay open.
func (d *Dir) Close() error { return d.root.Close() }

// Get opens a file.
func (d *Dir) Get(bucket, key string) (io.ReadCloser, error) {
	name, err := d.file(bucket, key)
	if err != nil {
		return nil, err
	}
	f, err := d.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &NotFoundError{"NoSuchKey", bucket, key}
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", uri(bucket, key), err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, closing(f, fmt.Errorf("read %s: %w", uri(bucket, key), err))
	}
	if info.IsDir() {
		return nil, closing(f, &NotFoundError{"NoSuchKey", bucket, key})
	}
	return f, nil
}

// List finds the files. Their ETags are left to whoever needs them.
func (d *Dir) List(bucket, prefix string) ([]Object, error) {
	if err := d.bucket(bucket); err != nil {
		return nil, err
	}
	folder := path.Join(bucket, prefix[:strings.LastIndex(prefix, "/")+1])
	if !filepath.IsLocal(folder) {
		return nil, outside(bucket, prefix)
	}
	var out []Object
	err := fs.WalkDir(d.root.FS(), folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		key := strings.TrimPrefix(name, bucket+"/")
		if !entry.Type().IsRegular() || !strings.HasPrefix(key, prefix) {
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		out = append(out, Object{Bucket: bucket, Key: key, Size: info.Size(), LastModified: info.ModTime(), StorageClass: "STANDARD"})
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list %s: %w", uri(bucket, prefix), err)
	}
	slices.SortFunc(out, func(a, b Object) int { return strings.Compare(a.Key, b.Key) })
	return out, nil
}

// Create makes a file and the folders above it.
func (d *Dir) Create(bucket, key string) (io.WriteCloser, error) {
	name, err := d.file(bucket, key)
	if err != nil {
		return nil, err
	}
	if err := d.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return nil, fmt.Errorf("write %s: %w", uri(bucket, key), err)
	}
	f, err := d.root.Create(name)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", uri(bucket, key), err)
	}
	return f, nil
}

// file is the path of a key in a bucket that is there.
func (d *Dir) file(bucket, key string) (string, error) {
	if err := d.bucket(bucket); err != nil {
		return "", err
	}
	if !fs.ValidPath(key) || key == "." || !filepath.IsLocal(key) {
		return "", outside(bucket, key)
	}
	return path.Join(bucket, key), nil
}

func (d *Dir) bucket(name string) error {
	if !fs.ValidPath(name) || name == "." || path.Base(name) != name || !filepath.IsLocal(name) {
		return outside(name, "")
	}
	info, err := d.root.Stat(name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return &NotFoundError{Code: "NoSuchBucket", Bucket: name}
	}
	if err != nil {
		return fmt.Errorf("open the bucket %s: %w", name, err)
	}
	return nil
}

func outside(bucket, key string) error {
	return fmt.Errorf("%s is no path of a file inside the directory that stands for S3", uri(bucket, key))
}
