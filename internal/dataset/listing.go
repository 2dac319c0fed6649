package dataset

import (
	"crypto/md5" // an ETag of S3 is one
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/sfnx/sfnx/internal/value"
)

// list is what ListObjectsV2 gives, all of its pages.
func (r *reader) list(at Location) ([]Object, error) {
	objects, err := r.store.List(at.Bucket, at.Prefix)
	if err != nil {
		return nil, notFoundAs(ItemReaderFailed, err)
	}
	for len(objects) > 0 && objects[0].Key <= at.StartAfter {
		objects = objects[1:]
	}
	return objects, nil
}

// flatten reads the content of the objects, one after the other.
func (r *reader) flatten(objects []Object) (source, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	return &files{more: func() (source, error) {
		for len(objects) > 0 {
			o := objects[0]
			objects = objects[1:]
			if !strings.HasSuffix(o.Key, "/") { // S3's console makes such an object for a folder
				return r.file(o.Bucket, o.Key)
			}
		}
		return nil, io.EOF
	}}, nil
}

// listing gives the metadata of objects.
type listing struct {
	store   Store
	objects []Object
}

func (l *listing) Close() error { return nil }

// objectShape has AWS's members: Etag is spelt so, in the order that was recorded.
var objectShape = value.NewShape([]string{"Etag", "LastModified", "Key", "Size", "StorageClass"})

func (l *listing) next() (Item, error) {
	if len(l.objects) == 0 {
		return Item{}, io.EOF
	}
	o := l.objects[0]
	l.objects = l.objects[1:]
	if o.ETag == "" {
		var err error
		if o.ETag, err = l.etag(o); err != nil {
			return Item{}, err
		}
	}
	modified, err := value.Parse(seconds(o.LastModified.Unix()))
	if err != nil {
		return Item{}, fmt.Errorf("list %s: %w", uri(o.Bucket, o.Key), err)
	}
	return Item{
		Value:  value.ObjectOf(objectShape, []value.Value{value.String(o.ETag), modified, value.String(o.Key), value.Int(o.Size), value.String(o.StorageClass)}),
		Source: "S3://" + o.Bucket,
	}, nil
}

func (l *listing) etag(o Object) (tag string, err error) {
	body, err := l.store.Get(o.Bucket, o.Key)
	if err != nil {
		return "", notFoundAs(ItemReaderFailed, err)
	}
	sum := md5.New()
	if _, err := io.Copy(sum, body); err != nil {
		return "", closing(body, fmt.Errorf("read %s: %w", uri(o.Bucket, o.Key), err))
	}
	return `"` + hex.EncodeToString(sum.Sum(nil)) + `"`, body.Close()
}

// seconds writes a time as AWS does, which is how Java writes a double: 1.789180622E9 (measured).
func seconds(unix int64) string {
	if unix < 1e7 {
		return strconv.FormatInt(unix, 10) + ".0"
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(float64(unix), 'E', -1, 64), "E+")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	return mantissa + "E" + strings.TrimPrefix(exponent, "0")
}
