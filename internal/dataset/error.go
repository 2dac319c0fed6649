package dataset

import (
	"errors"
	"fmt"
)

// The names of an Error.
const (
	ItemReaderFailed   = "States.ItemReaderFailed"
	ResultWriterFailed = "States.ResultWriterFailed"
	Runtime            = "States.Runtime"
)

// AWS's texts (recorded, the pointer's one measured).
const (
	causeNotIterable      = "Attempting to map over non-iterable node."
	causeDuplicateHeaders = "CSV headers cannot contain duplicates."
	causeMaxItems         = "field MaxItems must be positive"
	causePointer          = "The provided ReaderConfig.ItemsPointer does not match any valid path in the JSON structure."
)

// Error is a failure of a Map state, as data of its execution. The wording of a Cause is AWS's where it is known.
type Error struct {
	Name  string
	Cause string
}

// Error is the name and the cause.
func (e *Error) Error() string { return e.Name + ": " + e.Cause }

func readerFailed(format string, args ...any) error {
	return &Error{Name: ItemReaderFailed, Cause: fmt.Sprintf(format, args...)}
}

// NotFoundError says that a store has no such bucket, or no such key in it.
type NotFoundError struct {
	Code   string // NoSuchBucket or NoSuchKey
	Bucket string
	Key    string
}

// Error is S3's message, with the place in place of the identifiers of a request.
func (e *NotFoundError) Error() string {
	if e.Code == "NoSuchBucket" {
		return fmt.Sprintf("The specified bucket does not exist (Service: Amazon S3; Status Code: 404; Error Code: NoSuchBucket; Bucket: %s)", e.Bucket)
	}
	return fmt.Sprintf("The specified key does not exist. (Service: Amazon S3; Status Code: 404; Error Code: NoSuchKey; Bucket: %s; Key: %s)", e.Bucket, e.Key)
}

// notFoundAs makes the failure of a Map state of a NotFoundError and leaves other errors as they are.
func notFoundAs(name string, err error) error {
	var missing *NotFoundError
	if errors.As(err, &missing) {
		return &Error{Name: name, Cause: missing.Error()}
	}
	return err
}
