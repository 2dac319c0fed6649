package conformance

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/sfnx/sfnx/internal/dataset"
)

// objects are the S3 objects of a case, by bucket and key.
type objects map[string]map[string]string

// objectsOf reads the fixtures of a case.
func objectsOf(c *Case) objects {
	out := objects{}
	fixtures := member(c.Document, "fixtures")
	for _, bucket := range member(fixtures, "s3_buckets").Items() {
		out[bucket.Str()] = map[string]string{}
	}
	for _, o := range member(fixtures, "s3").Items() {
		bucket := member(o, "Bucket").Str()
		if out[bucket] == nil {
			out[bucket] = map[string]string{}
		}
		out[bucket][member(o, "Key").Str()] = member(o, "Body").Str()
	}
	return out
}

func (o objects) Get(bucket, key string) (io.ReadCloser, error) {
	body, ok := o[bucket][key]
	if !ok {
		return nil, &dataset.NotFoundError{Code: "NoSuchKey", Bucket: bucket, Key: key}
	}
	return io.NopCloser(strings.NewReader(body)), nil
}

func (o objects) List(bucket, prefix string) ([]dataset.Object, error) {
	var list []dataset.Object
	for key, body := range o[bucket] {
		if strings.HasPrefix(key, prefix) {
			list = append(list, dataset.Object{Bucket: bucket, Key: key, Size: int64(len(body)), StorageClass: "STANDARD"})
		}
	}
	slices.SortFunc(list, func(a, b dataset.Object) int { return strings.Compare(a.Key, b.Key) })
	return list, nil
}

func (o objects) Create(bucket, key string) (io.WriteCloser, error) {
	if o[bucket] == nil {
		return nil, &dataset.NotFoundError{Code: "NoSuchBucket", Bucket: bucket}
	}
	return &created{o: o, bucket: bucket, key: key}, nil
}

type created struct {
	bytes.Buffer
	o           objects
	bucket, key string
}

func (c *created) Close() error {
	c.o[c.bucket][c.key] = c.String()
	return nil
}
