package dataset

import (
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"time"
)

// Store is the objects that an ItemReader may read.
type Store interface {
	// Get opens an object. The error is a *NotFoundError if there is none.
	Get(bucket, key string) (io.ReadCloser, error)
	// List is every object whose key starts with prefix, in the order of the keys' bytes. The error is a
	// *NotFoundError if there is no such bucket.
	List(bucket, prefix string) ([]Object, error)
}

// Sink is where a ResultWriter writes.
type Sink interface {
	// Create makes an object, or replaces one; it is whole once it is closed. The error is a *NotFoundError if there
	// is no such bucket.
	Create(bucket, key string) (io.WriteCloser, error)
}

// Object is one entry of a listing.
type Object struct {
	Bucket       string
	Key          string
	Size         int64     // bytes
	ETag         string    // with its quotes; empty: the MD5 of the content, taken when it is needed
	LastModified time.Time // used in whole seconds
	StorageClass string
}

func uri(bucket, key string) string { return "S3://" + bucket + "/" + key }

// get opens an object and unpacks it. AWS tells the compression by the end of the key (its guide, "ItemReader").
func get(store Store, bucket, key string) (io.ReadCloser, error) {
	name := strings.ToLower(key)
	if strings.HasSuffix(name, ".zstd") || strings.HasSuffix(name, ".zst") {
		return nil, fmt.Errorf("read %s: Zstandard is not simulated: unpack the file, or pack it with gzip as .gz", uri(bucket, key))
	}
	body, err := store.Get(bucket, key)
	if err != nil {
		return nil, notFoundAs(ItemReaderFailed, err)
	}
	if !strings.HasSuffix(name, ".gz") {
		return body, nil
	}
	unpacked, err := gzip.NewReader(body)
	if err != nil {
		return nil, readerFailed("%s is not a gzip file: %v", uri(bucket, key), closing(body, err))
	}
	return &packed{unpacked, body}, nil
}

// packed closes what it unpacks.
type packed struct {
	*gzip.Reader
	body io.Closer
}

func (p *packed) Close() error { return p.body.Close() }

// closing closes what err makes useless; err is what counts.
func closing(c io.Closer, err error) error {
	_ = c.Close()
	return err
}
