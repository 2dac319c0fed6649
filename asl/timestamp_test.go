package asl

import (
	"testing"
	"time"
)

func TestParseTimestamp(t *testing.T) {
	utc := func(year int, month time.Month, day, hour, minute, second, nano int) time.Time {
		return time.Date(year, month, day, hour, minute, second, nano, time.UTC)
	}
	for _, test := range []struct {
		text string
		want time.Time
	}{
		{"2016-03-14T01:59:00Z", utc(2016, 3, 14, 1, 59, 0, 0)},
		{"2016-03-14T01:59:00.5Z", utc(2016, 3, 14, 1, 59, 0, 500_000_000)},
		{"2016-03-14T01:59:00.000Z", utc(2016, 3, 14, 1, 59, 0, 0)},
		{"2016-03-14T01:59:00.123456789Z", utc(2016, 3, 14, 1, 59, 0, 123_456_789)},
		{"2016-03-14T01:59:00+05:30", utc(2016, 3, 13, 20, 29, 0, 0)},
		{"2016-12-31T23:59:59-00:30", utc(2017, 1, 1, 0, 29, 59, 0)},
		{"2016-02-29T00:00:00Z", utc(2016, 2, 29, 0, 0, 0, 0)},
		{"0000-01-01T00:00:00Z", utc(0, 1, 1, 0, 0, 0, 0)},
		{"9999-12-31T23:59:59.999999999-23:59", utc(10000, 1, 1, 23, 58, 59, 999_999_999)},
	} {
		got, err := ParseTimestamp(test.text)
		if err != nil || !got.Equal(test.want) || got.Location() != time.UTC {
			t.Errorf("ParseTimestamp(%q) = %v, %v, want %v", test.text, got, err, test.want)
		}
	}
}

func TestParseTimestampRefuses(t *testing.T) {
	for _, text := range []string{
		"",
		"now",
		"2016-03-14",
		"2016-03-14T01:59:00",
		"2016-03-14T01:59:00.5",
		"2016-03-14 01:59:00Z",
		"2016-03-14t01:59:00Z",
		"2016-03-14T01:59:00z",
		"2016-03-14T01:59Z",
		"2016-13-14T01:59:00Z",
		"2016-00-14T01:59:00Z",
		"2016-03-32T01:59:00Z",
		"2016-03-00T01:59:00Z",
		"2016-04-31T01:59:00Z",
		"2015-02-29T01:59:00Z",
		"2016-03-14T24:00:00Z",
		"2016-03-14T01:60:00Z",
		"2016-03-14T23:59:60Z",
		"14-03-2016T01:59:00Z",
		"2016-3-14T01:59:00Z",
		"2016-03-14T1:59:00Z",
		"+2016-03-14T01:59:00Z",
		"2016-03-14T01:59:00.Z",
		"2016-03-14T01:59:00,5Z",
		"2016-03-14T01:59:00.1234567890Z",
		"2016-03-14T01:59:00+0530",
		"2016-03-14T01:59:00+05",
		"2016-03-14T01:59:00+24:00",
		"2016-03-14T01:59:00+05:60",
		"2016-03-14T01:59:00ZZ",
		" 2016-03-14T01:59:00Z",
		"2016-03-14T01:59:00Z ",
		"２016-03-14T01:59:00Z",
	} {
		if got, err := ParseTimestamp(text); err == nil {
			t.Errorf("ParseTimestamp(%q) = %v, want an error", text, got)
		}
	}
}

// FuzzParseTimestamp holds ParseTimestamp against the standard library, which takes more.
func FuzzParseTimestamp(f *testing.F) {
	for _, seed := range []string{"2016-03-14T01:59:00Z", "2016-02-30T23:59:59.999999999+05:30", "2016-03-14T24:00:00-23:59", "2016-03-14T01:59:00.Z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseTimestamp(text)
		if err != nil {
			return
		}
		want, err := time.Parse(time.RFC3339Nano, text)
		if err != nil || !got.Equal(want) {
			t.Errorf("ParseTimestamp(%q) = %v, time.Parse gives %v, %v", text, got, want, err)
		}
	})
}
