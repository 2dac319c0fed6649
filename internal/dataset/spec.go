package dataset

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sfnx/sfnx/internal/value"
)

// Spec is an ItemReader whose paths and templates have been evaluated.
type Spec struct {
	Resource string // arn:<partition>:states:::s3:getObject or s3:listObjectsV2
	Location
	ReaderConfig
}

// Location is the Parameters, or Arguments, of an ItemReader or ResultWriter.
type Location struct {
	Bucket     string
	Key        string // getObject
	Prefix     string // listObjectsV2, putObject
	StartAfter string // listObjectsV2
}

// ReaderConfig is the field of that name; its members are spelt as in a definition.
type ReaderConfig struct {
	InputType         string   // CSV, JSON, JSONL or MANIFEST; PARQUET is refused
	Transformation    string   // NONE (or empty) or LOAD_AND_FLATTEN
	ManifestType      string   // S3_INVENTORY (or empty) or ATHENA_DATA
	CSVHeaderLocation string   // FIRST_ROW or GIVEN
	CSVHeaders        []string // for GIVEN
	CSVDelimiter      string   // COMMA (or empty), PIPE, SEMICOLON, SPACE or TAB
	ItemsPointer      string   // RFC 6901, into a JSON file
	MaxItems          int64    // 0: all

	// KeyValueItems makes the members of a JSON object items of the form {"Key": ..., "Value": ...}, as AWS does by its
	// guide of 2025. Without it an object is refused, as recorded in 2023.
	KeyValueItems bool
}

// mostItems is where AWS stops reading if MaxItems is larger.
const mostItems = 100_000_000

// parameters are the names that each action takes, and whether they must be there.
var parameters = map[string]map[string]bool{
	"getObject":     {"Bucket": true, "Key": true, "ExpectedBucketOwner": false, "VersionId": false},
	"listObjectsV2": {"Bucket": true, "Prefix": false, "StartAfter": false, "MaxKeys": false, "ExpectedBucketOwner": false},
	"putObject":     {"Bucket": true, "Prefix": false, "ExpectedBucketOwner": false},
}

// action is the part of a Resource after s3:, "" if it is none of S3.
func action(resource string) string {
	_, name, _ := strings.Cut(resource, ":states:::s3:")
	return name
}

// Locate reads evaluated Parameters. A missing or mistyped one is an *Error named States.Runtime; an unknown one is refused.
// ExpectedBucketOwner means nothing here, nor does MaxKeys: AWS reads all pages, whatever their size (measured).
func Locate(resource string, v value.Value) (Location, error) {
	known, ok := parameters[action(resource)]
	if !ok {
		return Location{}, unknownResource(resource)
	}
	var loc Location
	for i := range v.Len() {
		name, member := v.Member(i)
		if _, ok := known[name]; !ok {
			return Location{}, fmt.Errorf("the parameter %q of %s is not simulated", name, resource)
		}
		if name == "VersionId" {
			return Location{}, fmt.Errorf("the parameter %q of %s is not simulated: there is one version of an object", name, resource)
		}
		if name == "MaxKeys" {
			continue
		}
		if member.Kind() != value.StringKind {
			return Location{}, badParameters(v, fmt.Sprintf("The value for the field '%s' must be a STRING", name))
		}
		switch name {
		case "Bucket":
			loc.Bucket = member.Str()
		case "Key":
			loc.Key = member.Str()
		case "Prefix":
			loc.Prefix = member.Str()
		case "StartAfter":
			loc.StartAfter = member.Str()
		}
	}
	for _, name := range []string{"Bucket", "Key"} {
		if _, ok := v.Get(name); known[name] && !ok {
			return Location{}, badParameters(v, fmt.Sprintf("The field '%s' is required but was missing", name))
		}
	}
	return loc, nil
}

func badParameters(v value.Value, reason string) error {
	return &Error{Name: Runtime, Cause: fmt.Sprintf("The Parameters '%s' could not be used to start the Task: [%s]", v, reason)}
}

func unknownResource(resource string) error {
	return fmt.Errorf("the resource %s is not one of S3: want arn:aws:states:::s3: and getObject, listObjectsV2 or putObject", resource)
}

// oneOf refuses a word that the field does not have.
func oneOf(field, got string, want ...string) error {
	if slices.Contains(want, got) {
		return nil
	}
	return fmt.Errorf("ReaderConfig.%s is %q, want one of %s", field, got, strings.Join(slices.DeleteFunc(slices.Clone(want), func(w string) bool { return w == "" }), ", "))
}
